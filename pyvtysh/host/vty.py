"""The vty socket of a daemon: unix listener and framing, one `Session` a connection.

Lines come in with a NUL behind each; text goes out, then `00 00 00 status`. How answers are paced
is in `answering`.
"""

import asyncio
import contextlib
import errno
import grp
import os
import socket
from collections.abc import Callable
from pathlib import Path

from grammar.base.errors import Status
from grammar.session import Daemon, Session
from pyvtysh.host.answering import Answering

LINE_LIMIT = 4096
"""FRR's line buffer."""

_BACKLOG = 64

OnLine = Callable[[str, Session, str], None]
"""Hears where a line comes from (`16]`: the descriptor of the connection), its session and it."""


def _unheard(where: str, session: Session, line: str) -> None:
    pass


class VtyConnection(Answering):
    """One client of a daemon."""

    def __init__(
        self, session: Session, on_end: Callable[[Answering], None], on_line: OnLine
    ) -> None:
        super().__init__(session, on_end)
        session.passes = True
        self._on_line = on_line
        self._where = ""
        self._input = bytearray()

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """The client is there."""
        super().connection_made(transport)
        client = transport.get_extra_info("socket")
        self._where = f"{client.fileno()}]" if client is not None else "]"

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
    """The unix listener of one daemon."""

    def __init__(self, daemon: Daemon, path: str, on_line: OnLine = _unheard) -> None:
        """`on_line` hears each line before it runs."""
        self.daemon = daemon
        self.path = path
        self._on_line = on_line
        self.connections: set[Answering] = set()
        self._server: asyncio.Server | None = None
        self._closed = False

    async def start(self) -> None:
        """Listen; ListenError. A socket that a dead daemon left behind is replaced.

        Clients may connect from now on, and wait until `accept`.
        """
        try:
            listener = bound_socket(self.path)
            listener.listen(_BACKLOG)
        except OSError as error:
            reason = error.strerror or str(error)
            raise ListenError(f"cannot listen on {self.path}: {reason}") from None
        loop = asyncio.get_running_loop()
        self._server = await loop.create_unix_server(
            self._connection, sock=listener, backlog=_BACKLOG, start_serving=False
        )

    async def accept(self) -> None:
        """Begin to answer: what the first client asks about has to be in force."""
        assert self._server is not None
        await self._server.start_serving()

    def _connection(self) -> VtyConnection:
        connection = VtyConnection(Session(self.daemon), self.connections.discard, self._on_line)
        self.connections.add(connection)
        if self._closed:
            connection.abort()
        return connection

    def close(self) -> None:
        """Stop listening and drop every client; the socket file goes too."""
        if self._server is not None:
            self._server.close()
        self._closed = True
        for connection in list(self.connections):
            connection.abort()
        with contextlib.suppress(OSError):
            Path(self.path).unlink()


def bound_socket(path: str) -> socket.socket:
    """A unix socket bound to `path` with FRR's mode (0770, group frrvty where there is one).

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
    _give_to_group(path)
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


def _give_to_group(path: str) -> None:
    """Root may do that, and a user who is in the group, as -u makes one."""
    with contextlib.suppress(KeyError, OSError):
        os.chown(path, -1, grp.getgrnam("frrvty").gr_gid)
