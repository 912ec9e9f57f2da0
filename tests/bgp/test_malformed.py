"""What a malformed message costs: its sender what the RFCs say, everyone else nothing."""

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bgp.fsm import State
from bgp.wire.message import KEEPALIVE, MessageType, pack
from bgp.wire.notification import Notification
from bgp.wire.update import join
from tests.bgp.malformed import (
    CONFIRMING,
    NEXT_HOP,
    NLRI4,
    NLRI6,
    OPENING,
    RULES,
    UNKNOWN,
    UP,
    Fatal,
    Mild,
    attribute,
    reach,
    unreach,
)
from tests.bgp.malformed_past import PAST
from tests.bgp.stranger import (
    AS_PATH,
    GOOD,
    NEXT_HOP6,
    ORIGIN,
    ROUTE4,
    STRANGER_AS,
    Stranger,
    open_body,
    update,
)

ROWS = [row for rows in (*RULES.values(), *PAST.values()) for row in rows]
FATAL = [row for row in ROWS if isinstance(row, Fatal)]
MILD = [row for row in ROWS if isinstance(row, Mild)]


def test_no_two_rows_have_a_name() -> None:
    assert len({row.name for row in ROWS}) == len(ROWS)


@pytest.mark.parametrize("row", FATAL, ids=[row.name for row in FATAL])
def test_a_message_that_ends_its_session(row: Fatal) -> None:
    stranger = Stranger(row.families).reach(row.state)
    stranger.say(row.message)
    assert stranger.answer == Notification(row.code, row.subcode, row.data)
    assert stranger.state is State.IDLE
    assert stranger.known == set()
    assert stranger.wire is not None
    assert stranger.wire.closed  # type: ignore[attr-defined]
    assert f"%NOTIFICATION: sent to neighbor 10.0.0.66 {row.code}/{row.subcode} (" in stranger.said
    stranger.check_friend()


@pytest.mark.parametrize("state", [OPENING, CONFIRMING, UP])
@pytest.mark.parametrize(
    "body", [b"\6\4", b"\6\2\3bye", b"\6\x09\6\2", b"\x63\x63\xff", b"\6\2\xff"]
)
def test_a_notification_ends_the_session_without_an_answer(state: State, body: bytes) -> None:
    stranger = Stranger().reach(state)
    stranger.say(pack(MessageType.NOTIFICATION, body))
    assert stranger.answer is None
    assert stranger.state is State.IDLE
    assert stranger.known == set()
    stranger.check_friend()


# --- sessions that stay --------------------------------------------------------------------------


@pytest.mark.parametrize("row", MILD, ids=[row.name for row in MILD])
def test_a_message_that_the_session_survives(row: Mild) -> None:
    stranger = Stranger(row.families).reach(row.state)
    stranger.say(row.message)
    assert stranger.answer is None
    assert stranger.state is (UP if row.state is UP else CONFIRMING)
    assert stranger.known == row.kept
    if row.log:
        assert "10.0.0.66 rcvd UPDATE with errors" in stranger.said
        assert row.log in stranger.said
    if row.state is UP:
        stranger.say(KEEPALIVE, update(GOOD, NLRI4))
        assert ROUTE4 in stranger.known
    stranger.check_friend()


@pytest.mark.parametrize("body", [open_body()[:9] + b"\0"])
def test_a_family_that_was_not_negotiated_is_passed_over(body: bytes) -> None:
    # Without capabilities the session is for IPv4 unicast and two-byte AS numbers.
    stranger = Stranger()
    stranger.say(pack(MessageType.OPEN, body), KEEPALIVE)
    path = attribute(0x40, 2, b"\2\1" + STRANGER_AS.to_bytes(2, "big"))
    stranger.say(update(ORIGIN + path + NEXT_HOP, NLRI4))
    stranger.say(
        update(ORIGIN + path + reach(2, 1, NEXT_HOP6, NLRI6)), update(unreach(2, 1, b"\xff"))
    )
    assert stranger.answer is None
    assert stranger.known == {ROUTE4}
    stranger.check_friend()


# --- anything ------------------------------------------------------------------------------------

_PIECES = st.one_of(
    st.sampled_from([ORIGIN, AS_PATH, NEXT_HOP, UNKNOWN, unreach(25, 70), unreach(2, 1, NLRI6)]),
    st.builds(
        attribute,
        st.sampled_from([0x40, 0x80, 0xC0, 0xE0, 0x00]),
        st.one_of(st.integers(0, 40), st.integers(0, 255)),
        st.binary(max_size=40),
    ),
    st.builds(
        reach,
        st.sampled_from([1, 2, 25]),
        st.integers(0, 3),
        st.binary(max_size=33),
        st.binary(max_size=20),
    ),
    st.binary(max_size=8),
)
_BODIES = st.one_of(
    st.binary(min_size=4, max_size=80),
    st.builds(
        join,
        st.binary(max_size=10),
        st.lists(_PIECES, max_size=8).map(b"".join),
        st.one_of(st.just(NLRI4), st.binary(max_size=20)),
    ),
)
_SLOW = settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])


@_SLOW
@given(st.lists(_BODIES, min_size=1, max_size=6))
def test_any_update_costs_its_own_session_at_most(bodies: list[bytes]) -> None:
    stranger = Stranger().reach(UP)
    stranger.say(*(pack(MessageType.UPDATE, body) for body in bodies))
    answer = stranger.answer
    if answer is None:
        assert stranger.state is UP
    else:
        assert answer.code == 3
        assert stranger.known == set()
    stranger.check_friend()


@_SLOW
@given(st.sampled_from([OPENING, CONFIRMING, UP]), st.integers(0, 255), st.binary(max_size=60))
def test_any_message_in_any_state(state: State, kind: int, body: bytes) -> None:
    stranger = Stranger().reach(state)
    stranger.say(pack(kind, body))
    stranger.check_friend()


@_SLOW
@given(st.sampled_from([OPENING, CONFIRMING, UP]), st.binary(min_size=19, max_size=60))
def test_any_bytes_in_any_state(state: State, data: bytes) -> None:
    stranger = Stranger().reach(state)
    stranger.say(data)
    assert stranger.answer is not None
    assert stranger.known == set()
    stranger.check_friend()
