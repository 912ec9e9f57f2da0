"""What the kernel in memory can reach: which gateways are on a link, and where packets leave."""

import errno
from collections.abc import Callable, Iterator, Mapping, Set
from dataclasses import replace

from grammar.base.values import Address, Afi, Prefix
from zebra.kernel.api import (
    MAIN_TABLE,
    KernelNexthop,
    KernelRoute,
    Link,
    LinkAddress,
    RouteKind,
    Scope,
)

AddressKey = tuple[int, Prefix, Address | None]
"""What tells addresses apart: ifindex, own address with length, far end."""
RouteKey = tuple[int, Afi, int, int, int, int]
"""The same for routes: table, family, `Prefix.key`, tos, metric, key of the source or 0."""

_NOT_WIDE = 30
"""Longer IPv4 networks have no broadcast address."""


def address_key(address: LinkAddress) -> AddressKey:
    """The key of an address among all."""
    return address.ifindex, address.prefix, address.peer


def network(address: LinkAddress) -> Prefix:
    """The network that an address connects to: the far end's if it has one."""
    value = address.prefix.value if address.peer is None else address.peer.value
    return Prefix(address.prefix.afi, value, address.prefix.length).network


def is_multicast(address: Address) -> bool:
    """224.0.0.0/4 and ff00::/8."""
    top = address.value >> (address.afi.bits - 8)
    return top == 0xFF if address.afi is Afi.IPV6 else top >> 4 == 0xE


class Reach:
    """A view of the kernel's links, addresses and routes; `metrics` are all that routes have.

    `resolve` gives a route with the ways of its next-hop object.
    """

    def __init__(
        self,
        links: Mapping[int, Link],
        addresses: Mapping[AddressKey, LinkAddress],
        routes: Mapping[RouteKey, KernelRoute],
        metrics: Set[int],
        resolve: Callable[[KernelRoute], KernelRoute],
    ) -> None:
        self._links = links
        self._addresses = addresses
        self._routes = routes
        self._metrics = metrics
        self._resolve = resolve

    # --- where to ---------------------------------------------------------------------------------

    def way_to(self, address: Address) -> KernelNexthop | None:
        """How packets to an address leave by the main table; None when they do not."""
        if self.owns(address):
            return KernelNexthop()
        host = address.host_prefix()
        for length in range(address.afi.bits, -1, -1):
            prefix = Prefix(address.afi, address.value, length).network
            for each in self._addresses.values():
                if network(each) == prefix and self._carries(each.ifindex):
                    return KernelNexthop(None, each.ifindex)
            for route in self._listed(host, length):
                if route.type is not RouteKind.UNICAST:
                    return None
                for way in route.nexthops:
                    if self._carries(way.ifindex):
                        return way
        return None

    def _carries(self, ifindex: int) -> bool:
        link = self._links.get(ifindex)
        return link is not None and link.running

    def _listed(self, host: Prefix, length: int) -> Iterator[KernelRoute]:
        """The main table's routes of this length that cover a host, the best metric first."""
        key = Prefix(host.afi, host.value, length).network.key
        for metric in sorted(self._metrics):
            route = self._routes.get((MAIN_TABLE, host.afi, key, 0, metric, 0))
            if route is not None:
                yield self._resolve(route)

    def with_link(self, way: KernelNexthop) -> KernelNexthop:
        """A way over a gate alone, with the link on which the gate is."""
        if way.ifindex or way.gate is None:
            return way
        return replace(way, ifindex=self._nearest(way.gate))

    def _nearest(self, gate: Address) -> int:
        """The link with the longest network that has an address; 0 if none has."""
        host = gate.host_prefix()
        on_link = [found for found in self._connected(gate.afi, 0) if found[1].covers(host)]
        return max(on_link, key=lambda found: found[1].length, default=(0, host))[0]

    # --- what is refused --------------------------------------------------------------------------

    def owns(self, address: Address, ifindex: int = 0) -> bool:
        """Whether it is an address of a link that is up (of this one, if given)."""
        return any(
            each.prefix.address == address
            and self._links[each.ifindex].up
            and ifindex in (0, each.ifindex)
            for each in self._addresses.values()
        )

    def is_up(self, ifindex: int) -> bool:
        """Whether there is such a link, and it is administratively up."""
        link = self._links.get(ifindex)
        return link is not None and link.up

    def way_error(self, way: KernelNexthop) -> int:
        """The errno for a way that cannot be, 0 for others."""
        gate, link = way.gate, self._links.get(way.ifindex)
        if gate is not None and gate.afi is Afi.IPV6:
            return self._gate6_error(gate, way, link)
        if gate is not None and not way.onlink:
            return self._gate4_error(gate, way.ifindex)
        if link is None:
            return errno.ENODEV
        if not link.up:
            return errno.ENETDOWN
        if gate is None:
            return 0
        nobody = self.owns(gate) or is_multicast(gate) or self._is_broadcast(gate, 0)
        return errno.EINVAL if nobody else 0

    def _is_broadcast(self, address: Address, ifindex: int) -> bool:
        return any(
            each.length <= _NOT_WIDE and address.value == each.value | (1 << 32 - each.length) - 1
            for _, each in self._connected(Afi.IPV4, ifindex)
        )

    def _gate4_error(self, gate: Address, ifindex: int) -> int:
        if self.owns(gate, ifindex):
            return 0
        if self._is_broadcast(gate, ifindex):
            return errno.EINVAL
        host = gate.host_prefix()
        if any(each.covers(host) for _, each in self._connected(Afi.IPV4, ifindex)):
            return 0
        return 0 if self._on_link_route(host, ifindex, Scope.LINK) else errno.ENETUNREACH

    def _gate6_error(self, gate: Address, way: KernelNexthop, link: Link | None) -> int:
        if link is None and (way.ifindex or way.onlink):
            return errno.ENODEV
        if link is not None and way.onlink and not link.up:
            return errno.ENETDOWN
        if is_multicast(gate) or self.owns(gate, way.ifindex if gate.is_link_local else 0):
            return errno.EINVAL
        if error := self._on_link6_error(gate, way):
            return error
        return 0 if link is None or link.up else errno.ENETDOWN

    def _on_link6_error(self, gate: Address, way: KernelNexthop) -> int:
        if gate.is_link_local:
            return 0 if way.ifindex else errno.EINVAL
        if way.onlink:
            return 0 if self._nearest(gate) in (0, way.ifindex) else errno.EINVAL
        host = gate.host_prefix()
        if any(each.covers(host) for _, each in self._connected(Afi.IPV6, way.ifindex)):
            return 0
        on_link = self._on_link_route(host, way.ifindex, Scope.UNIVERSE)
        return 0 if on_link else errno.EHOSTUNREACH

    def _connected(self, afi: Afi, ifindex: int) -> Iterator[tuple[int, Prefix]]:
        for each in self._addresses.values():
            if each.prefix.afi is not afi or ifindex not in (0, each.ifindex):
                continue
            reaches = each.prefix.length < afi.bits or each.peer is not None
            if reaches and self.is_up(each.ifindex):
                yield each.ifindex, network(each)

    def _on_link_route(self, host: Prefix, ifindex: int, scope: Scope) -> bool:
        for length in range(host.afi.bits, -1, -1) if self._routes else ():
            for route in self._listed(host, length):
                if route.scope >= scope and any(
                    way.gate is None and ifindex in (0, way.ifindex) for way in route.nexthops
                ):
                    return True
        return False
