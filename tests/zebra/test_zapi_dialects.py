"""Which dialect a client speaks, told from what real ones send first, and what it is answered."""

import asyncio
import socket
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

import pytest

from grammar.base.clock import SystemClock
from grammar.base.log import MemoryLog
from grammar.base.values import Address, Prefix
from tests.zebra.stack import address, ethernet
from tests.zebra.test_zapi_recordings import FILES, frame_of, recorded
from zebra.kernel.memory import MemoryKernel
from zebra.zapi import messages as zapi
from zebra.zapi.codec import FRR81, FRR84, Dialect, decode, encode, fits
from zebra.zapi.header import Framer
from zebra.zapi.recognise import Recogniser
from zebra.zapi.server import Server
from zebra.zebra import Zebra

HELLO = zapi.Hello(zapi.RouteType.BGP)
GATE = Address.parse("10.0.1.9")


@pytest.mark.parametrize(("name", "dialect"), FILES.items())
def test_recorded_clients_speak_what_they_are_taken_for(name: str, dialect: Dialect) -> None:
    recogniser = Recogniser()
    for _command, from_client, data in recorded(name):
        told = recogniser.look(frame_of(data)) if from_client else None
        if told is not None:
            assert told is dialect
            return
    assert dialect is FRR84  # what a client is taken for that says nothing that tells
    assert name.startswith(("staticd", "client-as-bgp"))


class Site:
    """A zebra in memory that serves a real socket, and byte clients of it."""

    def __init__(self, folder: Path) -> None:
        loop = asyncio.get_running_loop()
        self.log = MemoryLog()
        self.writers: list[asyncio.StreamWriter] = []
        kernel = MemoryKernel(loop.call_soon, [ethernet(2, "e1")], [address(2, "10.0.1.1/24")])
        self.zebra = Zebra(loop, SystemClock(), self.log, kernel)
        self.zebra.start()
        self.path = str(folder / "zserv.api")
        self.server = Server(self.path, self.zebra.accept)

    async def client(self, dialect: Dialect, *messages: zapi.Message) -> "ByteClient":
        reader, writer = await asyncio.open_unix_connection(self.path)
        return self.speaker(reader, writer, dialect, *messages)

    def speaker(
        self,
        reader: asyncio.StreamReader,
        writer: asyncio.StreamWriter,
        dialect: Dialect,
        *messages: zapi.Message,
    ) -> "ByteClient":
        self.writers.append(writer)
        client = ByteClient(reader, writer, dialect)
        client.send(*messages)
        return client

    async def stop(self) -> None:
        for writer in self.writers:
            writer.close()
            with suppress(ConnectionError):
                await writer.wait_closed()
        await self.server.stop()
        self.zebra.stop()


class ByteClient:
    """Speaks one dialect, strictly: what it cannot read is an error."""

    def __init__(
        self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter, dialect: Dialect
    ) -> None:
        self.reader, self.writer, self.dialect = reader, writer, dialect
        self.heard: list[zapi.Message] = []
        self._framer = Framer()

    def send(self, *messages: zapi.Message) -> None:
        for message in messages:
            self.writer.write(encode(message, 0, self.dialect))

    async def until(self, true: Callable[[zapi.Message], object]) -> zapi.Message:
        async with asyncio.timeout(5):
            while True:
                for message in self.heard:
                    if true(message):
                        return message
                self.heard += await self.read()

    async def read(self) -> list[zapi.Message]:
        return [
            decode(frame.command, frame.body, self.dialect, from_client=False)
            for frame in self._framer.feed(await self.reader.read(65536))
        ]


def conversation(folder: Path, talk: Callable[[Site], object]) -> None:
    async def run() -> None:
        site = Site(folder)
        await site.server.start()
        try:
            await talk(site)  # type: ignore[misc]
        finally:
            await site.stop()

    asyncio.run(run())


