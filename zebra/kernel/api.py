"""The seam between zebra and a kernel: values that describe it, and the `Kernel` interface.

Facts go up as events (`subscribe`, `dump`), changes go down in batches (`program`) and are answered
by error numbers. A change of links or addresses is believed when its event comes.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from enum import IntEnum, IntFlag
from typing import Protocol

from grammar.base.values import Address, Afi, Prefix
from zebra.kernel.forms import InstallRoute as InstallRoute
from zebra.kernel.forms import RemoveRoute as RemoveRoute
from zebra.kernel.kinds import Refused as Refused
from zebra.kernel.kinds import Scope as Scope
from zebra.kernel.kinds import Vxlan
from zebra.kernel.neighbors import HostEvent as HostEvent
from zebra.kernel.neighbors import Neighbor as Neighbor
from zebra.kernel.neighbors import SetFdb as SetFdb
from zebra.kernel.neighbors import SetNeighbor as SetNeighbor
from zebra.kernel.switches import SetSwitch as SetSwitch
from zebra.kernel.switches import SwitchWay as SwitchWay

MAIN_TABLE = 254
LOCAL_TABLE = 255

IFF_UP = 0x1
IFF_BROADCAST = 0x2
IFF_LOOPBACK = 0x8
IFF_RUNNING = 0x40
IFF_MULTICAST = 0x1000
IFF_LOWER_UP = 0x10000


class RouteProtocol(IntEnum):
    """Who put a route into the kernel (rtm_protocol); above 185 by FRR's rt_protos.d."""

    UNSPEC = 0
    REDIRECT = 1
    KERNEL = 2
    BOOT = 3
    STATIC = 4
    RA = 9
    ZEBRA = 11
    DHCP = 16
    BABEL = 42
    BGP = 186
    ISIS = 187
    OSPF = 188
    RIP = 189
    RIPNG = 190
    NHRP = 191
    EIGRP = 192
    LDP = 193
    SHARP = 194
    PBR = 195
    ZSTATIC = 196
    OPENFABRIC = 197
    SRTE = 198


class RouteKind(IntEnum):
    """What a route does with a packet (rtm_type)."""

    UNICAST = 1
    LOCAL = 2
    BROADCAST = 3
    ANYCAST = 4
    MULTICAST = 5
    BLACKHOLE = 6
    UNREACHABLE = 7
    PROHIBIT = 8


class AddressState(IntFlag):
    """The kernel's flags of an address (IFA_F_)."""

    NONE = 0
    SECONDARY = 0x01
    DADFAILED = 0x08
    DEPRECATED = 0x20
    TENTATIVE = 0x40
    PERMANENT = 0x80
    NOPREFIXROUTE = 0x200


# --- what there is -------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Link:
    """A network interface; `flags` are IFF_ bits, `speed` is Mbit/s (0 unknown).

    `kind` is rtnetlink's name of the driver (`bridge`, `vlan`, `veth`, empty for hardware),
    `arp_type` the ARPHRD number (1 Ethernet, 772 loopback), `master` the ifindex of its bridge or
    VRF or 0, `slave` rtnetlink's name of what kind of port that makes it; `table` is of a VRF
    device, `vlan` of a VLAN, `vlan_aware` of a bridge.
    """

    ifindex: int
    name: str
    flags: int
    mtu: int = 1500
    hw_address: bytes = b""
    link_ifindex: int = 0
    kind: str = ""
    speed: int = 0
    master: int = 0
    arp_type: int = 1
    table: int = 0
    vlan: int = 0
    slave: str = ""
    vlan_aware: bool = False
    vxlan: Vxlan | None = None

    @property
    def up(self) -> bool:
        """Administratively up."""
        return bool(self.flags & IFF_UP)

    @property
    def running(self) -> bool:
        """Up and with carrier."""
        return self.flags & (IFF_UP | IFF_RUNNING) == IFF_UP | IFF_RUNNING

    @property
    def loopback(self) -> bool:
        """A loopback interface."""
        return bool(self.flags & IFF_LOOPBACK)


@dataclass(frozen=True, slots=True)
class LinkAddress:
    """An address of a link: `prefix` keeps its host bits; `peer` is the far end, if it has one.

    With a peer, `prefix` is the own address with the length of the peer's network.
    """

    ifindex: int
    prefix: Prefix
    peer: Address | None = None
    broadcast: Address | None = None
    label: str = ""
    flags: AddressState = AddressState.PERMANENT
    scope: Scope = Scope.UNIVERSE

    @property
    def secondary(self) -> bool:
        """A further IPv4 address of the same network (IPv6 uses the bit for temporary ones)."""
        return bool(self.flags & AddressState.SECONDARY)


@dataclass(frozen=True, slots=True)
class KernelNexthop:
    """One way of a route or one next-hop object; `weight` counts from 1, as `ip route` shows it."""

    gate: Address | None = None
    ifindex: int = 0
    weight: int = 1
    onlink: bool = False
    labels: tuple[int, ...] = ()
    """MPLS labels that packets are given, outermost first."""


@dataclass(frozen=True, slots=True)
class KernelRoute:
    """A route of the kernel; its key there is table, prefix, tos and metric.

    With `nhid` not 0 that next-hop object says where to, and `nexthops` is not sent (dumps fill
    both). `metric` 0 means none given (IPv6: 1024); `offload` has RTM_F_OFFLOAD and its like.
    """

    prefix: Prefix
    nexthops: tuple[KernelNexthop, ...] = ()
    table: int = MAIN_TABLE
    protocol: int = RouteProtocol.ZEBRA
    metric: int = 0
    type: RouteKind = RouteKind.UNICAST
    prefsrc: Address | None = None
    nhid: int = 0
    mtu: int = 0
    scope: int = Scope.UNIVERSE
    tos: int = 0
    source: Prefix | None = None
    offload: int = 0

    @property
    def afi(self) -> Afi:
        """The family of the route."""
        return self.prefix.afi


