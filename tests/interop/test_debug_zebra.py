"""`debug zebra ...` beside FRR's zebra: the lines of each switch while the same things happen.

Lines are compared as they come with their marks, in whatever order; what FRR says of places inside
itself (`INNER`) is left out, as ours does not write it.
"""

import re
from collections import Counter
from collections.abc import Iterator

import pytest

from tests.support.frr import FrrRouter
from tests.support.namespaces import Lab
from tests.support.ours import OurRouter
from tests.support.router import Router
from tests.support.vty import Vty
from tests.support.wait import until

pytestmark = pytest.mark.real

SWITCHES = ("events", "kernel", "rib", "nht", "packet")
STEPS: tuple[tuple[str, str, bool], ...] = (
    ("ip route 10.60.0.0/24 blackhole", "10.60.0.0/24 ", True),
    ("ip route 10.61.0.0/24 10.0.0.2", "10.61.0.0/24 ", True),
    ("ip route 10.61.0.0/24 10.0.0.3", "via 10.0.0.3, ", True),
    ("ip route 10.62.0.0/24 10.60.0.9", "10.62.0.0/24 ", True),
    ("ip route 10.63.0.0/24 10.0.0.2 eth0", "10.63.0.0/24 ", True),
    ("$ route del 10.61.0.0/24", "10.61.0.0/24 ", True),
    ("$ route add 10.77.0.0/16 via 10.0.0.2 metric 5", "10.77.0.0/16 ", True),
    ("$ route del 10.77.0.0/16", "10.77.0.0/16 ", False),
    ("$ address add 10.0.5.1/24 dev eth0", "10.0.5.0/24 ", True),
    ("$ address del 10.0.5.1/24 dev eth0", "10.0.5.0/24 ", False),
    ("no ip route 10.63.0.0/24 10.0.0.2 eth0", "10.63.0.0/24 ", False),
    ("no ip route 10.62.0.0/24 10.60.0.9", "10.62.0.0/24 ", False),
    ("no ip route 10.61.0.0/24 10.0.0.3", "via 10.0.0.3, ", False),
    ("no ip route 10.61.0.0/24 10.0.0.2", "10.61.0.0/24 ", False),
    ("no ip route 10.60.0.0/24 blackhole", "10.60.0.0/24 ", False),
)
"""What is typed for staticd or, behind `$`, said to `ip`; and what the routes show then, or not."""
LINK = ("add d0 type veth peer name d1", "set d0 up", "set d0 down", "del d0")
INNER = {
    "events": {"QQWTF-ZKJDD", "M8JMF-J6PZV", "QR5K4-A1079"},
    "kernel": {
        *("HYEHE-CQZ9G", "KMXEB-K771Y", "SKNFJ-G938V", "J3J81-V75NW", "RGWF1-EHXT1"),
        *("XMC8C-4ZFJ9", "ME3M2-X6YT9", "Y9HR3-XD5TG", "P2VPT-508WP", "K8FXY-V65ZJ"),
        *("Q7WMD-5NSYF", "TSTZX-EE12K", "Q9CEC-J9KWY", "XS99C-X3KS5", "QTT8V-3ZQ34"),
    },
    "rib": {"TS3SH-1276M", "HKQXC-4STSK"},
    "nht": set(),
    "packet": {"YXG8K-BCYMV", "V3DSZ-Y9H3W", "ZJPTG-6AP36", "MP8WF-MBM3F"},
}
ALWAYS_INNER = {"YDZ55-W3VM6"}
PASSING = (
    # FRR's staticd says that it names the next hops of a route that goes, and names none.
    (re.compile(r"(?<=zread_route_del: )(.*), msg flags=0x[23]"), r"\1"),
    (re.compile(r"^\S+ \S+ ZEBRA: "), ""),
    (re.compile(r"0x[0-9a-f]{6,}"), "PTR"),
    (re.compile(r"nhg_id is \d+"), "nhg_id is N"),
    (re.compile(r"ID \(\d+\)"), "ID (N)"),
    (re.compile(r"id=\d+"), "id=N"),
    (re.compile(r"group \d+/\d+"), "group N/N"),
    (re.compile(r"client \d+|socket \[\d+\]"), "client N"),
    (re.compile(r"(d[01])(\(| index )\d+"), r"\1\2N"),
)


