"""Why a session is, or was last, down: FRR's numbers and texts (`lastResetCode`, "Last reset")."""

from enum import IntEnum

from bgp.events import Reset

_TEXTS = {reset.code: reset.text for reset in Reset}


class DownReason(IntEnum):
    """The number FRR prints as `lastResetCode`; `text` is its "due to"."""

    NONE = 0
    ROUTER_ID_CHANGE = 1
    REMOTE_AS_CHANGE = 2
    LOCAL_AS_CHANGE = 3
    CLUSTER_ID_CHANGE = 4
    CONFEDERATION_ID_CHANGE = 5
    CONFEDERATION_PEER_CHANGE = 6
    RR_CLIENT_CHANGE = 7
    RS_CLIENT_CHANGE = 8
    UPDATE_SOURCE_CHANGE = 9
    AF_ACTIVATED = 10
    ADMIN_SHUTDOWN = 11
    USER_RESET = 12
    NOTIFICATION_RECEIVED = 13
    NOTIFICATION_SENT = 14
    PEER_CLOSED = 15
    NEIGHBOR_DELETED = 16
    GROUP_MEMBER_ADDED = 17
    GROUP_MEMBER_DELETED = 18
    CAPABILITY_CHANGE = 19
    PASSIVE_CHANGE = 20
    MULTIHOP_CHANGE = 21
    GRACEFUL_CLOSE = 22
    V6ONLY_CHANGE = 23
    BFD_DOWN = 24
    INTERFACE_DOWN = 25
    NEIGHBOR_ADDRESS_LOST = 26
    WAITING_NHT = 27
    WAITING_IPV6 = 28
    WAITING_VRF = 29
    NO_FAMILY = 30
    AS_SETS_CHANGE = 31
    WAITING_OPEN = 32
    PREFIX_LIMIT = 33
    SOCKET_ERROR = 34

    @property
    def text(self) -> str:
        """FRR's words."""
        return _TEXTS.get(self.value, "")

    @property
    def reset(self) -> Reset:
        """The session's name for it."""
        return next((one for one in Reset if one.code == self.value), Reset.NONE)
