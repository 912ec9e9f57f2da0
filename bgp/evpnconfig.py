"""What was configured for EVPN, VPN networks and SRv6. Nothing of it has an effect on routes."""

from dataclasses import dataclass, field

from grammar.base.values import Address, Prefix


@dataclass(slots=True, eq=False)
class RouteTargets:
    """Lists of route targets (`65000:1`) by direction: `import`, `export`."""

    by_direction: dict[str, set[str]] = field(default_factory=dict)

    def of(self, direction: str) -> set[str]:
        """Those of one direction."""
        return self.by_direction.setdefault(direction, set())


@dataclass(slots=True, eq=False)
class Vni:
    """A `vni N` block."""

    number: int
    rd: bytes | None = None
    targets: RouteTargets = field(default_factory=RouteTargets)
    advertise_default_gw: bool | None = None
    advertise_svi_ip: bool | None = None


@dataclass(slots=True, eq=False)
class EvpnMultihoming:
    """The lines of EVPN that hold for all instances at once, and that each of them prints."""

    ead_fragment: int | None = None
    use_es_nexthop_group: bool | None = None
    disable_ead_evi_rx: bool | None = None
    disable_ead_evi_tx: bool | None = None
    segment_targets: set[str] = field(default_factory=set)
    """`ead-es-route-target export`."""


@dataclass(slots=True, frozen=True)
class Advertise:
    """`advertise ipv4|ipv6 unicast`."""

    gateway_ip: bool = False
    route_map: str | None = None


@dataclass(slots=True, frozen=True)
class EvpnNetwork:
    """A `network ... routermac` line; addresses as they print."""

    label: int
    segment: str
    gateway: Address
    router_mac: str


@dataclass(slots=True, eq=False)
class EvpnConfig:
    """`address-family l2vpn evpn` of an instance. `moves` and `seconds` are the limits of
    duplicate detection, `freeze` seconds or 0 for ever; `anycast` an address and a MAC address."""

    multihoming: EvpnMultihoming = field(default_factory=EvpnMultihoming)
    is_of_vrf: bool = False
    networks: dict[tuple[bytes, int, Prefix], EvpnNetwork] = field(default_factory=dict)
    advertise_all_vni: bool | None = None
    vnis: dict[int, Vni] = field(default_factory=dict)
    autort: bool | None = None
    advertise_default_gw: bool | None = None
    advertise_svi_ip: bool | None = None
    resolve_overlay_index: bool | None = None
    detection: bool | None = None
    moves: int | None = None
    seconds: int | None = None
    freeze: int | None = None
    flooding_disabled: bool | None = None
    advertised: dict[str, Advertise] = field(default_factory=dict)
    default_originate: dict[str, None] = field(default_factory=dict)
    anycast: bool | None = None
    anycast_address: Address | None = None
    anycast_mac: str | None = None
    rd: bytes | None = None
    targets: RouteTargets = field(default_factory=RouteTargets)


@dataclass(slots=True, frozen=True)
class VpnNetwork:
    """A `network P rd R label N` line."""

    label: int
    route_map: str | None = None


@dataclass(slots=True, eq=False)
class VpnConfig:
    """`address-family ipv4|ipv6 vpn` of an instance."""

    networks: dict[tuple[bytes, Prefix], VpnNetwork] = field(default_factory=dict)
    retain: bool | None = None
    """False: routes without a use here are not kept (`no bgp retain route-target all`)."""
