from dataclasses import replace
from itertools import pairwise

import pytest

from bgp.bgpd import Bgpd
from bgp.config import IPV4_UNICAST, IPV6_UNICAST, Redistribute, RouteMapEntry
from bgp.config import Network as NetworkLine
from bgp.effects import Effect
from bgp.fsm import State
from bgp.instance import Clear, Instance
from bgp.peer import Peer
from bgp.reasons import DownReason
from bgp.rib.path import Path, best_of
from bgp.wire.attributes.aspath import AsPath
from grammar.base.values import Address, Prefix
from tests.bgp.network import Network, neighbor, react

P1, P2 = "172.19.0.0/32", "172.19.0.100/32"


def instance(bgpd: Bgpd) -> Instance:
    return bgpd.instances[None]


def peer(bgpd: Bgpd, address: str) -> Peer:
    return instance(bgpd).peers[Address.parse(address)]


def originate(bgpd: Bgpd, *prefixes: str, family: object = IPV4_UNICAST) -> None:
    lines = bgpd.config.instances[None].family(family)  # type: ignore[arg-type]
    for text in prefixes:
        lines.networks[Prefix.parse(text)] = NetworkLine()
    if bgpd.instances:
        react(bgpd, Effect.ORIGINATE, lines)


def withdraw(bgpd: Bgpd, prefix: str) -> None:
    lines = bgpd.config.instances[None].family(IPV4_UNICAST)
    del lines.networks[Prefix.parse(prefix)]
    react(bgpd, Effect.ORIGINATE, lines)


def routes(bgpd: Bgpd, family: object = IPV4_UNICAST) -> dict[str, Path]:
    """Best paths by prefix."""
    table = instance(bgpd).tables[family]  # type: ignore[index]
    found = {}
    for key, entry in table.walk():
        best = best_of(entry)
        if best is not None:
            found[str(Prefix.from_key(table.afi, key))] = best
    return found


def told(bgpd: Bgpd, address: str) -> set[str]:
    """What a neighbor is told."""
    group = peer(bgpd, address).families[IPV4_UNICAST].group
    assert group is not None
    table = instance(bgpd).tables[IPV4_UNICAST]
    return {str(Prefix.from_key(table.afi, key)) for key, _ in group.walk()}


def session(one: Bgpd, two: Bgpd, **lines: object) -> None:
    a, b = (r.config.instances[None] for r in (one, two))
    neighbor(one, str(b.router_id), b.asn, **lines)
    neighbor(two, str(a.router_id), a.asn)


def line_of(*asns: int) -> tuple[Network, list[Bgpd]]:
    """Routers 10.0.0.1, 10.0.0.2, ... each with a session to the next."""
    network = Network()
    routers = [network.router(f"10.0.0.{n}", asn) for n, asn in enumerate(asns, 1)]
    for one, two in pairwise(routers):
        session(one, two)
    return network, routers


def start(network: Network, routers: list[Bgpd], seconds: float = 5) -> None:
    for router in routers:
        router.start()
    network.advance(seconds)


def test_a_route_travels_through_three_systems() -> None:
    network, (a, b, c) = line_of(65001, 65002, 65003)
    originate(a, P1, P2)
    start(network, [a, b, c])
    assert set(routes(c)) == {P1, P2}
    best = routes(c)[P1]
    assert best.attrs.as_path == AsPath.sequence(65002, 65001)
    assert str(best.gateway) == "10.0.0.2"
    assert best.attrs.med is None  # a learnt route's MED does not leave the neighbouring AS
    assert routes(b)[P1].attrs.med == 0
    assert instance(b).tables[IPV4_UNICAST].version == 2
    withdraw(a, P1)
    network.advance(0)
    assert set(routes(c)) == {P2}
    assert instance(b).tables[IPV4_UNICAST].version == 3


def test_what_came_from_a_neighbor_goes_back_and_is_refused_there() -> None:
    # As FRR does: its advertised-routes list the neighbor's own routes.
    network, (a, b) = line_of(65001, 65002)
    originate(a, P1)
    start(network, [a, b])
    assert told(b, "10.0.0.1") == {P1}
    assert peer(a, "10.0.0.2").families[IPV4_UNICAST].accepted == 0
    assert peer(b, "10.0.0.1").families[IPV4_UNICAST].accepted == 1
    assert routes(a)[P1].source.is_local


