"""Dynamic neighbours: who connects from a `bgp listen range` becomes a member of its group.

A `Ranges` belongs to an instance. It makes a neighbour of an accepted connection, within the
limit, and takes it away when its session has ended.
"""

from collections.abc import Callable
from typing import TYPE_CHECKING

from bgp.config import LISTEN_LIMIT, PeerConfig, member_of
from bgp.transport import Connection
from grammar.base.log import Level
from grammar.base.values import Address, Prefix

if TYPE_CHECKING:
    from bgp.instance import Instance
    from bgp.peer import Peer


class Ranges:
    """The listen ranges of an instance at work."""

    def __init__(
        self, instance: "Instance", make: "Callable[[Instance, PeerConfig], Peer]"
    ) -> None:
        self._instance = instance
        self._make = make
        self._protected: dict[Prefix, str] = {}

    @property
    def limit(self) -> int:
        """How many dynamic neighbours there may be."""
        return self._instance.config.listen_limit or LISTEN_LIMIT

    def find(self, address: Address) -> Prefix | None:
        """The range an address is in; ranges do not overlap."""
        host = address.host_prefix()
        return next((p for p in self._instance.config.listen_ranges if p.covers(host)), None)

    def admit(self, connection: Connection) -> bool:
        """Make a neighbour of a connection; False if it is not wanted."""
        address, bgp = connection.remote.address, self._instance.config
        prefix = self.find(address)
        if prefix is None:
            return False
        name = bgp.listen_ranges[prefix]
        group = bgp.groups[name]
        refusal = self._refusal(group)
        if refusal is not None:
            self._debug(f"Dynamic Neighbor {address} rejected - {refusal}")
            return False
        config = bgp.dynamic[address] = member_of(group, address, prefix)
        self._debug(f"Dynamic Neighbor {address} added, group {name} count {len(bgp.dynamic)}")
        peer = self._instance.peers[address] = self._make(self._instance, config)
        peer.running = True
        peer.configure()
        peer.log.accepted(connection.fd)
        peer.reach.prepare(connection)
        peer.main.accept(connection)
        return True

    def ended(self, peer: "Peer") -> None:
        """A connection of a dynamic neighbour is gone: so is the neighbour, once this is through,
        unless another connection is there or its routes wait for its restart."""
        self._instance.bgpd.scheduler.call_soon(lambda: self._check(peer))

    def _check(self, peer: "Peer") -> None:
        idle = peer.main.connection is None and peer.incoming is None
        if idle and not peer.deleted and not peer.graceful.restarting:
            self._forget(peer)

    def _refusal(self, group: PeerConfig) -> str | None:
        bgp = self._instance.config
        if len(bgp.dynamic) >= self.limit:
            return f"at limit {self.limit}"
        if group.shutdown or bgp.shutdown:
            return f"peer-group {group.name} disabled"
        if not any(lines.activate for lines in group.families.values()):
            return f"group {group.name} has no AF configured"
        return None

    def _debug(self, text: str) -> None:
        bgpd = self._instance.bgpd
        if bgpd.config.debugs("neighbor-events"):
            bgpd.log.write(Level.DEBUGGING, text)

    def _forget(self, peer: "Peer") -> None:
        if self._instance.peers.get(peer.name) is peer:
            del self._instance.peers[peer.name]
        self._instance.config.dynamic.pop(peer.name, None)
        peer.delete()

    def protect(self) -> None:
        """Set the MD5 keys of the ranges, from the passwords of their groups."""
        bgp = self._instance.config
        wanted = {
            prefix: password
            for prefix, name in bgp.listen_ranges.items()
            if (password := bgp.groups[name].password) is not None
        }
        for prefix in set(self._protected) | set(wanted):
            if self._protected.get(prefix) != wanted.get(prefix):
                self._instance.bgpd.transport.set_password(prefix, wanted.get(prefix))
        self._protected = wanted
