"""AGGREGATOR (RFC 4271 sec. 5.1.7) and AS4_AGGREGATOR (RFC 6793)."""

from typing import Final, NamedTuple

from bgp.wire.attributes.aspath import AS_TRANS
from bgp.wire.attributes.row import OPTIONAL_TRANSITIVE, Attribute, bad_length
from bgp.wire.errors import Code, Malformed, Reaction, UpdateError


class Aggregator(NamedTuple):
    """Who aggregated a route: AS number and router id."""

    asn: int
    router_id: int


def _decode(data: bytes, as4: bool) -> Aggregator:
    width = 4 if as4 else 2
    if len(data) != width + 4:
        raise bad_length(data)
    asn = int.from_bytes(data[:width], "big")
    if asn == 0:
        # RFC 7607 sec. 2.
        raise Malformed(Code.UPDATE, UpdateError.OPTIONAL, reason="AS 0 as aggregator")
    return Aggregator(asn, int.from_bytes(data[width:], "big"))


def _encode(value: Aggregator, as4: bool) -> bytes:
    asn = value.asn
    if as4:
        return asn.to_bytes(4, "big") + value.router_id.to_bytes(4, "big")
    return (asn if asn < 65536 else AS_TRANS).to_bytes(2, "big") + value.router_id.to_bytes(
        4, "big"
    )


def _decode_as4(data: bytes, _as4: bool) -> Aggregator:
    return _decode(data, True)


def _encode_as4(value: Aggregator, _as4: bool) -> bytes:
    return _encode(value, True)


AGGREGATOR: Final = Attribute(
    7, "aggregator", OPTIONAL_TRANSITIVE, _decode, _encode, Reaction.DISCARD
)
AS4_AGGREGATOR: Final = Attribute(
    18, "as4_aggregator", OPTIONAL_TRANSITIVE, _decode_as4, _encode_as4, Reaction.DISCARD
)
