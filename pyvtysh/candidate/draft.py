"""Daemons that do nothing, with a configuration: where lines are tried before a router has them."""

import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass

from grammar.base.errors import Status
from grammar.node import CONFIG
from grammar.session import Session
from pyvtysh.candidate.foreign import ForeignLines, ForeignLink
from pyvtysh.candidate.tree import Tree, tree_of
from pyvtysh.commands import LANGUAGE
from pyvtysh.dispatch import Vtysh, collect
from pyvtysh.host.check import component
from pyvtysh.link import Link, LocalLink
from pyvtysh.merged import MergedLanguage
from pyvtysh.running import running_config

OURS = ("zebra", "bgpd", "staticd", "bfdd")
"""Daemons whose lines are understood here."""

TAKEN = (Status.SUCCESS, Status.WARNING, Status.SUCCESS_DAEMON)
"""What a daemon says of a line that it took, maybe with a warning."""

_MARK = re.compile(r"^% (?:Unknown command|Ambiguous command|Command incomplete): ")
_KINDS: dict[int, str] = {
    Status.NO_MATCH: "unknown command",
    Status.AMBIGUOUS: "ambiguous command",
    Status.INCOMPLETE: "command incomplete",
}


@dataclass(frozen=True, slots=True)
class Refusal:
    """A line that was not taken: `number` counts from 1, `why` is the daemon's answer."""

    number: int
    line: str
    why: str


class Draft:
    """A configuration that can be edited; `shell` takes its lines as `configure terminal` does."""

    def __init__(self, names: Iterable[str], merged: MergedLanguage) -> None:
        """`names` are the daemons that there are."""
        links = _links(names)
        self._said: list[str] = []
        self._text: str | None = None
        self.shell = Vtysh(LANGUAGE, {}, links.get, self._said.append)
        self.shell.merged = merged
        self.shell.connect()
        self.shell.session.go(CONFIG)

    def text(self) -> str:
        """The configuration as vtysh prints it, without a header."""
        if self._text is None:
            self._text = running_config(self.shell, header=False)
        return self._text

    def touched(self) -> None:
        """Lines went to the shell of the draft."""
        self._text = None

    def tree(self) -> Tree:
        """The configuration as a set of lines."""
        return tree_of(self.text())

    def take(self, line: str) -> tuple[int, str]:
        """Run a line in the node of the last one: its status, and what was answered."""
        self._said.clear()
        self._text = None
        text, status = collect(self.shell.execute(line))
        text += "".join(self._said)
        if not self.shell.node.is_config:
            self.shell.session.go(CONFIG)
        return status, text

    def tell(self, say: Callable[[str], None]) -> None:
        """What the shell of the draft had to say besides its answers."""
        for text in self._said:
            say(text)
        self._said.clear()

    def go_up(self) -> None:
        """To the config node."""
        self.shell.session.go(CONFIG)
        for _ in self.shell.ask_all("end"):
            pass
        for _ in self.shell.ask_all("configure terminal"):
            pass

    def load(self, lines: Iterable[str]) -> Iterator[Refusal]:
        """Take the lines of a file, from the config node on, and go back there.

        What is refused is told, and the lines behind it are taken.
        """
        self.go_up()
        for number, line in enumerate(lines, 1):
            text = line.strip()
            if not text or text[0] in "!#" or text == "end":
                continue
            if self.shell.node is CONFIG and text in ("exit", "quit"):
                yield Refusal(number, text, "there is no block to leave")
                continue
            self.shell.through_warnings = True
            status, said = self.take(line)
            self.shell.through_warnings = False
            if status not in TAKEN:
                yield Refusal(number, text, reason(status, said))
        self.go_up()


def _links(names: Iterable[str]) -> dict[str, Link]:
    links: dict[str, Link] = {}
    foreign = ForeignLines()
    printed = False
    for name in names:
        if name in OURS:
            daemon = component(name)
            daemon.common.hostname = daemon.common.domainname = None  # vtysh's are printed
            session = Session(daemon)
            session.go(CONFIG)
            session.loading = True  # effects wait for ever
            links[name] = LocalLink(name, session)
        elif name != "watchfrr":
            links[name] = ForeignLink(name, foreign, prints=not printed)
            printed = True
    return links


def reason(status: int, said: str) -> str:
    """Why a line was refused, in a few words."""
    known = _KINDS.get(status)
    text = " ".join(said.split())
    if known is not None and (not text or _MARK.match(text)):
        return known
    return text.removeprefix("% ") or f"refused with status {status}"
