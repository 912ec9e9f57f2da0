"""Why a session is, or was last, down: FRR's numbers and texts (`lastResetCode`, "Last reset")."""

from enum import IntEnum


class DownReason(IntEnum):
    """The number FRR prints as `lastResetCode`; `text` is its "due to"."""

    NONE = 0
    ROUTER_ID_CHANGE = 1
    REMOTE_AS_CHANGE = 2
    LOCAL_AS_CHANGE = 3
    CLUSTER_ID_CHANGE = 4
    RR_CLIENT_CHANGE = 7
    UPDATE_SOURCE_CHANGE = 9
    AF_ACTIVATED = 10
    ADMIN_SHUTDOWN = 11
    USER_RESET = 12
    NOTIFICATION_RECEIVED = 13
    NOTIFICATION_SENT = 14
    PEER_CLOSED = 15
    NEIGHBOR_DELETED = 16
    CAPABILITY_CHANGE = 19
    PASSIVE_CHANGE = 20
    MULTIHOP_CHANGE = 21
    GRACEFUL_CLOSE = 22
    INTERFACE_DOWN = 25
    NEIGHBOR_ADDRESS_LOST = 26
    WAITING_NHT = 27
    NO_FAMILY = 30
    WAITING_OPEN = 32
    PREFIX_LIMIT = 33
    SOCKET_ERROR = 34

    @property
    def text(self) -> str:
        """FRR's words."""
        return _TEXTS[self]


_TEXTS = {
    DownReason.NONE: "",
    DownReason.ROUTER_ID_CHANGE: "Router ID changed",
    DownReason.REMOTE_AS_CHANGE: "Remote AS changed",
    DownReason.LOCAL_AS_CHANGE: "Local AS change",
    DownReason.CLUSTER_ID_CHANGE: "Cluster ID changed",
    DownReason.RR_CLIENT_CHANGE: "RR client config change",
    DownReason.UPDATE_SOURCE_CHANGE: "Update source change",
    DownReason.AF_ACTIVATED: "Address family activated",
    DownReason.ADMIN_SHUTDOWN: "Admin. shutdown",
    DownReason.USER_RESET: "User reset",
    DownReason.NOTIFICATION_RECEIVED: "BGP Notification received",
    DownReason.NOTIFICATION_SENT: "BGP Notification send",
    DownReason.PEER_CLOSED: "Peer closed the session",
    DownReason.NEIGHBOR_DELETED: "Neighbor deleted",
    DownReason.CAPABILITY_CHANGE: "Capability changed",
    DownReason.PASSIVE_CHANGE: "Passive config change",
    DownReason.MULTIHOP_CHANGE: "Multihop config change",
    DownReason.GRACEFUL_CLOSE: "NSF peer closed the session",
    DownReason.INTERFACE_DOWN: "Interface down",
    DownReason.NEIGHBOR_ADDRESS_LOST: "Neighbor address lost",
    DownReason.WAITING_NHT: "Waiting for NHT",
    DownReason.NO_FAMILY: "No AFI/SAFI activated for peer",
    DownReason.WAITING_OPEN: "Waiting for peer OPEN",
    DownReason.PREFIX_LIMIT: "Reached received prefix count",
    DownReason.SOCKET_ERROR: "Socket Error",
}
