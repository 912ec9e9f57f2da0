"""The attributes of an announcement as bytes, in FRR's order, without MP_REACH_NLRI."""

from struct import pack
from typing import Final

from bgp.attrs import as4_parts
from bgp.rib.announced import Announced
from bgp.rib.export import Profile
from bgp.wire.attributes import basic, communities, reflection
from bgp.wire.attributes.aggregator import AGGREGATOR
from bgp.wire.attributes.aspath import AS_PATH, AsPath
from bgp.wire.attributes.row import pack as pack_attribute

_ORIGIN: Final = tuple(basic.ORIGIN.pack(value) for value in range(3))
_EMPTY_PATH: Final = AS_PATH.pack(AsPath())
_SEQUENCE: Final = 2
_NON_TRANSITIVE: Final = 1 << 62


def encode(announced: Announced, profile: Profile, nexthop: bytes) -> bytes:
    """The attribute bytes without MP_REACH_NLRI, in FRR's order; `nexthop` if NEXT_HOP is sent."""
    attrs = announced.attrs
    parts = [_ORIGIN[attrs.origin], _as_path(attrs.as_path, profile)]
    if nexthop:
        parts.append(b"\x40\x03\x04" + nexthop)
    special = profile.special
    highest = None if special is None else special.max_med
    med = announced.med if highest is None else highest
    if med is not None:
        parts.append(pack("!BBBI", 0x80, 4, 4, med))
    if not profile.external and announced.local_pref is not None:
        parts.append(pack("!BBBI", 0x40, 5, 4, announced.local_pref))
    parts += _optional(announced, profile)
    return b"".join(parts)


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
        parts += as4_parts(_told_path(attrs.as_path, profile), attrs.aggregator)
    if attrs.otc is not None:
        parts.append(basic.ONLY_TO_CUSTOMER.pack(attrs.otc))
    if attrs.unknown:
        parts += [pack_attribute(flags, code, data) for flags, code, data in attrs.unknown]
    return parts


def _as_path(path: AsPath, profile: Profile) -> bytes:
    segments = path.segments
    plain = not segments or (len(segments) == 1 and segments[0][0] == _SEQUENCE)
    if not plain or profile.confederation or not profile.as4:
        return AS_PATH.pack(_told_path(path, profile), profile.as4)
    asns = _prepended(path, profile) + (segments[0][1] if segments else ())
    count = len(asns)
    if not count:
        return _EMPTY_PATH
    if count < 256:
        size = 2 + 4 * count
        return pack(f"!BBHBB{count}I", 0x50, 2, size, _SEQUENCE, count, *asns)
    return AS_PATH.pack(AsPath.sequence(*asns))


def _told_path(path: AsPath, profile: Profile) -> AsPath:
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
