"""Shows of lists and route-maps against what the real zebra and bgpd 8.4.4 answered."""

import re
from pathlib import Path

import pytest

from bgp.policy.evaluate import CLAUSES
from grammar.declared import Language
from grammar.node import CONFIG, ENABLE
from grammar.session import Session
from tests.bgp.commandline import Lines
from zebra.commands import LANGUAGE as ZEBRA
from zebra.config import ZebraConfig

FOLDER = Path(__file__).parent.parent / "golden" / "lists"


def _answers(daemon: str) -> list[tuple[str, str]]:
    text = (FOLDER / f"{daemon}-8.4.4.txt").read_text()
    parts = re.split(r"\[status \d+\]\n", text)
    pairs = (part[2:].partition("\n") for part in parts if part)
    return [(command, answer) for command, _, answer in pairs]


class ZebraLines(Lines):
    """zebra as far as lines are concerned."""

    name = "zebra"

    def __init__(self) -> None:
        super().__init__()
        self.config = ZebraConfig()  # type: ignore[assignment]

    @property
    def language(self) -> Language:
        return ZEBRA


def _daemon(name: str) -> Lines:
    daemon = Lines() if name == "bgpd" else ZebraLines()
    if name == "bgpd":
        daemon.config.filters.clauses = CLAUSES
    session = Session(daemon, CONFIG)
    for line in (FOLDER / "typed.conf").read_text().splitlines():
        session.execute(line)
    return daemon


CASES = [
    pytest.param(name, command, answer, id=f"{name}: {command}")
    for name in ("bgpd", "zebra")
    for command, answer in _answers(name)
]


@pytest.mark.parametrize(("name", "command", "answer"), CASES)
def test_shows_are_frrs(name: str, command: str, answer: str) -> None:
    session = Session(_daemon(name), ENABLE)
    said = "".join(session.execute(command).output)
    # The recorded daemon had been asked before.
    assert said == re.sub(r"hit count: \d+", "hit count: 0", answer)


def test_enough_was_recorded() -> None:
    assert len(CASES) > 50
