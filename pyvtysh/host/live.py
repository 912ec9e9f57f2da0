"""Log lines for `terminal monitor`: one packet a line over a socket that the client was given.

A packet is `HEADER`, the places of the message's arguments and the text, as FRR 8.4.4's daemons
write them. The client adds the time, the level and the daemon's name.
"""

import os
import socket
import struct
from collections.abc import Callable
from dataclasses import dataclass

from grammar.base.log import Level

HEADER = struct.Struct("=QIIqqIIIII12sII")
"""Seconds, nanoseconds, length of what is ahead of the text, process, thread, lines lost so far,
level, flags, length of the text, length of the marks it begins with, identifier,
category, number of arguments. In the byte order of this machine."""


@dataclass(frozen=True, slots=True)
class LiveLine:
    """One message: `seconds` since 1970, the text with the `marks` bytes of marks ahead of it.

    `lost` is how many lines have found no room so far.
    """

    seconds: float
    level: Level
    text: str
    marks: int = 0
    ident: str = ""
    category: int = 0
    lost: int = 0

    def packed(self) -> bytes:
        """The packet."""
        text = self.text.encode("utf-8", "surrogateescape")
        seconds, rest = divmod(int(self.seconds * 1_000_000), 1_000_000)
        pid = os.getpid()
        head = (seconds, rest * 1000, HEADER.size, pid, pid, self.lost & 0xFFFFFFFF, self.level, 0)
        mark = self.ident.encode()[:11]
        return HEADER.pack(*head, len(text), self.marks, mark, self.category, 0) + text


class LiveLog:
    """The daemon's end (`grammar.base.log.Monitor`); a line that finds no room is counted."""

    def __init__(self, on_end: Callable[["LiveLog"], None]) -> None:
        """OSError when out of descriptors."""
        self._near, self._far = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        self._near.setblocking(False)
        self._near.shutdown(socket.SHUT_RD)
        self._on_end = on_end
        self._lost = 0

    def handed(self) -> int:
        """The client's end."""
        return self._far.fileno()

    def given(self) -> None:
        """The client has its end."""
        self._far.close()

    @property
    def lost(self) -> int:
        """How many lines have found no room so far."""
        return self._lost

    def write(self, packet: bytes) -> None:
        """Write a packet; the end of the reader ends this."""
        try:
            self._near.send(packet, socket.MSG_NOSIGNAL)
        except BlockingIOError:
            self._lost += 1
        except OSError:
            self.close()

    def close(self) -> None:
        """Write no more; more than once is well."""
        if self._near.fileno() < 0:
            return
        self._near.close()
        self._far.close()
        self._on_end(self)
