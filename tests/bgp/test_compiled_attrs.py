"""Sets of attributes: the compiled reader and values beside the pure ones, on any bytes."""

import gc
import os

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

import bgp.rib.encoding  # noqa: F401  a twin of its is compared
from bgp.attrs import FIELDS, AttrPool, AttrSet, Decoded
from bgp.compiled import SPEED, TWINS
from bgp.negotiated import Negotiated
from bgp.wire.attributes.reader import Reader
from bgp.wire.attributes.row import pack
from bgp.wire.errors import Malformed
from tests.bgp.outcome import outcome

pytestmark = pytest.mark.skipif(SPEED is None, reason="nothing compiled is in use")

EXTERNAL, INTERNAL = Negotiated(), Negotiated(external=False)
MEMBER = Negotiated(confederation=True)
PEERS = (EXTERNAL, INTERNAL, MEMBER)

number = st.integers(0, 2**32 - 1).map(lambda n: n.to_bytes(4, "big"))
asn = st.one_of(st.sampled_from([1, 65002, 4200000000]), st.integers(0, 2**32 - 1))
segment = st.builds(
    lambda kind, asns: bytes([kind, len(asns)]) + b"".join(n.to_bytes(4, "big") for n in asns),
    st.sampled_from([2, 2, 2, 1, 3, 4, 5]),
    st.lists(asn, max_size=4),
)
path = st.lists(segment, max_size=3).map(b"".join)


def numbers(width: int) -> st.SearchStrategy[bytes]:
    few = st.integers(0, 3).map(lambda n: n.to_bytes(width, "big"))
    return st.lists(st.one_of(few, st.binary(min_size=width, max_size=width)), max_size=5).map(
        b"".join
    )


# Flags, type and value as they should be, and as they should not.
GOOD = st.one_of(
    st.tuples(st.just(0x40), st.just(1), st.integers(0, 3).map(lambda n: bytes([n]))),
    st.tuples(st.just(0x40), st.just(2), path),
    st.tuples(st.just(0x40), st.just(3), st.sampled_from([b"\x0a\x09\0\1", b"\x7f\0\0\1"])),
    st.tuples(st.just(0x80), st.just(4), number),
    st.tuples(st.just(0x40), st.just(5), number),
    st.tuples(st.just(0x40), st.just(6), st.just(b"")),
    st.tuples(st.just(0xC0), st.just(7), st.binary(min_size=8, max_size=8)),
    st.tuples(st.just(0xC0), st.just(8), numbers(4)),
    st.tuples(st.just(0x80), st.just(9), number),
    st.tuples(st.just(0x80), st.just(10), numbers(4)),
    st.tuples(st.just(0xC0), st.just(16), numbers(8)),
    st.tuples(st.just(0xC0), st.just(32), numbers(12)),
    st.tuples(st.just(0xC0), st.just(35), number),
    st.tuples(st.sampled_from([0xC0, 0x80, 0xE0]), st.just(99), st.binary(max_size=4)),
)
ANY = st.tuples(st.integers(0, 255), st.integers(0, 40), st.binary(max_size=12))
one = st.builds(
    lambda attribute, extra, extended: pack(
        attribute[0] & ~0x10 | extra, attribute[1], attribute[2], extended
    ),
    st.one_of(GOOD, GOOD, GOOD, ANY),
    st.sampled_from([0, 0, 0x20]),
    st.booleans(),
)
head = st.builds(
    lambda path, extended, hop: b"\x40\1\1\0" + pack(0x40, 2, path, extended) + hop,
    path,
    st.booleans(),
    st.sampled_from([b"", b"\x40\3\4\x0a\x09\0\1", b"\x40\3\4\x0a\x09\0\2", b"\x40\3\4\0\0\0\1"]),
)
raws = st.one_of(
    st.builds(lambda first, rest: first + b"".join(rest), head, st.lists(one, max_size=4)),
    st.lists(one, max_size=5).map(b"".join),
    st.builds(lambda a, rest, cut: (a + rest)[:cut], head, st.binary(max_size=9), st.integers(0)),
)


PATHLESS = b"\x40\1\1\0\x40\2\0"
LONG = b"\x40\1\1\0\x50\2\3\xfe\2\xff" + b"\0\0\0\1" * 255


def said(attrs: AttrSet | None) -> object:
    return attrs and [getattr(attrs, name) for name in (*FIELDS, "raw", "rank")]


def told(found: Decoded | Malformed) -> object:
    if isinstance(found, Malformed):
        return found.code, found.subcode, found.data, str(found)
    discarded = [str(error) for error in found.discarded]
    return said(found.attrs), found.mp_reach, found.mp_unreach, str(found.withdraw), discarded


def pure_pool() -> AttrPool:
    """One whose sets are found and read by the pure functions."""
    pool = AttrPool()
    for peer in PEERS:
        pool._received[peer.flavour] = TWINS["Received"](peer.flavour, AttrSet)  # type: ignore[assignment]
    return pool


@settings(max_examples=int(os.environ.get("EXAMPLES", "60")))
@given(st.lists(st.tuples(raws, st.booleans(), st.integers(0, 2)), max_size=6))
@example([(b"\x40\1\1\0\x40\2\0\x40\3\4\x0a\x09\0\1", True, 0)] * 2)
def test_the_same_is_read_whatever_came_before(updates: list[tuple[bytes, bool, int]]) -> None:
    pure, fast, users = pure_pool(), AttrPool(), []
    for raw, nlri, peer in updates:
        one = outcome(pure.decode, raw, PEERS[peer], nlri=nlri)
        other = outcome(fast.decode, raw, PEERS[peer], nlri=nlri)
        assert told(one) == told(other)
        users += [one, other]
        assert said(pure.quick(PEERS[peer])(raw, True)) == said(fast.quick(PEERS[peer])(raw, True))
    assert len(pure) == len(fast)


