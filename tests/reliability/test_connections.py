"""A connection that is over is freed at once, with its socket and its transport of asyncio's.

A daemon that makes no collections would keep each client of its vty for good.
"""

import asyncio
import gc
import socket
from collections.abc import Callable
from weakref import ref

import pytest

from bgp.tcp import Stream
from grammar.session import Session
from pyvtysh.host.vty import VtyConnection
from tests.fuzz.streams import Farm
from zebra.zapi.stream import StreamLink


def bgp() -> asyncio.BufferedProtocol:
    return Stream(asyncio.get_running_loop())


def zapi() -> asyncio.BufferedProtocol:
    return StreamLink(lambda _: None, server=True)


def vty() -> asyncio.Protocol:
    return VtyConnection(Session(Farm()), lambda _: None, lambda *_: None)


async def left_over(made: Callable[[], asyncio.BaseProtocol], *, by_us: bool) -> list[str]:
    """What is still there of a connection that the other end, or this one, has ended."""
    with socket.create_server(("127.0.0.1", 0)) as door:
        there = socket.create_connection(door.getsockname())
        here, _ = door.accept()
    transport, protocol = await asyncio.get_running_loop().create_connection(made, sock=here)
    known = {
        "transport": ref(transport),
        "socket": ref(here),
        "protocol": ref(protocol),
    }
    del here, protocol
    there.send(b"enable\0")
    await asyncio.sleep(0.02)
    if by_us:
        transport.abort()
    del transport
    there.close()
    await asyncio.sleep(0.02)
    return [name for name, it in known.items() if it() is not None]


@pytest.mark.parametrize("made", [bgp, zapi, vty])
@pytest.mark.parametrize("by_us", [False, True])
def test_a_connection_that_is_over_is_freed_at_once(
    made: Callable[[], asyncio.BaseProtocol], by_us: bool
) -> None:
    gc.collect()
    gc.disable()
    try:
        assert asyncio.run(left_over(made, by_us=by_us)) == []
    finally:
        gc.enable()
