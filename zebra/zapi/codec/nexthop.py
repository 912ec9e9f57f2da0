"""The bytes of one next hop, as routes and next-hop updates carry it."""

from grammar.base.values import Afi
from zebra.zapi.codec.cursor import HOST32, U8, U32, Cursor
from zebra.zapi.constants import BlackholeType, NexthopField, NexthopType
from zebra.zapi.header import ZapiError
from zebra.zapi.routes import Nexthop

_MAC_SIZE = 6
_MAX_LABELS = 16
# As plain numbers: operations of IntFlag would take half of the time of decoding.
_ONLINK, _LABEL, _WEIGHT = (
    int(NexthopField.ONLINK),
    int(NexthopField.LABEL),
    int(NexthopField.WEIGHT),
)
_BACKUP, _EVPN = int(NexthopField.BACKUP), int(NexthopField.EVPN)
_SEGMENT_ROUTING = int(NexthopField.SEG6 | NexthopField.SEG6LOCAL)
_GATE_AFI = {
    NexthopType.IPV4: Afi.IPV4,
    NexthopType.IPV4_IFINDEX: Afi.IPV4,
    NexthopType.IPV6: Afi.IPV6,
    NexthopType.IPV6_IFINDEX: Afi.IPV6,
}


def encode_nexthop(hop: Nexthop, *, mac_by_flag: bool, colored: bool) -> bytes:
    """One next hop; `colored` when the message has the SR-TE flag.

    `mac_by_flag` is False in 8.1, where the route's EVPN flag announces the router MAC.
    """
    fields = _ONLINK if hop.onlink else 0
    rest = b""
    if hop.labels:
        fields |= _LABEL
        rest += U8.pack(len(hop.labels)) + b"".join(map(HOST32.pack, hop.labels))
    if hop.weight:
        fields |= _WEIGHT
        rest += U32.pack(hop.weight)
    if hop.router_mac:
        if len(hop.router_mac) != _MAC_SIZE:
            raise ZapiError(f"router MAC of {len(hop.router_mac)} bytes")
        if mac_by_flag:
            fields |= _EVPN
        rest += hop.router_mac
    if colored:
        rest += U32.pack(hop.color)
    if hop.backups:
        fields |= _BACKUP
        rest += bytes((len(hop.backups), *hop.backups))
    return U32.pack(hop.vrf) + bytes((hop.type, fields)) + _encode_way(hop) + rest


def _encode_way(hop: Nexthop) -> bytes:
    if hop.type is NexthopType.BLACKHOLE:
        return U8.pack(hop.blackhole)
    if hop.type is NexthopType.IFINDEX:
        return U32.pack(hop.ifindex)
    if hop.gate is None or hop.gate.afi is not _GATE_AFI[hop.type]:
        raise ZapiError(f"next hop {hop.type.name} via {hop.gate}")
    return hop.gate.pack() + U32.pack(hop.ifindex)


def decode_nexthop(cursor: Cursor, *, mac: bool | None, colored: bool) -> Nexthop:
    """One next hop; `mac` tells whether a router MAC follows, None asks the next hop's flag."""
    vrf = cursor.u32()
    kind = cursor.enum(NexthopType, cursor.u8)
    fields = cursor.u8()
    if fields & _SEGMENT_ROUTING:
        raise ZapiError("segment routing over IPv6 in a next hop")
    gate, ifindex, blackhole = None, 0, BlackholeType.UNSPECIFIED
    if kind is NexthopType.BLACKHOLE:
        blackhole = cursor.enum(BlackholeType, cursor.u8)
    else:
        if kind is not NexthopType.IFINDEX:
            gate = cursor.address(_GATE_AFI[kind])
        ifindex = cursor.u32()
    labels = _decode_labels(cursor) if fields & _LABEL else ()
    weight = cursor.u32() if fields & _WEIGHT else 0
    with_mac = bool(fields & _EVPN) if mac is None else mac
    router_mac = cursor.take(_MAC_SIZE) if with_mac else b""
    color = cursor.u32() if colored else 0
    backups = tuple(cursor.take(cursor.u8())) if fields & _BACKUP else ()
    return Nexthop(
        kind, gate, ifindex, vrf, bool(fields & _ONLINK),
        blackhole, weight, labels, router_mac, color, backups,
    )  # fmt: skip


def _decode_labels(cursor: Cursor) -> tuple[int, ...]:
    count = cursor.u8()
    if count > _MAX_LABELS:
        raise ZapiError(f"{count} labels on a next hop")
    return tuple(cursor.host32() for _ in range(count))