HOPS = (b"\x20\1\x0d\xb8" + bytes(11) + b"\1", bytes(16), b"\x0a\x09\0\1", b"\xff" * 16, b"", b"1")
multiprotocol = st.builds(
    lambda flags, hop, rest: pack(flags, 14, b"\0\2\1" + bytes([len(hop)]) + hop + b"\0" + rest),
    st.sampled_from([0x80, 0x80, 0x80, 0x90, 0xC0]),
    st.sampled_from(HOPS),
    st.sampled_from([b"", b"\x20\x20\1\x0d\xb8"]),
)
unreach = st.builds(
    lambda rest: pack(0x80, 15, b"\0\2\1" + rest), st.sampled_from([b"", b"\x20\x20\1\x0d\xb8"])
)


@settings(max_examples=int(os.environ.get("EXAMPLES", "60")))
@given(
    raws,
    st.lists(st.one_of(multiprotocol, unreach), min_size=1, max_size=2),
    st.booleans(),
    st.booleans(),
    st.sampled_from(PEERS),
)
def test_multiprotocol_updates_are_read_as_by_the_reader(
    raw: bytes, parts: list[bytes], behind: bool, nlri: bool, peer: Negotiated
) -> None:
    whole = raw + b"".join(parts) if behind else b"".join(parts) + raw
    found = outcome(AttrPool().decode, whole, peer, nlri=nlri)
    alone = outcome(AttrPool()._read, whole, peer, nlri)
    assert told(found) == told(alone)


@settings(max_examples=int(os.environ.get("EXAMPLES", "60")))
@given(raws, st.sampled_from(PEERS))
def test_values_are_those_of_the_pure_class(raw: bytes, peer: Negotiated) -> None:
    assert SPEED is not None
    reader = Reader()
    if isinstance(outcome(reader.read, raw, peer.flavour), Malformed):
        return
    if reader.withdraw is not None or reader.discarded:
        return
    pure, compiled = TWINS["Values"](raw, None), SPEED.Values(raw, None)
    for name in FIELDS:
        assert getattr(pure, name) == getattr(compiled, name)
        if name in reader.values and name != "nexthop":
            assert getattr(compiled, name) == reader.values[name]


@settings(max_examples=int(os.environ.get("EXAMPLES", "60")))
@given(
    raws,
    st.tuples(
        st.lists(number, max_size=2).map(b"".join),
        st.sampled_from([b"", b"\x0a\x09\0\1"]),
        st.sampled_from([None, 0, 2**32 - 1]),
        st.sampled_from([None, 100]),
        st.sampled_from([b"", b"\x80\x09\x04\x0a\x09\0\1"]),
        st.integers(0, 15),
    ),
)
@example(PATHLESS + b"\xc0\x10\x08\x40" + bytes(7), (b"", b"", None, None, b"", 4))
@example(LONG, (b"", b"", 1, 1, b"", 15))
@example(LONG, (b"1234", b"", 1, 1, b"", 15))
@example(PATHLESS + b"\xd0\x08\1\x90" + b"2345678900" * 40, (b"", b"", 1, 1, b"", 1))
def test_received_attributes_are_told_alike(raw: bytes, changes: tuple[object, ...]) -> None:
    assert SPEED is not None
    decoded = outcome(AttrPool().decode, raw, INTERNAL, nlri=False)
    if isinstance(decoded, Malformed) or decoded.attrs is None:
        return
    source = decoded.attrs.source
    if isinstance(source, bytes):
        assert SPEED.retell(source, *changes) == TWINS["retell"](source, *changes)


def test_a_thousand_next_hops_and_ten_thousand_sets_come_and_go() -> None:
    pool = AttrPool()
    before = b"\x40\1\1\0\x40\2\6\2\1\0\0\xfd\xea\x40\3\4\x0a"
    sets = [pool.intern(before + n.to_bytes(3, "big"), EXTERNAL) for n in range(1000)]
    # Only those of next hops that came lately are known to be alike.
    assert len({id(one.source) for one in sets}) == 1
    sets += [
        pool.intern(before + b"\0\0\1" + b"\x80\4\4" + n.to_bytes(4, "big"), EXTERNAL)
        for n in range(10000)
    ]
    assert len(pool) == len(sets) == 11000
    kept = sets[::7]
    del sets
    gc.collect()
    assert len(pool) == len(kept)
    assert all(pool.quick(EXTERNAL)(one.raw, True) is one for one in kept)
    kept.clear()
    gc.collect()
    assert len(pool) == 0


@pytest.mark.parametrize(
    "wrong", [(), (b"",), (None, None), ((1, 2), None), ("text", None), (b"", None, None)]
)
def test_sets_are_made_of_nothing_else(wrong: tuple[object, ...]) -> None:
    assert SPEED is not None
    with pytest.raises(TypeError):
        SPEED.Values(*wrong)
    table = SPEED.Received(EXTERNAL.flavour, AttrSet)
    with pytest.raises(TypeError):
        table.read(*wrong)
    with pytest.raises(TypeError):
        SPEED.Received(*wrong)
