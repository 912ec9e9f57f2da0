"""Whether and over which interface next hops can be reached (FRR's nexthop_active).

What resolves is remembered per set of next hops (`Wanted`) until a route around one of the
gateways, or an interface, changes.
"""

from collections.abc import Callable, Container, Iterable, Iterator
from dataclasses import replace
from typing import Generic, TypeVar

from grammar.base.values import Address, Afi, Prefix
from zebra.carrying import MANY, Carrying
from zebra.given import GivenGroups
from zebra.nexthop import Group, Groups, Hop, walk
from zebra.rib import Dest, Rib, RouteEntry, Wanted
from zebra.spares import gathered, through
from zebra.vrf import Table, Vrf
from zebra.zapi.constants import NexthopType, RouteFlag, RouteType

T = TypeVar("T")

_WITHOUT_INTERFACE = (NexthopType.IPV4, NexthopType.IPV6)
_ALLOW_RECURSION = int(RouteFlag.ALLOW_RECURSION)
RECURSION = 1
"""Next hops that may be reached over other routes."""
SYSTEM = 2
"""Next hops of the kernel's own routes."""


class Around(Generic[T]):
    """Objects by the prefixes that hold an address of interest: a change finds them at once."""

    def __init__(self) -> None:
        self._by_table: dict[Table, dict[int, dict[T, None]]] = {}

    def add(self, table: Table, prefix: Prefix, item: T) -> None:
        """`item` depends on the routes of a table that cover `prefix`."""
        found = self._by_table.setdefault(table, {})
        for key in prefix.around():
            found.setdefault(key, {})[item] = None

    def discard(self, table: Table, prefix: Prefix, item: T) -> None:
        """Undo `add`."""
        found = self._by_table.get(table, {})
        for key in prefix.around():
            items = found.get(key)
            if items is not None:
                items.pop(item, None)
                if not items:
                    del found[key]
        if not found:
            self._by_table.pop(table, None)

    def keys(self, table: Table) -> Container[int]:
        """Keys of a table on which something depends."""
        return self._by_table.get(table, ())

    def of(self, table: Table, key: int) -> tuple[T, ...]:
        """What depends on the prefix of a table key, in the order in which it was added."""
        return tuple(self._by_table.get(table, {}).get(key, ()))


