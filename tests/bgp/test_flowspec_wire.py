"""Flow specification rules: bytes known from RFC 8955 and FRR, round trips, and any bytes."""

from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bgp.wire.errors import Malformed
from bgp.wire.flowspec import (
    PREFIXES,
    Component,
    Kind,
    Match,
    Network,
    Rule,
    decode,
    encode,
    frame,
    split,
)


def test_example_of_the_rfc() -> None:
    """RFC 8955 sec. 4.3.1: packets to 192.0.2.0/24 and TCP port 25."""
    rule = bytes.fromhex("01 18 c0 00 02 03 81 06 04 81 19")
    assert frame(rule)[0] == 0x0B
    assert decode(rule, 1) == (
        Component(Kind.DESTINATION, Network(0xC0000200, 24)),
        Component(Kind.PROTOCOL, matches=(Match(1, 6),)),
        Component(Kind.PORT, matches=(Match(1, 25),)),
    )


def test_ranges_of_the_rfc() -> None:
    """RFC 8955 sec. 4.3.2: ports {range [137, 139] or 8080}."""
    rule = bytes.fromhex("01 18 c0 00 02 02 08 cb 04 03 89 45 8b 91 1f 90")
    assert decode(rule, 1)[2].matches == (
        Match(3, 137),
        Match(5, 139, conjunct=True),
        Match(1, 8080, size=2),
    )
    assert encode(decode(rule, 1), 1) == rule


def test_ipv6_prefix_with_an_offset() -> None:
    """RFC 8956 sec. 3.8.1: ::1234:5678:9a00:0/64-104."""
    rule = bytes.fromhex("01 68 40 12 34 56 78 9a")
    value = 0x1234_5678_9A00_0000
    assert decode(rule, 2) == (Component(Kind.DESTINATION, Network(value, 104, 64)),)
    assert encode(decode(rule, 2), 2) == rule


@pytest.mark.parametrize("size", [1, 239, 240, 255, 256, 4095])
def test_length_takes_two_octets_from_240_on(size: int) -> None:
    rule = _of_size(size)
    framed = frame(rule)
    assert len(framed) - size == (1 if size < 240 else 2)
    if size > 1:
        assert split(framed + framed, 1) == [(0, rule), (0, rule)]


def _of_size(size: int) -> bytes:
    if size == 1:
        return b"\x03"
    middle = b"\x01\x06" * ((size - 3) // 2)
    return b"\x03" + middle + (b"\x81\x06" if size % 2 else b"\x91\0\x06")


@pytest.mark.parametrize(
    "nlri",
    [
        "00",
        "09 01180a0a0a",
        "03 0d8106",
        "08 01180a0a0a 0d8106",
        "03 039106",
        "07 01210a0a0a0a0a",
        "04 01180a0a",
        "01 01",
        "f0",
        "ffff",
    ],
)
def test_what_cannot_be_taken_ends_the_session(nlri: str) -> None:
    """Each of these made FRR 8.4.4 send a NOTIFICATION 3/9."""
    with pytest.raises(Malformed) as caught:
        split(bytes.fromhex(nlri), 1)
    assert (caught.value.code, caught.value.subcode) == (3, 9)


@pytest.mark.parametrize("rule", ["038106 01180a0a0a", "038106 038107", "030106", "01180a0a0a 03"])
def test_frr_takes_them_so_do_we(rule: str) -> None:
    data = bytes.fromhex(rule)
    assert split(frame(data), 1) == [(0, data)]


def test_path_ids_stand_in_front_of_the_length() -> None:
    data = bytes.fromhex("00000007 03 038106 00000001 03 038111")
    assert split(data, 1, addpath=True) == [(7, b"\x03\x81\x06"), (1, b"\x03\x81\x11")]


_BITS = {1: 32, 2: 128}


@st.composite
def _networks(draw: st.DrawFn, afi: int) -> Network:
    length = draw(st.integers(0, _BITS[afi]))
    offset = 0 if afi == 1 else draw(st.integers(0, length))
    pattern = draw(st.integers(0, (1 << (length - offset)) - 1))
    return Network(pattern << (_BITS[afi] - length), length, offset)


@st.composite
def _values(draw: st.DrawFn) -> tuple[Match, ...]:
    found = []
    for index in range(draw(st.integers(1, 6))):
        size = draw(st.sampled_from((1, 2, 4, 8)))
        value = draw(st.integers(0, 256**size - 1))
        conjunct = bool(index) and draw(st.booleans())
        found.append(Match(draw(st.integers(0, 7)), value, size, conjunct))
    return tuple(found)


@st.composite
def rules(draw: st.DrawFn, afi: int) -> Rule:
    """Any rule with at least one component."""
    kinds = [kind for kind in Kind if afi == 2 or kind != Kind.FLOW_LABEL]
    chosen = draw(st.lists(st.sampled_from(kinds), min_size=1, unique=True).map(sorted))
    return tuple(
        Component(kind, draw(_networks(afi)))
        if kind in PREFIXES
        else Component(kind, matches=draw(_values()))
        for kind in chosen
    )


@pytest.mark.parametrize("afi", [1, 2])
@given(data=st.data())
def test_round_trip(afi: int, data: st.DataObject) -> None:
    listed = data.draw(st.lists(rules(afi), max_size=4))
    nlri = b"".join(frame(encode(rule, afi)) for rule in listed)
    assert [decode(rule, afi) for _, rule in split(nlri, afi)] == listed


@pytest.mark.parametrize("afi", [1, 2])
@given(data=st.binary(max_size=60), addpath=st.booleans())
def test_any_bytes(afi: int, data: bytes, addpath: bool) -> None:
    """Only `Malformed` may escape, and what is taken is what was sent."""
    with suppress(Malformed):
        found = split(data, afi, addpath)
        assert b"".join(rule for _, rule in found) == _without_lengths(data, addpath)


def _without_lengths(data: bytes, addpath: bool) -> bytes:
    found = b""
    while data:
        data = data[4:] if addpath else data
        if data[0] < 240:
            size, data = data[0], data[1:]
        else:
            size, data = int.from_bytes(data[:2], "big") & 0xFFF, data[2:]
        found, data = found + data[:size], data[size:]
    return found
