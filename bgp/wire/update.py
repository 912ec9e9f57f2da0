"""The UPDATE message: its three parts, packing of prefixes, End-of-RIB (RFC 4271, RFC 4724)."""

from collections.abc import Iterable, Iterator, Sequence
from struct import Struct
from typing import Final, NamedTuple

from bgp.compiled import compiled
from bgp.wire.attributes.multiprotocol import MP_REACH, MP_UNREACH, MpUnreach, encode_reach
from bgp.wire.attributes.row import pack as pack_attribute
from bgp.wire.errors import Code, Malformed, UpdateError
from bgp.wire.message import HEADER_SIZE, STANDARD_LENGTH, MessageType, pack
from bgp.wire.nlri import pack_parts, pack_prefixes

_U16 = Struct("!H")
_FIXED: Final = HEADER_SIZE + 4
"""Bytes of an UPDATE with nothing in it."""
_MP_OVERHEAD: Final = 4 + 5
"""Attribute header and the fixed fields of MP_REACH_NLRI; MP_UNREACH_NLRI has two less."""

END_OF_RIB_IPV4: Final = bytes(4)


class Update(NamedTuple):
    """The parts of a body, still in wire form."""

    withdrawn: bytes
    attributes: bytes
    nlri: bytes


@compiled
def split(body: bytes) -> Update:
    """Cut a body into its parts; `Malformed` 3/1 if the lengths do not fit."""
    size = len(body)
    if body[:2] == b"\0\0" and size >= 4:
        end = 4 + (body[2] << 8 | body[3])
        if end <= size:
            return Update(b"", body[4:end], body[end:])
    if size < 4:
        raise Malformed(Code.UPDATE, UpdateError.MALFORMED_LIST, reason="UPDATE is cut short")
    middle = 2 + (body[0] << 8 | body[1])
    if middle + 2 > size:
        raise Malformed(Code.UPDATE, UpdateError.MALFORMED_LIST, reason="withdrawn overrun")
    end = middle + 2 + (body[middle] << 8 | body[middle + 1])
    if end > size:
        raise Malformed(Code.UPDATE, UpdateError.MALFORMED_LIST, reason="attributes overrun")
    return Update(body[2:middle], body[middle + 2 : end], body[end:])


def join(withdrawn: bytes, attributes: bytes, nlri: bytes) -> bytes:
    """The body made of three parts."""
    return _U16.pack(len(withdrawn)) + withdrawn + _U16.pack(len(attributes)) + attributes + nlri


@compiled
def announce_v4(attributes: bytes, keys: Sequence[int], limit: int) -> list[bytes]:
    """Whole messages of at most `limit` bytes that announce IPv4 prefixes in the classic field."""
    found = pack_prefixes(keys, 1, limit - _FIXED - len(attributes))
    return [pack(MessageType.UPDATE, join(b"", attributes, nlri)) for nlri in found]


@compiled
def withdraw_v4(keys: Sequence[int], limit: int) -> list[bytes]:
    """Whole messages of at most `limit` bytes that withdraw IPv4 prefixes in the classic field."""
    found = pack_prefixes(keys, 1, limit - _FIXED)
    return [pack(MessageType.UPDATE, join(nlri, b"", b"")) for nlri in found]


def encode_update(
    attributes: bytes,
    keys: Sequence[int],
    afi: int,
    nexthop: bytes = b"",
    *,
    max_length: int = STANDARD_LENGTH,
    path_ids: Sequence[int] = (),
    safi: int = 1,
) -> Iterator[bytes]:
    """Whole messages that announce `keys` with the same attributes, as few as their order allows.

    IPv4 without `nexthop` uses the classic fields, `attributes` then hold NEXT_HOP. Otherwise the
    prefixes go into MP_REACH_NLRI, which FRR sends first, with `nexthop` of 4, 16 or 32 bytes.
    """
    room = max_length - _FIXED - len(attributes)
    if afi == 1 and not nexthop:
        if not path_ids:
            yield from announce_v4(attributes, keys, max_length)
            return
        for nlri in pack_prefixes(keys, afi, room, path_ids):
            yield pack(MessageType.UPDATE, join(b"", attributes, nlri))
        return
    for nlri in pack_prefixes(keys, afi, room - _MP_OVERHEAD - len(nexthop), path_ids):
        value = encode_reach(afi, safi, nexthop, nlri)
        reach = pack_attribute(MP_REACH.flags, MP_REACH.code, value, extended=True)
        yield pack(MessageType.UPDATE, join(b"", reach + attributes, b""))


