"""Framing: whole messages out of any cutting of the stream, and the errors of a header."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bgp.wire.errors import Malformed
from bgp.wire.message import KEEPALIVE, MARKER, Framer, pack
from tests.bgp.outcome import outcome


def frames(data: bytes, sizes: list[int], framer: Framer | None = None) -> list[tuple[int, bytes]]:
    framer = framer or Framer()
    found = []
    for size in [*sizes, len(data)]:
        chunk, data = data[:size], data[size:]
        framer.feed(chunk)
        found += list(framer)
    return found


def test_keepalive_is_the_header_alone() -> None:
    assert KEEPALIVE == b"\xff" * 16 + b"\x00\x13\x04"


@given(
    st.lists(st.tuples(st.just(2), st.binary(min_size=4, max_size=60)), max_size=8),
    st.lists(st.integers(0, 50), max_size=30),
)
def test_any_cutting_gives_the_same_messages(
    messages: list[tuple[int, bytes]], sizes: list[int]
) -> None:
    assert frames(b"".join(pack(*m) for m in messages), sizes) == messages


def test_messages_left_by_a_broken_loop_come_again() -> None:
    framer = Framer()
    framer.feed(KEEPALIVE + pack(2, bytes(4)))
    for message in framer:
        assert message == (4, b"")
        break
    assert list(framer) == [(2, bytes(4))]
    assert framer.pending == 0


# The data are those that bgpd 8.4.4 sent back.
@pytest.mark.parametrize(
    ("data", "subcode", "sent_back"),
    [
        (b"\xfe" + MARKER[1:] + b"\x00\x13\x04", 1, ""),
        (MARKER + b"\x00\x12\x01", 2, "0012"),
        (MARKER + b"\x10\x01\x01", 2, "1001"),
        (MARKER + b"\x00\x13\x09", 3, "09"),
        (pack(4, b"x"), 2, "0014"),
        (pack(5, b"\x00\x01\x00"), 2, "0016"),
        (MARKER + b"\x00\x16\x02", 2, "0016"),
        (MARKER + b"\x10\x01\x02", 2, "1001"),
        (MARKER + b"\x00\x14\x03", 2, "0014"),
    ],
)
def test_bad_header(data: bytes, subcode: int, sent_back: str) -> None:
    framer = Framer()
    framer.feed(KEEPALIVE + data)
    messages = iter(framer)
    assert next(messages) == (4, b"")
    with pytest.raises(Malformed) as caught:
        next(messages)
    error = caught.value
    assert (error.code, error.subcode, error.data.hex()) == (1, subcode, sent_back)


def test_extended_messages_only_when_negotiated_and_never_for_open() -> None:
    long = pack(2, bytes(5000))
    with pytest.raises(Malformed):
        frames(long, [])
    framer = Framer()
    framer.max_length = 65535
    assert frames(long + pack(2, bytes(65516)), [], framer) == [
        (2, bytes(5000)),
        (2, bytes(65516)),
    ]
    with pytest.raises(Malformed):
        frames(pack(1, bytes(5000)), [], framer)


@given(st.binary(max_size=200))
def test_arbitrary_bytes(data: bytes) -> None:
    for start in (b"", MARKER):
        framer = Framer()
        framer.feed(start + data)
        found = outcome(list, framer)
        assert not isinstance(found, Malformed) or found.code == 1
