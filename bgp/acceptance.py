"""What decides about a neighbour's routes of one family, looked up once for many UPDATEs.

Configuration, sessions and zebra's answers change between two steps of work only, so what follows
from them alone holds for all UPDATEs of a step.
"""

from typing import TYPE_CHECKING

from bgp.admission import adds_marks, admitted
from bgp.config import Family
from bgp.loops import has_own, lacks_first
from bgp.negotiated import Negotiated
from bgp.peerfamily import PeerFamily
from bgp.rib.nexthop import Nexthop
from bgp.rib.path import Path
from bgp.roles import leaks
from grammar.base.values import Address, Safi

if TYPE_CHECKING:
    from bgp.attrs import AttrSet
    from bgp.peer import Peer


class Acceptance:
    """The rules by which a step of work takes the routes of one family of a neighbour.

    `since` is the moment of the step, of the steady clock. `entered` is where accepted routes go:
    the table, or what dampening puts in front of it.
    """

    __slots__ = (
        "_alone",
        "_hops",
        "_last",
        "_marks",
        "_martian",
        "_reflects",
        "chain",
        "cluster_id",
        "entered",
        "family",
        "first_as",
        "no_sets",
        "peer",
        "penalties",
        "policy_missing",
        "role",
        "router_id",
        "since",
        "state",
        "table",
        "weight",
    )

    def __init__(self, peer: "Peer", state: PeerFamily, terms: Negotiated) -> None:
        instance = peer.instance
        self.peer = peer
        self.state = state
        self.family: Family = state.family
        self.table = instance.tables[state.family]
        self.penalties = instance.penalties.of_peer(peer, state.family)
        self.entered = self.table if self.penalties is None else self.penalties
        self.chain = state.chain_in
        self.weight = state.config.weight or 0
        self.since = peer.clock.steady()
        self.first_as = bool(peer.config.enforce_first_as) and peer.is_ebgp
        self.no_sets = bool(instance.config.reject_as_sets)
        self.router_id = instance.router_id.value
        self.cluster_id = instance.cluster_id
        self.policy_missing = state.policy_missing_in
        self.role = peer.config.local_role
        # With nothing but the number of the instance to look for, one look is enough.
        plain = peer.config.local_as is None and instance.config.confederation_id is None
        self._alone = instance.asn if plain else None
        self._marks = adds_marks(peer, state)
        # What reflectors add is taken off where it comes from outside (RFC 7606 sec. 7.9, 7.10).
        self._reflects = not terms.external or terms.confederation
        self._martian: dict[Address, bool] = {}
        self._last: tuple[Address | None, Address | None, Nexthop | None] = (None, None, None)
        self._hops: dict[tuple[Address, Address | None], Nexthop] = {}

    def fault(self, attrs: "AttrSet", peer_as: int) -> str | None:
        """Why the routes are to be treated as withdrawn, with words for the log (RFC 7606)."""
        if self.first_as and lacks_first(self.peer, peer_as, attrs.as_path):
            return f"treated as withdrawn: AS path starts with {attrs.as_path.first_as}"
        if self.no_sets and attrs.as_path.has_sets:
            return "AS sets are refused"
        return None

    def refusal(self, path: Path) -> str | None:
        """FRR's reason why a path is not taken whatever filters say of it, None if it is."""
        attrs = path.attrs
        if (self._alone is None or attrs.as_path.contains(self._alone)) and has_own(
            self.peer, self.state, attrs.as_path
        ):
            return "as-path contains our own AS;"
        if self._reflects:
            originator = attrs.originator_id
            if originator is not None and originator == self.router_id:
                return "originator is us;"
            if self.cluster_id in attrs.cluster_list:
                return "reflected from the same cluster;"
        if self.policy_missing:
            return "filter;"
        if self.role is not None and leaks(self.role, self.peer.remote_as, attrs):
            return "failing otc validation"
        return None

    def martian(self, path: Path) -> str | None:
        """FRR's reason why a next hop cannot be used, known behind the filters only."""
        gateway = path.gateway
        if gateway is None:
            return None
        found = self._martian.get(gateway)
        if found is None:
            instance = self.peer.instance
            allowed = instance.config.allow_martian_nexthop
            found = self._martian[gateway] = not allowed and instance.is_own_address(gateway)
        return "martian or self next-hop;" if found else None

    def admitted(self, path: Path) -> Path:
        """The path as it goes into the table."""
        if not self._marks and not path.attrs.may_be_marked:
            return path
        return admitted(self.peer, self.state, path)

    def tracked(self, gateway: Address | None, link_local: Address | None) -> Nexthop | None:
        """The reachability of a next hop."""
        # A rule forwards nothing: FRR does not ask whether its next hop can be reached, nor that of
        # a multicast route.
        if gateway is None or self.family[1] in (Safi.FLOWSPEC, Safi.MULTICAST):
            return None
        last = self._last
        if gateway is last[0] and link_local is last[1]:
            return last[2]
        found = self._hops.get((gateway, link_local))
        if found is None:
            found = self._hops[gateway, link_local] = self._tracked(gateway, link_local)
        self._last = (gateway, link_local, found)
        return found

    def _tracked(self, gateway: Address, link_local: Address | None) -> Nexthop:
        instance = self.peer.instance
        connected = self.peer.single_hop
        if link_local is not None or gateway.is_link_local:
            ifindex = self.peer.ifindex
            if ifindex:
                return instance.nexthops.find(link_local or gateway, ifindex, connected)
        nexthop = instance.nexthops.find(gateway, 0, connected)
        if instance.bgpd.config.debugging:
            instance.nexthop_log.used(nexthop)
        return nexthop
