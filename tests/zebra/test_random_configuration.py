"""Any configuration of zebra or staticd, in any order, put in force and taken out again.

As tests/bgp/test_random_configuration.py, with routes of static lines and of a BGP session in the
kernel: what is printed, what zebra and its kernel have, and what objects there are is as before.
"""

import os
import re
from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pyvtysh.testing.topology import Topology
from tests.reliability.test_clock import CONFIG, PEER
from tests.support.drawn import Typist, drawing, left_behind
from tests.test_declarations import Line, lines_of

STATICS = f"ip route 198.51.100.0/24 {PEER}\nip route 198.51.101.0/24 blackhole 200\n"
INTERFACES = "interface prt0\n address 10.9.0.1/24\ninterface prt1\n"
# Not of all VRFs: one that was named and is not there is not printed, as by FRR, and stays.
SHOWS = (
    "show interface vrf default brief",
    "show ip route",
    "show ipv6 route",
    "show ip nht",
    "show nexthop-group rib",
    "show ip prefix-list",
    "show route-map",
)
_DATED = re.compile(r"\b\d\d:\d\d:\d\d\b|\bID: \d+|(?<=Depends: ).*|(?<=Dependents: ).*")
OURS = ("zebra.", "grammar.filters", "grammar.base", "bgp.")
BOUNDED = {"grammar.base.ledger.Cost", "grammar.base.scheduler.FakeHandle"}
"""What work costs is kept by its name; timers are counted apart."""


class World(Typist):
    """A router with a session, static routes and interfaces; lines are typed at one daemon."""

    def __init__(self, daemon: str) -> None:
        self.topology = Topology()
        one, two = self.topology.router("one"), self.topology.router("two")
        self.topology.wire(one, two, "10.0.0.0/24")
        one.interfaces(INTERFACES)
        one.load(STATICS + CONFIG.format(asn=1, peer=PEER, other=2))
        two.load(CONFIG.format(asn=2, peer="10.0.0.1", other=1))
        self.router = one
        super().__init__(one.zebra if daemon == "zebra" else one.staticd)
        self.settle()

    def settle(self) -> None:
        """Until the session is up, and all that waited is done."""
        self.topology.until(lambda: "192.0.2.2" in self.router.show("ip route"), within=1200)
        self.topology.advance(300)

    def state(self) -> dict[str, object]:
        """What may not change, beside objects."""
        shown = {line: undated(self.router.run(line).text) for line in SHOWS}
        return {"printed": self.printed, **shown}

    def cycle(self, lines: list[Line], begun: dict[str, object]) -> None:
        """Put the lines in force, take them out, and look."""
        for line in lines:
            self.enter(line)
            self.topology.settle()
        self.topology.advance(7)
        self.reload(str(begun["printed"]))
        self.settle()
        assert self.state() == begun

    @property
    def timers(self) -> int:
        return sum(handle.callback is not None for *_, handle in self.topology.scheduler._timers)


def undated(text: str) -> list[str]:
    """Without ages and the numbers of groups, which are others each time."""
    return sorted(_DATED.sub("-", line) for line in text.splitlines())


@pytest.mark.parametrize("daemon", ["zebra", "staticd"])
def test_a_configuration_put_in_and_taken_out_leaves_nothing(daemon: str) -> None:
    @drawing(int(os.environ.get("EXAMPLES", "3")))
    @given(parts=st.lists(lines_of(daemon), min_size=1, max_size=4))
    def tried(parts: list[list[Line]]) -> None:
        world = World(daemon)
        lines = [line for part in parts for line in part]
        assert left_behind(world, lines, OURS, BOUNDED) == Counter()
        world.topology.close()

    tried()
