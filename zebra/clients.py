"""Conversations with ZAPI clients: one `Client` per link, messages in, messages out."""

from collections.abc import Callable
from typing import TYPE_CHECKING, Protocol

from grammar.base.clock import Clock
from grammar.base.values import Afi
from zebra.nexthop import Hop
from zebra.zapi.constants import ErrorCode, RouteType
from zebra.zapi.link import Link
from zebra.zapi.messages import (
    DEFAULT_VRF,
    BfdClientRegister,
    Capabilities,
    ClientCapabilities,
    DuplicateAddrDetection,
    Error,
    Hello,
    InterfaceAddress,
    InterfaceCancel,
    InterfaceEvent,
    InterfaceRequest,
    InterfaceState,
    LabelManagerConnect,
    Message,
    Nexthop,
    NexthopRegister,
    NexthopUnregister,
    NexthopUpdate,
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
    RouterAdvertisement,
    RouterIdAdd,
    RouterIdDelete,
    RouterIdUpdate,
    Unknown,
    VrfAdd,
    VrfLabel,
)

if TYPE_CHECKING:
    from zebra.redistribute import Wish

_LAST_COMMAND = 139
"""The highest command number that FRR 8.4.4 knows."""

_NAMES: dict[type, str] = {
    Hello: "HELLO",
    Capabilities: "CAPABILITIES",
    ClientCapabilities: "CLIENT_CAPABILITIES",
    VrfAdd: "VRF_ADD",
    VrfLabel: "VRF_LABEL",
    RouterIdAdd: "ROUTER_ID_ADD",
    RouterIdDelete: "ROUTER_ID_DELETE",
    RouterIdUpdate: "ROUTER_ID_UPDATE",
    InterfaceRequest: "INTERFACE_ADD",
    InterfaceCancel: "INTERFACE_DELETE",
    RouteAdd: "ROUTE_ADD",
    RouteDelete: "ROUTE_DELETE",
    RouteNotifyOwner: "ROUTE_NOTIFY_OWNER",
    RouteNotifyRequest: "ROUTE_NOTIFY_REQUEST",
    RedistributeAdd: "REDISTRIBUTE_ADD",
    RedistributeDelete: "REDISTRIBUTE_DELETE",
    RedistributeDefaultAdd: "REDISTRIBUTE_DEFAULT_ADD",
    RedistributeDefaultDelete: "REDISTRIBUTE_DEFAULT_DELETE",
    NexthopRegister: "NEXTHOP_REGISTER",
    NexthopUnregister: "NEXTHOP_UNREGISTER",
    NexthopUpdate: "NEXTHOP_UPDATE",
    BfdClientRegister: "BFD_CLIENT_REGISTER",
    DuplicateAddrDetection: "DUPLICATE_ADDR_DETECTION",
    LabelManagerConnect: "LABEL_MANAGER_CONNECT",
    Error: "ERROR",
}


def command_name(message: Message) -> str:
    """The name FRR shows for a message: `ZEBRA_ROUTE_ADD`."""
    match message:
        case InterfaceState(event=event):
            name = f"INTERFACE_{InterfaceEvent(event).name}"
        case InterfaceAddress(add=add):
            name = "INTERFACE_ADDRESS_ADD" if add else "INTERFACE_ADDRESS_DELETE"
        case RedistributeRoute(add=add):
            name = "REDISTRIBUTE_ROUTE_ADD" if add else "REDISTRIBUTE_ROUTE_DEL"
        case RouterAdvertisement(enable=enable):
            name = "INTERFACE_ENABLE_RADV" if enable else "INTERFACE_DISABLE_RADV"
        case _:
            name = _NAMES.get(type(message), "UNKNOWN")
    return f"ZEBRA_{name}"


class Client:
    """One client: who it is, what it asked for, and FRR's counters about it (times monotonic)."""

    def __init__(self, link: Link, clock: Clock, number: int) -> None:
        self.link = link
        self._clock = clock
        self.number = number
        self.protocol = RouteType.SYSTEM
        self.instance = 0
        self.session = 0
        self.greeted = False
        self.notify = False
        self.synchronous = False
        self.interfaces = False
        self.router_ids: set[Afi] = set()
        self.redistribute: set[tuple[Afi, RouteType, int]] = set()
        self.redistribute_default: set[Afi] = set()
        self.since = clock.now()
        self.nht_since: float | None = None
        self.nht_last: float | None = None
        self.last_read = self.since
        self.last_write: float | None = None
        self.last_received: str | None = None
        self.last_sent: str | None = None
        self.counts: dict[tuple[str, str], int] = {}
        self.errors = 0

    @property
    def name(self) -> str:
        """The protocol's name, as FRR shows clients."""
        return self.protocol.word

    @property
    def closed(self) -> bool:
        """True when the conversation is over."""
        return self.link.closed

    def count(self, what: str, how: str) -> None:
        """One more in `show zebra client`: `what` is the row, `how` add, update or delete."""
        self.counts[what, how] = self.counts.get((what, how), 0) + 1

    def send(self, message: Message, vrf: int = DEFAULT_VRF) -> None:
        """A message to the client, noted for `show zebra client`."""
        self.last_write = self._clock.now()
        self.last_sent = command_name(message)
        self.link.send(message, vrf)

    def received(self, message: Message) -> None:
        """Note a message of the client."""
        self.last_read = self._clock.now()
        if not isinstance(message, Hello):
            self.last_received = command_name(message)


