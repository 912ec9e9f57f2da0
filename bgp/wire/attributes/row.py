"""What every path attribute's row says (style: one row per attribute)."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final, Generic, TypeVar

from bgp.wire.errors import Code, Malformed, Reaction, UpdateError

OPTIONAL: Final = 0x80
TRANSITIVE: Final = 0x40
PARTIAL: Final = 0x20
EXTENDED: Final = 0x10

WELL_KNOWN: Final = TRANSITIVE
OPTIONAL_TRANSITIVE: Final = OPTIONAL | TRANSITIVE

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Attribute(Generic[T]):
    """One attribute type: how to read and write it, and what a malformed one costs.

    `name` is the field of `AttrSet` (or of `Decoded`) that holds the value. `flags` are the
    Optional and Transitive bits it must have. `decode(value, as4)` raises `Malformed(3, subcode)`;
    the caller adds the attribute's bytes and the reaction of the row. `encode(value, as4)` gives
    the value part; `as4` tells whether AS numbers take four bytes. `internal` attributes mean
    nothing from an external peer and are discarded there (RFC 7606 sec. 7.5, 7.9, 7.10).
    `extended` rows are always sent with a length of two bytes, as FRR does.
    """

    code: int
    name: str
    flags: int
    decode: Callable[[bytes, bool], T]
    encode: Callable[[T, bool], bytes]
    malformed: Reaction
    internal: bool = False
    extended: bool = False

    def pack(self, value: T, as4: bool = True, partial: bool = False) -> bytes:
        """The whole attribute: flags, type, length and value."""
        flags = self.flags | (PARTIAL if partial else 0)
        return pack(flags, self.code, self.encode(value, as4), self.extended)


def pack(flags: int, code: int, value: bytes, extended: bool = False) -> bytes:
    """An attribute of any type; the length takes two bytes when it must or `extended` says so."""
    if extended or len(value) > 255:
        return bytes([flags | EXTENDED, code]) + len(value).to_bytes(2, "big") + value
    return bytes([flags & ~EXTENDED, code, len(value)]) + value


def bad_length(data: bytes) -> Malformed:
    """The error of a value whose length cannot be right."""
    reason = f"attribute of {len(data)} bytes"
    return Malformed(Code.UPDATE, UpdateError.LENGTH, reason=reason)


def decode_u32(data: bytes, _as4: bool) -> int:
    """A number of exactly four bytes."""
    if len(data) != 4:
        raise bad_length(data)
    return int.from_bytes(data, "big")


def encode_u32(value: int, _as4: bool) -> bytes:
    """Four bytes."""
    return value.to_bytes(4, "big")
