"""AS_PATH and AS4_PATH (RFC 4271 sec. 5.1.2, RFC 5065, RFC 6793) and their value `AsPath`."""

from collections.abc import Iterable
from enum import IntEnum
from itertools import chain, groupby
from operator import itemgetter
from struct import Struct, pack, unpack_from
from typing import Final

from bgp.compiled import compiled
from bgp.wire.attributes.row import OPTIONAL_TRANSITIVE, WELL_KNOWN, Attribute
from bgp.wire.errors import Code, Malformed, Reaction, UpdateError

AS_TRANS: Final = 23456
_SEGMENT_LIMIT: Final = 255

Segment = tuple[int, tuple[int, ...]]
"""(`SegmentType`, AS numbers)."""


class SegmentType(IntEnum):
    """Type octet of a segment."""

    SET = 1
    SEQUENCE = 2
    CONFED_SEQUENCE = 3
    CONFED_SET = 4


_BRACKETS: Final = {1: ("{", ",", "}"), 2: ("", " ", ""), 3: ("(", " ", ")"), 4: ("[", ",", "]")}


@compiled
def sequence_text(data: bytes) -> str:
    """FRR's form of one sequence, given as the attribute's bytes, numbers of four bytes."""
    return " ".join(map(str, unpack_from(f"!{data[1]}I", data, 2)))


class AsPath:
    """An AS path: segments in normal form (sequences joined, sets sorted, as FRR keeps them).

    Equal paths are equal values. `length` counts as RFC 4271 sec. 9.1.2.2 does: a set is one,
    confederation segments nothing.
    """

    __slots__ = ("_data", "_segments", "_text", "length")

    # Paths that came are kept as the bytes of their one sequence, if that is all there is: they
    # are mostly asked for a number or two, and 180,000 of them as numbers would take 60 MB.
    _data: bytes | None
    _segments: tuple[Segment, ...] | None
    length: int
    _text: str | None

    def __init__(self, segments: Iterable[Segment] = ()) -> None:
        segments = tuple(segments)
        if len(segments) > 1 or (segments and segments[0][0] != 2):
            segments = _normal(segments)
        self._data = None
        self._segments = segments
        self.length = _length(segments)
        self._text = None

    @classmethod
    def sequence(cls, *asns: int) -> "AsPath":
        """A path of one sequence; the empty path without numbers."""
        return cls(((2, asns),)) if asns else EMPTY

    @classmethod
    def received(cls, data: bytes) -> "AsPath":
        """The path of an attribute that is known to be without fault, numbers of four bytes."""
        if len(data) < 6 or data[0] != 2 or 2 + data[1] * 4 != len(data):
            return AsPath(_decode_segments(data, 4)) if data else EMPTY
        path = AsPath.__new__(AsPath)
        path._data = data
        path._segments = path._text = None
        path.length = data[1]
        return path

    @property
    def segments(self) -> tuple[Segment, ...]:
        """Type and AS numbers of each segment."""
        if self._segments is None:
            data = self._data or b""
            self._segments = ((2, unpack_from(f"!{self.length}I", data, 2)),)
        return self._segments

    @property
    def wire(self) -> bytes | None:
        """The attribute's value where the path is one sequence that came so; else None."""
        return self._data

    @property
    def text(self) -> str:
        """FRR's form: `65001 65002 {65003,65004}`, confederations in `( )` and `[ ]`."""
        if self._text is None and self._data is not None:
            self._text = sequence_text(self._data)
        if self._text is None:
            parts = []
            for kind, asns in self.segments:
                opening, between, closing = _BRACKETS[kind]
                parts.append(opening + between.join(map(str, asns)) + closing)
            self._text = " ".join(parts)
        return self._text

    @property
    def first_as(self) -> int | None:
        """The neighbour's AS: the first number, if the path starts with a sequence."""
        if self._data is not None:
            return int.from_bytes(self._data[2:6], "big")
        if self.segments and self.segments[0][0] == 2:
            return self.segments[0][1][0]
        return None

    @property
    def first_member(self) -> int | None:
        """The first number of a path that begins with a sequence of a confederation."""
        return self.segments[0][1][0] if self.segments and self.segments[0][0] == 3 else None

    @property
    def confederation_length(self) -> int:
        """What segments of a confederation add to the length: a set of one counts one."""
        return sum(len(asns) if kind == 3 else kind == 4 for kind, asns in self.segments)

    @property
    def has_sets(self) -> bool:
        """True if any segment is a set, of a confederation or not."""
        return any(kind in (1, 4) for kind, _ in self.segments)

    @property
    def has_confederation(self) -> bool:
        """True if any segment is of a confederation."""
        return any(kind > 2 for kind, _ in self.segments)

    def contains(self, asn: int) -> bool:
        """True if the number is in any segment."""
        if self._data is not None:
            return bool(_times(self._data, asn))
        return any(asn in asns for _, asns in self.segments)

    def count(self, asn: int) -> int:
        """How often the number stands in the path (allowas-in counts these)."""
        if self._data is not None:
            return _times(self._data, asn)
        return sum(asns.count(asn) for _, asns in self.segments)

    def prepend(self, *asns: int) -> "AsPath":
        """The path with `asns` in front, as a sequence."""
        return AsPath(((2, asns), *self.segments)) if asns else self

    def without_confederation(self) -> "AsPath":
        """The path as it leaves a confederation (RFC 5065 sec. 4.1)."""
        return AsPath(segment for segment in self.segments if segment[0] <= 2)

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, AsPath):
            return False
        if self._data is not None and other._data is not None:
            return self._data == other._data
        return self.segments == other.segments

    def __hash__(self) -> int:
        return hash(self.segments)

    def __repr__(self) -> str:
        return f"AsPath({self.text!r})"


