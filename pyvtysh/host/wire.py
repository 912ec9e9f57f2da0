"""BGP over unix sockets, for networks that exist in memory only.

A folder is the network: each speaker listens on `FOLDER/ADDRESS`, one socket per own address. Who
connects says first who it is, `192.0.2.1 49152\\n`; what follows is BGP. There are no hop counts,
and nothing that could sign segments: MD5 is refused.
"""

import asyncio
import contextlib
import errno
import os
import random
import socket
from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Protocol
from weakref import WeakSet

from bgp.sockets import Endpoint
from bgp.tasks import Tasks
from bgp.tcp import Stream
from bgp.transport import (
    HIGH_WATER,
    LOW_WATER,
    Attempt,
    Connection,
    Dial,
    Listener,
    TurnsAway,
    nobody,
)
from grammar.base.log import Level, Log
from grammar.base.values import Address, Prefix
from pyvtysh.host.errors import reason

_HELLO_LIMIT = 64
_MOMENT = 0.01
"""How long it takes to learn that a host is not there."""
_EPHEMERAL = (49152, 65535)

_OnAccept = Callable[[Connection], None]


class Network(Protocol):
    """Where a speaker is: its addresses, and whom it reaches, which may change."""

    def addresses(self) -> Iterable[tuple[str, Endpoint]]:
        """The own addresses with what each is called in the folder."""
        ...

    def reaches(self, remote: Endpoint) -> bool:
        """Whether packets to it leave this router."""
        ...

    def source(self, remote: Endpoint) -> Address | None:
        """The own address to speak to it from."""
        ...

    def called(self, remote: Endpoint) -> str:
        """What an address is called in the folder."""
        ...

    def follow(self, follower: Callable[[], None]) -> None:
        """Call back when the answers may have changed."""
        ...


class Addresses:
    """The `Network` of a speaker that has these addresses for good, and reaches everybody."""

    def __init__(self, addresses: tuple[Address, ...]) -> None:
        self._addresses = addresses

    def addresses(self) -> Iterable[tuple[str, Endpoint]]:
        """Each under its own text."""
        return [(str(address), Endpoint(address, 0)) for address in self._addresses]

    def reaches(self, remote: Endpoint) -> bool:
        """Everybody."""
        return True

    def source(self, remote: Endpoint) -> Address | None:
        """The one that shares the most leading bits."""
        wanted = remote.address
        same = [address for address in self._addresses if address.afi is wanted.afi]
        return min(same, key=lambda own: own.value ^ wanted.value, default=None)

    def called(self, remote: Endpoint) -> str:
        """Its text."""
        return str(remote.address)

    def follow(self, follower: Callable[[], None]) -> None:
        """Nothing changes."""


class WireStream(Stream):
    """A `Connection` whose ends have the addresses that the wire gives them."""

    def __init__(
        self,
        loop: asyncio.AbstractEventLoop,
        local: Endpoint,
        remote: Endpoint | None,
        accepted: "Callable[[WireStream], None] | None" = None,
    ) -> None:
        super().__init__(loop)
        self.local = local
        if remote is not None:
            self.remote = remote
        self._greeted = remote is not None
        self._hello = b""
        self._on_accept = accepted
        self._cut = self._paused = False
        self._held: list[bytes] = []

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """asyncio: the connection is there; who dialled tells who it is."""
        assert isinstance(transport, asyncio.Transport)
        self._transport = transport
        transport.set_write_buffer_limits(high=HIGH_WATER, low=LOW_WATER)
        self.fd = transport.get_extra_info("socket").fileno()
        if self._greeted:
            transport.write(f"{self.local.address} {self.local.port}\n".encode())

    def received(self, data: bytes) -> None:
        """Bytes came: at first who it is that dialled."""
        if self._greeted:
            super().received(data)
            return
        line, newline, rest = (self._hello + data).partition(b"\n")
        if newline and self._take_hello(line):
            self._greeted = True
            if self._on_accept is not None:
                self._on_accept(self)
            if rest:
                super().received(rest)
        elif newline or len(line) > _HELLO_LIMIT:
            self.close()
        else:
            self._hello = line

    def cut(self, on: bool) -> None:
        """Stand still, or go on: nothing comes and nothing goes while there is no way."""
        if on is self._cut:
            return
        self._cut = on
        if on:
            super().pause()
            return
        held, self._held = self._held, []
        super().write(b"".join(held))
        if not self._paused:
            super().resume()

    def write(self, data: bytes) -> None:
        """Send, or keep until there is a way."""
        if self._cut:
            self._held.append(data)
        else:
            super().write(data)

    @property
    def buffered(self) -> int:
        """With what waits for a way."""
        return super().buffered + sum(map(len, self._held))

    def pause(self) -> None:
        """Stop reading."""
        self._paused = True
        super().pause()

    def resume(self) -> None:
        """Read again, if there is a way."""
        self._paused = False
        if not self._cut:
            super().resume()

    def _take_hello(self, line: bytes) -> bool:
        try:
            address, port = line.decode("ascii").split()
            self.remote = Endpoint(Address.parse(address), int(port), self.local.scope)
        except ValueError:
            return False
        return True


@dataclass(slots=True)
class _Listening:
    socket: socket.socket
    path: Path
    listener: Listener
    server: asyncio.Server | None = None


