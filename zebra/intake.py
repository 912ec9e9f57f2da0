"""Routes of clients on their way into the tables, and out of them again.

What the routes of one message share is looked up once for all its prefixes.
"""

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from grammar.base.log import Level
from grammar.base.values import Prefix
from zebra import select
from zebra.clients import Client, HopCache
from zebra.debug import hop_lines, route_fields
from zebra.given import GivenGroups
from zebra.rib import RouteEntry, entry_of
from zebra.zapi.constants import RouteFlag
from zebra.zapi.routes import Route

if TYPE_CHECKING:
    from zebra.zebra import Zebra

_BY_DISTANCE = int(RouteFlag.RR_USE_DISTANCE)


class Intake:
    """What clients say of routes; `keys` are the prefixes, of the family of the route's own."""

    def __init__(self, zebra: "Zebra") -> None:
        self._zebra = zebra
        self._hops = HopCache()
        self.given = GivenGroups(zebra)

    def add(self, client: Client, route: Route, keys: Sequence[int], vrf: int) -> None:
        """Enter routes; those without next hops are dropped."""
        zebra, afi, count = self._zebra, route.prefix.afi, len(keys)
        if not route.nexthops and not route.nhg:
            client.errors += count
            for key in keys:
                prefix = Prefix.from_key(afi, key)
                text = f"zread_route_add: dropped p={prefix} of client {client.name}"
                zebra.log.write(Level.WARNINGS, text)
            return
        table = zebra.rib.vrfs[vrf].table_for(route)
        self._debug("add", route, keys, f"{vrf}:{route.table or 0}")
        if route.nhg:
            wanted = self.given.want(route, keys)
            if wanted is None:
                return
            group = wanted.cache[0]
        else:
            hops = self._hops.hops(route)
            if not hops:  # FRR takes no route with such next hops
                return
            wanted = zebra.resolver.want(afi, hops, count)
            group = zebra.groups.find(afi, hops)
        entry = entry_of(route.opaque)(
            route.type,
            wanted,
            group,
            zebra.clock.now(),
            distance=route.distance or select.distance_of(route.type),
            metric=route.metric or 0,
            tag=route.tag or 0,
            mtu=route.mtu or 0,
            flags=route.flags,
            instance=route.instance,
        )
        entry.users = count
        zebra.fib.hold_group(entry)
        zebra.rib.enter_many(table, keys, entry)
        # FRR 8.4 has not looked at its table yet when it counts: an update is an addition, too.
        client.count(f"route{afi}", "add", count)

    def delete(self, client: Client, route: Route, keys: Sequence[int], vrf: int) -> None:
        """Take routes away."""
        rib, afi = self._zebra.rib, route.prefix.afi
        table = rib.vrfs[vrf].table_for(route)
        self._debug("del", route, keys, f"{vrf}:{table.id}")
        rib.take_many(table, keys, _same_owner(route))
        client.count(f"route{afi}", "delete", len(keys))

    def _debug(self, what: str, route: Route, keys: Sequence[int], where: str) -> None:
        if not self._zebra.debugs("packet") or self._zebra.debugs("packet send"):
            return
        for key in keys:
            prefix = Prefix.from_key(route.prefix.afi, key)
            text = f"zread_route_{what}: p=({where}){prefix}"
            text += f", msg flags={route_fields(route):#x}, flags={int(route.flags):#x}"
            self._zebra.debug("packet", text, "HT241-2F7BY")
            for hop in route.nexthops if what == "add" else ():
                for text, ident in hop_lines(hop):
                    self._zebra.debug("packet", text, ident)


def _same_owner(route: Route) -> Callable[[RouteEntry], bool]:
    kind, instance, distance = route.type, route.instance, route.distance or 0

    def matches(entry: RouteEntry) -> bool:
        if entry.type is not kind or entry.instance != instance:
            return False
        return not entry.flags & _BY_DISTANCE or entry.distance == distance

    return matches
