"""Nodes of FRR's trees of prefixes: where two branches part there is one too, unless a prefix is
that place. FRR shows how many there are, of memory, too."""

from collections.abc import Generator, Iterable, Iterator
from typing import TYPE_CHECKING

from bgp.show.build import find
from grammar.base.values import Afi, Prefix

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
    return (yield from tree_nodes(table.afi, _merged(table, refused)))


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
    steps = tree_nodes(afi, iter(keys))
    while True:
        try:
            next(steps)
        except StopIteration as end:
            count: int = end.value
            return count


def _refused(instance: "Instance", table: "Table") -> Generator[None, None, list[int]]:
    found: set[int] = set()
    for peer in list(instance.peers.values()):
        lines = peer.families.get(table.family)
        keys = [] if lines is None or lines.adj_in is None else lines.adj_in.keys()
        for start in range(0, len(keys), find.STEP):
            found.update(key for key in keys[start : start + find.STEP] if table.get(key) is None)
            yield
    return sorted(found)


def _merged(table: "Table", refused: list[int]) -> Iterator[int | None]:
    at = 0
    for item in table.walk():
        if item is None:
            yield None
            continue
        while at < len(refused) and refused[at] < item[0]:
            yield refused[at]
            at += 1
        yield item[0]
    yield from refused[at:]


def tree_nodes(afi: Afi, keys: Iterable[int | None]) -> Steps:
    """Those of sorted prefixes, by their keys; None is a pause."""
    shift, bits = (6 if afi is Afi.IPV4 else 8), afi.bits
    low = (1 << shift) - 1
    count = 0
    stack: list[tuple[int, int]] = []
    # Sorted prefixes come as the tree is walked: the stack holds the way down to the last one.
    for key in keys:
        if key is None:
            yield
            continue
        value, length = key >> shift, key & low
        count += 1
        last: tuple[int, int] | None = None
        while stack and not _covers(stack[-1], value, length, bits):
            last = stack.pop()
        if last is not None:
            common = min(last[1], length, bits - (last[0] ^ value).bit_length())
            if not stack or stack[-1][1] < common:
                count += 1
                stack.append((value >> (bits - common) << (bits - common), common))
        stack.append((value, length))
    return count


def _covers(node: tuple[int, int], value: int, length: int, bits: int) -> bool:
    return node[1] <= length and (node[0] ^ value) >> (bits - node[1]) == 0
