"""Framing: the ten bytes before every message, and cutting a stream of bytes into messages."""

from struct import Struct
from typing import NamedTuple

from grammar.base.values import IP, mask, spread

MARKER = 254
VERSION = 6
MAX_SIZE = 16384
"""Bytes of the largest message, header included."""

HEADER = Struct(">HBBIH")
"""Length (of the whole message), marker, version, VRF id, command."""


ROUTE_COMMANDS = (8, 9)
"""ROUTE_ADD and ROUTE_DELETE, in all dialects."""

ROUTE_HEAD = 13
"""Bytes of a route's body before its prefix; the last one is the address family."""

RUN = 256
"""Routes that one frame may stand for."""


class ZapiError(Exception):
    """Bytes that are no ZAPI message of version 6, or a message that does not fit into one."""


class Frame(NamedTuple):
    """A message as framed: its command by number, its body undecoded.

    With `keys` it stands for a run of ROUTE_ADD or ROUTE_DELETE that differ in their prefixes
    only; the body is that of the first one.
    """

    command: int
    vrf: int
    body: bytes
    keys: tuple[int, ...] = ()


def begin(command: int, vrf: int, size: int) -> bytes:
    """The header before a body of `size` bytes; ZapiError if both are longer than `MAX_SIZE`."""
    size += HEADER.size
    if size > MAX_SIZE:
        raise ZapiError(f"message {command} would have {size} bytes, more than {MAX_SIZE}")
    return HEADER.pack(size, MARKER, VERSION, vrf, command)


def pack(command: int, vrf: int, body: bytes) -> bytes:
    """The bytes of one message; ZapiError as `begin`."""
    return begin(command, vrf, len(body)) + body


_FORMS = {
    family: (afi.size, afi.bits, shift, [mask(afi, length) for length in range(afi.bits + 1)])
    for family, afi, shift in zip((2, 10), IP, (6, 8), strict=True)
}
"""By socket family: size and bits of an address, the shift of its keys, masks by length."""


def run_of_routes(data: bytes, at: int, size: int) -> tuple[int, ...]:
    """The keys of routes in a row, the first of which stands `at`, that differ in prefix only.

    They have the same number of bytes; empty for less than two, and for what is no route.
    """
    first = at + HEADER.size + ROUTE_HEAD
    form = _FORMS.get(data[first - 1]) if size > HEADER.size + ROUTE_HEAD else None
    if form is None:
        return ()
    width, bits, shift, masks = form
    used = (data[first] + 7) >> 3
    if used > width or first + 1 + used > at + size:
        return ()
    head, tail = data[at:first], data[first + 1 + used : at + size]
    if not data.startswith(head, at + size):
        return ()
    # What stands between a tail and the next head is a prefix, as long as it has its length.
    between = data[first : min(len(data), at + RUN * size)].split(tail + head)
    if len(between[-1]) > used:
        between[-1] = between[-1][: used + 1] if between[-1].startswith(tail, used + 1) else b""
    cut, low = bits - 8 * used, (1 << 8 * used) - 1
    keys: list[int] = []
    for prefix in between:
        if len(prefix) != used + 1 or (prefix[0] + 7) >> 3 != used:
            break
        length = prefix[0]
        value = (int.from_bytes(prefix, "big") & low) << cut
        keys.append(spread(value & masks[length]) << shift | length)
    return tuple(keys) if len(keys) > 1 else ()


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
            keys = run_of_routes(rest, at, size) if command in ROUTE_COMMANDS else ()
            frames.append(Frame(command, vrf, rest[at + HEADER.size : at + size], keys))
            at += size * (len(keys) or 1)
        self._rest = rest[at:]
        return frames


def _wrong(size: int, marker: int, version: int) -> str:
    if marker != MARKER or version != VERSION:
        return f"marker {marker}, version {version}"
    return "" if HEADER.size <= size <= MAX_SIZE else f"length {size}"
