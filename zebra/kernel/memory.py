"""A kernel in memory, for use without root and for tests; it forwards nothing.

It answers as Linux does: error numbers for what cannot be, links and addresses told by events, and
IPv4 routes and next-hop objects over a link that goes down lost without a word.
"""

import errno
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import replace
from typing import TypeVar

from grammar.base.values import Address, Afi, Prefix
from zebra.kernel.api import (
    IFF_BROADCAST,
    IFF_LOOPBACK,
    IFF_LOWER_UP,
    IFF_MULTICAST,
    IFF_RUNNING,
    IFF_UP,
    AddAddress,
    AddressAdded,
    AddressGone,
    AddressState,
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
    NexthopObject,
    Refused,
    RemoveAddress,
    RemoveNexthop,
    RemoveRoute,
    RouteAdded,
    Scope,
    SetLink,
    SetMulticast,
    SetSwitch,
)
from zebra.kernel.memoryhosts import MemoryHosts
from zebra.kernel.memoryreach import AddressKey, address_key, is_multicast, network
from zebra.kernel.memoryroutes import MemoryRoutes
from zebra.kernel.neighbors import HostEvent, Neighbor, SetFdb, SetNeighbor
from zebra.kernel.switches import no_label_switch

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

ETHERNET = IFF_BROADCAST | IFF_MULTICAST
_CARRIER = IFF_RUNNING | IFF_LOWER_UP
_EUI64_LENGTH = 6
_LINK_LOCAL = Prefix.parse("fe80::/64")

_Said = TypeVar("_Said")


