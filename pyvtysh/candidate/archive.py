"""What was committed: the last `KEPT` configurations with time, user and comment.

A commit is a file `NUMBER.conf` in the folder `commits` of the configuration directory: remarks
that tell of the commit, then the configuration, so that `vtysh -f` and people can read it. It is
for its owner and group, as all files of configuration. Routers without such a directory (those of
tests) have a `Memory` instead.
"""

import contextlib
import os
import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Protocol

KEPT = 50
"""How many commits are kept."""

_NAME = re.compile(r"(\d+)\.conf")
_FIELDS = ("time", "user", "terminal", "comment")


@dataclass(frozen=True, slots=True)
class Commit:
    """A committed configuration; `time` is local, with its offset (ISO 8601)."""

    number: int
    time: str
    user: str
    terminal: str
    comment: str
    text: str

    def file_text(self) -> str:
        """The commit as a file."""
        said = {name: getattr(self, name).replace("\n", " ") for name in _FIELDS}
        head = [f"! commit {self.number}", *(f"! {name}: {text}" for name, text in said.items())]
        return "".join(f"{line}\n" for line in head) + self.text


def read_commit(number: int, text: str) -> Commit:
    """A commit from its file; what is not told there is empty."""
    said = dict.fromkeys(_FIELDS, "")
    lines = text.splitlines(keepends=True)
    count = 0
    while count < len(lines) and lines[count].startswith("! "):
        name, _, value = lines[count][2:].partition(":")
        if name in said:
            said[name] = value.strip()
        elif count:
            break
        count += 1
    return Commit(number, **said, text="".join(lines[count:]))


class Store(Protocol):
    """Texts by number."""

    def numbers(self) -> list[int]:
        """All that there are, in any order."""
        ...

    def read(self, number: int) -> str:
        """One of them; OSError."""
        ...

    def write(self, number: int, text: str) -> None:
        """Keep one; OSError."""
        ...

    def remove(self, number: int) -> None:
        """Forget one, if it is there."""
        ...


class Memory:
    """In this process."""

    def __init__(self) -> None:
        self.texts: dict[int, str] = {}

    def numbers(self) -> list[int]:
        """See `Store`."""
        return list(self.texts)

    def read(self, number: int) -> str:
        """See `Store`."""
        return self.texts[number]

    def write(self, number: int, text: str) -> None:
        """See `Store`."""
        self.texts[number] = text

    def remove(self, number: int) -> None:
        """See `Store`."""
        self.texts.pop(number, None)


class Folder:
    """In files; the folder is made for the first."""

    def __init__(self, path: Path) -> None:
        self.path = path

    def numbers(self) -> list[int]:
        """See `Store`; what is called otherwise is nobody's business here."""
        try:
            names = os.listdir(self.path)
        except FileNotFoundError:
            return []
        return [int(found[1]) for name in names if (found := _NAME.fullmatch(name))]

    def _file(self, number: int) -> Path:
        return self.path / f"{number:04}.conf"

    def read(self, number: int) -> str:
        """See `Store`."""
        return self._file(number).read_text(encoding="utf-8", errors="surrogateescape")

    def write(self, number: int, text: str) -> None:
        """See `Store`; the file is whole or not there."""
        from pyvtysh.files import replace_file

        make_folder(self.path)
        replace_file(self._file(number), text, keep=False)

    def remove(self, number: int) -> None:
        """See `Store`."""
        with contextlib.suppress(OSError):
            self._file(number).unlink()


def make_folder(path: Path) -> None:
    """The folder of the commits, for those whom the configuration directory is for; OSError."""
    if path.is_dir():
        return
    path.mkdir(mode=0o750)
    with contextlib.suppress(OSError):
        above = path.parent.stat()
        os.chown(path, above.st_uid, above.st_gid)
        path.chmod(above.st_mode & 0o7770)


class Archive:
    """The commits, the newest being number 0 for the user."""

    def __init__(self, store: Store) -> None:
        self._store = store

    def newest_first(self) -> Iterator[Commit]:
        """All that can be read; OSError when the folder cannot."""
        for number in sorted(self._store.numbers(), reverse=True):
            with contextlib.suppress(FileNotFoundError):  # somebody else's commit pushed it out
                yield read_commit(number, self._store.read(number))

    def back(self, steps: int) -> Commit | None:
        """The configuration of so many commits ago; None if there are not so many. OSError."""
        for place, commit in enumerate(self.newest_first()):
            if place == steps:
                return commit
        return None

    def find(self, number: int) -> Commit | None:
        """The commit of this number, if it is kept; OSError."""
        if number not in self._store.numbers():
            return None
        return read_commit(number, self._store.read(number))

    def next_number(self) -> int:
        """The number of the next commit; OSError."""
        return max(self._store.numbers(), default=0) + 1

    def add(self, time: str, user: str, terminal: str, comment: str, text: str) -> Commit:
        """Keep a configuration, and forget those that are too old; OSError."""
        made = Commit(self.next_number(), time, user, terminal, comment, text)
        self._store.write(made.number, made.file_text())
        for number in sorted(self._store.numbers())[:-KEPT]:
            self._store.remove(number)
        return made

    def correct(self, number: int, text: str) -> None:
        """What came of a commit is another text; OSError."""
        commit = self.find(number)
        if commit is not None:
            self._store.write(number, replace(commit, text=text).file_text())

    def forget(self, commit: Commit) -> None:
        """Take back what was added last."""
        self._store.remove(commit.number)
