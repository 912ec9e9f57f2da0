"""Who connects to BGP: listening sockets of the event loop, in portions, strangers for little.

asyncio's own server makes a transport, a protocol and a task for everybody, and takes thousands in
one turn. Here who is not wanted costs three system calls, and a turn takes so many only.
"""

import asyncio
import socket
from collections.abc import Callable
from typing import Final

from bgp.sockets import Endpoint, endpoint_of
from bgp.transport import TurnsAway

PORTION: Final = 32
"""Connections taken in a turn of the loop: a millisecond for strangers, three for neighbours."""
REST: Final = 1.0
"""Seconds without looking after the system refused to hand out connections."""


class Door:
    """Takes what connects to a listening socket that does not block, until `close`."""

    def __init__(
        self,
        loop: asyncio.AbstractEventLoop,
        sock: socket.socket,
        turns_away: TurnsAway,
        admit: Callable[[socket.socket, Endpoint], None],
    ) -> None:
        self._loop = loop
        self._socket = sock
        self._turns_away = turns_away
        self._admit = admit
        self._rest: asyncio.TimerHandle | None = None
        self._open()

    def _open(self) -> None:
        self._rest = None
        self._loop.add_reader(self._socket.fileno(), self._look)

    def close(self) -> None:
        """Look no more, and close the socket."""
        if self._rest is not None:
            self._rest.cancel()
        if self._socket.fileno() >= 0:
            self._loop.remove_reader(self._socket.fileno())
        self._socket.close()

    def _look(self) -> None:
        for _ in range(PORTION):
            try:
                sock, name = self._socket.accept()
            except (BlockingIOError, InterruptedError):
                return
            except ConnectionAbortedError:
                continue
            except OSError:
                # The socket stays readable: without a rest the loop would do nothing else.
                self._loop.remove_reader(self._socket.fileno())
                self._rest = self._loop.call_later(REST, self._open)
                return
            remote = endpoint_of(name)
            if self._turns_away(remote):
                sock.close()
            else:
                sock.setblocking(False)
                self._admit(sock, remote)
