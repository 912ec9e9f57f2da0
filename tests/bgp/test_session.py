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
    NotificationReceived,
    OpenReceived,
    RefreshReceived,
    Reset,
    Up,
    UpdatesReceived,
)
from bgp.fsm import State
from bgp.negotiation import negotiate
from bgp.session import Session
from bgp.wire import capability as cap
from bgp.wire import update
from bgp.wire.errors import Malformed
from bgp.wire.message import KEEPALIVE, MessageType, pack
from bgp.wire.notification import Notification
from bgp.wire.open import Open
from bgp.wire.refresh import Refresh
from tests.bgp.sessions import ONE, TWO, V4, Pair, established, opened


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
    assert (counters.opens_sent, counters.keepalives_sent, counters.updates_sent) == (1, 1, 0)
    assert (counters.opens_received, counters.keepalives_received) == (1, 1)


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
    heard = pair.events(pair.two, UpdatesReceived)
    assert [body for event in heard for body in event.bodies] == bodies
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
    assert session.counters.notifications_sent == 0  # FRR does not count it
    assert not [e for e in events if isinstance(e, OpenReceived)]
    assert session.state is State.IDLE


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
    assert [type(event) for event in events] == [UpdatesReceived, Close, Down]
    assert session.receive(good, now) == []
    assert session.counters.updates_received == 1


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