def encode_withdraw(
    keys: Sequence[int],
    afi: int,
    *,
    max_length: int = STANDARD_LENGTH,
    path_ids: Sequence[int] = (),
    multiprotocol: bool = False,
    safi: int = 1,
) -> Iterator[bytes]:
    """Whole messages that withdraw `keys`; IPv4 in MP_UNREACH_NLRI only if `multiprotocol`."""
    room = max_length - _FIXED
    if afi == 1 and not multiprotocol:
        if not path_ids:
            yield from withdraw_v4(keys, max_length)
            return
        for nlri in pack_prefixes(keys, afi, room, path_ids):
            yield pack(MessageType.UPDATE, join(nlri, b"", b""))
        return
    for nlri in pack_prefixes(keys, afi, room - _MP_OVERHEAD, path_ids):
        yield pack(MessageType.UPDATE, join(b"", MP_UNREACH.pack(MpUnreach(afi, safi, nlri)), b""))


def encode_parts(
    attributes: bytes,
    parts: Iterable[bytes],
    family: tuple[int, int],
    nexthop: bytes = b"",
    *,
    max_length: int = STANDARD_LENGTH,
) -> Iterator[bytes]:
    """Whole messages that announce routes of any family, each already in its wire form."""
    room = max_length - _FIXED - len(attributes) - _MP_OVERHEAD - len(nexthop)
    for nlri in pack_parts(parts, room):
        value = encode_reach(*family, nexthop, nlri)
        reach = pack_attribute(MP_REACH.flags, MP_REACH.code, value, extended=True)
        yield pack(MessageType.UPDATE, join(b"", reach + attributes, b""))


def encode_parts_withdrawn(
    parts: Iterable[bytes], family: tuple[int, int], *, max_length: int = STANDARD_LENGTH
) -> Iterator[bytes]:
    """Whole messages that withdraw routes of any family."""
    for nlri in pack_parts(parts, max_length - _FIXED - _MP_OVERHEAD):
        unreach = MP_UNREACH.pack(MpUnreach(*family, nlri))
        yield pack(MessageType.UPDATE, join(b"", unreach, b""))


def end_of_rib(afi: int, safi: int = 1) -> bytes:
    """The whole message that ends the first exchange of a family (RFC 4724 sec. 2)."""
    if afi == 1 and safi == 1:
        return pack(MessageType.UPDATE, END_OF_RIB_IPV4)
    # Here FRR writes the length in one byte, other than in withdrawals.
    value = MP_UNREACH.encode(MpUnreach(afi, safi), True)
    unreach = pack_attribute(MP_UNREACH.flags, MP_UNREACH.code, value)
    return pack(MessageType.UPDATE, join(b"", unreach, b""))


def is_end_of_rib(body: bytes) -> tuple[int, int] | None:
    """The family (AFI, SAFI) whose End-of-RIB this body is, None if it is none."""
    if len(body) > 11:
        return None
    if body == END_OF_RIB_IPV4:
        return 1, 1
    # No withdrawn prefixes and one attribute: MP_UNREACH_NLRI with nothing but the family.
    if body[:2] == b"\0\0" and len(body) in (10, 11) and body[5] == MP_UNREACH.code:
        short = len(body) == 10
        size = body[6] if short else body[6] << 8 | body[7]
        if size == 3 and body[4] & 0x10 == (0 if short else 0x10):
            return int.from_bytes(body[-3:-1], "big"), body[-1]
    return None
