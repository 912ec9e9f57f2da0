"""Many neighbours made of written bytes, as a process in a namespace.

Run as a program it reads lines of JSON, each with the address to speak from and to, the bytes to
say at once, and those to say when a KEEPALIVE has come. It prints for each line what was heard, as
`[NUMBER, KIND, BODY]`: the first KEEPALIVE, the NOTIFICATION, and `null` at the end of a
connection. It ends with its input.
"""

import json
import selectors
import socket
import sys
from contextlib import suppress

from bgp.wire.message import EXTENDED_LENGTH, Framer

_KEEPALIVE = 4
_HEARD = (3, _KEEPALIVE)


class _Wire:
    """One connection."""

    def __init__(self, number: int, row: dict[str, str]) -> None:
        self.number = number
        self.socket = socket.create_connection((row["target"], 179), 20, (row["source"], 0))
        self._later = bytes.fromhex(row["said"])
        self._framer = Framer(EXTENDED_LENGTH)
        self._told: set[int | None] = set()

    def say(self, data: bytes) -> None:
        with suppress(ConnectionError):
            self.socket.sendall(data)

    def hear(self) -> bool:
        """Tell what came; False at the end."""
        try:
            data = self.socket.recv(1 << 18)
        except ConnectionError:
            data = b""
        self._framer.feed(data)
        for kind, body in self._framer:
            if kind in _HEARD:
                self._tell(int(kind), body)
        if not data:
            self._tell(None, b"")
        return bool(data)

    def _tell(self, kind: int | None, body: bytes) -> None:
        if kind not in self._told:
            self._told.add(kind)
            if kind == _KEEPALIVE:
                self.say(self._later)
            print(json.dumps([self.number, kind, body.hex()]), flush=True)


def main() -> None:
    """The program."""
    with selectors.DefaultSelector() as selector:
        for number, line in enumerate(iter(sys.stdin.readline, "\n")):
            row = json.loads(line)
            wire = _Wire(number, row)
            wire.say(bytes.fromhex(row["before"]))
            selector.register(wire.socket, selectors.EVENT_READ, wire)
        selector.register(sys.stdin, selectors.EVENT_READ, None)
        while True:
            for key, _ in selector.select():
                if key.data is None:
                    return
                if not key.data.hear():
                    selector.unregister(key.data.socket)


if __name__ == "__main__":
    main()
