"""Bodies of the messages about ranges of labels and tables, and SRv6 locators."""

from struct import Struct

from grammar.base.values import Afi, Prefix
from zebra.zapi.allotted import (
    FecRegister,
    FecUnregister,
    FecUpdate,
    LabelChunk,
    LabelChunkRelease,
    LabelChunkRequest,
    LabelManagerConnect,
    LocatorAdd,
    LocatorChunk,
    LocatorChunkRelease,
    LocatorChunkRequest,
    LocatorDelete,
    TableChunk,
    TableChunkRelease,
    TableChunkRequest,
    TableManagerConnect,
)
from zebra.zapi.codec.cursor import FAMILY_OF, U8, U16, U32, Cursor, pack_short
from zebra.zapi.codec.dialect import Dialect, Row, Rows
from zebra.zapi.constants import RouteType

_OWNER = Struct(">BH")
_REQUEST = Struct(">BHBII")
_CHUNK = Struct(">BHBII")
_RELEASE = Struct(">BHII")
_TABLES = Struct(">II")


_HAS_LABEL, _HAS_INDEX = 1, 2


def _owner(cursor: Cursor) -> tuple[RouteType, int]:
    return cursor.enum(RouteType, cursor.u8), cursor.u16()


def _encode_connect(asked: LabelManagerConnect, _dialect: Dialect) -> bytes:
    answer = b"" if asked.result is None else U8.pack(asked.result)
    return _OWNER.pack(asked.protocol, asked.instance) + answer


def _decode_connect(cursor: Cursor, _dialect: Dialect) -> LabelManagerConnect:
    protocol, instance = _owner(cursor)
    return LabelManagerConnect(protocol, instance, cursor.u8() if cursor.left else None)


def _decode_connect_async(cursor: Cursor, _dialect: Dialect) -> LabelManagerConnect:
    return LabelManagerConnect(*_owner(cursor), asynchronous=True)


def _encode_request(asked: LabelChunkRequest, _dialect: Dialect) -> bytes:
    return _REQUEST.pack(asked.protocol, asked.instance, asked.keep, asked.size, asked.base)


def _decode_request(cursor: Cursor, _dialect: Dialect) -> LabelChunkRequest:
    return LabelChunkRequest(*_owner(cursor), bool(cursor.u8()), cursor.u32(), cursor.u32())


def _encode_chunk(told: LabelChunk, _dialect: Dialect) -> bytes:
    if told.labels is None:
        return _OWNER.pack(told.protocol, told.instance)
    return _CHUNK.pack(told.protocol, told.instance, told.keep, *told.labels)


def _decode_chunk(cursor: Cursor, _dialect: Dialect) -> LabelChunk:
    owner = _owner(cursor)
    if not cursor.left:
        return LabelChunk(*owner)
    keep = bool(cursor.u8())
    return LabelChunk(*owner, (cursor.u32(), cursor.u32()), keep)


def _encode_release(told: LabelChunkRelease, _dialect: Dialect) -> bytes:
    return _RELEASE.pack(told.protocol, told.instance, told.first, told.last)


def _decode_release(cursor: Cursor, _dialect: Dialect) -> LabelChunkRelease:
    return LabelChunkRelease(*_owner(cursor), cursor.u32(), cursor.u32())


def _encode_tables(told: TableManagerConnect, _dialect: Dialect) -> bytes:
    if told.result is not None:
        return U8.pack(told.result)
    return _OWNER.pack(told.protocol, told.instance)


def _encode_table_chunk(told: TableChunk, _dialect: Dialect) -> bytes:
    return b"" if told.tables is None else _TABLES.pack(*told.tables)


def _decode_table_chunk(cursor: Cursor, _dialect: Dialect) -> TableChunk:
    return TableChunk((cursor.u32(), cursor.u32()) if cursor.left else None)


def _pack_name(name: str) -> bytes:
    data = name.encode("utf-8", "surrogateescape")
    return U16.pack(len(data)) + data


def _name(cursor: Cursor) -> str:
    return cursor.take(cursor.u16()).decode("utf-8", "surrogateescape")


def _pack_locator(told: LocatorAdd | LocatorDelete | LocatorChunk) -> bytes:
    prefix = told.prefix
    return _pack_name(told.name) + U16.pack(prefix.length) + prefix.address.pack()


def _locator(cursor: Cursor) -> tuple[str, Prefix]:
    name, length = _name(cursor), cursor.u16()
    return name, Prefix(Afi.IPV6, cursor.address(Afi.IPV6).value, min(length, 128))


