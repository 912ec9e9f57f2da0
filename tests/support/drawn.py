"""Lines that were drawn from all commands of a daemon, put in force and taken out again."""

from grammar.base.errors import Status
from grammar.config import diff, parse
from grammar.node import CONFIG
from grammar.session import Daemon, Session
from tests.test_declarations import ENTER, Line


class Typist:
    """A user's session at a daemon, who types lines each in its node."""

    def __init__(self, daemon: Daemon) -> None:
        self.typed = Session(daemon, CONFIG)

    def type(self, line: str) -> Status:
        """One line, and what follows from it."""
        reply = self.typed.execute(line)
        "".join(reply.output)
        self.typed.flush()
        return reply.status

    def enter(self, drawn: Line) -> None:
        """A line in its node."""
        node, line = drawn
        if line.startswith("sid vpn export"):
            return  # FRR does not take it back
        self.typed.go(CONFIG)
        for way in ENTER[node.name]:
            self.type(way)
        self.type(line)

    @property
    def printed(self) -> str:
        """The running configuration."""
        return "\n".join(self.typed.config_lines()) + "\n"

    def reload(self, wanted: str) -> None:
        """Take out what is not wanted, and put in what is missing."""
        for _ in range(3):
            lines = diff(parse(self.printed), parse(wanted))
            if not lines:
                return
            self.typed.go(CONFIG)
            for line in lines:
                if line.startswith("no interface "):
                    self._empty(line.removeprefix("no "))
                    continue
                words = line.split()
                # Some lines are taken back without their values, as in FRR.
                while self.type(" ".join(words)) is not Status.SUCCESS and len(words) > 2:
                    words.pop()

    def _empty(self, block: str) -> None:
        """An interface that is there cannot be taken away, as in FRR: what it has is."""
        held = next(one for one in parse(self.printed) if one.line == block)
        self.typed.go(CONFIG)
        for one in held.body:
            self.type(block)
            self.type(one.line.removeprefix("no ") if one.line[:3] == "no " else f"no {one.line}")
        self.typed.go(CONFIG)