def test_internal_routes_stay_between_two_internal_neighbors() -> None:
    network, (a, b, c) = line_of(65001, 65001, 65001)
    originate(a, P1)
    start(network, [a, b, c])
    assert set(routes(b)) == {P1}
    assert routes(b)[P1].attrs.local_pref == 100
    assert routes(c) == {}


def test_a_reflector_passes_them_on() -> None:
    network, (a, b, c) = line_of(65001, 65001, 65001)
    lines = b.config.instances[None].peers[Address.parse("10.0.0.1")]
    lines.family(IPV4_UNICAST).route_reflector_client = True
    originate(a, P1)
    start(network, [a, b, c])
    best = routes(c)[P1]
    assert best.attrs.originator_id == Address.parse("10.0.0.1").value
    assert best.attrs.cluster_list == (Address.parse("10.0.0.2").value,)
    assert str(best.gateway) == "10.0.0.1"  # a reflector leaves the next hop alone
    # The client hears its own route, and knows it by the originator.
    assert peer(a, "10.0.0.2").families[IPV4_UNICAST].accepted == 0


def test_next_hop_self_towards_internal_neighbors() -> None:
    network, (a, b, c) = line_of(65001, 65002, 65002)
    originate(a, P1)
    start(network, [a, b, c])
    assert str(routes(c)[P1].gateway) == "10.0.0.1"
    lines = b.config.instances[None].peers[Address.parse("10.0.0.3")]
    lines.family(IPV4_UNICAST).next_hop_self = True
    react(b, Effect.SOFT_OUT, lines)
    network.advance(0)
    assert str(routes(c)[P1].gateway) == "10.0.0.2"


def test_policy_is_required_of_external_neighbors() -> None:
    network, (a, b) = line_of(65001, 65002)
    b.config.instances[None].ebgp_requires_policy = None
    originate(a, P1)
    originate(b, P2)
    start(network, [a, b])
    family = peer(b, "10.0.0.1").families[IPV4_UNICAST]
    assert family.policy_missing_in
    assert family.policy_missing_out
    assert family.accepted == 0
    assert set(routes(a)) == {P1}
    b.config.instances[None].ebgp_requires_policy = False
    react(b, Effect.SOFT_IN, b.config.instances[None])
    network.advance(0)
    assert set(routes(a)) == {P1, P2} == set(routes(b))


def test_a_route_map_that_denies_or_does_not_exist_says_nothing() -> None:
    network, (a, b) = line_of(65001, 65002)
    lines = a.config.instances[None].peers[Address.parse("10.0.0.2")]
    lines.family(IPV4_UNICAST).route_map_out = "NOTHING"
    originate(a, P1)
    start(network, [a, b])
    assert routes(b) == {}
    a.config.route_maps["NOTHING"] = {10: RouteMapEntry("NOTHING", 10, True)}
    react(a, Effect.POLICY, a)
    network.advance(0)
    assert set(routes(b)) == {P1}
    a.config.route_maps["NOTHING"][10].permit = False
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


def test_soft_clears() -> None:
    network, (a, b) = line_of(65001, 65002)
    originate(a, P1)
    start(network, [a, b])
    before = peer(b, "10.0.0.1").state.received
    instance(a).clear([peer(a, "10.0.0.2")], Clear.SOFT_OUT)
    network.advance(0)
    after = peer(b, "10.0.0.1").state.received
    assert after.updates == before.updates + 1
    assert after.route_refreshes == before.route_refreshes + 2  # BoRR and EoRR
    instance(b).clear([peer(b, "10.0.0.1")], Clear.SOFT_IN)
    network.advance(0)
    assert peer(b, "10.0.0.1").state.sent.route_refreshes == 1
    assert peer(b, "10.0.0.1").state.received.updates == after.updates + 1
    assert instance(b).tables[IPV4_UNICAST].version == 1
    assert peer(b, "10.0.0.1").families[IPV4_UNICAST].accepted == 1


def test_a_refresh_drops_what_is_not_repeated() -> None:
    network, (a, b) = line_of(65001, 65002)
    originate(a, P1, P2)
    start(network, [a, b])
    group = peer(a, "10.0.0.2").families[IPV4_UNICAST].group
    assert group is not None
    key = Prefix.parse(P2).key
    del group.advertised[key >> 30][key]  # as if the withdrawal had been lost
    instance(b).clear([peer(b, "10.0.0.1")], Clear.SOFT_IN)
    network.advance(0)
    assert set(routes(b)) == {P1}


