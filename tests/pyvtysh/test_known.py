"""Values for Tab: what daemons say is kept, and one that says nothing is waited for once."""

import threading
import time
from collections.abc import Iterator
from typing import cast

from grammar.language.tokens import Kind, Variable
from pyvtysh.dispatch import Vtysh
from pyvtysh.link import Running
from pyvtysh.shell.known import PATIENCE, Known

RMAP = Variable(Kind.WORD, "RMAP_NAME", 0, 0, False, "rmap", True, 1)
NUMBER = Variable(Kind.RANGE, "(1-65535)", 1, 65535, False, "seq", True, 3)
TEXT = "route-map IN permit 10\nroute-map IN deny 20\nroute-map OUT permit 5\n"


class Daemon:
    """A link that answers at once, or when it is let."""

    received = None

    def __init__(self, name: str, may: threading.Event) -> None:
        self.name = name
        self.may = may

    def run(self, line: str) -> Running:
        self.may.wait(30)
        if line.startswith("autocomplete"):
            yield "IN\nOUT\n"
        elif line == "show running-config":
            yield TEXT
        return 0

    def close(self) -> None:
        self.may.set()


class Shell:
    """What `Known` asks of a shell."""

    def __init__(self, **may: threading.Event) -> None:
        self.links = {name: Daemon(name, event) for name, event in may.items()}

    def further_link(self, name: str) -> Daemon:
        return self.links[name]


def known(**may: threading.Event) -> Known:
    return Known(cast(Vtysh, Shell(**may)))


def released() -> threading.Event:
    event = threading.Event()
    event.set()
    return event


def answered(of: Known, leaf: Variable, words: list[str]) -> Iterator[list[tuple[str, str]]]:
    while True:
        yield of.meant(leaf, words, "")


def test_a_deaf_daemon_costs_a_moment_once_and_is_asked_again_when_it_hears() -> None:
    deaf = threading.Event()
    of = known(zebra=deaf)
    assert of.meant(RMAP, ["match"], "") == []
    begun = time.monotonic()
    for _ in range(100):
        assert of.meant(RMAP, ["match"], "") == []
    assert time.monotonic() - begun < 100 * PATIENCE / 2
    deaf.set()
    values = answered(of, RMAP, ["match"])
    deadline = time.monotonic() + 30
    while not (found := next(values)) or not found[0][1]:
        assert time.monotonic() < deadline
    assert found == [("IN", "10 permit, 20 deny"), ("OUT", "5 permit")]


def test_numbers_are_those_of_the_list_that_the_line_names() -> None:
    of = known(zebra=released())
    values = answered(of, NUMBER, ["no", "route-m", "IN", "permit"])
    deadline = time.monotonic() + 30
    while not (found := next(values)):
        assert time.monotonic() < deadline
    assert found == [("10", "permit"), ("20", "deny")]
    assert of.meant(NUMBER, ["route-map", "NONE", "permit"], "") == []
