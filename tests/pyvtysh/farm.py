"""Toy daemons behind links, for tests of vtysh: what was sent to whom is written down."""

from pathlib import Path

from grammar.session import Session
from pyvtysh.commands import LANGUAGE
from pyvtysh.dispatch import Vtysh, collect
from pyvtysh.link import LinkLostError, LocalLink, Running
from tests.grammar.toy import LANGUAGE as FARM_LANGUAGE
from tests.grammar.toy import Farm


class Recording(LocalLink):
    """A link that writes down what was sent; `dead` makes the next line lose it."""

    def __init__(self, name: str, farm: Farm, sent: list[tuple[str, str]]) -> None:
        super().__init__(name, Session(farm))
        self.sent = sent
        self.dead = False

    def run(self, line: str) -> Running:
        self.sent.append((self.name, line))
        if self.dead:
            raise LinkLostError(0, "gone")
        return (yield from super().run(line))


class Village:
    """A vtysh over toy daemons called as FRR's are."""

    def __init__(self, *names: str, config_dir: str | Path = "/nonexistent") -> None:
        self.sent: list[tuple[str, str]] = []
        self.errors: list[str] = []
        self.farms = {name: Farm() for name in names}
        languages = dict.fromkeys(("zebra", "bgpd"), FARM_LANGUAGE)
        self.vtysh = Vtysh(LANGUAGE, languages, self.connect, self.errors.append, str(config_dir))
        self.vtysh.hostname = "farm"
        self.vtysh.connect()
        self.sent.clear()

    def connect(self, name: str) -> Recording | None:
        farm = self.farms.get(name)
        return None if farm is None else Recording(name, farm, self.sent)

    def type(self, line: str) -> tuple[str, int]:
        """One line: its text and status."""
        return collect(self.vtysh.execute(line))

    def sends(self, line: str) -> list[tuple[str, str]]:
        """What goes to whom for a line."""
        self.sent.clear()
        self.type(line)
        return list(self.sent)
