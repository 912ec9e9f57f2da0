import asyncio
import errno
import socket

import pytest

from bgp import tcp
from bgp.bgpd import Bgpd
from bgp.config import IPV4_UNICAST, BgpConfig, Network, PeerConfig
from bgp.door import PORTION, REST, Door
from bgp.fsm import State
from bgp.tcp import AsyncTransport
from bgp.transport import nobody
from grammar.base.clock import SystemClock
from grammar.base.log import MemoryLog
from grammar.base.values import Address, Prefix
from tests.bgp.network import free_port
from tests.bgp.zserv import Zserv
from zebra.zapi.messages import VrfAdd, VrfDelete


class Router:
    """A bgpd on a loopback address of its own, with real sockets."""

    def __init__(self, loop: asyncio.AbstractEventLoop, address: str, asn: int, port: int) -> None:
        self.log = MemoryLog()
        self.transport = AsyncTransport(loop, self.log, [address], port)
        self.bgpd = Bgpd(loop, SystemClock(), self.log, self.transport, f"as{asn}")
        self.bgpd.no_zebra = True
        here = Address.parse(address)
        self.config = BgpConfig(asn, router_id=here, ebgp_requires_policy=False)
        self.bgpd.config.instances[None] = self.config
        self.source = here

    def neighbor(self, other: "Router", port: int, **lines: object) -> None:
        self.config.peers[other.source] = PeerConfig(
            other.source,
            other.config.asn,
            port=port,
            update_source=self.source,
            **lines,  # type: ignore[arg-type]
        )

    def state(self, other: "Router") -> State:
        return self.bgpd.instances[None].peers[other.source].status


async def _pair(body: "object", **lines: object) -> None:
    loop = asyncio.get_running_loop()
    port = free_port()
    one = Router(loop, "127.0.0.11", 65001, port)
    two = Router(loop, "127.0.0.12", 65002, port)
    one.neighbor(two, port, **lines)
    two.neighbor(one, port, **lines)
    prefix = Prefix.parse("172.19.0.0/24")
    two.config.family(IPV4_UNICAST).networks[prefix] = Network()
    one.bgpd.start()
    two.bgpd.start()
    try:
        await body(one, two)  # type: ignore[operator]
    finally:
        one.bgpd.stop()
        two.bgpd.stop()
        await asyncio.sleep(0.05)


async def _until(condition: "object", seconds: float = 8) -> bool:
    for _ in range(int(seconds * 50)):
        if condition():  # type: ignore[operator]
            return True
        await asyncio.sleep(0.02)
    return False


def test_two_routers_talk_over_real_sockets() -> None:
    async def body(one: Router, two: Router) -> None:
        peer = one.bgpd.instances[None].peers[two.source]
        # The route and End-of-RIB; a next hop in 127/8 is a martian, so it is not taken.
        assert await _until(lambda: peer.state.received.updates == 2), one.log.text
        assert one.state(two) is State.ESTABLISHED
        assert "martian next hop" in one.log.text
        assert peer.state.fd > 0
        assert peer.state.remote is not None
        assert peer.state.remote.address == two.source
        assert one.transport.listeners[0].endpoint.address == one.source

    asyncio.run(_pair(body))


def test_a_stranger_is_turned_away_without_open() -> None:
    async def body(one: Router, two: Router) -> None:
        port = one.transport.listeners[0].endpoint.port
        reader, writer = await asyncio.open_connection(
            "127.0.0.11", port, local_addr=("127.0.0.99", 0)
        )
        assert await asyncio.wait_for(reader.read(), 3) == b""
        writer.close()

    asyncio.run(_pair(body))


def test_a_port_in_use_is_said_and_nothing_else_breaks() -> None:
    async def body() -> None:
        loop = asyncio.get_running_loop()
        port = free_port()
        first = AsyncTransport(loop, MemoryLog(), ["127.0.0.11"], port)
        first.listen(lambda connection: None)
        log = MemoryLog()
        second = AsyncTransport(loop, log, ["127.0.0.11", "127.0.0.13"], port)
        second.listen(lambda connection: None)
        assert f"127.0.0.11 port {port}: Address already in use" in log.text
        assert [one.endpoint.address for one in second.listeners] == [Address.parse("127.0.0.13")]
        await asyncio.sleep(0)
        first.unlisten()
        second.unlisten()

    asyncio.run(body())


