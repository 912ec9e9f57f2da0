"""`ip protocol|nht NAME route-map MAP`: which routes go to the kernel, from where, and resolve.

A map is asked for each next hop of a route: one that it denies is inactive, and `set src` gives the
source address of the kernel's route. As in FRR a map that does not exist denies, and routes that
are there already are judged again only where noted.
"""

from collections.abc import Callable, Collection, Iterator
from dataclasses import dataclass, replace
from typing import Any

from grammar.base.scheduler import Handle, Scheduler
from grammar.base.values import IP, Address, Afi, Prefix
from grammar.filters.model import FilterEffect
from grammar.filters.routemap import Line, MapEntry, Program, RouteMap, Verdict, program, walk
from zebra.config import ANY, MapUse, VrfConfig, ZebraConfig
from zebra.nexthop import Group, Groups, Hop
from zebra.resolve import Resolver
from zebra.rib import Rib, RouteEntry
from zebra.vrf import Vrf
from zebra.zapi.constants import NexthopType, RouteType

Maps = dict[tuple[MapUse, Afi, str], str]
"""Names of route-maps by what they are asked about."""

DELAY = 5
"""Seconds between the last change of a route-map and its effect, unless configured."""


@dataclass(slots=True)
class Judged:
    """A next hop of a route on its way through a map; `source` is what `set src` said."""

    config: ZebraConfig
    rib: Rib
    entry: RouteEntry
    prefix: Prefix
    hop: Hop
    source: Address | None = None

    @property
    def interface(self) -> str | None:
        """The name of the interface that the next hop is on."""
        interface = self.rib.interface_of(self.hop)
        return None if interface is None else interface.name

    @property
    def gate(self) -> Prefix | None:
        """The gateway as a host prefix."""
        return None if self.hop.gate is None else self.hop.gate.host_prefix()

    def listed(self, subject: Prefix | None, afi: Afi, kind: str, name: str) -> bool:
        """What a list of a family says of a prefix; of another family's it says no."""
        if subject is None or subject.afi is not afi:
            return False
        filters = self.config.filters
        if kind == "prefix-list":
            return filters.prefix_permits(name, subject)
        return filters.access_permits(name, subject)


def _blackhole(judged: Judged, argument: Any) -> bool:
    return judged.hop.type is NexthopType.BLACKHOLE


_MATCHES: dict[str, Callable[[Judged, Any], bool]] = {
    "interface": lambda judged, name: judged.interface == name,
    "tag": lambda judged, number: judged.entry.tag == number,
    "ip address": lambda j, name: j.listed(j.prefix, Afi.IPV4, "access-list", name),
    "ip address prefix-list": lambda j, name: j.listed(j.prefix, Afi.IPV4, "prefix-list", name),
    "ipv6 address": lambda j, name: j.listed(j.prefix, Afi.IPV6, "access-list", name),
    "ipv6 address prefix-list": lambda j, name: j.listed(j.prefix, Afi.IPV6, "prefix-list", name),
    "ip next-hop": lambda j, name: j.listed(j.gate, Afi.IPV4, "access-list", name),
    "ip next-hop prefix-list": lambda j, name: j.listed(j.gate, Afi.IPV4, "prefix-list", name),
    "ip address prefix-len": lambda judged, length: judged.prefix.length == length,
    "ipv6 address prefix-len": lambda judged, length: judged.prefix.length == length,
    "ip next-hop prefix-len": lambda judged, length: (
        judged.gate is not None and judged.gate.length == length
    ),
    "ip next-hop type": _blackhole,
    "ipv6 next-hop type": _blackhole,
    "source-protocol": lambda judged, word: judged.entry.type.word == word,
    "source-instance": lambda judged, number: judged.entry.instance == number,
}


def _test(line: Line) -> Callable[[Judged], bool]:
    # Lines that zebra does not act on match.
    match = _MATCHES.get(line.key)
    return lambda judged: match is None or match(judged, line.argument)


def _change(line: Line) -> Callable[[Judged], None]:
    def change(judged: Judged) -> None:
        if line.key == "set src":
            judged.source = line.argument

    return change


