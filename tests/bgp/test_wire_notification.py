"""NOTIFICATION: FRR's words, shutdown communication, hard reset."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bgp.wire.errors import Malformed
from bgp.wire.notification import Notification


# Texts as bgpd 8.4.4 printed them in `show bgp neighbors`.
@pytest.mark.parametrize(
    ("code", "subcode", "text"),
    [
        (1, 2, "Message Header Error/Bad Message Length"),
        (2, 2, "OPEN Message Error/Bad Peer AS"),
        (2, 7, "OPEN Message Error/Unsupported Capability"),
        (3, 1, "UPDATE Message Error/Malformed Attribute List"),
        (3, 8, "UPDATE Message Error/Invalid NEXT_HOP Attribute"),
        (4, 0, "Hold Timer Expired"),
        (5, 1, "Neighbor Events Error/Receive Unexpected Message in OpenSent State"),
        (6, 0, "Cease/Unspecific"),
        (6, 1, "Cease/Maximum Number of Prefixes Reached"),
        (6, 2, "Cease/Administrative Shutdown"),
        (6, 3, "Cease/Peer De-configured"),
        (6, 11, "CeaseUnrecognized Error Subcode"),
        (4, 1, "Hold Timer Expired"),
        (2, 8, "OPEN Message ErrorUnrecognized Error Subcode"),
        (7, 1, "ROUTE-REFRESH Message Error/Invalid Message Length"),
        (8, 0, "Unrecognized Error Code"),
    ],
)
def test_words(code: int, subcode: int, text: str) -> None:
    assert Notification(code, subcode).text == text


def test_hard_reset() -> None:
    message = Notification(6, 2, b"\x02hi", hard=True)
    assert message.encode().hex() == "060906020268" + "69"
    assert Notification.decode(message.encode()) == message
    assert message.text == "Cease/Administrative Shutdown/Hard Reset"
    assert message.shutdown_message == "hi"


@given(st.integers(0, 255), st.integers(0, 255), st.binary(max_size=50), st.booleans())
def test_round_trip(code: int, subcode: int, data: bytes, hard: bool) -> None:
    message = Notification(code, subcode, data, hard)
    if (code, subcode, hard) != (6, 9, False) or len(data) < 2:
        assert Notification.decode(message.encode()) == message


@given(st.binary(min_size=2, max_size=60))
def test_arbitrary_bytes(body: bytes) -> None:
    message = Notification.decode(body)
    assert isinstance(message.text, str)
    assert message.shutdown_message is None or message.code == 6


def test_too_short() -> None:
    with pytest.raises(Malformed):
        Notification.decode(b"\x06")


def test_shutdown_communication() -> None:
    assert Notification.shutdown() == Notification(6, 2)
    message = Notification.shutdown("maintenance", 4)
    assert (message.subcode, message.shutdown_message) == (4, "maintenance")
    assert Notification.shutdown("ä" * 100).shutdown_message == "ä" * 64
    assert Notification(6, 2, b"\x05ab").shutdown_message is None
    assert Notification(6, 1, b"\x02ab").shutdown_message is None


def test_answer_to_a_malformed_message() -> None:
    assert Notification.of(Malformed(3, 8, b"data")) == Notification(3, 8, b"data")
