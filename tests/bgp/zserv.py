"""A zebra for tests: the other end of bgpd's link, answering from a list of connected networks."""

from collections.abc import Callable
from dataclasses import replace

from bgp.bgpd import Bgpd
from grammar.base.values import Address, Prefix
from zebra.zapi.allotted import LabelChunk, LabelChunkRequest
from zebra.zapi.messages import (
    InterfaceAddress,
    InterfaceEvent,
    InterfaceRequest,
    InterfaceState,
    Message,
    Nexthop,
    NexthopRegister,
    NexthopUpdate,
    RouteAdd,
    RouteDelete,
    RouterIdAdd,
    RouterIdUpdate,
    Routes,
    RouteType,
)

IFINDEX = 2


class Zserv:
    """A `Link` as bgpd sees it; `sent` is all that bgpd said, `fib` the routes it gave."""

    def __init__(self, bgpd: Bgpd, *addresses: str) -> None:
        self.bgpd = bgpd
        self.addresses = [Prefix.parse(text, with_host=True) for text in addresses]
        self.networks: dict[Prefix, NexthopUpdate] = {}
        self.sent: list[Message] = []
        self.fib: dict[Prefix, RouteAdd] = {}
        self.congested = self.closed = False
        self.on_message: Callable[[Message, int], None] = lambda message, vrf: None
        self.on_close: Callable[[], None] = lambda: None
        self.on_writable: Callable[[], None] = lambda: None
        self.watched: set[Prefix] = set()
        self.labels = 16
        """The first label that was not lent yet."""
        for prefix in self.addresses:
            self.route(str(prefix.network), RouteType.CONNECTED)

    def route(self, text: str, kind: RouteType, gate: str | None = None, metric: int = 0) -> None:
        """A route of zebra's, as next-hop tracking sees it."""
        prefix = Prefix.parse(text)
        hop = Nexthop.via(Address.parse(gate), IFINDEX) if gate else Nexthop.dev(IFINDEX)
        self.networks[prefix] = NexthopUpdate(prefix, prefix, kind, metric=metric, nexthops=(hop,))
        self.tell()

    def lose(self, text: str) -> None:
        self.networks.pop(Prefix.parse(text))
        self.tell()

    def tell(self) -> None:
        for prefix in self.watched:
            self.answer(prefix)

    def answer(self, asked: Prefix) -> None:
        covering = [p for p in self.networks if p.covers(asked)]
        if covering:
            found = self.networks[max(covering, key=lambda p: p.length)]
            update = NexthopUpdate(
                asked, found.resolved, found.type, metric=found.metric, nexthops=found.nexthops
            )
        else:
            update = NexthopUpdate(asked, Prefix(asked.afi, 0, 0))
        self.later(update)

    def later(self, message: Message) -> None:
        self.bgpd.scheduler.call_soon(lambda: self.on_message(message, 0))

    def send(self, message: Message, vrf: int = 0) -> None:
        if isinstance(message, Routes):
            afi = message.route.prefix.afi
            for key in message.keys:
                route = replace(message.route, prefix=Prefix.from_key(afi, key))
                self.send(RouteAdd(route) if message.add else RouteDelete(route), vrf)
            return
        self.sent.append(message)
        match message:
            case NexthopRegister(watches=watches):
                for watch in watches:
                    self.watched.add(watch.prefix)
                    self.answer(watch.prefix)
            case InterfaceRequest():
                self.later(InterfaceState(InterfaceEvent.ADD, "eth0", IFINDEX, flags=0x11043))
                for prefix in self.addresses:
                    self.later(InterfaceAddress(True, IFINDEX, prefix))
            case LabelChunkRequest(protocol=protocol, size=size):
                last = self.labels + size - 1
                self.later(LabelChunk(protocol, labels=(self.labels, last)))
                self.labels = last + 1
            case RouterIdAdd():
                self.later(RouterIdUpdate(self.addresses[0].address.host_prefix()))
            case RouteAdd(route=route):
                self.fib[route.prefix] = message
            case RouteDelete(route=route):
                self.fib.pop(route.prefix, None)

    def close(self) -> None:
        self.closed = True

    def pause(self) -> None:
        pass

    def resume(self) -> None:
        pass

    def of(self, kind: type) -> list[Message]:
        """What bgpd sent of one class."""
        return [message for message in self.sent if isinstance(message, kind)]


def attach(bgpd: Bgpd, *addresses: str) -> Zserv:
    """Give a bgpd a zebra with these interface addresses on eth0."""
    zserv = Zserv(bgpd, *addresses)
    bgpd.attach_zebra(zserv)
    return zserv
