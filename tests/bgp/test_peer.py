import pytest

from bgp.clearing import Clear
from bgp.config import IPV4_UNICAST, PeerConfig
from bgp.effects import Effect
from bgp.fsm import State
from bgp.peer import Peer
from bgp.reasons import DownReason
from bgp.wire.message import MARKER
from grammar.base.values import Address
from tests.bgp.network import Network, neighbor, react


class Pair:
    """Two routers that are each other's neighbors."""

    def __init__(self, asn: int = 65002, **lines: object) -> None:
        self.network = Network()
        self.one = self.network.router("10.0.0.1", 65001)
        self.two = self.network.router("10.0.0.2", asn)
        self.to_two = neighbor(self.one, "10.0.0.2", asn, **lines)
        self.to_one = neighbor(self.two, "10.0.0.1", 65001)

    def start(self, seconds: float = 3.0) -> "Pair":
        self.one.start()
        self.two.start()
        self.network.advance(seconds)
        return self

    @property
    def a(self) -> Peer:
        return self.one.instances[None].peers[Address.parse("10.0.0.2")]

    @property
    def b(self) -> Peer:
        return self.two.instances[None].peers[Address.parse("10.0.0.1")]

    @property
    def up(self) -> bool:
        return self.a.status is State.ESTABLISHED and self.b.status is State.ESTABLISHED


def test_nothing_happens_for_a_second_then_the_session_comes_up() -> None:
    pair = Pair().start(0.9)
    assert pair.a.status is State.IDLE
    pair.network.advance(0.2)
    assert pair.up
    assert pair.a.state.established == 1
    assert str(pair.a.state.identity.router_id) == "10.0.0.2"
    assert pair.a.state.identity.hostname == "r2"
    assert pair.a.state.remote is not None


def test_both_open_at_once_and_one_connection_is_left() -> None:
    pair = Pair().start()
    assert pair.up
    open_pipes = [pipe for pipe in pair.network.pipes if not pipe.closed]
    assert len(open_pipes) == 2  # the two ends of one connection
    # RFC 4271 sec. 6.8: the one opened by the side with the higher identifier stays.
    assert pair.b.main.session.local_is_active
    assert not pair.a.main.session.local_is_active
    assert pair.a.incoming is pair.b.incoming is None


@pytest.mark.parametrize("asn", [65001, 65002])
def test_a_passive_neighbor_waits(asn: int) -> None:
    pair = Pair(asn, passive=True).start()
    assert pair.up
    assert not pair.a.main.session.local_is_active
    assert not pair.network.transports[Address.parse("10.0.0.1")].dialled


def test_two_passive_neighbors_never_meet() -> None:
    pair = Pair(passive=True)
    pair.to_one.passive = True
    pair.start(300)
    assert pair.a.status is State.ACTIVE
    assert not pair.network.pipes


def test_a_refused_connection_is_tried_again_after_the_retry_time() -> None:
    network = Network()
    one = network.router("10.0.0.1", 65001)
    neighbor(one, "10.0.0.2", 65002, connect_retry=30)
    one.start()
    network.advance(2)
    peer = one.instances[None].peers[Address.parse("10.0.0.2")]
    assert peer.status is State.ACTIVE
    assert peer.state.reset_reason is DownReason.WAITING_OPEN
    transport = network.transports[Address.parse("10.0.0.1")]
    assert len(transport.dialled) == 1
    network.advance(30)
    assert len(transport.dialled) == 2


def test_the_wrong_as_is_refused() -> None:
    pair = Pair()
    pair.to_two.remote_as = 65009
    pair.start(1.5)
    assert not pair.up
    last = pair.b.state.last_notification
    assert last is not None
    assert (last.received, last.code, last.subcode) == (True, 2, 2)


def test_a_lost_connection_comes_back() -> None:
    pair = Pair().start()
    for pipe in pair.network.pipes:
        pipe.hang_up()
    assert pair.a.status is not State.ESTABLISHED
    assert pair.a.state.dropped == 1
    assert pair.a.state.reset_reason is DownReason.PEER_CLOSED
    pair.network.advance(5)
    assert pair.up
    assert pair.a.state.established == 2


def test_hold_timer_ends_a_silent_session() -> None:
    pair = Pair(hold=9, keepalive=3)
    pair.start()
    assert pair.up
    pair.b.main.connection.paused = True  # type: ignore[union-attr]
    pair.b.main.connection.write = lambda data: None  # type: ignore[union-attr]
    pair.network.advance(8)
    assert pair.a.status is State.ESTABLISHED
    pair.network.advance(2)
    assert pair.a.state.dropped == 1
    last = pair.a.state.last_notification
    assert last is not None
    assert (last.received, last.code) == (False, 4)


def test_keepalives_keep_it_up_for_a_day() -> None:
    pair = Pair().start()
    pair.network.advance(86400)
    assert pair.up
    assert pair.a.state.dropped == 0
    assert pair.a.state.sent.keepalives > 1400


def test_unread_updates_do_not_let_the_hold_timer_fire() -> None:
    pair = Pair(hold=9, keepalive=3).start()
    pair.b.main.connection.write = lambda data: None  # type: ignore[union-attr]
    pair.a.queue._draining = True  # the work is busy with others
    pair.a.queue.put([bytes(4)])
    pair.network.advance(20)
    assert pair.a.status is State.ESTABLISHED


