"""MP_REACH_NLRI and MP_UNREACH_NLRI (RFC 4760; next hops RFC 2545 and RFC 8950)."""

from dataclasses import dataclass
from functools import lru_cache
from struct import Struct
from typing import Final

from bgp.wire.attributes.row import OPTIONAL, Attribute
from bgp.wire.errors import Code, Malformed, Reaction, UpdateError
from grammar.base.values import Address

_FAMILY = Struct("!HB")
_FLOWSPEC: Final = 133
_READ: Final = (1, 2, 4, _FLOWSPEC)
"""Unicast, multicast, labeled unicast, flow specifications."""


@dataclass(frozen=True, slots=True)
class MpReach:
    """Reachable prefixes: `nexthop` is the global address, `nlri` still in wire form.

    Flow specifications may come without a next hop; for a family that this speaker does not know
    `nexthop` is None and `nlri` is empty.
    """

    afi: int
    safi: int
    nexthop: Address | None
    link_local: Address | None = None
    nlri: bytes = b""


@dataclass(frozen=True, slots=True)
class MpUnreach:
    """Prefixes withdrawn, in wire form; none at all is the End-of-RIB of the family."""

    afi: int
    safi: int
    nlri: bytes = b""


def _decode_reach(data: bytes, _as4: bool) -> MpReach:
    if len(data) < 5 or len(data) < 5 + data[3]:
        raise Malformed(Code.UPDATE, UpdateError.OPTIONAL, reason="MP_REACH_NLRI is cut short")
    afi, safi = _FAMILY.unpack_from(data)
    end = 4 + data[3]
    if afi not in (1, 2) or safi not in _READ:
        return MpReach(afi, safi, None)
    if safi == _FLOWSPEC and end == 4:
        # RFC 8955 sec. 4: there need not be one.
        return MpReach(afi, safi, None, None, bytes(data[end + 1 :]))
    nexthop, link_local = decode_nexthop(bytes(data[4:end]), afi)
    # One reserved octet stands between next hop and prefixes.
    return MpReach(afi, safi, nexthop, link_local, bytes(data[end + 1 :]))


@lru_cache(maxsize=4096)  # a peer has few next hops, and then they share one object
def decode_nexthop(data: bytes, afi: int) -> tuple[Address, Address | None]:
    """Global and link-local address; `Malformed` 3/9 for a length that the family does not have."""
    if len(data) == 32:
        second = Address.unpack(data[16:])
        # A second address that is not link-local is passed over, as FRR does.
        return Address.unpack(data[:16]), second if second.is_link_local else None
    if len(data) == 16 or (len(data) == 4 and afi == 1):
        return Address.unpack(data), None
    reason = f"MP_REACH_NLRI with a next hop of {len(data)} bytes"
    raise Malformed(Code.UPDATE, UpdateError.OPTIONAL, reason=reason)


def _encode_reach(value: MpReach, _as4: bool) -> bytes:
    hops = (hop for hop in (value.nexthop, value.link_local) if hop is not None)
    nexthop = b"".join(hop.pack() for hop in dict.fromkeys(hops))
    return encode_reach(value.afi, value.safi, nexthop, value.nlri)


def encode_reach(afi: int, safi: int, nexthop: bytes, nlri: bytes) -> bytes:
    """The value part from a packed next hop of 4, 16 or 32 bytes."""
    return _FAMILY.pack(afi, safi) + bytes([len(nexthop)]) + nexthop + b"\x00" + nlri


def _decode_unreach(data: bytes, _as4: bool) -> MpUnreach:
    if len(data) < 3:
        raise Malformed(Code.UPDATE, UpdateError.OPTIONAL, reason="MP_UNREACH_NLRI is cut short")
    afi, safi = _FAMILY.unpack_from(data)
    return MpUnreach(afi, safi, bytes(data[3:]))


def _encode_unreach(value: MpUnreach, _as4: bool) -> bytes:
    return _FAMILY.pack(value.afi, value.safi) + value.nlri


MP_REACH: Final = Attribute(
    14, "mp_reach", OPTIONAL, _decode_reach, _encode_reach, Reaction.RESET, extended=True
)
MP_UNREACH: Final = Attribute(
    15, "mp_unreach", OPTIONAL, _decode_unreach, _encode_unreach, Reaction.RESET, extended=True
)
