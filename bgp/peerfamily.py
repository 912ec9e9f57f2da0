"""One family of one neighbour: counters, Adj-RIB-In, and its place in an update-group."""

from typing import TYPE_CHECKING

from bgp.config import Family, PeerFamilyConfig
from bgp.familyconfig import LABELED
from bgp.orf import RouteFilters
from bgp.peerstate import mapped
from bgp.policy.evaluate import Chain
from bgp.rib.adjin import AdjIn
from bgp.rib.adjout import UpdateGroup
from bgp.rib.announced import Announced
from bgp.rib.export import Profile, is_global
from bgp.rib.path import Path
from bgp.wire.message import MessageType, pack
from bgp.wire.refresh import Refresh, RefreshKind
from bgp.wire.update import end_of_rib
from grammar.base.values import Address, Afi

if TYPE_CHECKING:
    from bgp.explain.ear import Hearing
    from bgp.peer import Peer

_NO_FILTERS = (None, None, None, None)


class PeerFamily:
    """State of a family that is configured (`activate`) for a neighbour; a group's `Member`.

    `active` is true while it is negotiated and the session is up. `accepted` counts the prefixes
    in the table (`PfxRcd`), `sent` those announced (`PfxSnt`). `adj_in` is kept with
    soft-reconfiguration inbound only.
    """

    def __init__(self, peer: "Peer", family: Family, config: PeerFamilyConfig) -> None:
        self.peer = peer
        self.family = family
        self.config = config
        if family in LABELED:
            peer.instance.need_labels(family)
        self.active = False
        self.accepted = 0
        self.adj_in: AdjIn | None = None
        self.group: UpdateGroup | None = None
        self.eor_sent = False
        self.eor_received = False
        self.over_limit = False
        """`maximum-prefix` was passed: FRR's PREFIX_OVERFLOW, `Idle (PfxCt)`."""
        self.refused: set[int] = set()
        """Prefixes that policy refused, kept for `maximum-prefix N force` only."""
        self.passed = False
        """`maximum-prefix` was passed and logged."""
        self.warned = False
        """The threshold of `maximum-prefix` was passed and logged."""
        self.refreshing = False
        """Between BoRR and EoRR of the peer."""
        self.orf = RouteFilters(self)
        self.ears: list[Hearing] = []
        """Who hears what is received as it comes, apart from what becomes of it."""
        self.round = 0
        """Enhanced refreshes of the peer so far."""
        self._repeating: UpdateGroup | None = None
        """Who repeats all that was announced, as it was asked to."""
        self._again = False
        """It was asked to once more since it began; however often, that is one time more."""

    # --- what show commands ask ------------------------------------------------------------------

    @property
    def sent(self) -> int:
        """Prefixes announced to this neighbour."""
        return len(self.group) if self.group is not None else 0

    @property
    def eor_sent_after_update(self) -> bool:
        """FRR's "End-of-RIB sent after update"; ours is never sent before the updates."""
        return self.eor_sent

    @property
    def policy_missing_in(self) -> bool:
        """Inbound updates discarded due to missing policy (ebgp-requires-policy)."""
        return self.peer.needs_policy and self.chain_in is None

    @property
    def policy_missing_out(self) -> bool:
        """Outbound updates discarded due to missing policy (ebgp-requires-policy)."""
        if not self.peer.needs_policy or self.config.unsuppress_map is not None:
            return False
        return self.chain_out is None

    @property
    def chain_in(self) -> Chain | None:
        """The filters that routes of this neighbour have to pass; None without any."""
        lines = self.config
        names = (
            lines.prefix_list_in,
            lines.distribute_list_in,
            lines.filter_list_in,
            lines.route_map_in,
        )
        if names == _NO_FILTERS:
            return None
        return Chain(*names, self.peer.instance.bgpd.policy)

    @property
    def chain_out(self) -> Chain | None:
        """The filters on the way out."""
        lines = self.config
        names = (
            lines.prefix_list_out,
            lines.distribute_list_out,
            lines.filter_list_out,
            lines.route_map_out,
        )
        if names == _NO_FILTERS:
            return None
        return Chain(*names, self.peer.instance.bgpd.policy)

    @property
    def chain_unsuppress(self) -> Chain | None:
        """The filters on the way out of what an aggregate hides; None if it stays hidden."""
        lines = self.config
        if lines.unsuppress_map is None:
            return None
        return Chain(
            lines.prefix_list_out,
            lines.distribute_list_out,
            lines.filter_list_out,
            lines.unsuppress_map,
            self.peer.instance.bgpd.policy,
        )

    # --- the session -----------------------------------------------------------------------------

    def up(self) -> None:
        """The session came up with this family."""
        self.active = True
        self.eor_sent = self.eor_received = False
        self.refreshing = self.warned = self.passed = False
        self.refused.clear()
        if self.config.soft_reconfiguration:
            self.keep_received()
        self.orf.up()
        self.regroup()

    def keep_received(self) -> None:
        """From now on all that is received is kept as it came."""
        terms = self.peer.negotiated
        self.adj_in = AdjIn(terms is not None and self.family in terms.addpath_receive)

    def down(self) -> None:
        """The session is gone."""
        self.active = False
        self.eor_sent = self.eor_received = False
        self.adj_in = None
        self.orf.down()
        self.leave()

    def regroup(self) -> None:
        """Join the group that fits the configuration; nothing if it is the present one."""
        profile = self.profile()
        if self.group is not None:
            if self.group.profile == profile:
                return
            # What the old group was told and the new one is not must be taken back.
            old = self.group
            self.leave()
            self._join(profile)
            self._take_back(old)
            return
        self._join(profile)

    def leave(self) -> None:
        """Leave the group."""
        self._repeating = None
        if self.group is not None:
            group, self.group = self.group, None
            group.leave(self)
            if group.log is not None:
                group.log.left(self)
            self.peer.instance.prune(group)

    def _join(self, profile: Profile) -> None:
        self.group = self.peer.instance.group_for(self.family, profile)
        if self.group.log is not None:
            self.group.log.joined(self)
        self.group.join(self, self._dumped)

    def _take_back(self, old: UpdateGroup) -> None:
        new = self.group
        if new is None:
            return
        new.withdraw_from(self, old.told())

    def _dumped(self) -> None:
        if self.peer.instance.deferral.of(self.family) is None:
            self.end_of_rib()

    def end_of_rib(self) -> None:
        """Say that all has been announced, once, to who wants to hear it."""
        if self.active and not self.orf.waiting and not self.eor_sent and self.peer.sends_eor:
            self.eor_sent = True
            self.write(end_of_rib(*self.family), 1)
            self.peer.log.end_of_rib_sent(self.family)

    def repeat(self) -> None:
        """Announce everything again: the peer asked for it, or an operator."""
        group = self.group
        if group is None or not self.active:
            return
        if self._repeating is group:
            self._again = True
            return
        self._repeating, self._again = group, False
        enhanced = self.peer.enhanced_refresh
        if enhanced:
            self._mark(RefreshKind.BEGIN)

        def done() -> None:
            if enhanced and self.active:
                self._mark(RefreshKind.END)
            if self._repeating is group:
                self._repeating = None
                if self._again:
                    self.repeat()

        group.repeat(self, done)

    def request(self) -> None:
        """Ask the peer to announce everything again."""
        self._mark(RefreshKind.REQUEST)

    def _mark(self, kind: RefreshKind) -> None:
        message = pack(MessageType.ROUTE_REFRESH, Refresh(*self.family, kind).encode())
        self.peer.main.send(message, MessageType.ROUTE_REFRESH)

    def profile(self) -> Profile:
        """The key of the group this family belongs to."""
        return self.peer.profile(self)

    def __str__(self) -> str:
        return str(self.peer)

    # --- the group's member ----------------------------------------------------------------------

    @property
    def congested(self) -> bool:
        """True while the socket takes no more."""
        return self.peer.main.congested

    @property
    def backlog(self) -> int:
        """Bytes that wait in front of the socket."""
        connection = self.peer.main.connection
        return 0 if connection is None else connection.buffered

    def write(self, data: bytes, messages: int) -> None:
        """Send whole UPDATEs."""
        self.peer.main.send(data, MessageType.UPDATE, messages)

    def next_hop(self, announced: Announced) -> bytes | None:
        """The packed next hop for this member; None if it has no address of that family."""
        if announced.bare:
            return b""
        if self.family[0] is Afi.IPV6 or self._extended:
            return self._next_hop_ipv6(announced)
        local = self.peer.state.nexthop
        gateway = announced.gateway
        if gateway is None:
            gateway = self._third(announced)
        if gateway is None or gateway.afi is not Afi.IPV4:
            gateway = None  # an IPv6 one (RFC 8950) cannot be told here: ours takes its place
        elif announced.forced or not self.peer.is_ebgp or self._shares_network(gateway):
            return gateway.pack()
        return None if local.ipv4 is None else local.ipv4.pack()

    @property
    def _extended(self) -> bool:
        terms = self.peer.negotiated
        return terms is not None and self.family in terms.extended_nexthop

    def _next_hop_ipv6(self, announced: Announced) -> bytes | None:
        local, gateway = self.peer.state.nexthop, announced.gateway or self._third(announced)
        kept = announced.link_local if self.config.nexthop_local_unchanged else None
        own, external = local.ipv6_local if local.shared else None, self.peer.is_ebgp
        # An address of one link means nothing on another, nor does an IPv4 one as an IPv6 one.
        if gateway is not None and is_global(gateway):
            third = external and not announced.forced
            if not third or self._shares_network(gateway):
                # Beside the address of another router on the network of both FRR tells its own.
                beside = own if third or (external and announced.chosen) else None
                return _packed(gateway, announced.near or kept or beside)
        if local.ipv6_global is None:
            if local.ipv4 is None:
                return None
            # FRR then gives the IPv4 address in IPv6's form, and keeps it.
            local.ipv6_global = mapped(local.ipv4)
        beside = own if external or announced.local else None
        return _packed(local.ipv6_global, announced.near or kept or beside)

    def on_network_of(self, gateway: Address, path: Path) -> bool:
        """True if a third party next hop may be sent on account of this member."""
        third = path.source is not self.peer and gateway != self.peer.address
        return third and self._shares_network(gateway)

    def _third(self, announced: Announced) -> Address | None:
        # None of the group could use it when the route was looked at; this one may.
        third = announced.third
        from_here = third == self.peer.address or announced.third_from is self.peer
        return None if from_here else third

    def _shares_network(self, gateway: Address) -> bool:
        address, instance = self.peer.address, self.peer.instance
        if address is None or instance.is_view:
            return False
        return instance.zebra.shares_network(gateway, address, instance.vrf_id)


def _packed(address: Address, link_local: Address | None) -> bytes:
    return address.pack() + (b"" if link_local is None else link_local.pack())
