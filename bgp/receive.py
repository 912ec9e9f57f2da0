"""From a peer's UPDATEs to the table: accepted, refused, withdrawn (RFC 4271 sec. 9)."""

from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING, Final

from bgp.acceptance import Acceptance
from bgp.attrs import AttrSet, Decoded
from bgp.config import FAMILIES, IPV4_UNICAST, Family
from bgp.familyconfig import CARRIED
from bgp.inward import Inward
from bgp.negotiated import Negotiated
from bgp.peerfamily import PeerFamily
from bgp.rib.adjin import AdjIn
from bgp.rib.nexthop import Nexthop
from bgp.rib.path import Path, received
from bgp.updatelog import UpdateLog
from bgp.wire.errors import Code, Malformed, UpdateError
from bgp.wire.nlri import decode_addpath, decode_labeled, decode_prefixes
from bgp.wire.update import is_end_of_rib, split
from grammar.base.values import Address, Afi, Safi

if TYPE_CHECKING:
    from bgp.peer import Peer

_TOLD: Final = 3
"""Attributes whose discarding is logged, of one UPDATE: there is room for twenty thousand."""


class Receiver:
    """Takes the UPDATEs of one established session.

    `begin` has to be called at the start of each step of work: what it finds out holds until then.
    """

    def __init__(self, peer: "Peer", negotiated: Negotiated) -> None:
        self.peer = peer
        self.negotiated = negotiated
        self.body = b""
        """The UPDATE at hand."""
        self._pool = peer.instance.bgpd.pool
        self._quick = self._pool.quick(negotiated)
        self._bgpd = peer.instance.bgpd
        self._log = self._bgpd.log
        self._monitors = peer.instance.monitors
        self._addpath = negotiated.addpath_receive
        self._inward: dict[Family, Inward] = {}
        self._updates = UpdateLog(peer)
        self._rules: dict[Family, Acceptance | None] = {}

    def begin(self) -> None:
        """A step of work begins: anything may have changed since the last one."""
        self._rules.clear()

    def take(self, body: bytes) -> None:
        """The body of an UPDATE; raises `Malformed` if the session must be reset (RFC 7606)."""
        self.body = body
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
        attrs = self._quick(raw, True) if nlri else None
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
        for error in decoded.discarded[:_TOLD]:
            self._complain(f"attribute discarded: {error}")
        if len(decoded.discarded) > _TOLD:
            self._complain(f"{len(decoded.discarded) - _TOLD} more attributes discarded")
        reach, unreach = decoded.mp_reach, decoded.mp_unreach
        # RFC 4760 sec. 7: what was not negotiated is passed over, whatever its numbers are.
        if unreach is not None and (unreach.afi, unreach.safi) in CARRIED:
            self._withdraw((Afi(unreach.afi), Safi(unreach.safi)), unreach.nlri)
        if decoded.attrs is None:
            if decoded.withdraw is not None:
                fault = str(decoded.withdraw)
                self._complain(f"treated as withdrawn: {fault}")
                self._withdraw(IPV4_UNICAST, nlri, fault)
                if reach is not None and (reach.afi, reach.safi) in CARRIED:
                    self._withdraw((Afi(reach.afi), Safi(reach.safi)), reach.nlri, fault)
            return
        attrs = decoded.attrs
        if nlri and attrs.nexthop is not None:
            self._announce(IPV4_UNICAST, nlri, attrs, attrs.nexthop, None)
        if reach is not None and (reach.afi, reach.safi) in CARRIED:
            family = (Afi(reach.afi), Safi(reach.safi))
            self._announce(family, reach.nlri, attrs, reach.nexthop, reach.link_local)

    # --- withdrawals -----------------------------------------------------------------------------

    def _withdraw(self, family: Family, nlri: bytes, fault: str = "") -> None:
        rules = self._rules_of(family)
        if rules is None or not nlri:
            return
        for path_id, keys in self._by_id(family, nlri):
            if self.peer.debug_updates_in:
                self._updates.withdrawn(family, keys, path_id)
            for monitor in self._monitors:
                monitor.withdrawn(self.peer, family, keys, path_id, fault)
            self._remove(rules, keys, path_id, withdrawn=True)
            if rules.state.adj_in is not None:
                rules.state.adj_in.withdraw(keys, path_id)

    def _remove(
        self, rules: Acceptance, keys: list[int], path_id: int, *, withdrawn: bool = False
    ) -> None:
        """Take prefixes of this peer out of the table: `withdrawn` by it, or refused here."""
        state, penalties = rules.state, rules.penalties
        if state.refused:
            state.refused.difference_update(keys)
        if penalties is None:
            gone = rules.table.withdraw(keys, self.peer, path_id)
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
        rules = self._rules_of(family)
        if rules is None or not nlri:
            return
        peer = self.peer
        fault = rules.fault(attrs, self.negotiated.peer_as)
        if fault is not None:
            # As FRR does with any malformed AS path (RFC 7606).
            self._complain(fault)
            self._withdraw(family, nlri, fault)
            for ear in rules.state.ears:
                for path_id, keys in self._by_id(family, nlri):
                    ear.refuse(keys, path_id, fault)
            return
        if peer.prepends_local_as:
            attrs = self._with_local_as(attrs)
        path = received(
            peer,
            attrs,
            gateway,
            rules.tracked(gateway, link_local),
            rules.since,
            peer.epoch,
            link_local,
            rules.weight,
            rules.state.round,
        )
        if family[1] is Safi.LABELED_UNICAST:
            for (path_id, label), keys in self._labeled(family, nlri).items():
                self._keep(rules, keys, path.with_label(path_id, label))
        elif family in self._addpath:
            for path_id, keys in self._by_id(family, nlri):
                self._keep(rules, keys, path.with_id(path_id))
        else:
            self._keep(rules, self._keys(family, nlri), path)

    def _rules_of(self, family: Family) -> Acceptance | None:
        """The rules of a family; None while it is not in use."""
        try:
            return self._rules[family]
        except KeyError:
            state = self._active(family)
            rules = self._rules[family] = (
                None if state is None else Acceptance(self.peer, state, self.negotiated)
            )
            return rules

    def _with_local_as(self, attrs: AttrSet) -> AttrSet:
        # `local-as` without no-prepend: as if the routes had come through that AS.
        path = attrs.as_path.prepend(self.peer.local_as)
        return attrs.replace(self.peer.instance.bgpd.pool, as_path=path)

    def _keep(self, rules: Acceptance, keys: list[int], path: Path) -> None:
        adj_in = rules.state.adj_in
        if adj_in is not None:
            adj_in.put(keys, path)
        for ear in rules.state.ears:
            ear.hear(keys, path)
        self._enter(rules, keys, path)

    def _enter(self, rules: Acceptance, keys: list[int], path: Path) -> None:
        """Put a path into the table, unless policy or a loop speaks against it."""
        refusal, chain = rules.refusal(path), rules.chain
        if chain is None or refusal is not None:
            self._decided(rules, keys, path, refusal or rules.martian(path), path)
            return
        inward = self._inward.get(rules.family)
        if inward is None:
            inward = self._inward[rules.family] = Inward(rules.family)
        for shaped, reason, some in inward.shape(self, chain, keys, path):
            self._decided(rules, some, shaped, reason or rules.martian(shaped), path)

    def _decided(
        self, rules: Acceptance, keys: list[int], path: Path, refusal: str | None, came: Path
    ) -> None:
        """Prefixes `came` with a path, which the filters made another one, or they are refused."""
        state = rules.state
        for monitor in self._monitors:
            monitor.decided(self.peer, rules.family, keys, came, path, refusal)
        if self.peer.debug_updates_in:
            self._updates.prefixes(path, rules.family, keys, refusal)
        if refusal is not None:
            # RFC 4271 sec. 9: it still replaces what the peer said before.
            self._remove(rules, keys, path.path_id)
            # Those that FRR counts are in the Adj-RIB-In, and looked at when others are taken.
            if state.config.maximum_prefix_force and state.adj_in is not None:
                state.refused.update(keys)
            return
        if state.refused:
            state.refused.difference_update(keys)
        before = state.accepted + len(state.refused)
        state.accepted += rules.entered.put(keys, rules.admitted(path))
        if state.config.maximum_prefix is not None:
            self.peer.limit.check(state, before, state.accepted + len(state.refused) - 1)

    def tracked(
        self, family: Family, gateway: Address | None, link_local: Address | None
    ) -> Nexthop | None:
        """The reachability of a next hop of a family that is in use."""
        rules = self._rules_of(family)
        return None if rules is None else rules.tracked(gateway, link_local)

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
            self.begin()
            rules = self._rules_of(state.family)
            if rules is None:
                return
            for stored, keys in by_path.items():
                path = self._weighted(state, kept, stored, keys)
                # While the path was not in the table its next hop may have been forgotten.
                path.nexthop = rules.tracked(path.gateway, path.link_local)
                self._enter(rules, keys, path)
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
        self.peer.log.complain(text)


def _as_optional(family: Family, error: Malformed) -> Malformed:
    if family == IPV4_UNICAST:
        return error
    return Malformed(Code.UPDATE, UpdateError.OPTIONAL, reason=str(error))
