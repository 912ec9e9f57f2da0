"""UPDATE, NLRI, ROUTE-REFRESH: vectors, packing, round trips, arbitrary bytes."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bgp.wire import nlri, update
from bgp.wire.errors import Malformed
from bgp.wire.message import Framer
from bgp.wire.refresh import Refresh, RefreshKind
from grammar.base.values import IP, Afi, Prefix
from tests.bgp.outcome import outcome


def prefixes(afi: Afi) -> st.SearchStrategy[int]:
    bits = afi.bits
    return st.tuples(st.integers(0, 2**bits - 1), st.integers(0, bits)).map(
        lambda pair: Prefix(afi, pair[0], pair[1]).network.key
    )


families = st.sampled_from(list(IP)).flatmap(
    lambda afi: st.tuples(st.just(afi), st.lists(prefixes(afi), max_size=60))
)


def key(text: str) -> int:
    return Prefix.parse(text).key


def bodies(messages: list[bytes]) -> list[bytes]:
    framer = Framer(65535)
    framer.feed(b"".join(messages))
    return [body for _, body in framer]


@given(families)
def test_prefixes_round_trip(family: tuple[Afi, list[int]]) -> None:
    afi, keys = family
    data = b"".join(nlri.pack_prefixes(keys, afi, 20))
    assert nlri.decode_prefixes(data, afi) == keys
    pairs = list(enumerate(keys, 1))
    data = b"".join(nlri.pack_prefixes(keys, afi, 25, range(1, len(keys) + 1)))
    assert nlri.decode_addpath(data, afi) == pairs
    assert nlri.decode_prefixes(data, afi, addpath=True) == keys


def test_prefix_vectors() -> None:
    data = bytes.fromhex("0018c6336420c6336401 08 0a".replace(" ", ""))
    expected = ["0.0.0.0/0", "198.51.100.0/24", "198.51.100.1/32", "10.0.0.0/8"]
    assert nlri.decode_prefixes(data, 1) == [key(text) for text in expected]
    data = bytes.fromhex("3020010db8004200")
    assert nlri.decode_prefixes(data, 2) == [key("2001:db8:42::/48"), key("::/0")]


def test_host_bits_are_cut() -> None:
    assert nlri.decode_prefixes(bytes.fromhex("19c63364ff"), 1) == [key("198.51.100.128/25")]


@pytest.mark.parametrize(
    ("data", "afi"),
    [("21c633640000", 1), ("18c633", 1), ("81" + "00" * 17, 2), ("3020", 2), ("ff", 1), ("20", 1)],
)
def test_bad_prefix_resets(data: str, afi: int) -> None:
    for raw, addpath in ((bytes.fromhex(data), False), (bytes(4) + bytes.fromhex(data), True)):
        with pytest.raises(Malformed) as caught:
            nlri.decode_prefixes(raw, afi, addpath)
        assert (caught.value.code, caught.value.subcode) == (3, 10)


@given(st.binary(max_size=80), st.sampled_from([1, 2]), st.booleans())
def test_arbitrary_prefixes(data: bytes, afi: int, addpath: bool) -> None:
    keys = outcome(nlri.decode_prefixes, data, afi, addpath)
    if isinstance(keys, Malformed):
        assert (keys.code, keys.subcode) == (3, 10)
    else:
        assert [Prefix.from_key(Afi(afi), k).network.key for k in keys] == keys


@given(families, st.integers(21, 100))
def test_chunks_fit_and_lose_nothing(family: tuple[Afi, list[int]], room: int) -> None:
    afi, keys = family
    chunks = list(nlri.pack_prefixes(keys, afi, room))
    assert all(0 < len(chunk) <= room for chunk in chunks)
    assert nlri.decode_prefixes(b"".join(chunks), afi) == keys
    chunks = list(nlri.pack_prefixes(keys, afi, room, path_ids=range(len(keys))))
    assert all(0 < len(chunk) <= room for chunk in chunks)
    assert nlri.decode_addpath(b"".join(chunks), afi) == list(enumerate(keys))


@given(st.binary(max_size=60))
def test_split_and_join(data: bytes) -> None:
    parts = outcome(update.split, data)
    if isinstance(parts, Malformed):
        assert (parts.code, parts.subcode) == (3, 1)
    else:
        assert update.join(*parts) == data


@pytest.mark.parametrize("body", ["0000ffff40", "ffff0000", "000000", "00010000", "0002000000"])
def test_lengths_that_do_not_fit(body: str) -> None:
    with pytest.raises(Malformed):
        update.split(bytes.fromhex(body))


# What bgpd 8.4.4 sent for one IPv6 route, next hop global and link-local, and for its withdrawal.
V6_UPDATE = (
    "00000042900e002c0002012020010db8000900000000000000000001fe8000000000000038ea28fffe7bcae1"
    "003020010db80042400101005002000a02020000fde90000fdea"
)
V6_WITHDRAW = "0000000e900f000a0002013020010db80042"


def test_ipv6_as_frr_sends_it() -> None:
    nexthop = bytes.fromhex("20010db8000900000000000000000001fe8000000000000038ea28fffe7bcae1")
    attributes = bytes.fromhex("400101005002000a02020000fde90000fdea")
    keys = [key("2001:db8:42::/48")]
    sent = bodies(list(update.encode_update(attributes, keys, 2, nexthop)))
    assert [body.hex() for body in sent] == [V6_UPDATE]
    assert [b.hex() for b in bodies(list(update.encode_withdraw(keys, 2)))] == [V6_WITHDRAW]


def test_additional_paths_of_bird_2() -> None:
    body = "000000144001010040020602010000fdea4003040a0900020000000218c63364"
    parts = update.split(bytes.fromhex(body))
    assert nlri.decode_addpath(parts.nlri, 1) == [(2, key("198.51.100.0/24"))]


def test_ipv4_as_frr_sends_it() -> None:
    attributes = bytes.fromhex("400101005002000602010000fde94003040a090001")
    keys = [key("198.51.100.0/24"), key("198.51.101.0/24")]
    (body,) = bodies(list(update.encode_update(attributes, keys, 1)))
    assert body == update.join(b"", attributes, bytes.fromhex("18c6336418c63365"))
    (body,) = bodies(list(update.encode_withdraw(keys[:1], 1)))
    assert body.hex() == "000418c633640000"


@pytest.mark.parametrize("afi", [1, 2])
@pytest.mark.parametrize("limit", [4096, 65535])
@pytest.mark.parametrize("ids", [False, True])
def test_many_prefixes_fill_messages(afi: int, limit: int, ids: bool) -> None:
    size = 32 if afi == 1 else 128
    keys = [Prefix(Afi(afi), n << (size - 24), 24).key for n in range(20000)]
    path_ids = range(len(keys)) if ids else ()
    nexthop = bytes(16) if afi == 2 else b""
    sent = list(
        update.encode_update(
            b"\x40\x01\x01\x00", keys, afi, nexthop, max_length=limit, path_ids=path_ids
        )
    )
    gone = list(update.encode_withdraw(keys, afi, max_length=limit, path_ids=path_ids))
    for messages in (sent, gone):
        assert all(len(message) <= limit for message in messages)
        assert all(len(message) > limit - 20 for message in messages[:-1])
    if afi == 1:
        data = b"".join(update.split(body).nlri for body in bodies(sent))
        assert nlri.decode_prefixes(data, 1, ids) == keys
        data = b"".join(update.split(body).withdrawn for body in bodies(gone))
        assert nlri.decode_prefixes(data, 1, ids) == keys


def test_end_of_rib() -> None:
    (v4,), (v6,) = bodies([update.end_of_rib(1)]), bodies([update.end_of_rib(2)])
    assert update.is_end_of_rib(v4) == (1, 1)
    assert update.is_end_of_rib(v6) == (2, 1)
    assert v6.hex() == "00000006800f03000201"  # as bgpd 8.4.4 sends it
    # The long form, as other speakers may send it.
    assert update.is_end_of_rib(bytes.fromhex("00000007900f0003000201")) == (2, 1)
    assert update.is_end_of_rib(bytes.fromhex(V6_WITHDRAW)) is None
    assert update.is_end_of_rib(bytes.fromhex("000418c633640000")) is None
    assert update.is_end_of_rib(bytes.fromhex("00000006800e03000201")) is None


@given(st.binary(max_size=14))
def test_end_of_rib_takes_any_bytes(data: bytes) -> None:
    update.is_end_of_rib(data)


@given(st.integers(0, 65535), st.integers(0, 255), st.integers(0, 255))
def test_refresh_round_trip(afi: int, safi: int, kind: int) -> None:
    message = Refresh(afi, safi, kind)
    assert Refresh.decode(message.encode()) == message


def test_refresh_lengths() -> None:
    # Filters may stand behind a request; behind a mark they are an error (RFC 7313 sec. 5).
    request = Refresh(1, 1, RefreshKind.REQUEST, bytes.fromhex("01800000"))
    assert Refresh.decode(bytes.fromhex("0001000101800000")) == request
    assert request.encode().hex() == "0001000101800000"
    for body in ("000100", "0001010100", "0001020100"):
        with pytest.raises(Malformed) as caught:
            Refresh.decode(bytes.fromhex(body))
        assert (caught.value.code, caught.value.subcode) == (7, 1)
