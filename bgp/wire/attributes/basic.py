"""ORIGIN, NEXT_HOP, MED, LOCAL_PREF, ATOMIC_AGGREGATE (RFC 4271 sec. 5.1) and OTC (RFC 9234)."""

from functools import lru_cache
from typing import Final

from bgp.wire.attributes.row import (
    OPTIONAL,
    OPTIONAL_TRANSITIVE,
    WELL_KNOWN,
    Attribute,
    bad_length,
    decode_u32,
    encode_u32,
)
from bgp.wire.errors import Code, Malformed, Reaction, UpdateError
from grammar.base.values import Address, Afi


def _decode_origin(data: bytes, _as4: bool) -> int:
    if len(data) != 1:
        raise bad_length(data)
    if data[0] > 2:
        raise Malformed(Code.UPDATE, UpdateError.ORIGIN, reason=f"ORIGIN is {data[0]}")
    return data[0]


def _encode_origin(value: int, _as4: bool) -> bytes:
    return bytes([value])


def is_martian(value: int) -> bool:
    """True for IPv4 next hops that FRR refuses: 0/8, 127/8 and all from 224.0.0.0 on."""
    first = value >> 24
    return first in (0, 127) or first >= 224


@lru_cache(maxsize=4096)  # a peer has few next hops, and then they share one object
def decode_nexthop(data: bytes, _as4: bool) -> Address:
    """An IPv4 next hop of four bytes; the same bytes give the same object while it is in use."""
    if len(data) != 4:
        raise bad_length(data)
    value = int.from_bytes(data, "big")
    if is_martian(value):
        raise Malformed(Code.UPDATE, UpdateError.NEXT_HOP, reason="martian next hop")
    return Address(Afi.IPV4, value)


def _encode_nexthop(value: Address, _as4: bool) -> bytes:
    return value.pack()


def _decode_atomic(data: bytes, _as4: bool) -> bool:
    if data:
        raise bad_length(data)
    return True


def _encode_atomic(_value: bool, _as4: bool) -> bytes:
    return b""


ORIGIN: Final = Attribute(
    1, "origin", WELL_KNOWN, _decode_origin, _encode_origin, Reaction.WITHDRAW
)
NEXT_HOP: Final = Attribute(
    3, "nexthop", WELL_KNOWN, decode_nexthop, _encode_nexthop, Reaction.WITHDRAW
)
MED: Final = Attribute(4, "med", OPTIONAL, decode_u32, encode_u32, Reaction.WITHDRAW)
LOCAL_PREF: Final = Attribute(
    5, "local_pref", WELL_KNOWN, decode_u32, encode_u32, Reaction.WITHDRAW, internal=True
)
ATOMIC_AGGREGATE: Final = Attribute(
    6, "atomic", WELL_KNOWN, _decode_atomic, _encode_atomic, Reaction.DISCARD
)
ONLY_TO_CUSTOMER: Final = Attribute(
    35, "otc", OPTIONAL_TRANSITIVE, decode_u32, encode_u32, Reaction.WITHDRAW
)
