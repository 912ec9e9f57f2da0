"""Outbound route filters: their capability (RFC 5291), and prefix filters (RFC 5292).

Two codes are offered for the capability, and two types of filter: those of the RFCs, and those that
were used before (130 and 128), as FRR does.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from enum import IntEnum, IntFlag
from struct import Struct
from typing import ClassVar, Final, Self

from grammar.base.values import Afi, Prefix

PREFIXES: Final = 64
"""The type of prefix filters."""
OLD_PREFIXES: Final = 128
_ENTRY = Struct("!BIBBB")
_FAMILY = Struct("!HBBB")
_DENY: Final = 0x20

Entries = tuple[tuple[int, int, tuple[tuple[int, int], ...]], ...]
"""(AFI, SAFI, ((type, mode), ...)) of each family."""


class OrfMode(IntFlag):
    """What a speaker is ready to do with filters of a type."""

    RECEIVE = 1
    SEND = 2


class When(IntEnum):
    """When routes are to be announced again with the filters of a message."""

    IMMEDIATE = 1
    DEFER = 2


class Action(IntEnum):
    """The first two bits of an entry. FRR's remove all has both bits."""

    ADD = 0
    REMOVE = 1
    REMOVE_ALL = 2
    FRR_REMOVE_ALL = 3


@dataclass(frozen=True, slots=True)
class OutboundFiltering:
    """Outbound Route Filtering (RFC 5291 sec. 5)."""

    code: ClassVar[int] = 3
    entries: Entries

    def encode(self) -> bytes:
        """The value."""
        value = b""
        for afi, safi, types in self.entries:
            value += _FAMILY.pack(afi, 0, safi, len(types))
            value += b"".join(bytes(pair) for pair in types)
        return value

    @classmethod
    def decode(cls, value: bytes) -> Self:
        """From the value; `ValueError` or `struct.error` if it is cut short."""
        found = []
        position = 0
        while position < len(value):
            afi, _, safi, count = _FAMILY.unpack_from(value, position)
            position += _FAMILY.size
            raw = value[position : position + 2 * count]
            if len(raw) < 2 * count:
                raise ValueError("a family has fewer types than it says")
            position += 2 * count
            types = tuple(zip(raw[::2], raw[1::2], strict=True))
            found.append((afi, safi, types))
        return cls(tuple(found))


class OldOutboundFiltering(OutboundFiltering):
    """The same under the code from before the RFC."""

    __slots__ = ()
    code: ClassVar[int] = 130


def filtering(modes: Iterable[tuple[tuple[int, int], OrfMode]]) -> list[OutboundFiltering]:
    """The capabilities to offer for families: one by one, the old code first, as FRR does."""
    return [
        made(((*family, ((kind, mode),)),))
        for family, mode in modes
        for made, kind in ((OldOutboundFiltering, OLD_PREFIXES), (OutboundFiltering, PREFIXES))
    ]


@dataclass(frozen=True, slots=True)
class Entry:
    """A prefix filter: `low` and `high` are lengths, 0 where none was given.

    Without a prefix the action is about all entries.
    """

    action: Action
    permit: bool = True
    sequence: int = 0
    low: int = 0
    high: int = 0
    prefix: Prefix | None = None

    def encode(self) -> bytes:
        """Its bytes."""
        first = self.action << 6
        if self.prefix is None:
            return bytes([first])
        length = self.prefix.length
        packed = self.prefix.address.pack()[: (length + 7) // 8]
        first |= 0 if self.permit else _DENY
        return _ENTRY.pack(first, self.sequence, self.low, self.high, length) + packed


def encode(kind: int, when: When, entries: bytes) -> bytes:
    """What follows the family in a ROUTE-REFRESH with entries of a type."""
    return bytes([when, kind]) + len(entries).to_bytes(2, "big") + entries


def decode(data: bytes, afi: Afi) -> tuple[bool, list[Entry] | None]:
    """What follows the family: whether routes are to be announced now, and the prefix filters.

    None for filters that cannot be read: all of the neighbour's are to be forgotten then, as FRR
    does. Filters of other types are passed over.
    """
    immediate = not data or data[0] != When.DEFER
    found: list[Entry] = []
    position = 1
    while position + 3 <= len(data):
        kind, size = data[position], int.from_bytes(data[position + 1 : position + 3], "big")
        position += 3
        if position + size > len(data):
            return immediate, None
        if kind in (PREFIXES, OLD_PREFIXES):
            try:
                found += _entries(data[position : position + size], afi)
            except ValueError:
                return immediate, None
        position += size
    return immediate, found


def _entries(data: bytes, afi: Afi) -> Iterator[Entry]:
    position = 0
    while position < len(data):
        action = Action(data[position] >> 6)
        if action in (Action.REMOVE_ALL, Action.FRR_REMOVE_ALL):
            yield Entry(action)
            return
        if position + _ENTRY.size > len(data):
            raise ValueError("an entry is cut short")
        first, sequence, low, high, length = _ENTRY.unpack_from(data, position)
        position += _ENTRY.size
        count = (length + 7) // 8
        raw = data[position : position + count]
        if length > afi.bits or len(raw) < count:
            raise ValueError("a prefix is cut short")
        position += count
        value = int.from_bytes(raw.ljust(afi.bits // 8, b"\0"), "big")
        prefix = Prefix(afi, value, length).network
        permit = not first & _DENY
        yield Entry(action, permit, sequence, *_bounds(low, high, prefix), prefix)


def _bounds(low: int, high: int, prefix: Prefix) -> tuple[int, int]:
    if high > prefix.afi.bits or (low and high and low > high) or 0 < low < prefix.length:
        raise ValueError("lengths that cannot be")
    return low, high
