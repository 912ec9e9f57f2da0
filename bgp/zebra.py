"""The view of zebra: interfaces, router id and answers in; routes, watches and requests out.

One `ZebraView` serves all instances of a bgpd over one `Link`. Without a link nothing is sent;
when a link comes, `Listener`s are told and ask for everything again.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Protocol

from bgp.labelpool import LabelPool
from grammar.base.values import Address, Afi, Prefix
from zebra.zapi.allotted import LabelChunk
from zebra.zapi.link import Link
from zebra.zapi.messages import (
    DEFAULT_VRF,
    Capabilities,
    DuplicateAddrDetection,
    Hello,
    InterfaceAddress,
    InterfaceEvent,
    InterfaceNbrAddress,
    InterfaceRequest,
    InterfaceState,
    Message,
    NexthopRegister,
    NexthopUnregister,
    NexthopUpdate,
    NexthopWatch,
    RedistributeAdd,
    RedistributeDelete,
    RedistributeRoute,
    RouteNotifyOwner,
    RouterIdAdd,
    RouterIdUpdate,
    RouteType,
    VrfAdd,
    VrfDelete,
)

UNKNOWN_VRF = 0xFFFFFFFF
"""The number of a VRF that zebra does not know (yet)."""

IFF_UP = 0x1
IFF_RUNNING = 0x40


@dataclass(slots=True, eq=False)
class Interface:
    """An interface of zebra's; `addresses` keep their host bits.

    `neighbor` is the link-local address of the router that advertises itself on it.
    """

    name: str
    ifindex: int
    up: bool = False
    vrf: int = DEFAULT_VRF
    hw_address: bytes = b""
    addresses: list[Prefix] = field(default_factory=list)
    neighbor: Address | None = None

    def address(self, afi: Afi, *, link_local: bool = False) -> Address | None:
        """Its first address of a family, link-local or not."""
        for prefix in self.addresses:
            if prefix.afi is afi and prefix.address.is_link_local is link_local:
                return prefix.address
        return None


class Listener(Protocol):
    """What an instance wants to hear; all but `zebra_up` only of its own VRF.

    A view (`is_view`) hears of the default VRF, and zebra never hears of it.
    """

    vrf: str | None
    vrf_id: int
    is_view: bool

    def vrf_changed(self, vrf_id: int) -> None:
        """The VRF of that name came, or went (`UNKNOWN_VRF`)."""
        ...

    def zebra_up(self) -> None:
        """A connection to zebra is there: ask for everything."""
        ...

    def router_id_changed(self, address: Address) -> None:
        """zebra's router id."""
        ...

    def nexthop_updated(self, update: NexthopUpdate) -> None:
        """An answer to a watch, or a change of one."""
        ...

    def interface_changed(self, interface: Interface) -> None:
        """An interface came up or went down, or its addresses changed."""
        ...

    def redistributed(self, message: RedistributeRoute) -> None:
        """A route of a type that was asked for."""
        ...

    def route_notified(self, news: RouteNotifyOwner) -> None:
        """What became of a route in the kernel, if that was asked for."""
        ...


def attach_vnc(link: Link) -> None:
    """Greet zebra as VNC on a connection of its own, as FRR's bgpd does; nothing comes of it.

    `show zebra client` lists it, and so do the tools that read that.
    """
    link.send(Hello(RouteType.VNC))
    link.send(InterfaceRequest())


