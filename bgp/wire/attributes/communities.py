"""COMMUNITIES (RFC 1997), EXTENDED (RFC 4360) and LARGE COMMUNITIES (RFC 8092).

Values are kept sorted and without doubles, as FRR keeps, shows and sends them.
"""

from struct import iter_unpack, pack, unpack
from typing import Final

from bgp.wire.attributes.row import OPTIONAL_TRANSITIVE, Attribute, bad_length
from bgp.wire.errors import Reaction

LargeCommunity = tuple[int, int, int]
"""Global administrator and two local parts, 32 bits each."""


def _decode_communities(data: bytes, _as4: bool) -> tuple[int, ...]:
    count, rest = divmod(len(data), 4)
    if rest or not count:
        raise bad_length(data)
    values = unpack(f"!{count}I", data)
    return values if count == 1 else tuple(sorted(set(values)))


def _encode_communities(values: tuple[int, ...], _as4: bool) -> bytes:
    return pack(f"!{len(values)}I", *values)


def _decode_extended(data: bytes, _as4: bool) -> tuple[int, ...]:
    count, rest = divmod(len(data), 8)
    if rest or not count:
        raise bad_length(data)
    values = unpack(f"!{count}Q", data)
    return values if count == 1 else tuple(sorted(set(values)))


def _encode_extended(values: tuple[int, ...], _as4: bool) -> bytes:
    return pack(f"!{len(values)}Q", *values)


def _decode_large(data: bytes, _as4: bool) -> tuple[LargeCommunity, ...]:
    if not data or len(data) % 12:
        raise bad_length(data)
    return tuple(sorted({(a, b, c) for a, b, c in iter_unpack("!III", data)}))


def _encode_large(values: tuple[LargeCommunity, ...], _as4: bool) -> bytes:
    return b"".join(pack("!III", *value) for value in values)


COMMUNITIES: Final = Attribute(
    8,
    "communities",
    OPTIONAL_TRANSITIVE,
    _decode_communities,
    _encode_communities,
    Reaction.WITHDRAW,
)
EXTENDED_COMMUNITIES: Final = Attribute(
    16,
    "ext_communities",
    OPTIONAL_TRANSITIVE,
    _decode_extended,
    _encode_extended,
    Reaction.WITHDRAW,
)
LARGE_COMMUNITIES: Final = Attribute(
    32,
    "large_communities",
    OPTIONAL_TRANSITIVE,
    _decode_large,
    _encode_large,
    Reaction.WITHDRAW,
)