def interface(message: zapi.Message) -> bool:
    return isinstance(message, zapi.InterfaceState) and message.name == "e1"


BFD = zapi.BfdClientRegister(77)
FIRST = {
    "bgpd 8.4": (FRR84, (HELLO, zapi.InterfaceRequest(), BFD)),
    "bgpd 8.1": (FRR81, (HELLO, zapi.InterfaceRequest(), BFD)),
    "gobgpd": (FRR81, (HELLO, zapi.RouterIdAdd(), zapi.InterfaceRequest())),
    "staticd": (FRR84, (zapi.Hello(zapi.RouteType.STATIC), zapi.InterfaceRequest())),
}


@pytest.mark.parametrize(("dialect", "messages"), FIRST.values(), ids=FIRST)
def test_clients_are_answered_in_their_dialect(
    tmp_path: Path, dialect: Dialect, messages: tuple[zapi.Message, ...]
) -> None:
    async def talk(site: Site) -> None:
        client = await site.client(dialect, *messages)
        await client.until(lambda m: m == zapi.VrfAdd())
        state = await client.until(interface)
        assert isinstance(state, zapi.InterfaceState)
        assert (state.ifindex, state.mtu) == (2, 1500)
        watch = zapi.NexthopWatch(GATE.host_prefix())
        client.send(zapi.NexthopRegister((watch,)))
        update = await client.until(lambda m: isinstance(m, zapi.NexthopUpdate))
        assert isinstance(update, zapi.NexthopUpdate)
        assert update.asked == GATE.host_prefix()
        assert update.nexthops == (zapi.Nexthop.dev(2),)

    conversation(tmp_path, talk)


def test_a_client_that_only_says_hello_hears_of_vrfs(tmp_path: Path) -> None:
    async def talk(site: Site) -> None:
        client = await site.client(FRR84, HELLO)
        await client.until(lambda m: m == zapi.VrfAdd())

    conversation(tmp_path, talk)


def test_a_client_that_shows_its_dialect_late_is_told_all_again(tmp_path: Path) -> None:
    async def talk(site: Site) -> None:
        client = await site.client(FRR84, HELLO, zapi.InterfaceRequest())
        await client.until(interface)
        client.dialect = FRR81
        client.heard.clear()
        client.send(zapi.NexthopRegister((zapi.NexthopWatch(GATE.host_prefix()),)))
        await client.until(lambda m: m == zapi.VrfAdd())
        await client.until(interface)
        update = await client.until(lambda m: isinstance(m, zapi.NexthopUpdate))
        assert isinstance(update, zapi.NexthopUpdate)
        assert update.reachable

    conversation(tmp_path, talk)


def test_a_client_of_8_1_checks_what_it_may_import(tmp_path: Path) -> None:
    """Its `network` lines are watched by commands that later releases have no more."""
    wide, narrow = Prefix.parse("10.0.1.0/24"), Prefix.parse("10.0.1.0/25")

    async def talk(site: Site) -> None:
        client = await site.client(FRR81, HELLO, zapi.InterfaceRequest(), BFD)

        async def checked(prefix: Prefix, *, exact: bool) -> bool:
            client.heard.clear()
            watch = zapi.NexthopWatch(prefix, check=True, exact=exact)
            client.send(zapi.NexthopRegister((watch,)))
            update = await client.until(lambda m: isinstance(m, zapi.NexthopUpdate))
            assert isinstance(update, zapi.NexthopUpdate)
            assert update.check
            assert update.asked == prefix
            client.send(zapi.NexthopUnregister((watch,)))
            return update.reachable

        assert await checked(wide, exact=True)
        assert await checked(narrow, exact=False)
        assert not await checked(narrow, exact=True)
        client.send(zapi.Unknown(200))
        await client.until(lambda m: isinstance(m, zapi.Error))
        assert not site.zebra.tracker.tracked

    conversation(tmp_path, talk)


