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
    """The lines of all such daemons together; a line that several are told counts once."""

    def __init__(self) -> None:
        self.tree: Tree = {}
        self._last: tuple[str, Path] | None = None

    def take(self, name: str, path: Path, former: str = "") -> None:
        """A daemon is told a line, of which the path tells the blocks around it.

        It takes the place of the lines that begin with `former`, if that is given.
        """
        if self._last is not None and self._last[0] != name and self._last[1] == path:
            return
        self._last = name, path
        *around, line = path
        if not line.startswith("no "):
            self.tree.pop((*around, f"no {line}"), None)
            if former and path not in self.tree:
                self.remove((*around, former))
            self.add(path)
        elif not self.remove((*around, line[3:])):
            self.add(path)

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
        former = "" if found.opens is not None else self._former(text.split())
        self._lines.take(self.name, (*self._around, text), former)
        if found.opens is not None and not text.startswith("no "):
            self._walk.node = found.opens
            self._around.append(text)
        return Status.SUCCESS

    def _former(self, words: list[str]) -> str:
        """The beginning of a line of which there is one at a time: `no` takes it without a value.

        `ip ospf cost 10` is one, since `no ip ospf cost` is a line; `network 10.0.0.0/8` is none.
        """
        for size in range(len(words) - 1, max(len(words) - 3, 0), -1):
            if words[0] != "no" and isinstance(self._walk.find(["no", *words[:size]]), Taken):
                return " ".join(words[:size])
        return ""

    def close(self) -> None:
        """Nothing is kept open."""
