"""The asyncio edge: TCP connections for the sans-IO sessions; with `door` and `tasks` all of it."""

import asyncio
import socket
from collections.abc import Callable
from typing import Final

from bgp.door import Door
from bgp.drops import Drops
from bgp.sockets import (
    DSCP_CS6,
    MAX_HOPS,
    Endpoint,
    TcpInfo,
    bind_to_device,
    endpoint_of,
    md5_option,
    new_socket,
    set_hop_limits,
    set_mss,
    sockaddr,
    tcp_info,
)
from bgp.tasks import Tasks
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
from grammar.base.netns import inside
from grammar.base.transport import let_go
from grammar.base.values import Address, Afi, Prefix
from zebra.zapi.listening import Listening

LINGER: Final = 5.0
"""Seconds that a closed connection may need to send its last bytes."""

_OnAccept = Callable[[Connection], None]


_READ: Final = 1 << 18
"""Bytes that are read at once; a buffer of that size for each read would be mapped and unmapped."""

_buffer = memoryview(bytearray(_READ))
"""Where all streams read to: what came is copied before another one reads."""


class Stream(asyncio.BufferedProtocol):
    """A `Connection` on an asyncio transport."""

    def __init__(
        self, loop: asyncio.AbstractEventLoop, accepted: "Callable[[Stream], None] | None" = None
    ) -> None:
        nobody = Endpoint(Address(Afi.IPV4, 0), 0)
        self.local = self.remote = nobody
        self.fd = -1
        self.on_data: Callable[[bytes], None] = _ignore
        self.on_close: Callable[[OSError | None], None] = _ignore
        self.on_drained: Callable[[], None] = _nothing
        self.socket: socket.socket | None = None
        self._loop = loop
        self._accepted = accepted
        self._transport: asyncio.Transport | None = None
        self._closed = False

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """asyncio: the connection is there."""
        assert isinstance(transport, asyncio.Transport)
        self._transport = transport
        transport.set_write_buffer_limits(high=HIGH_WATER, low=LOW_WATER)
        self.socket = transport.get_extra_info("socket")
        self.fd = self.socket.fileno() if self.socket is not None else -1
        self.local = endpoint_of(transport.get_extra_info("sockname"))
        self.remote = endpoint_of(transport.get_extra_info("peername"))
        if self._accepted is not None:
            self._accepted(self)

    def get_buffer(self, sizehint: int) -> memoryview:
        """asyncio: where to put what comes."""
        return _buffer

    def buffer_updated(self, nbytes: int) -> None:
        """asyncio: so many bytes came."""
        self.received(bytes(_buffer[:nbytes]))

    def received(self, data: bytes) -> None:
        """Bytes came."""
        if not self._closed:
            self.on_data(data)

    def connection_lost(self, exc: Exception | None) -> None:
        """asyncio: the connection is gone."""
        let_go(self._transport)
        if not self._closed:
            self._closed = True
            on_close = self.on_close
            self._let_go()
            on_close(exc if isinstance(exc, OSError) else None)

    def _let_go(self) -> None:
        """Forget who used it, who may hold it still: that would be a cycle."""
        self.on_data = self.on_close = _ignore
        self.on_drained = _nothing

    def resume_writing(self) -> None:
        """asyncio: the buffer is nearly empty."""
        if not self._closed:
            self.on_drained()

    def write(self, data: bytes) -> None:
        """Send; bytes the socket does not take are buffered."""
        if self._transport is not None and not self._closed:
            self._transport.write(data)

    @property
    def buffered(self) -> int:
        """Bytes that the socket has not taken yet."""
        return 0 if self._transport is None else self._transport.get_write_buffer_size()

    def tcp_info(self) -> TcpInfo | None:
        """What the kernel knows of the connection."""
        if self.socket is None or self._closed:
            return None
        try:
            return tcp_info(self.socket)
        except OSError:
            return None

    def close(self) -> None:
        """Send what is buffered, then close; a peer that does not read is not waited for."""
        if self._transport is not None and not self._closed:
            self._closed = True
            self._let_go()
            transport = self._transport
            transport.close()
            if transport.get_write_buffer_size():
                self._loop.call_later(LINGER, transport.abort)

    def pause(self) -> None:
        """Stop reading."""
        if self._transport is not None and self._transport.is_reading():
            self._transport.pause_reading()

    def resume(self) -> None:
        """Read again."""
        transport = self._transport
        if transport is not None and not transport.is_closing() and not transport.is_reading():
            transport.resume_reading()