def _encode_locator_chunk(told: LocatorChunk, _dialect: Dialect) -> bytes:
    bits = (told.block_bits, told.node_bits, told.function_bits, told.argument_bits)
    return _pack_locator(told) + bytes(bits)


def _decode_locator_chunk(cursor: Cursor, _dialect: Dialect) -> LocatorChunk:
    name, prefix = _locator(cursor)
    return LocatorChunk(name, prefix, cursor.u8(), cursor.u8(), cursor.u8(), cursor.u8())


def _pack_fec(prefix: Prefix) -> bytes:
    return U16.pack(FAMILY_OF[prefix.afi]) + pack_short(prefix)


def _fec(cursor: Cursor) -> Prefix:
    return cursor.short_prefix(cursor.family(cursor.u16))


def _fec_behind_flags(cursor: Cursor) -> Prefix:
    cursor.u16()
    return _fec(cursor)


def _encode_register(asked: FecRegister, _dialect: Dialect) -> bytes:
    if asked.label is not None:
        flags, value = _HAS_LABEL, U32.pack(asked.label)
    elif asked.index is not None:
        flags, value = _HAS_INDEX, U32.pack(asked.index)
    else:
        flags, value = 0, b""
    return U16.pack(flags) + _pack_fec(asked.prefix) + value


def _decode_register(cursor: Cursor, _dialect: Dialect) -> FecRegister:
    flags = cursor.u16()
    prefix = _fec(cursor)
    if flags & _HAS_LABEL:
        return FecRegister(prefix, label=cursor.u32())
    return FecRegister(prefix, index=cursor.u32() if flags & _HAS_INDEX else None)


ROWS: Rows = (
    Row(
        50, True, LabelManagerConnect, _encode_connect, _decode_connect,
        when=lambda message: not message.asynchronous,
    ),
    Row(51, True, LabelManagerConnect, _encode_connect, _decode_connect_async),
    Row(50, False, LabelManagerConnect, _encode_connect, _decode_connect),
    Row(52, True, LabelChunkRequest, _encode_request, _decode_request),
    Row(52, False, LabelChunk, _encode_chunk, _decode_chunk),
    Row(53, True, LabelChunkRelease, _encode_release, _decode_release),
    Row(
        88, True, TableManagerConnect, _encode_tables,
        lambda c, _d: TableManagerConnect(c.u8(), c.u16()),
        when=lambda message: message.result is None,
    ),
    Row(
        88, False, TableManagerConnect, _encode_tables,
        lambda c, _d: TableManagerConnect(result=c.u8()),
    ),
    Row(
        89, True, TableChunkRequest,
        lambda m, _d: U32.pack(m.size), lambda c, _d: TableChunkRequest(c.u32()),
    ),
    Row(89, False, TableChunk, _encode_table_chunk, _decode_table_chunk),
    Row(
        90, True, TableChunkRelease,
        lambda m, _d: _TABLES.pack(m.first, m.last),
        lambda c, _d: TableChunkRelease(c.u32(), c.u32()),
    ),
    Row(
        114, False, LocatorAdd,
        lambda m, _d: _pack_locator(m), lambda c, _d: LocatorAdd(*_locator(c)),
    ),
    Row(
        115, False, LocatorDelete,
        lambda m, _d: _pack_locator(m), lambda c, _d: LocatorDelete(*_locator(c)),
    ),
    Row(
        116, True, LocatorChunkRequest,
        lambda m, _d: _pack_name(m.name), lambda c, _d: LocatorChunkRequest(_name(c)),
    ),
    Row(116, False, LocatorChunk, _encode_locator_chunk, _decode_locator_chunk),
    Row(54, True, FecRegister, _encode_register, _decode_register),
    Row(
        55, True, FecUnregister,
        lambda m, _d: U16.pack(0) + _pack_fec(m.prefix),
        lambda c, _d: FecUnregister(_fec_behind_flags(c)),
    ),
    Row(
        56, False, FecUpdate,
        lambda m, _d: _pack_fec(m.prefix) + U32.pack(m.label),
        lambda c, _d: FecUpdate(_fec(c), c.u32()),
    ),
    Row(
        117, True, LocatorChunkRelease,
        lambda m, _d: _pack_name(m.name), lambda c, _d: LocatorChunkRelease(_name(c)),
    ),
)  # fmt: skip
