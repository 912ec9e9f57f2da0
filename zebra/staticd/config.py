"""What was configured in staticd: routes by destination, and the next hops of each."""

from dataclasses import dataclass, field

from grammar.base.values import Address, Prefix, Safi


@dataclass(frozen=True, slots=True)
class StaticKey:
    """A destination; `table` None is the VRF's own, `source` for IPv6 source-specific routes.

    `multicast` ones (`ip mroute`) tell the way back to sources.
    """

    vrf: str
    prefix: Prefix
    source: Prefix | None = None
    table: int | None = None
    multicast: bool = False

    @property
    def safi(self) -> Safi:
        """Which of zebra's tables it is for."""
        return Safi.MULTICAST if self.multicast else Safi.UNICAST


@dataclass(frozen=True, slots=True)
class StaticHop:
    """One next hop: `gate`, `interface`, both, or `drop` (`blackhole`, `reject`, `Null0`).

    `nexthop_vrf` is where it is, None for the VRF of the route.
    """

    gate: Address | None = None
    interface: str | None = None
    drop: str | None = None
    nexthop_vrf: str | None = None


@dataclass(frozen=True, slots=True)
class StaticPath:
    """What else the line of a next hop said."""

    distance: int | None = None
    tag: int | None = None
    onlink: bool = False
    color: int | None = None
    labels: tuple[int, ...] = ()
    """MPLS labels to put on, outermost first."""

    @property
    def effective_distance(self) -> int:
        """The distance, also when none was typed."""
        return 1 if self.distance is None else self.distance


@dataclass(slots=True, eq=False)
class StaticdConfig:
    """All of staticd's configuration.

    `debug` is what `debug static` switched on in the configuration, `terminal_debug` what is on
    until the end of the process.
    """

    routes: dict[StaticKey, dict[StaticHop, StaticPath]] = field(default_factory=dict)
    vrfs: dict[str, None] = field(default_factory=dict)
    instances: dict[str, None] = field(default_factory=dict)
    """VRFs that had a route, by the first one's coming; they print in this order."""
    debug: dict[str, None] = field(default_factory=dict)
    terminal_debug: dict[str, None] = field(default_factory=dict)

    def ordered(self, vrf: str) -> list[StaticKey]:
        """A VRF's destinations in FRR's order: IPv4 first, shorter prefixes first, by address."""
        return sorted((key for key in self.routes if key.vrf == vrf), key=_key_order)


def _key_order(key: StaticKey) -> tuple[int, bool, int, int, tuple[int, int], int]:
    prefix, source = key.prefix, key.source
    behind = (-1, 0) if source is None else (source.length, source.value)
    table = key.table or 0
    if table >> 31:
        table -= 1 << 32  # FRR compares them as signed numbers
    return (prefix.afi, key.multicast, prefix.length, prefix.value, behind, table)


def hop_order(item: tuple[StaticHop, StaticPath]) -> tuple[int, int, int, str, str]:
    """FRR's order of next hops below a destination: by distance, then kind, then way."""
    hop, path = item
    if hop.drop is not None:
        kind = 9
    elif hop.gate is None:
        kind = 1
    else:
        kind = 3 if hop.interface is not None else 2
    gate = hop.gate.value if hop.gate is not None else 0
    return (path.effective_distance, kind, gate, hop.interface or "", hop.nexthop_vrf or "")
