"""Views of `show bgp neighbors`."""

from dataclasses import dataclass, field

from bgp.peerstate import Counts


@dataclass(frozen=True, slots=True)
class Both:
    """Whether a capability was advertised and received."""

    advertised: bool = False
    received: bool = False

    def __bool__(self) -> bool:
        return self.advertised or self.received


@dataclass(frozen=True, slots=True)
class Capabilities:
    """What both sides said in their OPENs; families by their text names (`IPv4 Unicast`)."""

    as4: Both = Both()
    extended_message: Both = Both()
    extended_nexthop: Both = Both()
    nexthop_families: tuple[str, ...] = ()
    """Families whose routes the neighbor takes with IPv6 next hops."""
    role: Both = Both()
    addpath: tuple[tuple[str, Both, Both], ...] | None = None
    """None if neither side has the capability."""
    dynamic: Both = Both()
    """Families, who sends path ids in them, and who receives them."""
    long_lived: Both = Both()
    long_lived_families: tuple[str, ...] = ()
    refresh: Both = Both()
    refresh_kinds: str = "old & new"
    enhanced_refresh: Both = Both()
    families: tuple[tuple[str, Both], ...] = ()
    own_hostname: str = ""
    own_domainname: str = ""
    hostname: str | None = None
    """None if the peer sent none."""
    domainname: str = ""
    graceful: Both = Both()
    restart_time: int = 0
    graceful_families: tuple[tuple[str, bool], ...] = ()
    """Families in the peer's graceful-restart capability, and whether it kept forwarding."""


@dataclass(frozen=True, slots=True)
class GracefulFamily:
    """One family under `Graceful restart information`."""

    name: str
    forwarding: bool
    sent: bool
    sent_after_update: bool
    received: bool
    stalepath_time: int = 360
    stale_left: int | None = None
    """Seconds until stale routes go, None for none."""
    defer_time: int | None = None
    """Seconds that the own restart waits; None where this router does not restart gracefully."""
    defer_left: int | None = None
    in_full: bool = True
    """FRR tells of the marks of all families, and of some in full."""


@dataclass(frozen=True, slots=True)
class Graceful:
    """The block `Graceful restart information`."""

    local_mode: str = "Helper*"
    remote_mode: str = "NotApplicable"
    restart_bit: bool = False
    notification_bit: bool = False
    configured_time: int = 120
    received_time: int = 0
    families: tuple[GracefulFamily, ...] = ()
    restart_left: int | None = None
    stale_left: int | None = None
    """Seconds until the neighbour should be back, and until its stale routes go."""


@dataclass(frozen=True, slots=True)
class NamedFilter:
    """A filter of a neighbor: its field in the configuration, its name, and whether it exists
    (FRR marks those with a star)."""

    kind: str
    name: str
    known: bool


@dataclass(frozen=True, slots=True)
class FilterMode:
    """Outbound route filters of a type: whether sending and receiving them is (advertised, what the
    neighbor said)."""

    kind: int
    send: tuple[bool, bool]
    receive: tuple[bool, bool]


@dataclass(frozen=True, slots=True)
class ConditionLine:
    """`advertise-map`: the maps, whether there are such, and what the last search made of it."""

    name: str
    condition: str
    absent: bool
    known: bool
    condition_known: bool
    withholds: bool


@dataclass(frozen=True, slots=True)
class NeighborFamily:
    """One `For address family`. `group` is the number of the update group, None for none."""

    name: str
    peer_group: str | None = None
    """The peer-group of the neighbor."""
    group: int | None = None
    queue: int = 0
    route_reflector_client: bool = False
    soft_reconfiguration: bool = False
    addpath: str | None = None
    """Which further paths it is sent: `all` or `best-per-as`."""
    nexthop_self: str | None = None
    """None, or FRR's words: `always`, with `(even for reflected routes)`."""
    unchanged: tuple[str, ...] = ()
    """The attributes that go out as they came, in FRR's words."""
    communities: tuple[bool, bool, bool] = (True, True, True)
    """Whether standard, extended and large communities are sent."""
    default_originate: bool = False
    default_sent: bool = False
    default_map: tuple[str, bool] | None = None
    """Its route-map, and whether there is one of that name."""
    filters: tuple[NamedFilter, ...] = ()
    """In FRR's order."""
    policy_missing_in: bool = False
    policy_missing_out: bool = False
    accepted: int = 0
    sent: int = 0
    maximum: int | None = None
    warning_only: bool = False
    threshold: int = 75
    restart: int | None = None
    most_sent: int | None = None
    """`maximum-prefix-out`."""
    weight: int | None = None
    condition: ConditionLine | None = None
    modes: tuple[FilterMode, ...] = ()
    filter_sent: bool = False
    filter_waits: bool = False
    """Nothing is announced before the neighbor's filter is there."""
    filter_entries: int | None = None
    """Of the neighbor's filter."""


