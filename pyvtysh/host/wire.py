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
from collections.abc import Callable
from pathlib import Path

from bgp.sockets import Endpoint
from bgp.tcp import Stream, Tasks
from bgp.transport import HIGH_WATER, LOW_WATER, Attempt, Connection, Dial, Listener
from grammar.base.log import Level, Log
from grammar.base.values import Address, Prefix
from pyvtysh.host.errors import reason

_HELLO_LIMIT = 64
_MOMENT = 0.01
"""How long it takes to learn that a host is not there."""
_EPHEMERAL = (49152, 65535)

_OnAccept = Callable[[Connection], None]


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

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """asyncio: the connection is there; who dialled tells who it is."""
        assert isinstance(transport, asyncio.Transport)
        self._transport = transport
        transport.set_write_buffer_limits(high=HIGH_WATER, low=LOW_WATER)
        self.fd = transport.get_extra_info("socket").fileno()
        if self._greeted:
            transport.write(f"{self.local.address} {self.local.port}\n".encode())

    def data_received(self, data: bytes) -> None:
        """asyncio: bytes came."""
        if self._greeted:
            super().data_received(data)
            return
        line, newline, rest = (self._hello + data).partition(b"\n")
        if newline and self._take_hello(line):
            self._greeted = True
            if self._on_accept is not None:
                self._on_accept(self)
            if rest:
                super().data_received(rest)
        elif newline or len(line) > _HELLO_LIMIT:
            self.close()
        else:
            self._hello = line

    def _take_hello(self, line: bytes) -> bool:
        try:
            address, port = line.decode("ascii").split()
            self.remote = Endpoint(Address.parse(address), int(port))
        except ValueError:
            return False
        return True


class WireTransport:
    """`bgp.transport.Transport` over the sockets in `folder`; `addresses` are the own ones."""

    def __init__(
        self,
        loop: asyncio.AbstractEventLoop,
        log: Log,
        folder: Path,
        addresses: tuple[Address, ...],
        port: int = 179,
    ) -> None:
        self.listeners: list[Listener] = []
        self.dscp = 0
        self._loop = loop
        self._log = log
        self._folder = folder
        self._addresses = addresses
        self._port = port
        self._sockets: list[tuple[socket.socket, Path]] = []
        self._servers: list[asyncio.Server] = []
        self._tasks = Tasks(loop)

    def listen(self, on_accept: _OnAccept) -> None:
        """Make the sockets; what fails is logged by name and left out."""
        if not self._port:
            return
        for address in self._addresses:
            path = self._folder / str(address)
            try:
                self._open(address, path, on_accept)
            except OSError as error:
                text = f"cannot listen for BGP on {path}: {reason(error)}"
                self._log.write(Level.ERRORS, text)

    def _open(self, address: Address, path: Path, on_accept: _OnAccept) -> None:
        self._folder.mkdir(parents=True, exist_ok=True)
        _remove_stale(path)
        sock = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        try:
            sock.bind(os.fspath(path))
            sock.listen()
        except OSError:
            sock.close()
            raise
        local = Endpoint(address, self._port)
        self._sockets.append((sock, path))
        self.listeners.append(Listener(local, sock.fileno()))
        self._tasks.start(self._serve(sock, local, on_accept))

    async def _serve(self, sock: socket.socket, local: Endpoint, on_accept: _OnAccept) -> None:
        def stream() -> WireStream:
            return WireStream(self._loop, local, None, on_accept)

        self._servers.append(await self._loop.create_unix_server(stream, sock=sock))

    def unlisten(self) -> None:
        """Close the sockets and take them away."""
        for server in self._servers:
            server.close()
        for sock, path in self._sockets:
            sock.close()
            with contextlib.suppress(OSError):
                path.unlink()
        self._servers.clear()
        self._sockets.clear()
        self.listeners.clear()

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
        source = dial.source or self._source(dial.remote.address)
        path = self._folder / str(dial.remote.address)
        if source is None or not path.exists():
            raise OSError(errno.EHOSTUNREACH, os.strerror(errno.EHOSTUNREACH))
        local = Endpoint(source, random.randint(*_EPHEMERAL))
        stream = WireStream(self._loop, local, dial.remote)
        await self._loop.create_unix_connection(lambda: stream, os.fspath(path))
        return stream

    def _source(self, remote: Address) -> Address | None:
        """The own address that shares the most leading bits with the remote one."""
        same = [address for address in self._addresses if address.afi is remote.afi]
        return min(same, key=lambda own: own.value ^ remote.value, default=None)

    def set_password(self, peer: Address | Prefix, password: str | None) -> None:
        """OSError for any password: nothing here could check it."""
        if password is not None:
            raise _no_md5()

    def set_ttl(self, connection: Connection, ttl: int, min_ttl: int) -> None:
        """There are no hops."""

    def set_mss(self, connection: Connection, mss: int) -> None:
        """There are no segments."""

    def within(self, vrf: str, netns: str) -> "WireTransport":
        """Of a folder below, for the nodes that are in the VRF too."""
        folder = self._folder / vrf
        return WireTransport(self._loop, self._log, folder, self._addresses, self._port)


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