class Services(Protocol):
    """What zebra does for its clients; `Zebra` is it."""

    def vrf_known(self, vrf: int) -> bool:
        """Whether there is such a VRF."""
        ...

    def greet(self, client: Client) -> None:
        """The client said who it is: tell it what zebra can, and the VRFs."""
        ...

    def send_interfaces(self, client: Client) -> None:
        """All interfaces and their addresses."""
        ...

    def send_router_id(self, client: Client, afi: Afi) -> None:
        """The router id of a family."""
        ...

    def route_add(self, client: Client, route: Route, vrf: int) -> None:
        """Enter a client's route."""
        ...

    def route_delete(self, client: Client, route: Route, vrf: int) -> None:
        """Take a client's route away."""
        ...

    def register(self, client: Client, message: NexthopRegister) -> None:
        """Watch prefixes."""
        ...

    def unregister(self, client: Client, message: NexthopUnregister) -> None:
        """Watch prefixes no more."""
        ...

    def redistribute(self, client: Client, wish: "Wish") -> None:
        """Send routes of a type, or no more."""
        ...

    def client_closed(self, client: Client) -> None:
        """The client is gone."""
        ...

    def bug(self, where: str, error: Exception) -> None:
        """Log an unexpected exception."""
        ...


class Clients:
    """All clients in the order in which they came."""

    def __init__(self, services: Services, clock: Clock) -> None:
        self._services = services
        self._clock = clock
        self.all: list[Client] = []
        self._count = 0

    def accept(self, link: Link) -> Client:
        """Begin a conversation."""
        self._count += 1
        number = getattr(link, "fd", None)
        client = Client(link, self._clock, number if number is not None else 13 + self._count)
        link.on_message = lambda message, vrf: self._message(client, message, vrf)
        link.on_close = lambda: self._closed(client)
        link.on_writable = lambda: None
        self.all.append(client)
        return client

    def close(self) -> None:
        """End all conversations."""
        for client in list(self.all):
            client.link.close()
        self.all.clear()

    def owner(self, protocol: RouteType, instance: int) -> Client | None:
        """The client whose routes are of this type."""
        for client in self.all:
            if client.protocol is protocol and client.instance == instance and client.greeted:
                return client
        return None

    def _closed(self, client: Client) -> None:
        if client in self.all:
            self.all.remove(client)
            self._services.client_closed(client)

    def _message(self, client: Client, message: Message, vrf: int) -> None:
        client.received(message)
        try:
            self._dispatch(client, message, vrf)
        except Exception as error:  # noqa: BLE001  one client's message must not harm the others
            client.errors += 1
            self._services.bug(f"{command_name(message)} of client {client.name}", error)

    def _dispatch(self, client: Client, message: Message, vrf: int) -> None:
        services = self._services
        if not services.vrf_known(vrf):
            client.errors += 1
            client.send(Error(ErrorCode.NO_VRF), vrf)
            return
        match message:
            case RouteAdd(route):
                services.route_add(client, route, vrf)
            case RouteDelete(route):
                services.route_delete(client, route, vrf)
            case NexthopRegister():
                services.register(client, message)
            case NexthopUnregister():
                services.unregister(client, message)
            case Hello():
                self._hello(client, message)
            case _:
                self._request(client, message)

    def _hello(self, client: Client, hello: Hello) -> None:
        client.protocol = hello.protocol
        client.instance = hello.instance
        client.session = hello.session
        client.notify = hello.notify
        client.synchronous = hello.synchronous
        client.greeted = True
        self._services.greet(client)

    def _request(self, client: Client, message: Message) -> None:
        match message:
            case InterfaceRequest():
                client.interfaces = True
                self._services.send_interfaces(client)
            case InterfaceCancel():
                client.interfaces = False
            case RouterIdAdd(afi):
                client.router_ids.add(afi)
                self._services.send_router_id(client, afi)
            case RouterIdDelete(afi):
                client.router_ids.discard(afi)
            case RouteNotifyRequest(notify):
                client.notify = notify
            case (
                RedistributeAdd()
                | RedistributeDelete()
                | RedistributeDefaultAdd()
                | RedistributeDefaultDelete()
            ):
                self._services.redistribute(client, message)
            case LabelManagerConnect(protocol, instance):
                client.send(LabelManagerConnect(protocol, instance, 0))
            case Unknown(command) if command > _LAST_COMMAND:
                client.errors += 1
                client.send(Error(ErrorCode.INVALID_COMMAND))
            case _:
                pass  # graceful restart, BFD, EVPN and the like: taken, without effect


def hops_of(route: Route) -> tuple[Hop, ...]:
    """A client's next hops as zebra keeps them."""
    return tuple(Hop.from_zapi(nexthop) for nexthop in route.nexthops)


class HopCache:
    """Remembers the last conversion: routes of one update share their next hops."""

    def __init__(self, convert: Callable[[Route], tuple[Hop, ...]] = hops_of) -> None:
        self._convert = convert
        self._nexthops: tuple[Nexthop, ...] = ()
        self._hops: tuple[Hop, ...] = ()

    def hops(self, route: Route) -> tuple[Hop, ...]:
        """As `hops_of`."""
        if route.nexthops is not self._nexthops and route.nexthops != self._nexthops:
            self._hops = self._convert(route)
        self._nexthops = route.nexthops
        return self._hops
