"""From a peer's UPDATEs to the table: accepted, refused, withdrawn (RFC 4271 sec. 9)."""

from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING

from bgp.admission import admitted
from bgp.attrs import AttrSet, Decoded
from bgp.config import FAMILIES, IPV4_UNICAST, Family
from bgp.events import UpdateReceived
from bgp.familyconfig import CARRIED
from bgp.inward import Inward
from bgp.loops import has_own, lacks_first
from bgp.negotiated import Negotiated
from bgp.peerfamily import PeerFamily
from bgp.rib.adjin import AdjIn
from bgp.rib.nexthop import Nexthop
from bgp.rib.path import Path
from bgp.roles import leaks
from bgp.updatelog import UpdateLog
from bgp.wire.errors import Code, Malformed, UpdateError
from bgp.wire.nlri import decode_addpath, decode_labeled, decode_prefixes
from bgp.wire.update import is_end_of_rib, split
from grammar.base.log import Level
from grammar.base.values import Address, Afi, Safi

if TYPE_CHECKING:
    from bgp.peer import Peer


class Receiver:
    """Takes the UPDATEs of one established session."""

    def __init__(self, peer: "Peer", negotiated: Negotiated) -> None:
        self.peer = peer
        self.negotiated = negotiated
        self.body = b""
        """The UPDATE at hand."""
        self._pool = peer.instance.bgpd.pool
        self._bgpd = peer.instance.bgpd
        self._log = self._bgpd.log
        self._addpath = negotiated.addpath_receive
        self._inward: dict[Family, Inward] = {}
        self._updates = UpdateLog(peer)

    def take(self, event: UpdateReceived) -> None:
        """One UPDATE; raises `Malformed` if the session must be reset (RFC 7606)."""
        body = self.body = event.body
        if len(body) <= 11:
            ended = is_end_of_rib(body)
            if ended is not None:
                if self.peer.debug_updates_in:
                    self._updates.lengths(b"", body[4:], b"")
                self._end_of_rib(ended)
                return
        withdrawn, raw, nlri = split(body)
        if withdrawn:
            self._withdraw(IPV4_UNICAST, withdrawn)
        attrs = self._pool.known(raw, self.negotiated) if nlri else None
        if attrs is not None and attrs.nexthop is not None:
            if self.peer.debug_updates_in:
                self._updates.attributes(Decoded(attrs))
                self._updates.lengths(withdrawn, raw, nlri)
            self._announce(IPV4_UNICAST, nlri, attrs, attrs.nexthop, None)
        elif raw or nlri:
            self._take_new(withdrawn, raw, nlri)
        elif self.peer.debug_updates_in:
            self._updates.lengths(withdrawn, raw, nlri)

    def _take_new(self, withdrawn: bytes, raw: bytes, nlri: bytes) -> None:
        decoded = self._pool.decode(raw, self.negotiated, nlri=bool(nlri))
        if self.peer.debug_updates_in:
            self._updates.attributes(decoded)
            self._updates.lengths(withdrawn, raw, nlri)
        for error in decoded.discarded:
            self._complain(f"attribute discarded: {error}")
        reach, unreach = decoded.mp_reach, decoded.mp_unreach
        # RFC 4760 sec. 7: what was not negotiated is passed over, whatever its numbers are.
        if unreach is not None and (unreach.afi, unreach.safi) in CARRIED:
            self._withdraw((Afi(unreach.afi), Safi(unreach.safi)), unreach.nlri)
        if decoded.attrs is None:
            if decoded.withdraw is not None:
                self._complain(f"treated as withdrawn: {decoded.withdraw}")
                self._withdraw(IPV4_UNICAST, nlri)
                if reach is not None and (reach.afi, reach.safi) in CARRIED:
                    self._withdraw((Afi(reach.afi), Safi(reach.safi)), reach.nlri)
            return
        attrs = decoded.attrs
        if nlri and attrs.nexthop is not None:
            self._announce(IPV4_UNICAST, nlri, attrs, attrs.nexthop, None)
        if reach is not None and (reach.afi, reach.safi) in CARRIED:
            family = (Afi(reach.afi), Safi(reach.safi))
            self._announce(family, reach.nlri, attrs, reach.nexthop, reach.link_local)

    # --- withdrawals -----------------------------------------------------------------------------

    def _withdraw(self, family: Family, nlri: bytes) -> None:
        state = self._active(family)
        if state is None or not nlri:
            return
        for path_id, keys in self._by_id(family, nlri):
            if self.peer.debug_updates_in:
                self._updates.withdrawn(family, keys, path_id)
            self.remove(state, keys, path_id, withdrawn=True)
            if state.adj_in is not None:
                state.adj_in.withdraw(keys, path_id)

    def remove(
        self, state: PeerFamily, keys: list[int], path_id: int, *, withdrawn: bool = False
    ) -> None:
        """Take prefixes of this peer out of the table: `withdrawn` by it, or refused here."""
        if state.refused:
            state.refused.difference_update(keys)
        instance = self.peer.instance
        penalties = instance.penalties.of_peer(self.peer, state.family)
        if penalties is None:
            gone = instance.tables[state.family].withdraw(keys, self.peer, path_id)
        else:
            take = penalties.withdraw if withdrawn else penalties.refuse
            gone = take(keys, self.peer, path_id)
        state.accepted -= gone

    def _by_id(self, family: Family, nlri: bytes) -> Iterable[tuple[int, list[int]]]:
        found: dict[int, list[int]] = {}
        if family[1] is Safi.LABELED_UNICAST:
            for (path_id, _), keys in self._labeled(family, nlri).items():
                found.setdefault(path_id, []).extend(keys)
            return found.items()
        if family not in self._addpath:
            return ((0, self._keys(family, nlri)),)
        for path_id, key in self._pairs(family, nlri):
            found.setdefault(path_id, []).append(key)
        return found.items()

    def _keys(self, family: Family, nlri: bytes) -> list[int]:
        rule_keys = self.peer.instance.tables[family].rule_keys
        if rule_keys is not None:
            return [key for _, key in rule_keys.read(nlri)]
        try:
            return decode_prefixes(nlri, family[0])
        except Malformed as error:
            raise _as_optional(family, error) from error

    def _pairs(self, family: Family, nlri: bytes) -> list[tuple[int, int]]:
        rule_keys = self.peer.instance.tables[family].rule_keys
        if rule_keys is not None:
            return rule_keys.read(nlri, addpath=True)
        try:
            return decode_addpath(nlri, family[0])
        except Malformed as error:
            raise _as_optional(family, error) from error

    def _labeled(self, family: Family, nlri: bytes) -> dict[tuple[int, int], list[int]]:
        """Prefixes by their path id and label (RFC 8277)."""
        try:
            routes = decode_labeled(nlri, family[0], family in self._addpath)
        except Malformed as error:
            raise _as_optional(family, error) from error
        found: dict[tuple[int, int], list[int]] = {}
        for path_id, label, key in routes:
            found.setdefault((path_id, label), []).append(key)
        return found

    # --- announcements ---------------------------------------------------------------------------

    def _announce(
        self,
        family: Family,
        nlri: bytes,
        attrs: AttrSet,
        gateway: Address | None,
        link_local: Address | None,
    ) -> None:
        state = self._active(family)
        if state is None or not nlri:
            return
        peer = self.peer
        if lacks_first(peer, self.negotiated.peer_as, attrs.as_path):
            # As FRR does with any malformed AS path (RFC 7606).
            self._complain(f"treated as withdrawn: AS path starts with {attrs.as_path.first_as}")
            self._withdraw(family, nlri)
            return
        if peer.instance.config.reject_as_sets and attrs.as_path.has_sets:
            self._complain("AS sets are refused")
            self._withdraw(family, nlri)
            return
        if peer.prepends_local_as:
            attrs = self._with_local_as(attrs)
        path = Path(
            peer,
            attrs,
            gateway,
            self.tracked(family, gateway, link_local),
            peer.clock.wall(),
            link_local=link_local,
            weight=state.config.weight or 0,
            round=state.round,
        )
        if family[1] is Safi.LABELED_UNICAST:
            for (path_id, label), keys in self._labeled(family, nlri).items():
                self._keep(state, keys, path.with_label(path_id, label))
            return
        for path_id, keys in self._by_id(family, nlri):
            self._keep(state, keys, path.with_id(path_id) if path_id else path)

    def _with_local_as(self, attrs: AttrSet) -> AttrSet:
        # `local-as` without no-prepend: as if the routes had come through that AS.
        path = attrs.as_path.prepend(self.peer.local_as)
        return attrs.replace(self.peer.instance.bgpd.pool, as_path=path)

    def _keep(self, state: PeerFamily, keys: list[int], path: Path) -> None:
        if state.adj_in is not None:
            state.adj_in.put(keys, path)
        self.enter(state, keys, path)

    def enter(self, state: PeerFamily, keys: list[int], path: Path) -> None:
        """Put a path into the table, unless policy or a loop speaks against it."""
        refusal = self.refusal(state, path)
        chain = state.chain_in
        if chain is None or refusal is not None:
            self._decided(state, keys, path, refusal or self._martian(path))
            return
        inward = self._inward.get(state.family)
        if inward is None:
            inward = self._inward[state.family] = Inward(state.family)
        for shaped, reason, some in inward.shape(self, chain, keys, path):
            self._decided(state, some, shaped, reason or self._martian(shaped))

    def _decided(self, state: PeerFamily, keys: list[int], path: Path, refusal: str | None) -> None:
        if self.peer.debug_updates_in:
            self._updates.prefixes(path, state.family, keys, refusal)
        if refusal is not None:
            # RFC 4271 sec. 9: it still replaces what the peer said before.
            self.remove(state, keys, path.path_id)
            if state.config.maximum_prefix_force:
                self._count_refused(state, keys)
            return
        if state.refused:
            state.refused.difference_update(keys)
        path = admitted(self.peer, state, path)
        instance = self.peer.instance
        penalties = instance.penalties.of_peer(self.peer, state.family)
        entered = instance.tables[state.family] if penalties is None else penalties
        before = state.accepted + len(state.refused)
        state.accepted += entered.put(keys, path)
        if state.config.maximum_prefix is not None:
            self.peer.limit.check(state, before, state.accepted + len(state.refused) - 1)

    def _count_refused(self, state: PeerFamily, keys: list[int]) -> None:
        before = state.accepted + len(state.refused)
        state.refused.update(keys)
        self.peer.limit.check(state, before, state.accepted + len(state.refused) - 1)

    def refusal(self, state: PeerFamily, path: Path) -> str | None:
        """FRR's reason why a path is not taken whatever filters say of it, None if it is."""
        attrs, instance = path.attrs, self.peer.instance
        if has_own(self.peer, state, attrs.as_path):
            return "as-path contains our own AS;"
        if attrs.originator_id is not None and attrs.originator_id == instance.router_id.value:
            return "originator is us;"
        if attrs.cluster_list and instance.cluster_id in attrs.cluster_list:
            return "reflected from the same cluster;"
        if state.policy_missing_in:
            return "filter;"
        role = self.peer.config.local_role
        if role is not None and leaks(role, self.peer.remote_as, attrs):
            return "failing otc validation"
        return None

    def _martian(self, path: Path) -> str | None:
        gateway = path.gateway
        instance = self.peer.instance
        if instance.config.allow_martian_nexthop or gateway is None:
            return None
        if instance.is_own_address(gateway):
            return "martian or self next-hop;"
        return None

    def tracked(
        self, family: Family, gateway: Address | None, link_local: Address | None
    ) -> Nexthop | None:
        """The reachability of a next hop."""
        # A rule forwards nothing: FRR does not ask whether its next hop can be reached, nor that of
        # a multicast route.
        if gateway is None or family[1] in (Safi.FLOWSPEC, Safi.MULTICAST):
            return None
        return self._nexthop(gateway, link_local)

    def _nexthop(self, gateway: Address, link_local: Address | None) -> Nexthop:
        nexthops = self.peer.instance.nexthops
        connected = self.peer.single_hop
        if link_local is not None or gateway.is_link_local:
            ifindex = self.peer.ifindex
            if ifindex:
                return nexthops.find(link_local or gateway, ifindex, connected)
        nexthop = nexthops.find(gateway, 0, connected)
        if self._bgpd.config.debugging:
            self.peer.instance.nexthop_log.used(nexthop)
        return nexthop

    def again(self, state: PeerFamily) -> None:
        """Decide anew about all that was received (soft clear with a stored Adj-RIB-In)."""
        self._bgpd.work.add(f"soft in of {self.peer}", self._again(state))

    def _again(self, state: PeerFamily) -> Iterator[None]:
        kept = state.adj_in
        if kept is None:
            return
        for by_path in kept.portions():
            if state.adj_in is not kept:
                return  # the session ended, or nothing is stored any more
            for stored, keys in by_path.items():
                path = self._weighted(state, kept, stored, keys)
                # While the path was not in the table its next hop may have been forgotten.
                path.nexthop = self.tracked(state.family, path.gateway, path.link_local)
                self.enter(state, keys, path)
            yield

    def _weighted(self, state: PeerFamily, kept: AdjIn, stored: Path, keys: list[int]) -> Path:
        # `neighbor weight` counts for what was received before it, too.
        weight = state.config.weight or 0
        if stored.weight == weight:
            return stored
        path = stored.copied(Path)
        path.weight = weight
        kept.put(keys, path)
        return path

    # --- the rest --------------------------------------------------------------------------------

    def _active(self, family: Family) -> PeerFamily | None:
        state = self.peer.families.get(family)
        return state if state is not None and state.active else None

    def _end_of_rib(self, ended: tuple[int, int]) -> None:
        if ended not in FAMILIES:
            return
        state = self._active((Afi(ended[0]), Safi(ended[1])))
        if state is not None:
            state.eor_received = True
            self.peer.end_of_rib(state)

    def _complain(self, text: str) -> None:
        self._log.write(Level.ERRORS, f"{self.peer} rcvd UPDATE with errors: {text}")


def _as_optional(family: Family, error: Malformed) -> Malformed:
    if family == IPV4_UNICAST:
        return error
    return Malformed(Code.UPDATE, UpdateError.OPTIONAL, reason=str(error))
