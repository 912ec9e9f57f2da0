"""A kernel in memory, for use without root and for tests; it forwards nothing.

It answers as Linux does: error numbers for what cannot be, links and addresses told by events, and
routes and next-hop objects over a link that goes down lost without a word.
"""

import errno
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import replace
from typing import TypeVar

from grammar.base.values import Address, Afi, Prefix
from zebra.kernel.api import (
    IFF_LOOPBACK,
    IFF_LOWER_UP,
    IFF_RUNNING,
    IFF_UP,
    AddAddress,
    AddressAdded,
    AddressGone,
    Change,
    Done,
    Event,
    InstallNexthop,
    InstallRoute,
    KernelNexthop,
    KernelRoute,
    Link,
    LinkAddress,
    LinkChanged,
    LinkGone,
    NexthopAdded,
    NexthopGone,
    NexthopObject,
    RemoveAddress,
    RemoveNexthop,
    RemoveRoute,
    RouteAdded,
    RouteGone,
    RouteKind,
    Scope,
    SetLink,
    SetNeighbor,
)

LOOPBACK = Link(
    1,
    "lo",
    IFF_UP | IFF_LOOPBACK | IFF_RUNNING | IFF_LOWER_UP,
    mtu=65536,
    hw_address=bytes(6),
    arp_type=772,
)
LOOPBACK_ADDRESSES = (
    LinkAddress(1, Prefix.parse("127.0.0.1/8", with_host=True), label="lo", scope=Scope.HOST),
    LinkAddress(1, Prefix.parse("::1/128"), scope=Scope.HOST),
)

_CARRIER = IFF_UP | IFF_RUNNING | IFF_LOWER_UP

_RouteKey = tuple[int, Afi, int, int, int]
_Said = TypeVar("_Said")


def _key(route: KernelRoute) -> _RouteKey:
    return route.table, route.afi, route.prefix.key, route.tos, route.metric