def test_soft_reconfiguration_keeps_what_was_received() -> None:
    network, (a, b) = line_of(65001, 65002)
    lines = b.config.instances[None].peers[Address.parse("10.0.0.1")]
    lines.family(IPV4_UNICAST).soft_reconfiguration = True
    lines.family(IPV4_UNICAST).route_map_in = "NONE"
    originate(a, P1)
    start(network, [a, b])
    family = peer(b, "10.0.0.1").families[IPV4_UNICAST]
    assert routes(b) == {}
    assert family.adj_in is not None
    assert len(family.adj_in) == 1
    lines.family(IPV4_UNICAST).route_map_in = None
    react(b, Effect.SOFT_IN, (lines, IPV4_UNICAST))
    network.advance(0)
    assert set(routes(b)) == {P1}
    assert peer(b, "10.0.0.1").state.sent.route_refreshes == 0


def test_maximum_prefix_ends_the_session_until_it_is_cleared() -> None:
    network, (a, b) = line_of(65001, 65002)
    lines = b.config.instances[None].peers[Address.parse("10.0.0.1")]
    lines.family(IPV4_UNICAST).maximum_prefix = 1
    originate(a, P1, P2)
    start(network, [a, b])
    assert peer(b, "10.0.0.1").over_limit
    assert peer(b, "10.0.0.1").status is State.IDLE
    last = peer(a, "10.0.0.2").state.last_notification
    assert last is not None
    assert (last.code, last.subcode, last.data[:3]) == (6, 1, b"\0\1\1")
    assert routes(b) == {}
    network.advance(600)
    assert peer(b, "10.0.0.1").status is State.IDLE
    withdraw(a, P2)
    instance(b).clear([peer(b, "10.0.0.1")], Clear.HARD)
    network.advance(150)
    assert set(routes(b)) == {P1}


def test_routes_of_a_lost_neighbor_go() -> None:
    network, (a, b, c) = line_of(65001, 65002, 65003)
    originate(a, P1)
    start(network, [a, b, c])
    a.stop()
    network.advance(0)
    assert routes(b) == {} == routes(c)
    assert peer(b, "10.0.0.1").families[IPV4_UNICAST].accepted == 0
    last = peer(b, "10.0.0.1").state.last_notification
    assert last is None  # FRR says nothing when it ends
    assert peer(b, "10.0.0.1").state.reset_reason is DownReason.PEER_CLOSED


def test_own_as_is_refused_unless_allowed() -> None:
    network, (a, b, c) = line_of(65001, 65002, 65001)
    originate(a, P1)
    start(network, [a, b, c])
    assert routes(c) == {}
    lines = c.config.instances[None].peers[Address.parse("10.0.0.2")]
    lines.family(IPV4_UNICAST).allowas_in = 3
    react(c, Effect.SOFT_IN, (lines, IPV4_UNICAST))
    network.advance(0)
    assert set(routes(c)) == {P1}


def test_two_ways_and_the_better_one_goes() -> None:
    network = Network()
    a, b, c, d = (network.router(f"10.0.0.{n}", 65000 + n) for n in range(1, 5))
    for one, two in ((a, b), (b, d), (a, c), (c, d)):
        session(one, two)
    originate(a, P1)
    start(network, [a, b, c, d])
    table = instance(d).tables[IPV4_UNICAST]
    version = table.version
    gone = routes(d)[P1].source
    peer(d, str(gone)).main.connection.hang_up()  # type: ignore[union-attr]
    network.advance(0)
    assert set(routes(d)) == {P1}
    assert routes(d)[P1].source is not gone
    assert table.version == version + 1


def test_ipv6_routes_over_an_ipv6_session() -> None:
    network = Network()
    a, b = network.router("2001:db8::1", 65001), network.router("2001:db8::2", 65002)
    for router, other, asn in ((a, "2001:db8::2", 65002), (b, "2001:db8::1", 65001)):
        router.config.instances[None].router_id = Address.parse(f"10.0.0.{asn - 65000}")
        lines = neighbor(router, other, asn)
        lines.family(IPV6_UNICAST).activate = True
    originate(a, "2001:db8:1::/48", family=IPV6_UNICAST)
    originate(a, P1)
    start(network, [a, b])
    best = routes(b, IPV6_UNICAST)["2001:db8:1::/48"]
    assert str(best.gateway) == "2001:db8::1"
    assert set(routes(b)) == {P1}


