"""`show bgp statistics`: counts over tables."""

from collections import Counter
from collections.abc import Generator
from typing import TYPE_CHECKING

from bgp.config import Family
from bgp.rib.dampening import reachability, withheld
from bgp.rib.path import Path, best_of, paths_of
from bgp.show.build import find
from bgp.show.views.misc import Later, Statistics, StatisticsView
from bgp.show.views.neighbor import PrefixCounts
from grammar.base.values import Afi, Safi, gathered

if TYPE_CHECKING:
    from bgp.instance import Instance
    from bgp.peer import Peer
    from bgp.rib.table import Table

_ALL_SAFIS = (1, 2, 128, 7, 4, 133)
"""Families in the order of FRR's `statistics-all`, for each address family."""


def all_statistics(instance: "Instance") -> Later:
    """`show bgp statistics-all`."""
    families = tuple((afi, Safi(safi)) for afi in (Afi.IPV4, Afi.IPV6) for safi in _ALL_SAFIS)
    return Later(_all(instance, families, (_evpn(instance),)))


def evpn(instance: "Instance") -> StatisticsView:
    """Those of EVPN, of which there are no routes."""
    return StatisticsView((_evpn(instance),))


def _evpn(instance: "Instance") -> Statistics:
    return Statistics("L2VPN EVPN", "l2VpnEvpn", find.title(instance), ipv6=False)


def statistics(instance: "Instance", families: tuple[Family, ...]) -> Later:
    """Counts over the tables of some families."""
    return Later(_all(instance, families, ()))


def _all(
    instance: "Instance", families: tuple[Family, ...], more: tuple[Statistics, ...]
) -> Generator[None, None, StatisticsView]:
    found: tuple[Statistics, ...] = ()
    for family in families:
        found += ((yield from _statistics(instance, family)),)
    return StatisticsView(found + more)


def _statistics(instance: "Instance", family: Family) -> Generator[None, None, Statistics]:
    names = find.family_name(family), find.family_key(family), find.title(instance)
    table = instance.tables.get((family[0], type(family[1])(1)) if family[1] == 4 else family)
    afi = family[0]
    if table is None:
        return Statistics(*names, ipv6=afi is Afi.IPV6)
    lengths: Counter[int] = Counter()
    totals = _PathTotals()
    shift, low = (6, 63) if afi is Afi.IPV4 else (8, 255)
    rules = table.rule_keys is not None
    space = aggregable = 0
    outer: list[tuple[int, int]] = []
    top = None if rules else _top(table)
    for item in table.walk():
        if item is None:
            yield
            continue
        key, entry = item
        value, length = (0, 0) if rules else (gathered(key >> shift), key & low)
        lengths[length] += 1
        # As FRR has it: a rule is a prefix without length, and the second is not in the first.
        second = rules and lengths[0] == 2
        while outer and (second or (outer[-1][0] ^ value) >> (afi.bits - outer[-1][1])):
            outer.pop()
        # FRR does not count what is in nothing but the prefix that all others are in.
        if outer and outer != [top]:
            aggregable += 1
        else:
            space += 1 << (afi.bits - length)
        outer.append((value, length))
        for path in paths_of(entry):
            totals.add(path)
    return Statistics(
        *names,
        ipv6=afi is Afi.IPV6,
        advertisements=totals.count,
        prefixes=sum(lengths.values()),
        length_sum=sum(length * count for length, count in lengths.items()),
        aggregable=aggregable,
        aggregates=totals.aggregates,
        space=space,
        longest_path=totals.longest,
        hops_sum=totals.hops,
        largest_path=totals.largest,
        bytes_sum=totals.bytes,
        highest_asn=totals.highest,
        lengths=tuple(sorted(lengths.items())),
    )


def _top(table: "Table") -> tuple[int, int] | None:
    """The prefix that all others of a table are in, if there is one."""
    filled = [shard for shard in table.shards if shard]
    if not filled:
        return None
    shift, low = (6, 63) if table.afi is Afi.IPV4 else (8, 255)
    first, last = min(filled[0]), max(filled[-1])
    value, length = gathered(first >> shift), first & low
    if (value ^ gathered(last >> shift)) >> (table.afi.bits - length):
        return None
    return value, length


class _PathTotals:
    """Sums over AS paths. Sizes are those of the attribute with numbers of 4 bytes."""

    def __init__(self) -> None:
        self.count = self.hops = self.longest = self.bytes = self.largest = 0
        self.highest = self.aggregates = 0

    def add(self, path: Path) -> None:
        """Count one path."""
        as_path = path.attrs.as_path
        size = sum(2 + 4 * len(numbers) for _, numbers in as_path.segments)
        self.count += 1
        self.hops += as_path.length
        self.longest = max(self.longest, as_path.length)
        self.bytes += size
        self.largest = max(self.largest, size)
        self.aggregates += path.attrs.atomic
        for _, numbers in as_path.segments:
            self.highest = max([self.highest, *filter(_is_public, numbers)])


def _is_public(asn: int) -> bool:
    return not (64512 <= asn <= 65535 or asn >= 4200000000 or asn == 0)


def prefix_counts(instance: "Instance", peer: "Peer", family: Family) -> Later:
    """Count what a neighbor has in the table."""
    return Later(_prefix_counts(instance, peer, family))


def _prefix_counts(
    instance: "Instance", peer: "Peer", family: Family
) -> Generator[None, None, PrefixCounts]:
    lines = peer.families.get(family)
    total = valid = best = stale = damped = history = 0
    for item in instance.tables[family].walk():
        if item is None:
            yield
            continue
        _, entry = item
        chosen = best_of(entry)
        for path in paths_of(entry):
            source: object = path.source
            if source is peer:
                held, nexthop = withheld(path), reachability(path)
                total += 1
                valid += nexthop is None or nexthop.valid
                if held is None:
                    stale += path.stale
                else:
                    history += held.history
                    damped += held.damped and not held.history
                best += path is chosen
    return PrefixCounts(
        str(peer),
        find.family_name(family),
        find.family_key(family),
        counted=0 if lines is None else lines.accepted,
        adj_in=0 if lines is None or lines.adj_in is None else len(lines.adj_in),
        stale=stale,
        valid=valid,
        total=total,
        best=best,
        usable=total - damped - history,
        damped=damped,
        history=history,
    )
