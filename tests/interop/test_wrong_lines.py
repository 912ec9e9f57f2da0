"""Lines that are wrong, beside FRR's bgpd: the same answer, the same status, nothing changed.

The lines are those of the recordings with a word left out, doubled, or made another one, drawn at
random but the same in every run. What makes instances and what only one side has is left out.
"""

import random
from collections import Counter
from collections.abc import Iterator

import pytest

from grammar.node import CONFIG
from tests.bgp.commandline import Terminal
from tests.interop.wrong import HEADER, mangled
from tests.printed.replay import Place, places, read
from tests.support.realbgpd import RealBgpd, real_bgpd

pytestmark = pytest.mark.real

LINES = 6000
FIRST = (
    "router bgp 65000",
    "neighbor PG peer-group",
    "neighbor PGE peer-group",
    "neighbor PGE remote-as 65001",
    "neighbor 192.0.2.1 remote-as 65001",
    "neighbor 192.0.2.2 remote-as 65000",
    "neighbor 192.0.2.3 peer-group PGE",
    "neighbor prt0 interface remote-as external",
)
NODES = {
    "router-bgp": ("router bgp 65000",),
    "af-ipv4-unicast": ("router bgp 65000", "address-family ipv4 unicast"),
    "af-ipv6-unicast": ("router bgp 65000", "address-family ipv6 unicast"),
    "route-map": ("route-map RM permit 10",),
    "config-with-lists": (),
}


@pytest.fixture(scope="module")
def real() -> Iterator[RealBgpd]:
    with real_bgpd("wrong") as bgpd:
        yield bgpd


LEFT_OUT = (
    *("match metric", "match evpn", "match rpki"),
    *("vnc", "rfp", "segment-routing"),
    *("redistribute", "import vrf", "optimization"),
    *("no rd vpn", "no rt vpn", "no route-target vpn", "no route-map vpn", "no set metric"),
    *("no bgp large-community-list", "no bgp extcommunity-list", "no bgp community-list"),
    *("graceful-restart", "4294967295"),
)
"""What ends FRR's bgpd; what leads into other nodes; what FRR remembers beyond the instance, or
makes on the side; where it answers with an internal error, or takes any word; lists that a refused
line of FRR's leaves behind; and numbers behind which there are no more."""


def drawn(rng: random.Random) -> Iterator[tuple[str, str]]:
    """Nodes and wrong lines of them."""
    lines = {name: sorted({each["typed"] for each in read("bgpd", name).records}) for name in NODES}
    while True:
        name = rng.choice(sorted(NODES))
        line = mangled(rng, rng.choice(lines[name]))
        if line and not any(word in line for word in LEFT_OUT):
            yield name, line


def enter(real: RealBgpd, ours: Terminal, node: str) -> None:
    """Both go to a node."""
    for line in ("end", "configure terminal", *NODES[node]):
        real.type(line)
    ours.session.go(CONFIG)
    ours.type(*NODES[node])


def begin(real: RealBgpd, ours: Terminal) -> None:
    """A new instance on both sides; lists and maps stay."""
    ours.session.go(CONFIG)
    for line in ("end", "configure terminal"):
        real.type(line)
    for line in ("no router bgp 65000", *FIRST):
        real.type(line)
        ours.type(line)


def printed(real: RealBgpd, ours: Terminal) -> tuple[Counter[Place], Counter[Place]]:
    """What both have by now."""
    text = real.type("do show running-config")[1]
    told = [place for place in places(text.splitlines()) if place[1] not in HEADER]
    own = [place for place in places(ours.session.config_lines()) if place[1] not in HEADER]
    hosts = [place for place in told if not place[1].startswith("hostname")]
    return Counter(hosts), Counter(own)


def test_wrong_lines_are_refused_in_the_same_words(real: RealBgpd) -> None:
    rng = random.Random(8_04_04)
    lines = drawn(rng)
    ours, refused, differing = Terminal(CONFIG), 0, []
    begin(real, ours)
    for number in range(LINES):
        if number % 50 == 49:
            wanted, got = printed(real, ours)
            assert got == wanted
            begin(real, ours)
        name, line = next(lines)
        enter(real, ours, name)
        answer, own = real.type(line), ours.type(line)
        refused += answer[0] != 0
        if answer != own:
            differing.append((name, line, answer, own))
    assert differing == []
    assert refused > LINES // 2
