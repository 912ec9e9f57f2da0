"""Long-lived stale routes (RFC 9494): what is marked, and for how long."""

import pytest

from bgp.config import IPV4_UNICAST
from bgp.longlived import LongLived
from bgp.rib.path import LLGR_STALE
from tests.bgp.routers import P1, instance, line_of, originate, peer, routes, start


@pytest.mark.parametrize("back", [False, True])
def test_routes_are_marked_until_the_neighbour_is_back(back: bool) -> None:
    network, (one, two) = line_of(65001, 65002)
    originate(two, P1, "9.0.0.0/8")
    start(network, [one, two])
    instance(one).config.long_lived_stale_time = 100
    lost = peer(one, "10.0.0.2")
    lost.epoch += 1
    stale = LongLived(lost)
    stale.promised = {IPV4_UNICAST: 100}
    stale.begin(lost.families[IPV4_UNICAST])
    if back:
        stale.end(IPV4_UNICAST)
    network.advance(1)
    marks = [LLGR_STALE in path.attrs.communities for path in routes(one).values()]
    assert marks == [not back] * 2
