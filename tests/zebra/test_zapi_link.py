"""Both kinds of link, the client and the server."""

import asyncio
import os
import socket
import stat
from collections.abc import Awaitable, Callable, Coroutine
from pathlib import Path

import pytest

from grammar.base.values import Prefix
from zebra.zapi import messages as zapi
from zebra.zapi.client import Client, connect
from zebra.zapi.codec import encode
from zebra.zapi.link import Link, PairLink
from zebra.zapi.server import Server, listen
from zebra.zapi.stream import StreamLink

HELLO = zapi.Hello(zapi.RouteType.BGP)


class Ear:
    """Records what a link's callbacks say."""

    def __init__(self, link: Link) -> None:
        self.link = link
        self.heard: list[tuple[zapi.Message, int]] = []
        self.closes = 0
        self.writable = 0
        link.on_message = lambda message, vrf: self.heard.append((message, vrf))
        link.on_close = self._close
        link.on_writable = self._writable

    def _close(self) -> None:
        self.closes += 1

    def _writable(self) -> None:
        self.writable += 1


async def until(true: Callable[[], object]) -> None:
    async with asyncio.timeout(30):
        while not true():
            await asyncio.sleep(0.001)


Ends = tuple[Ear, Ear]


async def pair(_folder: Path) -> tuple[Ends, Callable[[], Awaitable[None]]]:
    async def nothing() -> None:
        pass

    client, server = PairLink.make(asyncio.get_running_loop().call_soon)
    return (Ear(client), Ear(server)), nothing


async def stream(folder: Path) -> tuple[Ends, Callable[[], Awaitable[None]]]:
    ears: list[Ear] = []
    server = Server(str(folder / "zserv.api"), lambda link: ears.append(Ear(link)))
    await server.start()
    client = Ear(await connect(str(folder / "zserv.api"), lambda _link: None))
    await until(lambda: ears)
    return (client, ears[0]), server.stop


both = pytest.mark.parametrize("make", [pair, stream])
Make = Callable[[Path], Coroutine[None, None, tuple[Ends, Callable[[], Awaitable[None]]]]]


@both
def test_messages_arrive_in_order_both_ways(make: Make, tmp_path: Path) -> None:
    async def run() -> None:
        (client, server), end = await make(tmp_path)
        requests = [zapi.BfdClientRegister(number) for number in range(1000)]
        for request in requests:
            client.link.send(request, 3)
        assert server.heard == []
        server.link.send(zapi.Capabilities())
        await until(lambda: len(server.heard) == 1000 and client.heard)
        assert server.heard == [(request, 3) for request in requests]
        assert client.heard == [(zapi.Capabilities(), 0)]
        await end()

    asyncio.run(run())


@both
def test_the_other_end_hears_what_was_sent_and_then_the_end(make: Make, tmp_path: Path) -> None:
    async def run() -> None:
        (client, server), end = await make(tmp_path)
        client.link.send(HELLO)
        client.link.close()
        assert client.link.closed
        await until(lambda: server.closes)
        assert server.heard == [(HELLO, 0)]
        assert server.link.closed
        server.link.send(zapi.Capabilities())
        server.link.close()
        await asyncio.sleep(0.01)
        assert (server.closes, client.closes, client.heard) == (1, 0, [])
        await end()

    asyncio.run(run())


@both
def test_a_paused_end_takes_nothing_and_holds_the_sender_back(make: Make, tmp_path: Path) -> None:
    async def run() -> None:
        (client, server), end = await make(tmp_path)
        server.link.pause()
        update = zapi.BfdClientRegister(1)
        sent = 0
        while not client.link.congested:
            for _ in range(500):
                client.link.send(update)
            sent += 500
            await asyncio.sleep(0)
            assert sent < 1_000_000
        await asyncio.sleep(0.01)
        assert server.heard == []
        assert client.link.congested
        server.link.resume()
        await until(lambda: len(server.heard) == sent)
        await until(lambda: client.writable)
        assert not client.link.congested
        await end()

    asyncio.run(run())


