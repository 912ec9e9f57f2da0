"""The numbers of ZAPI version 6, by the names that FRR's own output gives them."""

from enum import IntEnum, IntFlag


class RouteType(IntEnum):
    """Who a route comes from; the same numbers in every release from 8.1 on."""

    SYSTEM = 0
    KERNEL = 1
    CONNECTED = 2
    STATIC = 3
    RIP = 4
    RIPNG = 5
    OSPF = 6
    OSPF6 = 7
    ISIS = 8
    BGP = 9
    PIM = 10
    EIGRP = 11
    NHRP = 12
    HSLS = 13
    OLSR = 14
    TABLE = 15
    LDP = 16
    VNC = 17
    VNC_DIRECT = 18
    VNC_RN = 19
    BGP_DIRECT = 20
    BGP_DIRECT_EXT = 21
    BABEL = 22
    SHARP = 23
    PBR = 24
    BFD = 25
    OPENFABRIC = 26
    VRRP = 27
    NHG = 28
    SRTE = 29
    ALL = 30

    @property
    def word(self) -> str:
        """The keyword of the command language: `connected`, `bgp`, `vnc-direct`."""
        return self.name.lower().replace("_", "-")


class RouteFlag(IntFlag):
    """Flags of a route as it is sent (4 bytes)."""

    NONE = 0
    ALLOW_RECURSION = 0x01
    SELF_ROUTE = 0x02
    IBGP = 0x04
    SELECTED = 0x08
    FIB_OVERRIDE = 0x10
    EVPN = 0x20
    RR_USE_DISTANCE = 0x40
    TRAPPED = 0x80
    OFFLOADED = 0x100
    OFFLOAD_FAILED = 0x200


class RouteField(IntFlag):
    """Which optional fields of a route follow (message flags); only the codec needs them."""

    NEXTHOP = 0x01
    DISTANCE = 0x02
    METRIC = 0x04
    TAG = 0x08
    MTU = 0x10
    SOURCE = 0x20
    BACKUP = 0x40
    NHG = 0x80
    TABLE = 0x100
    COLOR = 0x200
    OPAQUE = 0x400


class NexthopType(IntEnum):
    """Which of gateway and interface a next hop gives."""

    IFINDEX = 1
    IPV4 = 2
    IPV4_IFINDEX = 3
    IPV6 = 4
    IPV6_IFINDEX = 5
    BLACKHOLE = 6


class NexthopField(IntFlag):
    """The flag byte of a next hop; only the codec needs it."""

    ONLINK = 0x01
    LABEL = 0x02
    WEIGHT = 0x04
    BACKUP = 0x08
    SEG6 = 0x10
    SEG6LOCAL = 0x20
    EVPN = 0x40


class BlackholeType(IntEnum):
    """What becomes of a packet that meets a blackhole next hop."""

    UNSPECIFIED = 0
    NULL = 1
    REJECT = 2
    ADMIN_PROHIBITED = 3


class InterfaceStatus(IntFlag):
    """zebra's own state of an interface (1 byte)."""

    NONE = 0
    ACTIVE = 0x01
    SUB = 0x02
    LINK_DETECTION = 0x04


class AddressFlag(IntFlag):
    """Flags of an interface's address (1 byte)."""

    NONE = 0
    SECONDARY = 0x01
    PEER = 0x02
    UNNUMBERED = 0x04


class LinkLayer(IntEnum):
    """Link layer types that FRR tells clients (others are sent as numbers of its own)."""

    UNKNOWN = 0
    ETHERNET = 1
    LOOPBACK = 30


class NotifyNote(IntEnum):
    """What became of a route (ROUTE_NOTIFY_OWNER)."""

    FAIL_INSTALL = 0
    BETTER_ADMIN_WON = 1
    INSTALLED = 2
    REMOVED = 3
    REMOVE_FAIL = 4


class ErrorCode(IntEnum):
    """Why zebra refused a message (ERROR)."""

    UNKNOWN = 0
    NO_VRF = 1
    INVALID_COMMAND = 2


class ClientCapability(IntEnum):
    """What CLIENT_CAPABILITIES says."""

    GRACEFUL_RESTART = 1
    UPDATES_COMPLETE = 2
    UPDATES_PENDING = 3
    NO_GRACEFUL_RESTART = 4
    STALE_TIME = 5
