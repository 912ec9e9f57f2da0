"""Any configuration, in any order, put in force and taken out: the daemon is as it began.

A bgpd with an established neighbour gets lines drawn from all commands of its language, each in its
node, and takes them: routes, sessions, timers and tables follow. Then what is not of the
configuration that it began with is taken out, as a reload does it. What it prints, what is in its
tables, how many timers run and how many objects there are is then as before.
"""

import os
from collections import Counter

from hypothesis import given
from hypothesis import strategies as st

from bgp.fsm import State
from tests.bgp.network import Network
from tests.bgp.routers import instance, originate, peer, routes, session
from tests.support.drawn import Typist, drawing, left_behind
from tests.test_declarations import Line, lines_of

OURS, FRIEND = "10.0.0.1", "10.0.0.2"


class World(Typist):
    """Two routers; lines are typed at the first."""

    def __init__(self) -> None:
        self.network = Network()
        self.router = self.network.router(OURS, 65001)
        self.friend = self.network.router(FRIEND, 65002)
        session(self.router, self.friend)
        originate(self.friend, "10.2.0.0/16", "10.3.0.0/16")
        originate(self.router, "10.1.0.0/16")
        for bgpd in (self.router, self.friend):
            bgpd.start()
        self.network.advance(60)
        super().__init__(self.router)

    def settle(self) -> None:
        """Until the session is up again, and all that waited is done."""
        for _ in range(40):
            self.network.advance(30)
            if peer(self.router, FRIEND).status is State.ESTABLISHED:
                break
        self.network.advance(60)
        self.network.pipes = [pipe for pipe in self.network.pipes if not pipe.closed]
        for bgpd in (self.router, self.friend):
            bgpd.transport.dialled.clear()  # type: ignore[attr-defined]

    @property
    def timers(self) -> int:
        return sum(handle.callback is not None for *_, handle in self.network.scheduler._timers)

    def state(self) -> dict[str, object]:
        """What may not change, beside objects."""
        return {
            "printed": self.printed,
            "routes": sorted(routes(self.router)),
            "instances": sorted(map(str, self.router.instances)),
            "peers": sorted(str(one) for one in instance(self.router).peers),
            "friend": peer(self.router, FRIEND).status,
            "told": sorted(routes(self.friend)),
        }

    def cycle(self, lines: list[Line], begun: dict[str, object]) -> None:
        """Put the lines in force, take them out, and look."""
        for line in lines:
            self.enter(line)
        self.network.advance(7)
        self.reload(str(begun["printed"]))
        self.settle()
        assert self.state() == begun


PACKAGES = ("bgp.", "grammar.filters", "grammar.base")
BOUNDED = {
    "grammar.base.ledger.Cost",
    "grammar.base.scheduler.FakeHandle",
    "bgp.events.DownReason",
    "bgp.wire.notification.Notification",
}
"""What work costs is kept by its name, of which there are 500 at most; timers are counted apart; a
session remembers why it was last stopped, one reason and its NOTIFICATION."""


@drawing(int(os.environ.get("EXAMPLES", "6")))
@given(parts=st.lists(lines_of("bgpd"), min_size=1, max_size=6))
def test_a_configuration_put_in_and_taken_out_leaves_nothing(parts: list[list[Line]]) -> None:
    lines = [line for part in parts for line in part]
    assert left_behind(World(), lines, PACKAGES, BOUNDED) == Counter()
