"""BGP connections over unix sockets: addresses, bytes, refusals."""

import asyncio
import errno
import socket
from collections.abc import Callable, Coroutine, Iterable
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


class Severed(Addresses):
    """A network whose way to everybody can be taken away."""

    def __init__(self, *addresses: Address) -> None:
        super().__init__(addresses)
        self.there = True
        self.own = addresses
        self._followers: list[Callable[[], None]] = []

    def addresses(self) -> Iterable[tuple[str, Endpoint]]:
        return [(str(address), Endpoint(address, 0)) for address in self.own]

    def reaches(self, remote: Endpoint) -> bool:
        return self.there

    def follow(self, follower: Callable[[], None]) -> None:
        self._followers.append(follower)

    def change(self, *, there: bool) -> None:
        self.there = there
        for follower in self._followers:
            follower()


def test_a_connection_without_a_way_stands_still(tmp_path: Path) -> None:
    async def steps() -> None:
        network = Severed(NODE)
        router = transport(tmp_path, ROUTER)
        node = WireTransport(asyncio.get_running_loop(), MemoryLog(), tmp_path, network)
        accepted: asyncio.Future[Connection] = asyncio.get_running_loop().create_future()
        router.listen(accepted.set_result)
        connection = await dialled(node, Dial(Endpoint(ROUTER, 179)))
        other = await accepted
        heard: list[tuple[str, bytes]] = []
        connection.on_data = lambda data: heard.append(("node", data))
        other.on_data = lambda data: heard.append(("router", data))
        network.change(there=False)
        connection.write(b"KEEP")
        other.write(b"ALIVE")
        assert connection.buffered == 4
        with pytest.raises(OSError, match="No route to host"):
            await dialled(node, Dial(Endpoint(ROUTER, 179)))
        await asyncio.sleep(0)
        assert heard == []
        network.change(there=True)
        while len(heard) < 2:
            await asyncio.sleep(0.001)
        assert sorted(heard) == [("node", b"ALIVE"), ("router", b"KEEP")]
        connection.close()
        other.close()
        router.unlisten()

    run(steps)


def test_it_listens_where_its_addresses_are(tmp_path: Path) -> None:
    async def steps() -> None:
        network = Severed(NODE)
        node = WireTransport(asyncio.get_running_loop(), MemoryLog(), tmp_path, network)
        node.listen(lambda connection: None)
        network.own = (ROUTER,)
        network.change(there=True)
        assert [path.name for path in tmp_path.iterdir()] == [str(ROUTER)]
        assert [one.endpoint.address for one in node.listeners] == [ROUTER]
        await asyncio.sleep(0)
        network.there = False
        with pytest.raises(OSError, match="No route to host"):
            await dialled(node, Dial(Endpoint(ROUTER, 179)))
        stranger = transport(tmp_path, NODE)
        connection = await dialled(stranger, Dial(Endpoint(ROUTER, 179)))
        closed: asyncio.Future[OSError | None] = asyncio.get_running_loop().create_future()
        connection.on_close = closed.set_result
        assert await closed is None  # an answer would not arrive
        node.unlisten()
        assert list(tmp_path.iterdir()) == []

    run(steps)
