"""The part of a neighbour that show commands read; `Peer` keeps it up to date."""

from dataclasses import dataclass, field

from bgp.events import Counters
from bgp.reasons import DownReason
from bgp.sockets import Endpoint
from grammar.base.values import Address, Afi

NO_ADDRESS = Address(Afi.IPV4, 0)


@dataclass(frozen=True, slots=True)
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
    """The NOTIFICATION that ended a session; `hard` is Cease/Hard Reset around it (RFC 8538).

    `message` are the bytes of the peer's message that made us send it.
    """

    received: bool
    code: int
    subcode: int
    data: bytes = b""
    hard: bool = False
    message: bytes = b""


def mapped(address: Address) -> Address:
    """An IPv4 address in IPv6's form, `::ffff:...` (RFC 4291 sec. 2.5.5.2)."""
    return Address(Afi.IPV6, 0xFFFF << 32 | address.value)


def is_mapped(address: Address) -> bool:
    """True for what `mapped` gives."""
    return address.afi is Afi.IPV6 and address.value >> 32 == 0xFFFF


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
    """Seconds of the monotonic clock, None for never; `established_steady` of the steady one."""

    changed: float | None = None
    """Last time the session came up or went down: `Up/Down`, `up for`."""
    established_steady: float | None = None
    reset: float | None = None
    read: float | None = None
    write: float | None = None
    update: float | None = None
    """Last UPDATE that came (`bgpInUpdateElapsedTimeMsecs`)."""


@dataclass(slots=True)
class PeerIdentity:
    """What the other side said of itself in its OPEN."""

    asn: int = 0
    router_id: Address = field(default_factory=lambda: NO_ADDRESS)
    hostname: str = ""
    domainname: str = ""


@dataclass(slots=True, eq=False)
class PeerState:
    """State of a neighbour since it was configured; most of it outlives its sessions."""

    established: int = 0
    dropped: int = 0
    reset_reason: DownReason = DownReason.NO_FAMILY
    last_notification: LastNotification | None = None
    aside: LastNotification | None = None
    """What ended a connection that the neighbour opened and that came to nothing; FRR has none."""
    counters: Counters = field(default_factory=Counters)
    times: PeerTimes = field(default_factory=PeerTimes)
    identity: PeerIdentity = field(default_factory=PeerIdentity)
    local: Endpoint | None = None
    """None without a connection."""
    remote: Endpoint | None = None
    nexthop: LocalNexthop = field(default_factory=LocalNexthop)
    fd: int = -1

    def forget_connection(self) -> None:
        """A new session begins: who was on the other end of the last one is shown no more."""
        self.local = self.remote = None
        self.identity.router_id = NO_ADDRESS

    @property
    def sent(self) -> Counts:
        """Messages sent."""
        c = self.counters
        return Counts(
            c.opens_sent,
            c.notifications_sent,
            c.updates_sent,
            c.keepalives_sent,
            c.route_refresh_sent,
            c.capability_sent,
        )

    @property
    def received(self) -> Counts:
        """Messages received."""
        c = self.counters
        return Counts(
            c.opens_received,
            c.notifications_received,
            c.updates_received,
            c.keepalives_received,
            c.route_refresh_received,
            c.capability_received,
        )