class MemoryKernel:
    """The `Kernel` interface over dicts: `lo`, and the links and addresses it is made with.

    `call_soon(f)` runs `f` in a later turn. `refuse`, when set, is asked about each change and
    answers the errno to refuse it with, or 0.
    """

    def __init__(
        self,
        call_soon: Callable[[Callable[[], None]], object],
        links: Iterable[Link] = (),
        addresses: Iterable[LinkAddress] = (),
    ) -> None:
        self.refuse: Callable[[Change], int] | None = None
        self._call_soon = call_soon
        self._on_event: Callable[[Event], None] | None = None
        self._closed = False
        self._links = {link.ifindex: link for link in (LOOPBACK, *links)}
        self._addresses = {
            (address.ifindex, address.prefix): address
            for address in (*LOOPBACK_ADDRESSES, *addresses)
        }
        self._nexthops: dict[int, NexthopObject] = {}
        self._routes: dict[_RouteKey, KernelRoute] = {}
        self._forwarding = {Afi.IPV4: False, Afi.IPV6: False}

    # --- the interface ---------------------------------------------------------------------------

    def subscribe(self, on_event: Callable[[Event], None], on_overrun: Callable[[], None]) -> None:
        """Start giving events; none is ever lost here."""
        self._on_event = on_event

    def dump(self) -> Iterator[Event]:
        """Everything there is now."""
        yield from [LinkChanged(link) for link in self._links.values()]
        yield from [AddressAdded(address) for address in self._addresses.values()]
        yield from [NexthopAdded(nexthop) for nexthop in self._nexthops.values()]
        yield from [RouteAdded(route) for route in self.routes()]

    def program(self, changes: Sequence[Change], done: Done) -> None:
        """Carry the batch out now, answer in a later turn."""
        self._later(done, [self._carry_out(change, own=True) for change in changes])

    def forwarding(self, afi: Afi) -> bool:
        """What `set_forwarding` said last; off at the start."""
        return self._forwarding[afi]

    def set_forwarding(self, afi: Afi, on: bool) -> None:
        """Always possible here."""
        self._forwarding[afi] = on

    def close(self) -> None:
        """No more events and answers."""
        self._closed = True

    # --- what a kernel's other users do and see ---------------------------------------------------

    def routes(self) -> tuple[KernelRoute, ...]:
        """All routes by table, family, prefix and metric, with the ways of next-hop objects."""
        return tuple(self._resolved(self._routes[key]) for key in sorted(self._routes))

    def nexthops(self) -> tuple[NexthopObject, ...]:
        """All next-hop objects by number."""
        return tuple(self._nexthops[number] for number in sorted(self._nexthops))

    def addresses(self, ifindex: int) -> tuple[LinkAddress, ...]:
        """The addresses of a link, oldest first."""
        return tuple(each for each in self._addresses.values() if each.ifindex == ifindex)

    def change(self, change: Change) -> int:
        """Do what another program would have done: an errno, and events for routes too."""
        return self._carry_out(change, own=False)

    def set_link(self, link: Link) -> None:
        """Make a link, or change one in any way."""
        self._links[link.ifindex] = link
        self._tell(LinkChanged(link))
        if not link.up:
            self._forget_link(link.ifindex)
            # Linux keeps IPv4 addresses of a link that is down and drops those of IPv6.
            for address in self.addresses(link.ifindex):
                if address.prefix.afi is Afi.IPV6:
                    self._remove_address(address)

    def remove_link(self, ifindex: int) -> None:
        """Delete a link with its addresses."""
        link = self._links.pop(ifindex)
        for address in self.addresses(ifindex):
            del self._addresses[ifindex, address.prefix]
            self._tell(AddressGone(address))
        self._forget_link(ifindex)
        self._tell(LinkGone(ifindex, link.name))

    # --- changes ---------------------------------------------------------------------------------

    def _carry_out(self, change: Change, *, own: bool) -> int:
        refused = self.refuse(change) if own and self.refuse is not None else 0
        if refused:
            return refused
        match change:
            case InstallRoute(route):
                return self._install_route(route, own)
            case RemoveRoute(route):
                return self._remove_route(route, own)
            case InstallNexthop(nexthop):
                return self._install_nexthop(nexthop, own)
            case RemoveNexthop(number):
                return self._remove_nexthop(number, own)
            case AddAddress(address):
                return self._add_address(address)
            case RemoveAddress(address):
                return self._remove_address(address)
            case SetNeighbor(ifindex):
                return 0 if ifindex in self._links else errno.ENODEV
            case SetLink(ifindex, up):
                return self._set_up(ifindex, up)

    def _install_route(self, route: KernelRoute, own: bool) -> int:
        if route.nhid and route.nhid not in self._nexthops:
            return errno.EINVAL
        if not route.nhid and route.type is RouteKind.UNICAST:
            if not route.nexthops:
                return errno.EINVAL
            for way in route.nexthops:
                if error := self._check(way):
                    return error
        key = _key(route)
        known = key in self._routes
        self._routes[key] = route
        if not own:
            self._tell(RouteAdded(self._resolved(route), known))
        return 0

    def _remove_route(self, route: KernelRoute, own: bool) -> int:
        known = self._routes.get(_key(route))
        if known is None or route.protocol not in (0, known.protocol):
            return errno.ESRCH
        del self._routes[_key(route)]
        if not own:
            self._tell(RouteGone(known))
        return 0

    def _install_nexthop(self, nexthop: NexthopObject, own: bool) -> int:
        if nexthop.group:
            if any(number not in self._nexthops for number, _weight in nexthop.group):
                return errno.EINVAL
        elif not nexthop.blackhole and (error := self._check(nexthop.way)):
            return error
        self._nexthops[nexthop.id] = nexthop
        if not own:
            self._tell(NexthopAdded(nexthop))
        return 0

    def _remove_nexthop(self, number: int, own: bool) -> int:
        if number not in self._nexthops:
            return errno.ENOENT
        self._forget_nexthops({number})
        if not own:
            self._tell(NexthopGone(number))
        return 0

    def _add_address(self, address: LinkAddress) -> int:
        key = address.ifindex, address.prefix
        if address.ifindex not in self._links:
            return errno.ENODEV
        if key in self._addresses:
            return errno.EEXIST
        self._addresses[key] = address
        self._tell(AddressAdded(address))
        return 0

    def _remove_address(self, address: LinkAddress) -> int:
        known = self._addresses.pop((address.ifindex, address.prefix), None)
        if known is None:
            return errno.EADDRNOTAVAIL
        self._tell(AddressGone(known))
        return 0

    def _set_up(self, ifindex: int, up: bool) -> int:
        link = self._links.get(ifindex)
        if link is None:
            return errno.ENODEV
        if link.up is not up:
            flags = link.flags | _CARRIER if up else link.flags & ~_CARRIER
            self.set_link(replace(link, flags=flags))
        return 0

    # --- what hangs together ----------------------------------------------------------------------

    def _check(self, way: KernelNexthop) -> int:
        if not way.ifindex:
            return 0 if way.gate is not None and self._on_link(way.gate) else errno.ENETUNREACH
        link = self._links.get(way.ifindex)
        if link is None:
            return errno.ENODEV
        return 0 if link.up else errno.ENETDOWN

    def _on_link(self, gate: Address) -> bool:
        host = gate.host_prefix()
        return any(address.prefix.network.covers(host) for address in self._addresses.values())

    def _resolved(self, route: KernelRoute) -> KernelRoute:
        nexthop = self._nexthops.get(route.nhid)
        if nexthop is None:
            return route
        if nexthop.blackhole:
            return replace(route, type=RouteKind.BLACKHOLE, nexthops=())
        if not nexthop.group:
            return replace(route, nexthops=(nexthop.way,))
        ways = [
            replace(self._nexthops[number].way, weight=weight) for number, weight in nexthop.group
        ]
        return replace(route, nexthops=tuple(ways))

    def _forget_link(self, ifindex: int) -> None:
        self._forget_nexthops(
            {
                number
                for number, nexthop in self._nexthops.items()
                if not nexthop.group and not nexthop.blackhole and nexthop.way.ifindex == ifindex
            }
        )
        for key, route in list(self._routes.items()):
            if route.nhid or route.type is not RouteKind.UNICAST:
                continue
            if all(way.ifindex == ifindex for way in route.nexthops):
                del self._routes[key]

    def _forget_nexthops(self, gone: set[int]) -> None:
        for number in list(self._nexthops):
            group = self._nexthops[number].group
            left = tuple(member for member in group if member[0] not in gone)
            if group and not left:
                gone = gone | {number}
            elif left != group:
                self._nexthops[number] = replace(self._nexthops[number], group=left)
        for number in gone:
            self._nexthops.pop(number, None)
        for key, route in list(self._routes.items()):
            if route.nhid in gone:
                del self._routes[key]

    def _tell(self, event: Event) -> None:
        if self._on_event is not None:
            self._later(self._on_event, event)

    def _later(self, callback: Callable[[_Said], None], said: _Said) -> None:
        def call() -> None:
            if not self._closed:
                callback(said)

        self._call_soon(call)
