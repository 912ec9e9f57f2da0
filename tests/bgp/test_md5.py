"""TCP MD5 fails closed (RFC 2385): for a neighbour or a range, IPv4 and IPv6, as it changes."""

import asyncio
import socket

import pytest

from bgp.sockets import md5_option
from bgp.tcp import AsyncTransport
from bgp.transport import Connection
from grammar.base.log import MemoryLog
from grammar.base.values import Address, Prefix
from tests.bgp.network import free_port

SOME = 0.25
"""Seconds in which nothing may come; a connection of this machine takes none of them."""


class Door:
    """A listening transport, and who comes to it."""

    def __init__(self, here: str, peer: Address | Prefix) -> None:
        self.here, self.peer = here, peer
        self.log = MemoryLog()
        self.port = free_port()
        self.accepted: list[Connection] = []
        self.transport = AsyncTransport(asyncio.get_running_loop(), self.log, [here], self.port)
        self.transport.listen(self.accepted.append)

    async def lets_in(self, key: str | None) -> bool:
        """Whether a connection with this key comes to something."""
        return await self._connects(key, 10)

    async def keeps_out(self, *keys: str | None) -> bool:
        """Whether none with these keys does."""
        return not any(await asyncio.gather(*(self._connects(key, SOME) for key in keys)))

    async def _connects(self, key: str | None, seconds: float) -> bool:
        family = socket.AF_INET6 if ":" in self.here else socket.AF_INET
        with socket.socket(family, socket.SOCK_STREAM | socket.SOCK_NONBLOCK) as caller:
            if key is not None:
                caller.setsockopt(socket.IPPROTO_TCP, *md5_option(Address.parse(self.here), key))
            caller.bind((self.here, 0))
            port = caller.getsockname()[1]
            loop = asyncio.get_running_loop()
            try:
                connecting = loop.sock_connect(caller, (self.here, self.port))
                await asyncio.wait_for(connecting, seconds)
            except OSError:  # a timeout, too
                return False
            for _ in range(int(seconds / 0.01)):
                if any(each.remote.port == port for each in self.accepted):
                    return True
                await asyncio.sleep(0.01)
            return False

    def close(self) -> None:
        """All of it."""
        self.transport.unlisten()
        for each in self.accepted:
            each.close()


@pytest.mark.parametrize(
    ("here", "peer"),
    [
        ("127.0.0.21", "127.0.0.21"),
        ("127.0.0.21", "127.0.0.0/24"),
        ("::1", "::1"),
        ("::1", "::/64"),
    ],
)
def test_only_the_right_key_comes_in(here: str, peer: str) -> None:
    async def body() -> None:
        door = Door(here, Prefix.parse(peer) if "/" in peer else Address.parse(peer))
        change = door.transport.set_password
        try:
            change(door.peer, "first secret")
            assert await door.keeps_out(None, "wrong", "first secre")
            assert await door.lets_in("first secret")
            change(door.peer, "second secret")
            assert await door.keeps_out(None, "first secret")
            assert await door.lets_in("second secret")
            change(door.peer, None)
            assert await door.keeps_out("first secret", "second secret")
            assert await door.lets_in(None)
            assert "secret" not in door.log.text
        finally:
            door.close()
            await asyncio.sleep(0)

    asyncio.run(body())


def test_a_key_that_the_kernel_does_not_take_keeps_all_out(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    async def body() -> None:
        door = Door("127.0.0.21", Address.parse("127.0.0.21"))
        try:
            monkeypatch.setattr("bgp.tcp.md5_option", lambda peer, key: (1 << 20, b""))
            door.transport.set_password(door.peer, "a secret")
            assert await door.keeps_out(None)
            assert "cannot set the TCP MD5 key of 127.0.0.21" in door.log.text
            assert "a secret" not in door.log.text
        finally:
            door.close()
            await asyncio.sleep(0)

    asyncio.run(body())