@dataclass(frozen=True, slots=True)
class NexthopObject:
    """An `ip nexthop`: one way, a blackhole, or a `group` of (id, weight from 1)."""

    id: int
    afi: Afi = Afi.IPV4
    way: KernelNexthop = KernelNexthop()
    blackhole: bool = False
    group: tuple[tuple[int, int], ...] = ()
    protocol: int = RouteProtocol.ZEBRA


# --- what happens --------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class LinkChanged:
    """A link is there: new, or in some way different.

    When it went down or lost its carrier the kernel has dropped IPv4 routes and next-hop objects
    over it without an event (seen with Linux 6.18; its IPv6 addresses and routes do give events).
    """

    link: Link


@dataclass(frozen=True, slots=True)
class LinkGone:
    """A link was deleted."""

    ifindex: int
    name: str


@dataclass(frozen=True, slots=True)
class AddressAdded:
    """A link has an address (also sent when its flags change)."""

    address: LinkAddress


@dataclass(frozen=True, slots=True)
class AddressGone:
    """A link lost an address."""

    address: LinkAddress


@dataclass(frozen=True, slots=True)
class RouteAdded:
    """A route of somebody else is there; `replace` if it took the place of the one of its key."""

    route: KernelRoute
    replace: bool = False


@dataclass(frozen=True, slots=True)
class RouteGone:
    """A route is gone and not by `program` of ours (also ours, taken by others)."""

    route: KernelRoute


@dataclass(frozen=True, slots=True)
class NexthopAdded:
    """A next-hop object is there (in dumps, and when others make one)."""

    nexthop: NexthopObject


@dataclass(frozen=True, slots=True)
class NexthopGone:
    """A next-hop object is gone and not by `program` of ours."""

    id: int


Event = (
    LinkChanged
    | LinkGone
    | AddressAdded
    | AddressGone
    | RouteAdded
    | RouteGone
    | NexthopAdded
    | NexthopGone
    | HostEvent
)


# --- what zebra wants ----------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class InstallNexthop:
    """Make or replace a next-hop object."""

    nexthop: NexthopObject


@dataclass(frozen=True, slots=True)
class RemoveNexthop:
    """Delete a next-hop object; the kernel deletes the routes that still use it."""

    id: int


@dataclass(frozen=True, slots=True)
class AddAddress:
    """Give a link an address (`ip address add`)."""

    address: LinkAddress


@dataclass(frozen=True, slots=True)
class RemoveAddress:
    """Take an address from a link."""

    address: LinkAddress


@dataclass(frozen=True, slots=True)
class SetLink:
    """Set a link up or down."""

    ifindex: int
    up: bool


@dataclass(frozen=True, slots=True)
class SetMulticast:
    """Whether a link is for multicast (IFF_MULTICAST)."""

    ifindex: int
    on: bool


Change = (
    InstallRoute
    | RemoveRoute
    | InstallNexthop
    | RemoveNexthop
    | AddAddress
    | RemoveAddress
    | SetNeighbor
    | SetFdb
    | SetLink
    | SetMulticast
    | SetSwitch
)

Done = Callable[[Sequence[int]], None]
"""Called with one errno per change of a batch, in order; 0 is success."""


class Kernel(Protocol):
    """A kernel that forwards: Linux through netlink, or one in memory.

    One thread and one event loop own it; every callback comes from that loop, never from inside a
    call of these methods.
    """

    on_refused: Callable[[Refused], None]
    """Called for each change that is refused, ahead of the `done` of its batch."""

    def subscribe(self, on_event: Callable[[Event], None], on_overrun: Callable[[], None]) -> None:
        """Start giving events to `on_event`; `on_overrun` says some were lost: `dump` again."""
        ...

    def dump(self) -> Iterator[Event]:
        """All that there is as events: links, addresses, next-hop objects, routes of all tables.

        The routes include those of other kinds (local, broadcast, multicast) and of the kernel.
        Lazy, so that a full table can be read in slices. OSError if the kernel cannot be asked.
        """
        ...

    def program(self, changes: Sequence[Change], done: Done) -> None:
        """Carry a batch out in order; each change stands or fails alone, `done` comes once, later.

        Batches of some 1,000 changes are best. Only links and addresses give events.
        """
        ...

    def neighbors(self) -> list[Neighbor]:
        """The neighbours in no order; OSError if the kernel cannot be asked."""
        ...

    def follow_hosts(self, on: bool) -> Iterator[HostEvent]:
        """Give events of hosts, too, or no more; with `on` all that there are now."""
        ...

    def forwarding(self, afi: Afi) -> bool:
        """Whether packets of the family are forwarded (the sysctl)."""
        ...

    def set_forwarding(self, afi: Afi, on: bool) -> None:
        """Switch forwarding; OSError (EACCES, EROFS) when that is not allowed."""
        ...

    def take_labels(self, interface: str, on: bool) -> None:
        """Take packets with MPLS labels from a link, or not; OSError, with the sysctl's name."""
        ...

    def close(self) -> None:
        """Stop events and answers and free everything; routes stay where they are."""
        ...
