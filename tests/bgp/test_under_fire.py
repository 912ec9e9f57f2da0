"""Neighbours that misbehave without one malformed byte: slow, deaf, impatient, or two at once."""

from dataclasses import replace

import pytest

from bgp.fsm import State
from bgp.wire.capability import IPV4_UNICAST
from bgp.wire.message import KEEPALIVE, MessageType, pack
from bgp.wire.refresh import Refresh, RefreshKind
from grammar.base.values import Address
from tests.bgp.network import Network, Pipe
from tests.bgp.routers import originate, peer, routes, session
from tests.bgp.stranger import CONFIG, ROUTE4, STRANGER, Stranger, open_body

HOLD = 180


def hold_of(seconds: int) -> bytes:
    """An OPEN that asks for this hold time."""
    body = open_body()
    return pack(MessageType.OPEN, body[:3] + seconds.to_bytes(2, "big") + body[5:])


# --- hold times ----------------------------------------------------------------------------------


def test_hold_time_0_needs_no_keepalives() -> None:
    stranger = Stranger()
    stranger.say(hold_of(0), KEEPALIVE)
    assert stranger.state is State.ESTABLISHED
    heard = len(stranger.heard)
    stranger.network.advance(100_000)
    assert stranger.state is State.ESTABLISHED
    assert not [kind for kind, _ in stranger.heard[heard:] if kind == MessageType.KEEPALIVE]
    stranger.check_friend()


@pytest.mark.parametrize("seconds", [1, 2])
def test_hold_times_of_1_and_2_are_refused(seconds: int) -> None:
    stranger = Stranger()
    stranger.say(hold_of(seconds))
    assert stranger.answer is not None
    assert (stranger.answer.code, stranger.answer.subcode) == (2, 6)
    stranger.check_friend()


def test_hold_time_3_ends_after_3_seconds_of_silence() -> None:
    stranger = Stranger()
    stranger.say(hold_of(3), KEEPALIVE)
    stranger.network.advance(2.5)
    assert stranger.state is State.ESTABLISHED
    stranger.network.advance(1)
    assert stranger.answer is not None
    assert stranger.answer.code == 4
    stranger.check_friend()


# --- slow and half-open --------------------------------------------------------------------------


def drip(stranger: Stranger, data: bytes) -> None:
    """One byte a second."""
    assert stranger.wire is not None
    for at in range(len(data)):
        stranger.wire.write(data[at : at + 1])
        stranger.network.advance(1)


def test_an_open_a_byte_a_second_is_taken() -> None:
    stranger = Stranger()
    drip(stranger, pack(MessageType.OPEN, open_body()) + KEEPALIVE)
    assert stranger.state is State.ESTABLISHED
    stranger.check_friend()


def test_a_message_without_end_does_not_keep_a_session() -> None:
    stranger = Stranger().reach(State.ESTABLISHED)
    drip(stranger, pack(MessageType.UPDATE, bytes(5000))[: HOLD + 10])
    assert stranger.answer is not None
    assert stranger.answer.code == 4
    assert stranger.known == set()
    stranger.check_friend()


def test_who_connects_and_says_nothing_is_left_after_four_minutes() -> None:
    stranger = Stranger()
    stranger.network.advance(245)
    assert stranger.answer is not None
    assert stranger.answer.code == 4
    stranger.check_friend()


def test_a_half_open_connection_gives_way_to_a_new_one() -> None:
    # The neighbour lost its state without a word, and connects anew: RFC 4271 sec. 6.8 refuses the
    # new connection while the old session stands, which ends when the hold time is over.
    stranger = Stranger().reach(State.ESTABLISHED)
    old = stranger.wire
    assert isinstance(old, Pipe)
    old.other = None  # what it says goes nowhere
    stranger.network.advance(HOLD + 1)
    assert stranger.state is not State.ESTABLISHED
    assert stranger.known == set()
    stranger.wire = None
    stranger.network.advance(10)
    stranger.again().reach(State.ESTABLISHED)
    stranger.check_friend()


def test_who_never_reads_is_left_after_two_hold_times() -> None:
    stranger = Stranger().reach(State.ESTABLISHED)
    mine = peer(stranger.router, STRANGER)
    assert isinstance(mine.main.connection, Pipe)
    mine.main.connection.buffered = 1 << 20
    originate(stranger.friend, "10.3.0.0/16")
    stranger.network.advance(1)
    before = len(stranger.heard)
    for _ in range(12):
        # It goes on to say that it is there.
        stranger.say(KEEPALIVE)
        stranger.network.advance(31)
    assert stranger.state is not State.ESTABLISHED
    assert stranger.known == set()
    told = [body for kind, body in stranger.heard[before:] if kind == MessageType.UPDATE]
    assert told == []
    stranger.check_friend()


# --- floods --------------------------------------------------------------------------------------