class Resolver:
    """Finds the group of active next hops for routes, each in the VRF that it names."""

    def __init__(self, rib: Rib, groups: Groups) -> None:
        self._rib = rib
        self._groups = groups
        self._wanted: dict[tuple[Afi, tuple[Hop, ...]], Wanted] = {}
        self._around: Around[Wanted] = Around()
        self._rescan: dict[Wanted, None] = {}
        self.judge: Callable[[Vrf, RouteEntry, Prefix, Group], Group] | None = None
        """What the route-maps of protocols leave of a group; None while there are none."""
        self.carrying: Carrying
        self.given: GivenGroups

    def want(self, afi: Afi, hops: tuple[Hop, ...], count: int = 1) -> Wanted:
        """The shared record of these next hops; `drop` it when one of `count` routes is gone."""
        wanted = self._wanted.get((afi, hops))
        if wanted is None:
            wanted = self._wanted[(afi, hops)] = Wanted(afi, hops)
            for table, gate in self._watched(hops):
                self._around.add(table, gate, wanted)
        wanted.users += count
        if wanted.users - count < MANY <= wanted.users:
            self.carrying.grown(wanted)
        return wanted

    def drop(self, wanted: Wanted, count: int = 1) -> None:
        """So many routes with these next hops less."""
        wanted.users -= count
        if wanted.users == 0:
            del self._wanted[(wanted.afi, wanted.hops)]
            self._rescan.pop(wanted, None)
            for table, gate in self._watched(wanted.hops):
                self._around.discard(table, gate, wanted)

    def _watched(self, hops: tuple[Hop, ...]) -> Iterator[tuple[Table, Prefix]]:
        for hop in (*hops, *hops[0].spares) if hops else ():
            vrf = self._rib.vrfs.get(hop.vrf)
            if hop.gate is not None and vrf is not None:
                yield vrf.main(hop.gate.afi), hop.gate.host_prefix()

    def known(self, entry: RouteEntry) -> Group | None:
        """The group for a route, if it is that of all prefixes and needs no look at any table.

        It is not that of the prefixes around the next hops (`Wanted.around`).
        """
        wanted = entry.wanted
        if self.judge is not None and not wanted.fixed:
            return None
        return self._cached(wanted, self.kind(entry))

    def _cached(self, wanted: Wanted, kind: int) -> Group | None:
        group = wanted.cache.get(kind)
        if group is None or group.id not in self._groups.by_id:
            return None
        if group.valid and not group.installed and not any(map(self._alive, group.leaves())):
            # Its link went down, and what it resolves over has not been looked at yet.
            self._forget((wanted,))
            return wanted.cache.get(kind)
        return group

    def gates(self, table: Table) -> Container[int]:
        """The keys of a table around which there are next hops of routes."""
        return self._around.keys(table)

    def group(self, vrf: Vrf, entry: RouteEntry, top: Prefix) -> Group:
        """The group for a VRF's route to `top`, by what tables and route-maps say now."""
        group = self._by_tables(entry, top)
        return group if self.judge is None else self.judge(vrf, entry, top, group)

    def _by_tables(self, entry: RouteEntry, top: Prefix) -> Group:
        wanted = entry.wanted
        kind = self.kind(entry)
        if any(hop.gate is not None and top.covers(hop.gate.host_prefix()) for hop in wanted.hops):
            wanted.covered = True
            return self._groups.find(wanted.afi, self._evaluate(wanted, kind, top))
        group = self._cached(wanted, kind)
        if group is None:
            group = self._groups.find(wanted.afi, self._evaluate(wanted, kind, None))
            wanted.cache[kind] = group
            if wanted.users >= MANY:
                self.carrying.grown(wanted)
        return group

    def kind(self, entry: RouteEntry) -> int:
        """How its next hops are looked up: `SYSTEM`, `RECURSION`, or 0: over links alone."""
        if entry.type is RouteType.KERNEL or entry.type is RouteType.SYSTEM:
            return SYSTEM
        recursion = entry.flags & _ALLOW_RECURSION or entry.type is RouteType.STATIC
        return RECURSION if recursion else 0

    # --- changes ------------------------------------------------------------------------------

    def route_changed(self, table: Table, key: int) -> None:
        """A route of a main table was installed or is gone."""
        self._forget(self._around.of(table, key))

    def interface_changed(self, vrf: Vrf, ifindex: int) -> None:
        """An interface of a VRF came, went, or changed whether it carries traffic."""
        concerned = [
            wanted
            for wanted in self._wanted.values()
            if any(hop.ifindex == ifindex and hop.vrf == vrf.id for hop in wanted.hops)
        ]
        self._forget(concerned)
        self.given.link_changed(vrf, ifindex)

    def everything_changed(self) -> None:
        """A rule of resolution changed."""
        self._forget(list(self._wanted.values()))

    def _forget(self, concerned: Iterable[Wanted]) -> None:
        stale: dict[Wanted, None] = {}
        for wanted in concerned:
            if wanted.covered:
                self._queue_covering(wanted)
            if wanted.cache and self._awaits(wanted):
                continue  # the kernel's answer brings us here again
            news = self._news(wanted)
            if not news or (
                wanted.users >= MANY and self.judge is None and self.carrying.carry(wanted, news)
            ):
                continue
            wanted.cache.clear()
            stale[wanted] = None
        if stale:
            if not self._rescan:
                self._rib.work.add("next hops", self._requeue())
            self._rescan.update(stale)

    def _news(self, wanted: Wanted) -> dict[int, tuple[Hop, ...]]:
        """What the next hops have become, for each kind of route for which it differs."""
        news = {}
        for kind, group in wanted.cache.items():
            hops = self._evaluate(wanted, kind, None)
            if hops != group.hops:
                news[kind] = hops
        return news

    def _queue_covering(self, wanted: Wanted) -> None:
        """Routes whose prefixes hold a next hop of theirs have a group apart."""
        for table in self._rib.tables():
            for hop in wanted.hops:
                if hop.gate is not None and hop.gate.afi is table.afi:
                    for dest in table.matches(hop.gate.value, table.afi.bits):
                        if any(entry.wanted is wanted for entry in dest.entries):
                            self._rib.queue(table, dest)

    def doubted(self, groups: set[Group]) -> None:
        """Links of groups are gone: their routes may have kept each other up."""
        found = self._wanted.values()
        self._forget([one for one in found if not groups.isdisjoint(one.cache.values())])

    def moved(self, groups: set[Group]) -> None:
        """Groups that are in use have other next hops: so have those who resolve over them."""
        self._forget(
            [
                wanted
                for wanted in self._wanted.values()
                if any(
                    dest.selected is not None and dest.selected.group in groups
                    for hop in wanted.hops
                    for dest in self._leading(hop)
                )
            ]
        )

    def _awaits(self, wanted: Wanted) -> bool:
        """Whether what a next hop resolves over is on its way to the kernel."""
        return any(dest.awaits for hop in wanted.hops for dest in self._leading(hop))

    def _leading(self, hop: Hop) -> Iterator[Dest]:
        vrf = self._rib.vrfs.get(hop.vrf)
        if vrf is not None and hop.gate is not None:
            yield from (dest for dest, _ in self.candidates(vrf, hop.gate, None))

    def _requeue(self) -> Iterator[None]:
        while self._rescan:
            stale, self._rescan = self._rescan, {}
            for table in self._rib.tables():
                for count, dest in enumerate(list(table.routes.values())):
                    if any(entry.wanted in stale for entry in dest.entries):
                        self._rib.queue(table, dest)
                    if count % 2000 == 1999:
                        yield

    # --- one look ------------------------------------------------------------------------------

    def _evaluate(self, wanted: Wanted, kind: int, top: Prefix | None) -> tuple[Hop, ...]:
        hops = _without_duplicates(tuple(self._hop(hop, kind, top) for hop in wanted.hops))
        if any(hop.spares for hop in walk(hops)):
            # FRR looks no spare next hop up by routes that are no links.
            return gathered(hops, tuple(self._hop(hop, 0, top) for hop in hops[0].spares))
        return hops

    def _hop(self, hop: Hop, kind: int, top: Prefix | None) -> Hop:
        if hop.type is NexthopType.BLACKHOLE:
            return replace(hop, active=True)
        if kind == SYSTEM:
            interface = self._rib.interface_of(hop)
            return replace(hop, active=interface is not None and interface.link.up)
        if hop.gate is None or (hop.ifindex and (hop.onlink or hop.gate.is_link_local)):
            interface = self._rib.interface_of(hop)
            return replace(hop, active=interface is not None and interface.operative)
        vrf = self._rib.vrfs.get(hop.vrf)
        if vrf is not None:
            for match, table in self.candidates(vrf, hop.gate, top):
                return self._through(hop, match, table, kind)
        return hop

    def candidates(
        self, vrf: Vrf, gate: Address, top: Prefix | None
    ) -> Iterator[tuple[Dest, Table]]:
        """The route that a gateway resolves over, for a route to `top`; none or one."""
        table = vrf.main(gate.afi)
        own = top.key if top is not None and top.length < gate.afi.bits else None
        for dest in table.matches(gate.value, gate.afi.bits):
            if dest.key == own:
                return
            if dest.key == 0 and gate.afi not in vrf.config.resolve_via_default:
                return
            if dest.selected is not None:
                yield dest, table
                return

    def _through(self, hop: Hop, match: Dest, table: Table, kind: int) -> Hop:
        selected = match.selected
        assert selected is not None
        if selected.type is RouteType.CONNECTED:
            if hop.type in _WITHOUT_INTERFACE:
                (link,) = selected.wanted.hops
                return replace(hop, ifindex=link.ifindex, active=self._alive(link))
            there = any(
                entry.type is RouteType.CONNECTED
                and entry.wanted.hops[0].ifindex == hop.ifindex
                and entry.group.valid
                for entry in match.entries
            )
            return replace(hop, active=there)
        if kind == RECURSION and match.installed:
            resolved = tuple(
                through(_resolved(hop, leaf), leaf, selected.group.hops[0].spares)
                for leaf in selected.group.leaves()
                if (not hop.ifindex or leaf.ifindex == hop.ifindex) and self._alive(leaf)
            )
            return replace(hop, resolved=resolved, active=bool(resolved))
        return hop

    def _alive(self, leaf: Hop) -> bool:
        """False for a way over a link that is gone, while its route has not been looked at yet."""
        interface = self._rib.interface_of(leaf)
        black = leaf.type is NexthopType.BLACKHOLE
        return black or (interface is not None and interface.operative)


