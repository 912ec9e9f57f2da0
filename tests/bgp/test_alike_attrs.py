"""Attributes that differ in the next hop alone are read once, and say what they would alone."""

import gc

from hypothesis import given
from hypothesis import strategies as st

from bgp.attrs import FIELDS, AttrPool
from bgp.negotiated import Negotiated
from bgp.wire.errors import Malformed
from tests.bgp.outcome import outcome

EXTERNAL, INTERNAL = Negotiated(), Negotiated(external=False)
OLD = Negotiated(as4=False)
ORIGIN, ONE_AS = bytes.fromhex("40010100"), bytes.fromhex("02010000fdea")
NARROW, WIDE = b"\x40\x02\x06" + ONE_AS, b"\x50\x02\x00\x06" + ONE_AS
MED, COMMUNITY = bytes.fromhex("80040400000007"), bytes.fromhex("c00804fdea0001")
LOCAL_PREF = bytes.fromhex("40050400000064")


def hop(last: int, first: int = 10) -> bytes:
    return bytes([0x40, 3, 4, first, 9, 0, last])


def test_a_second_next_hop_shares_the_rest_and_goes_by_itself() -> None:
    pool = AttrPool()
    first = pool.intern(ORIGIN + WIDE + hop(1) + COMMUNITY, EXTERNAL)
    second = pool.intern(ORIGIN + WIDE + hop(2) + COMMUNITY, EXTERNAL)
    third = pool.intern(ORIGIN + WIDE + hop(3) + COMMUNITY, EXTERNAL)
    assert first.source is second.source is third.source
    assert first.alike(second)
    assert not first.alike(pool.intern(ORIGIN + WIDE + hop(1), EXTERNAL))
    assert [str(one.nexthop) for one in (first, second, third)] == [
        "10.9.0.1",
        "10.9.0.2",
        "10.9.0.3",
    ]
    assert second.raw == ORIGIN + WIDE + hop(2) + COMMUNITY
    assert pool.quick(EXTERNAL)(second.raw, True) is second
    assert len(pool) == 3
    del second
    gc.collect()
    assert pool.quick(EXTERNAL)(third.raw, True) is third
    assert len(pool) == 2
    del first, third
    gc.collect()
    assert len(pool) == 0


def test_a_next_hop_that_stands_elsewhere_is_another_matter() -> None:
    pool = AttrPool()
    kept = pool.intern(ORIGIN + WIDE + MED + hop(1), EXTERNAL)
    twice = pool.decode(ORIGIN + WIDE + hop(2) + MED + hop(1), EXTERNAL, nlri=True)
    assert [str(error) for error in twice.discarded] == ["attribute 3 twice"]
    assert twice.attrs is not None
    assert (str(twice.attrs.nexthop), str(kept.nexthop)) == ("10.9.0.2", "10.9.0.1")


PART = st.sampled_from([ORIGIN, NARROW, WIDE, MED, COMMUNITY, LOCAL_PREF, hop(1), hop(2)])
RAW = st.one_of(
    st.lists(PART, max_size=6).map(b"".join),
    st.builds(
        lambda path, at, rest: ORIGIN + path + at + b"".join(rest),
        st.sampled_from([NARROW, WIDE]),
        st.sampled_from([hop(1), hop(2), hop(3), hop(1, first=127), hop(1, first=0)]),
        st.lists(PART, max_size=2),
    ),
)


@given(
    st.lists(st.tuples(RAW, st.booleans()), max_size=8),
    st.sampled_from([EXTERNAL, INTERNAL, OLD, Negotiated(confederation=True)]),
)
def test_what_came_before_makes_no_difference(
    raws: list[tuple[bytes, bool]], peer: Negotiated
) -> None:
    pool, users = AttrPool(), []
    for raw, nlri in raws:
        found = outcome(pool.decode, raw, peer, nlri=nlri)
        alone = outcome(AttrPool().decode, raw, peer, nlri=nlri)
        users.append(found)
        assert type(found) is type(alone)
        if isinstance(found, Malformed) or isinstance(alone, Malformed):
            assert str(found) == str(alone)
            continue
        assert str(found.withdraw) == str(alone.withdraw)
        assert [str(one) for one in found.discarded] == [str(one) for one in alone.discarded]
        assert (found.attrs is None) is (alone.attrs is None)
        if found.attrs is not None and alone.attrs is not None:
            names = (*FIELDS, "raw", "rank")
            assert [getattr(found.attrs, name) for name in names] == [
                getattr(alone.attrs, name) for name in names
            ]
