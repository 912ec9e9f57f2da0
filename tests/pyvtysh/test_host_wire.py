"""BGP connections over unix sockets: addresses, bytes, refusals."""

import asyncio
import errno
import socket
from collections.abc import Callable, Coroutine
from pathlib import Path

import pytest

from bgp.sockets import Endpoint
from bgp.transport import Connection, Dial
from grammar.base.log import MemoryLog
from grammar.base.values import Address
from pyvtysh.host.wire import Addresses, WireTransport

ROUTER, NODE = Address.parse("192.168.122.1"), Address.parse("192.168.122.102")


def run(steps: Callable[[], Coroutine[None, None, None]]) -> None:
    async def limited() -> None:
        async with asyncio.timeout(10):
            await steps()

    asyncio.run(limited())


def transport(folder: Path, *addresses: Address) -> WireTransport:
    return WireTransport(asyncio.get_running_loop(), MemoryLog(), folder, Addresses(addresses))


async def dialled(wire: WireTransport, dial: Dial) -> Connection:
    made: asyncio.Future[Connection] = asyncio.get_running_loop().create_future()
    wire.connect(dial, made.set_result, made.set_exception)
    return await made


def test_both_ends_know_each_other(tmp_path: Path) -> None:
    async def steps() -> None:
        router, node = transport(tmp_path, ROUTER), transport(tmp_path, NODE)
        accepted: asyncio.Future[Connection] = asyncio.get_running_loop().create_future()
        heard: asyncio.Future[bytes] = asyncio.get_running_loop().create_future()

        def accept(connection: Connection) -> None:
            connection.on_data = heard.set_result
            accepted.set_result(connection)

        router.listen(accept)
        assert [str(one.endpoint.address) for one in router.listeners] == ["192.168.122.1"]
        connection = await dialled(node, Dial(Endpoint(ROUTER, 179), source=NODE))
        connection.write(b"OPEN")
        other = await accepted
        assert (connection.local.address, connection.remote) == (NODE, Endpoint(ROUTER, 179))
        assert (other.local, other.remote) == (Endpoint(ROUTER, 179), connection.local)
        assert await heard == b"OPEN"
        closed: asyncio.Future[OSError | None] = asyncio.get_running_loop().create_future()
        connection.on_close = closed.set_result
        other.close()
        assert await closed is None
        connection.close()
        router.unlisten()
        assert list(tmp_path.iterdir()) == []

    run(steps)


def test_nobody_there(tmp_path: Path) -> None:
    async def steps() -> None:
        wire = transport(tmp_path, ROUTER)
        with pytest.raises(OSError, match="No route to host") as caught:
            await dialled(wire, Dial(Endpoint(NODE, 179)))
        assert caught.value.errno == errno.EHOSTUNREACH

    run(steps)


def test_a_dead_speakers_socket(tmp_path: Path) -> None:
    async def steps() -> None:
        with socket.socket(socket.AF_UNIX) as dead:
            dead.bind(str(tmp_path / str(NODE)))
        wire = transport(tmp_path, ROUTER)
        with pytest.raises(ConnectionRefusedError):
            await dialled(wire, Dial(Endpoint(NODE, 179)))
        node = transport(tmp_path, NODE)
        accepted: asyncio.Future[Connection] = asyncio.get_running_loop().create_future()
        node.listen(accepted.set_result)
        connection = await dialled(wire, Dial(Endpoint(NODE, 179)))
        (await accepted).close()
        connection.close()
        node.unlisten()
        await asyncio.sleep(0)

    run(steps)


def test_passwords_are_refused(tmp_path: Path) -> None:
    async def steps() -> None:
        wire = transport(tmp_path, ROUTER)
        with pytest.raises(OSError, match="MD5"):
            wire.set_password(NODE, "secret")
        wire.set_password(NODE, None)
        with pytest.raises(OSError, match="MD5"):
            await dialled(wire, Dial(Endpoint(NODE, 179), password="secret"))

    run(steps)


@pytest.mark.parametrize("hello", [b"nonsense\n", b"1.2.3.4 x\n", b"x" * 100])
def test_who_does_not_introduce_himself_is_cut(tmp_path: Path, hello: bytes) -> None:
    async def steps() -> None:
        wire = transport(tmp_path, ROUTER)
        accepted: list[Connection] = []
        wire.listen(accepted.append)
        await asyncio.sleep(0)
        reader, writer = await asyncio.open_unix_connection(str(tmp_path / str(ROUTER)))
        writer.write(hello)
        assert await reader.read() == b""
        assert not accepted
        writer.close()
        wire.unlisten()

    run(steps)


def test_an_address_in_use_is_told(tmp_path: Path) -> None:
    async def steps() -> None:
        first, log = transport(tmp_path, ROUTER), MemoryLog()
        first.listen(lambda connection: None)
        second = WireTransport(asyncio.get_running_loop(), log, tmp_path, Addresses((ROUTER,)))
        second.listen(lambda connection: None)
        assert not second.listeners
        assert "another speaker has this address" in log.text
        await asyncio.sleep(0)
        first.unlisten()

    run(steps)