class ProtocolMaps:
    """Judges routes by the maps of their protocols, and has them judged again after changes."""

    def __init__(
        self,
        config: ZebraConfig,
        scheduler: Scheduler,
        rib: Rib,
        groups: Groups,
        resolver: Resolver,
    ) -> None:
        self._config = config
        self._scheduler = scheduler
        self._rib = rib
        self._groups = groups
        self._resolver = resolver
        self._timer: Handle | None = None
        self._changed: set[str] = set()
        self.on_changed: Callable[[set[str]], None] = lambda names: None
        """Hears which maps changed, when their change is to have effect."""
        self._before: dict[str, Maps] = {}
        config.filters.in_use = self._names

    def _names(self) -> set[str]:
        imported = (table.route_map for table in self._config.import_tables.values())
        config = self._config
        named = (n for vrf in (config.default, *config.vrfs.values()) for n in vrf.maps.values())
        return {*named, *(name for name in imported if name)}

    def judge(self, vrf: Vrf, entry: RouteEntry, prefix: Prefix, group: Group) -> Group:
        """The group that remains of a route's active next hops."""
        if entry.is_system:
            return group  # FRR asks no map about the routes that the kernel has by itself
        name = vrf.config.map_for(MapUse.ROUTES, prefix.afi, entry.type.word)
        if name is None:
            return group
        hops = tuple(self._judge_hop(name, entry, prefix, hop) for hop in group.hops)
        return group if hops == group.hops else self._groups.find(prefix.afi, hops)

    def resolves(self, vrf: Vrf, client: RouteType, prefix: Prefix, entry: RouteEntry) -> bool:
        """Whether a client's next hops may resolve over a route: its map permits a next hop."""
        name = vrf.config.map_for(MapUse.NEXTHOPS, prefix.afi, client.word)
        if name is None:
            return True
        hops = (hop for hop in entry.group.hops if hop.active)
        return any(self.ask(name, entry, prefix, hop) is not Verdict.DENY for hop in hops)

    def _judge_hop(self, name: str, entry: RouteEntry, prefix: Prefix, hop: Hop) -> Hop:
        if not hop.active:
            return hop
        source = self.ask(name, entry, prefix, hop)
        if isinstance(source, Verdict):
            return replace(hop, active=False) if source is Verdict.DENY else hop
        return replace(hop, prefer=source)

    def ask(self, name: str, entry: RouteEntry, prefix: Prefix, hop: Hop) -> Verdict | Address:
        """What a map says of a next hop: the source address it set, or only its verdict."""
        judged = Judged(self._config, self._rib, entry, prefix, hop)
        touched: list[RouteMap | MapEntry] = []
        verdict = walk(self._program, name, judged, judged, touched)
        for one in touched:
            one.invoked += 1
        source = judged.source
        if verdict is Verdict.PERMIT and source is not None and source.afi is prefix.afi:
            return source
        return verdict

    def _program(self, name: str) -> Program[Judged] | None:
        found = self._config.filters.route_maps.get(name)
        return None if found is None else program(found, _test, _change)

    # --- changes ------------------------------------------------------------------------------

    def configured(self, config: VrfConfig) -> None:
        """A VRF's lines `ip protocol` changed: its routes are judged, if there is a map."""
        before = self._before.get(config.name, {})
        after = self._before[config.name] = dict(config.maps)
        uses = {use for maps in self._before.values() for use, _, _ in maps}
        self._resolver.judge = self.judge if MapUse.ROUTES in uses else None
        vrf = self._rib.named(config.name)
        if vrf is None:
            return
        judged = any(use is MapUse.NEXTHOPS for use, _, _ in after)
        vrf.tracker.judge = self.resolves if judged else None
        maps = self._config.filters.route_maps
        concerned = set()
        for key in before.keys() | after.keys():
            old, new = before.get(key), after.get(key)
            # FRR judges routes again when the new map exists, or when the one taken away did.
            named = new if new is not None else old
            if old != new and (named in maps or key[0] is MapUse.NEXTHOPS):
                concerned.add(key)
        self._again(vrf, concerned)

    def forget(self, config: VrfConfig) -> None:
        """A VRF is gone: what its lines say is new when it comes back."""
        self._before.pop(config.name, None)

    def filters_changed(self, changed: Collection[tuple[FilterEffect, str]]) -> None:
        """Lists or maps changed: after a while the routes are judged again that depend on them."""
        names = {name for _, name in changed} | self._config.filters.concerned(changed)
        names.intersection_update(self._names())
        if not names:
            return
        self._changed |= names
        if self._timer is not None:
            self._timer.cancel()
        delay = self._config.route_map_delay
        when = self._scheduler.time() + (DELAY if delay is None else delay)
        self._timer = self._scheduler.call_at(when, self._expired)

    def _expired(self) -> None:
        self._timer = None
        changed, self._changed = self._changed, set()
        for vrf in list(self._rib.vrfs.values()):
            maps = vrf.config.maps
            self._again(vrf, {key for key, name in maps.items() if name in changed})
        self.on_changed(changed)

    def _again(self, vrf: Vrf, keys: set[tuple[MapUse, Afi, str]]) -> None:
        """Judge all routes of the protocols; `any` stands for no protocol here, as in FRR."""
        if any(use is MapUse.NEXTHOPS for use, _, _ in keys):
            vrf.tracker.maps_changed()
        wanted = {(afi, name) for use, afi, name in keys if use is MapUse.ROUTES and name != ANY}
        if wanted:
            self._rib.work.add("route-maps", self._requeue(vrf, wanted))

    def _requeue(self, vrf: Vrf, wanted: set[tuple[Afi, str]]) -> Iterator[None]:
        kinds = {afi: {kind for kind in RouteType if (afi, kind.word) in wanted} for afi in IP}
        # FRR looks at the main tables only; others are judged when their routes change.
        for table in map(vrf.main, IP):
            for count, dest in enumerate(list(table.routes.values())):
                if any(entry.type in kinds[table.afi] for entry in dest.entries):
                    self._rib.queue(table, dest)
                if count % 2000 == 1999:
                    yield
