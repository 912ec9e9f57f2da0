"""What was configured in zebra: only what was typed is set, None stands for the default."""

from dataclasses import dataclass, field
from enum import Enum

from grammar.base.values import Address, Afi, Prefix
from grammar.filters.model import Filters
from zebra.switching import SwitchedPaths


@dataclass(frozen=True, slots=True)
class AddressConfig:
    """One `ip address` or `ipv6 address` line; `prefix` keeps its host bits."""

    prefix: Prefix
    peer: Prefix | None = None
    label: str | None = None


RESERVED_TABLES = range(252, 256)
"""Tables of the kernel that Linux has names for."""

NO_VRF = 0xFFFFFFFF
"""What FRR says for the number of a VRF that is not there."""

INFINITE = 0xFFFFFFFF
"""A lifetime without end, in seconds."""


@dataclass(frozen=True, slots=True)
class AdvertisedPrefix:
    """One `ipv6 nd prefix`; lifetimes in seconds."""

    valid: int = 2592000
    preferred: int = 604800
    on_link: bool = True
    autonomous: bool = True
    router_address: bool = False


@dataclass(slots=True)
class AdvertConfig:
    """`ipv6 nd` of an interface, with FRR's defaults; `interval` in milliseconds.

    `retransmit` and `reachable` are milliseconds, lifetimes seconds; None stands for what follows
    from others. `servers` and `domains` have the lifetime that was typed.
    """

    suppress: bool = True
    interval: int = 600_000
    interval_option: bool = False
    fast: bool = True
    retransmit: int = 0
    hop_limit: int = 64
    lifetime: int | None = None
    agent_preference: int = 0
    agent_lifetime: int | None = None
    home_agent: bool = False
    reachable: int = 0
    managed: bool = False
    other: bool = False
    preference: str = "medium"
    mtu: int = 0
    prefixes: dict[Prefix, AdvertisedPrefix] = field(default_factory=dict)
    servers: dict[Address, int | None] = field(default_factory=dict)
    domains: dict[str, int | None] = field(default_factory=dict)


@dataclass(slots=True)
class LinkParams:
    """`link-params` of an interface; bandwidths in bytes a second, None where nothing prints."""

    default_bandwidth: float
    metric: int | None = None
    most: float | None = None
    reservable: float | None = None
    unreserved: dict[int, float] = field(default_factory=dict)
    groups: int | None = None
    delay: str | None = None
    variation: int | None = None
    loss: float | None = None
    available: float | None = None
    residual: float | None = None
    utilised: float | None = None
    neighbor: str | None = None


@dataclass(slots=True, eq=False)
class InterfaceConfig:
    """One `interface NAME [vrf VRF]`; `shutdown` False means that `no shutdown` was typed.

    `opened` tells whether its block was ever typed; the kernel's interfaces have one without.
    """

    name: str
    opened: bool = False
    description: str | None = None
    bandwidth: int | None = None
    shutdown: bool | None = None
    multicast: bool | None = None
    link_detect: bool | None = None
    addresses: dict[AddressConfig, bool] = field(default_factory=dict)
    """False for those that were typed while it was shut down: they wait until it is not (FRR)."""
    again: set[AddressConfig] = field(default_factory=set)
    """Those typed again and not carried out yet: one that went from the kernel is given again."""
    mpls: bool = False
    advert: AdvertConfig = field(default_factory=AdvertConfig)
    uplink: bool = False
    params: LinkParams | None = None
    vrf: str = "default"
    """The VRF whose namespace it is in."""

    @property
    def is_empty(self) -> bool:
        """True when nothing of it prints (`no shutdown` does not)."""
        typed = self.addresses or self.shutdown or self.mpls or self.uplink
        return (
            not typed
            and self.advert == AdvertConfig()
            and all(
                value is None
                for value in (
                    self.description,
                    self.bandwidth,
                    self.multicast,
                    self.link_detect,
                    self.params,
                )
            )
        )


class MapUse(Enum):
    """What a route-map that names a protocol filters; the value is the keyword."""

    ROUTES = "protocol"
    """Which routes of the protocol reach the kernel, and their source address."""
    NEXTHOPS = "nht"
    """Over which routes of the protocol watched next hops resolve."""


ANY = "any"
"""The protocol of a route-map that is asked where the route's own protocol has none."""


@dataclass(slots=True, eq=False)
class VrfConfig:
    """One `vrf NAME`, or what stands outside of them; `vni` with True for `prefix-routes-only`.

    `opened` tells whether its block was ever typed, `netns` is the path of its namespace.
    """

    name: str
    opened: bool = False
    netns: str | None = None
    vni: tuple[int, bool] | None = None
    resolve_via_default: dict[Afi, None] = field(default_factory=dict)
    table_range: tuple[int, int] | None = None
    maps: dict[tuple[MapUse, Afi, str], str] = field(default_factory=dict)
    """Names of route-maps, by the protocol's keyword."""
    router_ids: dict[Afi, Address] = field(default_factory=dict)

    def map_for(self, use: MapUse, afi: Afi, protocol: str) -> str | None:
        """The name of the route-map that is asked about routes of a protocol."""
        own = self.maps.get((use, afi, protocol))
        return own if own is not None else self.maps.get((use, afi, ANY))


@dataclass(slots=True, eq=False)
class PseudowireConfig:
    """One `pseudowire NAME`; `labels` are the local and the remote one."""

    labels: tuple[int, int] | None = None
    neighbor: Address | None = None
    control_word: bool = True


