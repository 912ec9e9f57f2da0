"""The lines typed, kept in a file between sessions as FRR's vtysh keeps them."""

import os

LIMIT = 1000
"""How many lines the file keeps."""


class History:
    """Lines in order; `path` None keeps them in memory only. Cheap to import: `vtysh -c` does."""

    __slots__ = ("_kept", "lines", "path")

    def __init__(self, path: str | None, lines: list[str] | None = None) -> None:
        self.path = path
        self.lines = lines or []
        self._kept = len(self.lines)

    @classmethod
    def open(cls, path: str | None = None) -> "History":
        """The history of $VTYSH_HISTFILE, else of `path`, else of ~/.history_frr.

        The file is made if there is none; one that cannot be read is empty.
        """
        name = os.environ.get("VTYSH_HISTFILE") or path
        history = cls(name or os.path.expanduser("~/.history_frr"))
        history._read()
        return history

    def _read(self) -> None:
        assert self.path is not None
        try:
            if os.path.isfile(self.path):
                with open(self.path, encoding="utf-8", errors="surrogateescape") as file:
                    kept = file.read().split("\n")
                self._kept = len(kept) - 1
                self.lines += [line for line in kept if line]
            elif not os.path.exists(self.path):
                os.close(os.open(self.path, os.O_WRONLY | os.O_CREAT, 0o600))
        except OSError:
            pass

    def typed(self, line: str) -> None:
        """Add a line of a terminal, unless it is empty or the same as the one before."""
        if line and self.lines[-1:] != [line]:
            self.add(line)

    def typed_all(self, lines: list[str]) -> None:
        """Add many lines at once, as `typed` would one after the other."""
        before = self.lines[-1:]
        new: list[str] = []
        for line in lines:
            if line and before != [line]:
                new.append(line)
                before = [line]
        if new:
            self.lines += new
            self._append(new)

    def add(self, line: str) -> None:
        """Append a line as it is, in the file too, which keeps the last ones only."""
        if line:
            self.lines.append(line)
        self._append([line])

    def _append(self, lines: list[str]) -> None:
        if self.path is None:
            return
        try:
            with open(self.path, "a", encoding="utf-8", errors="surrogateescape") as file:
                file.writelines(f"{line}\n" for line in lines)
            self._kept += len(lines)
            if self._kept > LIMIT and os.path.isfile(self.path):
                self._cut()
        except OSError:
            pass

    def _cut(self) -> None:
        assert self.path is not None
        with open(self.path, "r+", encoding="utf-8", errors="surrogateescape") as file:
            lines = file.read().splitlines(keepends=True)[-LIMIT:]
            file.seek(0)
            file.writelines(lines)
            file.truncate()
        self._kept = len(lines)
