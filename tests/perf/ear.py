"""Speakers that do something of their own while a test goes on: one keeps what it hears."""

import threading
import time
from contextlib import suppress
from itertools import pairwise
from socket import SHUT_RDWR

from bgp.wire.capability import AddPath, Capability, Multiprotocol
from bgp.wire.message import KEEPALIVE, MessageType
from tests.perf.speaker import Speaker
from tests.support.heard import Heard


class Ear(Speaker):
    """A session that keeps what it is told; `at` is its address and AS number."""

    def __init__(
        self,
        at: tuple[str, int],
        target: tuple[str, int],
        offered: tuple[Capability, ...] = (Multiprotocol(1, 1),),
    ) -> None:
        super().__init__(at[0], target, at[1], offered)
        self.socket.settimeout(None)
        self.heard = Heard(any(isinstance(one, AddPath) for one in offered))
        self._bodies = self.early
        self._thread = threading.Thread(target=self._listen, daemon=True)
        self._thread.start()

    def _listen(self) -> None:
        try:
            while True:
                self._bodies += [body for kind, body in self.messages() if kind == 2]
        except OSError:
            return

    def say(self, messages: list[bytes]) -> None:
        """Send; that the other side says something at the same time holds nothing up."""
        self.socket.sendall(b"".join(messages))

    def end(self) -> None:
        """Close the connection."""
        with suppress(OSError):  # when the other side was first
            self.socket.shutdown(SHUT_RDWR)
        self._thread.join()
        self.close()

    def now(self) -> Heard:
        """What was heard until now, and not taken back."""
        count = len(self._bodies)
        bodies, self._bodies[:count] = self._bodies[:count], []
        for body in bodies:
            self.heard.take(body)
        return self.heard


class Pulse(Speaker):
    """A session on which nothing happens but keepalives, one a second, and when they came."""

    HOLD = 3

    def __init__(self, source: str, target: tuple[str, int], asn: int) -> None:
        super().__init__(source, target, asn)
        self.socket.settimeout(None)
        self._going = threading.Event()
        self._came = [time.monotonic()]
        self._threads = [
            threading.Thread(target=run, daemon=True) for run in (self._listen, self._beat)
        ]
        for thread in self._threads:
            thread.start()

    def _listen(self) -> None:
        with suppress(OSError):
            while True:
                if any(kind == MessageType.KEEPALIVE for kind, _ in self.messages()):
                    self._came.append(time.monotonic())

    def _beat(self) -> None:
        with suppress(OSError):
            while not self._going.wait(self.HOLD / 3):
                self.socket.sendall(KEEPALIVE)

    def late(self) -> float:
        """End the session; by how many ms the latest KEEPALIVE missed its second."""
        came = [*self._came, time.monotonic()]
        self._going.set()
        with suppress(OSError):
            self.socket.shutdown(SHUT_RDWR)
        for thread in self._threads:
            thread.join()
        self.close()
        gaps = (after - before for before, after in pairwise(came))
        return max(0.0, max(gaps) - self.HOLD / 3) * 1000
