"""One `router bgp`: its neighbours, tables, update-groups and next hops."""

from collections.abc import Collection, Iterable, Iterator
from functools import partial
from typing import TYPE_CHECKING

from bgp import pathids, shared
from bgp.choicelog import watcher
from bgp.choices import holds
from bgp.clearing import Clear, clear, soft_in
from bgp.conditional import Conditions
from bgp.config import FAMILIES, UNICAST, BgpConfig, Family, PeerConfig, PeerName, peer_order
from bgp.deferral import Deferral
from bgp.dynamic import Ranges
from bgp.familyconfig import LABELED, PREFIXES, rival, table_family
from bgp.fib import Fib
from bgp.forwarding import Forwarding
from bgp.grouplog import GroupLog
from bgp.holding import Holding
from bgp.labels import Labels
from bgp.nexthoplog import NexthopLog
from bgp.originate import Defaults
from bgp.pace import Pace
from bgp.peer import Peer
from bgp.peerfamily import PeerFamily
from bgp.penalties import Penalties
from bgp.readonly import ReadOnly
from bgp.reasons import DownReason
from bgp.rib.adjout import UpdateGroup
from bgp.rib.aggregate import Aggregates
from bgp.rib.export import Profile
from bgp.rib.member import GroupsGone
from bgp.rib.nexthop import NexthopCache
from bgp.rib.origin import Origin
from bgp.rib.pathsout import PathsGroup
from bgp.rib.rules import Rules
from bgp.rib.table import Table
from bgp.tablemap import TableMap
from bgp.unnumbered import Links
from bgp.waiting import Waiting
from bgp.wire.attributes.aggregator import Aggregator
from bgp.wire.errors import Cease, Code
from bgp.wire.notification import Notification
from bgp.zebra import UNKNOWN_VRF, ZebraView
from bgp.zebraside import ZebraSide
from grammar.base.values import Address, Afi

if TYPE_CHECKING:
    from bgp.bgpd import Bgpd
    from bgp.monitor.updates import UpdateMonitor


