"""What a session tells its owner: events, the reason for an end, and message counters."""

from collections.abc import Iterator
from dataclasses import dataclass, fields
from enum import Enum
from typing import Final, Protocol, Self

from bgp.fsm import State
from bgp.negotiated import Negotiated
from bgp.wire.dynamic import Action
from bgp.wire.errors import Cease, Code
from bgp.wire.message import MessageType
from bgp.wire.notification import Notification
from bgp.wire.open import Open
from bgp.wire.refresh import Refresh


class Reset(Enum):
    """Why a peer was last reset: FRR's `lastResetCode` and `lastResetDueTo`."""

    NONE = (0, "")
    ROUTER_ID_CHANGE = (1, "Router ID changed")
    REMOTE_AS_CHANGE = (2, "Remote AS changed")
    LOCAL_AS_CHANGE = (3, "Local AS change")
    CLUSTER_ID_CHANGE = (4, "Cluster ID changed")
    CONFEDERATION_ID_CHANGE = (5, "Confederation identifier changed")
    CONFEDERATION_PEER_CHANGE = (6, "Confederation peer changed")
    RR_CLIENT_CHANGE = (7, "RR client config change")
    RS_CLIENT_CHANGE = (8, "RS client config change")
    UPDATE_SOURCE_CHANGE = (9, "Update source change")
    FAMILY_ACTIVATED = (10, "Address family activated")
    ADMIN_SHUTDOWN = (11, "Admin. shutdown")
    USER_RESET = (12, "User reset")
    NOTIFICATION_RECEIVED = (13, "BGP Notification received")
    NOTIFICATION_SENT = (14, "BGP Notification send")
    PEER_CLOSED = (15, "Peer closed the session")
    NEIGHBOR_DELETED = (16, "Neighbor deleted")
    GROUP_MEMBER_ADDED = (17, "Peer-group add member")
    GROUP_MEMBER_DELETED = (18, "Peer-group delete member")
    CAPABILITY_CHANGE = (19, "Capability changed")
    PASSIVE_CHANGE = (20, "Passive config change")
    MULTIHOP_CHANGE = (21, "Multihop config change")
    NSF_PEER_CLOSED = (22, "NSF peer closed the session")
    V6ONLY_CHANGE = (23, "Intf peering v6only config change")
    BFD_DOWN = (24, "BFD down received")
    INTERFACE_DOWN = (25, "Interface down")
    ADDRESS_LOST = (26, "Neighbor address lost")
    WAITING_NHT = (27, "Waiting for NHT")
    WAITING_IPV6 = (28, "Waiting for Peer IPv6 LLA")
    WAITING_VRF = (29, "Waiting for VRF to be initialized")
    NO_FAMILY = (30, "No AFI/SAFI activated for peer")
    AS_SETS_CHANGE = (31, "AS Set config change")
    WAITING_OPEN = (32, "Waiting for peer OPEN")

    @property
    def code(self) -> int:
        """The number in JSON."""
        return self.value[0]

    @property
    def text(self) -> str:
        """The words on screen."""
        return self.value[1]


@dataclass(frozen=True, slots=True)
class DownReason:
    """Why a session ended: `notification` was sent (`sent`) or received, or there was none.

    `message` are the bytes of the peer's message, header included, that made us send it, as far as
    they are known (`show bgp neighbors` prints them).
    """

    reset: Reset
    notification: Notification | None = None
    sent: bool = False
    message: bytes = b""

    @classmethod
    def sending(cls, notification: Notification, message: bytes = b"") -> "DownReason":
        """The reason that goes with a NOTIFICATION of ours; FRR tells operator's ones apart."""
        reset = Reset.NOTIFICATION_SENT
        if notification.code == Code.CEASE:
            if notification.subcode == Cease.ADMINISTRATIVE_SHUTDOWN:
                reset = Reset.ADMIN_SHUTDOWN
            elif notification.subcode == Cease.ADMINISTRATIVE_RESET:
                reset = Reset.USER_RESET
        return cls(reset, notification, True, message)


