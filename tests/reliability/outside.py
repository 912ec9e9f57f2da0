"""Figures of doors and of what is seen from outside, which take a second."""

from collections.abc import Iterator
from statistics import median
from time import perf_counter

from bgp.health.snapshot import observed
from grammar.access import looks
from grammar.audit import KEPT
from grammar.base.vitals import Vitals
from pyvtysh.host.bouncer import AT_ONCE, GUESSES, WITHIN
from pyvtysh.host.metrics.collected import Seen, exposition
from pyvtysh.merged import load_languages
from pyvtysh.testing.topology import Topology
from tests.grammar.test_access import SECRETS
from tests.grammar.test_visible import HOSTILE as ESCAPES
from tests.pyvtysh.test_injection import HOSTILE
from tests.report import Figure, record
from tests.support.health import snapshot

PEERS = 1000
_TIMES = 5

_NO_VIEWERS = "FRR has no viewers"
_TRIED = "in make test, all harmless"


def doors() -> list[Figure]:
    """Lines by what they may do, and what was tried."""
    lines = {
        (name, node.name, notation)
        for name, language in load_languages().items()
        for node in language.nodes()
        for command in language.of_node(node)
        for notation in command.notations()
    }
    answered = sum(looks(notation) for _, _, notation in lines)
    guesses = GUESSES * 3600 / WITHIN
    return [
        Figure("declared lines that a viewer is refused", len(lines) - answered, note=_NO_VIEWERS),
        Figure("declared lines that a viewer is answered", answered, note="those that only look"),
        Figure("guesses of the TCP vty's password", guesses, "no bound", "an hour", "by address"),
        Figure("clients of the TCP vty at once", AT_ONCE, "no bound"),
        Figure("kinds of lines with secrets, masked in log and audit", len(SECRETS), 0),
        Figure(
            "lines that the audit remembers",
            KEPT,
            0,
            note="by daemon; with --log-audit the log has them all",
        ),
        Figure("hostile words tried as names, targets and programs", len(HOSTILE), note=_TRIED),
        Figure("texts tried that a terminal would obey", len(ESCAPES), note=_TRIED),
    ]


def metrics() -> list[Figure]:
    """What a scrape costs with many neighbors: on the event loop, and in a thread."""
    router = Topology().router("r1")
    peers = (f" neighbor 10.{n >> 8}.{n & 255}.1 remote-as 65001\n" for n in range(PEERS))
    router.load("router bgp 65000\n" + "".join(peers))
    on_loop: list[float] = []
    in_thread: list[float] = []
    size = 0
    for _ in range(_TIMES):
        health = snapshot(router.bgpd)
        on_loop += _steps(observed(router.bgpd))
        taken = perf_counter()
        page, _ = exposition([Seen("bgpd", Vitals(), 0, health)], "")
        in_thread.append((perf_counter() - taken) * 1000)
        size = len(page)
    note = f"{PEERS} neighbors; FRR has no metrics of its own"
    return [
        Figure("a step of a scrape on the event loop", round(median(on_loop), 1), None, "ms", note),
        Figure("its text takes, in a thread", round(median(in_thread), 1), None, "ms", note),
        Figure("and has", round(size / 1024), None, "KiB", note),
    ]


def _steps(steps: Iterator[None]) -> Iterator[float]:
    """How many milliseconds each step takes."""
    begun = perf_counter()
    for _ in steps:
        yield (perf_counter() - begun) * 1000
        begun = perf_counter()


def measure() -> None:
    """Keep both."""
    record("doors", doors())
    record("metrics", metrics())