class Instance(ZebraSide):
    """What runs for one `BgpConfig`.

    `vrf_id` is 0 in the default VRF and for views, `UNKNOWN_VRF` while zebra does not know the VRF:
    then no session runs. A view (`is_view`) has tables and sessions, and no part in forwarding.
    """

    def __init__(self, bgpd: "Bgpd", config: BgpConfig) -> None:
        self.bgpd = bgpd
        self.config = config
        self.asn = config.asn
        self.vrf: str | None = config.vrf
        self.zebra: ZebraView = bgpd.zebra
        self.is_view = config.view
        self.transport = bgpd.transport
        """That of the VRF, once zebra knows it."""
        self.vrf_id = self.zebra.vrf_id(None if config.view else config.vrf)
        self.router_id = Address(Afi.IPV4, 0)
        """The one in use: configured, else zebra's."""
        self.peers: dict[PeerName, Peer] = {}
        self.tables: dict[Family, Table] = {}
        self.fibs: dict[Family, Fib] = {}
        self.origins: dict[Family, Origin] = {}
        self.aggregates: dict[Family, Aggregates] = {}
        self.groups: dict[Family, list[UpdateGroup]] = {family: [] for family in FAMILIES}
        self.groups_gone = GroupsGone()
        self.monitors: list[UpdateMonitor] = []
        """Who looks on at what comes and goes (`monitor bgp updates`)."""
        self.nexthop_log = NexthopLog(self)
        self.nexthops = NexthopCache(self.watch, self.unwatch, self.nexthop_changed)
        self.nexthops.always = bgpd.no_zebra or self.is_view
        self.holding = Holding(self)
        for family in FAMILIES:
            self._make_family(family)
        self.ranges = Ranges(self, Peer)
        self.links = Links(self)
        self.pace = Pace(self)
        self.readonly = ReadOnly(self)
        self.deferral = Deferral(self)
        self.forwarding = Forwarding(self)
        self.waiting = Waiting(self)
        self.penalties = Penalties(self)
        self.conditions = Conditions(self)
        self.defaults = Defaults(self)
        self._set_router_id()

    def _make_family(self, family: Family) -> None:
        if family in LABELED:
            self.tables[family] = self.tables[table_family(family)]
            return
        bgpd = self.bgpd
        table = self.tables[family] = Table(family, Rules.of(self.config, family))
        table.on_change = lambda: self.holding.changed(table)
        table.watch = watcher(self, table)
        if table.rule_keys is not None:
            table.rule_keys.in_use = lambda key: holds(self, table, key)
        if family not in PREFIXES:
            return
        self.fibs[family] = Fib(
            table,
            self.zebra,
            self.vrf_id,
            bgpd.work.add,
            bgpd.log,
            bgpd.config.debugs_routes,
            self.config.family(family),
            bgpd.config.filters,
            TableMap(self.config.family(family), bgpd.policy, self.asn),
        )
        shared.configure_fib(self, self.fibs[family])
        self.origins[family] = Origin(
            table, bgpd.pool, self, bgpd.clock.steady, bgpd.policy, self.asn
        )
        self.aggregates[family] = Aggregates(
            table,
            bgpd.pool,
            bgpd.policy,
            bgpd.clock.steady,
            bgpd.work.add,
            self._aggregator,
            lambda keys: self._hidden(family, keys),
        )

    def _aggregator(self) -> Aggregator:
        return Aggregator(self.config.confederation_id or self.asn, self.router_id.value)

    def _hidden(self, family: Family, keys: Iterable[int]) -> None:
        hidden = list(keys)
        for group in self.followers(family):
            group.changed(hidden, len(hidden))

    def followers(self, family: Family) -> Iterator[UpdateGroup]:
        """The update-groups that are told what the table of a family has."""
        yield from self.groups[family]
        labeled = rival(family)
        if labeled is not None:
            yield from self.groups[labeled]

    def need_labels(self, family: Family) -> None:
        """A neighbour exchanges routes with labels: prefixes get labels of our own."""
        table = self.tables[family]
        if table.labels is None:
            table.labels = Labels(self.bgpd.zebra.labels, table)
            self.bgpd.work.add("labels", table.labels.fill())

    # --- what show commands ask ------------------------------------------------------------------

    def sorted_peers(self) -> Iterator[Peer]:
        """Neighbours as FRR lists them."""
        yield from sorted(self.peers.values(), key=lambda peer: peer_order(peer.own))

    def group_of(self, peer: Peer) -> PeerConfig | None:
        """The peer-group of a neighbour."""
        return None if peer.own.group is None else self.config.groups.get(peer.own.group)

    @property
    def cluster_id(self) -> int:
        """The cluster this router reflects for."""
        configured = self.config.cluster_id
        if configured is None:
            return self.router_id.value
        return configured if isinstance(configured, int) else configured.value

    @property
    def default_local_pref(self) -> int:
        """Local preference of paths that have none."""
        preference = self.config.default_local_preference
        return 100 if preference is None else preference

    def is_own_address(self, address: Address) -> bool:
        """True for an address of this router."""
        return not self.is_view and self.zebra.owner(address, self.vrf_id) is not None

    # --- configuration ---------------------------------------------------------------------------

    def start(self) -> None:
        """Register with zebra and run what is configured."""
        if self.asks_zebra and self.vrf is not None:
            self.enter_vrf()
        self.zebra.announce(self)
        self.waiting.configure()
        self.penalties.configure()
        self.configure_origins()
        self.sync_peers()

    def stop(self, notification: Notification | None, why: DownReason) -> None:
        """`no router bgp`, or the end of bgpd: all sessions end, all routes go."""
        for peer in list(self.peers.values()):
            peer.stop(notification, why)
            peer.reach.protect(None)
            peer.reach.unwatch()
        self.peers.clear()
        self.ranges.stop()
        self.conditions.stop()
        self.readonly.stop()
        for origin in self.origins.values():
            origin.stop()
        for fib in self.fibs.values():
            self.bgpd.work.add("routes taken back", fib.withdraw_all())
        self.leave_vrf()
        self.zebra.retire(self)

    def enter_vrf(self) -> None:
        """zebra knows the VRF: listen in it."""
        assert self.vrf is not None  # the default one is there from the start
        netns = self.zebra.namespaces.get(self.vrf, "")
        self.transport = self.bgpd.transport.within(self.vrf, netns)
        self.transport.listen(
            lambda connection: self.bgpd.accept(connection, [self]),
            lambda remote: self.bgpd.turns_away(remote, [self]),
        )

    def leave_vrf(self) -> None:
        """Its sockets are closed."""
        if self.transport is not self.bgpd.transport:
            self.transport.unlisten()
            self.transport = self.bgpd.transport

    def sync_peers(self) -> None:
        """Neighbours came or went in the configuration."""
        wanted = {**self.config.dynamic, **self.config.peers}
        for name in [name for name in self.peers if name not in wanted]:
            self.peers.pop(name).delete()
        for name, config in self.config.peers.items():
            peer = self.peers.get(name)
            if peer is not None and peer.own is not config:
                self.peers.pop(name).delete()
                peer = None
            if peer is None:
                peer = self.peers[name] = Peer(self, config)
            peer.reach.protect(peer.config.password)
            peer.start()
        self.ranges.protect()
        self.links.sync()
        pathids.configure(self)

    def configure_origins(self, changed: Collection[str] = ()) -> None:
        """`network` and `redistribute` lines, the import check, or these route-maps changed."""
        check = self.config.network_import_check is not False and not self.nexthops.always
        for family, origin in self.origins.items():
            lines, down = self.config.family(family), self.pace.shutting_down
            origin.configure(lines, check and family in UNICAST, changed, shutting_down=down)
        no_sets = bool(self.config.reject_as_sets)
        for family, aggregates in self.aggregates.items():
            aggregates.configure(self.config.family(family), no_sets, changed)

    def configure_penalties(self) -> None:
        """`bgp dampening` of some family changed."""
        self.penalties.configure()

    def configure_rules(self) -> None:
        """Anything that the decision process looks at changed: choose anew."""
        for table in self.all_tables:
            family = table.family
            rules = Rules.of(self.config, family)
            if rules != table.rules:
                table.rules = rules
                self.bgpd.work.add("best paths anew", table.reselect(lambda path: True))
        self.regroup(self.peers.values())

    def configure_fib(self) -> None:
        """What zebra is told of routes changed (`distance`, waiting for the kernel): all anew."""
        self.waiting.configure()
        for fib in self.fibs.values():
            fib.send_all()

    def configure_table_maps(self, changed: Collection[str]) -> None:
        """These route-maps changed: zebra is told anew of what went through them."""
        for family, fib in self.fibs.items():
            if self.config.family(family).table_map in changed:
                fib.send_all()

    def configure_confederation(self) -> None:
        """Who is in the confederation changed: sessions that it makes others of begin anew."""
        for peer in list(self.peers.values()):
            before = (peer.is_ebgp, peer.is_confederation, peer.main.session.config.local_as)
            peer.configure()
            now = (peer.is_ebgp, peer.is_confederation, peer.local_as)
            if before != now and peer.running:
                notification = Notification(Code.CEASE, Cease.CONFIGURATION_CHANGE)
                peer.reset(notification, DownReason.CONFEDERATION_ID_CHANGE)
        self.configure_rules()

    def reset_all(self, why: DownReason) -> None:
        """All sessions start anew."""
        notification = Notification(Code.CEASE, Cease.CONFIGURATION_CHANGE)
        for peer in list(self.peers.values()):
            if peer.running:
                peer.reset(notification, why)

    def cluster_changed(self) -> None:
        """Sessions within the AS start anew with another `bgp cluster-id`."""
        notification = Notification(Code.CEASE, Cease.CONFIGURATION_CHANGE)
        for peer in list(self.peers.values()):
            if peer.running and not (peer.is_ebgp or peer.is_confederation):
                peer.reset(notification, DownReason.CLUSTER_ID_CHANGE)

    def router_id_may_have_changed(self) -> None:
        """Sessions start anew with a new router id."""
        if self._set_router_id():
            self.reset_all(DownReason.ROUTER_ID_CHANGE)

    def router_id_changed(self, address: Address) -> None:
        """zebra's router id changed: taken when no session would be lost by it, as in FRR."""
        if all(peer.negotiated is None for peer in self.peers.values()):
            self.router_id_may_have_changed()

    def vrf_changed(self, vrf_id: int) -> None:
        """The VRF came or went: sessions and routes with it."""
        if vrf_id == UNKNOWN_VRF:
            self.leave_vrf()
            for peer in list(self.peers.values()):
                peer.stop(None, DownReason.INTERFACE_DOWN)
            self.nexthops.lost()
        self.vrf_id = vrf_id
        for fib in self.fibs.values():
            fib.vrf = vrf_id
        self.router_id_may_have_changed()
        if vrf_id != UNKNOWN_VRF:
            self.enter_vrf()
            self.zebra.announce(self)
            self.sync_peers()

    def _set_router_id(self) -> bool:
        old = self.router_id
        found = self.config.router_id or self.zebra.router_ids.get(self.vrf_id)
        self.router_id = found or Address(Afi.IPV4, 0)
        return self.router_id != old

    # --- clear -----------------------------------------------------------------------------------

    def clear(
        self, peers: Iterable[Peer], how: Clear, families: Collection[Family] | None = None
    ) -> None:
        """`clear bgp ...` for these neighbours; the soft ones for some families, or for all."""
        peers = list(peers)
        if how is Clear.HARD and len(peers) == len(self.peers):
            self.readonly.again()
        clear(peers, how, families)

    def soft_in(self, peer: Peer, state: PeerFamily) -> None:
        """Decide anew about what a neighbour sent: from the stored routes, or by asking it."""
        soft_in(peer, state)

    # --- update-groups ---------------------------------------------------------------------------

    def group_for(self, family: Family, profile: Profile) -> UpdateGroup:
        """The group of that profile, made if there is none."""
        groups = self.groups[family]
        for group in groups:
            if group.profile == profile:
                return group
        bgpd = self.bgpd
        kind = UpdateGroup if profile.paths is None else PathsGroup
        group = kind(
            next(bgpd.group_ids),
            self.tables[family],
            profile,
            bgpd.clock.steady(),
            partial(self.holding.run, table_family(family)),
            bgpd.call_later,
        )
        # FRR's rule: a second, and a twentieth for each peer, accepted connections counted.
        connections = len(self.peers) + sum(peer.accepted for peer in self.peers.values())
        wanted = self.config.coalesce_time
        group.coalesce = min(1000 + 50 * connections, 10000) if wanted is None else wanted
        group.log = GroupLog(self, group)
        group.log.made()
        groups.append(group)
        return group

    def prune(self, group: UpdateGroup) -> None:
        """Drop a group that lost its last member."""
        if not group.members and group in self.groups[group.family]:
            self.groups[group.family].remove(group)
            if group.log is not None:
                group.log.gone()
                group.log = None  # which knows the group: nobody looks for cycles in what is old
            self.groups_gone.add(group.counters)

    def regroup(self, peers: Iterable[Peer]) -> None:
        """Outgoing policy may have changed: find each neighbour its group."""
        for peer in peers:
            for state in peer.families.values():
                if state.active:
                    state.regroup()
