"""What a session makes of the peer's OPEN and of messages out of turn."""

from dataclasses import replace

import pytest

from bgp.fsm import State
from bgp.negotiation import EXTERNAL, INTERNAL, SessionConfig, negotiate
from bgp.wire import capability as cap
from bgp.wire.message import KEEPALIVE, pack
from bgp.wire.notification import Notification
from tests.bgp.sessions import OLD, ONE, TWO, V4, V6, answer, opened

STRICT = b"Strict mode. Please set the role on your side."
PROVIDER = replace(ONE, role=cap.Role.PROVIDER)


@pytest.mark.parametrize(
    ("config", "peer", "expected"),
    [
        (ONE, TWO, None),
        (ONE, OLD, None),
        (replace(ONE, peer_as=None), TWO, None),
        (replace(ONE, peer_as=65003), TWO, Notification(2, 2, bytes.fromhex("fdea"))),
        (replace(ONE, peer_as=65003), OLD, Notification(2, 2, bytes.fromhex("fdea"))),
        (replace(ONE, peer_as=INTERNAL), TWO, Notification(2, 2, bytes.fromhex("fdea"))),
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
        (replace(PROVIDER, strict_role=True), TWO, Notification(2, 11, STRICT)),
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
