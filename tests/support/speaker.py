"""A BGP speaker made of written bytes, as a process in a namespace: what it hears can be compared.

Run as a program it connects, opens the session with the given families and then passes messages
on, one a line as hexadecimal digits: standard input is sent, what is received is printed.
"""

import socket
import subprocess
import sys
import threading
from contextlib import suppress
from pathlib import Path

from bgp.wire.capability import Capability, Family, FourOctetAs, Multiprotocol, RouteRefresh
from bgp.wire.message import KEEPALIVE, Framer, MessageType, pack
from bgp.wire.open import Open
from bgp.wire.update import join
from grammar.base.values import Address
from tests.support.namespaces import Namespace

HOLD = 3600


class Speaker:
    """The session of one address of a namespace with a router; UPDATEs are bodies in full."""

    def __init__(
        self, namespace: Namespace, source: str, target: str, asn: int, families: tuple[Family, ...]
    ) -> None:
        self.namespace = namespace
        words = [f"{afi}/{safi}" for afi, safi in families]
        root = Path(__file__).parent.parent.parent
        self._process = subprocess.Popen(
            namespace.argv([sys.executable, "-m", __name__, source, target, str(asn), *words]),
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            cwd=root,
        )
        self.heard: list[tuple[int, bytes]] = []
        self._listener = threading.Thread(target=self._listen, daemon=True)
        self._listener.start()

    def _listen(self) -> None:
        assert self._process.stdout is not None
        for line in self._process.stdout:
            kind, _, body = line.strip().partition(" ")
            self.heard.append((int(kind), bytes.fromhex(body)))

    def bodies(self, kind: MessageType = MessageType.UPDATE) -> list[bytes]:
        """What was heard of one kind, in order."""
        return [body for heard, body in list(self.heard) if heard == kind]

    def say(self, attributes: bytes, nlri: bytes = b"", withdrawn: bytes = b"") -> None:
        """Send an UPDATE."""
        assert self._process.stdin is not None
        whole = pack(MessageType.UPDATE, join(withdrawn, attributes, nlri))
        self._process.stdin.write(whole.hex() + "\n")
        self._process.stdin.flush()

    def close(self) -> None:
        """End the connection and the process."""
        self._process.kill()
        self._process.wait()
        self._listener.join()  # it reads to the end, which is there
        for pipe in (self._process.stdin, self._process.stdout):
            if pipe is not None:
                with suppress(BrokenPipeError):
                    pipe.close()


def _opening(source: str, asn: int, families: list[Family]) -> bytes:
    offered: list[Capability] = [Multiprotocol(*family) for family in families]
    offered += [RouteRefresh(), FourOctetAs(asn)]
    message = Open(asn, HOLD, Address.parse(source).value, tuple(offered))
    return pack(MessageType.OPEN, message.encode()) + KEEPALIVE


def _send_lines(wire: socket.socket) -> None:
    for line in sys.stdin:
        wire.sendall(bytes.fromhex(line))


def main(source: str, target: str, asn: str, *words: str) -> None:
    """The program: ends with the connection."""
    families = [(int(afi), int(safi)) for afi, _, safi in (word.partition("/") for word in words)]
    wire = socket.create_connection((target, 179), 10, source_address=(source, 0))
    wire.settimeout(None)
    wire.sendall(_opening(source, int(asn), families))
    threading.Thread(target=_send_lines, args=(wire,), daemon=True).start()
    framer = Framer()
    while data := wire.recv(65536):
        framer.feed(data)
        for kind, body in framer:
            print(int(kind), body.hex(), flush=True)


if __name__ == "__main__":
    main(*sys.argv[1:])
