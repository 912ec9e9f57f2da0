from bgp.clearing import Clear
from bgp.config import IPV4_UNICAST
from bgp.effects import Effect
from bgp.fsm import State
from grammar.base.values import Address, Prefix
from tests.bgp.network import react
from tests.bgp.routers import P1, P2, instance, line_of, originate, peer, routes, start


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


def test_a_refresh_that_begins_before_the_last_is_worked_off_takes_nothing_away() -> None:
    network, (a, b) = line_of(65001, 65002)
    originate(a, P1, P2)
    start(network, [a, b])
    version = instance(b).tables[IPV4_UNICAST].version
    pipe = peer(b, "10.0.0.1").main.connection
    assert pipe is not None
    pipe.pause()
    for _ in range(3):
        instance(b).clear([peer(b, "10.0.0.1")], Clear.SOFT_IN)
        network.advance(0)
    pipe.resume()  # three times the mark, the routes and the other mark, in one go
    network.advance(0)
    assert peer(b, "10.0.0.1").state.received.route_refreshes == 6
    assert set(routes(b)) == {P1, P2}
    assert instance(b).tables[IPV4_UNICAST].version == version


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


def test_a_weight_counts_for_stored_routes() -> None:
    network, (a, b) = line_of(65001, 65002)
    lines = b.config.instances[None].peers[Address.parse("10.0.0.1")]
    lines.family(IPV4_UNICAST).soft_reconfiguration = True
    originate(a, P1, P2)
    start(network, [a, b])
    for weight in (300, 7, None):
        lines.family(IPV4_UNICAST).weight = weight
        react(b, Effect.SOFT_IN, (lines, IPV4_UNICAST))
        network.advance(0)
        assert {path.weight for path in routes(b).values()} == {weight or 0}
    assert peer(b, "10.0.0.1").state.sent.route_refreshes == 0
