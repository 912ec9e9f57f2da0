"""A configured neighbour: its one or two sessions, its state and counters."""

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from bgp.config import Family, PeerConfig, PeerName
from bgp.peerfamily import PeerFamily
from bgp.reasons import DownReason
from bgp.transport import Endpoint
from grammar.base.values import Address, Afi

if TYPE_CHECKING:
    from bgp.instance import Instance


@dataclass(slots=True)
class Counts:
    """Messages of one direction since the neighbour was configured."""

    opens: int = 0
    notifications: int = 0
    updates: int = 0
    keepalives: int = 0
    route_refreshes: int = 0
    capabilities: int = 0

    @property
    def total(self) -> int:
        """All of them."""
        return (
            self.opens
            + self.notifications
            + self.updates
            + self.keepalives
            + self.route_refreshes
            + self.capabilities
        )


@dataclass(frozen=True, slots=True)
class LastNotification:
    """The NOTIFICATION that ended a session; `hard` is Cease/Hard Reset around it (RFC 8538)."""

    received: bool
    code: int
    subcode: int
    data: bytes = b""
    hard: bool = False


@dataclass(slots=True)
class LocalNexthop:
    """Addresses of this router on the session: what FRR prints as Nexthop, global and local."""

    ipv4: Address | None = None
    ipv6_global: Address | None = None
    ipv6_local: Address | None = None
    shared: bool = False
    """The peer is on a network of ours (`BGP connection: shared network`)."""


@dataclass(slots=True)
class PeerTimes:
    """Seconds of the monotonic clock, None for never; `established_wall` is time of day."""

    changed: float | None = None
    """Last time the session came up or went down: `Up/Down`, `up for`."""
    established_wall: float | None = None
    reset: float | None = None
    read: float | None = None
    write: float | None = None
    update: float | None = None
    """Last UPDATE that came (`bgpInUpdateElapsedTimeMsecs`)."""
    next_start: float | None = None
    next_connect: float | None = None


@dataclass(slots=True)
class PeerIdentity:
    """What the other side said of itself in its OPEN."""

    router_id: Address = Address(Afi.IPV4, 0)
    hostname: str = ""
    domainname: str = ""


@dataclass(slots=True, eq=False)
class PeerState:
    """The part of a neighbour that show commands read; `Peer` keeps it up to date."""

    established: int = 0
    dropped: int = 0
    reset_reason: DownReason = DownReason.NONE
    last_notification: LastNotification | None = None
    sent: Counts = field(default_factory=Counts)
    received: Counts = field(default_factory=Counts)
    times: PeerTimes = field(default_factory=PeerTimes)
    identity: PeerIdentity = field(default_factory=PeerIdentity)
    local: Endpoint | None = None
    """None without a connection."""
    remote: Endpoint | None = None
    nexthop: LocalNexthop = field(default_factory=LocalNexthop)
    fd: int = -1


class Peer:
    """A neighbour of an instance, configured by `config`."""

    def __init__(self, instance: "Instance", config: PeerConfig) -> None:
        self.instance = instance
        self.config = config
        self.name: PeerName = config.name
        self.state = PeerState()
        self.families: dict[Family, PeerFamily] = {}
        self.epoch = 0
        self.router_id = 0
        self.is_local = False

    def __str__(self) -> str:
        return str(self.name)
