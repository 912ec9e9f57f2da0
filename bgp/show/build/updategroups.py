"""Update-groups: what they are, what they told, what waits to be told."""

from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING

from bgp.config import Family
from bgp.rib.defaults import is_given
from bgp.rib.member import GroupCounters
from bgp.rib.path import best_of
from bgp.show.build import adjacency, find
from bgp.show.build.table import RowMaker, head
from bgp.show.views.misc import Empty
from bgp.show.views.table import Block, Row, RowPath
from bgp.show.views.updategroups import (
    Groups,
    GroupsOfAll,
    GroupTable,
    GroupTables,
    GroupTotals,
    GroupView,
    Packets,
    PacketView,
)
from grammar.base.clock import dated
from grammar.base.values import key_text

if TYPE_CHECKING:
    from bgp.bgpd import Bgpd
    from bgp.instance import Instance
    from bgp.rib.adjout import UpdateGroup


def groups(instance: "Instance | None", family: Family, asked: str | None = None) -> Groups:
    """The update groups of a family, or the one of a number."""
    if instance is None:
        return Groups(())
    return Groups(tuple(_group(instance, each) for each in _chosen(instance, family, asked)))


def of_all(bgpd: "Bgpd", family: Family, asked: str | None = None) -> GroupsOfAll:
    """Those of every instance."""
    return GroupsOfAll(
        tuple(
            (find.vrf_name(instance), groups(instance, family, asked))
            for instance in bgpd.instances.values()
        )
    )


def _chosen(instance: "Instance | None", family: Family, asked: str | None) -> "list[UpdateGroup]":
    if instance is None:
        return []
    # FRR reads a word that is no number as 0, which means all: `update-groups json` prints text.
    every = asked is None or not asked.isdecimal()
    return [one for one in instance.groups.get(family, ()) if every or str(one.id) == asked]


def _group(instance: "Instance", group: "UpdateGroup") -> GroupView:
    counters = group.counters
    return GroupView(
        group.id,
        int(dated(instance.bgpd.clock, group.created)),
        _names(group),
        group.version,
        len(group) - is_given(group.profile.default),
        group.route_map,
        group.mri,
        group.coalesce,
        counters.joins,
        counters.prunes,
        counters.merges,
        counters.splits,
        counters.switches,
        counters.refreshes_combined,
        counters.merge_checks,
        packets=counters.packets,
        high_watermark=counters.high_watermark,
        max_packet=group.max_packet,
        pending=len(group.pending),
    )


def _names(group: "UpdateGroup") -> tuple[str, ...]:
    return tuple(str(getattr(member, "peer", member)) for member in group.members)


def totals(instance: "Instance | None") -> GroupTotals | Empty:
    """Events of all groups since the instance began."""
    if instance is None:
        return Empty()
    gone = instance.groups_gone
    live = [group for family in instance.groups.values() for group in family]
    counters = [gone.counters, *(group.counters for group in live)]

    def total(field: Callable[[GroupCounters], int]) -> int:
        return sum(map(field, counters))

    return GroupTotals(
        created=len(live) + gone.number,
        deleted=gone.number,
        joins=total(lambda one: one.joins),
        prunes=total(lambda one: one.prunes),
        merges=total(lambda one: one.merges),
        splits=total(lambda one: one.splits),
        switches=total(lambda one: one.switches),
        refreshes=total(lambda one: one.refreshes_combined),
        merge_checks=total(lambda one: one.merge_checks),
    )


def told(instance: "Instance | None", family: Family, asked: str | None) -> GroupTables:
    """`advertised-routes`: what each group told its members."""
    return _tables(instance, family, asked, _told)


def _told(group: "UpdateGroup") -> Iterator[Row | Block | None]:
    return adjacency.announced_rows(group)


def waiting(instance: "Instance | None", family: Family, asked: str | None) -> GroupTables:
    """`advertise-queue`: what each group has still to tell."""
    return _tables(instance, family, asked, lambda group: _pending(instance, group))


def _tables(
    instance: "Instance | None",
    family: Family,
    asked: str | None,
    rows: "Callable[[UpdateGroup], Iterator[Row | Block | None]]",
) -> GroupTables:
    chosen = _chosen(instance, family, asked)
    if instance is None:
        return GroupTables(())
    above = head(instance, family)
    return GroupTables(tuple(GroupTable(group.id, above, rows(group)) for group in chosen))


def _pending(instance: "Instance | None", group: "UpdateGroup") -> Iterator[Row | None]:
    if instance is None:
        return
    maker = RowMaker(instance, group.table)
    for key in sorted(group.pending):
        best = best_of(group.table.get(key))
        if best is not None:
            yield Row(key_text(maker.afi, key), 0, (RowPath(maker.of(best), best=True),))


def packets(instance: "Instance | None", family: Family, asked: str | None) -> Packets:
    """`packet-queue`: the messages that wait. Here they are written at once, so that there is only
    the empty one that FRR keeps behind them, at which all members are."""
    return Packets(
        tuple(
            PacketView(group.id, id(group), group.version, _names(group))
            for group in _chosen(instance, family, asked)
        )
    )
