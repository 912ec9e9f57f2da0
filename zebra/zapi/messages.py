"""The messages between zebra and its clients, as values; their bytes are `zebra.zapi.codec`'s.

Named after FRR's commands. Two commands mean different things by direction and so are two classes
each: INTERFACE_ADD from a client is `InterfaceRequest`, from zebra `InterfaceState`. The VRF of a
message stands in its header and travels beside the message (`Link.send(message, vrf)`).
"""

from dataclasses import dataclass
from enum import IntEnum
from typing import TYPE_CHECKING

from grammar.base.values import Address, Afi, Prefix
from zebra.zapi.allotted import Allotted as Allotted
from zebra.zapi.allotted import LabelManagerConnect as LabelManagerConnect
from zebra.zapi.constants import (
    AddressFlag,
    BlackholeType,
    ClientCapability,
    ErrorCode,
    InterfaceStatus,
    LinkLayer,
    NexthopType,
    NotifyNote,
    RouteFlag,
    RouteType,
)
from zebra.zapi.linkparams import InterfaceLinkParams, TrafficParams
from zebra.zapi.routes import (
    DEFAULT_VRF,
    MAIN_TABLE,
    Nexthop,
    NexthopRegister,
    NexthopUnregister,
    NexthopUpdate,
    NexthopWatch,
    RedistributeAdd,
    RedistributeDefaultAdd,
    RedistributeDefaultDelete,
    RedistributeDelete,
    RedistributeRoute,
    Route,
    RouteAdd,
    RouteDelete,
    RouteNotifyOwner,
    RouteNotifyRequest,
    Routes,
)

__all__ = [
    "DEFAULT_VRF",
    "MAIN_TABLE",
    "NO_LABEL",
    "AddressFlag",
    "BfdClientRegister",
    "BlackholeType",
    "Capabilities",
    "ClientCapabilities",
    "ClientCapability",
    "ClientCloseNotify",
    "DuplicateAddrDetection",
    "Error",
    "ErrorCode",
    "Hello",
    "InterfaceAddress",
    "InterfaceCancel",
    "InterfaceEvent",
    "InterfaceNbrAddress",
    "InterfaceRequest",
    "InterfaceState",
    "InterfaceStatus",
    "LabelManagerConnect",
    "LinkLayer",
    "Message",
    "Nexthop",
    "NexthopRegister",
    "NexthopType",
    "NexthopUnregister",
    "NexthopUpdate",
    "NexthopWatch",
    "NotifyNote",
    "RedistributeAdd",
    "RedistributeDefaultAdd",
    "RedistributeDefaultDelete",
    "RedistributeDelete",
    "RedistributeRoute",
    "Route",
    "RouteAdd",
    "RouteDelete",
    "RouteFlag",
    "RouteNotifyOwner",
    "RouteNotifyRequest",
    "RouteType",
    "RouterAdvertisement",
    "RouterIdAdd",
    "RouterIdDelete",
    "RouterIdUpdate",
    "Routes",
    "Unknown",
    "VrfAdd",
    "VrfDelete",
    "VrfLabel",
]

NO_LABEL = 0xFFFFFFFF
"""The label of `VrfLabel` that takes a label away."""


# --- the beginning of a conversation -------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Hello:
    """Client's first message: `protocol` is the type of its routes.

    `notify` asks for `RouteNotifyOwner` about each route; a `synchronous` client gets no news.
    """

    protocol: RouteType
    instance: int = 0
    session: int = 0
    notify: bool = False
    synchronous: bool = False


@dataclass(frozen=True, slots=True)
class Capabilities:
    """zebra's answer to `Hello`; `vrf_backend` 0 is VRF lite.

    `follows` is ours alone, in a byte behind FRR's fields: routes follow what their next hops
    resolve over. FRR's zebra wants them sent again for that.
    """

    vrf_backend: int = 0
    mpls: bool = False
    multipath: int = 256
    mlag_role: int = 0
    follows: bool = False


@dataclass(frozen=True, slots=True)
class ClientCapabilities:
    """Graceful restart and end-of-updates news of a client; fields that a kind lacks are 0."""

    capability: ClientCapability
    vrf: int = DEFAULT_VRF
    stale_time: int = 0
    afi: int = 0
    safi: int = 0


@dataclass(frozen=True, slots=True)
class ClientCloseNotify:
    """zebra: another client went; its `Hello` had these."""

    protocol: RouteType
    instance: int = 0
    session: int = 0


@dataclass(frozen=True, slots=True)
class VrfAdd:
    """A VRF and the kernel table behind it; `netns` is empty with VRF lite."""

    name: str = "default"
    table: int = MAIN_TABLE
    netns: str = ""


@dataclass(frozen=True, slots=True)
class VrfDelete:
    """A VRF is gone."""

    name: str = "default"
    table: int = MAIN_TABLE
    netns: str = ""


