"""UPDATEs of IPv4 prefixes: the compiled functions beside the pure ones."""

from hypothesis import given
from hypothesis import strategies as st

from bgp.wire import update
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
