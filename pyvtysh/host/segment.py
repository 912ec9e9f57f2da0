"""A cable between routers in memory: who is plugged in, and what they send each other.

A folder is the cable: each end listens on a socket in it, named after its Ethernet address, and
connects to those that are there when it comes. An end has carrier while another one is up, as a
veth; one whose process ended is gone with its connection.
"""

import asyncio
import contextlib
import errno
import fcntl
import os
import socket
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Protocol

_UP, _DOWN, _PACKET = b"U", b"D", b"P"
_LARGEST = 1 << 16
_BACKLOG = 64
_LOCK = ".lock"

OnPacket = Callable[[bytes], None]


class End(Protocol):
    """An end of a cable: `carrier` while another end is up."""

    carrier: bool

    def set_up(self, up: bool) -> None:
        """This end was set up or down."""
        ...

    def send(self, data: bytes) -> None:
        """Give a packet to all ends that are up; nothing is sent by one that is down."""
        ...

    def close(self) -> None:
        """Pull the plug."""
        ...


Plug = Callable[[str, str, Callable[[], None], OnPacket], End]
"""Makes an end of the cable of this name, with an Ethernet address, what is called when `carrier`
changed and what takes packets; both are called later, never at once. OSError."""


def cables(loop: asyncio.AbstractEventLoop, folder: Path) -> Plug:
    """Cables between processes: each a folder of its name below this one."""
    return lambda wire, name, on_carrier, on_packet: Segment(
        loop, folder / wire, name, on_carrier, on_packet
    )


@dataclass(slots=True, eq=False)
class _Peer:
    socket: socket.socket
    up: bool = field(default=False)


class Segment:
    """One end of the cable in `folder`, called `name` there; down until `set_up`.

    `on_carrier` is called when `carrier` changes, `on_packet` with what another end sent. OSError
    from the constructor when the folder cannot be used, or another process has the name.
    """

    def __init__(
        self,
        loop: asyncio.AbstractEventLoop,
        folder: Path,
        name: str,
        on_carrier: Callable[[], None],
        on_packet: OnPacket,
    ) -> None:
        self.carrier = False
        self._loop = loop
        self._path = folder / name
        self._on_carrier = on_carrier
        self._on_packet = on_packet
        self._up = False
        self._peers: dict[int, _Peer] = {}
        folder.mkdir(parents=True, exist_ok=True)
        with _locked(folder):  # else two that come at once would miss each other, or meet twice
            self._listener = self._listen()
            for path in sorted(folder.iterdir()):
                if path.name != _LOCK and path != self._path:
                    self._dial(path)
        loop.add_reader(self._listener.fileno(), self._accept)

    def set_up(self, up: bool) -> None:
        """This end was set up or down."""
        if up is not self._up:
            self._up = up
            self._tell(_UP if up else _DOWN)

    def send(self, data: bytes) -> None:
        """Give a packet to all ends that are up; nothing is sent by one that is down."""
        if self._up:
            self._tell(_PACKET + data)

    def close(self) -> None:
        """Pull the plug."""
        self._loop.remove_reader(self._listener.fileno())
        self._listener.close()
        with contextlib.suppress(OSError):
            self._path.unlink()
        for number in list(self._peers):
            self._forget(number)

    # --- who is there ----------------------------------------------------------------------------

    def _listen(self) -> socket.socket:
        if _alive(self._path):
            raise OSError(errno.EADDRINUSE, os.strerror(errno.EADDRINUSE))
        with contextlib.suppress(FileNotFoundError):
            self._path.unlink()
        sock = socket.socket(socket.AF_UNIX, socket.SOCK_SEQPACKET | socket.SOCK_NONBLOCK)
        try:
            sock.bind(os.fspath(self._path))
            sock.listen(_BACKLOG)
        except OSError:
            sock.close()
            raise
        return sock

    def _dial(self, path: Path) -> None:
        sock = socket.socket(socket.AF_UNIX, socket.SOCK_SEQPACKET | socket.SOCK_NONBLOCK)
        try:
            sock.connect(os.fspath(path))
        except OSError:  # what a killed process left behind
            sock.close()
        else:
            self._add(sock)

    def _accept(self) -> None:
        with contextlib.suppress(OSError):
            sock, _ = self._listener.accept()
            sock.setblocking(False)
            self._add(sock)

    def _add(self, sock: socket.socket) -> None:
        self._peers[sock.fileno()] = _Peer(sock)
        self._loop.add_reader(sock.fileno(), self._read, sock.fileno())
        self._send(sock.fileno(), _UP if self._up else _DOWN)

    def _forget(self, number: int) -> None:
        peer = self._peers.pop(number, None)
        if peer is not None:
            self._loop.remove_reader(number)
            peer.socket.close()
            self._look()

    def _look(self) -> None:
        carrier = any(peer.up for peer in self._peers.values())
        if carrier is not self.carrier:
            self.carrier = carrier
            self._on_carrier()

    # --- messages --------------------------------------------------------------------------------

    def _tell(self, message: bytes) -> None:
        for number in list(self._peers):
            self._send(number, message)

    def _send(self, number: int, message: bytes) -> None:
        try:
            self._peers[number].socket.send(message)
        except BlockingIOError:
            if message[:1] != _PACKET:  # packets may be lost, but not what the carrier follows
                self._forget(number)
        except OSError:
            self._forget(number)

    def _read(self, number: int) -> None:
        peer = self._peers[number]
        try:
            message = peer.socket.recv(_LARGEST)
        except BlockingIOError:
            return
        except OSError:
            message = b""
        match message[:1]:
            case b"U" | b"D":
                peer.up = message == _UP
                self._look()
            case b"P":
                if self._up and peer.up:
                    self._on_packet(message[1:])
            case _:
                self._forget(number)


def _alive(path: Path) -> bool:
    with socket.socket(socket.AF_UNIX, socket.SOCK_SEQPACKET) as probe:
        try:
            probe.connect(os.fspath(path))
        except (ConnectionRefusedError, FileNotFoundError):
            return False
        return True


@contextlib.contextmanager
def _locked(folder: Path) -> Iterator[None]:
    with (folder / _LOCK).open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield
