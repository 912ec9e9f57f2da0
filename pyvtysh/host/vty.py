"""The vty socket of a daemon: unix listener, framing and backpressure, one `Session` a connection.

Lines come in with a NUL behind each; text goes out, then `00 00 00 status`. Text is written while
it is made, in chunks, and no faster than the client reads; a long answer is cut into slices, so
that timers and other sockets have their turn.
"""

import asyncio
import contextlib
import grp
import os
import socket
from collections import deque
from collections.abc import Callable, Iterator
from pathlib import Path

from grammar.base.errors import Status
from grammar.session import Daemon, Session

LINE_LIMIT = 4096
"""FRR's line buffer."""

_CHUNK = 16384
_SLICE = 0.008
_MAX_QUEUED = 64


class VtyConnection(asyncio.Protocol):
    """One client of a daemon."""

    def __init__(self, session: Session, on_end: Callable[["VtyConnection"], None]) -> None:
        self.session = session
        self._on_end = on_end
        self._transport: asyncio.Transport | None = None
        self._loop = asyncio.get_running_loop()
        self._buffer = bytearray()
        self._lines: deque[str | None] = deque()
        self._text: Iterator[str] | None = None
        self._status = Status.SUCCESS
        self._out = bytearray()
        self._writable = True
        self._scheduled = False

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """The client is there; nothing is sent to it."""
        assert isinstance(transport, asyncio.Transport)
        self._transport = transport

    def connection_lost(self, exc: Exception | None) -> None:
        """The client went away: what it asked for is dropped."""
        self._transport = None
        self._lines.clear()
        self._text = None
        if self.session.changes:
            self.session.flush()
        self._on_end(self)

    def pause_writing(self) -> None:
        """The client reads slower than we write."""
        self._writable = False

    def resume_writing(self) -> None:
        """The client has caught up."""
        self._writable = True
        self._schedule()

    def data_received(self, data: bytes) -> None:
        """Take in lines; several may come at once, each is answered in order."""
        self._buffer += data
        while (end := self._buffer.find(b"\0")) >= 0:
            line = bytes(self._buffer[:end])
            del self._buffer[: end + 1]
            self._queue(line)
        if len(self._buffer) > LINE_LIMIT:
            self._buffer.clear()
            self._lines.append(None)
        if len(self._lines) > _MAX_QUEUED and self._transport is not None:
            self._transport.pause_reading()
        self._pump()

    def _queue(self, line: bytes) -> None:
        if len(line) >= LINE_LIMIT:
            self._lines.append(None)
        else:
            self._lines.append(line.decode("utf-8", "replace"))

    def _schedule(self) -> None:
        if not self._scheduled:
            self._scheduled = True
            self._loop.call_soon(self._resume)

    def _resume(self) -> None:
        self._scheduled = False
        self._pump()

    def _pump(self) -> None:
        """Answer queued lines until there is nothing to do, the client is slow or time is up."""
        deadline = self._loop.time() + _SLICE
        while self._transport is not None and self._writable and not self._scheduled:
            if self._text is None and not self._next_line():
                return
            if not self._write_some(deadline):
                self._schedule()

    def _next_line(self) -> bool:
        if not self._lines or self.session.closed:
            return False
        line = self._lines.popleft()
        if self._transport is not None and len(self._lines) <= _MAX_QUEUED:
            self._transport.resume_reading()
        if line is None:
            self._text, self._status = iter(["% Command is too long.\n"]), Status.SUCCESS
        else:
            reply = self.session.execute(line)
            self._text, self._status = iter(reply.output), reply.status
        return True

    def _write_some(self, deadline: float) -> bool:
        """Write what is ready; False when the time is up before the answer was complete."""
        assert self._text is not None
        try:
            for text in self._text:
                self._out += text.replace("\0", "").encode("utf-8", "surrogateescape")
                if len(self._out) >= _CHUNK:
                    self._flush()
                    if not self._writable:
                        return True
                if self._loop.time() >= deadline:
                    self._flush()
                    return False
        except Exception as error:  # noqa: BLE001  an answer that fails must not end the daemon
            self.session.daemon.bug("while answering", error)
            self._out += b"% Internal error while answering\n"
            self._status = Status.WARNING
        self._end_answer()
        return True

    def _end_answer(self) -> None:
        self._text = None
        self._out += bytes((0, 0, 0, self._status))
        self._flush()
        if self.session.closed and self._transport is not None:
            self._transport.close()

    def _flush(self) -> None:
        if self._transport is not None and self._out:
            self._transport.write(bytes(self._out))
        self._out.clear()


class ListenError(Exception):
    """A vty socket cannot be made; the text names it and says why."""


class VtyServer:
    """The unix listener of one daemon."""

    def __init__(self, daemon: Daemon, path: str) -> None:
        self.daemon = daemon
        self.path = path
        self.connections: set[VtyConnection] = set()
        self._server: asyncio.Server | None = None

    async def start(self) -> None:
        """Listen; ListenError. A socket that a dead daemon left behind is replaced."""
        try:
            listener = bound_socket(self.path)
        except OSError as error:
            reason = error.strerror or str(error)
            raise ListenError(f"cannot listen on {self.path}: {reason}") from None
        loop = asyncio.get_running_loop()
        self._server = await loop.create_unix_server(self._connection, sock=listener, backlog=64)

    def _connection(self) -> VtyConnection:
        connection = VtyConnection(Session(self.daemon), self.connections.discard)
        self.connections.add(connection)
        return connection

    def close(self) -> None:
        """Stop listening and drop every client; the socket file goes too."""
        if self._server is not None:
            self._server.close()
        for connection in list(self.connections):
            if connection._transport is not None:
                connection._transport.abort()
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
        raise OSError(98, "another process answers there")
    finally:
        probe.close()


def _give_to_group(path: str) -> None:
    if os.geteuid() != 0:
        return
    with contextlib.suppress(KeyError, OSError):
        os.chown(path, -1, grp.getgrnam("frrvty").gr_gid)