def test_an_instance_of_a_vrf_lives_while_zebra_knows_the_vrf() -> None:
    """The VRF is a device, here `lo`: its sockets are bound to it."""

    async def body() -> None:
        loop = asyncio.get_running_loop()
        port = free_port()
        one = Router(loop, "127.0.0.11", 65001, port)
        two = Router(loop, "127.0.0.12", 65002, port)
        two.config.vrf = "lo"
        two.bgpd.config.instances = {"lo": two.config}
        one.neighbor(two, port)
        two.neighbor(one, port, passive=True)
        zebra = Zserv(two.bgpd, "127.0.0.12/8")
        two.bgpd.attach_zebra(zebra)
        one.bgpd.start()
        two.bgpd.start()
        instance = two.bgpd.instances["lo"]
        peer = instance.peers[one.source]
        try:
            assert not peer.running
            assert "Waiting for VRF" in peer.state.reset_reason.text
            zebra.on_message(VrfAdd("lo"), 9)
            assert await _until(lambda: peer.status is State.ESTABLISHED), one.log.text
            assert [each.endpoint.address for each in instance.transport.listeners] == [two.source]
            zebra.on_message(VrfDelete("lo"), 9)
            assert await _until(lambda: one.state(two) is not State.ESTABLISHED)
            assert not peer.running
            assert instance.transport is two.transport
        finally:
            one.bgpd.stop()
            two.bgpd.stop()
            await asyncio.sleep(0.05)

    asyncio.run(body())


def test_strangers_get_no_stream_and_few_a_turn(monkeypatch: pytest.MonkeyPatch) -> None:
    made: list[object] = []

    class Counted(tcp.Stream):
        def __init__(self, *arguments: object) -> None:
            made.append(self)
            super().__init__(*arguments)  # type: ignore[arg-type]

    async def body(one: Router, two: Router) -> None:
        peer = one.bgpd.instances[None].peers[two.source]
        assert await _until(lambda: peer.status is State.ESTABLISHED), one.log.text
        monkeypatch.setattr(tcp, "Stream", Counted)
        port = one.transport.listeners[0].endpoint.port
        callers = []
        # All of them wait at the door before the loop has a turn.
        for _ in range(3 * PORTION):
            caller = socket.create_connection(("127.0.0.11", port), 5, ("127.0.0.99", 0))
            caller.setblocking(False)
            callers.append(caller)
        turns = 0
        while not all(_closed(caller) for caller in callers) and turns < 1000:
            turns += 1
            await asyncio.sleep(0)
        assert 3 <= turns < 1000
        for caller in callers:
            assert _closed(caller)
            caller.close()
        assert made == []
        assert peer.status is State.ESTABLISHED

    asyncio.run(_pair(body))


def _closed(caller: socket.socket) -> bool:
    try:
        return caller.recv(1, socket.MSG_PEEK) == b""
    except BlockingIOError:
        return False
    except ConnectionError:
        return True


def test_a_system_that_hands_out_no_connection_is_not_asked_again_at_once() -> None:
    async def body() -> None:
        asked: list[float] = []

        class Full(socket.socket):
            def accept(self) -> "tuple[socket.socket, object]":
                asked.append(loop.time())
                raise OSError(errno.ENOBUFS, "No buffer space available")

        loop = asyncio.get_running_loop()
        with Full() as listener, socket.socket() as caller:
            listener.bind(("127.0.0.11", 0))
            listener.listen()
            caller.connect(listener.getsockname())
            door = Door(loop, listener, nobody, lambda sock, remote: None)
            assert await _until(lambda: len(asked) == 3)
            assert asked[2] - asked[0] >= 2 * REST - 0.1
            door.close()

    asyncio.run(body())
