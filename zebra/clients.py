"""Conversations with ZAPI clients: one `Client` per link, messages in, messages out."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Protocol

from grammar.base.clock import Clock
from grammar.base.values import Afi
from zebra.bfd import BfdRelays
from zebra.nexthop import Hop, in_order
from zebra.zapi.allotted import Allotted
from zebra.zapi.bfd import BfdDestination, BfdRelay
from zebra.zapi.codec import command_of
from zebra.zapi.constants import ErrorCode, RouteType
from zebra.zapi.evpn import EvpnRequest
from zebra.zapi.groups import GroupAdd, GroupDelete
from zebra.zapi.link import Link
from zebra.zapi.messages import (
    DEFAULT_VRF,
    BfdClientRegister,
    ClientCapabilities,
    ClientCloseNotify,
    DuplicateAddrDetection,
    Error,
    Hello,
    InterfaceCancel,
    InterfaceRequest,
    Message,
    Nexthop,
    NexthopRegister,
    NexthopUnregister,
    RedistributeAdd,
    RedistributeDefaultAdd,
    RedistributeDefaultDelete,
    RedistributeDelete,
    Route,
    RouteAdd,
    RouteDelete,
    RouteNotifyRequest,
    RouterAdvertisement,
    RouterIdAdd,
    RouterIdDelete,
    Routes,
    Unknown,
)
from zebra.zapi.names import COMMANDS, INTERFACE_ADD, command_name

if TYPE_CHECKING:
    from zebra.redistribute import Wish


def _shown(told: Message | int | None) -> str | None:
    # FRR takes command 0 for "none yet".
    if told is None:
        return None
    number = told if isinstance(told, int) else command_of(told)
    return command_name(number) if number != INTERFACE_ADD else None


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
        self.router_ids: set[tuple[int, Afi]] = set()
        """What it wants to know of which VRF, as in the two below."""
        self.redistribute: set[tuple[int, Afi, RouteType, int]] = set()
        self.redistribute_default: set[tuple[int, Afi]] = set()
        self.since = clock.now()
        self.nht_since: float | None = None
        self.nht_last: float | None = None
        self.last_read: float | None = None
        self.last_write: float | None = None
        self._received: Message | int | None = None
        self._sent: Message | None = None
        self.counts: dict[tuple[str, str], int] = {}
        self.errors = 0
        self.complained = False
        """True when the log has told of a message that could not be read."""

    @property
    def name(self) -> str:
        """The protocol's name, as FRR shows clients."""
        return self.protocol.word

    @property
    def last_received(self) -> str | None:
        """The name of the last command that came, as FRR shows it."""
        return _shown(self._received)

    @property
    def last_sent(self) -> str | None:
        """The name of the last command that was sent."""
        return _shown(self._sent)

    @property
    def closed(self) -> bool:
        """True when the conversation is over."""
        return self.link.closed

    def count(self, what: str, how: str, more: int = 1) -> None:
        """More in `show zebra client`: `what` is the row, `how` add, update or delete."""
        self.counts[what, how] = self.counts.get((what, how), 0) + more

    def send(self, message: Message, vrf: int = DEFAULT_VRF) -> None:
        """A message to the client, noted for `show zebra client`."""
        self.last_write = self._clock.now()
        self._sent = message
        self.link.send(message, vrf)

    def received(self, message: Message | int) -> None:
        """Note a message of the client, by its number when it could not be read."""
        self.last_read = self._clock.now()
        self._received = message


