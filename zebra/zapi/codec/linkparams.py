"""Bodies of link parameters: by themselves, and behind an interface."""

from struct import Struct

from grammar.base.values import Address, Afi
from zebra.zapi.codec.cursor import U32, Cursor
from zebra.zapi.codec.dialect import Dialect, Row, Rows
from zebra.zapi.header import ZapiError
from zebra.zapi.linkparams import InterfaceLinkParams, LinkParam, TrafficParams

_FIELDS = Struct(">IIffI8fII4sIIIIffff")
_PRIORITIES = 8


def pack_params(params: TrafficParams) -> bytes:
    """The fields of link parameters."""
    return _FIELDS.pack(
        params.given,
        params.metric,
        params.max_bandwidth,
        params.max_reservable,
        _PRIORITIES,
        *params.unreserved,
        params.groups,
        params.neighbor_as,
        params.neighbor.pack(),
        params.delay,
        params.least_delay,
        params.longest_delay,
        params.delay_variation,
        params.loss,
        params.residual,
        params.available,
        params.utilised,
    )


def read_params(cursor: Cursor) -> TrafficParams:
    """The inverse of `pack_params`; ZapiError unless there are eight priorities."""
    given, metric, most, reservable, count, *rest = _FIELDS.unpack(cursor.take(_FIELDS.size))
    if count != _PRIORITIES:
        raise ZapiError(f"link parameters of {count} priorities")
    unreserved, (groups, neighbor_as, address, *others) = rest[:8], rest[8:]
    neighbor = Address(Afi.IPV4, int.from_bytes(address, "big"))
    return TrafficParams(
        LinkParam(given), metric, most, reservable, tuple(unreserved), groups, neighbor_as,
        neighbor, *others,
    )  # fmt: skip


def _encode(told: InterfaceLinkParams, _dialect: Dialect) -> bytes:
    return U32.pack(told.ifindex) + pack_params(told.params)


ROWS: Rows = (
    Row(
        42,
        False,
        InterfaceLinkParams,
        _encode,
        lambda cursor, _dialect: InterfaceLinkParams(cursor.u32(), read_params(cursor)),
    ),
)
