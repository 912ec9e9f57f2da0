"""Whole conversations from any bytes: a session, a router, and both ends of a vty socket."""

import asyncio
from collections.abc import Callable
from typing import Final

from bgp.fsm import State
from bgp.session import Session
from bgp.wire.message import EXTENDED_LENGTH, Framer, MessageType, pack
from grammar.session import Session as VtySession
from pyvtysh.host.telnet import TelnetConnection
from pyvtysh.host.vty import LINE_LIMIT, VtyConnection
from pyvtysh.link import LinkLostError, SocketLink
from tests.bgp.sessions import ONE, TWO, opened
from tests.bgp.stranger import Stranger
from tests.grammar.toy import Farm

Target = Callable[[bytes], None]

_STATES: Final = (State.OPEN_SENT, State.OPEN_CONFIRM, State.ESTABLISHED)


def session(data: bytes) -> None:
    """What a neighbour says in one of three states, to a session without a socket.

    Whatever it is, the session is in a state of the table afterwards, and what it says itself are
    whole messages, of which a NOTIFICATION is the last.
    """
    choice, said = data[0] if data else 0, data[1:]
    mine = Session(ONE)
    mine.start(0.0)
    mine.connected(0.0)
    if choice % 3 > 0:
        mine.receive(opened(TWO), 1.0)
    if choice % 3 > 1:
        mine.receive(pack(MessageType.KEEPALIVE), 1.0)
    assert mine.state is _STATES[choice % 3]
    mine.outgoing()
    mine.receive(said, 2.0)
    framer = Framer(EXTENDED_LENGTH)
    framer.feed(mine.outgoing())
    kinds = [kind for kind, _ in framer]
    assert framer.pending == 0
    ended = MessageType.NOTIFICATION in kinds
    assert kinds.count(MessageType.NOTIFICATION) == ended
    if ended:
        assert kinds[-1] == MessageType.NOTIFICATION
        assert mine.state is State.IDLE
    assert mine.state in (*_STATES, State.IDLE)


_USED: Final = 200
"""Inputs that one router is for: to make one takes longer than an input."""
_routers: list[Stranger] = []


def router(data: bytes) -> None:
    """Messages from a neighbour whose routes are in the table: whatever they are, the other
    neighbour notices nothing, and the session can be had again. Each is a type, two bytes of
    length and a body."""
    if not _routers or len(_routers) >= _USED:
        _routers[:] = [Stranger()]
    stranger = _routers[0].again().reach(State.ESTABLISHED)
    _routers.append(stranger)
    at = 0
    while at + 3 <= len(data):
        kind = (2, 2, 2, 5, 6, 3, 1, 4)[data[at] % 8]
        size = int.from_bytes(data[at + 1 : at + 3], "big")
        stranger.say(pack(kind, data[at + 3 : at + 3 + size]))
        at += 3 + size
    stranger.check_friend()


class _Kept(asyncio.Transport):
    """A transport that keeps what is written."""

    def __init__(self) -> None:
        super().__init__()
        self.data = bytearray()
        self.paused = self.closed = False

    def write(self, data: bytes | bytearray | memoryview) -> None:
        self.data += data

    def is_closing(self) -> bool:
        return False

    def pause_reading(self) -> None:
        self.paused = True

    def resume_reading(self) -> None:
        self.paused = False

    def close(self) -> None:
        self.closed = True

    abort = close


def vty(data: bytes) -> None:
    """What a client says to the vty sockets of a daemon, in pieces of the first byte's size."""

    async def talk() -> None:
        for make in (_unix, _telnet):
            connection = make()
            client = _Kept()
            connection.connection_made(client)
            size = 1 + data[0] * 300 if data else 1
            for start in range(1, len(data), size):
                connection.data_received(data[start : start + size])
                while client.paused and not client.closed:
                    await asyncio.sleep(0)
                assert len(getattr(connection, "_input", b"")) <= LINE_LIMIT + size
            connection.connection_lost(None)

    with asyncio.Runner() as runner:
        runner.get_loop().set_exception_handler(_fail)
        runner.run(talk())


def _fail(_loop: asyncio.AbstractEventLoop, context: dict[str, object]) -> None:
    raise AssertionError(context)


def _unix() -> VtyConnection:
    return VtyConnection(VtySession(Farm()), lambda _: None, lambda *_: None)


def _telnet() -> TelnetConnection:
    return TelnetConnection(Farm(), lambda _: None, password_needed=False)


class _Answering(SocketLink):
    """A link whose daemon says these bytes, in pieces."""

    def __init__(self, pieces: list[bytes]) -> None:
        self._pieces = pieces

    def _receive(self) -> bytes:
        if not self._pieces:
            raise LinkLostError(0, "closed by the daemon")
        return self._pieces.pop(0)


def answers(data: bytes) -> None:
    """What a daemon answers to a shell, in pieces of the first byte's size."""
    size, said = 1 + data[0] if data else 1, data[1:]
    link = _Answering([said[at : at + size] for at in range(0, len(said), size)])
    running = link._answer()
    text = ""
    try:
        while True:
            text += next(running)
    except StopIteration as end:
        status = end.value
    except LinkLostError:
        assert said.count(0) == 0 or len(said) - said.index(0) < 4
        return
    assert 0 <= status < 256
    assert "\0" not in text


STREAMS: Final[dict[str, Target]] = {one.__name__: one for one in (session, router, vty, answers)}