class AsyncTransport:
    """`Transport` on an asyncio loop; `port` 0 does not listen, no addresses means all.

    In a VRF its sockets are bound to `device`, or are made in the namespace `netns`.
    """

    def __init__(
        self,
        loop: asyncio.AbstractEventLoop,
        log: Log,
        addresses: list[str],
        port: int,
        device: str | None = None,
        netns: str | None = None,
    ) -> None:
        self.listeners: list[Listener] = []
        self.dscp = DSCP_CS6
        self._loop = loop
        self._log = log
        self._addresses = addresses or ["0.0.0.0", "::"]
        self._port = port
        self._device = device
        self._netns = netns
        self._sockets: list[socket.socket] = []
        self._doors: list[Door] = []
        self._tasks = Tasks(loop)
        self._passwords: dict[Address | Prefix, str] = {}
        self._unprotected: set[Address | Prefix] = set()
        self._drops = Drops(netns)

    # --- listening -------------------------------------------------------------------------------

    def listen(self, on_accept: _OnAccept, turns_away: TurnsAway = nobody) -> None:
        """Open the listening sockets; what fails is logged by name and left out."""
        if not self._port:
            return
        for text in self._addresses:
            try:
                self._open(Address.parse(text), on_accept, turns_away)
            except (OSError, ValueError) as error:
                reason = error.strerror if isinstance(error, OSError) else str(error)
                message = f"cannot listen for BGP on {text} port {self._port}: {reason}"
                self._log.write(Level.ERRORS, message)

    def _open(self, address: Address, on_accept: _OnAccept, turns_away: TurnsAway) -> None:
        sock = self._socket(address)
        try:
            sock.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            if self._device is not None:
                sock.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEPORT, 1)
            if address.afi is Afi.IPV6:
                sock.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_V6ONLY, 1)
            # The answer to a SYN must come as far as the neighbour's GTSM asks for (RFC 5082).
            set_hop_limits(sock, address.afi, MAX_HOPS, 0)
            sock.bind((str(address), self._port))
            for peer, password in self._passwords.items():
                self._protect(sock, peer, password)
            sock.listen(socket.SOMAXCONN)
            sock = Listening.of(sock, self._warn, f"BGP on {address} port {self._port}")
        except OSError:
            sock.close()
            raise
        self._sockets.append(sock)
        self.listeners.append(Listener(endpoint_of(sock.getsockname()), sock.fileno()))
        self._doors.append(self._door(sock, on_accept, turns_away))

    def _warn(self, text: str) -> None:
        self._log.write(Level.WARNINGS, text)

    def _socket(self, address: Address) -> socket.socket:
        if self._netns is not None:
            with inside(self._netns):
                return new_socket(address, self.dscp)
        sock = new_socket(address, self.dscp)
        if self._device is not None:
            bind_to_device(sock, self._device)
        return sock

    def within(self, vrf: str, netns: str) -> "AsyncTransport":
        """One for a VRF; with `netns` that is a namespace, else a device."""
        loop, log, port = self._loop, self._log, self._port
        if netns:
            made = AsyncTransport(loop, log, self._addresses, port, netns=netns)
        else:
            made = AsyncTransport(loop, log, self._addresses, port, device=vrf)
            for sock in self._sockets:
                # The port is shared with the device's sockets, which get what comes there.
                sock.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEPORT, 1)
        made.dscp = self.dscp
        return made

    def _door(self, sock: socket.socket, on_accept: _OnAccept, turns_away: TurnsAway) -> Door:
        def refused(remote: Endpoint) -> bool:
            return turns_away(remote) or self._is_unprotected(remote.address)

        def admit(taken: socket.socket, remote: Endpoint) -> None:
            self._tasks.start(self._take(taken, on_accept))

        return Door(self._loop, sock, refused, admit)

    async def _take(self, sock: socket.socket, on_accept: _OnAccept) -> None:
        try:
            await self._loop.connect_accepted_socket(lambda: Stream(self._loop, on_accept), sock)
        except OSError:
            sock.close()  # it was gone again

    def unlisten(self) -> None:
        """Close the listening sockets; what is being connected is given up by who began it."""
        for door in self._doors:
            door.close()
        self._doors.clear()
        self._sockets.clear()
        self.listeners.clear()

    # --- connecting ------------------------------------------------------------------------------

    def connect(
        self,
        dial: Dial,
        on_connected: Callable[[Connection], None],
        on_failed: Callable[[OSError], None],
    ) -> Attempt:
        """Begin to connect."""
        return self._tasks.start(self._connect(dial, on_connected, on_failed))

    async def _connect(
        self,
        dial: Dial,
        on_connected: Callable[[Connection], None],
        on_failed: Callable[[OSError], None],
    ) -> None:
        try:
            sock = self._socket(dial.remote.address)
        except OSError as error:
            on_failed(error)
            return
        try:
            self._prepare(sock, dial)
            await self._loop.sock_connect(sock, sockaddr(dial.remote))
            stream = Stream(self._loop)
            await self._loop.create_connection(lambda: stream, sock=sock)
        except OSError as error:
            sock.close()
            on_failed(error)
        except asyncio.CancelledError:
            sock.close()
            raise
        else:
            # No byte was lost: the loop reads first after this turn.
            on_connected(stream)

    def _prepare(self, sock: socket.socket, dial: Dial) -> None:
        afi = dial.remote.address.afi
        set_hop_limits(sock, afi, dial.ttl, dial.min_ttl)
        if dial.password is not None:
            option, value = md5_option(dial.remote.address, dial.password)
            sock.setsockopt(socket.IPPROTO_TCP, option, value)
        if dial.mss is not None:
            set_mss(sock, dial.mss)
        if dial.interface is not None:
            bind_to_device(sock, dial.interface)
        if dial.source is not None:
            sock.bind(sockaddr(Endpoint(dial.source, 0, dial.remote.scope)))

    # --- options of sockets ----------------------------------------------------------------------

    def set_password(self, peer: Address | Prefix, password: str | None) -> None:
        """MD5 key for connections from there; without the kernel's help they are refused."""
        if password is None and peer not in self._passwords:
            return
        if password is None:
            del self._passwords[peer]
        else:
            self._passwords[peer] = password
        self._unprotected.discard(peer)
        for sock in self._sockets:
            self._protect(sock, peer, password)

    def _is_unprotected(self, address: Address) -> bool:
        host = address.host_prefix()
        ranges = (peer for peer in self._unprotected if isinstance(peer, Prefix))
        return address in self._unprotected or any(peer.covers(host) for peer in ranges)

    def _protect(self, sock: socket.socket, peer: Address | Prefix, password: str | None) -> None:
        family = socket.AF_INET if peer.afi is Afi.IPV4 else socket.AF_INET6
        if sock.family != family:
            return
        try:
            sock.setsockopt(socket.IPPROTO_TCP, *md5_option(peer, password or ""))
        except OSError as error:
            if password:
                self._unprotected.add(peer)
            message = f"cannot set the TCP MD5 key of {peer}: {error.strerror}"
            self._log.write(Level.ERRORS, message)

    def dropped(self) -> dict[str, int]:
        """Since this was made, in its network namespace."""
        return self._drops.since()

    def set_ttl(self, connection: Connection, ttl: int, min_ttl: int) -> None:
        """Hop limits of an accepted connection."""
        if isinstance(connection, Stream) and connection.socket is not None:
            try:
                set_hop_limits(connection.socket, connection.remote.address.afi, ttl, min_ttl)
            except OSError as error:
                peer = connection.remote.address
                message = f"cannot set the TTL towards {peer}: {error.strerror}"
                self._log.write(Level.ERRORS, message)

    def set_mss(self, connection: Connection, mss: int) -> None:
        """Segment size of an accepted connection."""
        if isinstance(connection, Stream) and connection.socket is not None:
            try:
                set_mss(connection.socket, mss)
            except OSError as error:
                peer = connection.remote.address
                message = f"cannot set the segment size towards {peer}: {error.strerror}"
                self._log.write(Level.ERRORS, message)


def _ignore(_value: object) -> None:
    pass


def _nothing() -> None:
    pass
