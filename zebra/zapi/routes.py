"""Routes and next hops as ZAPI carries them: installing, redistribution and next-hop tracking."""

from collections.abc import Sequence
from dataclasses import dataclass

from grammar.base.values import Address, Afi, Prefix, Safi
from zebra.zapi.constants import BlackholeType, NexthopType, NotifyNote, RouteFlag, RouteType

DEFAULT_VRF = 0
MAIN_TABLE = 254


# --- routes --------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Nexthop:
    """One way to go; `type` says which of `gate` and `ifindex` are meant.

    `weight` 0 is "none given"; `labels` are MPLS labels as numbers, outermost first. `color`
    (SR-TE), `router_mac` (EVPN) and `backups` (indexes) are kept as they come.
    """

    type: NexthopType
    gate: Address | None = None
    ifindex: int = 0
    vrf: int = DEFAULT_VRF
    onlink: bool = False
    blackhole: BlackholeType = BlackholeType.UNSPECIFIED
    weight: int = 0
    labels: tuple[int, ...] = ()
    router_mac: bytes = b""
    color: int = 0
    backups: tuple[int, ...] = ()

    @classmethod
    def via(
        cls,
        gate: Address,
        ifindex: int = 0,
        vrf: int = DEFAULT_VRF,
        labels: tuple[int, ...] = (),
    ) -> "Nexthop":
        """By a gateway, on `ifindex` if it is not 0."""
        if gate.afi is Afi.IPV4:
            kind = NexthopType.IPV4_IFINDEX if ifindex else NexthopType.IPV4
        else:
            kind = NexthopType.IPV6_IFINDEX if ifindex else NexthopType.IPV6
        return cls(kind, gate, ifindex, vrf, labels=labels)

    @classmethod
    def dev(cls, ifindex: int) -> "Nexthop":
        """Directly on an interface."""
        return cls(NexthopType.IFINDEX, None, ifindex)

    @classmethod
    def drop(cls, kind: BlackholeType = BlackholeType.NULL) -> "Nexthop":
        """Nowhere."""
        return cls(NexthopType.BLACKHOLE, blackhole=kind)


@dataclass(frozen=True, slots=True)
class Route:
    """A route of any owner; None fields were not sent (zebra then takes its default).

    `nhg` is the id of a next-hop group that stands in for `nexthops`, 0 for none.
    """

    type: RouteType
    prefix: Prefix
    nexthops: tuple[Nexthop, ...] = ()
    distance: int | None = None
    metric: int | None = None
    flags: RouteFlag = RouteFlag.NONE
    instance: int = 0
    safi: Safi = Safi.UNICAST
    tag: int | None = None
    mtu: int | None = None
    table: int | None = None
    nhg: int = 0
    source: Prefix | None = None
    backups: tuple[Nexthop, ...] = ()
    opaque: bytes | None = None


@dataclass(frozen=True, slots=True)
class RouteAdd:
    """Client: install this route; it replaces the one of the same type and prefix."""

    route: Route


@dataclass(frozen=True, slots=True)
class RouteDelete:
    """Client: take the route of this type, instance and prefix away."""

    route: Route


@dataclass(frozen=True, slots=True)
class Routes:
    """Client: as many `RouteAdd` (`add`) or `RouteDelete` as there are `keys`, in their order.

    Each is `route` with the prefix of a key (`Prefix.key`); of its own prefix only the family
    counts. What many prefixes of an UPDATE share is then looked at once.
    """

    add: bool
    route: Route
    keys: Sequence[int]


@dataclass(frozen=True, slots=True)
class RouteNotifyOwner:
    """What became of a client's route in kernel table `table`."""

    note: NotifyNote
    prefix: Prefix
    table: int = MAIN_TABLE
    afi: Afi = Afi.IPV4
    safi: Safi = Safi.UNICAST


@dataclass(frozen=True, slots=True)
class RouteNotifyRequest:
    """Client: switch `RouteNotifyOwner` on or off."""

    notify: bool


# --- redistribution ------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class RedistributeAdd:
    """Client: send me the selected routes of a type."""

    afi: Afi
    type: RouteType
    instance: int = 0


@dataclass(frozen=True, slots=True)
class RedistributeDelete:
    """Client: stop sending them."""

    afi: Afi
    type: RouteType
    instance: int = 0


@dataclass(frozen=True, slots=True)
class RedistributeDefaultAdd:
    """Client: send me the default route."""

    afi: Afi


@dataclass(frozen=True, slots=True)
class RedistributeDefaultDelete:
    """Client: stop sending it."""

    afi: Afi


@dataclass(frozen=True, slots=True)
class RedistributeRoute:
    """zebra: a route of a type that was asked for came or changed (`add`), or went."""

    add: bool
    route: Route


# --- next-hop tracking ---------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class NexthopWatch:
    """What to watch: `connected` wants a connected route; the default route may be ruled out.

    `check` is the import check of a `network` line where that has messages of its own (8.1); with
    `exact` only a route to the very prefix counts there.
    """

    prefix: Prefix
    connected: bool = False
    resolve_via_default: bool = False
    safi: Safi = Safi.UNICAST
    check: bool = False
    exact: bool = False


@dataclass(frozen=True, slots=True)
class NexthopRegister:
    """Client: watch these; each is answered by a `NexthopUpdate`, and by one at each change."""

    watches: tuple[NexthopWatch, ...]


@dataclass(frozen=True, slots=True)
class NexthopUnregister:
    """Client: stop watching these."""

    watches: tuple[NexthopWatch, ...]


@dataclass(frozen=True, slots=True)
class NexthopUpdate:
    """How the prefix `asked` resolves; unreachable is `resolved` /0 and no next hops.

    `resolved` is the prefix of the route that covers it (sent from 8.3 on); `check` as in
    `NexthopWatch`.
    """

    asked: Prefix
    resolved: Prefix
    type: RouteType = RouteType.SYSTEM
    instance: int = 0
    distance: int = 0
    metric: int = 0
    nexthops: tuple[Nexthop, ...] = ()
    safi: Safi = Safi.UNICAST
    color: int = 0
    check: bool = False

    @property
    def reachable(self) -> bool:
        """True if there is a way."""
        return bool(self.nexthops)
