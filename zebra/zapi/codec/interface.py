"""Bodies of the messages about interfaces and their addresses."""

from struct import Struct

from grammar.base.values import Address
from zebra.zapi.codec.cursor import (
    FAMILY_OF,
    U8,
    U32,
    Cursor,
    pack_address_then_length,
    pack_name,
)
from zebra.zapi.codec.dialect import Dialect, Row, Rows
from zebra.zapi.codec.linkparams import pack_params, read_params
from zebra.zapi.header import ZapiError
from zebra.zapi.messages import (
    AddressFlag,
    InterfaceAddress,
    InterfaceCancel,
    InterfaceEvent,
    InterfaceNbrAddress,
    InterfaceRequest,
    InterfaceState,
    InterfaceStatus,
    RouterAdvertisement,
)

_STATE = Struct(">IBQBBIIIIIIII")
"""From ifindex to the length of the hardware address."""
_MAX_HW_ADDRESS = 20


def _encode_nothing(_message: InterfaceRequest | InterfaceCancel, _dialect: Dialect) -> bytes:
    return b""


def _encode_state(state: InterfaceState, dialect: Dialect) -> bytes:
    fixed = _STATE.pack(
        state.ifindex,
        state.status,
        state.flags,
        state.ptm_enable,
        state.ptm_status,
        state.metric,
        state.speed,
        state.mtu,
        state.mtu6,
        state.bandwidth,
        state.link_ifindex,
        state.link_layer,
        len(state.hw_address),
    )
    link_params = b"\0" if state.params is None else b"\1" + pack_params(state.params)
    return pack_name(state.name, dialect.interface_name) + fixed + state.hw_address + link_params


def _decode_state(event: InterfaceEvent, cursor: Cursor, dialect: Dialect) -> InterfaceState:
    name = cursor.name(dialect.interface_name)
    (
        ifindex, status, flags, ptm_enable, ptm_status, metric, speed,
        mtu, mtu6, bandwidth, link_ifindex, link_layer, hw_length,
    ) = _STATE.unpack(cursor.take(_STATE.size))  # fmt: skip
    if hw_length > _MAX_HW_ADDRESS:
        raise ZapiError(f"hardware address of {hw_length} bytes")
    hw_address = cursor.take(hw_length)
    params = read_params(cursor) if cursor.u8() else None
    return InterfaceState(
        event, name, ifindex, InterfaceStatus(status), flags, metric, speed, mtu, mtu6,
        bandwidth, link_ifindex, link_layer, hw_address, ptm_enable, ptm_status, params,
    )  # fmt: skip


def _encode_address(address: InterfaceAddress, _dialect: Dialect) -> bytes:
    prefix = address.prefix
    destination = address.destination or Address(prefix.afi, 0)
    if destination.afi != prefix.afi:
        raise ZapiError(f"destination {destination} of {prefix}")
    return (
        U32.pack(address.ifindex)
        + bytes((address.flags, FAMILY_OF[prefix.afi]))
        + pack_address_then_length(prefix)
        + destination.pack()
    )


def _decode_address(add: bool, cursor: Cursor) -> InterfaceAddress:
    ifindex, flags = cursor.u32(), AddressFlag(cursor.u8())
    prefix = cursor.address_then_length(cursor.family(cursor.u8))
    destination = cursor.address(prefix.afi)
    known = None if destination.is_unspecified else destination
    return InterfaceAddress(add, ifindex, prefix, flags, known)


def _encode_neighbor(neighbor: InterfaceNbrAddress, _dialect: Dialect) -> bytes:
    prefix = neighbor.prefix
    family = U8.pack(FAMILY_OF[prefix.afi])
    return U32.pack(neighbor.ifindex) + family + pack_address_then_length(prefix)


def _decode_neighbor(add: bool, cursor: Cursor) -> InterfaceNbrAddress:
    ifindex = cursor.u32()
    return InterfaceNbrAddress(add, ifindex, cursor.address_then_length(cursor.family(cursor.u8)))


def _encode_advertisement(asked: RouterAdvertisement, _dialect: Dialect) -> bytes:
    return U32.pack(asked.ifindex) + U32.pack(asked.interval)


def _state_row(event: InterfaceEvent) -> Row[InterfaceState]:
    return Row(
        event,
        False,
        InterfaceState,
        _encode_state,
        lambda cursor, dialect: _decode_state(event, cursor, dialect),
        lambda state: state.event is event,
    )


def _address_row(command: int, add: bool) -> Row[InterfaceAddress]:
    return Row(
        command,
        False,
        InterfaceAddress,
        _encode_address,
        lambda cursor, _dialect: _decode_address(add, cursor),
        lambda address: address.add is add,
    )


def _neighbor_row(command: int, add: bool) -> Row[InterfaceNbrAddress]:
    return Row(
        command,
        False,
        InterfaceNbrAddress,
        _encode_neighbor,
        lambda cursor, _dialect: _decode_neighbor(add, cursor),
        lambda neighbor: neighbor.add is add,
    )


def _advertisement_row(command: int, enable: bool) -> Row[RouterAdvertisement]:
    return Row(
        command,
        True,
        RouterAdvertisement,
        _encode_advertisement,
        lambda cursor, _dialect: RouterAdvertisement(enable, cursor.u32(), cursor.u32()),
        lambda asked: asked.enable is enable,
    )


ROWS: Rows = (
    Row(0, True, InterfaceRequest, _encode_nothing, lambda _c, _d: InterfaceRequest()),
    Row(1, True, InterfaceCancel, _encode_nothing, lambda _c, _d: InterfaceCancel()),
    *map(_state_row, InterfaceEvent),
    _address_row(2, True),
    _address_row(3, False),
    _neighbor_row(23, True),
    _neighbor_row(24, False),
    _advertisement_row(39, True),
    _advertisement_row(40, False),
)
