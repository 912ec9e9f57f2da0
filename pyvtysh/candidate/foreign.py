"""FRR's daemons that have no counterpart here: their lines are kept as text.

Which lines there are, and which open a node, is known from the lists of FRR 8.4.4's vtysh; what
they mean is not. So `no LINE` takes away the line that it spells out, or all that begin with it.
"""

import socket
from collections.abc import Iterator

from grammar.base.errors import Status
from pyvtysh.candidate.tree import Path, Tree, children_of
from pyvtysh.link import Running
from pyvtysh.listed import CONFIG, Taken, Walk

_STAYS = ("enable", "disable")


class ForeignLines:
    """The lines of all such daemons together."""

    def __init__(self) -> None:
        self.tree: Tree = {}

    def add(self, path: Path) -> None:
        """Take a line."""
        self.tree.setdefault(path)

    def remove(self, path: Path) -> bool:
        """Take back the lines that are this one or begin with its words; False without any."""
        *around, line = path
        size = len(around)
        gone = [
            other
            for other in self.tree
            if len(other) > size
            and list(other[:size]) == around
            and f"{other[size]} ".startswith(f"{line} ")
        ]
        for other in gone:
            del self.tree[other]
        return bool(gone)

    def text(self) -> Iterator[str]:
        """The configuration as a daemon prints it."""
        yield from _printed(children_of(self.tree), ())


def _printed(children: dict[Path, list[str]], around: Path) -> Iterator[str]:
    for line in children.get(around, ()):
        yield f"{' ' * len(around)}{line}\n"
        if (*around, line) in children:
            yield from _printed(children, (*around, line))
            yield f"{' ' * len(around)}exit\n"


class ForeignLink:
    """One such daemon, as a shell sees it (`pyvtysh.link.Link`)."""

    def __init__(self, name: str, lines: ForeignLines, *, prints: bool) -> None:
        """`prints`: this one shows the lines of all."""
        self.name = name
        self.received: socket.socket | None = None
        self._lines = lines
        self._prints = prints
        self._walk = Walk(CONFIG)
        self._around: list[str] = []

    def run(self, line: str) -> Running:
        """Take a line that FRR's vtysh knows in this node, or in one above."""
        text = " ".join(line.split())
        if text == "do write terminal":
            yield from self._lines.text() if self._prints else ()
            return Status.SUCCESS
        if text == "list":
            yield self._listing()
            return Status.SUCCESS
        if text.startswith(("configure", "end")):
            self._walk.node = CONFIG
            self._around.clear()
            return Status.SUCCESS
        if text in _STAYS or text.startswith("do "):
            return Status.SUCCESS
        return self._configure(text)

    def _listing(self) -> str:
        """What tells one node from another (`pyvtysh.passing`)."""
        return "    line vty\n" if self._walk.node == CONFIG else f"    {self._walk.node}\n"

    def _configure(self, text: str) -> int:
        found = self._walk.find(text.split())
        if not isinstance(found, Taken):
            return found
        while self._around and self._walk.node != found.node:
            self._walk.leave()
            self._around.pop()
        if found.leaves:
            if self._around:
                self._around.pop()
                self._walk.leave()
            return Status.SUCCESS
        around = tuple(self._around)
        if text.startswith("no "):
            if not self._lines.remove((*around, text[3:])):
                self._lines.add((*around, text))
            return Status.SUCCESS
        self._lines.tree.pop((*around, f"no {text}"), None)
        self._lines.add((*around, text))
        if found.opens is not None:
            self._walk.node = found.opens
            self._around.append(text)
        return Status.SUCCESS

    def close(self) -> None:
        """Nothing is kept open."""
