"""What the kernel's lists say there is, and which news were of the same."""

from grammar.base.values import Afi, Prefix
from zebra.kernel.api import (
    AddressAdded,
    AddressGone,
    Event,
    KernelRoute,
    LinkChanged,
    LinkGone,
    NexthopAdded,
    NexthopGone,
    RouteAdded,
    RouteGone,
    RouteProtocol,
)
from zebra.kernelroutes import METRIC, OWN_PROTOCOLS

RouteKey = tuple[Afi, int, Prefix | None, int]
"""Family, table, source and key of the prefix."""


class Listed:
    """What the kernel has: keys of routes of others have the metric beside them."""

    def __init__(self) -> None:
        self.links: set[int] = set()
        self.addresses: set[tuple[int, Prefix]] = set()
        self.foreign: set[tuple[RouteKey, int]] = set()
        self.own: dict[RouteKey, KernelRoute] = {}
        self.objects: set[int] = set()
        self._newer: set[tuple[object, ...]] = set()

    def heard(self, event: Event) -> None:
        """News: they count as listed, and what a list says of the same is older."""
        self._newer.add(subject(event))
        self.note(event)

    def is_older(self, event: Event) -> bool:
        """Whether there was news of what this is about."""
        return subject(event) in self._newer

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
                self.foreign.add((route_key(route), route.metric))
            case RouteGone(route) if route.protocol not in OWN_PROTOCOLS:
                self.foreign.discard((route_key(route), route.metric))
            case RouteAdded(route) if route.metric == METRIC:
                self.own[route_key(route)] = route
            case NexthopAdded(nexthop) if nexthop.protocol == RouteProtocol.ZEBRA:
                self.objects.add(nexthop.id)
            case NexthopGone(id):
                self.objects.discard(id)


def subject(event: Event) -> tuple[object, ...]:
    """What an event is about: later news of the same take its place."""
    match event:
        case LinkChanged(link):
            return "link", link.ifindex
        case LinkGone(ifindex):
            return "link", ifindex
        case AddressAdded(address) | AddressGone(address):
            return address.ifindex, address.prefix
        case RouteAdded(route) | RouteGone(route):
            return route_key(route), route.metric, route.protocol in OWN_PROTOCOLS
        case NexthopAdded(nexthop):
            return "object", nexthop.id
        case NexthopGone(id):
            return "object", id
        case _:
            return "host", event


def route_key(route: KernelRoute) -> RouteKey:
    """Where a route is."""
    return route.afi, route.table, route.source, route.prefix.key
