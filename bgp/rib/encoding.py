"""The attributes of an announcement as bytes, in FRR's order, without MP_REACH_NLRI."""

from functools import lru_cache
from struct import pack
from typing import Any, Final

from bgp.attrset import as4_parts, attributes
from bgp.compiled import compiled
from bgp.rib.announced import Announced
from bgp.rib.export import Profile
from bgp.wire.attributes import basic, communities, reflection
from bgp.wire.attributes.aggregator import AGGREGATOR
from bgp.wire.attributes.aspath import AS_PATH, AsPath
from bgp.wire.attributes.reader import Unknown, foreign
from bgp.wire.attributes.registry import ROWS
from bgp.wire.attributes.row import Attribute
from bgp.wire.attributes.row import pack as pack_attribute

_ORIGIN: Final = tuple(basic.ORIGIN.pack(value) for value in range(3))
_EMPTY_PATH: Final = AS_PATH.pack(AsPath())
_SEQUENCE: Final = 2
_NON_TRANSITIVE: Final = 1 << 62


def encode(announced: Announced, profile: Profile, nexthop: bytes) -> bytes:
    """The attribute bytes without MP_REACH_NLRI, in FRR's order; `nexthop` if NEXT_HOP is sent."""
    attrs = announced.attrs
    special = profile.special
    source = attrs.source
    if special is None and isinstance(source, bytes) and profile.as4 and not profile.confederation:
        local_pref = None if profile.external else announced.local_pref
        reflected = b"" if profile.external else b"".join(_reflection(announced))
        kinds = _kinds(profile)
        in_front = _numbers(profile.prepend)
        told = retell(source, in_front, nexthop, announced.med, local_pref, reflected, kinds)
        if told is not None:
            return told
    parts = [_ORIGIN[attrs.origin], _as_path(attrs.as_path, profile)]
    if nexthop:
        parts.append(b"\x40\x03\x04" + nexthop)
    highest = None if special is None else special.max_med
    med = announced.med if highest is None else highest
    if med is not None:
        parts.append(pack("!BBBI", 0x80, 4, 4, med))
    if not profile.external and announced.local_pref is not None:
        parts.append(pack("!BBBI", 0x40, 5, 4, announced.local_pref))
    parts += _optional(announced, profile)
    return b"".join(parts)


_STANDARD, _LARGE, _EXTENDED, _INSIDE = 1, 2, 4, 8


def _kinds(profile: Profile) -> int:
    return (
        profile.standard * _STANDARD
        | profile.large * _LARGE
        | profile.extended * _EXTENDED
        | (not profile.external) * _INSIDE
    )


@lru_cache(maxsize=64)
def _numbers(asns: tuple[int, ...]) -> bytes:
    return pack(f"!{len(asns)}I", *asns)


@compiled
def retell(
    source: bytes,
    prepend: bytes,
    hop: bytes,
    med: int | None,
    local_pref: int | None,
    reflected: bytes,
    kinds: int,
) -> bytes | None:
    """Attributes as they came, in the form in which they go out; None if the path needs more care.

    `prepend` are AS numbers to put in front, `reflected` the attributes of a route reflector,
    `kinds` the communities that go out: 1 standard, 2 large, 4 extended, 8 also those of these that
    are not transitive.
    """
    values: dict[int, bytes] = {}
    foreigners: list[Unknown] = []
    for flags, code, value in attributes(source):
        if code in ROWS:
            values[code] = value
        else:
            foreigners += foreign(flags, code, value)
    path = values.get(AS_PATH.code)
    if path is None or basic.ORIGIN.code not in values:
        return None
    count = len(prepend) // 4 + len(path) // 4
    if (path and (path[0] != _SEQUENCE or 2 + path[1] * 4 != len(path))) or count > 255:
        return None
    head = bytes([_SEQUENCE, count]) if count else b""
    parts = [
        _ORIGIN[values[1][0]],
        b"\x50\x02" + (len(head) + 4 * count).to_bytes(2, "big") + head + prepend + path[2:],
        b"\x40\x03\x04" + hop if hop else b"",
        b"" if med is None else pack("!BBBI", 0x80, 4, 4, med),
        b"" if local_pref is None else pack("!BBBI", 0x40, 5, 4, local_pref),
    ]
    for row, kind in _RETOLD:
        if row is None:
            parts.append(reflected)
        elif row.code in values and (not kind or kinds & kind):
            said = row.decode(values[row.code], True)
            if kind == _EXTENDED and not kinds & _INSIDE:
                said = tuple(one for one in said if not one & _NON_TRANSITIVE)
            if said != ():
                parts.append(row.pack(said))
    parts += [pack_attribute(*one) for one in foreigners]
    return b"".join(parts)


