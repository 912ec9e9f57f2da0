from dataclasses import replace

import pytest

from bgp.clearing import Clear
from bgp.config import IPV4_UNICAST, IPV6_UNICAST, Redistribute
from bgp.effects import Effect
from bgp.fsm import State
from bgp.reasons import DownReason
from bgp.wire.attributes.aspath import AsPath
from grammar.base.values import Address, Prefix
from tests.bgp.network import Network, neighbor, react
from tests.bgp.routers import (
    P1,
    P2,
    instance,
    line_of,
    originate,
    peer,
    routes,
    session,
    start,
    told,
    withdraw,
)


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


def test_maximum_prefix_ends_the_session_until_it_is_cleared() -> None:
    network, (a, b) = line_of(65001, 65002)
    lines = b.config.instances[None].peers[Address.parse("10.0.0.1")]
    lines.family(IPV4_UNICAST).maximum_prefix = 1
    originate(a, P1, P2, "172.19.1.0/24")  # FRR lets one more than the limit through
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
    withdraw(a, "172.19.1.0/24")
    instance(b).clear([peer(b, "10.0.0.1")], Clear.HARD)
    network.advance(150)
    assert set(routes(b)) == {P1}


def test_maximum_prefix_restarts_by_itself_when_the_time_is_over() -> None:
    network, (a, b) = line_of(65001, 65002)
    lines = b.config.instances[None].peers[Address.parse("10.0.0.1")].family(IPV4_UNICAST)
    lines.maximum_prefix, lines.maximum_prefix_restart = 1, 10
    originate(a, P1, P2, "172.19.1.0/24")
    start(network, [a, b])
    ended = peer(b, "10.0.0.1")
    assert ended.status is State.IDLE
    network.advance(500)
    assert ended.status is State.IDLE
    assert ended.limit.left is not None
    assert 0 < ended.limit.left < 100
    withdraw(a, P2)
    withdraw(a, "172.19.1.0/24")
    network.advance(250)
    assert ended.status is State.ESTABLISHED
    assert ended.limit.left is None
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
    # A malformed AS path is treated as withdrawn (RFC 7606 sec. 7.2); the session stays.
    assert set(routes(b)) == {P1}
    assert peer(b, "10.0.0.1").main.state is State.ESTABLISHED


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
