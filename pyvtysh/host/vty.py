"""The vty socket of a daemon: unix listener and framing, one `Session` a connection.

Lines come in with a NUL behind each; text goes out, then `00 00 00 status`. How answers are paced
is in `answering`.
"""

import asyncio
import contextlib
import errno
import os
import resource
import socket
from collections.abc import Callable
from functools import partial
from pathlib import Path

from grammar.base.errors import Status
from grammar.session import Daemon, Session
from pyvtysh.host.answering import Answering
from pyvtysh.host.clients import OPERATORS, Door, group_number
from pyvtysh.link import read_only_path
from zebra.zapi.listening import Listening, Once, Say

LINE_LIMIT = 4096
"""FRR's line buffer."""

_BACKLOG = 64

_DESCRIPTORS = 1024
"""Of more descriptors the terminals get no more than of so many."""

OnLine = Callable[[str, Session, str], None]
"""Hears where a line comes from (`16]`: the descriptor of the connection), its session and it."""


OnClient = Callable[[Session, socket.socket], None]
"""Hears of the session of a client that came, and its socket, before the first line."""


def _unheard(where: str, session: Session, line: str) -> None:
    pass


def _unsaid(text: str) -> None:
    pass


def _unasked(session: Session, end: socket.socket) -> None:
    pass


class VtyConnection(Answering):
    """One client of a daemon."""

    def __init__(
        self,
        session: Session,
        on_end: Callable[[Answering], None],
        on_line: OnLine,
        on_client: OnClient = _unasked,
    ) -> None:
        super().__init__(session, on_end)
        session.passes = True
        self._on_line = on_line
        self._on_client = on_client
        self._where = ""
        self._input = bytearray()

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """The client is there."""
        super().connection_made(transport)
        client = transport.get_extra_info("socket")
        self._where = f"{client.fileno()}]" if client is not None else "]"
        if client is not None:
            self._on_client(self.session, client)

    def connection_lost(self, exc: Exception | None) -> None:
        """The client went away."""
        self._input.clear()
        super().connection_lost(exc)

    def data_received(self, data: bytes) -> None:
        """Take in lines; several may come at once, each is answered in order."""
        self._input += data
        if len(self._input) > LINE_LIMIT and self._transport is not None:
            self._transport.pause_reading()
        self.pump()

    def take(self) -> bool:
        """Execute the next line."""
        if self.session.closed:
            return False
        line = self._next_line()
        if self._transport is not None and len(self._input) <= LINE_LIMIT:
            self._transport.resume_reading()
        if line is None:
            return False
        if len(line) >= LINE_LIMIT:
            self.begin(iter(["% Command is too long.\n"]))
            return True
        text = line.decode("utf-8", "surrogateescape")
        self._on_line(self._where, self.session, text)
        reply = self.session.execute(text)
        if self.session.handing is not None and self._transport is not None:
            # The descriptor leaves beside the transport, so what was written before has to be gone.
            self._transport.set_write_buffer_limits(high=0)
        self.begin(iter(reply.output), reply.status)
        return True

    def _next_line(self) -> bytes | None:
        """The next line; of one that is too long the beginning is kept, the rest is not stored."""
        end = self._input.find(0)
        if end < 0:
            if len(self._input) > LINE_LIMIT:
                del self._input[LINE_LIMIT:]
            return None
        line = bytes(self._input[: min(end, LINE_LIMIT)])
        del self._input[: end + 1]
        return line

    def encoded(self, text: str) -> bytes:
        """UTF-8; a NUL would end the answer."""
        return text.replace("\0", "").encode("utf-8", "surrogateescape")

    def ending(self, status: Status) -> bytes:
        """The four bytes behind an answer; none if they left with a descriptor."""
        trailer = bytes((0, 0, 0, status))
        handing, self.session.handing = self.session.handing, None
        if handing is None or self._transport is None:
            return trailer
        self._transport.set_write_buffer_limits()
        try:
            sent = _sent_with(self._transport, trailer, handing.handed())
        except OSError as error:
            self.session.daemon.bug("while passing a descriptor", error)
            self.session.unmonitor()
            return trailer
        handing.given()
        return trailer[sent:]


def _sent_with(transport: asyncio.Transport, data: bytes, descriptor: int) -> int:
    client = transport.get_extra_info("socket")
    with socket.socket(fileno=os.dup(client.fileno())) as same:
        return socket.send_fds(same, [data], [descriptor])


class ListenError(Exception):
    """A vty socket cannot be made; the text names it and says why."""