class WireTransport:
    """`bgp.transport.Transport` over the sockets in `folder`."""

    def __init__(
        self,
        loop: asyncio.AbstractEventLoop,
        log: Log,
        folder: Path,
        network: Network,
        port: int = 179,
    ) -> None:
        self.listeners: list[Listener] = []
        self.dscp = 0
        self._loop = loop
        self._log = log
        self._folder = folder
        self._network = network
        self._port = port
        self._on_accept: _OnAccept | None = None
        self._listening: dict[str, _Listening] = {}
        self._streams: WeakSet[WireStream] = WeakSet()
        self._tasks = Tasks(loop)
        network.follow(self._changed)

    def listen(self, on_accept: _OnAccept, turns_away: TurnsAway = nobody) -> None:
        """Make the sockets; what fails is logged by name and left out."""
        if self._port:
            self._on_accept = on_accept
            self._changed()

    def _changed(self) -> None:
        """Addresses, links or routes are others."""
        for stream in list(self._streams):
            stream.cut(not self._network.reaches(stream.remote))
        if self._on_accept is None:
            return
        wanted = dict(self._network.addresses())
        for name in self._listening.keys() - wanted.keys():
            self._shut(self._listening.pop(name))
        for name, own in wanted.items():
            if name not in self._listening:
                self._try(name, own, self._on_accept)
        self.listeners = [one.listener for one in self._listening.values()]

    def _try(self, name: str, own: Endpoint, on_accept: _OnAccept) -> None:
        path = self._folder / name
        try:
            self._open(name, path, replace(own, port=self._port), on_accept)
        except OSError as error:
            text = f"cannot listen for BGP on {path}: {reason(error)}"
            self._log.write(Level.ERRORS, text)

    def _open(self, name: str, path: Path, local: Endpoint, on_accept: _OnAccept) -> None:
        self._folder.mkdir(parents=True, exist_ok=True)
        _remove_stale(path)
        sock = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        try:
            sock.bind(os.fspath(path))
            sock.listen()
        except OSError:
            sock.close()
            raise
        one = self._listening[name] = _Listening(sock, path, Listener(local, sock.fileno()))
        self._tasks.start(self._serve(one, on_accept))

    async def _serve(self, one: _Listening, on_accept: _OnAccept) -> None:
        def accepted(stream: WireStream) -> None:
            if self._network.reaches(stream.remote):
                self._streams.add(stream)
                on_accept(stream)
            else:  # an answer would not arrive
                stream.close()

        def stream() -> WireStream:
            return WireStream(self._loop, one.listener.endpoint, None, accepted)

        if one.socket.fileno() >= 0:
            one.server = await self._loop.create_unix_server(stream, sock=one.socket)

    def unlisten(self) -> None:
        """Close the sockets and take them away."""
        self._on_accept = None
        for one in self._listening.values():
            self._shut(one)
        self._listening.clear()
        self.listeners = []

    def _shut(self, one: _Listening) -> None:
        if one.server is not None:
            one.server.close()
        one.socket.close()
        with contextlib.suppress(OSError):
            one.path.unlink()

    def connect(
        self,
        dial: Dial,
        on_connected: Callable[[Connection], None],
        on_failed: Callable[[OSError], None],
    ) -> Attempt:
        """Begin to connect; EHOSTUNREACH where nobody has the address."""
        return self._tasks.start(self._connect(dial, on_connected, on_failed))

    async def _connect(
        self,
        dial: Dial,
        on_connected: Callable[[Connection], None],
        on_failed: Callable[[OSError], None],
    ) -> None:
        try:
            stream = await self._dialled(dial)
        except OSError as error:
            await asyncio.sleep(_MOMENT)
            on_failed(error)
        else:
            on_connected(stream)

    async def _dialled(self, dial: Dial) -> WireStream:
        if dial.password is not None:
            raise _no_md5()
        remote = dial.remote
        source = dial.source or self._network.source(remote)
        path = self._folder / self._network.called(remote)
        if source is None or not self._network.reaches(remote) or not path.exists():
            raise OSError(errno.EHOSTUNREACH, os.strerror(errno.EHOSTUNREACH))
        scope = remote.scope if source.is_link_local else 0
        port = random.randint(*_EPHEMERAL)  # no secret  # noqa: S311  # nosec B311
        local = Endpoint(source, port, scope)
        stream = WireStream(self._loop, local, remote)
        await self._loop.create_unix_connection(lambda: stream, os.fspath(path))
        self._streams.add(stream)
        return stream

    def set_password(self, peer: Address | Prefix, password: str | None) -> None:
        """OSError for any password: nothing here could check it."""
        if password is not None:
            raise _no_md5()

    def set_ttl(self, connection: Connection, ttl: int, min_ttl: int) -> None:
        """There are no hops."""

    def set_mss(self, connection: Connection, mss: int) -> None:
        """There are no segments."""

    def dropped(self) -> dict[str, int]:
        """There is no kernel in between."""
        return {}

    def within(self, vrf: str, netns: str) -> "WireTransport":
        """Of a folder below, for the nodes that are in the VRF too."""
        folder = self._folder / vrf
        return WireTransport(self._loop, self._log, folder, self._network, self._port)


def _no_md5() -> OSError:
    return OSError(errno.EOPNOTSUPP, "no MD5 signatures on a wire in memory")


def _remove_stale(path: Path) -> None:
    with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as probe:
        try:
            probe.connect(os.fspath(path))
        except ConnectionRefusedError:
            path.unlink()
        except FileNotFoundError:
            return
        else:
            raise OSError(errno.EADDRINUSE, "another speaker has this address")
