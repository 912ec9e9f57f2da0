"""Events of the kernel were lost: everything is compared with what the kernel has now, in slices.

FRR's zebra ends in this case. Here the lists of the kernel are read again, each part is taken in as
if it were news, and what was not listed by the end is gone: links, addresses and routes of others
are forgotten, routes and next-hop objects of ours are put back, and routes of ours that zebra knows
nothing of are taken out. News that come meanwhile are newer than what was listed.
"""

from collections.abc import Callable, Iterator

from grammar.base.values import Afi, Prefix
from zebra.fib import Fib
from zebra.kernel.api import (
    AddressAdded,
    AddressGone,
    Event,
    KernelRoute,
    LinkChanged,
    LinkGone,
    NexthopAdded,
    NexthopGone,
    RemoveRoute,
    RouteAdded,
    RouteGone,
    RouteProtocol,
)
from zebra.kernelroutes import METRIC, OWN_PROTOCOLS, metric_of
from zebra.namespace import Namespace
from zebra.nexthop import Groups
from zebra.rib import Dest, Rib
from zebra.vrf import Table
from zebra.zapi.constants import RouteType

_PORTION = 64
"""Events taken in between two pauses."""
_DESTS = 1000
"""Destinations compared between two pauses."""

_Key = tuple[Afi, int, int]


class _Listed:
    """What the kernel has: keys of routes are family, table and prefix, of others' and metric."""

    def __init__(self) -> None:
        self.links: set[int] = set()
        self.addresses: set[tuple[int, Prefix]] = set()
        self.foreign: set[tuple[_Key, int]] = set()
        self.own: dict[_Key, KernelRoute] = {}
        self.objects: set[int] = set()
        self._newer: set[tuple[object, ...]] = set()

    def heard(self, event: Event) -> None:
        """News: they count as listed, and what a list says of the same is older."""
        self._newer.add(_subject(event))
        self.note(event)

    def is_older(self, event: Event) -> bool:
        """Whether there was news of what this is about."""
        return _subject(event) in self._newer

    def note(self, event: Event) -> None:
        """One thing that is there, or is gone meanwhile."""
        match event:
            case LinkChanged(link):
                self.links.add(link.ifindex)
            case LinkGone(ifindex):
                self.links.discard(ifindex)
            case AddressAdded(address):
                self.addresses.add((address.ifindex, address.prefix))
            case AddressGone(address):
                self.addresses.discard((address.ifindex, address.prefix))
            case RouteAdded(route) if route.protocol not in OWN_PROTOCOLS:
                self.foreign.add((_key(route), route.metric))
            case RouteGone(route) if route.protocol not in OWN_PROTOCOLS:
                self.foreign.discard((_key(route), route.metric))
            case RouteAdded(route) if route.metric == METRIC:
                self.own[_key(route)] = route
            case NexthopAdded(nexthop) if nexthop.protocol == RouteProtocol.ZEBRA:
                self.objects.add(nexthop.id)
            case NexthopGone(id):
                self.objects.discard(id)


def _subject(event: Event) -> tuple[object, ...]:
    match event:
        case LinkChanged(link):
            return "link", link.ifindex
        case LinkGone(ifindex):
            return "link", ifindex
        case AddressAdded(address) | AddressGone(address):
            return address.ifindex, address.prefix
        case RouteAdded(route) | RouteGone(route):
            return _key(route), route.metric, route.protocol in OWN_PROTOCOLS
        case NexthopAdded(nexthop):
            return "object", nexthop.id
        case NexthopGone(id):
            return "object", id


def _key(route: KernelRoute) -> _Key:
    return route.afi, route.table, route.prefix.key


class Resync:
    """`event` takes news in, `forget` a route of others out; `tables` are those of the namespace.

    A second loss of events begins anew.
    """

    def __init__(
        self,
        namespace: Namespace,
        rib: Rib,
        groups: Groups,
        fib: Fib,
        tables: Callable[[], Iterator[Table]],
        event: Callable[[Event], None],
        forget: Callable[[Table, Prefix, int], None],
    ) -> None:
        self._namespace = namespace
        self._rib = rib
        self._groups = groups
        self._fib = fib
        self._tables = tables
        self._event = event
        self._forget = forget
        self._listed: _Listed | None = None

    def begin(self) -> None:
        """Compare everything."""
        self._listed = _Listed()
        self._rib.work.add("kernel's lists", self._steps(self._listed))

    def heard(self, event: Event) -> None:
        """News came; while lists are compared they count as listed."""
        if self._listed is not None:
            self._listed.heard(event)

    def _steps(self, listed: _Listed) -> Iterator[None]:
        for count, event in enumerate(self._namespace.kernel.dump(), 1):
            if not listed.is_older(event):
                listed.note(event)
                self._take(event)
            if count % _PORTION == 0:
                yield
                if self._listed is not listed:
                    return
        self._forget_links(listed)
        yield
        yield from self._compare_all(listed)
        if self._listed is listed:
            self._listed = None
        yield from self._remove_rest(listed)

    def _compare_all(self, listed: _Listed) -> Iterator[None]:
        for group in list(self._groups):
            if group.installed and group.id not in listed.objects:
                self._fib.carrying.group_lost(group.id)
        for table in self._tables():
            for count, dest in enumerate(list(table.routes.values()), 1):
                self._compare(listed, table, dest)
                if count % _DESTS == 0:
                    yield

    def _take(self, event: Event) -> None:
        listed, self._listed = self._listed, None
        self._event(event)
        self._listed = listed

    def _forget_links(self, listed: _Listed) -> None:
        for interface in list(self._namespace.interfaces):
            if interface.ifindex not in listed.links:
                self._event(LinkGone(interface.ifindex, interface.name))
                continue
            for address in list(interface.addresses):
                if (address.ifindex, address.prefix) not in listed.addresses:
                    self._event(AddressGone(address))

    def _compare(self, listed: _Listed, table: Table, dest: Dest) -> None:
        key = (table.afi, table.id, dest.key)
        for entry in list(dest.entries):
            if entry.type is RouteType.KERNEL and (key, metric_of(entry)) not in listed.foreign:
                self._forget(table, table.prefix(dest), metric_of(entry))
        ours = listed.own.pop(key, None)
        if dest.fib is None or dest.fib.is_system:
            if ours is not None:
                listed.own[key] = ours
            return
        there = ours is not None and (not ours.nhid or ours.nhid == dest.fib.installed_id)
        if dest.fib.installed and not there:
            self._fib.lost(table, dest)

    def _remove_rest(self, listed: _Listed) -> Iterator[None]:
        """Take out the routes of ours that zebra does not have."""
        tables = {(table.afi, table.id): table for table in self._tables()}
        for count, (key, route) in enumerate(listed.own.items(), 1):
            table = tables.get(key[:2])
            dest = None if table is None else table.routes.get(key[2])
            if dest is None or dest.fib is None or dest.fib.is_system:
                self._namespace.kernel.program([RemoveRoute(route)], lambda errors: None)
            if count % _PORTION == 0:
                yield