class VtyServer:
    """The unix listener of one daemon, and that of those who may only look, if there is a group."""

    def __init__(
        self,
        daemon: Daemon,
        path: str,
        on_line: OnLine = _unheard,
        door: Door | None = None,
        say: Say = _unsaid,
    ) -> None:
        """`on_line` hears each line before it runs; `door` says what each client may do; `say`
        hears what the log should."""
        self.daemon = daemon
        self.path = path
        self.view_path = read_only_path(path)
        self._on_line = on_line
        self._door = door
        self.connections: set[Answering] = set()
        self._servers: dict[str, asyncio.Server] = {}
        self._closed = False
        self._say = say
        most = min(resource.getrlimit(resource.RLIMIT_NOFILE)[0], _DESCRIPTORS) // 2
        self._most = most
        self._crowded = Once(self._say, f"{most} clients of {path}, more are refused")

    async def start(self) -> None:
        """Listen; ListenError. A socket that a dead daemon left behind is replaced.

        Clients may connect from now on, and wait until `accept`.
        """
        await self._listen(self.path, group_number(OPERATORS), self._connection)
        viewers = self._door.viewers if self._door is not None else None
        if viewers is None:
            return
        try:
            make_view_folder(os.path.dirname(self.view_path), viewers)
        except OSError as error:
            raise _listen_error(self.view_path, error) from None
        await self._listen(self.view_path, viewers, self._viewer)

    async def _listen(
        self, path: str, group: int | None, connection: Callable[[], VtyConnection]
    ) -> None:
        try:
            listener = bound_socket(path, group)
            listener.listen(_BACKLOG)
            listener = Listening.of(listener, self._say, path)
        except OSError as error:
            raise _listen_error(path, error) from None
        loop = asyncio.get_running_loop()
        self._servers[path] = await loop.create_unix_server(
            connection, sock=listener, backlog=_BACKLOG, start_serving=False
        )

    async def accept(self) -> None:
        """Begin to answer: what the first client asks about has to be in force."""
        for server in self._servers.values():
            await server.start_serving()

    def _connection(self) -> VtyConnection:
        return self._connected(read_only=False)

    def _viewer(self) -> VtyConnection:
        return self._connected(read_only=True)

    def _connected(self, *, read_only: bool) -> VtyConnection:
        session = Session(self.daemon)
        session.read_only = read_only
        connection = VtyConnection(
            session, self.connections.discard, self._on_line, partial(self._admit, read_only)
        )
        # Of what there is half is for BGP and zebra, and of the rest a part for who may configure.
        most = self._most // 2 if read_only else self._most
        if len(self.connections) >= most:
            self._crowded.more()
            connection.abort()
            return connection
        self._crowded.over()
        self.connections.add(connection)
        if self._closed:
            connection.abort()
        return connection

    def _admit(self, read_only: bool, session: Session, end: socket.socket) -> None:
        if self._door is not None:
            self._door.admit(session, end, read_only=read_only)

    def close(self) -> None:
        """Stop listening and drop every client; the socket files go too."""
        for server in self._servers.values():
            server.close()
        self._closed = True
        for connection in list(self.connections):
            connection.abort()
        for path in self._servers or (self.path,):
            with contextlib.suppress(OSError):
                Path(path).unlink()
        if self.view_path in self._servers:
            with contextlib.suppress(OSError):  # other daemons' sockets are there
                os.rmdir(os.path.dirname(self.view_path))


def _listen_error(path: str, error: OSError) -> ListenError:
    return ListenError(f"cannot listen on {path}: {error.strerror or error}")


def make_view_folder(folder: str, group: int) -> None:
    """The folder of the sockets of those who may only look, open to their group; OSError."""
    with contextlib.suppress(FileExistsError):
        os.mkdir(folder, 0o750)
    with contextlib.suppress(PermissionError):  # not ours, or we are not in the group
        os.chown(folder, -1, group)
        os.chmod(folder, 0o750)  # the group is to come in  # noqa: S103  # nosec B103


def bound_socket(path: str, group: int | None) -> socket.socket:
    """A unix socket bound to `path` with FRR's mode, 0770, and this group.

    A socket that nobody listens on is removed first. OSError, EADDRINUSE if somebody does.
    """
    _remove_stale(path)
    listener = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
    listener.setblocking(False)
    before = os.umask(0o007)
    try:
        listener.bind(path)
    except OSError:
        listener.close()
        raise
    finally:
        os.umask(before)
    if group is not None:
        with contextlib.suppress(OSError):  # for root, and for who is in it, as -u makes one
            os.chown(path, -1, group)
    return listener


def _remove_stale(path: str) -> None:
    probe = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
    try:
        probe.connect(path)
    except FileNotFoundError:
        return
    except ConnectionRefusedError:
        os.unlink(path)
    else:
        raise OSError(errno.EADDRINUSE, "another process answers there")
    finally:
        probe.close()