class ZebraView:
    """What bgpd knows of zebra, and its requests."""

    def __init__(self) -> None:
        self.link: Link | None = None
        self.interfaces: dict[tuple[int, int], Interface] = {}
        self.overhears: Callable[[Message, int], None] | None = None
        """Told of each message ahead of all others (`debug bgp zebra`)."""
        """By the VRF's number and their own, which namespaces share."""
        self.follows = False
        """zebra moves routes itself when what their next hops resolve over changes."""
        self.router_ids: dict[int, Address] = {}
        self.vrfs: dict[str, int] = {"default": DEFAULT_VRF}
        self.namespaces: dict[str, str] = {}
        """The network namespaces that VRFs are, where they are no devices."""
        self.listeners: list[Listener] = []
        self._watches: dict[tuple[int, NexthopWatch], int] = {}
        self.labels = LabelPool(lambda message: self.send(message, DEFAULT_VRF))

    # --- the connection --------------------------------------------------------------------------

    def attach(self, link: Link) -> None:
        """Take a new connection into use and greet zebra."""
        self.link = link
        self.follows = False
        link.on_message = self._take
        self.interfaces.clear()
        link.send(Hello(RouteType.BGP))
        link.send(InterfaceRequest())
        self._watches.clear()
        self.labels.connected()
        for listener in self.listeners:
            self.announce(listener)

    def detach(self) -> None:
        """The connection is gone. What zebra said last stays in force until it is back."""
        self.link = None

    def announce(self, listener: Listener) -> None:
        """An instance came: tell zebra, and let it ask for what it needs."""
        if listener not in self.listeners:
            self.listeners.append(listener)
        if self.link is not None and not listener.is_view and listener.vrf_id != UNKNOWN_VRF:
            self.link.send(DuplicateAddrDetection(), listener.vrf_id)
            self.link.send(RouterIdAdd(), listener.vrf_id)
            self.link.send(InterfaceRequest(), listener.vrf_id)
            listener.zebra_up()

    def retire(self, listener: Listener) -> None:
        """An instance went."""
        if listener in self.listeners:
            self.listeners.remove(listener)

    @property
    def ready(self) -> bool:
        """True while routes may be sent."""
        return self.link is not None and not self.link.congested

    # --- requests --------------------------------------------------------------------------------

    def send(self, message: Message, vrf: int) -> None:
        """Send if there is a connection."""
        if self.link is not None:
            self.link.send(message, vrf)

    def watch(self, watch: NexthopWatch, vrf: int) -> None:
        """Ask how a prefix resolves, now and at each change; asking twice asks zebra once."""
        key = (vrf, watch)
        self._watches[key] = self._watches.get(key, 0) + 1
        if self._watches[key] == 1:
            self.send(NexthopRegister((watch,)), vrf)

    def unwatch(self, watch: NexthopWatch, vrf: int) -> None:
        """No more of that, when nobody else asked for it."""
        key = (vrf, watch)
        count = self._watches.get(key, 0)
        if count > 1:
            self._watches[key] = count - 1
        elif count == 1:
            del self._watches[key]
            self.send(NexthopUnregister((watch,)), vrf)

    def redistribute(self, afi: Afi, kind: tuple[RouteType, int], on: bool, vrf: int) -> None:
        """Ask for the routes of a type and instance, or stop."""
        self.send(RedistributeAdd(afi, *kind) if on else RedistributeDelete(afi, *kind), vrf)

    # --- interfaces ------------------------------------------------------------------------------

    def connected(self, address: Address, vrf: int = DEFAULT_VRF) -> Interface | None:
        """The interface that is up and has a network with this address."""
        for interface in self.interfaces.values():
            if interface.up and interface.vrf == vrf:
                for prefix in interface.addresses:
                    if prefix.network.covers(address.host_prefix()):
                        return interface
        return None

    def shares_network(self, one: Address, other: Address, vrf: int = DEFAULT_VRF) -> bool:
        """True if one connected network holds both addresses."""
        for interface in self.interfaces.values():
            if interface.up and interface.vrf == vrf:
                for prefix in interface.addresses:
                    network = prefix.network
                    if network.covers(one.host_prefix()) and network.covers(other.host_prefix()):
                        return True
        return False

    def owner(self, address: Address, vrf: int = DEFAULT_VRF) -> Interface | None:
        """The interface that has this very address."""
        for interface in self.interfaces.values():
            if interface.vrf == vrf and any(p.address == address for p in interface.addresses):
                return interface
        return None

    def ifindex(self, name: str) -> int:
        """The number of an interface; 0 if there is none of that name."""
        found = self.named(name)
        return 0 if found is None else found.ifindex

    def named(self, name: str, vrf: int | None = None) -> Interface | None:
        """The interface of that name, if it is in that VRF, or in any."""
        for interface in self.interfaces.values():
            if interface.name == name and vrf in (None, interface.vrf):
                return interface
        return None

    # --- what zebra says -------------------------------------------------------------------------

    def _take(self, message: Message, vrf: int) -> None:
        if self.overhears is not None:
            self.overhears(message, vrf)
        match message:
            case NexthopUpdate() | RouteNotifyOwner() | RedistributeRoute():
                for listener in self._of(vrf):
                    _tell(listener, message)
            case InterfaceState() | InterfaceAddress() | InterfaceNbrAddress():
                self._of_interface(message, vrf)
            case RouterIdUpdate(prefix=prefix):
                self.router_ids[vrf] = prefix.address
                for listener in self._of(vrf):
                    listener.router_id_changed(prefix.address)
            case VrfAdd() | VrfDelete():
                self.namespaces[message.name] = message.netns
                self._vrf_changed(message.name, vrf if type(message) is VrfAdd else UNKNOWN_VRF)
            case LabelChunk():
                self.labels.arrived(message)
            case Capabilities():
                self.follows = message.follows
            case _:
                pass

    def _vrf_changed(self, name: str, vrf_id: int) -> None:
        if vrf_id == UNKNOWN_VRF:
            self.vrfs.pop(name, None)
        else:
            self.vrfs[name] = vrf_id
        for listener in self.listeners:
            if listener.vrf == name and not listener.is_view and listener.vrf_id != vrf_id:
                listener.vrf_changed(vrf_id)

    def vrf_id(self, name: str | None) -> int:
        """The number of a VRF (None: the default one), `UNKNOWN_VRF` if zebra knows none."""
        return DEFAULT_VRF if name is None else self.vrfs.get(name, UNKNOWN_VRF)

    def _of(self, vrf: int) -> list[Listener]:
        return [listener for listener in self.listeners if listener.vrf_id == vrf]

    def _of_interface(
        self, message: InterfaceState | InterfaceAddress | InterfaceNbrAddress, vrf: int
    ) -> None:
        match message:
            case InterfaceState():
                self._interface(message, vrf)
            case InterfaceAddress():
                self._address(message, vrf)
            case InterfaceNbrAddress():
                self._neighbor(message, vrf)

    def _interface(self, state: InterfaceState, vrf: int) -> None:
        key = (vrf, state.ifindex)
        interface = self.interfaces.get(key)
        if state.event is InterfaceEvent.DELETE:
            if interface is not None:
                interface.up = False
                del self.interfaces[key]
                self._changed(interface)
            return
        if interface is None:
            interface = Interface(state.name, state.ifindex, vrf=vrf)
            self.interfaces[key] = interface
        interface.name = state.name
        interface.hw_address = state.hw_address
        was_up = interface.up
        interface.up = state.event is not InterfaceEvent.DOWN and _running(state)
        if not interface.up:
            interface.neighbor = None
        if interface.up is not was_up:
            self._changed(interface)

    def _address(self, message: InterfaceAddress, vrf: int) -> None:
        interface = self.interfaces.get((vrf, message.ifindex))
        if interface is None:
            return
        if not message.add:
            interface.addresses = [p for p in interface.addresses if p != message.prefix]
        elif message.prefix not in interface.addresses:
            interface.addresses.append(message.prefix)
        self._changed(interface)

    def _neighbor(self, message: InterfaceNbrAddress, vrf: int) -> None:
        interface = self.interfaces.get((vrf, message.ifindex))
        if interface is None:
            return
        interface.neighbor = message.prefix.address if message.add else None
        self._changed(interface)

    def _changed(self, interface: Interface) -> None:
        for listener in self._of(interface.vrf):
            listener.interface_changed(interface)


def _tell(
    listener: Listener, message: NexthopUpdate | RouteNotifyOwner | RedistributeRoute
) -> None:
    match message:
        case NexthopUpdate():
            listener.nexthop_updated(message)
        case RouteNotifyOwner():
            listener.route_notified(message)
        case RedistributeRoute():
            listener.redistributed(message)


def _running(state: InterfaceState) -> bool:
    return state.flags & (IFF_UP | IFF_RUNNING) == IFF_UP | IFF_RUNNING