class Services(Protocol):
    """What zebra does for its clients; `Zebra` is it."""

    def vrf_known(self, vrf: int) -> bool:
        """Whether there is such a VRF."""
        ...

    def greet(self, client: Client) -> None:
        """The client said who it is: tell it what zebra can, and the VRFs."""
        ...

    def tell_again(self, client: Client) -> None:
        """The client understood nothing so far: VRFs, and all that it asked for."""
        ...

    def refuse(self, client: Client, text: str) -> None:
        """Log what is wrong with a client's bytes."""
        ...

    def send_interfaces(self, client: Client, vrf: int = DEFAULT_VRF) -> None:
        """The interfaces of a VRF with their addresses; with the default one, those of all."""
        ...

    def advertise(self, client: Client, message: RouterAdvertisement, vrf: int) -> None:
        """Send router advertisements on an interface, or no more."""
        ...

    def send_router_id(self, client: Client, vrf: int, afi: Afi) -> None:
        """The router id of a family in a VRF."""
        ...

    def routes(
        self, client: Client, add: bool, route: Route, keys: Sequence[int], vrf: int
    ) -> None:
        """Enter a client's routes to the prefixes of `keys`, or take them away."""
        ...

    def register(self, client: Client, message: NexthopRegister, vrf: int) -> None:
        """Watch prefixes."""
        ...

    def unregister(self, client: Client, message: NexthopUnregister, vrf: int) -> None:
        """Watch prefixes no more."""
        ...

    def capabilities(self, client: Client, message: ClientCapabilities) -> None:
        """What becomes of the client's routes when it goes."""
        ...

    def redistribute(self, client: Client, wish: "Wish", vrf: int) -> None:
        """Send routes of a type, or no more."""
        ...

    def allot(self, client: Client, message: Allotted, vrf: int) -> None:
        """Lend labels, tables or an SRv6 locator, or take them back."""
        ...

    def tell_hosts(self, client: Client, message: EvpnRequest | DuplicateAddrDetection) -> None:
        """Tell hosts and VNIs, or enter those of other routers."""
        ...

    def group(self, client: Client, message: GroupAdd | GroupDelete) -> None:
        """Make a next-hop group of the client's, change it, or let it go."""
        ...

    def writable(self, client: Client) -> None:
        """The client has read what kept it from being told more."""
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
        self._bfd = BfdRelays(self.all)
        self._count = 0

    def accept(self, link: Link) -> Client:
        """Begin a conversation."""
        self._count += 1
        client = Client(link, self._clock, 13 + self._count if link.fd is None else link.fd)
        link.on_message = lambda message, vrf: self._message(client, message, vrf)
        link.on_malformed = lambda command, text: self._malformed(client, command, text)
        link.on_renewed = lambda: self._services.tell_again(client)
        link.on_writable = lambda: self._services.writable(client)
        link.on_close = lambda: self._closed(client)
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
        if client not in self.all:
            return
        self.all.remove(client)
        news = ClientCloseNotify(client.protocol, client.instance, client.session)
        for other in self.all:
            # FRR spares those of the same protocol.
            if other.greeted and other.protocol is not client.protocol:
                other.send(news)
        self._bfd.close(client)
        self._services.client_closed(client)

    def _malformed(self, client: Client, command: int | None, text: str) -> None:
        """A client is dropped, or a message of its; of these only the first is told."""
        if command is None:
            self._services.refuse(client, f"dropped: {text}")
            return
        client.received(command)
        if not client.complained:
            client.complained = True
            text = f"message {command_name(command)} ignored: {text}"
            self._services.refuse(client, text)

    def _message(self, client: Client, message: Message, vrf: int) -> None:
        client.received(message)
        try:
            self._dispatch(client, message, vrf)
        except Exception as error:  # noqa: BLE001  one client's message must not harm the others
            client.errors += 1
            name = command_name(command_of(message))
            self._services.bug(f"{name} of client {client.name}", error)

    def _dispatch(self, client: Client, message: Message, vrf: int) -> None:
        services = self._services
        if not services.vrf_known(vrf):
            client.errors += 1
            client.send(Error(ErrorCode.NO_VRF), vrf)
            return
        match message:
            case Routes(add, route, keys):
                services.routes(client, add, route, keys, vrf)
            case RouteAdd(route):
                services.routes(client, True, route, (route.prefix.key,), vrf)
            case RouteDelete(route):
                services.routes(client, False, route, (route.prefix.key,), vrf)
            case NexthopRegister():
                services.register(client, message, vrf)
            case NexthopUnregister():
                services.unregister(client, message, vrf)
            case RouterAdvertisement():
                services.advertise(client, message, vrf)
            case Hello():
                self._hello(client, message)
            case _:
                self._request(client, message, vrf)

    def _hello(self, client: Client, hello: Hello) -> None:
        client.protocol = hello.protocol
        client.instance = hello.instance
        client.session = hello.session
        client.notify = hello.notify
        client.synchronous = hello.synchronous
        client.greeted = True
        self._services.greet(client)

    def _request(self, client: Client, message: Message, vrf: int) -> None:
        match message:
            case InterfaceRequest():
                client.interfaces = True
                self._services.send_interfaces(client, vrf)
            case InterfaceCancel():
                client.interfaces = False
            case RouterIdAdd(afi):
                client.router_ids.add((vrf, afi))
                self._services.send_router_id(client, vrf, afi)
            case RouterIdDelete(afi):
                client.router_ids.discard((vrf, afi))
            case RouteNotifyRequest(notify):
                client.notify = notify
            case (
                RedistributeAdd()
                | RedistributeDelete()
                | RedistributeDefaultAdd()
                | RedistributeDefaultDelete()
            ):
                self._services.redistribute(client, message, vrf)
            case ClientCapabilities():
                self._services.capabilities(client, message)
            case _:
                self._errand(client, message, vrf)

    def _errand(self, client: Client, message: Message, vrf: int) -> None:
        """What clients of some kinds ask for."""
        match message:
            case GroupAdd() | GroupDelete():
                self._services.group(client, message)
            case _ if isinstance(message, Allotted):
                self._services.allot(client, message, vrf)
            case _ if isinstance(message, EvpnRequest | DuplicateAddrDetection):
                self._services.tell_hosts(client, message)
            case _:
                self._other(client, message, vrf)

    def _other(self, client: Client, message: Message, vrf: int) -> None:
        match message:
            case BfdClientRegister() | BfdDestination() | BfdRelay():
                self._bfd.take(client, message, vrf)
            case Unknown(command) if command >= len(COMMANDS):
                client.errors += 1
                client.send(Error(ErrorCode.INVALID_COMMAND))
            case _:
                pass  # BFD and the like: taken, without effect


def hops_of(route: Route) -> tuple[Hop, ...]:
    """A client's next hops as zebra keeps them; empty if one names a backup that is not there."""
    count = len(route.backups)
    if any(index >= count for hop in route.nexthops for index in hop.backups):
        return ()
    hops = in_order(map(Hop.from_zapi, route.nexthops))
    if route.backups and hops:
        return (replace(hops[0], spares=tuple(map(Hop.from_zapi, route.backups))), *hops[1:])
    return hops


class HopCache:
    """Remembers the last conversion: routes of one update share their next hops."""

    def __init__(self, convert: Callable[[Route], tuple[Hop, ...]] = hops_of) -> None:
        self._convert = convert
        self._nexthops: tuple[Nexthop, ...] = ()
        self._backups: tuple[Nexthop, ...] = ()
        self._hops: tuple[Hop, ...] = ()

    def hops(self, route: Route) -> tuple[Hop, ...]:
        """As `hops_of`."""
        known = route.nexthops is self._nexthops or route.nexthops == self._nexthops
        if not known or route.backups != self._backups:
            self._hops = self._convert(route)
        self._nexthops, self._backups = route.nexthops, route.backups
        return self._hops
