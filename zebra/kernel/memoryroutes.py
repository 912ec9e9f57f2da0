"""The routes and next-hop objects of the kernel in memory, with Linux's refusals (6.18).

What is refused with which number, and what goes without an event, was seen in namespaces; a test
drives both kernels by the same random scripts.
"""

import errno
from collections.abc import Callable, Mapping
from dataclasses import replace

from grammar.base.values import Afi
from zebra.kernel.api import (
    Event,
    KernelNexthop,
    KernelRoute,
    Link,
    LinkAddress,
    NexthopAdded,
    NexthopGone,
    NexthopObject,
    RouteAdded,
    RouteGone,
    RouteKind,
)
from zebra.kernel.memoryreach import AddressKey, Reach, RouteKey

_IPV6_METRIC = 1024
"""What an IPv6 route has that is given none."""
_MOST_WEIGHT = 256


class MemoryRoutes:
    """Routes by table, prefix, tos and metric, and objects by number.

    `links` and `addresses` are the kernel's own, by ifindex and by `address_key`.
    """

    def __init__(
        self,
        links: Mapping[int, Link],
        addresses: Mapping[AddressKey, LinkAddress],
        tell: Callable[[Event], None],
    ) -> None:
        self.nexthops: dict[int, NexthopObject] = {}
        self._links = links
        self._addresses = addresses
        self._tell = tell
        self._routes: dict[RouteKey, KernelRoute] = {}
        self._metrics: set[int] = set()
        self.reach = Reach(links, addresses, self._routes, self._metrics, self._resolved)

    def routes(self) -> tuple[KernelRoute, ...]:
        """All by table, family, prefix and metric, with the ways of next-hop objects."""
        return tuple(self._resolved(self._routes[key]) for key in sorted(self._routes))

    # --- changes ---------------------------------------------------------------------------------

    def install(self, route: KernelRoute, *, own: bool) -> int:
        """Put a route in, in place of the one of its key; its errno."""
        if route.afi is Afi.IPV6:
            route = replace(route, prefix=route.prefix.network, metric=route.metric or _IPV6_METRIC)
        if error := self._route_error(route):
            return error
        if route.source is not None and route.nhid:
            return errno.EINVAL
        if not all(way.ifindex for way in route.nexthops):
            route = replace(route, nexthops=tuple(map(self.reach.with_link, route.nexthops)))
        key = _key(route, route.metric)
        known = self._routes.get(key)
        self._routes[key] = route
        self._metrics.add(route.metric)
        if not own and (known != route or route.afi is Afi.IPV6):
            several = route.afi is Afi.IPV6 and len(route.nexthops) > 1
            self._tell(RouteAdded(self._resolved(route), several or known is not None))
        return 0

    def remove(self, route: KernelRoute, *, own: bool) -> int:
        """Take a route out; no metric and no protocol stand for any; its errno."""
        for metric in (route.metric,) if route.metric else sorted(self._metrics):
            key = _key(route, metric)
            known = self._routes.get(key)
            if known is not None and route.protocol in (0, known.protocol):
                del self._routes[key]
                if not own:
                    self._tell(RouteGone(self._resolved(known)))
                return 0
        return errno.ESRCH

    def install_nexthop(self, nexthop: NexthopObject, *, own: bool) -> int:
        """Make or replace an object; its errno."""
        if error := self._nexthop_error(nexthop):
            return error
        replaced = nexthop.id in self.nexthops
        self.nexthops[nexthop.id] = nexthop
        if not own:
            if replaced:
                self._tell_users(nexthop.id)
            self._tell(NexthopAdded(nexthop))
        return 0

    def remove_nexthop(self, number: int, *, own: bool) -> int:
        """Delete an object, and with it the routes and groups that have nothing else; its errno."""
        if number not in self.nexthops:
            return errno.ENOENT
        if not own:
            self._tell(NexthopGone(number))
        self._forget_nexthops({number}, own=own)
        return 0

    # --- what happens to links and addresses ------------------------------------------------------

    def link_lost(self, ifindex: int) -> None:
        """A link went down: IPv4 routes and objects go without a word, IPv6 routes with one."""
        self.carrier_lost(ifindex)
        for key, route in list(self._routes.items()):
            if self._is_lost(route, ifindex):
                self._drop(key)

    def carrier_lost(self, ifindex: int) -> None:
        """A link lost its carrier: routes of their own ways stay, objects over it go."""
        gone = {
            number
            for number, nexthop in self.nexthops.items()
            if not nexthop.group and not nexthop.blackhole and nexthop.way.ifindex == ifindex
        }
        if gone:
            self._forget_nexthops(gone, own=True)

    def address_lost(self, address: LinkAddress) -> None:
        """An address was taken away: routes that prefer it as source lose it or go."""
        own = address.prefix.address
        if own.afi is Afi.IPV6:
            for key, route in list(self._routes.items()):
                if route.prefsrc == own and not self.reach.owns(own):
                    self._routes[key] = replace(route, prefsrc=None)
            return
        link = address.ifindex
        last = not any(
            each.ifindex == link and each.prefix.afi is Afi.IPV4
            for each in self._addresses.values()
        )
        for key, route in list(self._routes.items()):
            sourceless = route.prefsrc == own and not self.reach.owns(own)
            if route.afi is Afi.IPV4 and (sourceless or (last and self._is_lost(route, link))):
                self._drop(key, tell=sourceless)

    # --- what is refused --------------------------------------------------------------------------

    def _route_error(self, route: KernelRoute) -> int:
        if any(way.labels for way in route.nexthops) and not route.nhid:
            return errno.EOPNOTSUPP  # there is no MPLS
        if route.prefix != route.prefix.network:
            return errno.EINVAL
        if route.nhid:
            error = self._users_error(route.afi, self.nexthops.get(route.nhid), route)
        elif route.type is RouteKind.UNICAST:
            error = self._ways_error(route.afi, route.nexthops)
        else:
            error = 0
        if not error and route.prefsrc is not None and not self.reach.owns(route.prefsrc):
            return errno.EINVAL
        return error

    def _ways_error(self, afi: Afi, ways: tuple[KernelNexthop, ...]) -> int:
        if not ways or (
            afi is Afi.IPV6 and len(ways) > 1 and any(way.gate is None for way in ways)
        ):
            return errno.EINVAL
        for way in ways:
            if way.gate is not None and afi is Afi.IPV6 and way.gate.afi is Afi.IPV4:
                return errno.EINVAL
            if error := self.reach.way_error(way):
                return error
        return errno.EEXIST if afi is Afi.IPV6 and len(set(ways)) < len(ways) else 0

    def _users_error(self, afi: Afi, nexthop: NexthopObject | None, route: KernelRoute) -> int:
        if nexthop is None:
            return errno.EINVAL
        if afi is Afi.IPV4:
            return 0
        bad = route.source is not None or Afi.IPV4 in self._families(nexthop)
        return errno.EINVAL if bad else 0

    def _families(self, nexthop: NexthopObject) -> set[Afi]:
        members = [self.nexthops[number] for number, _ in nexthop.group] or [nexthop]
        return {one.afi if one.way.gate is None else one.way.gate.afi for one in members}

    def _nexthop_error(self, nexthop: NexthopObject) -> int:
        if nexthop.way.labels and not (nexthop.group or nexthop.blackhole):
            return errno.EOPNOTSUPP
        known = self.nexthops.get(nexthop.id)
        if not nexthop.id:
            return errno.EINVAL
        if nexthop.group:
            if error := self._group_error(nexthop.group):
                return error
        elif not nexthop.blackhole and (error := self._object_error(nexthop.way)):
            return error
        if known is None:
            return 0
        if bool(known.group) is not bool(nexthop.group):
            return errno.EINVAL
        if nexthop.blackhole and any(
            len(each.group) > 1 and nexthop.id in dict(each.group)
            for each in self.nexthops.values()
        ):
            return errno.EINVAL
        if Afi.IPV4 in self._families(nexthop) and any(
            route.nhid == nexthop.id and route.afi is Afi.IPV6 for route in self._routes.values()
        ):
            return errno.EINVAL
        return 0

    def _group_error(self, group: tuple[tuple[int, int], ...]) -> int:
        members = [self.nexthops.get(number) for number, _ in group]
        if len(set(members)) < len(group) or any(
            member is None or member.group or (member.blackhole and len(group) > 1)
            for member in members
        ):
            return errno.EINVAL
        return errno.EINVAL if any(weight > _MOST_WEIGHT for _, weight in group) else 0

    def _object_error(self, way: KernelNexthop) -> int:
        link = self._links.get(way.ifindex)
        if link is None:
            return errno.EINVAL
        return self.reach.way_error(way) if link.running else errno.ENETDOWN

    # --- what hangs together ----------------------------------------------------------------------

    def _is_lost(self, route: KernelRoute, ifindex: int) -> bool:
        """Whether a route of its own ways has none but over a link that is lost."""
        ways = [way for way in route.nexthops if not route.nhid]
        over = any(way.ifindex == ifindex for way in ways)
        return over and not any(
            way.ifindex != ifindex and self.reach.is_up(way.ifindex) for way in ways
        )

    def _resolved(self, route: KernelRoute) -> KernelRoute:
        nexthop = self.nexthops.get(route.nhid)
        if nexthop is None:
            return route
        members = [self.nexthops[number] for number, _ in nexthop.group]
        if nexthop.blackhole or any(member.blackhole for member in members):
            return replace(route, type=RouteKind.BLACKHOLE, nexthops=())
        if not members:
            return replace(route, nexthops=(nexthop.way,))
        ways = [
            replace(member.way, weight=weight)
            for member, (_, weight) in zip(members, nexthop.group, strict=True)
        ]
        return replace(route, nexthops=tuple(ways))

    def _drop(self, key: RouteKey, *, tell: bool = False) -> None:
        route = self._routes.pop(key)
        if tell or route.afi is Afi.IPV6:
            self._tell(RouteGone(self._resolved(route)))

    def _tell_users(self, number: int) -> None:
        for route in self._routes.values():
            if route.nhid == number:
                self._tell(RouteAdded(self._resolved(route), replace=True))

    def _forget_nexthops(self, gone: set[int], *, own: bool) -> None:
        for number in list(self.nexthops):
            group = self.nexthops[number].group
            left = tuple(member for member in group if member[0] not in gone)
            if group and not left:
                gone = gone | {number}
                if not own:
                    self._tell(NexthopGone(number))
            elif left != group:
                self.nexthops[number] = shrunk = replace(self.nexthops[number], group=left)
                if not own:
                    self._tell(NexthopAdded(shrunk))
        for key, route in list(self._routes.items()):
            if route.nhid in gone:
                self._drop(key)
        for number in gone:
            self.nexthops.pop(number, None)


def _key(route: KernelRoute, metric: int) -> RouteKey:
    source = 0 if route.source is None else route.source.network.key
    return route.table, route.afi, route.prefix.network.key, route.tos, metric, source