class MemoryKernel:
    """The `Kernel` interface over dicts: `lo`, and the links and addresses it is made with.

    `call_soon(f)` runs `f` in a later turn. With `link_local` an Ethernet link that comes up gets
    its IPv6 link-local address, as Linux gives it. `refuse`, when set, is asked about each change
    and answers the errno to refuse it with, or 0.
    """

    def __init__(
        self,
        call_soon: Callable[[Callable[[], None]], object],
        links: Iterable[Link] = (),
        addresses: Iterable[LinkAddress] = (),
        *,
        link_local: bool = False,
    ) -> None:
        self.refuse: Callable[[Change], int] | None = None
        self.on_refused: Callable[[Refused], None] = lambda refused: None
        self.link_local = link_local
        self._call_soon = call_soon
        self._on_event: Callable[[Event], None] | None = None
        self._closed = False
        self._links = {link.ifindex: link for link in (LOOPBACK, *links)}
        self._cut: set[int] = set()
        self._ready: set[int] = {link.ifindex for link in self._links.values() if link.running}
        self._addresses: dict[AddressKey, LinkAddress] = {
            address_key(address): address for address in (*LOOPBACK_ADDRESSES, *addresses)
        }
        self._fib = MemoryRoutes(self._links, self._addresses, self._tell)
        self.hosts = MemoryHosts(self._tell)
        self._forwarding = {Afi.IPV4: False, Afi.IPV6: False}
        self._followers: list[Callable[[], None]] = []
        self._following = False

    # --- the interface ---------------------------------------------------------------------------

    def subscribe(self, on_event: Callable[[Event], None], on_overrun: Callable[[], None]) -> None:
        """Start giving events; none is ever lost here."""
        self._on_event = on_event

    def dump(self) -> Iterator[Event]:
        """Everything there is now; the routes that Linux makes for addresses are left out."""
        yield from [LinkChanged(link) for link in self._links.values()]
        yield from [AddressAdded(address) for address in self._addresses.values()]
        yield from [NexthopAdded(nexthop) for nexthop in self._fib.nexthops.values()]
        yield from [RouteAdded(route) for route in self.routes()]

    def program(self, changes: Sequence[Change], done: Done) -> None:
        """Carry the batch out now, answer in a later turn."""
        self._later(done, [self._carry_out(change, own=True) for change in changes])
        self._changed()

    def neighbors(self) -> list[Neighbor]:
        """Those that were set, on links that are up."""
        return [one for one in self.hosts.neighbors.values() if self._links[one.ifindex].up]

    def follow_hosts(self, on: bool) -> Iterator[HostEvent]:
        """See `Kernel.follow_hosts`; `hosts.happen` is what hosts do."""
        return self.hosts.follow(on)

    def forwarding(self, afi: Afi) -> bool:
        """What `set_forwarding` said last; off at the start."""
        return self._forwarding[afi]

    def set_forwarding(self, afi: Afi, on: bool) -> None:
        """Always possible here."""
        self._forwarding[afi] = on

    def take_labels(self, interface: str, on: bool) -> None:
        """There is no MPLS here."""
        no_label_switch(interface)

    def close(self) -> None:
        """No more events and answers."""
        self._closed = True

    # --- what a kernel's other users do and see ---------------------------------------------------

    def links(self) -> tuple[Link, ...]:
        """All links, oldest first."""
        return tuple(self._links.values())

    def routes(self) -> tuple[KernelRoute, ...]:
        """All routes by table, family, prefix and metric, with the ways of next-hop objects."""
        return self._fib.routes()

    def nexthops(self) -> tuple[NexthopObject, ...]:
        """All next-hop objects by number."""
        return tuple(nexthop for _, nexthop in sorted(self._fib.nexthops.items()))

    def addresses(self, ifindex: int) -> tuple[LinkAddress, ...]:
        """The addresses of a link, oldest first."""
        return tuple(each for each in self._addresses.values() if each.ifindex == ifindex)

    def way_to(self, address: Address) -> KernelNexthop | None:
        """How packets to an address leave: over which link and gate; None when they do not."""
        return self._fib.reach.way_to(address)

    def change(self, change: Change) -> int:
        """Do what another program would have done: an errno, and events for routes too."""
        error = self._carry_out(change, own=False)
        self._changed()
        return error

    def follow(self, follower: Callable[[], None]) -> None:
        """Call `follower` in a later turn whenever something may have changed."""
        self._followers.append(follower)

    def set_link(self, link: Link) -> None:
        """Make a link, or change one in any way."""
        before = self._links.get(link.ifindex)
        self._links[link.ifindex] = link
        self._tell(LinkChanged(link))
        if before is not None and before.name != link.name:
            self._rename(link)
        if not link.up:
            self._went_down(link)
        elif not link.running:
            self._fib.carrier_lost(link.ifindex)
        elif link.ifindex not in self._ready:
            self._came_up(link)
        self._changed()

    def set_carrier(self, ifindex: int, on: bool) -> None:
        """Plug the cable of a link in, or pull it; a link that is down learns it when it is up."""
        if on:
            self._cut.discard(ifindex)
        else:
            self._cut.add(ifindex)
        link = self._links[ifindex]
        if link.up and link.running is not on:
            self.set_link(replace(link, flags=self._flags(link, up=True)))

    def remove_link(self, ifindex: int) -> None:
        """Delete a link with its addresses; it goes down first."""
        self._set_up(ifindex, up=False)
        for address in self.addresses(ifindex):
            self._forget(address)
        self._cut.discard(ifindex)
        link = self._links.pop(ifindex)
        self.hosts.drop(ifindex)
        self._tell(LinkGone(ifindex, link.name))
        self._changed()

    # --- changes ---------------------------------------------------------------------------------

    def _carry_out(self, change: Change, *, own: bool) -> int:
        refused = self.refuse(change) if own and self.refuse is not None else 0
        if refused:
            return refused
        match change:
            case InstallRoute(route):
                return self._fib.install(route, own=own)
            case RemoveRoute(route):
                return self._fib.remove(route, own=own)
            case InstallNexthop(nexthop):
                return self._fib.install_nexthop(nexthop, own=own)
            case RemoveNexthop(number):
                return self._fib.remove_nexthop(number, own=own)
            case AddAddress(address):
                return self._add_address(address)
            case RemoveAddress(address):
                return self._remove_address(address)
            case SetNeighbor() | SetFdb():
                known = change.ifindex in self._links
                return self.hosts.change(change) if known else errno.ENODEV
            case SetLink() | SetMulticast() | SetSwitch():
                return self._set_flags(change)

    def _set_flags(self, change: SetLink | SetMulticast | SetSwitch) -> int:
        if isinstance(change, SetSwitch):
            return errno.EOPNOTSUPP  # there is no MPLS
        if isinstance(change, SetLink):
            return self._set_up(change.ifindex, change.up)
        link = self._links.get(change.ifindex)
        if link is None:
            return errno.ENODEV
        flags = link.flags & ~IFF_MULTICAST | (IFF_MULTICAST if change.on else 0)
        if flags != link.flags:
            self._links[change.ifindex] = replace(link, flags=flags)
            self._tell(LinkChanged(self._links[change.ifindex]))
        return 0

    def _set_up(self, ifindex: int, up: bool) -> int:
        link = self._links.get(ifindex)
        if link is None:
            return errno.ENODEV
        if link.up is not up:
            self.set_link(replace(link, flags=self._flags(link, up=up)))
        return 0

    def _flags(self, link: Link, *, up: bool) -> int:
        flags = link.flags & ~(IFF_UP | _CARRIER)
        if not up:
            return flags
        return flags | IFF_UP | (0 if link.ifindex in self._cut else _CARRIER)

    def _went_down(self, link: Link) -> None:
        # Linux keeps IPv4 addresses of a link that is down and drops those of IPv6.
        self._ready.discard(link.ifindex)
        self._fib.link_lost(link.ifindex)
        mine = [each for each in self.addresses(link.ifindex) if each.prefix.afi is Afi.IPV6]
        mine.reverse()
        for address in sorted(mine, key=lambda each: each.scope):
            self._forget(address)

    def _came_up(self, link: Link) -> None:
        self._ready.add(link.ifindex)
        waiting = [
            each for each in self.addresses(link.ifindex) if each.flags & AddressState.TENTATIVE
        ]
        made: tuple[LinkAddress, ...] = ()
        if link.loopback:
            made = LOOPBACK_ADDRESSES
        elif self.link_local and len(link.hw_address) == _EUI64_LENGTH:
            prefix = link_local(link.hw_address)
            made = (LinkAddress(link.ifindex, prefix, scope=Scope.LINK),)
        for address in waiting:
            self._put(replace(address, flags=address.flags & ~AddressState.TENTATIVE))
        for address in made:
            if address_key(address) not in self._addresses:
                self._put(address)

    def _rename(self, link: Link) -> None:
        # Linux numbers the labels of all but the first address.
        mine = [each for each in self.addresses(link.ifindex) if each.prefix.afi is Afi.IPV4]
        for count, address in enumerate(sorted(mine, key=lambda each: each.secondary), 1):
            _, colon, alias = address.label.partition(":")
            more = "" if count == 1 else f":{alias if colon else count}"
            self._put(replace(address, label=link.name + more))

    # --- addresses -------------------------------------------------------------------------------

    def _add_address(self, address: LinkAddress) -> int:
        link = self._links.get(address.ifindex)
        if link is None:
            return errno.ENODEV
        mine = [
            each
            for each in self.addresses(address.ifindex)
            if each.prefix.afi is address.prefix.afi
        ]
        own = address.prefix.address
        if own.afi is Afi.IPV6:
            return self._add_address6(link, address, mine)
        same = [each for each in mine if network(each) == network(address)]
        if any(each.prefix == address.prefix for each in same):
            return errno.EEXIST
        flags = AddressState.PERMANENT | (AddressState.SECONDARY if same else AddressState.NONE)
        self._put(replace(address, label=address.label or link.name, flags=flags))
        return 0

    def _add_address6(self, link: Link, address: LinkAddress, mine: list[LinkAddress]) -> int:
        own = address.prefix.address
        if is_multicast(own):
            return errno.EADDRNOTAVAIL
        if any(each.prefix.address == own for each in mine):
            return errno.EEXIST
        scope = Scope.LINK if own.is_link_local else Scope.UNIVERSE
        address = replace(address, label="", broadcast=None, scope=scope)
        flags = AddressState.PERMANENT
        self._put(replace(address, flags=flags | AddressState.TENTATIVE))
        if link.ifindex in self._ready:  # else nobody could answer who has it too
            self._put(replace(address, flags=flags))
        return 0

    def _remove_address(self, address: LinkAddress) -> int:
        if address.ifindex not in self._links:
            return errno.ENODEV
        for known in self.addresses(address.ifindex):
            if known.prefix == address.prefix and (
                network(known) == network(address) or known.prefix.afi is Afi.IPV6
            ):
                self._forget_with_secondaries(known)
                return 0
        return errno.EADDRNOTAVAIL

    def _forget_with_secondaries(self, known: LinkAddress) -> None:
        if known.prefix.afi is Afi.IPV4 and not known.secondary:
            for each in self.addresses(known.ifindex):
                if each.secondary and network(each) == network(known):
                    self._forget(each)
        self._forget(known)

    def _put(self, address: LinkAddress) -> None:
        self._addresses[address_key(address)] = address
        self._tell(AddressAdded(address))

    def _forget(self, address: LinkAddress) -> None:
        del self._addresses[address_key(address)]
        self._tell(AddressGone(address))
        self._fib.address_lost(address)

    # --- telling ---------------------------------------------------------------------------------

    def _tell(self, event: Event) -> None:
        if self._on_event is not None:
            self._later(self._on_event, event)

    def _changed(self) -> None:
        if self._followers and not self._following:
            self._following = True
            self._call_soon(self._tell_followers)

    def _tell_followers(self) -> None:
        self._following = False
        for follower in self._followers if not self._closed else ():
            follower()

    def _later(self, callback: Callable[[_Said], None], said: _Said) -> None:
        def call() -> None:
            if not self._closed:
                callback(said)

        self._call_soon(call)


def link_local(hw_address: bytes) -> Prefix:
    """The link-local address that follows from an Ethernet address (RFC 4291 appendix A)."""
    head, tail = hw_address[:3], hw_address[3:]
    packed = bytes((head[0] ^ 0x02, *head[1:], 0xFF, 0xFE, *tail))
    return Prefix(Afi.IPV6, _LINK_LOCAL.value | int.from_bytes(packed, "big"), _LINK_LOCAL.length)
