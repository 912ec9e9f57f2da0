"""The frame around every message: marker, length, type (RFC 4271 sec. 4.1, RFC 8654)."""

from collections.abc import Iterator
from enum import IntEnum
from struct import Struct

from bgp.compiled import compiled
from bgp.wire.errors import Code, Header, Malformed

MARKER = b"\xff" * 16
HEADER_SIZE = 19
STANDARD_LENGTH = 4096
EXTENDED_LENGTH = 65535

_HEADER = Struct("!16sHB")
_LENGTH = Struct("!H")


class MessageType(IntEnum):
    """Type octet of a message; `OLD_REFRESH` is the pre-standard code that FRR still takes."""

    OPEN = 1
    UPDATE = 2
    NOTIFICATION = 3
    KEEPALIVE = 4
    ROUTE_REFRESH = 5
    CAPABILITY = 6
    OLD_REFRESH = 128


_MINIMUM = {1: 29, 2: 23, 3: 21, 4: 19, 5: 23, 6: 19, 128: 23}
# RFC 8654 sec. 4: OPEN and KEEPALIVE keep the old limit; a KEEPALIVE is the header alone.
_MAXIMUM = {1: STANDARD_LENGTH, 4: HEADER_SIZE}


def pack(kind: int, body: bytes = b"") -> bytes:
    """One whole message of type `kind`; the caller keeps `body` within the peer's limit."""
    return _HEADER.pack(MARKER, HEADER_SIZE + len(body), kind) + body


KEEPALIVE = pack(MessageType.KEEPALIVE)


@compiled
def cut_updates(buffer: bytes, max_length: int) -> tuple[list[bytes], int]:
    """The bodies of the whole, well-framed UPDATEs at the start of bytes, and their length."""
    bodies: list[bytes] = []
    start, size = 0, len(buffer)
    while size - start >= HEADER_SIZE:
        marker, length, kind = _HEADER.unpack_from(buffer, start)
        if kind != 2 or marker != MARKER or not 23 <= length <= max_length:
            break
        end = start + length
        if end > size:
            break
        bodies.append(buffer[start + HEADER_SIZE : end])
        start = end
    return bodies, start


class Framer:
    """Cuts a byte stream into messages: `feed` bytes, then iterate over `(type, body)`.

    `max_length` may be raised to 65535 once extended messages are negotiated. Iteration gives all
    whole messages and stops at the first incomplete one; it raises `Malformed(1, ...)` at a bad
    header, after the good messages before it. A framer that has raised must not be used again.
    """

    __slots__ = ("_behind", "_buffer", "_parts", "max_length")

    def __init__(self, max_length: int = STANDARD_LENGTH) -> None:
        self.max_length = max_length
        self._buffer = b""
        self._parts: list[bytes] = []
        self._behind = 0
        """Bytes in the parts, which follow the buffer: they are put together once they suffice, so
        that a message that comes in many pieces is not copied with each of them."""

    def feed(self, data: bytes) -> None:
        """Append bytes from the peer."""
        if not self._buffer:
            self._buffer = bytes(data)
            return
        self._parts.append(bytes(data))
        self._behind += len(data)
        if self.pending >= self._wanted:
            self._buffer = b"".join((self._buffer, *self._parts))
            self._parts.clear()
            self._behind = 0

    @property
    def _wanted(self) -> int:
        if len(self._buffer) < HEADER_SIZE:
            return HEADER_SIZE
        wanted: int = _LENGTH.unpack_from(self._buffer, len(MARKER))[0]
        return wanted

    @property
    def pending(self) -> int:
        """Bytes held that no message has been made of yet."""
        return len(self._buffer) + self._behind

    def updates(self) -> list[bytes]:
        """The bodies of the UPDATEs in front, up to another message, a bad or an incomplete one."""
        bodies, used = cut_updates(self._buffer, self.max_length)
        if used:
            self._buffer = self._buffer[used:]
        return bodies

    def __iter__(self) -> Iterator[tuple[int, bytes]]:
        buffer = self._buffer
        unpack = _HEADER.unpack_from
        start, size = 0, len(buffer)
        try:
            while size - start >= HEADER_SIZE:
                marker, length, kind = unpack(buffer, start)
                if kind != 2 or marker != MARKER or not 23 <= length <= self.max_length:
                    self._check(marker, length, kind)
                end = start + length
                if end > size:
                    return
                body = buffer[start + 19 : end]
                start = end
                yield kind, body
        finally:
            if start:
                self._buffer = buffer[start:]

    def _check(self, marker: bytes, length: int, kind: int) -> None:
        if marker != MARKER:
            raise Malformed(Code.HEADER, Header.NOT_SYNCHRONIZED)
        minimum = _MINIMUM.get(kind)
        if minimum is None:
            raise Malformed(Code.HEADER, Header.BAD_TYPE, bytes([kind]))
        if not minimum <= length <= _MAXIMUM.get(kind, self.max_length):
            raise Malformed(Code.HEADER, Header.BAD_LENGTH, _LENGTH.pack(length))
