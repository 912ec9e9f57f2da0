"""zebra and staticd on a kernel in memory and a fake clock, driven by lines as a person would."""

from collections.abc import Iterable
from functools import partial

from grammar.base.log import MemoryLog
from grammar.base.scheduler import FakeScheduler
from grammar.base.values import Prefix
from grammar.command import Reply
from grammar.node import CONFIG, ENABLE
from grammar.session import Session
from zebra.kernel.api import (
    IFF_BROADCAST,
    IFF_LOWER_UP,
    IFF_MULTICAST,
    IFF_RUNNING,
    IFF_UP,
    Link,
    LinkAddress,
)
from zebra.kernel.memory import MemoryKernel
from zebra.staticd.staticd import Staticd
from zebra.zapi.constants import RouteType
from zebra.zapi.link import PairLink
from zebra.zapi.messages import Hello, Message
from zebra.zebra import Zebra

RUNNING = IFF_UP | IFF_BROADCAST | IFF_RUNNING | IFF_MULTICAST | IFF_LOWER_UP
HEADER = "t - trapped, o - offload failure\n\n"


def ethernet(ifindex: int, name: str, flags: int = RUNNING) -> Link:
    """A veth of 10 Gbit/s."""
    hardware = bytes((2, 0, 0, 0, 0, ifindex))
    return Link(ifindex, name, flags, 1500, hardware, 100 + ifindex, "veth", 10000)


def address(ifindex: int, text: str) -> LinkAddress:
    """An address as `ip address add` makes it."""
    return LinkAddress(ifindex, Prefix.parse(text, with_host=True))


class Stack:
    """The two daemons, their kernel and sessions to both.

    With `namespaces` zebra takes namespaces for VRFs (`-n`), and these are there.
    """

    def __init__(
        self,
        links: Iterable[Link] = (),
        addresses: Iterable[LinkAddress] = (),
        *,
        static: bool = True,
        namespaces: Iterable[str] | None = None,
    ) -> None:
        self.scheduler = FakeScheduler()
        self.log = MemoryLog()
        self.kernel = MemoryKernel(self.scheduler.call_soon, links, addresses)
        clock = self.scheduler.clock
        opened = partial(MemoryKernel, self.scheduler.call_soon)
        self.zebra = Zebra(
            self.scheduler,
            clock,
            self.log,
            self.kernel,
            open_namespace=None if namespaces is None else lambda path: opened(),
        )
        self.zebra.start()
        for name in namespaces or ():
            assert self.zebra.namespaces is not None
            self.zebra.namespaces.found(name)
        self.staticd = Staticd(self.scheduler, clock, self.log)
        if static:
            client, server = PairLink.make(self.scheduler.call_soon)
            self.zebra.accept(server)
            self.staticd.attach_zebra(client)
        self.settle()

    def settle(self) -> None:
        """Let everything happen that is due."""
        self.scheduler.settle()

    def _lines(self, session: Session, lines: Iterable[str]) -> list[Reply]:
        replies = []
        for line in lines:
            reply = session.execute(line)
            replies.append(Reply(["".join(reply.output)], reply.status))
        self.settle()
        return replies

    def configure(self, *lines: str) -> list[Reply]:
        """Lines for zebra from the config node on."""
        return self._lines(Session(self.zebra, CONFIG), lines)

    def static(self, *lines: str) -> list[Reply]:
        """Lines for staticd from the config node on."""
        return self._lines(Session(self.staticd, CONFIG), lines)

    def show(self, line: str) -> str:
        """What zebra answers in the enable node."""
        return "".join(Session(self.zebra, ENABLE).execute(line).output)

    def routes(self, line: str = "show ip route") -> list[str]:
        """The lines of a list of routes, without the codes at its top and without ages."""
        text = self.show(line)
        body = text.partition(HEADER)[2]
        return [row.rpartition(",")[0] for row in body.splitlines()]

    def client(self, protocol: RouteType = RouteType.BGP, *, notify: bool = False) -> "TestClient":
        """A further client of zebra that keeps what it is told."""
        client = TestClient(self, protocol, notify=notify)
        self.settle()
        client.heard.clear()
        return client


class TestClient:
    """The far end of a conversation with zebra; `heard` are zebra's messages."""

    __test__ = False

    def __init__(self, stack: Stack, protocol: RouteType, *, notify: bool) -> None:
        self._stack = stack
        self.link, server = PairLink.make(stack.scheduler.call_soon)
        self.heard: list[Message] = []
        self.closed = False
        stack.zebra.accept(server)
        self.link.on_message = lambda message, vrf: self.heard.append(message)
        self.link.on_close = lambda: setattr(self, "closed", True)
        self.link.on_writable = lambda: None
        self.link.send(Hello(protocol, notify=notify))

    def send(self, *messages: Message) -> list[Message]:
        """Messages to zebra; what it says until nothing more happens."""
        self.heard.clear()
        for message in messages:
            self.link.send(message)
        self._stack.settle()
        return list(self.heard)
