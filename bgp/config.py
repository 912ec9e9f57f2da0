"""What was configured in bgpd. Only what was typed is set: None means the default, which is looked
up through peer, group and profile when it is needed (architecture: "How one config command flows").

The commands change these objects and nothing else; `Instance.react` compares them with what runs.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field

from bgp.policy.lists import BgpLists
from grammar.base.values import Address, Afi, Prefix, Safi
from grammar.filters.model import Filters

Family = tuple[Afi, Safi]
IPV4_UNICAST: Family = (Afi.IPV4, Safi.UNICAST)
IPV6_UNICAST: Family = (Afi.IPV6, Safi.UNICAST)
IPV4_FLOWSPEC: Family = (Afi.IPV4, Safi.FLOWSPEC)
IPV6_FLOWSPEC: Family = (Afi.IPV6, Safi.FLOWSPEC)
FAMILIES: tuple[Family, ...] = (IPV4_UNICAST, IPV4_FLOWSPEC, IPV6_UNICAST, IPV6_FLOWSPEC)
"""The families that can be configured and negotiated, in the order in which FRR prints them."""
UNICAST: tuple[Family, ...] = (IPV4_UNICAST, IPV6_UNICAST)
"""The families whose routes are prefixes, which the router itself announces and forwards by."""

LISTEN_LIMIT = 100
"""Neighbors that may connect from listen ranges unless a line says how many."""

PeerName = Address | str
"""A neighbor's address, or the name of its interface."""


@dataclass(slots=True, eq=False)
class PeerFamilyConfig:
    """Lines of one neighbor inside one address family."""

    activate: bool | None = None
    soft_reconfiguration: bool | None = None
    next_hop_self: bool | None = None
    next_hop_self_force: bool | None = None
    route_reflector_client: bool | None = None
    default_originate: bool | None = None
    allowas_in: int | None = None
    weight: int | None = None
    maximum_prefix: int | None = None
    maximum_prefix_warning_only: bool | None = None
    maximum_prefix_threshold: int | None = None
    maximum_prefix_restart: int | None = None
    maximum_prefix_force: bool | None = None
    default_originate_map: str | None = None
    allowas_in_origin: bool | None = None
    route_map_in: str | None = None
    route_map_out: str | None = None
    prefix_list_in: str | None = None
    prefix_list_out: str | None = None
    distribute_list_in: str | None = None
    distribute_list_out: str | None = None
    filter_list_in: str | None = None
    filter_list_out: str | None = None
    unsuppress_map: str | None = None
    send_community: bool | None = None
    send_extended_community: bool | None = None
    send_large_community: bool | None = None
    addpath_tx: str | None = None
    """Paths to send: `all` or `best-per-as`."""


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


@dataclass(slots=True, frozen=True)
class Network:
    """A `network P` line."""

    route_map: str | None = None
    backdoor: str | None = None


@dataclass(slots=True, frozen=True)
class Redistribute:
    """A `redistribute TYPE` line; of `ospf` and `table` the key has the instance: `table 5`."""

    metric: int | None = None
    route_map: str | None = None


@dataclass(slots=True, eq=False)
class FamilyConfig:
    """`address-family ...` of an instance."""

    family: Family
    networks: dict[Prefix, Network] = field(default_factory=dict)
    redistribute: dict[str, Redistribute] = field(default_factory=dict)
    maximum_paths: int | None = None
    maximum_paths_ibgp: int | None = None
    maximum_paths_ibgp_equal_cluster: bool | None = None
    local_install: dict[str, None] = field(default_factory=dict)
    """Interfaces that flow specifications are meant for, in typed order."""


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
    default_ipv4_unicast: bool | None = None
    default_ipv6_unicast: bool | None = None
    default_ipv4_flowspec: bool | None = None
    default_ipv6_flowspec: bool | None = None
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

    def family(self, family: Family) -> FamilyConfig:
        """The lines of a family, made on first use."""
        return self.families.setdefault(family, FamilyConfig(family))

    def activates(self, family: Family) -> bool:
        """Whether neighbors are activated in a family by default (`bgp default ...`)."""
        if family == IPV4_UNICAST:
            return self.default_ipv4_unicast is not False
        switches = {
            IPV4_FLOWSPEC: self.default_ipv4_flowspec,
            IPV6_UNICAST: self.default_ipv6_unicast,
            IPV6_FLOWSPEC: self.default_ipv6_flowspec,
        }
        return switches.get(family) is True

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
    """One `interface NAME`, as far as it is bgpd's."""

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
    filters: Filters = field(default_factory=Filters)
    lists: BgpLists = field(default_factory=BgpLists)
    aliases: dict[str, str] = field(default_factory=dict)
    most_paths: int = MOST_PATHS
    """Other names of communities."""
    route_map_delay: int | None = None
    """Seconds until a change of lists and route-maps has effect."""
    interfaces: dict[str, InterfaceConfig] = field(default_factory=dict)

    def debugs(self, topic: str, subject: object = None) -> bool:
        """True if a topic is debugged, for all or for this peer or prefix."""
        limits = self.debugging.get(topic)
        return limits is not None and (not limits or str(subject) in limits)