def _resolved(hop: Hop, leaf: Hop) -> Hop:
    # A route by interface alone means that the gateway is a neighbour there.
    gate = leaf.gate if leaf.gate is not None else hop.gate
    if leaf.type is NexthopType.BLACKHOLE or gate is None:
        return replace(leaf, weight=hop.weight)
    kind = NexthopType.IPV4_IFINDEX if gate.afi is Afi.IPV4 else NexthopType.IPV6_IFINDEX
    return Hop(
        kind,
        gate,
        leaf.ifindex,
        leaf.vrf,
        leaf.onlink or leaf.gate is None,  # else the kernel does not take a gateway there
        weight=hop.weight,
        active=True,
        labels=(*leaf.labels, *hop.labels),
    )


def _without_duplicates(hops: tuple[Hop, ...]) -> tuple[Hop, ...]:
    """The same next hops with those marked that equal an earlier one, kind and weight included."""
    if len(hops) == 1 and len(hops[0].resolved) < 2:
        return hops
    seen: set[Hop] = set()
    return tuple(_marked(hop, seen) for hop in hops)


def _marked(hop: Hop, seen: set[Hop]) -> Hop:
    # No function within the other one: one that calls itself is a cycle.
    if hop.resolved:
        return replace(hop, resolved=tuple(_marked(inner, seen) for inner in hop.resolved))
    if not hop.active:
        return hop
    alone = replace(hop, spares=()) if hop.spares else hop
    if alone in seen:
        return replace(hop, duplicate=True)
    seen.add(alone)
    return hop
