"""Sets that policy changes are cut out of the bytes that came: they say what they should."""

from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from bgp.attrs import FIELDS, AttrPool, encode
from bgp.compiled import TWINS
from bgp.negotiated import Negotiated
from bgp.splice import splice
from bgp.wire.attributes.aggregator import Aggregator
from bgp.wire.attributes.aspath import AsPath
from grammar.base.values import Address

SESSION = Negotiated(external=False)
NUMBERS = st.integers(0, (1 << 32) - 1)
AS_NUMBERS = st.lists(st.integers(1, (1 << 32) - 1), max_size=70).map(tuple)
VALUES = {
    "origin": st.integers(0, 2),
    "as_path": AS_NUMBERS.map(lambda numbers: AsPath.sequence(*numbers)),
    "med": st.none() | NUMBERS,
    "local_pref": st.none() | NUMBERS,
    "atomic": st.booleans(),
    "aggregator": st.none() | st.builds(Aggregator, st.integers(1, 1 << 31), NUMBERS),
    "communities": st.sets(NUMBERS, max_size=70).map(lambda some: tuple(sorted(some))),
    # In any order, and doubled.
    "ext_communities": st.lists(st.integers(0, 3), max_size=3).map(tuple),
    "large_communities": st.sets(st.tuples(NUMBERS, NUMBERS, NUMBERS), max_size=3).map(
        lambda some: tuple(sorted(some))
    ),
    "originator_id": st.none() | NUMBERS,
    "cluster_list": st.lists(NUMBERS, max_size=3).map(tuple),
    "otc": st.none() | NUMBERS,
}
NEXTHOP = Address.parse("192.0.2.1")


def _content(attrs: Any) -> dict[str, object]:
    return {name: getattr(attrs, name) for name in FIELDS}


@settings(max_examples=60, deadline=None)
@given(st.fixed_dictionaries({}, optional=VALUES), st.fixed_dictionaries({}, optional=VALUES))
def test_a_changed_set_says_what_came_and_what_was_changed(
    came: dict[str, Any], changes: dict[str, Any]
) -> None:
    pool = AttrPool()
    came["local_pref"] = came.get("local_pref") or 0
    raw = encode(pool.make(**came), nexthop=NEXTHOP)
    received = pool.intern(raw, SESSION)
    before = _content(received)
    changed = received.replace(pool, **changes)
    assert _content(changed) == before | changes
    assert _content(received) == before
    # The same again is the same set, also when it is made in steps.
    stepwise = received
    for name, value in changes.items():
        stepwise = stepwise.replace(pool, **{name: value})
    assert received.replace(pool, **changes) is changed
    assert not changes or "ext_communities" in changes or stepwise is changed


def test_what_is_of_this_router_only_stands_beside_the_bytes() -> None:
    pool = AttrPool()
    received = pool.intern(encode(pool.make(med=1, local_pref=100), nexthop=NEXTHOP), SESSION)
    assert received.replace(pool, nexthop=None, med=2).nexthop is None
    assert received.replace(pool, med=2).med == 2


@given(st.binary(max_size=40), st.dictionaries(st.integers(0, 255), st.binary(max_size=6)))
def test_the_twin_cuts_alike(value: bytes, changed: dict[int, bytes]) -> None:
    narrow, wide = b"\x40\x02" + bytes([len(value)]), b"\x50\x09\x00" + bytes([len(value)])
    raw = b"\x40\x01\x01\x00" + narrow + value + wide + value
    assert splice(raw, changed) == TWINS["splice"](raw, changed)
    assert splice(b"", changed) == b"".join(changed[code] for code in sorted(changed))
