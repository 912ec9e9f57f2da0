"""The lines typed, kept in a file between sessions as FRR's vtysh keeps them."""

import os

LIMIT = 1000
"""How many lines the file keeps."""


class History:
    """Lines in order; `path` None keeps them in memory only. Cheap to import: `vtysh -c` does."""

    __slots__ = ("lines", "path")

    def __init__(self, path: str | None, lines: list[str] | None = None) -> None:
        self.path = path
        self.lines = lines or []

    @classmethod
    def open(cls, path: str | None = None) -> "History":
        """The history of `path`, of $VTYSH_HISTFILE or of ~/.history_frr; unreadable is empty."""
        name = path or os.environ.get("VTYSH_HISTFILE")
        file = name or os.path.expanduser("~/.history_frr")
        lines: list[str] = []
        if os.path.isfile(file):
            try:
                with open(file, encoding="utf-8", errors="surrogateescape") as kept:
                    lines = kept.read().splitlines()
            except OSError:
                pass
        return cls(file, lines)

    def add(self, line: str) -> None:
        """Append a line, in the file too; repeats and empty lines are not kept."""
        text = line.strip()
        if not text or (self.lines and self.lines[-1] == text):
            return
        self.lines.append(text)
        del self.lines[:-LIMIT]
        if self.path is None:
            return
        try:
            if len(self.lines) == LIMIT and os.path.isfile(self.path):
                with open(self.path, "w", encoding="utf-8", errors="surrogateescape") as file:
                    file.write("\n".join(self.lines) + "\n")
            else:
                with open(self.path, "a", encoding="utf-8", errors="surrogateescape") as file:
                    file.write(f"{text}\n")
        except OSError:
            pass
