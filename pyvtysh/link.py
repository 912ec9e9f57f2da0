"""One line to one daemon, and its answer: in this process, or over a vty socket (ours or FRR's).

A link is driven as a generator: it yields the text in chunks and returns the status.
Standard library only: `vtysh -c` uses it.
"""

import codecs
import contextlib
import os
import socket
from collections.abc import Callable, Generator
from typing import Protocol

from grammar.base.errors import Status
from grammar.session import Session

Running = Generator[str, None, int]
"""Chunks of text, then the status (a `Status`, or a number that only the sender knows)."""

_CHUNK = 65536

_VIEWS = "read.only"
"""The folder of the sockets of those who may only look; no path space has a dot in its name."""


def read_only_path(path: str) -> str:
    """Where a daemon has its socket for those who may only look, beside the usual one."""
    folder, name = os.path.split(path)
    return f"{folder}/{_VIEWS}/{name}"


def mapped(running: Running, change: Callable[[str], str]) -> Running:
    """The pieces of an answer, changed; its status stays."""
    while True:
        try:
            text = next(running)
        except StopIteration as end:
            return int(end.value)
        try:
            yield change(text)
        except GeneratorExit:
            running.close()
            raise


def refused(line: str) -> Running:
    """What a line is answered that is not for who may only look."""
    from grammar.access import READ_ONLY  # for the few who only look

    yield READ_ONLY.format(line)
    return Status.READ_ONLY


class LinkLostError(OSError):
    """The daemon went away in the middle of a conversation."""


class Link(Protocol):
    """A conversation with one daemon; its node lives as long as the link."""

    name: str
    received: socket.socket | None
    """What the daemon gave away with an answer (`terminal monitor`), until somebody takes it."""

    def run(self, line: str) -> Running:
        """Send a line and read the answer; LinkLostError when the daemon is gone."""
        ...

    def close(self) -> None:
        """End the conversation."""
        ...


class LocalLink:
    """A daemon of this process: a `Session` of our own."""

    def __init__(self, name: str, session: Session) -> None:
        self.name = name
        self.session = session
        self.received: socket.socket | None = None

    def run(self, line: str) -> Running:
        """Execute the line; the text is made while it is read."""
        reply = self.session.execute(line)
        yield from reply.output
        return reply.status

    def close(self) -> None:
        """Nothing is kept open."""


class SocketLink:
    """A daemon behind `DAEMON.vty` (framing: reference, "The vty socket").

    A line goes out with one NUL behind it; the answer is text, three NULs and the status byte.
    `timeout` are seconds that the daemon may be silent while something is waited for.
    """

    def __init__(self, name: str, path: str, timeout: float | None = None) -> None:
        self.name = name
        self.path = path
        self.received: socket.socket | None = None
        self.answering = False
        """True from a line to the end of its answer."""
        self._socket = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        try:
            self._socket.settimeout(timeout)
            self._socket.connect(path)
        except OSError:
            self._socket.close()
            raise

    def run(self, line: str) -> Running:
        """Send the line and yield its answer as it comes; a reader that stops early loses it."""
        self.send(line)
        return (yield from self.answer())

    def send(self, line: str) -> None:
        """Send a line, whose `answer` is to be read."""
        try:
            data = line.replace("\0", "").encode("utf-8", "surrogateescape")
            self._socket.sendall(data + b"\0")
        except OSError as error:
            raise LinkLostError(error.errno or 0, error.strerror or str(error)) from error
        self.answering = True

    def answer(self) -> Running:
        """What the daemon says to the line that was sent."""
        status = yield from self._answer()
        self.answering = False
        return status

    def fileno(self) -> int:
        """The descriptor on which answers come."""
        return self._socket.fileno()

    def _answer(self) -> Running:
        decoder = codecs.getincrementaldecoder("utf-8")("surrogateescape")
        trailer = b""
        try:
            while len(trailer) < 4:
                data = self._receive()
                if trailer:
                    trailer += data
                    continue
                text, nul, rest = data.partition(b"\0")
                trailer = nul + rest
                self.answering = len(trailer) < 4
                if text:
                    yield decoder.decode(text)
        except GeneratorExit:
            with contextlib.suppress(LinkLostError):  # the next line will find out
                self._skip(trailer)
                self.answering = False
            raise
        return trailer[3]

    def _receive(self) -> bytes:
        try:
            data, descriptors, _, _ = socket.recv_fds(self._socket, _CHUNK, 1)
        except OSError as error:
            raise LinkLostError(error.errno or 0, error.strerror or str(error)) from error
        if not data:
            raise LinkLostError(0, "closed by the daemon")
        for descriptor in descriptors:
            self._drop_received()
            os.set_inheritable(descriptor, False)
            self.received = socket.socket(fileno=descriptor)
        return data

    def _skip(self, trailer: bytes) -> None:
        while len(trailer) < 4:
            data = self._receive()
            trailer += data if trailer else b"".join(data.partition(b"\0")[1:])

    def interrupt(self) -> None:
        """From another thread: who waits for an answer gets LinkLostError."""
        with contextlib.suppress(OSError):
            self._socket.shutdown(socket.SHUT_RDWR)

    def close(self) -> None:
        """Close the socket."""
        self._drop_received()
        self._socket.close()

    def _drop_received(self) -> None:
        if self.received is not None:
            self.received.close()
            self.received = None
