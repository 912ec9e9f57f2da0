"""Bodies of the messages about EVPN."""

from struct import Struct

from grammar.base.values import Address, Afi
from zebra.zapi.codec.cursor import HOST32, U16, U32, Cursor
from zebra.zapi.codec.dialect import Dialect, Row, Rows
from zebra.zapi.evpn import (
    AdvertiseAllVni,
    AdvertiseGateway,
    AdvertiseSubnet,
    AdvertiseSvi,
    LocalMacAdd,
    LocalMacDelete,
    MacFlag,
    RemoteMacAdd,
    RemoteMacDelete,
    RemoteVtep,
    VniAdd,
    VniDelete,
)
from zebra.zapi.header import ZapiError

_ALL = Struct(">BB")
_SWITCH = Struct(">BI")
_VTEP = Struct(">I4sI")
_FLAGS = Struct(">BI")
_MAC_SIZE, _SEGMENT_SIZE = 6, 10

_Switch = AdvertiseGateway | AdvertiseSvi | AdvertiseSubnet
_LENGTHS = {0: None, Afi.IPV4.size: Afi.IPV4, Afi.IPV6.size: Afi.IPV6}


def _encode_switch(asked: _Switch, _dialect: Dialect) -> bytes:
    return _SWITCH.pack(asked.on, asked.vni)


def _switch(cursor: Cursor) -> tuple[bool, int]:
    return bool(cursor.u8()), cursor.u32()


def _encode_vtep(told: RemoteVtep, _dialect: Dialect) -> bytes:
    return _VTEP.pack(told.vni, told.vtep.pack(), told.flood)


def _vtep(cursor: Cursor) -> tuple[int, Address, int]:
    return cursor.u32(), cursor.address(Afi.IPV4), cursor.u32()


def _encode_vni(told: VniAdd, _dialect: Dialect) -> bytes:
    vrf, svi = HOST32.pack(told.vrf), HOST32.pack(told.svi)
    return U32.pack(told.vni) + told.vtep.pack() + vrf + told.group.pack() + svi


def _decode_vni(cursor: Cursor, _dialect: Dialect) -> VniAdd:
    vni, vtep, vrf = cursor.u32(), cursor.address(Afi.IPV4), cursor.host32()
    return VniAdd(vni, vtep, vrf, cursor.address(Afi.IPV4), cursor.host32())


# The length of an address takes four octets towards bgpd, and two from it.


def _pack_host(vni: int, mac: bytes, address: Address | None, length: Struct) -> bytes:
    if len(mac) != _MAC_SIZE:
        raise ValueError(f"a MAC address of {len(mac)} octets")
    host = b"" if address is None else address.pack()
    return U32.pack(vni) + mac + length.pack(len(host)) + host


def _host(cursor: Cursor, length: Struct) -> tuple[int, bytes, Address | None]:
    vni, mac = cursor.u32(), cursor.take(_MAC_SIZE)
    size = int(length.unpack(cursor.take(length.size))[0])
    if size not in _LENGTHS:
        raise ZapiError(f"an address of {size} octets")
    afi = _LENGTHS[size]
    return vni, mac, None if afi is None else cursor.address(afi)


def _pack_rest(told: LocalMacAdd | RemoteMacAdd) -> bytes:
    if len(told.segment) != _SEGMENT_SIZE:
        raise ValueError(f"a segment of {len(told.segment)} octets")
    return _FLAGS.pack(told.flags, told.sequence) + told.segment


def _rest(cursor: Cursor) -> tuple[MacFlag, int, bytes]:
    return MacFlag(cursor.u8()), cursor.u32(), cursor.take(_SEGMENT_SIZE)


def _encode_local_add(told: LocalMacAdd, _dialect: Dialect) -> bytes:
    return _pack_host(told.vni, told.mac, told.address, U32) + _pack_rest(told)


def _encode_local_delete(told: LocalMacDelete, _dialect: Dialect) -> bytes:
    return _pack_host(told.vni, told.mac, told.address, U32) + U32.pack(told.active)


def _encode_remote_add(told: RemoteMacAdd, _dialect: Dialect) -> bytes:
    host = _pack_host(told.vni, told.mac, told.address, U16)
    return host + told.vtep.pack() + _pack_rest(told)


def _decode_remote_add(cursor: Cursor, _dialect: Dialect) -> RemoteMacAdd:
    return RemoteMacAdd(*_host(cursor, U16), cursor.address(Afi.IPV4), *_rest(cursor))


def _encode_remote_delete(told: RemoteMacDelete, _dialect: Dialect) -> bytes:
    return _pack_host(told.vni, told.mac, told.address, U16) + told.vtep.pack()


ROWS: Rows = (
    Row(57, True, AdvertiseGateway, _encode_switch, lambda c, _d: AdvertiseGateway(*_switch(c))),
    Row(58, True, AdvertiseSvi, _encode_switch, lambda c, _d: AdvertiseSvi(*_switch(c))),
    Row(59, True, AdvertiseSubnet, _encode_switch, lambda c, _d: AdvertiseSubnet(*_switch(c))),
    Row(
        60, True, AdvertiseAllVni,
        lambda m, _d: _ALL.pack(m.on, m.flood), lambda c, _d: AdvertiseAllVni(bool(c.u8()), c.u8()),
    ),
    Row(67, False, VniAdd, _encode_vni, _decode_vni),
    Row(
        68, False, VniDelete,
        lambda m, _d: U32.pack(m.vni), lambda c, _d: VniDelete(c.u32()),
    ),
    Row(
        71, True, RemoteVtep, _encode_vtep,
        lambda c, _d: RemoteVtep(True, *_vtep(c)), when=lambda m: m.add,
    ),
    Row(
        72, True, RemoteVtep, _encode_vtep,
        lambda c, _d: RemoteVtep(False, *_vtep(c)), when=lambda m: not m.add,
    ),
    Row(
        73, False, LocalMacAdd, _encode_local_add,
        lambda c, _d: LocalMacAdd(*_host(c, U32), *_rest(c)),
    ),
    Row(
        74, False, LocalMacDelete, _encode_local_delete,
        lambda c, _d: LocalMacDelete(*_host(c, U32), bool(c.u32())),
    ),
    Row(77, True, RemoteMacAdd, _encode_remote_add, _decode_remote_add),
    Row(
        78, True, RemoteMacDelete, _encode_remote_delete,
        lambda c, _d: RemoteMacDelete(*_host(c, U16), c.address(Afi.IPV4)),
    ),
)  # fmt: skip
