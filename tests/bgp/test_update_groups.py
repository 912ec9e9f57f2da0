import pytest

from bgp.config import IPV4_UNICAST
from bgp.effects import Effect
from bgp.rib.path import Path
from grammar.base.values import Address, Prefix
from grammar.filters.routemap import MapEntry, RouteMap
from tests.bgp.network import Network, react
from tests.bgp.routers import P1, P2, instance, line_of, originate, peer, routes, session, start


def test_a_route_map_that_denies_or_does_not_exist_says_nothing() -> None:
    network, (a, b) = line_of(65001, 65002)
    lines = a.config.instances[None].peers[Address.parse("10.0.0.2")]
    lines.family(IPV4_UNICAST).route_map_out = "NOTHING"
    originate(a, P1)
    start(network, [a, b])
    assert routes(b) == {}
    entry = MapEntry("NOTHING", 10, True)
    a.config.filters.route_maps["NOTHING"] = RouteMap("NOTHING", {10: entry})
    react(a, Effect.POLICY, a)
    network.advance(0)
    assert set(routes(b)) == {P1}
    entry.permit = False
    react(a, Effect.POLICY, a)
    network.advance(0)
    assert routes(b) == {}


@pytest.mark.parametrize(
    ("community", "internal", "external"),
    [(0xFFFFFF01, True, False), (0xFFFFFF02, False, False), (0xFFFFFF03, True, False)],
)
def test_well_known_communities(community: int, internal: bool, external: bool) -> None:
    network, (a, b, c) = line_of(65001, 65001, 65001)
    d = network.router("10.0.0.9", 65009)
    session(b, d)
    originate(b, P1)
    start(network, [a, b, c, d])
    table = instance(b).tables[IPV4_UNICAST]
    old = routes(b)[P1]
    marked = old.attrs.replace(b.pool, communities=(community,))
    key = Prefix.parse(P1).key
    table.put([key], Path(old.source, marked, None, None, 0.0, origination=old.origination))
    network.advance(0)
    assert (P1 in routes(a)) is internal
    assert (P1 in routes(d)) is external


def test_groups_share_and_split() -> None:
    network = Network()
    hub = network.router("10.0.0.1", 65001)
    spokes = [network.router(f"10.0.0.{n}", 65000 + n) for n in range(2, 6)]
    for spoke in spokes:
        session(hub, spoke)
    originate(hub, P1)
    start(network, [hub, *spokes])
    groups = instance(hub).groups[IPV4_UNICAST]
    assert [len(group.members) for group in groups] == [4]
    assert groups[0].counters.joins == 4
    lines = hub.config.instances[None].peers[Address.parse("10.0.0.5")]
    lines.family(IPV4_UNICAST).route_map_out = "NONE"
    react(hub, Effect.SOFT_OUT, (lines, IPV4_UNICAST))
    network.advance(0)
    assert [len(group.members) for group in groups] == [3, 1]
    assert routes(spokes[3]) == {}
    assert P1 in routes(spokes[0])
    late = network.router("10.0.0.9", 65009)
    session(hub, late)
    late.start()
    react(hub, Effect.PEERS, hub.config.instances[None])
    originate(hub, P2)
    network.advance(5)
    assert set(routes(late)) == {P1, P2}
    assert peer(late, "10.0.0.1").families[IPV4_UNICAST].eor_received


def test_mrai_spaces_the_announcements() -> None:
    network, (a, b) = line_of(65001, 65002)
    a.config.instances[None].peers[Address.parse("10.0.0.2")].advertisement_interval = 30
    originate(a, P1)
    start(network, [a, b])
    assert set(routes(b)) == {P1}
    originate(a, P2)
    network.advance(1)
    originate(a, "10.9.0.0/16")
    network.advance(1)
    assert set(routes(b)) == {P1, P2}
    network.advance(30)
    assert len(routes(b)) == 3


def test_default_originate_tells_one_neighbor_of_a_default_route() -> None:
    network, (a, b) = line_of(65001, 65002)
    c = network.router("10.0.0.9", 65009)
    session(a, c)
    lines = a.config.instances[None].peers[Address.parse("10.0.0.2")]
    lines.family(IPV4_UNICAST).default_originate = True
    originate(a, P1)
    start(network, [a, b, c])
    assert set(routes(b)) == {P1, "0.0.0.0/0"}
    assert str(routes(b)["0.0.0.0/0"].gateway) == "10.0.0.1"
    assert set(routes(c)) == {P1}
    assert set(routes(a)) == {P1}
    lines.family(IPV4_UNICAST).default_originate = None
    react(a, Effect.SOFT_OUT, (lines, IPV4_UNICAST))
    network.advance(0)
    assert set(routes(b)) == {P1}


def test_a_slow_member_does_not_hold_up_the_others() -> None:
    network = Network()
    hub = network.router("10.0.0.1", 65001)
    fast, slow = network.router("10.0.0.2", 65002), network.router("10.0.0.3", 65003)
    session(hub, fast)
    session(hub, slow)
    start(network, [hub, fast, slow])
    pipe = peer(hub, "10.0.0.3").main.connection
    assert pipe is not None
    pipe.buffered = 1_000_000  # type: ignore[misc]
    originate(hub, P1)
    network.advance(0)
    assert set(routes(fast)) == {P1}
    pipe.buffered = 100_000_000  # type: ignore[misc]
    originate(hub, P2)
    network.advance(0)
    assert set(routes(fast)) == {P1}  # its backlog is bounded: now all wait
    pipe.buffered = 0  # type: ignore[misc]
    pipe.on_drained()
    network.advance(0)
    assert set(routes(fast)) == set(routes(slow)) == {P1, P2}


def test_a_peer_that_takes_nothing_for_two_hold_times_is_dropped() -> None:
    network, (a, b) = line_of(65001, 65002)
    a.config.instances[None].peers[Address.parse("10.0.0.2")].hold = 9
    a.config.instances[None].peers[Address.parse("10.0.0.2")].keepalive = 3
    start(network, [a, b])
    pipe = peer(a, "10.0.0.2").main.connection
    assert pipe is not None
    pipe.buffered = 1_000_000  # type: ignore[misc]
    network.advance(25)
    assert peer(a, "10.0.0.2").state.dropped == 1
