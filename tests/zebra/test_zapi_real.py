"""Our ends of ZAPI against FRR's: our client with its zebra, its staticd with our server."""

import asyncio
import pwd
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from grammar.base.values import Address, Prefix
from tests.support.namespaces import Lab, Namespace
from zebra.zapi import messages as zapi
from zebra.zapi.client import Client
from zebra.zapi.server import Server
from zebra.zapi.stream import StreamLink

pytestmark = pytest.mark.real

DAEMONS = Path("/usr/lib/frr")
GATE = Address.parse("192.0.2.9")


@pytest.fixture
def node() -> Iterator[Namespace]:
    with Lab() as lab:
        node, far = lab.namespace("r"), lab.namespace("far")
        lab.link(node, "eth0", far, "eth0")
        node.ip("address", "add", "192.0.2.1/24", "dev", "eth0")
        node.directory.chmod(0o777)
        yield node


def start(node: Namespace, daemon: str, *options: str) -> None:
    folder = node.directory
    node.spawn(
        [
            DAEMONS / daemon, "-f", "/dev/null", "-P", "0", "-z", folder / "zserv.api",
            "-i", folder / f"{daemon}.pid", "--vty_socket", folder, *options,
        ],
        log=f"{daemon}.log",
    )  # fmt: skip


class Conversation:
    """What was heard on the newest link, and a wait for it."""

    def __init__(self) -> None:
        self.link: StreamLink | None = None
        self.heard: list[zapi.Message] = []
        self.said: list[str] = []

    def accept(self, link: StreamLink) -> None:
        link.on_message = lambda message, _vrf: self.heard.append(message)
        link.on_malformed = lambda _command, text: self.said.append(text)
        self.link = link

    async def until(self, true: Callable[[zapi.Message], object]) -> zapi.Message:
        async with asyncio.timeout(10):
            while True:
                for message in self.heard:
                    if true(message):
                        return message
                await asyncio.sleep(0.005)

    async def until_class(self, kind: type[zapi.Message]) -> zapi.Message:
        return await self.until(lambda message: isinstance(message, kind))


def test_our_client_and_frrs_zebra(node: Namespace) -> None:
    async def run() -> None:
        start(node, "zebra")
        talk = Conversation()
        client = Client(str(node.directory / "zserv.api"), talk.accept, retry=0.05)
        client.start()
        async with asyncio.timeout(10):
            while talk.link is None:
                await asyncio.sleep(0.01)
        link = talk.link
        link.send(zapi.Hello(zapi.RouteType.BGP, notify=True))
        link.send(zapi.InterfaceRequest())
        link.send(zapi.RouterIdAdd())
        assert await talk.until_class(zapi.Capabilities) == zapi.Capabilities()
        assert await talk.until_class(zapi.VrfAdd) == zapi.VrfAdd()
        await talk.until(lambda m: m == zapi.RouterIdUpdate(Prefix.parse("192.0.2.1/32")))
        state = await talk.until(lambda m: isinstance(m, zapi.InterfaceState) and m.name == "eth0")
        assert isinstance(state, zapi.InterfaceState)
        assert (state.mtu, state.speed, state.link_layer) == (1500, 10000, 1)
        await talk.until(
            lambda m: isinstance(m, zapi.InterfaceAddress)
            and m.prefix == Prefix.parse("192.0.2.1/24", with_host=True)
        )
        watched = GATE.host_prefix()
        link.send(zapi.NexthopRegister((zapi.NexthopWatch(watched, connected=True),)))
        assert await talk.until_class(zapi.NexthopUpdate) == zapi.NexthopUpdate(
            watched,
            Prefix.parse("192.0.2.0/24"),
            zapi.RouteType.CONNECTED,
            nexthops=(zapi.Nexthop.dev(state.ifindex),),
        )
        prefix = Prefix.parse("172.19.0.100/32")
        route = zapi.Route(zapi.RouteType.BGP, prefix, (zapi.Nexthop.via(GATE),), 20, 0)
        link.send(zapi.RouteAdd(route))
        await talk.until(lambda m: m == zapi.RouteNotifyOwner(zapi.NotifyNote.INSTALLED, prefix))
        assert " via 192.0.2.9 dev eth0 proto bgp metric 20" in node.ip(
            "route", "show", "172.19.0.100"
        )
        link.send(zapi.RouteDelete(route))
        await talk.until(lambda m: m == zapi.RouteNotifyOwner(zapi.NotifyNote.REMOVED, prefix))
        link.send(zapi.Unknown(200))
        await talk.until(lambda m: m == zapi.Error(zapi.ErrorCode.INVALID_COMMAND))
        await client.stop()
        assert talk.said == []

    asyncio.run(run())


ETH0 = zapi.InterfaceState(
    zapi.InterfaceEvent.ADD,
    "eth0",
    2,
    zapi.InterfaceStatus.ACTIVE | zapi.InterfaceStatus.LINK_DETECTION,
    0x11043,
    mtu=1500,
    mtu6=1500,
    link_layer=zapi.LinkLayer.ETHERNET,
    hw_address=b"\2\0\0\0\0\1",
)
RESOLVED = zapi.NexthopUpdate(
    GATE.host_prefix(),
    Prefix.parse("192.0.2.0/24"),
    zapi.RouteType.CONNECTED,
    nexthops=(zapi.Nexthop.dev(2),),
)


async def greet_staticd(talk: Conversation) -> None:
    hello = await talk.until_class(zapi.Hello)
    assert hello == zapi.Hello(zapi.RouteType.STATIC, notify=True)
    assert talk.link is not None
    talk.link.send(zapi.Capabilities())
    talk.link.send(zapi.VrfAdd())
    await talk.until_class(zapi.InterfaceRequest)
    talk.link.send(ETH0)
    asked = await talk.until_class(zapi.NexthopRegister)
    assert asked == zapi.NexthopRegister((zapi.NexthopWatch(GATE.host_prefix()),))
    talk.link.send(RESOLVED)


async def added(talk: Conversation, prefix: Prefix) -> zapi.Route:
    message = await talk.until(lambda m: isinstance(m, zapi.RouteAdd) and m.route.prefix == prefix)
    assert isinstance(message, zapi.RouteAdd)
    return message.route


def test_our_server_and_frrs_staticd(node: Namespace) -> None:
    async def run() -> None:
        talk = Conversation()
        frr = pwd.getpwnam("frr")
        path = str(node.directory / "zserv.api")
        server = Server(path, talk.accept, owner=(frr.pw_uid, frr.pw_gid))
        await server.start()
        (node.directory / "staticd.conf").write_text(
            "ip route 10.9.0.0/16 192.0.2.9 200 tag 7\nip route 10.8.0.0/16 blackhole\n"
        )
        start(node, "staticd", "-f", str(node.directory / "staticd.conf"))
        await greet_staticd(talk)
        prefix = Prefix.parse("10.9.0.0/16")
        assert await added(talk, prefix) == zapi.Route(
            zapi.RouteType.STATIC,
            prefix,
            (zapi.Nexthop.via(GATE),),
            distance=200,
            flags=zapi.RouteFlag.ALLOW_RECURSION | zapi.RouteFlag.RR_USE_DISTANCE,
            tag=7,
        )
        hole = await added(talk, Prefix.parse("10.8.0.0/16"))
        assert hole.nexthops == (zapi.Nexthop.drop(),)
        assert talk.said == []
        await server.stop()

    asyncio.run(run())
