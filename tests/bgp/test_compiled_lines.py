"""Rows that the compiled twin writes from the attributes' bytes are those of the pure renderer."""

from collections.abc import Hashable

import pytest
from hypothesis import given
from hypothesis import strategies as st

import bgp.show.lines
from bgp.attrs import AttrPool, AttrSet
from bgp.compiled import SPEED, TWINS
from bgp.folded import settle
from bgp.negotiated import Negotiated
from bgp.rib.announced import Announced
from bgp.rib.nexthop import Nexthop
from bgp.rib.path import Path
from bgp.show.text.table import Rows
from bgp.show.views.table import Block, Columns, NextHopText, RowPath
from grammar.base.values import Address, Afi
from tests.bgp.test_bestpath import Neighbour

pytestmark = pytest.mark.skipif(SPEED is None, reason="nothing compiled is in use")

NUMBERS = st.integers(1, 2**32 - 1)
SEGMENTS = st.lists(
    st.tuples(st.sampled_from((2, 2, 2, 1)), st.lists(NUMBERS, min_size=1, max_size=40)),
    max_size=3,
)
METRIC = st.none() | st.integers(0, 2**32 - 1)
POOL = AttrPool()
SOURCE = Neighbour(is_ebgp=False, remote_as=65000)
HOPS = [Nexthop(Address.parse(text)) for text in ("10.0.0.1", "203.0.113.200")]
HOPS[0].valid = True


@st.composite
def sets(draw: st.DrawFn) -> AttrSet:
    """Attributes as they come from the wire, in the form that is read at once or in any other."""
    path = b""
    for kind, asns in draw(SEGMENTS):
        path += bytes((kind, len(asns))) + b"".join(asn.to_bytes(4, "big") for asn in asns)
    raw = bytes((0x40, 1, 1, draw(st.integers(0, 2)), 0x50, 2)) + len(path).to_bytes(2, "big")
    raw += path + bytes((0x40, 3, 4, 10, 0, 0, 1))
    med = draw(METRIC)
    if med is not None:
        raw += bytes((0x80, 4, 4)) + med.to_bytes(4, "big")
    raw += bytes((0x40, 5, 4)) + draw(st.integers(0, 2**32 - 1)).to_bytes(4, "big")
    attrs = POOL.decode(raw, Negotiated(external=False), nlri=True).attrs
    assert attrs is not None
    return attrs.replace(POOL, med=7) if draw(st.integers(0, 5)) == 0 else attrs


ENTRIES = st.lists(
    st.tuples(sets(), st.sampled_from(HOPS), st.sampled_from((0, 100, 65535))),
    min_size=1,
    max_size=12,
)
KEYS = [(n * 0x0D7B3151 & 0xFFFFFFFF) << 6 | 8 + 2 * n for n in range(12)]


def columns(
    attrs: AttrSet, hop: str, med: int | None, preference: int | None, weight: int
) -> Columns:
    text = (NextHopText(hop, None),)
    origin = "ie?"[attrs.origin]
    return Columns(text, med, preference, weight, attrs.as_path.text, origin, internal=True)


def shown_path(entry: Hashable) -> tuple[RowPath, ...]:
    assert isinstance(entry, Path)
    hop, attrs = entry.nexthop, entry.attrs
    assert hop is not None
    made = columns(attrs, str(hop.address), attrs.med, attrs.local_pref, entry.weight)
    return (RowPath(made, hop.valid, hop.valid),)


def shown_told(entry: Hashable) -> tuple[RowPath, ...]:
    assert isinstance(entry, Announced)
    made = columns(entry.attrs, "0.0.0.0", entry.med, entry.local_pref, entry.weight)
    return (RowPath(made, best=True),)


def assert_rows(block: Block, wide: bool) -> None:
    """The compiled function writes what the pure one does, with both kinds of widths."""
    made = Rows(wide).of_block(block)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(bgp.show.lines, "table_lines", TWINS["table_lines"])
        assert made == Rows(wide).of_block(block)


@given(ENTRIES, st.booleans())
def test_rows_of_paths(found: list[tuple[AttrSet, Nexthop, int]], wide: bool) -> None:
    """Metric, preference, AS path and origin are the attributes'; the rest is shared by many."""
    paths = [
        settle(Path(SOURCE, attrs, hop.address, hop, 0.0, weight=weight))
        for attrs, hop, weight in found
    ]
    assert_rows(Block(Afi.IPV4, KEYS[: len(paths)], paths, shown_path, {}, None), wide)


@given(ENTRIES, METRIC, st.none() | st.just(100), st.booleans())
def test_rows_of_what_was_told(
    found: list[tuple[AttrSet, Nexthop, int]],
    med: int | None,
    preference: int | None,
    wide: bool,
) -> None:
    """Metric and preference are those that went out, not the attributes'."""
    told = [
        settle(Announced(attrs, med=med, local_pref=preference, weight=weight))
        for attrs, _, weight in found
    ]
    assert_rows(Block(Afi.IPV4, KEYS[: len(told)], told, shown_told, {}, None, sent=True), wide)


def test_a_next_hop_that_comes_is_shown_in_the_next_block() -> None:
    """What paths have in common is learnt anew when the table says that it may be otherwise."""
    hop = Nexthop(Address.parse("10.0.0.1"))
    attrs = POOL.decode(
        bytes((0x40, 1, 1, 0, 0x40, 2, 0, 0x40, 3, 4, 10, 0, 0, 1, 0x40, 5, 4, 0, 0, 0, 100)),
        Negotiated(external=False),
        nlri=True,
    ).attrs
    assert attrs is not None
    path = settle(Path(SOURCE, attrs, hop.address, hop, 0.0))
    rows = Rows(wide=False)
    assert rows.of_block(Block(Afi.IPV4, KEYS[:1], [path], shown_path, {}, 1)).startswith("  i")
    hop.valid = True
    assert rows.of_block(Block(Afi.IPV4, KEYS[:1], [path], shown_path, {}, 2)).startswith("*>i")


def test_the_pure_function_is_asked_for_other_paths_only() -> None:
    """Else the other tests would compare it with itself."""
    asked: list[Hashable] = []

    def paths(entry: Hashable) -> tuple[RowPath, ...]:
        asked.append(entry)
        return shown_path(entry)

    hop = HOPS[0]
    few = []
    for number in range(9):
        raw = bytes((0x40, 1, 1, 0, 0x40, 2, 6, 2, 1, 0, 0, 0, number + 1, 0x40, 3, 4, 10, 0, 0, 1))
        attrs = POOL.decode(raw, Negotiated(external=True), nlri=True).attrs
        assert attrs is not None
        few.append(settle(Path(SOURCE, attrs, hop.address, hop, 0.0)))
    Rows(wide=False).of_block(Block(Afi.IPV4, KEYS[:9], few, paths, {}, None))
    assert asked == few[:1]
