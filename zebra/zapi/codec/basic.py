"""Bodies of the small messages: greeting, VRFs, router id, redistribution, and what is left."""

from struct import Struct

from grammar.base.values import Afi
from zebra.zapi.codec.cursor import (
    FAMILY_OF,
    HOST32,
    U8,
    U16,
    U32,
    Cursor,
    pack_address_then_length,
    pack_name,
)
from zebra.zapi.codec.dialect import Dialect, Row, Rows
from zebra.zapi.messages import (
    BfdClientRegister,
    Capabilities,
    ClientCapabilities,
    ClientCapability,
    ClientCloseNotify,
    DuplicateAddrDetection,
    Error,
    ErrorCode,
    Hello,
    RedistributeAdd,
    RedistributeDefaultAdd,
    RedistributeDefaultDelete,
    RedistributeDelete,
    RouteNotifyRequest,
    RouterIdAdd,
    RouterIdDelete,
    RouterIdUpdate,
    RouteType,
    VrfAdd,
    VrfDelete,
    VrfLabel,
)

_HELLO = Struct(">BHIBB")
_CLOSED = Struct(">BHI")
_CAPABILITIES = Struct(">IBIB")
_DUPLICATES = Struct(">IIIII")
_NETNS_SIZE = _VRF_SIZE = 36


def _encode_hello(hello: Hello, _dialect: Dialect) -> bytes:
    return _HELLO.pack(
        hello.protocol, hello.instance, hello.session, hello.notify, hello.synchronous
    )


def _decode_hello(cursor: Cursor, _dialect: Dialect) -> Hello:
    protocol = cursor.enum(RouteType, cursor.u8)
    return Hello(protocol, cursor.u16(), cursor.u32(), bool(cursor.u8()), bool(cursor.u8()))


def _encode_capabilities(told: Capabilities, _dialect: Dialect) -> bytes:
    fields = _CAPABILITIES.pack(told.vrf_backend, told.mpls, told.multipath, told.mlag_role)
    return fields + U8.pack(1) if told.follows else fields


def _decode_capabilities(cursor: Cursor, _dialect: Dialect) -> Capabilities:
    fields = cursor.u32(), bool(cursor.u8()), cursor.u32(), cursor.u8()
    return Capabilities(*fields, follows=bool(cursor.left and cursor.u8()))


_STALE_TIME = (ClientCapability.GRACEFUL_RESTART, ClientCapability.STALE_TIME)
_UPDATES = (ClientCapability.UPDATES_COMPLETE, ClientCapability.UPDATES_PENDING)


def _encode_client_capabilities(told: ClientCapabilities, _dialect: Dialect) -> bytes:
    words = [told.capability.value]
    if told.capability in _STALE_TIME:
        words.append(told.stale_time)
    elif told.capability in _UPDATES:
        words += [told.afi, told.safi]
    return b"".join(map(U32.pack, [*words, told.vrf]))


def _decode_client_capabilities(cursor: Cursor, _dialect: Dialect) -> ClientCapabilities:
    capability = cursor.enum(ClientCapability, cursor.u32)
    stale_time = cursor.u32() if capability in _STALE_TIME else 0
    afi, safi = (cursor.u32(), cursor.u32()) if capability in _UPDATES else (0, 0)
    return ClientCapabilities(capability, cursor.u32(), stale_time, afi, safi)


def _encode_closed(told: ClientCloseNotify, _dialect: Dialect) -> bytes:
    return _CLOSED.pack(told.protocol, told.instance, told.session)


def _decode_closed(cursor: Cursor, _dialect: Dialect) -> ClientCloseNotify:
    return ClientCloseNotify(cursor.enum(RouteType, cursor.u8), cursor.u16(), cursor.u32())


def _encode_vrf(vrf: VrfAdd | VrfDelete, _dialect: Dialect) -> bytes:
    netns, name = pack_name(vrf.netns, _NETNS_SIZE), pack_name(vrf.name, _VRF_SIZE)
    return HOST32.pack(vrf.table) + netns + name


def _vrf_fields(cursor: Cursor) -> tuple[str, int, str]:
    table, netns, name = cursor.host32(), cursor.name(_NETNS_SIZE), cursor.name(_VRF_SIZE)
    return name, table, netns


