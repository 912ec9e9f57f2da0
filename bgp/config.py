"""What was configured in bgpd. Only what was typed is set: None means the default, which is looked
up through peer, group and profile when it is needed (architecture: "How one config command flows").

The commands change these objects and nothing else; `Instance.react` compares them with what runs.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field

from bgp.dumpconfig import DumpConfig as DumpConfig
from bgp.evpnconfig import EvpnConfig, EvpnMultihoming, VpnConfig
from bgp.familyconfig import FAMILIES as FAMILIES
from bgp.familyconfig import IPV4_FLOWSPEC as IPV4_FLOWSPEC
from bgp.familyconfig import IPV4_UNICAST as IPV4_UNICAST
from bgp.familyconfig import IPV4_VPN, IPV6_VPN
from bgp.familyconfig import IPV6_FLOWSPEC as IPV6_FLOWSPEC
from bgp.familyconfig import IPV6_UNICAST as IPV6_UNICAST
from bgp.familyconfig import PRIVATE_AS as PRIVATE_AS
from bgp.familyconfig import UNICAST as UNICAST
from bgp.familyconfig import AdvertiseMap as AdvertiseMap
from bgp.familyconfig import Aggregate as Aggregate
from bgp.familyconfig import Dampening as Dampening
from bgp.familyconfig import Family as Family
from bgp.familyconfig import FamilyConfig as FamilyConfig
from bgp.familyconfig import Network as Network
from bgp.familyconfig import PeerFamilyConfig as PeerFamilyConfig
from bgp.familyconfig import PrefixDistance as PrefixDistance
from bgp.familyconfig import Redistribute as Redistribute
from bgp.policy.lists import BgpLists
from bgp.vncconfig import VncConfig
from grammar.base.values import Address, Prefix
from grammar.filters.model import Filters

LISTEN_LIMIT = 100
"""Neighbors that may connect from listen ranges unless a line says how many."""

SESSION_DSCP = 48
"""The differentiated services code point of sessions unless a line says otherwise: CS6."""

PeerName = Address | str
"""A neighbor's address, or the name of its interface."""


@dataclass(slots=True, eq=False)
class PeerConfig:
    """One `neighbor X` of an instance. `remote_as` is a number, "internal" or "external".

    A peer-group is one too, in `BgpConfig.groups`. `group` names the peer-group of a member;
    what a member does not have itself is the group's (`effective.resolve`). `by_interface` marks
    a `neighbor IF interface`, `dynamic` holds the range a neighbor connected from that no line
    names.
    """

    name: PeerName
    remote_as: int | str | None = None
    group: str | None = None
    by_interface: bool | None = None
    v6only: bool | None = None
    dynamic: Prefix | None = None
    description: str | None = None
    shutdown: bool | None = None
    shutdown_message: str | None = None
    password: str | None = None
    port: int | None = None
    interface: str | None = None
    passive: bool | None = None
    ebgp_multihop: int | None = None
    ttl_security_hops: int | None = None
    disable_connected_check: bool | None = None
    update_source: Address | str | None = None
    advertisement_interval: int | None = None
    keepalive: int | None = None
    hold: int | None = None
    connect_retry: int | None = None
    local_as: int | None = None
    local_as_no_prepend: bool | None = None
    local_as_replace_as: bool | None = None
    dont_capability_negotiate: bool | None = None
    override_capability: bool | None = None
    strict_capability_match: bool | None = None
    enforce_first_as: bool | None = None
    bfd: bool | None = None
    bfd_profile: str | None = None
    bfd_check_control_plane: bool | None = None
    solo: bool | None = None
    delay_open: int | None = None
    capability_dynamic: bool | None = None
    capability_extended_nexthop: bool | None = None
    graceful_restart: bool | None = None
    graceful_restart_helper: bool | None = None
    graceful_restart_disable: bool | None = None
    shutdown_rtt: int | None = None
    shutdown_rtt_count: int | None = None
    tcp_mss: int | None = None
    disable_link_bw_encoding_ieee: bool | None = None
    extended_optional_parameters: bool | None = None
    sender_as_path_loop_detection: bool | None = None
    local_role: str | None = None
    local_role_strict: bool | None = None
    families: dict[Family, PeerFamilyConfig] = field(default_factory=dict)

    def family(self, family: Family) -> PeerFamilyConfig:
        """The lines of a family, made on first use."""
        return self.families.setdefault(family, PeerFamilyConfig())


def member_of(group: PeerConfig, name: PeerName, dynamic: Prefix | None = None) -> PeerConfig:
    """A new neighbor with nothing of its own but what a group hands on when one joins."""
    peer = PeerConfig(name, group=str(group.name), dynamic=dynamic)
    peer.ebgp_multihop, peer.ttl_security_hops = group.ebgp_multihop, group.ttl_security_hops
    for family, lines in group.families.items():
        target = peer.family(family)
        target.activate, target.addpath_tx = lines.activate, lines.addpath_tx
    return peer