@dataclass(frozen=True, slots=True)
class VrfLabel:
    """The MPLS label of a VRF for one family; `NO_LABEL` takes it away."""

    label: int
    afi: Afi
    label_type: int = 0


@dataclass(frozen=True, slots=True)
class RouterIdAdd:
    """Client: tell me the router id of this family, and each change."""

    afi: Afi = Afi.IPV4


@dataclass(frozen=True, slots=True)
class RouterIdDelete:
    """Client: no more of that."""

    afi: Afi = Afi.IPV4


@dataclass(frozen=True, slots=True)
class RouterIdUpdate:
    """The router id as a host prefix; 0.0.0.0/32 when there is none."""

    prefix: Prefix


# --- interfaces ----------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class InterfaceRequest:
    """Client: give me all interfaces of the VRF, and news of them (INTERFACE_ADD, empty)."""


@dataclass(frozen=True, slots=True)
class InterfaceCancel:
    """Client: no more news of interfaces (INTERFACE_DELETE, empty)."""


class InterfaceEvent(IntEnum):
    """Which of four commands an `InterfaceState` is; the values are the command numbers."""

    ADD = 0
    DELETE = 1
    UP = 4
    DOWN = 5


@dataclass(frozen=True, slots=True)
class InterfaceState:
    """One interface as zebra sees it; `flags` are the kernel's IFF_ bits, `speed` is Mbit/s."""

    event: InterfaceEvent
    name: str
    ifindex: int
    status: InterfaceStatus = InterfaceStatus.NONE
    flags: int = 0
    metric: int = 0
    speed: int = 0
    mtu: int = 0
    mtu6: int = 0
    bandwidth: int = 0
    link_ifindex: int = 0
    link_layer: int = LinkLayer.UNKNOWN
    hw_address: bytes = b""
    ptm_enable: int = 0
    ptm_status: int = 2
    params: TrafficParams | None = None


@dataclass(frozen=True, slots=True)
class InterfaceAddress:
    """An address came (`add`) or went; `prefix` keeps its host bits."""

    add: bool
    ifindex: int
    prefix: Prefix
    flags: AddressFlag = AddressFlag.NONE
    destination: Address | None = None


@dataclass(frozen=True, slots=True)
class InterfaceNbrAddress:
    """A neighbour learned from router advertisements came (`add`) or went."""

    add: bool
    ifindex: int
    prefix: Prefix


@dataclass(frozen=True, slots=True)
class RouterAdvertisement:
    """Client: send router advertisements on an interface, or stop (ENABLE/DISABLE_RADV)."""

    enable: bool
    ifindex: int
    interval: int


# --- the rest ------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class BfdClientRegister:
    """Client: I take part in BFD; `pid` is the client's process id."""

    pid: int


@dataclass(frozen=True, slots=True)
class DuplicateAddrDetection:
    """EVPN duplicate address detection, which bgpd sends at each `router bgp`."""

    enable: bool = False
    time: int = 180
    max_moves: int = 5
    freeze: bool = False
    freeze_time: int = 0


@dataclass(frozen=True, slots=True)
class Error:
    """zebra refused a message."""

    code: ErrorCode


@dataclass(frozen=True, slots=True)
class Unknown:
    """A message that has no class here, as it came; `command` is the number in its dialect."""

    command: int
    body: bytes = b""


if TYPE_CHECKING:
    from zebra.zapi.bfd import Bfd
    from zebra.zapi.evpn import EvpnRequest, LocalMacAdd, LocalMacDelete, VniAdd, VniDelete
    from zebra.zapi.groups import GroupAdd, GroupDelete, GroupNotifyOwner

    Evpn = EvpnRequest | VniAdd | VniDelete | LocalMacAdd | LocalMacDelete
    Rest = GroupAdd | GroupDelete | GroupNotifyOwner | Bfd | Evpn
else:
    Rest = Unknown  # to import them costs bgpd and staticd a twentieth of their start

Message = (
    Hello
    | Capabilities
    | ClientCapabilities
    | ClientCloseNotify
    | VrfAdd
    | VrfDelete
    | VrfLabel
    | RouterIdAdd
    | RouterIdDelete
    | RouterIdUpdate
    | InterfaceRequest
    | InterfaceCancel
    | InterfaceState
    | InterfaceLinkParams
    | InterfaceAddress
    | InterfaceNbrAddress
    | RouterAdvertisement
    | RouteAdd
    | RouteDelete
    | RouteNotifyOwner
    | Routes
    | RouteNotifyRequest
    | RedistributeAdd
    | RedistributeDelete
    | RedistributeDefaultAdd
    | RedistributeDefaultDelete
    | RedistributeRoute
    | NexthopRegister
    | NexthopUnregister
    | NexthopUpdate
    | BfdClientRegister
    | DuplicateAddrDetection
    | Allotted
    | Rest
    | Error
    | Unknown
)
"""Everything that `zebra.zapi.codec` can encode."""
