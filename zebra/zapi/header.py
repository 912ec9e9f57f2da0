"""Framing: the ten bytes before every message, and cutting a stream of bytes into messages."""

from dataclasses import dataclass
from struct import Struct

MARKER = 254
VERSION = 6
MAX_SIZE = 16384
"""Bytes of the largest message, header included."""

HEADER = Struct(">HBBIH")
"""Length (of the whole message), marker, version, VRF id, command."""


class ZapiError(Exception):
    """Bytes that are no ZAPI message of version 6, or a message that does not fit into one."""


@dataclass(frozen=True, slots=True)
class Frame:
    """A message as framed: its command by number, its body undecoded."""

    command: int
    vrf: int
    body: bytes


def pack(command: int, vrf: int, body: bytes) -> bytes:
    """The bytes of one message; ZapiError if it would be longer than `MAX_SIZE`."""
    size = HEADER.size + len(body)
    if size > MAX_SIZE:
        raise ZapiError(f"message {command} would have {size} bytes, more than {MAX_SIZE}")
    return HEADER.pack(size, MARKER, VERSION, vrf, command) + body


class Framer:
    """Cuts a stream into frames; after a `ZapiError` the stream is lost and must be closed."""

    def __init__(self) -> None:
        self._rest = b""

    def feed(self, data: bytes) -> list[Frame]:
        """The messages that `data` completes, in order.

        ZapiError for a wrong marker, version or length at the very beginning of what is left: what
        stands before it in `data` is returned first, and the next call (with no bytes) raises.
        """
        rest = self._rest + data if self._rest else data
        frames: list[Frame] = []
        at = 0
        while len(rest) - at >= HEADER.size:
            size, marker, version, vrf, command = HEADER.unpack_from(rest, at)
            wrong = _wrong(size, marker, version)
            if wrong and not frames:
                raise ZapiError(f"wrong header: {wrong}")
            if wrong or len(rest) - at < size:
                break
            frames.append(Frame(command, vrf, rest[at + HEADER.size : at + size]))
            at += size
        self._rest = rest[at:]
        return frames


def _wrong(size: int, marker: int, version: int) -> str:
    if marker != MARKER or version != VERSION:
        return f"marker {marker}, version {version}"
    return "" if HEADER.size <= size <= MAX_SIZE else f"length {size}"