def _times(data: bytes, asn: int) -> int:
    """How often a number is in the bytes of a sequence."""
    wanted, times = asn.to_bytes(4, "big"), 0
    at = data.find(wanted, 2)
    while at >= 0:
        times += at % 4 == 2
        at = data.find(wanted, at + 1)
    return times


def _length(segments: tuple[Segment, ...]) -> int:
    if len(segments) == 1 and segments[0][0] == 2:
        return len(segments[0][1])
    return sum(len(asns) if kind == 2 else kind == 1 for kind, asns in segments)


def _normal(segments: tuple[Segment, ...]) -> tuple[Segment, ...]:
    found: list[Segment] = []
    for kind, alike in groupby(segments, key=itemgetter(0)):
        if kind in (1, 4):
            found += ((kind, tuple(sorted(set(asns)))) for _, asns in alike)
        else:
            found.append((kind, tuple(chain.from_iterable(asns for _, asns in alike))))
    return tuple(found)


EMPTY: Final = AsPath()

_COUNTED4 = [Struct(f"!{n}I").unpack_from for n in range(32)]


def _decode_path(data: bytes, as4: bool) -> AsPath:
    size = len(data)
    if not size:
        return EMPTY
    # One sequence of four-byte numbers: all but a few paths of the Internet.
    plain = as4 and size > 2 and data[0] == 2 and 2 + data[1] * 4 == size and 0 < data[1] < 32
    if plain and 0 not in _COUNTED4[data[1]](data, 2):
        return AsPath.received(data)
    return AsPath(_decode_segments(data, 4 if as4 else 2))


def _decode_segments(data: bytes, width: int) -> list[Segment]:
    segments: list[Segment] = []
    position, size = 0, len(data)
    while position < size:
        kind, count = data[position], data[position + 1] if position + 1 < size else 0
        end = position + 2 + count * width
        # RFC 7606 sec. 7.2: unknown type, overrun, underrun of one octet, or no number at all.
        if not 1 <= kind <= 4 or not count or end > size:
            raise Malformed(Code.UPDATE, UpdateError.AS_PATH, reason="bad AS path segment")
        asns = unpack_from(f"!{count}{'I' if width == 4 else 'H'}", data, position + 2)
        if 0 in asns:
            # RFC 7607 sec. 2: AS 0 in a path makes it malformed.
            raise Malformed(Code.UPDATE, UpdateError.AS_PATH, reason="AS 0 in the path")
        segments.append((kind, asns))
        position = end
    return segments


def _decode_as4_path(data: bytes, _as4: bool) -> AsPath:
    # RFC 6793 sec. 3: confederation segments do not belong here and are dropped.
    return AsPath(s for s in _decode_segments(data, 4) if s[0] <= 2)


def _encode_path(path: AsPath, as4: bool) -> bytes:
    if as4 and path.wire is not None:
        return path.wire
    parts = []
    code = "I" if as4 else "H"
    for kind, asns in path.segments:
        if not as4:
            asns = tuple(asn if asn < 65536 else AS_TRANS for asn in asns)
        for start in range(0, len(asns), _SEGMENT_LIMIT):
            part = asns[start : start + _SEGMENT_LIMIT]
            parts.append(pack(f"!BB{len(part)}{code}", kind, len(part), *part))
    return b"".join(parts)


def _encode_as4_path(path: AsPath, _as4: bool) -> bytes:
    return _encode_path(path, True)


def merge(path: AsPath, as4_path: AsPath) -> AsPath:
    """Restore four-byte numbers from an old speaker's AS4_PATH (RFC 6793 sec. 4.2.3).

    The leading ASes that AS4_PATH lacks are kept; if it has more, it is ignored.
    """
    missing = path.length - as4_path.length
    if missing < 0:
        return path
    kept: list[Segment] = []
    for kind, asns in path.segments:
        if kind > 2:
            kept.append((kind, asns))
            continue
        if missing <= 0:
            break
        if kind == 2:
            kept.append((kind, asns[:missing]))
            missing -= len(asns)
        else:
            kept.append((kind, asns))
            missing -= 1
    return AsPath((*kept, *as4_path.segments))


AS_PATH: Final = Attribute(
    2, "as_path", WELL_KNOWN, _decode_path, _encode_path, Reaction.WITHDRAW, extended=True
)
AS4_PATH: Final = Attribute(
    17,
    "as4_path",
    OPTIONAL_TRANSITIVE,
    _decode_as4_path,
    _encode_as4_path,
    Reaction.DISCARD,
    extended=True,
)
