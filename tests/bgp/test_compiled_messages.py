"""UPDATEs made and taken apart: the compiled functions beside the pure ones."""

from hypothesis import example, given
from hypothesis import strategies as st

from bgp.wire import update
from bgp.wire.attributes.row import pack
from grammar.base.values import spread
from tests.bgp.test_compiled import assert_alike, built

KEY4 = st.integers(0, 32).flatmap(
    lambda bits: st.integers(0, 2**bits - 1).map(lambda net: net << (32 - bits) << 6 | bits)
)


@built
@given(st.lists(KEY4, max_size=30), st.binary(max_size=60), st.integers(15, 200))
def test_messages_of_ipv4_prefixes(keys: list[int], attributes: bytes, limit: int) -> None:
    assert_alike("announce_v4", attributes, keys, limit)
    assert_alike("withdraw_v4", keys, limit)


@built
def test_long_messages_of_ipv4_prefixes() -> None:
    keys = [n << 14 | 24 for n in range(20000)]
    for limit in (4096, 65535):
        assert_alike("announce_v4", bytes(100), keys, limit)
        assert_alike("withdraw_v4", tuple(keys), limit)
    assert update.announce_v4(bytes(5000), keys, 4096) == []
    assert_alike("announce_v4", bytes(5000), keys, 4096)


KEY6 = st.integers(0, 128).flatmap(
    lambda bits: st.integers(0, 2**bits - 1).map(
        lambda net: spread(net << (128 - bits)) << 8 | bits
    )
)


@built
@given(st.lists(KEY4, max_size=30), st.lists(KEY6, max_size=30), st.integers(-3, 90))
def test_prefixes_in_chunks(ipv4: list[int], ipv6: list[int], room: int) -> None:
    assert_alike("pack_keys", ipv4, 1, room)
    assert_alike("pack_keys", ipv6, 2, room)


@built
@given(
    st.one_of(
        st.binary(max_size=40),
        st.builds(update.join, *[st.binary(max_size=12)] * 3),
        st.builds(lambda *parts: update.join(*parts)[:-1], *[st.binary(max_size=12)] * 3),
    )
)
def test_the_parts_of_a_body(body: bytes) -> None:
    assert_alike("split", body)


@built
def test_the_parts_have_names() -> None:
    assert update.split(update.join(b"1", b"22", b"333")).attributes == b"22"


ATTRIBUTE = st.builds(
    pack, st.sampled_from([0x80, 0x90, 0xC0, 0x40]), st.sampled_from([14, 15, 1, 8]), st.binary()
)


@built
@given(st.lists(ATTRIBUTE, max_size=5).map(b"".join), st.binary(max_size=5))
@example(pack(0x80, 14, b"reach") + pack(0x40, 1, b"") + pack(0x80, 15, bytes(300)), b"")
def test_multiprotocol_attributes_are_cut_out(raw: bytes, rest: bytes) -> None:
    assert_alike("cut_multiprotocol", raw)
    assert_alike("cut_multiprotocol", raw + rest)
