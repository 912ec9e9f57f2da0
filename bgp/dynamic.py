"""Dynamic neighbours: who connects from a `bgp listen range` becomes a member of its group.

A `Ranges` belongs to an instance. It makes a neighbour of an accepted connection, within the
limit, and takes it away when its session has ended.
"""

from collections.abc import Callable
from typing import TYPE_CHECKING

from bgp import pathids
from bgp.config import LISTEN_LIMIT, PeerConfig, member_of
from bgp.keys import Keys
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
        self._keys = Keys(instance)

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
        host = address.host_prefix()
        self._debug(
            "WWPV7-YSZB5", f"Dynamic Neighbor {host} matches group {name} listen range {prefix}"
        )
        refusal = self._refusal(group)
        if refusal is not None:
            ident, why = refusal
            self._debug(ident, f"Dynamic Neighbor {host} rejected - {why}")
            return False
        config = bgp.dynamic[address] = member_of(group, address, prefix)
        count = len(bgp.dynamic)
        self._debug("GBPAR-M31QF", f"{address} Dynamic Neighbor added, group {name} count {count}")
        peer = self._instance.peers[address] = self._make(self._instance, config)
        peer.running = True
        peer.configure()
        if any(lines.addpath_tx for lines in peer.config.families.values()):
            pathids.configure(self._instance)
        peer.log.admitted(peer.main)
        peer.reach.prepare(connection)
        peer.main.accept(connection)
        return True

    def ended(self, peer: "Peer") -> None:
        """A connection of a dynamic neighbour is gone: so is the neighbour, once this is through,
        unless another connection is there or its routes wait for its restart."""
        self._instance.bgpd.scheduler.call_soon(lambda: self._check(peer))

    def is_over(self, peer: "Peer") -> bool:
        """True once a dynamic neighbour has no session and no routes that wait for one."""
        idle = peer.main.connection is None and peer.incoming is None
        return idle and peer.own.dynamic is not None and not peer.graceful.restarting

    def _check(self, peer: "Peer") -> None:
        if self.is_over(peer) and not peer.deleted:
            self._forget(peer)

    def deleted(self, peer: "Peer") -> None:
        """What FRR's debugging says when a session takes its dynamic neighbour along."""
        bgp, group = self._instance.config, peer.own.group
        self._debug("JA9RP-HSD1K", f"{peer} (dynamic neighbor) deleted (bgp_stop)")
        count = len(bgp.dynamic) - 1
        self._debug("T2ECY-98AAE", f"{peer} dropped from group {group}, count {count}")

    def _refusal(self, group: PeerConfig) -> tuple[str, str] | None:
        bgp = self._instance.config
        if len(bgp.dynamic) >= self.limit:
            return "N98W0-VW59Z", f"at limit {self.limit}"
        if group.shutdown or bgp.shutdown:
            return "", f"peer-group {group.name} disabled"
        if not any(lines.activate for lines in group.families.values()):
            return "", f"group {group.name} has no AF configured"
        return None

    def _debug(self, ident: str, text: str) -> None:
        bgpd = self._instance.bgpd
        if bgpd.config.debugs("neighbor-events"):
            bgpd.log.write(Level.DEBUGGING, text, ident)

    def _forget(self, peer: "Peer") -> None:
        if self._instance.peers.get(peer.name) is peer:
            del self._instance.peers[peer.name]
        self._instance.config.dynamic.pop(peer.name, None)
        peer.delete()

    def protect(self) -> None:
        """Set the MD5 keys of the ranges, from the passwords of their groups."""
        bgp = self._instance.config
        self._keys.use(
            {
                prefix: password
                for prefix, name in bgp.listen_ranges.items()
                if (password := bgp.groups[name].password) is not None
            }
        )

    def stop(self) -> None:
        """The instance ends."""
        self._keys.use({})