_RETOLD: Final[tuple[tuple[Attribute[Any] | None, int], ...]] = (
    (basic.ATOMIC_AGGREGATE, 0),
    (AGGREGATOR, 0),
    (communities.COMMUNITIES, _STANDARD),
    (communities.LARGE_COMMUNITIES, _LARGE),
    (None, 0),
    (communities.EXTENDED_COMMUNITIES, _EXTENDED),
    (basic.ONLY_TO_CUSTOMER, 0),
)


def _optional(announced: Announced, profile: Profile) -> list[bytes]:
    attrs = announced.attrs
    parts: list[bytes] = []
    if attrs.atomic:
        parts.append(basic.ATOMIC_AGGREGATE.pack(attrs.atomic))
    if attrs.aggregator is not None:
        parts.append(AGGREGATOR.pack(attrs.aggregator, profile.as4))
    if attrs.communities and profile.standard:
        parts.append(communities.COMMUNITIES.pack(attrs.communities))
    if attrs.large_communities and profile.large:
        parts.append(communities.LARGE_COMMUNITIES.pack(attrs.large_communities))
    if not profile.external:
        parts += _reflection(announced)
    if attrs.ext_communities and profile.extended:
        parts += _extended(attrs.ext_communities, profile.external)
    if not profile.as4:
        parts += as4_parts(told_path(attrs.as_path, profile), attrs.aggregator)
    if attrs.otc is not None:
        parts.append(basic.ONLY_TO_CUSTOMER.pack(attrs.otc))
    if attrs.unknown:
        parts += [pack_attribute(flags, code, data) for flags, code, data in attrs.unknown]
    return parts


def _as_path(path: AsPath, profile: Profile) -> bytes:
    segments = path.segments
    plain = not segments or (len(segments) == 1 and segments[0][0] == _SEQUENCE)
    if not plain or profile.confederation or not profile.as4:
        return AS_PATH.pack(told_path(path, profile), profile.as4)
    asns = _prepended(path, profile) + (segments[0][1] if segments else ())
    count = len(asns)
    if not count:
        return _EMPTY_PATH
    if count < 256:
        size = 2 + 4 * count
        return pack(f"!BBHBB{count}I", 0x50, 2, size, _SEQUENCE, count, *asns)
    return AS_PATH.pack(AsPath.sequence(*asns))


def told_path(path: AsPath, profile: Profile) -> AsPath:
    """The AS path as it goes out, with the own numbers in front."""
    if profile.confederation:
        return AsPath(((3, profile.prepend), *path.segments))
    if profile.external and path.has_confederation:
        path = path.without_confederation()
    return path.prepend(*_prepended(path, profile))


def _prepended(path: AsPath, profile: Profile) -> tuple[int, ...]:
    special = profile.special
    return profile.prepend if special is None or special.prepends(path) else ()


def _reflection(announced: Announced) -> list[bytes]:
    parts = []
    if announced.originator is not None:
        parts.append(reflection.ORIGINATOR_ID.pack(announced.originator))
    if announced.clusters:
        parts.append(reflection.CLUSTER_LIST.pack(announced.clusters))
    return parts


def _extended(values: tuple[int, ...], external: bool) -> list[bytes]:
    if external:
        # RFC 4360 sec. 6: those that are not transitive stay in the AS.
        values = tuple(value for value in values if not value & _NON_TRANSITIVE)
    return [communities.EXTENDED_COMMUNITIES.pack(values)] if values else []
