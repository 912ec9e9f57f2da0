"""Sessions back to back under a clock that only the test moves; no socket, no sleep."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bgp.events import (
    Close,
    Connect,
    Down,
    DownReason,
    Event,
    NotificationReceived,
    OpenReceived,
    RefreshReceived,
    Reset,
    Up,
    UpdateReceived,
)
from bgp.fsm import State
from bgp.negotiation import EXTERNAL, INTERNAL, SessionConfig, negotiate
from bgp.session import Session
from bgp.wire import capability as cap
from bgp.wire import update
from bgp.wire.errors import Malformed
from bgp.wire.message import KEEPALIVE, Framer, MessageType, pack
from bgp.wire.notification import Notification
from bgp.wire.open import Open
from bgp.wire.refresh import Refresh

V4, V6 = cap.IPV4_UNICAST, cap.IPV6_UNICAST
ONE = SessionConfig(65001, 1, peer_as=65002, hostname="r1", families=(V4, V6))
TWO = SessionConfig(65002, 2, peer_as=EXTERNAL, hostname="r2", families=(V4,))


class Pair:
    """Two sessions and the wire between them."""

    def __init__(self, one: SessionConfig = ONE, two: SessionConfig = TWO) -> None:
        self.now = 100.0
        self.one, self.two = Session(one), Session(two)
        self.log: list[tuple[Session, Event]] = []

    def note(self, session: Session, events: list[Event]) -> None:
        self.log += [(session, event) for event in events]

    def connect(self) -> "Pair":
        self.note(self.one, self.one.start(self.now))
        self.note(self.two, self.two.start(self.now))
        self.note(self.one, self.one.connected(self.now))
        self.note(self.two, self.two.connected(self.now, local_is_active=False))
        self.exchange()
        return self

    def exchange(self) -> None:
        while True:
            to_two, to_one = self.one.outgoing(), self.two.outgoing()
            if not to_two and not to_one:
                return
            if to_two:
                self.note(self.two, self.two.receive(to_two, self.now))
            if to_one:
                self.note(self.one, self.one.receive(to_one, self.now))

    def advance(self, seconds: float, *, lossy: bool = False) -> None:
        end = self.now + seconds
        while True:
            deadlines = [d for d in (self.one.deadline, self.two.deadline) if d is not None]
            if not deadlines or min(deadlines) > end:
                break
            self.now = max(self.now, min(deadlines))
            for session in (self.one, self.two):
                self.note(session, session.tick(self.now))
            if lossy:
                self.one.outgoing(), self.two.outgoing()
            else:
                self.exchange()
        self.now = end

    def events(self, session: Session, kind: type) -> list:
        return [event for owner, event in self.log if owner is session and isinstance(event, kind)]

    def down(self, session: Session) -> DownReason:
        (event,) = self.events(session, Down)
        return event.reason


def established(config: SessionConfig = ONE, peer: SessionConfig = TWO) -> tuple[Session, float]:
    pair = Pair(config, peer).connect()
    assert pair.one.state is State.ESTABLISHED
    return pair.one, pair.now


def test_both_come_up_and_agree() -> None:
    pair = Pair().connect()
    for session, peer in ((pair.one, pair.two), (pair.two, pair.one)):
        assert session.state is State.ESTABLISHED
        assert session.peer_open == peer.config.open()
        (up,) = pair.events(session, Up)
        assert up.negotiated is session.negotiated
    terms = pair.one.negotiated
    assert terms is not None
    assert (terms.peer_as, terms.router_id, terms.hostname) == (65002, 2, "r2")
    assert terms.families == {V4}
    assert all((terms.as4, terms.external, terms.route_refresh, terms.enhanced_refresh))
    assert terms.max_length == 65535
    assert not terms.addpath_receive | terms.addpath_send
    # FRR sends one KEEPALIVE for the OPEN and no other before the interval is over.
    counters = pair.one.counters
    assert (counters.opens_sent, counters.keepalives_sent, counters.total_sent) == (1, 1, 2)
    assert counters.total_received == 2


def test_keepalives_keep_it_up_for_hours() -> None:
    pair = Pair().connect()
    pair.advance(4 * 3600)
    assert pair.one.state is pair.two.state is State.ESTABLISHED
    assert pair.one.counters.keepalives_sent == 1 + 4 * 60
    assert pair.one.last_read == pair.one.last_write == pair.now


def test_hold_timer() -> None:
    pair = Pair(replace(ONE, hold_time=9, keepalive=3)).connect()
    assert (pair.one.hold_time, pair.one.keepalive, pair.two.keepalive) == (9, 3, 3)
    pair.advance(8.9, lossy=True)
    assert pair.one.state is State.ESTABLISHED
    pair.advance(0.1, lossy=True)
    reason = pair.down(pair.one)
    assert reason == DownReason(Reset.NOTIFICATION_SENT, Notification(4), True)
    assert pair.one.counters.notifications_sent == 1


def test_hold_timer_waits_for_unread_bytes() -> None:
    session, now = established(replace(ONE, hold_time=9, keepalive=3))
    session.hold_extend(now + 8)
    assert not [e for e in session.tick(now + 9) if isinstance(e, Down)]
    assert [e for e in session.tick(now + 17) if isinstance(e, Down)]


def test_hold_time_zero_means_no_timers() -> None:
    pair = Pair(replace(ONE, hold_time=0)).connect()
    assert (pair.one.deadline, pair.two.deadline, pair.two.keepalive) == (None, None, 0)


@pytest.mark.parametrize(
    ("ours", "keepalive", "theirs", "agreed"),
    [(180, 60, 90, (90, 30)), (180, 20, 90, (90, 20)), (30, 10, 180, (30, 10)), (3, 1, 3, (3, 1))],
)
def test_agreed_times(ours: int, keepalive: int, theirs: int, agreed: tuple[int, int]) -> None:
    terms = negotiate(
        replace(ONE, hold_time=ours, keepalive=keepalive), replace(TWO, hold_time=theirs).open()
    )
    assert (terms.hold_time, terms.keepalive) == agreed


def test_updates_and_refreshes_pass() -> None:
    pair = Pair().connect()
    bodies = [bytes(4), update.join(b"", b"\x40\x01\x01\x00", b"\x00")]
    pair.one.send(b"".join(pack(MessageType.UPDATE, b) for b in bodies), count=2)
    pair.one.send(pack(5, Refresh(1, 1, 1).encode()), MessageType.ROUTE_REFRESH)
    pair.exchange()
    assert pair.events(pair.two, UpdateReceived) == [UpdateReceived(body) for body in bodies]
    assert pair.events(pair.two, RefreshReceived) == [RefreshReceived(1, 1, 1)]
    assert pair.one.counters.updates_sent == pair.two.counters.updates_received == 2
    assert pair.two.counters.route_refresh_received == 1


def test_administrative_shutdown_is_a_hard_reset_between_new_speakers() -> None:
    pair = Pair().connect()
    pair.note(pair.one, pair.one.stop(pair.now, Notification.shutdown("bye")))
    pair.exchange()
    assert pair.down(pair.one).reset is Reset.ADMIN_SHUTDOWN
    reason = pair.down(pair.two)
    assert reason.reset is Reset.NOTIFICATION_RECEIVED
    assert reason.notification is not None
    assert reason.notification.text == "Cease/Administrative Shutdown/Hard Reset"
    assert reason.notification.shutdown_message == "bye"
    assert len(pair.events(pair.two, NotificationReceived)) == 1
    assert pair.one.deadline is None
    assert pair.two.deadline == pair.now + 1


@pytest.mark.parametrize("switch", ["graceful_notification", "hard_administrative_reset"])
def test_reset_that_is_not_hard(switch: str) -> None:
    pair = Pair(replace(ONE, **{switch: False})).connect()
    pair.note(pair.one, pair.one.reset(pair.now, Notification(6, 4)))
    pair.exchange()
    assert pair.down(pair.one).reset is Reset.USER_RESET
    assert pair.down(pair.two).notification == Notification(6, 4)
    assert pair.one.deadline == pair.now + 1


def test_closed_by_the_peer() -> None:
    session, now = established()
    events = session.closed(now)
    assert events == [Close(), Down(DownReason(Reset.PEER_CLOSED), True)]
    assert session.negotiated is None
    assert session.tick(now + 1) == [Connect()]


def test_failed_attempts_are_repeated() -> None:
    session = Session(ONE)
    assert session.start(0, delay=1) == []
    assert (session.state, session.deadline) == (State.IDLE, 1)
    assert session.tick(1) == [Connect()]
    assert session.connect_failed(2) == [Close()]
    assert (session.state, session.deadline) == (State.ACTIVE, 122)
    assert session.tick(122) == [Connect()]
    # No answer at all: the attempt is given up and made again.
    assert session.tick(242) == [Close(), Connect()]
    assert session.stop(243) == [Close()]
    assert (session.state, session.deadline) == (State.IDLE, None)


def test_passive_waits_for_good() -> None:
    session = Session(replace(ONE, passive=True))
    assert session.start(0) == []
    assert (session.state, session.deadline) == (State.ACTIVE, None)
    session.connected(5, local_is_active=False)
    assert session.state is State.OPEN_SENT
    events = session.closed(6)
    assert events == [Close(), Down(DownReason(Reset.PEER_CLOSED), False)]
    assert (session.state, session.deadline) == (State.ACTIVE, None)


def test_an_accepted_connection_alone_does_not_start_again() -> None:
    session = Session(ONE)
    session.connected(0, local_is_active=False)
    session.closed(1)
    assert (session.state, session.deadline) == (State.IDLE, None)


def test_open_hold_time() -> None:
    session = Session(ONE)
    session.connected(0)
    assert session.deadline == 240
    session.tick(240)
    assert session.outgoing().endswith(pack(3, b"\x04\x00"))


def test_errors_slow_down_the_next_start() -> None:
    session = Session(ONE)  # wants AS 65002
    session.start(0)
    delays, now = [], 0.0
    for _ in range(8):
        session.connected(now)
        session.receive(opened(replace(TWO, local_as=65003)), now)
        assert session.deadline is not None
        delays.append(session.deadline - now)
        now = session.deadline
        session.tick(now)
    assert delays == [2, 4, 8, 16, 32, 64, 120, 120]
    # What the peer finds does not: bgpd 8.4.4 tries again after the same time.
    session.connected(now)
    session.receive(pack(3, b"\x06\x05"), now)
    assert session.deadline == now + 120


def test_delayed_open() -> None:
    pair = Pair(replace(ONE, delay_open=7))
    pair.one.start(pair.now)
    pair.one.connected(pair.now)
    assert (pair.one.state, pair.one.outgoing()) == (State.CONNECT, b"")
    pair.one.tick(pair.now + 7)
    assert pair.one.state is State.OPEN_SENT
    # The peer's OPEN ends the delay.
    pair = Pair(replace(ONE, delay_open=7)).connect()
    assert pair.one.state is pair.two.state is State.ESTABLISHED


def test_collision_hook_sees_the_open_before_the_answer() -> None:
    seen: list[Open] = []

    def refuse(message: Open) -> Notification:
        seen.append(message)
        return Notification(6, 7)

    session = Session(ONE, on_open=refuse)
    session.connected(0)
    session.outgoing()
    events = session.receive(pack(1, TWO.open().encode()), 1)
    assert seen == [TWO.open()]
    assert session.outgoing() == pack(3, b"\x06\x07")
    assert not [e for e in events if isinstance(e, OpenReceived)]
    assert session.state is State.IDLE


def answer(config: SessionConfig, *messages: bytes) -> tuple[Session, Notification | None]:
    session = Session(config)
    session.connected(0)
    session.outgoing()
    for message in messages:
        session.receive(message, 1)
    framer = Framer()
    framer.feed(session.outgoing())
    sent = [Notification.decode(body) for kind, body in framer if kind == 3]
    return session, sent[0] if sent else None


def opened(config: SessionConfig) -> bytes:
    return pack(1, config.open().encode())


OLD = replace(TWO, dont_capability_negotiate=True)
PROVIDER = replace(ONE, role=cap.Role.PROVIDER)


@pytest.mark.parametrize(
    ("config", "peer", "expected"),
    [
        (ONE, TWO, None),
        (ONE, OLD, None),
        (replace(ONE, peer_as=None), TWO, None),
        (replace(ONE, peer_as=65003), TWO, Notification(2, 2, bytes.fromhex("0000fdea"))),
        (replace(ONE, peer_as=65003), OLD, Notification(2, 2, bytes.fromhex("fdea"))),
        (replace(ONE, peer_as=INTERNAL), TWO, Notification(2, 2, bytes.fromhex("0000fdea"))),
        (replace(ONE, local_as=65002, peer_as=EXTERNAL), OLD, Notification(2, 2, b"\xfd\xea")),
        (replace(ONE, local_as=65002, peer_as=INTERNAL), OLD, None),
        (replace(ONE, router_id=2), TWO, None),
        (replace(ONE, local_as=65002, router_id=2), TWO, Notification(2, 3, b"\0\0\0\2")),
        (replace(ONE, minimum_hold_time=200), TWO, Notification(2, 6, b"\0\xb4")),
        (replace(ONE, families=(V6,)), TWO, Notification(2, 7, bytes.fromhex("010400010001"))),
        (replace(ONE, families=(V6,), override_capability=True), TWO, None),
        (replace(ONE, strict_capability_match=True), TWO, Notification(2, 7)),
        (replace(ONE, families=(V4,), strict_capability_match=True), TWO, None),
        (PROVIDER, TWO, None),
        (PROVIDER, replace(TWO, role=cap.Role.CUSTOMER), None),
        (PROVIDER, replace(TWO, role=cap.Role.PROVIDER), Notification(2, 11)),
        (replace(PROVIDER, strict_role=True), TWO, Notification(2, 11)),
        (replace(ONE, peer_as=4200000000), replace(TWO, local_as=4200000000), None),
    ],
)
def test_opens_taken_and_refused(
    config: SessionConfig, peer: SessionConfig, expected: Notification | None
) -> None:
    config = replace(config, peer_as=65002) if config.peer_as == 65002 else config
    session, sent = answer(config, opened(peer))
    assert sent == expected
    assert session.state is (State.OPEN_CONFIRM if expected is None else State.IDLE)


@pytest.mark.parametrize(
    ("messages", "expected", "state"),
    [
        ([KEEPALIVE], Notification(5, 1), State.IDLE),
        ([pack(2, bytes(4))], Notification(5, 1), State.IDLE),
        ([opened(TWO), pack(2, bytes(4))], Notification(5, 2), State.IDLE),
        ([opened(TWO), opened(TWO)], Notification(5, 2), State.IDLE),
        ([opened(TWO), KEEPALIVE, opened(TWO)], Notification(5, 3), State.IDLE),
        ([opened(TWO), KEEPALIVE, pack(2, b"\xff" * 4)], None, State.ESTABLISHED),
        ([opened(TWO), KEEPALIVE, pack(5, bytes(5))], None, State.ESTABLISHED),
        (
            [opened(TWO), KEEPALIVE, pack(5, b"\0\1\1\1\0")],
            Notification(7, 1, b"\0\1\1\1\0"),
            State.IDLE,
        ),
        ([b"\0" * 19], Notification(1, 1), State.IDLE),
        ([opened(TWO), KEEPALIVE, pack(77)], Notification(1, 3, b"\x4d"), State.IDLE),
        ([opened(TWO), pack(3, b"\x06\x02")], None, State.IDLE),
    ],
)
def test_unexpected_messages(
    messages: list[bytes], expected: Notification | None, state: State
) -> None:
    session, sent = answer(ONE, *messages)
    assert (sent, session.state) == (expected, state)


def test_refused_message_is_told() -> None:
    session = Session(replace(ONE, peer_as=65003))
    session.connected(0)
    (_, down) = session.receive(opened(TWO), 1)
    assert isinstance(down, Down)
    assert down.reason.message == opened(TWO)
    assert down.reason.sent


def test_owner_finds_a_bad_update() -> None:
    session, now = established()
    session.outgoing()
    events = session.fail(Malformed(3, 1), now, b"body")
    assert session.outgoing() == pack(3, b"\x03\x01")
    expected = DownReason(
        Reset.NOTIFICATION_SENT, Notification(3, 1), True, pack(MessageType.UPDATE, b"body")
    )
    assert events == [Close(), Down(expected, True)]


def test_events_before_an_error_are_kept_and_nothing_after_it() -> None:
    session, now = established()
    good = pack(2, bytes(4))
    events = session.receive(good + pack(1, bytes(10)) + good, now)
    assert [type(event) for event in events] == [UpdateReceived, Close, Down]
    assert session.receive(good, now) == []
    assert session.counters.updates_received == 1


def test_capabilities_are_agreed_one_by_one() -> None:
    both = cap.AddPathMode.BOTH
    one = replace(
        ONE,
        addpath=((V4, both),),
        extended_nexthop=True,
        graceful=cap.GracefulMode.RESTARTER,
        forwarding_kept=True,
    )
    two = replace(TWO, addpath=((V4, both),), extended_nexthop=True, role=cap.Role.PEER)
    terms = negotiate(two, one.open())
    assert terms.addpath_send == terms.addpath_receive == {V4}
    assert terms.extended_nexthop == {V4}
    assert terms.graceful is not None
    assert terms.graceful.families == ((1, 1, True), (2, 1, True))
    assert negotiate(TWO, one.open()).addpath_send == frozenset()
    assert negotiate(TWO, one.open()).addpath_receive == {V4}
    assert negotiate(one, two.open()).remote_role is cap.Role.PEER
    bare = negotiate(ONE, OLD.open())
    assert bare.families == {V4}
    assert not any((bare.as4, bare.route_refresh, bare.extended_message, bare.graceful))


def test_peer_that_keeps_forwarding_is_told_apart_when_it_closes() -> None:
    peer = replace(TWO, graceful=cap.GracefulMode.RESTARTER)
    session, now = established(ONE, peer)
    assert session.closed(now)[-1] == Down(DownReason(Reset.NSF_PEER_CLOSED), True)


@given(st.lists(st.binary(max_size=40), max_size=6), st.sampled_from([0, 1, 2]))
def test_arbitrary_bytes_never_break_a_session(chunks: list[bytes], stage: int) -> None:
    session = Session(ONE)
    session.start(0)
    session.connected(0)
    for message in (opened(TWO), KEEPALIVE)[:stage]:
        session.receive(message, 1)
    for chunk in chunks:
        session.receive(b"\xff" * 16 + chunk, 2)
    assert session.state in State
    session.tick(1000)


@given(
    st.lists(
        st.sampled_from(
            [
                "start",
                "stop",
                "connected",
                "failed",
                "closed",
                "open",
                "keepalive",
                "update",
                "notification",
                "refresh",
                "wait",
            ]
        ),
        max_size=25,
    )
)
def test_any_order_of_inputs_leaves_a_consistent_session(inputs: list[str]) -> None:
    session, now = Session(ONE), 0.0
    messages = {
        "open": opened(TWO),
        "keepalive": KEEPALIVE,
        "update": pack(2, bytes(4)),
        "notification": pack(3, b"\x06\x04"),
        "refresh": pack(5, bytes(4)),
    }
    for name in inputs:
        now += 1
        if name in messages:
            session.receive(messages[name], now)
        elif name == "wait":
            now = max(now, session.deadline or now)
            session.tick(now)
        else:
            call = {
                "start": session.start,
                "stop": session.stop,
                "connected": session.connected,
                "failed": session.connect_failed,
                "closed": session.closed,
            }[name]
            call(now)
        assert (session.negotiated is not None) == (
            session.state in (State.OPEN_CONFIRM, State.ESTABLISHED)
        )
        assert session.deadline is None or session.deadline > 0
    session.stop(now)
    assert (session.state, session.deadline) == (State.IDLE, None)
