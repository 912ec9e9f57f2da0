"""Bodies of the messages about clients' next-hop groups."""

from struct import Struct

from zebra.zapi.codec.cursor import HOST32, U16, U32, Cursor
from zebra.zapi.codec.dialect import Dialect, Row, Rows
from zebra.zapi.codec.nexthop import decode_nexthop, encode_nexthop
from zebra.zapi.constants import RouteType
from zebra.zapi.groups import GroupAdd, GroupDelete, GroupNote, GroupNotifyOwner
from zebra.zapi.header import ZapiError
from zebra.zapi.routes import Nexthop

_NAME = Struct(">HI")
_MOST = 256
"""Next hops of a group, and backups of it."""


def _encode_hops(hops: tuple[Nexthop, ...], dialect: Dialect) -> bytes:
    by_flag = dialect.flags_router_mac
    each = (encode_nexthop(hop, mac_by_flag=by_flag, colored=False) for hop in hops)
    return U16.pack(len(hops)) + b"".join(each)


def _decode_hops(cursor: Cursor, dialect: Dialect) -> tuple[Nexthop, ...]:
    count = cursor.u16()
    if count > _MOST:
        raise ZapiError(f"{count} next hops")
    mac = None if dialect.flags_router_mac else False
    return tuple(decode_nexthop(cursor, mac=mac, colored=False) for _ in range(count))


def _encode_add(told: GroupAdd, dialect: Dialect) -> bytes:
    ways = _encode_hops(told.nexthops, dialect) + _encode_hops(told.backups, dialect)
    return _NAME.pack(told.protocol, told.id) + ways


def _decode_add(cursor: Cursor, dialect: Dialect) -> GroupAdd:
    protocol, id = cursor.enum(RouteType, cursor.u16), cursor.u32()
    hops = _decode_hops(cursor, dialect)
    if not hops:
        raise ZapiError("a group without next hops")
    return GroupAdd(protocol, id, hops, _decode_hops(cursor, dialect))


def _encode_delete(told: GroupDelete, _dialect: Dialect) -> bytes:
    return _NAME.pack(told.protocol, told.id)


def _decode_delete(cursor: Cursor, _dialect: Dialect) -> GroupDelete:
    return GroupDelete(cursor.enum(RouteType, cursor.u16), cursor.u32())


def _encode_notify(told: GroupNotifyOwner, _dialect: Dialect) -> bytes:
    return HOST32.pack(told.note) + U32.pack(told.id)


def _decode_notify(cursor: Cursor, _dialect: Dialect) -> GroupNotifyOwner:
    return GroupNotifyOwner(cursor.enum(GroupNote, cursor.host32), cursor.u32())


ROWS: Rows = (
    Row(109, True, GroupAdd, _encode_add, _decode_add),
    Row(110, True, GroupDelete, _encode_delete, _decode_delete),
    Row(111, False, GroupNotifyOwner, _encode_notify, _decode_notify),
)
