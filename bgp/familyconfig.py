"""What was configured for address families: of an instance, and of its neighbors in them.

As in `bgp.config`, which has all of these names too: only what was typed is set.
"""

from dataclasses import dataclass, field

from bgp.leakconfig import LeakConfig
from grammar.base.values import Afi, Prefix, Safi

Family = tuple[Afi, Safi]
IPV4_UNICAST: Family = (Afi.IPV4, Safi.UNICAST)
IPV4_MULTICAST: Family = (Afi.IPV4, Safi.MULTICAST)
IPV4_VPN: Family = (Afi.IPV4, Safi.VPN)
IPV4_LABELED: Family = (Afi.IPV4, Safi.LABELED_UNICAST)
IPV4_FLOWSPEC: Family = (Afi.IPV4, Safi.FLOWSPEC)
IPV6_UNICAST: Family = (Afi.IPV6, Safi.UNICAST)
IPV6_MULTICAST: Family = (Afi.IPV6, Safi.MULTICAST)
IPV6_VPN: Family = (Afi.IPV6, Safi.VPN)
IPV6_LABELED: Family = (Afi.IPV6, Safi.LABELED_UNICAST)
IPV6_FLOWSPEC: Family = (Afi.IPV6, Safi.FLOWSPEC)
EVPN: Family = (Afi.L2VPN, Safi.EVPN)
FAMILIES: tuple[Family, ...] = (
    IPV4_UNICAST,
    IPV4_MULTICAST,
    IPV4_VPN,
    IPV4_LABELED,
    IPV4_FLOWSPEC,
    IPV6_UNICAST,
    IPV6_MULTICAST,
    IPV6_VPN,
    IPV6_LABELED,
    IPV6_FLOWSPEC,
    EVPN,
)
"""The families that can be configured and negotiated, in the order of FRR's numbers: in OPENs and
in what is shown."""
UNICAST: tuple[Family, ...] = (IPV4_UNICAST, IPV6_UNICAST)
"""The families whose routes are prefixes, which the router itself announces and forwards by."""
MULTICAST: tuple[Family, ...] = (IPV4_MULTICAST, IPV6_MULTICAST)
"""Prefixes for reverse path checks (RFC 4760 sec. 6)."""
PREFIXES: tuple[Family, ...] = (*UNICAST, *MULTICAST)
"""The families that have a table of prefixes of their own, and that zebra is told of."""
LABELED: tuple[Family, ...] = (IPV4_LABELED, IPV6_LABELED)
"""Prefixes with labels (RFC 8277), which share the tables of unicast as in FRR."""
GROUPS: tuple[Family, ...] = (
    IPV4_UNICAST,
    IPV4_MULTICAST,
    IPV4_VPN,
    IPV6_UNICAST,
    IPV6_MULTICAST,
    IPV6_VPN,
    EVPN,
    IPV4_LABELED,
    IPV6_LABELED,
    IPV4_FLOWSPEC,
    IPV6_FLOWSPEC,
)
"""The order in which FRR begins to tell a neighbor of its families."""
EMPTY: tuple[Family, ...] = (IPV4_VPN, IPV6_VPN, EVPN)
"""Families that are negotiated, and whose routes are passed over."""
CARRIED = frozenset(FAMILIES).difference(EMPTY)
"""Families whose routes are taken."""

_AFI_TITLES = {Afi.IPV4: "IPv4", Afi.IPV6: "IPv6", Afi.L2VPN: "L2VPN"}
_SAFI_TITLES = {
    Safi.UNICAST: "Unicast",
    Safi.MULTICAST: "Multicast",
    Safi.VPN: "VPN",
    Safi.LABELED_UNICAST: "Labeled Unicast",
    Safi.FLOWSPEC: "Flowspec",
    Safi.ENCAP: "Encap",
    Safi.EVPN: "EVPN",
}


def family_title(family: Family) -> str:
    """`IPv4 Unicast`, as shows and logs have it."""
    return f"{_AFI_TITLES[family[0]]} {_SAFI_TITLES[family[1]]}"


def table_family(family: Family) -> Family:
    """The family whose table holds the routes of a family."""
    return (family[0], Safi.UNICAST) if family[1] is Safi.LABELED_UNICAST else family


def rival(family: Family) -> Family | None:
    """The family that a neighbor cannot have beside this one: both fill one table."""
    afi, safi = family
    if safi is Safi.LABELED_UNICAST:
        return afi, Safi.UNICAST
    if safi is Safi.UNICAST:
        return afi, Safi.LABELED_UNICAST
    return None


PRIVATE_AS = ("", "all", "replace-AS", "all replace-AS")
"""The forms of `remove-private-AS`."""


@dataclass(slots=True, frozen=True)
class AdvertiseMap:
    """`advertise-map NAME exist-map|non-exist-map CONDITION`: announce while there are routes that
    the condition permits, or (`absent`) while there are none."""

    name: str
    condition: str
    absent: bool = False


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
    disable_addpath_rx: bool | None = None
    orf_send: bool | None = None
    orf_receive: bool | None = None
    nexthop_local_unchanged: bool | None = None
    remove_private_as: frozenset[str] | None = None
    """Forms of `remove-private-AS` that were typed, of `PRIVATE_AS`; the last of these counts."""
    as_override: bool | None = None
    maximum_prefix_out: int | None = None
    route_server_client: bool | None = None
    soo: str | None = None
    advertise_map: AdvertiseMap | None = None
    as_path_unchanged: bool | None = None
    next_hop_unchanged: bool | None = None
    med_unchanged: bool | None = None

    @property
    def private_as(self) -> str | None:
        """The form of `remove-private-AS` that is in force."""
        typed = self.remove_private_as or ()
        return next((form for form in reversed(PRIVATE_AS) if form in typed), None)


@dataclass(slots=True, frozen=True)
class Network:
    """A `network P` line."""

    route_map: str | None = None
    backdoor: str | None = None
    label_index: int | None = None


@dataclass(slots=True, frozen=True)
class Aggregate:
    """An `aggregate-address P` line. `origin` is `igp`, `egp` or `incomplete`."""

    as_set: bool = False
    summary_only: bool = False
    route_map: str | None = None
    origin: str | None = None
    matching_med: bool = False
    suppress_map: str | None = None


@dataclass(slots=True, frozen=True)
class Dampening:
    """`bgp dampening`: half-life in minutes, penalties to reuse and to suppress, longest
    suppression in minutes."""

    half_life: int = 15
    reuse: int = 750
    suppress: int = 2000
    longest: int = 60


@dataclass(slots=True, frozen=True)
class PrefixDistance:
    """A `distance N P [LIST]` line: of routes of neighbors in P that the access-list permits."""

    distance: int
    access_list: str | None = None


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
    aggregates: dict[Prefix, Aggregate] = field(default_factory=dict)
    dampening: Dampening | None = None
    distances: tuple[int, int, int] | None = None
    """Administrative distances of external, internal and own routes."""
    prefix_distances: dict[Prefix, PrefixDistance] = field(default_factory=dict)
    table_map: str | None = None
    maximum_paths: int | None = None
    maximum_paths_ibgp: int | None = None
    maximum_paths_ibgp_equal_cluster: bool | None = None
    local_install: dict[str, None] = field(default_factory=dict)
    """Interfaces that flow specifications are meant for, in typed order."""
    leak: LeakConfig = field(default_factory=LeakConfig)
    """Routes for and from VPNs and other instances."""
