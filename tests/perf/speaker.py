"""A bare BGP speaker on a blocking socket: no timers, no table, as little work as can be."""

import socket
import struct
import threading

from bgp.wire.capability import Capability, FourOctetAs, Multiprotocol
from bgp.wire.message import KEEPALIVE, Framer, MessageType, pack
from bgp.wire.nlri import decode_prefixes
from bgp.wire.open import Open
from bgp.wire.update import split
from grammar.base.values import Address


class Speaker:
    """An established session; `count` is how many prefixes the other side has announced.

    `offered` are the capabilities besides AS numbers of four bytes.
    """

    HOLD = 600
    """Seconds of silence that both sides bear."""
    PATIENCE = 120
    """Seconds that what is said may take, and that news may let wait."""

    def __init__(
        self,
        source: str,
        target: tuple[str, int],
        asn: int,
        offered: tuple[Capability, ...] = (Multiprotocol(1, 1),),
    ) -> None:
        self.socket = socket.create_connection(target, 10, source_address=(source, 0))
        self._framer = Framer()
        self.early: list[bytes] = []
        """UPDATEs that came right behind the first KEEPALIVE."""
        self.count = 0
        try:
            self._open(Address.parse(source).value, asn, (*offered, FourOctetAs(asn)))
        except OSError:
            self.socket.close()
            raise
        self.socket.settimeout(self.PATIENCE)

    def _open(self, router_id: int, asn: int, capabilities: tuple[Capability, ...]) -> None:
        self.socket.sendall(
            pack(MessageType.OPEN, Open(asn, self.HOLD, router_id, capabilities).encode())
        )
        self.socket.sendall(KEEPALIVE)
        heard: set[int] = set()
        while not heard >= {MessageType.OPEN, MessageType.KEEPALIVE}:
            for kind, body in self.messages():
                heard.add(kind)
                if kind == MessageType.UPDATE:
                    self.early.append(body)

    def messages(self) -> list[tuple[int, bytes]]:
        """Wait for some; ConnectionError when the other side ends the session."""
        data = self.socket.recv(1 << 18)
        if not data:
            raise ConnectionError("the daemon closed the session")
        self._framer.feed(data)
        found = list(self._framer)
        for kind, body in found:
            if kind == MessageType.NOTIFICATION:
                raise ConnectionError(f"NOTIFICATION {struct.unpack('!BB', body[:2])}")
        return found

    def hear(self, total: int) -> None:
        """Read until `total` prefixes are announced."""
        early, self.early = self.early, []
        for body in early:
            self._count(body)
        while self.count != total:
            for kind, body in self.messages():
                if kind == MessageType.UPDATE:
                    self._count(body)

    def _count(self, body: bytes) -> None:
        update = split(body)
        self.count += len(decode_prefixes(update.nlri, 1))
        self.count -= len(decode_prefixes(update.withdrawn, 1))

    def say(self, messages: list[bytes]) -> None:
        """Send, in a thread of its own so that hearing goes on."""
        data = b"".join(messages)
        threading.Thread(target=self.socket.sendall, args=(data,), daemon=True).start()

    def close(self) -> None:
        """End the connection."""
        self.socket.close()