def test_shutdown_tells_the_peer_why() -> None:
    pair = Pair().start()
    pair.to_two.shutdown, pair.to_two.shutdown_message = True, "maintenance"
    react(pair.one, Effect.SHUTDOWN, pair.to_two)
    pair.network.advance(0)
    assert pair.a.status is State.IDLE
    assert pair.a.state.reset_reason is DownReason.ADMIN_SHUTDOWN
    last = pair.b.state.last_notification
    assert last is not None
    assert (last.code, last.subcode, last.hard) == (6, 2, True)
    assert last.data[1:] == b"maintenance"
    pair.network.advance(200)
    assert not pair.up
    pair.to_two.shutdown = None
    react(pair.one, Effect.SHUTDOWN, pair.to_two)
    pair.network.advance(121)
    assert pair.up


def test_clear_resets_the_session_and_it_returns() -> None:
    pair = Pair().start()
    pair.one.instances[None].clear([pair.a], Clear.HARD)
    pair.network.advance(0)
    assert not pair.up
    assert pair.a.state.reset_reason is DownReason.USER_RESET
    assert pair.b.state.reset_reason is DownReason.NOTIFICATION_RECEIVED
    pair.network.advance(10)
    assert pair.up


def test_a_neighbor_taken_out_is_told() -> None:
    pair = Pair().start()
    del pair.one.config.instances[None].peers[pair.to_two.name]
    react(pair.one, Effect.PEERS, pair.one.config.instances[None])
    pair.network.advance(0)
    last = pair.b.state.last_notification
    assert last is not None
    assert (last.code, last.subcode) == (6, 3)
    pair.network.advance(200)
    assert pair.b.status is not State.ESTABLISHED  # a stranger is turned away
    assert pair.b.state.established == 1


def test_a_malformed_packet_costs_its_session_only() -> None:
    pair = Pair()
    third = pair.network.router("10.0.0.3", 65003)
    neighbor(third, "10.0.0.1", 65001)
    neighbor(pair.one, "10.0.0.3", 65003)
    third.start()
    pair.start()
    assert pair.up
    pair.b.main.connection.write(MARKER + b"\x00\x01\x02")  # type: ignore[union-attr]
    pair.network.advance(0)
    assert pair.a.state.dropped == 1
    last = pair.a.state.last_notification
    assert last is not None
    assert (last.received, last.code, last.subcode) == (False, 1, 2)
    other = pair.one.instances[None].peers[Address.parse("10.0.0.3")]
    assert other.status is State.ESTABLISHED
    assert other.state.dropped == 0


def test_settings_that_need_it_restart_the_session() -> None:
    pair = Pair().start()
    pair.to_two.description = "x"
    pair.to_two.hold, pair.to_two.keepalive = 30, 10
    react(pair.one, Effect.TIMERS, pair.to_two)
    pair.network.advance(1)
    assert pair.up
    assert pair.a.hold_time == 180
    react(pair.one, Effect.RESET, pair.to_two)
    pair.network.advance(10)
    assert pair.up
    assert pair.a.hold_time == 30
    assert pair.a.keepalive == 10


def test_a_neighbor_without_families_does_not_start() -> None:
    pair = Pair()
    pair.to_two.family(IPV4_UNICAST).activate = False
    pair.start(5)
    assert pair.a.status is State.IDLE
    pair.to_two.family(IPV4_UNICAST).activate = None
    react(pair.one, Effect.ACTIVATE, pair.to_two)
    pair.network.advance(125)
    assert pair.up


def test_debug_lines_are_frrs() -> None:
    pair = Pair()
    pair.one.config.debugging = {"neighbor-events": {}, "keepalives": {}}
    pair.start()
    text = pair.one.log.text  # type: ignore[attr-defined]
    for line in (
        "10.0.0.2 sending OPEN, version 4, my as 65001, holdtime 180, id 10.0.0.1",
        "10.0.0.2 rcv OPEN, version 4, remote-as (in open) 65002, holdtime 180, id 10.0.0.2",
        "10.0.0.2 went from OpenConfirm to Established",
        "10.0.0.2 KEEPALIVE rcvd",
        "10.0.0.2 sending KEEPALIVE",
    ):
        assert line in text


def test_config_of_another_object_makes_a_new_neighbor() -> None:
    pair = Pair().start()
    old = pair.a
    fresh = PeerConfig(pair.to_two.name, 65002)
    pair.one.config.instances[None].peers[pair.to_two.name] = fresh
    react(pair.one, Effect.PEERS, pair.one.config.instances[None])
    assert pair.a is not old
    assert old.deleted


def test_the_key_of_accepted_connections_follows_the_configuration() -> None:
    pair = Pair(password="one").start()
    keys = pair.network.transports[Address.parse("10.0.0.1")].passwords
    assert list(keys.values()) == ["one"]
    pair.to_two.password = "two"
    react(pair.one, Effect.RESET, pair.to_two)
    assert list(keys.values()) == ["two"]
    pair.to_two.password = None
    react(pair.one, Effect.RESET, pair.to_two)
    assert keys == {}
    pair.to_two.password = "three"
    react(pair.one, Effect.RESET, pair.to_two)
    pair.one.config.instances[None].peers.clear()
    react(pair.one, Effect.PEERS, pair.one.config.instances[None])
    assert keys == {}