MOST_PATHS = 256
"""How many next hops a route may have, unless bgpd was started with fewer."""


@dataclass(slots=True, eq=False)
class BgpConfig:
    """One `router bgp ASN [vrf NAME]`; `vrf` is the name of the VRF, or of the view.

    What is None has the default of the profile: `datacenter`, else FRR's traditional one.
    `most_paths` is how many next hops bgpd was started with (`-e`).
    """

    asn: int
    vrf: str | None = None
    view: bool = False
    datacenter: bool = False
    most_paths: int = MOST_PATHS
    router_id: Address | None = None
    log_neighbor_changes: bool | None = None
    always_compare_med: bool | None = None
    ebgp_requires_policy: bool | None = None
    suppress_duplicates: bool | None = None
    hard_administrative_reset: bool | None = None
    default_families: dict[Family, bool] = field(default_factory=dict)
    """`bgp default FAMILY` where it is not the default (IPv4 unicast only)."""
    default_local_preference: int | None = None
    default_show_hostname: bool | None = None
    default_show_nexthop_hostname: bool | None = None
    cluster_id: Address | int | None = None
    deterministic_med: bool | None = None
    write_quanta: int | None = None
    read_quanta: int | None = None
    graceful_restart: bool | None = None
    graceful_restart_disable: bool | None = None
    graceful_restart_restart_time: int | None = None
    graceful_restart_stalepath_time: int | None = None
    graceful_restart_select_defer_time: int | None = None
    graceful_restart_rib_stale_time: int | None = None
    graceful_restart_preserve_fw_state: bool | None = None
    graceful_restart_notification: bool | None = None
    bestpath_as_path_ignore: bool | None = None
    bestpath_multipath_relax: bool | None = None
    bestpath_multipath_as_set: bool | None = None
    bestpath_compare_routerid: bool | None = None
    bestpath_med_missing_as_worst: bool | None = None
    network_import_check: bool | None = None
    fast_external_failover: bool | None = None
    fast_convergence: bool | None = None
    suppress_fib_pending: bool | None = None
    reject_as_sets: bool | None = None
    default_shutdown: bool | None = None
    subgroup_packet_queue_max: int | None = None
    client_to_client: bool | None = None
    disable_connected_check: bool | None = None
    confederation_id: int | None = None
    confederation_peers: dict[int, None] = field(default_factory=dict)
    """Member AS numbers of the confederation, in typed order."""
    update_delay: int | None = None
    establish_wait: int | None = None
    max_med_startup: int | None = None
    """Seconds after the start during which MEDs are the highest."""
    max_med_startup_value: int | None = None
    max_med_administrative: int | None = None
    """The MED that is announced for all routes."""
    coalesce_time: int | None = None
    graceful_shutdown: bool | None = None
    long_lived_stale_time: int | None = None
    route_reflector_outbound_policy: bool | None = None
    bestpath_as_path_confed: bool | None = None
    bestpath_med_confed: bool | None = None
    bestpath_peer_type_relax: bool | None = None
    bestpath_bandwidth: str | None = None
    conditional_advertisement_timer: int | None = None
    allow_martian_nexthop: bool | None = None
    keepalive: int | None = None
    hold: int | None = None
    minimum_holdtime: int | None = None
    shutdown: bool | None = None
    shutdown_message: str | None = None
    listen_limit: int | None = None
    listen_ranges: dict[Prefix, str] = field(default_factory=dict)
    """Prefixes whose hosts may connect as members of the peer-group that is named."""
    groups: dict[str, PeerConfig] = field(default_factory=dict)
    peers: dict[PeerName, PeerConfig] = field(default_factory=dict)
    dynamic: dict[PeerName, PeerConfig] = field(default_factory=dict)
    """Neighbors that connected from a range; they come and go, and never print."""
    families: dict[Family, FamilyConfig] = field(default_factory=dict)
    evpn: EvpnConfig = field(default_factory=EvpnConfig)
    vpn: dict[Family, VpnConfig] = field(default_factory=dict)
    srv6_locator: str | None = None
    vnc: VncConfig = field(default_factory=VncConfig)

    def on(self, switch: bool | None) -> bool:
        """A switch that is off by default, and on in the datacenter profile."""
        return self.datacenter if switch is None else switch

    @property
    def requires_policy(self) -> bool:
        """Whether neighbors of eBGP need filters."""
        wanted = self.ebgp_requires_policy
        return not self.datacenter if wanted is None else wanted

    @property
    def default_timers(self) -> tuple[int, int]:
        """Keepalive and hold time without `timers`."""
        return (3, 9) if self.datacenter else (60, 180)

    @property
    def timers(self) -> tuple[int, int]:
        """Keepalive and hold time of the instance (`timers bgp`)."""
        keepalive, hold = self.default_timers
        return (
            keepalive if self.keepalive is None else self.keepalive,
            hold if self.hold is None else self.hold,
        )

    def __post_init__(self) -> None:
        for family in FAMILIES:
            self.families[family] = FamilyConfig(family)
        for family in (IPV4_VPN, IPV6_VPN):
            self.vpn[family] = VpnConfig()
        self.evpn.is_of_vrf = self.vrf is not None

    def family(self, family: Family) -> FamilyConfig:
        """The lines of a family, made on first use."""
        return self.families.setdefault(family, FamilyConfig(family))

    def activates(self, family: Family) -> bool:
        """Whether neighbors are activated in a family by default (`bgp default ...`)."""
        return self.default_families.get(family, family == IPV4_UNICAST)

    def sorted_peers(self) -> Iterator[PeerConfig]:
        """Neighbors as FRR lists them: members by group, then the others; among these interfaces
        by name, then IPv4, then IPv6 by number."""
        yield from sorted(self.peers.values(), key=peer_order)

    def sorted_groups(self) -> Iterator[PeerConfig]:
        """Peer-groups by name."""
        yield from sorted(self.groups.values(), key=lambda group: str(group.name))

    def members(self, group: str) -> Iterator[PeerConfig]:
        """Neighbors of a peer-group as they joined; those that connected from a range too."""
        for peer in (*self.peers.values(), *self.dynamic.values()):
            if peer.group == group:
                yield peer