def test_a_message_fits_a_dialect_from_its_first_byte_to_its_last() -> None:
    body = encode(zapi.NexthopRegister((zapi.NexthopWatch(GATE.host_prefix()),)))[10:]
    assert fits(20, body, FRR84)
    assert not fits(20, body, FRR81)
    assert not fits(20, body + b"\0", FRR84)
    assert not fits(140, b"", FRR84)


# --- clients that do not read --------------------------------------------------------------------

COUNT = 8000
WAYS = ("add", "delete")


@pytest.fixture
def small_queues(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("zebra.zapi.stream._OUTPUT_HIGH", 1 << 16)


async def deaf_client(site: Site) -> socket.socket:
    """A client that asked for the routes of BGP and reads nothing, while zebra gets many."""
    loop = asyncio.get_running_loop()
    feeder = await site.client(FRR84, HELLO, zapi.InterfaceRequest(), BFD)
    deaf = socket.socket(socket.AF_UNIX)
    deaf.setblocking(False)
    await loop.sock_connect(deaf, site.path)
    afi = GATE.afi
    ospf = zapi.Hello(zapi.RouteType.OSPF)
    for message in (ospf, zapi.RedistributeAdd(afi, zapi.RouteType.BGP)):
        await loop.sock_sendall(deaf, encode(message))
    hops = (zapi.Nexthop.via(GATE),)
    for number in range(COUNT):
        prefix = Prefix(afi, (20 << 24) + (number << 8), 24)
        feeder.send(zapi.RouteAdd(zapi.Route(zapi.RouteType.BGP, prefix, hops, 20)))
    await feeder.writer.drain()
    table = site.zebra.rib.default.main(afi)
    async with asyncio.timeout(20):
        while len(table.routes) <= COUNT or not site.zebra.rib.idle:
            await asyncio.sleep(0.01)
    for number in range(COUNT // 2, COUNT):
        prefix = Prefix(afi, (20 << 24) + (number << 8), 24)
        feeder.send(zapi.RouteDelete(zapi.Route(zapi.RouteType.BGP, prefix)))
    async with asyncio.timeout(20):
        while len(table.routes) > COUNT // 2 + 1 or not site.zebra.rib.idle:
            await asyncio.sleep(0.01)
    return deaf


@pytest.mark.usefixtures("small_queues")
def test_a_slow_client_hears_the_state_of_things_when_it_reads(tmp_path: Path) -> None:
    async def talk(site: Site) -> None:
        deaf = await deaf_client(site)
        ospf = next(c for c in site.zebra.clients.all if c.protocol is zapi.RouteType.OSPF)
        assert ospf.link.congested
        assert sum(ospf.counts.values()) < COUNT
        reader, writer = await asyncio.open_unix_connection(sock=deaf)
        client = site.speaker(reader, writer, FRR84)
        known: set[Prefix] = set()
        told = 0
        async with asyncio.timeout(10):
            while ospf.link.congested or told < sum(ospf.counts["redist1", w] for w in WAYS):
                for message in await client.read():
                    if isinstance(message, zapi.RedistributeRoute):
                        told += 1
                        (known.add if message.add else known.discard)(message.route.prefix)
        assert len(known) == COUNT // 2

    conversation(tmp_path, talk)


@pytest.mark.usefixtures("small_queues")
def test_a_client_that_stopped_reading_is_dropped(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("zebra.zapi.stream.STALL", 0.3)

    async def talk(site: Site) -> None:
        deaf = await deaf_client(site)
        async with asyncio.timeout(5):
            while "dropped" not in site.log.text:
                await asyncio.sleep(0.01)
        (line,) = [line for line in site.log.text.splitlines() if "zserv" in line]
        assert line.endswith("dropped: the other end has read nothing for 0.3 seconds")
        assert all(c.protocol is not zapi.RouteType.OSPF for c in site.zebra.clients.all)
        deaf.close()

    conversation(tmp_path, talk)
