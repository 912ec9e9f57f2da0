"""Nodes of FRR's trees of prefixes: where two branches part there is one too, unless a prefix is
that place. FRR shows how many there are, of memory, too."""

from collections.abc import Container, Generator, Iterable, Mapping
from itertools import pairwise
from typing import TYPE_CHECKING, NamedTuple
from weakref import WeakKeyDictionary

from bgp.compiled import compiled
from bgp.rib.path import paths_of
from bgp.rib.shards import Shard, last_key
from bgp.show.build import find
from grammar.base.values import Afi, Prefix, gathered, spread
from grammar.base.work import sorted_blocks

if TYPE_CHECKING:
    from bgp.config import Family
    from bgp.instance import Instance
    from bgp.rib.table import Table

Steps = Generator[None, None, int]
"""Counts, with pauses."""


def rib_nodes(instance: "Instance", table: "Table") -> Steps:
    """Those of a table, with prefixes that a neighbor sent and that are not in it."""
    if table.rule_keys is not None:
        return len(table)
    refused = yield from _refused(instance, table)
    return (yield from table_nodes(table, refused))


def own_nodes(instance: "Instance", family: "Family") -> tuple[int, int]:
    """Lines `network` of a family, and the nodes of their tree."""
    networks = instance.config.family(family).networks
    return len(networks), _count(family[0], networks)


def further_nodes(instance: "Instance") -> int:
    """Those of the trees of `network` lines, aggregates and networks of the router itself."""
    trees: list[tuple[Afi, Iterable[Prefix]]] = []
    for (afi, _), lines in instance.config.families.items():
        trees += [(afi, lines.networks), (afi, lines.aggregates)]
    for interface in instance.zebra.interfaces.values():
        for afi in (Afi.IPV4, Afi.IPV6):
            near = [p for p in interface.addresses if p.afi is afi and _is_connected(p)]
            trees.append((afi, [prefix.network for prefix in near]))
    return sum(_count(afi, prefixes) for afi, prefixes in trees)


def _is_connected(prefix: Prefix) -> bool:
    return not prefix.address.is_link_local


def _count(afi: Afi, prefixes: Iterable[Prefix]) -> int:
    keys = sorted({prefix.network.key for prefix in prefixes if prefix.afi is afi})
    return len(keys) + _branches(afi, keys, set(keys))


def _refused(instance: "Instance", table: "Table") -> Generator[None, None, set[int]]:
    found: set[int] = set()
    shards, shift = table.shards, table.shift
    for peer in list(instance.peers.values()):
        lines = peer.families.get(table.family)
        keys = [] if lines is None or lines.adj_in is None else lines.adj_in.keys()
        for start in range(0, len(keys), find.STEP):
            portion = keys[start : start + find.STEP]
            found.update([key for key in portion if key not in shards[key >> shift]])
            yield
    return found


class _Shard(NamedTuple):
    """What was counted in a shard, and by what it is known that it has the same keys still."""

    mark: tuple[object, ...]
    nodes: int
    first: int
    last: int


_counted: "WeakKeyDictionary[Table, dict[int, _Shard]]" = WeakKeyDictionary()


def table_nodes(table: "Table", refused: set[int]) -> Steps:
    """Those of a table with `refused`, keys that are not in it. Only shards whose keys are not
    those of the last time are looked through: a million keys take half a second."""
    further: dict[int, list[int]] = {}
    for key in refused:
        further.setdefault(key >> table.shift, []).append(key)
    known = _counted.setdefault(table, {})
    total, before = 0, None
    for number, shard in enumerate(table.shards):
        more = further.get(number, [])
        found = known.get(number)
        if more or (shard and (found is None or found.mark != _mark(table, number))):
            found = yield from _look_through(table, number, more)
            if not more and found is not None:
                known[number] = found
        if found is not None and (shard or more):
            total += found.nodes
            if before is not None:
                total += _branches(table.afi, [before, found.first], _Keys(table, refused))
            before = found.last
    return total


def _mark(table: "Table", number: int) -> tuple[object, ...]:
    """Another one if keys came or went since: who comes is the last one, with a path of its own
    or another version. (A dict keeps the order in which its keys came.)"""
    shard = table.shards[number]
    last = last_key(shard)
    # Paths are equal to themselves alone.
    return len(shard), last, paths_of(shard.get(last)), table.versions[number].get(last)


def _look_through(
    table: "Table", number: int, more: list[int]
) -> Generator[None, None, _Shard | None]:
    shard = table.shards[number]
    mark = _mark(table, number)
    if isinstance(shard, Shard) and not more:
        yield
        return _Shard(_mark(table, number), *nodes_of(shard)) if shard else None
    nodes, first, last = 0, -1, -1
    there: Container[int] = {*shard, *more} if more else shard
    for keys in sorted_blocks([*shard, *more]):
        if keys:
            first = keys[0] if first < 0 else first
            nodes += len(keys) + _branches(table.afi, [last, *keys] if last >= 0 else keys, there)
            last = keys[-1]
        yield
    if first < 0:
        return None
    # What changed meanwhile may be counted in part: next time it is looked through again.
    return _Shard(mark if mark == _mark(table, number) else (), nodes, first, last)


class _Keys:
    """The keys of a whole table, and of what is not in it."""

    def __init__(self, table: "Table", refused: set[int]) -> None:
        self._table = table
        self._refused = refused

    def __contains__(self, key: object) -> bool:
        return key in self._refused or self._table.get(key) is not None  # type: ignore[arg-type]


@compiled
def nodes_of(shard: Mapping[int, object]) -> tuple[int, int, int]:
    """How many nodes the tree of some prefixes of IPv4 has; the first and the last of them."""
    keys = sorted(shard)
    return len(keys) + _branches(Afi.IPV4, keys, shard), keys[0], keys[-1]


def _branches(afi: Afi, keys: list[int], there: Container[int]) -> int:
    """The places where sorted keys part that are no prefixes themselves.

    In a tree of two branches each such place lies between two neighbours of the list, and between
    one pair of them only.
    """
    if afi is not Afi.IPV4:
        return _branches6(keys, there)
    top, low = 38, 63
    places = [
        (key >> split << split) | (top - split)
        for key, other in pairwise(keys)
        # Where the first one ends before they part, it covers the other.
        if (split := (key ^ other).bit_length()) > top - (key & low)
    ]
    return len(places) - sum(map(there.__contains__, places))


def _branches6(keys: list[int], there: Container[int]) -> int:
    found = 0
    values = ((gathered(key >> 8), key & 255) for key in keys)
    for (value, length), (other, _) in pairwise(values):
        split = (value ^ other).bit_length()
        if split > 128 - length:
            found += (spread(value >> split << split) << 8 | 128 - split) not in there
    return found