def _encode_vrf_label(label: VrfLabel, _dialect: Dialect) -> bytes:
    return U32.pack(label.label) + bytes((label.afi, label.label_type))


def _decode_vrf_label(cursor: Cursor, _dialect: Dialect) -> VrfLabel:
    return VrfLabel(cursor.u32(), cursor.enum(Afi, cursor.u8), cursor.u8())


def _encode_router_id(update: RouterIdUpdate, _dialect: Dialect) -> bytes:
    prefix = update.prefix
    return U8.pack(FAMILY_OF[prefix.afi]) + pack_address_then_length(prefix)


def _decode_router_id(cursor: Cursor, _dialect: Dialect) -> RouterIdUpdate:
    return RouterIdUpdate(cursor.address_then_length(cursor.family(cursor.u8)))


def _encode_redistribute(asked: RedistributeAdd | RedistributeDelete, _dialect: Dialect) -> bytes:
    return bytes((asked.afi, asked.type)) + U16.pack(asked.instance)


def _redistribute_fields(cursor: Cursor) -> tuple[Afi, RouteType, int]:
    return cursor.enum(Afi, cursor.u8), cursor.enum(RouteType, cursor.u8), cursor.u16()


def _encode_duplicates(told: DuplicateAddrDetection, _dialect: Dialect) -> bytes:
    return _DUPLICATES.pack(told.enable, told.time, told.max_moves, told.freeze, told.freeze_time)


def _decode_duplicates(cursor: Cursor, _dialect: Dialect) -> DuplicateAddrDetection:
    enable, time, moves, freeze, freeze_time = _DUPLICATES.unpack(cursor.take(_DUPLICATES.size))
    return DuplicateAddrDetection(bool(enable), time, moves, bool(freeze), freeze_time)


ROWS: Rows = (
    Row(18, True, Hello, _encode_hello, _decode_hello),
    Row(19, False, Capabilities, _encode_capabilities, _decode_capabilities),
    Row(119, True, ClientCapabilities, _encode_client_capabilities, _decode_client_capabilities),
    Row(125, False, ClientCloseNotify, _encode_closed, _decode_closed),
    Row(33, False, VrfAdd, _encode_vrf, lambda c, _d: VrfAdd(*_vrf_fields(c))),
    Row(34, False, VrfDelete, _encode_vrf, lambda c, _d: VrfDelete(*_vrf_fields(c))),
    Row(35, True, VrfLabel, _encode_vrf_label, _decode_vrf_label),
    Row(
        15, True, RouterIdAdd,
        lambda m, _d: U16.pack(m.afi), lambda c, _d: RouterIdAdd(c.enum(Afi, c.u16)),
    ),
    Row(
        16, True, RouterIdDelete,
        lambda m, _d: U16.pack(m.afi), lambda c, _d: RouterIdDelete(c.enum(Afi, c.u16)),
    ),
    Row(17, False, RouterIdUpdate, _encode_router_id, _decode_router_id),
    Row(
        11, True, RedistributeAdd,
        _encode_redistribute, lambda c, _d: RedistributeAdd(*_redistribute_fields(c)),
    ),
    Row(
        12, True, RedistributeDelete,
        _encode_redistribute, lambda c, _d: RedistributeDelete(*_redistribute_fields(c)),
    ),
    Row(
        13, True, RedistributeDefaultAdd,
        lambda m, _d: U8.pack(m.afi), lambda c, _d: RedistributeDefaultAdd(c.enum(Afi, c.u8)),
    ),
    Row(
        14, True, RedistributeDefaultDelete,
        lambda m, _d: U8.pack(m.afi), lambda c, _d: RedistributeDefaultDelete(c.enum(Afi, c.u8)),
    ),
    Row(
        37, True, BfdClientRegister,
        lambda m, _d: U32.pack(m.pid), lambda c, _d: BfdClientRegister(c.u32()),
    ),
    Row(79, True, DuplicateAddrDetection, _encode_duplicates, _decode_duplicates),
    Row(
        118, False, Error,
        lambda m, _d: HOST32.pack(m.code), lambda c, _d: Error(c.enum(ErrorCode, c.host32)),
    ),
    Row(
        124, True, RouteNotifyRequest,
        lambda m, _d: U8.pack(m.notify), lambda c, _d: RouteNotifyRequest(bool(c.u8())),
    ),
)  # fmt: skip
