"""Bodies of next-hop tracking.

8.1 has neither safi nor the resolved prefix, and three more messages (IMPORT_ROUTE_REGISTER,
IMPORT_ROUTE_UNREGISTER, IMPORT_CHECK_UPDATE) for what is a registration like others from 8.2 on.
"""

from dataclasses import replace

from grammar.base.values import Prefix, Safi
from zebra.zapi.codec.cursor import FAMILY_OF, U8, U16, U32, Cursor, pack_full
from zebra.zapi.codec.dialect import FRR81, Dialect, Row, Rows
from zebra.zapi.codec.nexthop import decode_nexthop, encode_nexthop
from zebra.zapi.constants import RouteField, RouteType
from zebra.zapi.routes import NexthopRegister, NexthopUnregister, NexthopUpdate, NexthopWatch


def _encode_prefix(prefix: Prefix) -> bytes:
    return U16.pack(FAMILY_OF[prefix.afi]) + pack_full(prefix)


def _decode_prefix(cursor: Cursor) -> Prefix:
    return cursor.full_prefix(cursor.family(cursor.u16))


def _encode_watches(asked: NexthopRegister | NexthopUnregister, dialect: Dialect) -> bytes:
    parts = []
    for watch in asked.watches:
        parts.append(U8.pack(watch.connected))
        if dialect.tracks_safi:
            parts.append(U8.pack(watch.resolve_via_default) + U16.pack(watch.safi))
        parts.append(_encode_prefix(watch.prefix))
    return b"".join(parts)


def _decode_watches(cursor: Cursor, dialect: Dialect) -> tuple[NexthopWatch, ...]:
    watches = []
    while cursor.left:
        connected = bool(cursor.u8())
        if dialect.tracks_safi:
            default, safi = bool(cursor.u8()), cursor.safi(cursor.u16)
            watches.append(NexthopWatch(_decode_prefix(cursor), connected, default, safi))
        else:
            watches.append(NexthopWatch(_decode_prefix(cursor), connected))
    return tuple(watches)


def _encode_update(update: NexthopUpdate, dialect: Dialect) -> bytes:
    colored = bool(update.color) or any(hop.color for hop in update.nexthops)
    parts = [U32.pack(RouteField.COLOR if colored else 0)]
    if dialect.tracks_safi:
        parts.append(U16.pack(update.safi))
    parts.append(_encode_prefix(update.asked))
    if dialect.tells_resolved:
        parts.append(_encode_prefix(update.resolved))
    if colored:
        parts.append(U32.pack(update.color))
    parts.append(U8.pack(update.type) + U16.pack(update.instance) + U8.pack(update.distance))
    parts.append(U32.pack(update.metric) + U8.pack(len(update.nexthops)))
    by_flag = dialect.flags_router_mac
    parts += [encode_nexthop(hop, mac_by_flag=by_flag, colored=colored) for hop in update.nexthops]
    return b"".join(parts)


def _decode_update(cursor: Cursor, dialect: Dialect) -> NexthopUpdate:
    colored = bool(cursor.u32() & RouteField.COLOR)
    safi = cursor.safi(cursor.u16) if dialect.tracks_safi else Safi.UNICAST
    asked = _decode_prefix(cursor)
    resolved = _decode_prefix(cursor) if dialect.tells_resolved else asked
    color = cursor.u32() if colored else 0
    kind, instance = cursor.enum(RouteType, cursor.u8), cursor.u16()
    distance, metric = cursor.u8(), cursor.u32()
    mac = None if dialect.flags_router_mac else False
    hops = tuple(decode_nexthop(cursor, mac=mac, colored=colored) for _ in range(cursor.u8()))
    return NexthopUpdate(asked, resolved, kind, instance, distance, metric, hops, safi, color)


def _encode_checks(asked: NexthopRegister | NexthopUnregister, _dialect: Dialect) -> bytes:
    return b"".join(U8.pack(watch.exact) + _encode_prefix(watch.prefix) for watch in asked.watches)


def _decode_checks(cursor: Cursor) -> tuple[NexthopWatch, ...]:
    watches = []
    while cursor.left:
        exact = bool(cursor.u8())
        watches.append(NexthopWatch(_decode_prefix(cursor), check=True, exact=exact))
    return tuple(watches)


def _checks(asked: NexthopRegister | NexthopUnregister) -> bool:
    return any(watch.check for watch in asked.watches)


ROWS: Rows = (
    Row(
        26, True, NexthopRegister,
        _encode_checks, lambda c, _d: NexthopRegister(_decode_checks(c)), _checks, FRR81,
    ),
    Row(
        27, True, NexthopUnregister,
        _encode_checks, lambda c, _d: NexthopUnregister(_decode_checks(c)), _checks, FRR81,
    ),
    Row(
        28, False, NexthopUpdate, _encode_update,
        lambda c, d: replace(_decode_update(c, d), check=True), lambda m: m.check, FRR81,
    ),
    Row(
        20, True, NexthopRegister,
        _encode_watches, lambda c, d: NexthopRegister(_decode_watches(c, d)),
    ),
    Row(
        21, True, NexthopUnregister,
        _encode_watches, lambda c, d: NexthopUnregister(_decode_watches(c, d)),
    ),
    Row(22, False, NexthopUpdate, _encode_update, _decode_update),
)  # fmt: skip
