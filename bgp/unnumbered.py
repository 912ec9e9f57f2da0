"""Neighbours that are found on an interface (`neighbor IF interface`), for one instance.

Their address is the other one of a /30 or /31 of the interface, else the link-local address that
zebra learned from router advertisements. To be found in turn, this router advertises itself there:
zebra is asked to. It does so too towards a numbered neighbour that may send IPv4 routes with IPv6
next hops (`capability extended-nexthop`), on the interfaces that lead to it.
"""

from typing import TYPE_CHECKING, Final

from bgp.reasons import DownReason
from bgp.sockets import Endpoint
from bgp.zebra import Interface
from grammar.base.values import Address, Afi, Prefix
from zebra.zapi.messages import RouterAdvertisement

if TYPE_CHECKING:
    from bgp.peer import Peer
    from bgp.zebraside import ZebraSide

RA_INTERVAL: Final = 10
"""Seconds between the advertisements that bgpd asks for."""
_PAIRS: Final = {30: (1, 2), 31: (0, 1)}
"""Lengths of IPv4 networks that have two hosts, and these hosts' numbers."""


def far_end(prefix: Prefix) -> Address | None:
    """The other host of an IPv4 network of two; `prefix` is the own address with its length."""
    hosts = _PAIRS.get(prefix.length)
    if prefix.afi is not Afi.IPV4 or hosts is None:
        return None
    base = prefix.network.value
    own = prefix.value - base
    if own not in hosts:
        return None
    return Address(Afi.IPV4, base + (hosts[1] if own == hosts[0] else hosts[0]))


def neighbor_on(interface: Interface, *, v6only: bool) -> Address | None:
    """The address of whoever is on the other end of an interface, as far as it is known."""
    if not interface.up:
        return None
    if not v6only:
        for prefix in interface.addresses:
            found = far_end(prefix)
            if found is not None:
                return found
    return interface.neighbor


class Links:
    """Follows interfaces for the neighbours on them, and asks zebra for router advertisements."""

    def __init__(self, instance: "ZebraSide") -> None:
        self._instance = instance
        self._asked: set[int] = set()

    def interface_changed(self, interface: Interface) -> None:
        """An interface came up or went down, its addresses changed, or who is on it."""
        steady = self._instance.bgpd.clock.steady()
        self._instance.nexthops.link_changed(interface.ifindex, interface.up, steady)
        for peer in list(self._instance.peers.values()):
            if peer.own.by_interface and peer.name == interface.name:
                self._follow(peer)
        self.sync()

    def _follow(self, peer: "Peer") -> None:
        if not peer.reach.locate():
            return
        if peer.running:
            interface = self._instance.interface(peer.reach.scope)
            up = interface is not None and interface.up
            lost = DownReason.NEIGHBOR_ADDRESS_LOST
            peer.stop(None, lost if up else DownReason.WAITING_NHT)
        peer.reach.unwatch()
        peer.reach.protect(peer.config.password)
        peer.start(0)

    def find(self, remote: Endpoint) -> "Peer | None":
        """The neighbour on an interface that has this address; `scope` is that interface."""
        for name, peer in self._instance.peers.items():
            if type(name) is not str:
                continue  # found by that
            if peer.reach.address == remote.address and remote.scope in (0, peer.reach.scope):
                return peer
        return None

    def zebra_up(self) -> None:
        """A new connection to zebra, which knows nothing of what was asked for."""
        self._asked.clear()
        self.sync()

    def sync(self) -> None:
        """Ask for advertisements where they are needed, and no more where they are not."""
        instance = self._instance
        if not instance.asks_zebra:
            return
        wanted: set[int] = set()
        for peer in instance.peers.values():
            wanted |= _interfaces(peer)
        for ifindex in sorted(self._asked - wanted):
            if instance.interface(ifindex) is not None:
                self._ask(ifindex, enable=False)
        for ifindex in sorted(wanted - self._asked):
            self._ask(ifindex, enable=True)
        self._asked = wanted

    def _ask(self, ifindex: int, *, enable: bool) -> None:
        message = RouterAdvertisement(enable, ifindex, RA_INTERVAL)
        self._instance.zebra.send(message, self._instance.vrf_id)


def _interfaces(peer: "Peer") -> set[int]:
    """The interfaces on which a neighbour has to find this router."""
    if peer.own.by_interface:
        interface = peer.instance.zebra.named(str(peer.name), peer.instance.vrf_id)
        return set() if interface is None else {interface.ifindex}
    nexthop = peer.reach.nexthop
    over_ipv6 = peer.address is not None and peer.address.afi is Afi.IPV6
    if not (peer.config.capability_extended_nexthop and over_ipv6) or nexthop is None:
        return set()
    return {hop.ifindex for hop in nexthop.hops if hop.ifindex}