@dataclass(frozen=True, slots=True)
class Connect:
    """Please open a TCP connection to the peer, and report `connected` or `connect_failed`."""


@dataclass(frozen=True, slots=True)
class Close:
    """Write what `outgoing` still holds, then close the TCP connection (or the attempt)."""


@dataclass(frozen=True, slots=True)
class OpenReceived:
    """The peer's OPEN was accepted; collision was decided before, by the hook `on_open`."""

    open: Open


@dataclass(frozen=True, slots=True)
class Up:
    """The session is established."""

    negotiated: Negotiated


@dataclass(frozen=True, slots=True)
class Down:
    """The session fell back from OpenSent or later; `established` if it had been up."""

    reason: DownReason
    established: bool


@dataclass(frozen=True, slots=True)
class UpdatesReceived:
    """The bodies of UPDATEs that came one behind the other, not looked into."""

    bodies: list[bytes]


@dataclass(frozen=True, slots=True)
class RefreshReceived:
    """A ROUTE-REFRESH; `kind` is a `refresh.RefreshKind` or a number to be ignored."""

    afi: int
    safi: int
    kind: int
    filters: bytes = b""
    """Outbound route filters, as `Refresh` has them."""

    @classmethod
    def of(cls, message: Refresh) -> Self:
        """The event of a message."""
        return cls(message.afi, message.safi, message.kind, message.filters)


@dataclass(frozen=True, slots=True)
class CapabilityReceived:
    """A CAPABILITY message: families that the peer has from now on, or no longer."""

    changes: tuple[tuple[Action, tuple[int, int]], ...]


@dataclass(frozen=True, slots=True)
class KeepaliveReceived:
    """A KEEPALIVE in an established session."""


@dataclass(frozen=True, slots=True)
class NotificationReceived:
    """The peer's last word; `Close` and `Down` follow in the same list."""

    notification: Notification


Event = (
    Connect
    | Close
    | OpenReceived
    | Up
    | Down
    | UpdatesReceived
    | RefreshReceived
    | CapabilityReceived
    | KeepaliveReceived
    | NotificationReceived
)


_COUNTED: Final[dict[int, str]] = {
    MessageType.OPEN: "opens",
    MessageType.UPDATE: "updates",
    MessageType.NOTIFICATION: "notifications",
    MessageType.KEEPALIVE: "keepalives",
    MessageType.ROUTE_REFRESH: "route_refresh",
    MessageType.OLD_REFRESH: "route_refresh",
    MessageType.CAPABILITY: "capability",
}


@dataclass(slots=True)
class Counters:
    """Messages of each type since the peer was made, as `show bgp neighbors` lists them."""

    opens_sent: int = 0
    opens_received: int = 0
    notifications_sent: int = 0
    notifications_received: int = 0
    updates_sent: int = 0
    updates_received: int = 0
    keepalives_sent: int = 0
    keepalives_received: int = 0
    route_refresh_sent: int = 0
    route_refresh_received: int = 0
    capability_sent: int = 0
    capability_received: int = 0

    def count_sent(self, kind: int, count: int = 1) -> None:
        """Count messages of a type that were sent."""
        name = f"{_COUNTED[kind]}_sent"
        setattr(self, name, getattr(self, name) + count)

    def count_received(self, kind: int) -> None:
        """Count one message of a type that was received."""
        name = f"{_COUNTED[kind]}_received"
        setattr(self, name, getattr(self, name) + 1)

    def add(self, other: "Counters") -> None:
        """Count what another one has counted."""
        for field in fields(self):
            setattr(self, field.name, getattr(self, field.name) + getattr(other, field.name))

    def reset(self) -> None:
        """Begin to count anew."""
        for field in fields(self):
            setattr(self, field.name, 0)


class Tap(Protocol):
    """Who overhears a session (`dump bgp ...`)."""

    def messages(self, messages: Iterator[tuple[int, bytes]]) -> Iterator[tuple[int, bytes]]:
        """The same messages (type and body), each noted before the session looks at it."""
        ...

    def moved(self, state: State) -> None:
        """The session is in this state now; told of every step, also when nothing changed."""
        ...