def test_redistributed_routes_are_incomplete_and_carry_their_metric() -> None:
    network, (a, b) = line_of(65001, 65002)
    lines = a.config.instances[None].family(IPV4_UNICAST)
    lines.redistribute["static"] = Redistribute(metric=50)
    start(network, [a, b])
    from zebra.zapi.messages import Nexthop, RedistributeRoute, Route, RouteType

    hop = Nexthop.via(Address.parse("10.0.0.77"))
    route = Route(RouteType.STATIC, Prefix.parse("10.200.0.0/16"), (hop,), metric=0)
    instance(a).redistributed(RedistributeRoute(True, route))
    network.advance(0)
    own = routes(a)["10.200.0.0/16"]
    assert (own.attrs.origin, own.attrs.med, own.weight) == (2, 50, 32768)
    assert str(own.gateway) == "10.0.0.77"
    assert routes(b)["10.200.0.0/16"].attrs.med == 50
    del lines.redistribute["static"]
    react(a, Effect.ORIGINATE, lines)
    network.advance(0)
    assert routes(b) == {}


def test_no_router_bgp_takes_everything_with_it() -> None:
    network, (a, b) = line_of(65001, 65002)
    originate(a, P1)
    start(network, [a, b])
    del a.config.instances[None]
    react(a, Effect.INSTANCES, a)
    network.advance(0)
    assert a.instances == {}
    assert routes(b) == {}


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


def test_stale_routes_of_a_peer_that_restarts_gracefully() -> None:
    network, (a, b) = line_of(65001, 65002)
    a.config.instances[None].graceful_restart = True
    originate(a, P1, P2)
    start(network, [a, b])
    helper = peer(b, "10.0.0.1")
    assert helper.negotiated is not None
    assert helper.negotiated.graceful is not None
    version = instance(b).tables[IPV4_UNICAST].version
    for pipe in network.pipes:
        pipe.hang_up()
    network.scheduler.settle()
    assert set(routes(b)) == {P1, P2}
    assert all(path.stale for path in routes(b).values())
    del a.config.instances[None].family(IPV4_UNICAST).networks[Prefix.parse(P2)]
    react(a, Effect.ORIGINATE, a.config.instances[None].family(IPV4_UNICAST))
    network.advance(10)
    assert helper.status is State.ESTABLISHED
    # a says F=0 in its new OPEN (it kept nothing), so what it had is gone until repeated.
    assert set(routes(b)) == {P1}
    assert not routes(b)[P1].stale
    assert instance(b).tables[IPV4_UNICAST].version > version
    assert helper.families[IPV4_UNICAST].accepted == 1


def test_stale_routes_go_when_the_peer_does_not_return() -> None:
    network, (a, b) = line_of(65001, 65002)
    a.config.instances[None].graceful_restart = True
    a.config.instances[None].graceful_restart_restart_time = 30
    originate(a, P1)
    start(network, [a, b])
    a.stop()
    network.advance(29)
    assert set(routes(b)) == {P1}
    network.advance(2)
    assert routes(b) == {}


def test_the_first_as_can_be_enforced() -> None:
    network, (a, b) = line_of(65001, 65002)
    b.config.instances[None].peers[Address.parse("10.0.0.1")].enforce_first_as = True
    originate(a, P1)
    start(network, [a, b])
    assert set(routes(b)) == {P1}
    family = peer(b, "10.0.0.1").families[IPV4_UNICAST]
    assert family.accepted == 1
    peer(b, "10.0.0.1").receiver.negotiated = replace(  # type: ignore[union-attr]
        peer(b, "10.0.0.1").negotiated,  # type: ignore[type-var]
        peer_as=65077,
    )
    originate(a, P2)
    network.advance(0)
    last = peer(a, "10.0.0.2").state.last_notification
    assert last is not None
    assert (last.code, last.subcode) == (3, 11)


def test_a_bug_in_an_update_costs_its_session_only(monkeypatch: pytest.MonkeyPatch) -> None:
    network, (a, b, c) = line_of(65001, 65002, 65003)
    start(network, [a, b, c])

    def broken(event: object) -> None:
        raise ZeroDivisionError("a bug")

    monkeypatch.setattr(peer(b, "10.0.0.1").receiver, "take", broken)
    originate(a, P1)
    network.advance(0)
    assert "ZeroDivisionError" in b.log.text  # type: ignore[attr-defined]
    assert peer(b, "10.0.0.1").state.dropped == 1
    assert peer(b, "10.0.0.3").status is State.ESTABLISHED
    network.advance(10)
    assert set(routes(c)) == {P1}
