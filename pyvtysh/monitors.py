"""`terminal monitor`: the log lines that daemons, ours or FRR's, send to an interactive shell.

Each daemon gives a socket away with its answer (`pyvtysh.link`); a packet on it is one line.
"""

import contextlib
import socket
import struct
import time
from collections.abc import Iterator

_HEADER = struct.Struct("=QIIqqIIIII12sII")
"""As a daemon writes it (`pyvtysh.host.live.HEADER`)."""

_LEVELS = ("EMRG", "ALRT", "CRIT", "ERR!", "WARN", "NTFY", "INFO", "DEBG")
_CHUNK = 65536


class Monitors:
    """The sockets of the daemons that are monitored, and what came on them as text."""

    def __init__(self) -> None:
        self.sockets: dict[str, socket.socket] = {}
        self._lost: dict[str, int] = {}

    def add(self, name: str, live: socket.socket) -> None:
        """Monitor a daemon."""
        live.setblocking(False)
        self.sockets[name] = live
        self._lost[name] = 0

    def remove(self, name: str) -> None:
        """Monitor a daemon no more; nothing if it is not."""
        live = self.sockets.pop(name, None)
        if live is not None:
            live.close()

    def read(self) -> str:
        """The lines that have come, of one daemon after the other; does not wait.

        A daemon that closes its socket is told of and forgotten.
        """
        return "".join(text for name in list(self.sockets) for text in self._read(name))

    def finished(self, name: str) -> str:
        """The last lines of a daemon that was asked to send no more."""
        text = "".join(self._read(name, asked=True))
        self.remove(name)
        return text

    def _read(self, name: str, *, asked: bool = False) -> Iterator[str]:
        with contextlib.suppress(BlockingIOError):
            while name in self.sockets:
                try:
                    packet = self.sockets[name].recv(_CHUNK)
                except ConnectionError:
                    packet = b""
                if packet:
                    yield from self._shown(name, packet)
                else:
                    self.remove(name)
                    if asked:
                        return
                    text = "log monitor connection closed unexpectedly"
                    yield _line(name, time.time(), 3, text)

    def _shown(self, name: str, packet: bytes) -> Iterator[str]:
        """The text of a packet as FRR's vtysh shows it; nothing for what is no packet."""
        if len(packet) < _HEADER.size:
            return
        seconds, nanoseconds, ahead, _, _, lost, level, _, size, *_ = _HEADER.unpack_from(packet)
        if lost > self._lost[name]:
            more = lost - self._lost[name]
            yield f"{more} log messages from {name} lost (vtysh reading too slowly)\n"
        self._lost[name] = lost
        text = packet[ahead : ahead + size].decode("utf-8", "surrogateescape")
        yield _line(name, seconds + nanoseconds // 1_000_000 / 1000, level, text)

    def close(self) -> None:
        """Monitor nothing."""
        for name in list(self.sockets):
            self.remove(name)


def _line(name: str, when: float, level: int, text: str) -> str:
    stamp = time.strftime("%Y-%m-%d %H:%M:%S", time.localtime(int(when)))
    mark = _LEVELS[level] if level < len(_LEVELS) else "????"
    return f"{stamp}.{round(when % 1 * 1000) % 1000:03d} [{mark}] {name}: {text}\n"