class Told:
    """A router, and where in its log the last comparison ended."""

    def __init__(self, lab: Lab, kind: type[Router]) -> None:
        self.node, far = lab.namespace(f"{kind.kind}"), lab.namespace(f"{kind.kind}-far")
        lab.link(self.node, "eth0", far, "eth0")
        self.node.ip("address", "add", "10.0.0.1/24", "dev", "eth0")
        self.router = kind(self.node, {"zebra.conf": "log stdout\n", "staticd.conf": ""})
        self.router.start("zebra")
        until(lambda: "10.0.0.0/24" in self.ask("zebra", "show ip route"), 10, "the link is up")
        self._at = 0

    def ask(self, daemon: str, *lines: str) -> str:
        with Vty(self.router.run, daemon) as vty:
            return [vty.ask(line)[0] for line in lines][-1]

    def do(self, step: str) -> None:
        """One step of `STEPS`."""
        if step.startswith("$ "):
            self.node.ip(*step.split()[1:])
        else:
            self.ask("staticd", "configure terminal", step)

    def begin(self) -> None:
        """What comes from now on counts."""
        self._at = len(self.router.processes["zebra"].output())

    def lines(self, inner: set[str]) -> Counter[str]:
        """The lines since then, without what passes and what is FRR's own."""
        found = self.router.processes["zebra"].output()[self._at :].splitlines()
        return Counter(map(masked, (line for line in found if mark(line) not in inner)))


def mark(line: str) -> str:
    return line.partition("[")[2].partition("]")[0]


def masked(line: str) -> str:
    for pattern, name in PASSING:
        line = pattern.sub(name, line)
    return line


@pytest.fixture(scope="module")
def pair() -> Iterator[tuple[Told, Told]]:
    with Lab() as lab:
        both = Told(lab, OurRouter), Told(lab, FrrRouter)
        yield both
        for told in both:
            told.router.stop()


def same(pair: tuple[Told, Told], inner: set[str], what: str) -> None:
    """Both have written the same, sooner or later."""
    ours, frr = pair

    def differ() -> tuple[Counter[str], Counter[str]]:
        mine, theirs = ours.lines(inner), frr.lines(inner)
        return mine - theirs, theirs - mine

    try:
        until(lambda: differ() == (Counter(), Counter()), 3, what)
    except AssertionError:
        assert differ() == (Counter(), Counter()), what
    assert sum(frr.lines(inner).values()), f"{what}: nothing was written"


@pytest.mark.parametrize("switch", SWITCHES)
def test_the_same_lines(pair: tuple[Told, Told], switch: str) -> None:
    inner = INNER[switch] | ALWAYS_INNER
    for told in pair:
        told.begin()
        told.ask("zebra", "configure terminal", f"debug zebra {switch}")
        told.router.start("staticd")
        greeted(told)
    for step, route, there in STEPS:
        for told in pair:
            told.do(step)
        for told in pair:
            wait(told, route, there, step)
    for told in pair if switch in ("events", "kernel") else ():
        for words in LINK:
            told.node.ip("link", *words.split())
    for told in pair:
        told.router.stop("staticd")
    same(pair, inner, switch)
    for told in pair:
        told.ask("zebra", "configure terminal", f"no debug zebra {switch}")


def greeted(told: Told) -> None:
    until(lambda: "static" in told.ask("zebra", "show zebra client"), 10, "a client")


def wait(told: Told, route: str, there: bool, step: str) -> None:
    until(lambda: (route in installed(told)) is there, 10, step)


def installed(told: Told) -> str:
    """The routes that zebra has and the kernel took."""
    text = told.ask("zebra", "show ip route")
    return "" if "q " in text.partition("\n\n")[2] else text