def peer_order(peer: PeerConfig) -> tuple[bool, str, bool, str, int, int]:
    """The sort key of neighbors."""
    name, group = peer.name, peer.group
    if isinstance(name, Address):
        return group is None, group or "", True, "", name.afi, name.value
    return group is None, group or "", False, name, 0, 0


DebugTopics = dict[str, dict[str, None]]
"""Debug switches by their words (`keepalives`, `updates in`); inside, in typed order, the peers or
prefixes that a switch is limited to (without any it is on for all)."""


@dataclass(slots=True, eq=False)
class InterfaceConfig:
    """One `interface NAME`, as far as it is bgpd's; the description is shown, not printed."""

    opened: bool = True
    description: str | None = None
    mpls_forwarding: bool | None = None

    @property
    def is_empty(self) -> bool:
        """True when nothing of it prints."""
        return not self.mpls_forwarding


@dataclass(slots=True, eq=False)
class BgpdConfig:
    """All of bgpd's configuration.

    `debug` holds the switches typed in config, which are printed; `debugging` those in force,
    which the enable node changes too.
    """

    instances: dict[str | None, BgpConfig] = field(default_factory=dict)
    debug: DebugTopics = field(default_factory=dict)
    debugging: DebugTopics = field(default_factory=dict)
    evpn_multihoming: EvpnMultihoming = field(default_factory=EvpnMultihoming)
    filters: Filters = field(default_factory=Filters)
    lists: BgpLists = field(default_factory=BgpLists)
    aliases: dict[str, str] = field(default_factory=dict)
    """Other names of communities."""
    most_paths: int = MOST_PATHS
    route_map_delay: int | None = None
    """Seconds until a change of lists and route-maps has effect."""
    interfaces: dict[str, InterfaceConfig] = field(default_factory=dict)
    update_delay: int | None = None
    """`bgp update-delay` of all instances, with its `establish_wait`."""
    establish_wait: int | None = None
    suppress_fib_pending: bool | None = None
    """`bgp suppress-fib-pending` of all instances."""
    graceful_shutdown: bool | None = None
    """`bgp graceful-shutdown` of all instances."""
    no_rib: bool | None = None
    """zebra is given no routes (`bgp no-rib`)."""
    send_extra_data: bool | None = None
    """zebra is told of a route's AS path and communities (`bgp send-extra-data zebra`)."""
    session_dscp: int | None = None
    """The differentiated services code point of sessions."""
    dumps: dict[str, DumpConfig] = field(default_factory=dict)
    """The lines `dump bgp ...` by kind: `all`, `updates`, `routes-mrt`."""
    prefix_distances: dict[Family, dict[Prefix, PrefixDistance]] = field(default_factory=dict)
    """The lines `distance N P`, which as in FRR are those of all instances."""

    def debugs(self, topic: str, subject: object = None) -> bool:
        """True if a topic is debugged, for all or for this peer or prefix."""
        limits = self.debugging.get(topic)
        return limits is not None and (not limits or str(subject) in limits)

    def debugs_routes(self, prefix: Prefix | None) -> bool:
        """True if what zebra is told of a prefix is debugged; of None: of any."""
        return "zebra" in self.debugging and (prefix is None or self.debugs("zebra", prefix))