@dataclass(frozen=True, slots=True)
class LastReset:
    """Why and how long ago the session went down. `error` as in `PeerLine`.

    `message` is what the peer sent that made us send a NOTIFICATION.
    """

    age: int | None = None
    due: str = ""
    code: int = 0
    error: tuple[int, int, str, bool] | None = None
    sent: bool = False
    shutdown_text: str | None = None
    message: bytes = b""


@dataclass(frozen=True, slots=True)
class Socket:
    """Both ends of a connection, and this router's next hops on it."""

    local: str
    local_port: int
    remote: str
    remote_port: int
    nexthop: str
    nexthop_global: str
    nexthop_local: str
    shared: bool


@dataclass(frozen=True, slots=True)
class Timers:
    """Seconds. `read`, `write`, `update` are ages, None for never; the others are due in."""

    hold: int = 180
    keepalive: int = 60
    configured_hold: int = 180
    configured_keepalive: int = 60
    read: int | None = None
    write: int | None = None
    update: int | None = None
    connect_retry: int = 120
    next_start: int | None = None
    next_connect: int | None = None
    advertisement: int = 0
    uptime: int | None = None
    """Age of the session, while it is up."""
    established_epoch: int | None = None
    rtt: int | None = None
    """Milliseconds."""
    delay_open: int | None = None
    extended_parameters: bool = False
    """`extended-optional-parameters`."""
    segments: tuple[int, int] | None = None
    """The configured size of TCP segments (`tcp-mss`), and that of the connection or 0."""
    search: int = 60
    """Between two looks at the conditions of advertise-maps; the next one is due in."""
    search_due: int | None = None


@dataclass(frozen=True, slots=True)
class NeighborView:
    """Everything of one neighbor."""

    name: str
    remote_as: int
    local_as: int
    internal: bool
    router_id: str
    own_router_id: str
    state: str
    description: str | None = None
    hostname: str | None = None
    specified: bool = True
    """Its AS number, or that it is internal or external, is configured."""
    interface: str | None = None
    """For one that is named by its interface: its address, empty while it is not known."""
    peer_group: str | None = None
    range: str | None = None
    """The listen range that a dynamic neighbor connected from."""
    shutdown: bool = False
    passive: bool = False
    timers: Timers = Timers()
    capabilities: Capabilities | None = None
    """None while there is no session."""
    graceful: Graceful = Graceful()
    sent: Counts = field(default_factory=Counts)
    received: Counts = field(default_factory=Counts)
    inq: int = 0
    outq: int = 0
    update_source: str | None = None
    families: tuple[NeighborFamily, ...] = ()
    connections: int = 0
    dropped: int = 0
    reset: LastReset = LastReset()
    over_limit: bool = False
    hops: int = 1
    """How far away the peer may be."""
    socket: Socket | None = None
    authenticated: bool = False
    fd: int = -1
    limit_left: int | None = None
    """Seconds until a neighbor that passed `maximum-prefix` is tried again."""
    bfd: tuple[int, int, int] | None = None
    """Detect multiplier, and the intervals of reception and sending."""
    no_prepend: bool = False
    replace_as: bool = False
    """How the number of `local-as` is put in front of paths."""
    local_role: str = "undefined"
    remote_role: str = "undefined"
    confederation: bool = False
    """The instance is of a confederation, which the names in JSON tell of every neighbor."""
    common_admin: bool = False
    """It is of another AS of the own confederation."""


@dataclass(frozen=True, slots=True)
class NeighborsView:
    """Some neighbors; `missing` if one was asked for and is not there."""

    neighbors: tuple[NeighborView, ...]
    missing: bool = False


@dataclass(frozen=True, slots=True)
class NeighborsOfAll:
    """`show bgp vrf all neighbors`: name and number of each instance, and its neighbors."""

    instances: tuple[tuple[str, int, NeighborsView], ...]


@dataclass(frozen=True, slots=True)
class GracefulView:
    """`show bgp neighbors X graceful-restart`; `mode` is that of the instance."""

    mode: str
    neighbors: NeighborsView


@dataclass(frozen=True, slots=True)
class PrefixCounts:
    """`show bgp neighbors X prefix-counts`."""

    peer: str
    family: str
    family_key: str
    counted: int
    adj_in: int
    stale: int
    valid: int
    total: int
    best: int
    usable: int
    removed: int = 0
    damped: int = 0
    history: int = 0