@both
def test_an_error_in_a_callback_does_not_stop_the_link(make: Make, tmp_path: Path) -> None:
    async def run() -> None:
        (client, server), end = await make(tmp_path)
        errors: list[object] = []
        loop = asyncio.get_running_loop()
        loop.set_exception_handler(lambda _loop, context: errors.append(context["exception"]))

        def fail(_message: zapi.Message, _vrf: int) -> None:
            server.heard.append((zapi.InterfaceCancel(), 0))
            raise RuntimeError("broken")

        server.link.on_message = fail
        client.link.send(HELLO)
        client.link.send(HELLO)
        await until(lambda: len(server.heard) == 2)
        assert len(errors) == 2
        await end()

    asyncio.run(run())


def test_a_bad_message_is_dropped_and_the_stream_goes_on(tmp_path: Path) -> None:
    async def run() -> None:
        said: list[tuple[int | None, str]] = []
        ears: list[Ear] = []

        def accept(link: StreamLink) -> None:
            ears.append(Ear(link))
            link.on_malformed = lambda command, text: said.append((command, text))

        server = Server(str(tmp_path / "z"), accept)
        await server.start()
        _reader, writer = await asyncio.open_unix_connection(str(tmp_path / "z"))
        writer.write(encode(zapi.Unknown(18, b"\x09")) + encode(HELLO) + encode(zapi.Unknown(200)))
        await until(lambda: ears and len(ears[0].heard) == 2)
        assert isinstance(ears[0].link, StreamLink)
        assert (ears[0].link.fd or 0) > 2
        assert ears[0].heard == [(HELLO, 0), (zapi.Unknown(200), 0)]
        assert said == [(18, "body ends 2 bytes too early")]
        writer.close()
        await server.stop()

    asyncio.run(run())


def test_a_wrong_version_cuts_the_connection_of_that_client_only(tmp_path: Path) -> None:
    async def run() -> None:
        ears: list[Ear] = []
        server = Server(str(tmp_path / "z"), lambda link: ears.append(Ear(link)))
        await server.start()
        good = Ear(await connect(str(tmp_path / "z"), lambda _link: None))
        reader, writer = await asyncio.open_unix_connection(str(tmp_path / "z"))
        writer.write(bytes.fromhex("0013fe05000000000012090000000000000000"))
        assert await reader.read() == b""
        await until(lambda: ears[1].closes)
        assert ears[1].heard == []
        good.link.send(HELLO)
        await until(lambda: ears[0].heard)
        writer.close()
        await server.stop()
        await until(lambda: good.closes)

    asyncio.run(run())


def test_the_client_comes_when_the_server_does_and_again_when_it_is_back(tmp_path: Path) -> None:
    async def run() -> None:
        path = str(tmp_path / "z")
        links: list[Ear] = []
        client = Client(path, lambda link: links.append(Ear(link)), retry=0.01)
        client.start()
        await asyncio.sleep(0.03)
        assert links == []
        for times in (1, 2):
            server = Server(path, lambda _link: None)
            await server.start()
            await until(lambda times=times: len(links) == times)
            await server.stop()
            await until(lambda: links[-1].closes)
        await client.stop()
        assert not os.path.exists(path)

    asyncio.run(run())


def test_the_socket_is_ours_alone_and_replaces_a_dead_one(tmp_path: Path) -> None:
    path = str(tmp_path / "z")
    listen(path).close()
    assert os.path.exists(path)
    with listen(path):
        assert stat.S_IMODE(os.stat(path).st_mode) == 0o700


def test_a_living_socket_or_a_file_is_left_alone(tmp_path: Path) -> None:
    path = str(tmp_path / "z")
    with listen(path), pytest.raises(OSError, match="another zebra is there"):
        listen(path)
    with socket.socket(socket.AF_UNIX) as probe, listen(str(tmp_path / "y")):
        probe.connect(str(tmp_path / "y"))
    (tmp_path / "file").write_text("precious")
    with pytest.raises(OSError, match="a file that is no socket"):
        listen(str(tmp_path / "file"))
    with pytest.raises(OSError, match=f"cannot listen on {tmp_path}/no/z: No such file"):
        listen(str(tmp_path / "no" / "z"))
    assert (tmp_path / "file").read_text() == "precious"


def test_a_route_goes_through_whole(tmp_path: Path) -> None:
    async def run() -> None:
        (client, server), end = await stream(tmp_path)
        route = zapi.Route(zapi.RouteType.STATIC, Prefix.parse("2001:db8::/32"), distance=1)
        client.link.send(zapi.RouteAdd(route))
        await until(lambda: server.heard)
        assert server.heard == [(zapi.RouteAdd(route), 0)]
        await end()

    asyncio.run(run())