@dataclass(slots=True, eq=False)
class LocatorConfig:
    """One SRv6 locator; it does not count before it has a prefix."""

    name: str
    prefix: Prefix | None = None
    function_bits: int | None = None


@dataclass(frozen=True, slots=True)
class ImportTable:
    """One `ip import-table`: its routes join the main table, those the route-map lets."""

    distance: int = 15
    route_map: str | None = None


CLAUSES = frozenset(
    {
        "interface",
        "tag",
        "ip address",
        "ip address prefix-list",
        "ip address prefix-len",
        "ip next-hop",
        "ip next-hop prefix-list",
        "ip next-hop prefix-len",
        "ip next-hop type",
        "ipv6 address",
        "ipv6 address prefix-list",
        "ipv6 address prefix-len",
        "ipv6 next-hop type",
        "source-protocol",
        "source-instance",
        "set src",
    }
)
"""The lines that zebra acts on; the others it keeps and prints for bgpd's sake (FRR)."""


OTHERS_MAY = "allow-external-route-update"
QUEUE_LIMIT = "zebra dplane limit"


@dataclass(slots=True, eq=False)
class ZebraConfig:
    """All of zebra's configuration.

    `forwarding` is not configuration in FRR but the state of the kernel, which the printed lines
    follow; `Zebra` fills it from there.
    """

    default: VrfConfig = field(default_factory=lambda: VrfConfig("default"))
    interfaces: dict[str, InterfaceConfig] = field(default_factory=dict)
    vrfs: dict[str, VrfConfig] = field(default_factory=dict)
    forwarding: dict[Afi, bool] = field(default_factory=dict)
    filters: Filters = field(default_factory=lambda: Filters(clauses=CLAUSES))
    route_map_delay: int | None = None
    """Seconds until a change of route-maps has effect."""
    import_tables: dict[int, ImportTable] = field(default_factory=dict)
    process: dict[str, str] = field(default_factory=dict)
    """Settings of the process by their words: `zebra dplane limit` gives `50`, a flag nothing."""
    switched: SwitchedPaths = field(default_factory=SwitchedPaths)
    label_bindings: dict[Prefix, str] = field(default_factory=dict)
    label_block: tuple[int, int] | None = None
    pseudowires: dict[str, PseudowireConfig] = field(default_factory=dict)
    locators: dict[str, LocatorConfig] = field(default_factory=dict)
    debug: dict[str, str] = field(default_factory=dict)
    """What follows `debug zebra`, by its leading words: `rib` gives `rib` or `rib detailed`."""

    def interface(self, name: str, vrf: str = "default") -> InterfaceConfig:
        """The lines of an interface, made on first use.

        Only where VRFs are namespaces, and so may have interfaces of one name, the VRF matters.
        """
        key = interface_key(name, vrf)
        found = self.interfaces.get(key)
        if found is None:
            found = self.interfaces[key] = InterfaceConfig(name, vrf=vrf)
        return found

    def vrf(self, name: str) -> VrfConfig:
        """The lines of a VRF, made on first use."""
        if name == self.default.name:
            return self.default
        return self.vrfs.setdefault(name, VrfConfig(name))

    @property
    def client_objects(self) -> bool:
        """Whether the kernel gets objects of the next-hop groups that clients make."""
        return "no zebra nexthop kernel enable" not in self.process

    @property
    def kernel_objects(self) -> bool:
        """Whether it gets objects of zebra's own ones."""
        return self.client_objects and "zebra nexthop proto only" not in self.process

    @property
    def others_may(self) -> bool:
        """Whether others may take routes of ours out of the kernel."""
        return OTHERS_MAY in self.process

    @property
    def queue_limit(self) -> int | None:
        """How many changes may wait on their way to the kernel, if that was typed."""
        typed = self.process.get(QUEUE_LIMIT)
        return None if typed is None else int(typed)

    def nexthop_keep(self) -> float:
        """Seconds an installed next-hop group stays that nobody uses."""
        return float(self.process.get("zebra nexthop-group keep", 180))

    def resolve_via_default(self, afi: Afi) -> bool:
        """Whether next hops of a family may resolve over the default route."""
        return afi in self.default.resolve_via_default


def interface_key(name: str, vrf: str) -> str:
    """By what an interface is known in the configuration: the words after `interface`."""
    return name if vrf == "default" else f"{name} vrf {vrf}"


EXPLICIT_NULL = "explicit-null"
"""The keyword of a bound label whose number depends on the family."""


def prefix_order(prefix: Prefix) -> tuple[int, int, int]:
    """FRR's order of prefixes of both families."""
    return prefix.afi, prefix.value, prefix.length


def bound_labels(config: ZebraConfig) -> list[tuple[Prefix, str]]:
    """The prefixes with labels of `mpls label bind` in order, and the labels as they print."""
    found = []
    for prefix in sorted(config.label_bindings, key=prefix_order):
        label = config.label_bindings[prefix]
        if label == EXPLICIT_NULL:
            label = f"{'IPv4' if prefix.afi is Afi.IPV4 else 'IPv6'} Explicit Null"
        found.append((prefix, label))
    return found


def name_key(name: str) -> tuple[tuple[int, int | str], ...]:
    """FRR's order of interface names: letters and numbers compared part by part."""
    parts: list[tuple[int, int | str]] = []
    digits = letters = ""
    for char in name:
        if char.isdigit():
            if letters:
                parts.append((1, letters))
                letters = ""
            digits += char
        else:
            if digits:
                parts.append((0, int(digits)))
                digits = ""
            letters += char
    parts.append((0, int(digits)) if digits else (1, letters))
    return tuple(parts)
