"""Inputs of any size that are as bad as one of that size can be, by decoder.

Each is a function of a number of bytes; `LENGTHS` are small inputs whose length fields claim much.
"""

from collections.abc import Callable
from typing import Final

from bgp.wire.message import KEEPALIVE
from tests.bgp.stranger import GOOD

Shape = Callable[[int], bytes]


def _long(flags: int, code: int, value: bytes) -> bytes:
    return bytes([flags | 0x10, code]) + len(value).to_bytes(2, "big") + value


def _many(piece: bytes, head: bytes = b"") -> Shape:
    return lambda size: head + piece * (size // len(piece))


def _path(segment: bytes, flags: int = 0x40, code: int = 2) -> Shape:
    return lambda size: b"\0" + _long(flags, code, segment * (size // len(segment)))


def _counted(width: int) -> bytes:
    return b"".join(n.to_bytes(width, "big") for n in range(65536 // width, 0, -1))


def _values(code: int, width: int) -> Shape:
    numbers = _counted(width)
    return lambda size: b"\0" + GOOD + _long(0xC0, code, numbers[: size // width * width])


def _entries(size: int) -> bytes:
    return b"\0\1\0\1\1\x40" + size.to_bytes(2, "big") + b"\0\0\0\0\5\0\0\0" * (size // 8)


def _rule(size: int) -> bytes:
    most = min(size, 4095)
    return b"\0" + (0xF000 | most).to_bytes(2, "big") + b"\3" + b"\1\6" * (most // 2)


SHAPES: Final[tuple[tuple[str, str, Shape], ...]] = (
    ("frames", "keepalives", _many(KEEPALIVE, b"\x1f")),
    ("frames", "a message byte by byte", lambda n: b"\0" + b"\xff" * 16 + b"\xff\xff\2" + bytes(n)),
    ("opening", "capabilities", _many(b"\2\2\2\0", b"\4\0\1\0\x5a\0\0\0\1\xff\xff\xff\xff")),
    ("capabilities", "empty ones", _many(b"\2\0")),
    ("capabilities", "families", _many(b"\1\4\0\1\0\1")),
    ("notification", "a reason", _many(b"\xf0\x9f", b"\6\2\xff")),
    ("refresh", "filters", _many(b"\x40\0\0", b"\0\1\0\1\1")),
    ("refresh", "entries", _entries),
    ("attributes", "empty ones", _many(b"\xc0\x63\0", b"\0" + GOOD)),
    ("attributes", "the same again", _many(b"\x40\1\1\0", b"\0" + GOOD)),
    ("attributes", "discarded ones", _many(b"\x40\6\1\0", b"\0" + GOOD)),
    ("attributes", "a path of short sequences", _path(b"\2\1\0\0\0\1")),
    ("attributes", "a path of sets", _path(b"\1\1\0\0\0\1")),
    ("attributes", "a path of long sequences", _path(b"\2\xff" + b"\1" * 1020)),
    ("attributes", "a confederation", _path(b"\3\1\0\0\0\1")),
    ("attributes", "AS4_PATH", lambda n: b"\1" + GOOD + _path(b"\2\1\0\0\0\1", 0xC0, 17)(n)[1:]),
    ("attributes", "communities", _values(8, 4)),
    ("attributes", "extended communities", _values(16, 8)),
    ("attributes", "large communities", lambda n: _values(32, 12)(n)),
    ("attributes", "clusters", lambda n: b"\1" + GOOD + _long(0x80, 10, b"\0\0\0\1" * (n // 4))),
    ("prefixes", "default routes", _many(b"\0", b"\0")),
    ("prefixes", "hosts", _many(b"\x20\x0a\0\0\1", b"\0")),
    ("prefixes", "labels", _many(b"\x18\0\0\1", b"\0")),
    ("flows", "short rules", _many(b"\3\3\x81\6", b"\0")),
    ("flows", "one long rule", _rule),
    ("session", "keepalives", _many(KEEPALIVE, b"\2")),
    ("session", "filters", lambda n: b"\2" + _framed(5, b"\0\1\0\1\1" + b"\x40\0\0" * (n // 3))),
    ("vty", "empty lines", _many(b"\0", b"\xff")),
    ("vty", "a line", _many(b"x", b"\xff")),
    ("vty", "options", _many(b"\xff\xfa", b"\xff")),
    ("answers", "text", _many(b"text", b"\xff")),
)  # fmt: skip


def _framed(kind: int, body: bytes) -> bytes:
    return b"\xff" * 16 + (19 + len(body)).to_bytes(2, "big") + bytes([kind]) + body


LENGTHS: Final[tuple[tuple[str, bytes], ...]] = (
    ("frames", b"\1" + b"\xff" * 18 + b"\2"),
    ("opening", b"\4\0\1\0\x5a\0\0\0\1\xff\xff\xff\xff\2\xff\xff"),
    ("capabilities", b"\x49\xff\xff"),
    ("refresh", b"\0\1\0\1\1\x40\xff\xff"),
    ("update", b"\xff\xff\xff\xff"),
    ("update", b"\0\0\xff\xff\x50\2\xff\xff"),
    ("attributes", b"\0" + GOOD + b"\xd0\x08\xff\xff\0\0\0\1"),
    ("attributes", b"\0\x50\2\xff\xff\2\xff"),
    ("prefixes", b"\0\x20\xff"),
    ("flows", b"\0\xff\xff\3\x01"),
    ("zapi", b"\xff\xff\xfe\6\0\0\0\0\0\x08"),
    ("session", b"\2" + b"\xff" * 18 + b"\2"),
    ("answers", b"\xff\0\0"),
)
