"""How a neighbour is reached: next-hop tracking of its address, and how to connect to it."""

from typing import TYPE_CHECKING

from bgp.keys import Keys
from bgp.part import Part
from bgp.peerstate import LocalNexthop, is_mapped
from bgp.reasons import DownReason
from bgp.rib.nexthop import Nexthop
from bgp.sockets import Endpoint
from bgp.transport import Connection, Dial
from bgp.unnumbered import neighbor_on
from bgp.zebra import Interface
from grammar.base.values import Address, Afi

if TYPE_CHECKING:
    from bgp.peer import Peer

BGP_PORT = 179
_BEFORE_THE_FIRST = (
    DownReason.NO_FAMILY,
    DownReason.WAITING_NHT,
    DownReason.WAITING_IPV6,
    DownReason.WAITING_VRF,
)
"""Why FRR calls a neighbour down that it has not tried to reach yet."""


class Reach(Part):
    """The way to one peer."""

    def __init__(self, peer: "Peer") -> None:
        super().__init__(peer)
        self.nexthop: Nexthop | None = None
        """Tracked reachability of the peer's address while its session may run."""
        self.ifindex = 0
        self.address: Address | None = None
        """Where a peer on an interface was found."""
        self.scope = 0
        """The number of the interface that it is on; 0 for other peers."""
        self._keys = Keys(peer.instance)
        self.locate()

    def locate(self) -> bool:
        """Look for a peer on an interface; True if it is elsewhere now, gone, or there at last."""
        peer, before = self._peer, (self.address, self.scope)
        if not peer.own.by_interface:
            return False
        interface = peer.instance.zebra.named(str(peer.name), peer.instance.vrf_id)
        self.address, self.scope = None, 0
        if interface is not None:
            self.address = neighbor_on(interface, v6only=bool(peer.config.v6only))
            self.scope = interface.ifindex
        return (self.address, self.scope) != before

    def _tracked(self, address: Address) -> Nexthop:
        nexthops = self._peer.instance.nexthops
        if self.scope and address.is_link_local:
            steady = self._peer.clock.steady()
            return nexthops.on_link(address, self.scope, True, steady)
        return nexthops.find(address, 0, self._peer.single_hop)

    def watch(self, *, up: bool = False) -> None:
        """Ask zebra for the way to the peer.

        To one that FRR never connects to it asks for it when the session is `up`.
        """
        peer = self._peer
        if peer.address is None or (peer.config.passive and not up):
            self.unwatch()
            return
        nexthop = self._tracked(peer.address)
        if nexthop is not self.nexthop:
            self.unwatch()
            self.nexthop = nexthop
            nexthop.peers.append(peer)

    def unwatch(self) -> None:
        """No longer."""
        if self.nexthop is not None:
            self.nexthop.peers.remove(self._peer)
            self.nexthop = None

    @property
    def hop_limits(self) -> tuple[int, int]:
        """TTL to send with, and the least to accept (0: any)."""
        config = self._peer.config
        if config.ttl_security_hops:
            return 255, 256 - config.ttl_security_hops
        if self._peer.is_ebgp or self._peer.is_confederation:
            return config.ebgp_multihop or 1, 0
        return 255, 0

    def dial(self) -> Dial | None:
        """How to connect; None while the address does not resolve (FRR waits for zebra)."""
        peer = self._peer
        address = peer.address
        if address is None:
            return None
        if self.nexthop is not None and not self.nexthop.valid:
            peer.state.reset_reason = DownReason.WAITING_NHT
            peer.log.waiting_for_nexthop()
            return None
        if self.nexthop is not None:
            peer.instance.nexthop_log.used(self.nexthop)
        config = peer.config
        ttl, least = self.hop_limits
        source: Address | None = None
        if isinstance(config.update_source, Address):
            source = config.update_source
        elif config.update_source is not None:
            interface = peer.instance.zebra.named(config.update_source)
            local = address.is_link_local
            source = None if interface is None else interface.address(address.afi, link_local=local)
            if source is None:
                return None
        if peer.state.reset_reason in _BEFORE_THE_FIRST:
            peer.state.reset_reason = DownReason.WAITING_OPEN
        peer.log.connecting()
        scope = self._scope_of(address)
        remote = Endpoint(address, config.port or BGP_PORT, scope)
        return Dial(remote, source, None, ttl, least, config.password, config.tcp_mss)

    def _scope_of(self, address: Address) -> int:
        if not address.is_link_local:
            return 0
        name = self._peer.config.interface
        if self.scope or name is None:
            return self.scope
        interface = self._peer.instance.zebra.named(name, self._peer.instance.vrf_id)
        return 0 if interface is None else interface.ifindex

    def protect(self, password: str | None) -> None:
        """The MD5 key of connections that the peer opens, from now on."""
        address = self._peer.address
        self._keys.use({} if address is None or password is None else {address: password})

    def prepare(self, connection: Connection) -> None:
        """Hop limits of a connection that the peer opened."""
        ttl, least = self.hop_limits
        self._peer.transport.set_ttl(connection, ttl, least)
        if self._peer.config.tcp_mss is not None:
            self._peer.transport.set_mss(connection, self._peer.config.tcp_mss)

    def set_nexthop(self, connection: Connection) -> None:
        """Find the addresses that we give as next hops on this session."""
        peer = self._peer
        zebra, vrf = peer.instance.zebra, peer.instance.vrf_id
        local = connection.local.address
        interface = zebra.owner(local, vrf)
        near = zebra.connected(connection.remote.address, vrf)
        scope = connection.remote.scope or self.scope
        if local.is_link_local and scope:
            interface = near = peer.instance.interface(scope)
        self.ifindex = 0 if near is None else near.ifindex
        nexthop = LocalNexthop(shared=near is not None)
        if local.afi is Afi.IPV4:
            nexthop.ipv4 = local
            nexthop.ipv6_local = _link_local(interface)
            found = None if interface is None else interface.address(Afi.IPV6)
            nexthop.ipv6_global = found or nexthop.ipv6_local
        else:
            other = None if interface is None else interface.address(Afi.IPV6)
            nexthop.ipv6_global = (other or local) if local.is_link_local else local
            nexthop.ipv6_local = local if local.is_link_local else _link_local(interface)
            found = None if interface is None else interface.address(Afi.IPV4)
            nexthop.ipv4 = found or peer.instance.router_id
        peer.state.nexthop = nexthop

    def look_again(self, connection: Connection, interface: Interface) -> bool:
        """An interface got an address: True if this session has now one to give that it lacked."""
        state = self._peer.state
        former, local = state.nexthop, connection.local.address
        given = former.ipv6_global
        lacking = given is None or given.is_link_local or is_mapped(given)
        if not lacking or all(prefix.address != local for prefix in interface.addresses):
            return False
        self.set_nexthop(connection)
        return state.nexthop != former


def _link_local(interface: Interface | None) -> Address | None:
    return None if interface is None else interface.address(Afi.IPV6, link_local=True)