def test_five_thousand_refreshes_are_answered_twice() -> None:
    stranger = Stranger().reach(State.ESTABLISHED)
    before = len(stranger.heard)
    request = pack(MessageType.ROUTE_REFRESH, Refresh(*IPV4_UNICAST).encode())
    stranger.say(request * 5000)
    stranger.network.advance(1)
    end = Refresh(*IPV4_UNICAST, RefreshKind.END).encode()
    answers = stranger.heard[before:].count((MessageType.ROUTE_REFRESH, end))
    assert 1 <= answers <= 2
    stranger.check_friend()


def test_marks_of_refreshes_by_the_thousand_keep_the_routes_that_came() -> None:
    stranger = Stranger().reach(State.ESTABLISHED)
    begin = pack(5, Refresh(*IPV4_UNICAST, RefreshKind.BEGIN).encode())
    stranger.say(begin * 3000)
    assert ROUTE4 in stranger.known
    stranger.say(pack(5, Refresh(*IPV4_UNICAST, RefreshKind.END).encode()) * 3000)
    assert ROUTE4 not in stranger.known
    assert stranger.state is State.ESTABLISHED
    stranger.check_friend()


def test_errors_without_end_are_answered_ever_more_slowly() -> None:
    stranger = Stranger()
    times = []
    for _ in range(8):
        stranger.say(b"\0" * 19)
        assert stranger.answer is not None
        ended = stranger.network.scheduler.clock.now()
        stranger.again()
        times.append(stranger.network.scheduler.clock.now() - ended)
    assert times[-1] >= 60
    assert times == sorted(times)
    stranger.check_friend()


def test_opens_by_the_hundred_end_one_session() -> None:
    stranger = Stranger().reach(State.ESTABLISHED)
    stranger.say(pack(MessageType.OPEN, open_body()) * 300)
    assert stranger.answer is not None
    assert (stranger.answer.code, stranger.answer.subcode) == (5, 3)
    mine = peer(stranger.router, STRANGER)
    assert mine.state.dropped == 1
    stranger.check_friend()


def test_notifications_by_the_hundred_end_one_session() -> None:
    stranger = Stranger().reach(State.ESTABLISHED)
    stranger.say(pack(MessageType.NOTIFICATION, b"\6\2") * 300)
    assert stranger.answer is None
    assert peer(stranger.router, STRANGER).state.dropped == 1
    stranger.check_friend()


# --- two connections at once ---------------------------------------------------------------------


@pytest.mark.parametrize(("first", "second"), [("10.0.0.1", "10.0.0.2"), ("10.0.0.2", "10.0.0.1")])
def test_of_two_connections_that_cross_one_stays(first: str, second: str) -> None:
    network = Network()
    numbers = {"10.0.0.1": 65001, "10.0.0.2": 65002}
    one, two = (network.router(address, numbers[address]) for address in (first, second))
    session(one, two)
    originate(one, "10.1.0.0/16")
    for bgpd in (one, two):
        bgpd.start()
    network.advance(30)
    for bgpd, other in ((one, second), (two, first)):
        mine = peer(bgpd, other)
        assert mine.status is State.ESTABLISHED
        assert mine.incoming is None
        assert (mine.state.established, mine.state.dropped) == (1, 0)
    assert "10.1.0.0/16" in routes(two)
    assert sum(not pipe.closed for pipe in network.pipes) == 2


@pytest.mark.parametrize("ours", [True, False])
@pytest.mark.parametrize("identifier", ["10.0.0.0", "10.0.0.66"])
def test_a_collision_is_settled_by_the_identifiers(ours: bool, identifier: str) -> None:
    """RFC 4271 sec. 6.8, whichever of the two OPENs comes first."""
    stranger = Stranger()
    theirs = stranger.dial()
    value = Address.parse(identifier).value
    message = pack(MessageType.OPEN, replace(CONFIG, router_id=value).open().encode())
    # `ours` is the connection that the router opened; on the other it is the one that was called.
    wires = (stranger.wire, theirs) if ours else (theirs, stranger.wire)
    for wire in wires:
        assert wire is not None
        wire.write(message)
        stranger.network.advance(0.1)
    keeps_ours = value < Address.parse("10.0.0.1").value
    kept, lost = (stranger.wire, theirs) if keeps_ours else (theirs, stranger.wire)
    assert isinstance(kept, Pipe)
    assert isinstance(lost, Pipe)
    assert (kept.closed, lost.closed) == (False, True)
    kept.write(KEEPALIVE)
    stranger.network.advance(0.1)
    assert peer(stranger.router, STRANGER).status is State.ESTABLISHED
    stranger.check_friend()


def test_a_second_connection_to_a_session_that_stands_is_refused() -> None:
    stranger = Stranger().reach(State.ESTABLISHED)
    second = stranger.dial()
    second.write(pack(MessageType.OPEN, open_body()))
    stranger.network.advance(0.1)
    assert isinstance(second, Pipe)
    assert second.closed
    assert stranger.state is State.ESTABLISHED
    assert ROUTE4 in stranger.known
    stranger.check_friend()
