"""rtnetlink bytes to routes and next-hop objects, as dumps and the monitor bring them.

pyroute2 has no class for next-hop objects, and reading a full table of routes through its classes
takes minutes; links and addresses, which are few, are left to it.
"""

import struct
import sys
from collections.abc import Iterator
from typing import NamedTuple

from grammar.base.values import Address, Afi, Prefix
from zebra.kernel.api import KernelNexthop, KernelRoute, NexthopObject, RouteKind
from zebra.kernel.encode import (
    AF_BRIDGE,
    ATTRIBUTE,
    FAMILY,
    HEADER,
    LWTUNNEL_ENCAP_MPLS,
    MPLS_IPTUNNEL_DST,
    NDA_DST,
    NDA_LLADDR,
    NDA_VLAN,
    NDMSG,
    NH_GROUP,
    NHA_BLACKHOLE,
    NHA_ENCAP,
    NHA_ENCAP_TYPE,
    NHA_GATEWAY,
    NHA_GROUP,
    NHA_ID,
    NHA_OIF,
    NHMSG,
    NLA_F_NESTED,
    NTF_EXT_LEARNED,
    NTF_ROUTER,
    NTF_STICKY,
    NUD_PERMANENT,
    RTA_DST,
    RTA_ENCAP,
    RTA_ENCAP_TYPE,
    RTA_GATEWAY,
    RTA_METRICS,
    RTA_MULTIPATH,
    RTA_NH_ID,
    RTA_OIF,
    RTA_PREFSRC,
    RTA_PRIORITY,
    RTA_SRC,
    RTA_TABLE,
    RTA_VIA,
    RTAX_MTU,
    RTMSG,
    RTNH,
    RTNH_F_ONLINK,
    WORD,
)
from zebra.kernel.kinds import RTM_F_OFFLOAD, RTM_F_OFFLOAD_FAILED, RTM_F_TRAP
from zebra.kernel.neighbors import (
    FdbAdded,
    FdbEntry,
    FdbGone,
    HostEvent,
    Neighbor,
    NeighborAdded,
    NeighborGone,
)

AFI = {family: afi for afi, family in FAMILY.items()}
_RTM_F_CLONED = 0x200
_NTF_PROXY = 0x08
_NUD_FAILED = 0x20
_MAC_SIZE = 6
_NUD_VALID = 0xDE
"""PERMANENT, NOARP, REACHABLE, PROBE, STALE, DELAY: the link-layer address can be used."""
_NOWHERE = (RouteKind.BLACKHOLE, RouteKind.UNREACHABLE, RouteKind.PROHIBIT)
_KINDS = {kind.value: kind for kind in RouteKind}


class NetlinkMessage(NamedTuple):
    """One nlmsghdr and what follows it."""

    type: int
    flags: int
    sequence: int
    port: int
    body: bytes


def messages(data: bytes) -> Iterator[NetlinkMessage]:
    """The messages in one datagram; a broken rest is dropped (the kernel sends none)."""
    at = 0
    while at + HEADER.size <= len(data):
        size, kind, flags, sequence, port = HEADER.unpack_from(data, at)
        if size < HEADER.size or at + size > len(data):
            return
        yield NetlinkMessage(kind, flags, sequence, port, data[at + HEADER.size : at + size])
        at += size + 3 & ~3


def attributes(data: bytes, at: int) -> dict[int, bytes]:
    """The rtattrs from `at` on, by type; of equal ones the last."""
    found = {}
    end = len(data)
    while at + ATTRIBUTE.size <= end:
        size, kind = ATTRIBUTE.unpack_from(data, at)
        if size < ATTRIBUTE.size or at + size > end:
            break
        found[kind & ~NLA_F_NESTED] = data[at + ATTRIBUTE.size : at + size]
        at += size + 3 & ~3
    return found


def decode_route(body: bytes) -> KernelRoute | None:
    """The route in the body of an RTM_NEWROUTE or RTM_DELROUTE.

    None for what is no route of a table: cached clones, other families, unknown types.
    """
    try:
        return _route(body)
    except (struct.error, ValueError):
        return None


def _route(body: bytes) -> KernelRoute | None:
    head = RTMSG.unpack_from(body)
    family, length, source_length, tos, table, protocol, scope, kind, flags = head
    if family not in AFI or kind not in _KINDS or flags & _RTM_F_CLONED:
        return None
    afi = AFI[family]
    found = attributes(body, RTMSG.size)
    source = None
    if source_length:
        source = _prefix(afi, found.get(RTA_SRC), source_length)
    return KernelRoute(
        prefix=_prefix(afi, found.get(RTA_DST), length),
        nexthops=() if kind in _NOWHERE else _ways(found, flags),
        table=_word(found, RTA_TABLE) or table,
        protocol=protocol,
        metric=_word(found, RTA_PRIORITY),
        type=_KINDS[kind],
        prefsrc=Address.unpack(found[RTA_PREFSRC]) if RTA_PREFSRC in found else None,
        nhid=_word(found, RTA_NH_ID),
        mtu=_word(attributes(found[RTA_METRICS], 0), RTAX_MTU) if RTA_METRICS in found else 0,
        scope=scope,
        tos=tos,
        source=source,
        offload=flags & (RTM_F_OFFLOAD | RTM_F_TRAP | RTM_F_OFFLOAD_FAILED),
    )


def _prefix(afi: Afi, data: bytes | None, length: int) -> Prefix:
    return Prefix(afi, 0 if data is None else int.from_bytes(data, "big"), length)


def _word(found: dict[int, bytes], kind: int) -> int:
    data = found.get(kind)
    return 0 if data is None else int(WORD.unpack(data)[0])


def _ways(found: dict[int, bytes], flags: int) -> tuple[KernelNexthop, ...]:
    if RTA_MULTIPATH in found:
        return tuple(_several(found[RTA_MULTIPATH]))
    if RTA_OIF not in found and RTA_GATEWAY not in found:
        return ()
    onlink = bool(flags & RTNH_F_ONLINK)
    labels = _labels(found, RTA_ENCAP_TYPE, RTA_ENCAP)
    return (KernelNexthop(_gate(found), _word(found, RTA_OIF), 1, onlink, labels),)


def _several(data: bytes) -> Iterator[KernelNexthop]:
    at = 0
    while at + RTNH.size <= len(data):
        size, flags, hops, ifindex = RTNH.unpack_from(data, at)
        if size < RTNH.size:
            return
        found = attributes(data[at : at + size], RTNH.size)
        labels = _labels(found, RTA_ENCAP_TYPE, RTA_ENCAP)
        onlink = bool(flags & RTNH_F_ONLINK)
        yield KernelNexthop(_gate(found), ifindex, hops + 1, onlink, labels)
        at += size + 3 & ~3


def _labels(found: dict[int, bytes], kind: int, value: int) -> tuple[int, ...]:
    """The MPLS labels that packets are given; other tunnels are passed over."""
    if found.get(kind, b"")[:2] != LWTUNNEL_ENCAP_MPLS.to_bytes(2, sys.byteorder):
        return ()
    stack = attributes(found.get(value, b""), 0).get(MPLS_IPTUNNEL_DST, b"")
    return tuple(int(entry) >> 12 for (entry,) in struct.iter_unpack("!I", stack))


def _gate(found: dict[int, bytes]) -> Address | None:
    if RTA_GATEWAY in found:
        return Address.unpack(found[RTA_GATEWAY])
    if RTA_VIA in found:
        return Address.unpack(found[RTA_VIA][2:])
    return None


def decode_nexthop(body: bytes) -> NexthopObject | None:
    """The object in the body of an RTM_NEWNEXTHOP or RTM_DELNEXTHOP; None for unknown kinds."""
    try:
        family, _scope, protocol, _nothing, flags = NHMSG.unpack_from(body)
        found = attributes(body, NHMSG.size)
        number = _word(found, NHA_ID)
        if NHA_GROUP in found:
            members = NH_GROUP.iter_unpack(found[NHA_GROUP])
            group = tuple((member, weight + 1) for member, weight, *_ in members)
            return NexthopObject(number, group=group, protocol=protocol)
        if family not in AFI:
            return None
        gate = Address.unpack(found[NHA_GATEWAY]) if NHA_GATEWAY in found else None
        onlink = bool(flags & RTNH_F_ONLINK)
        labels = _labels(found, NHA_ENCAP_TYPE, NHA_ENCAP)
        way = KernelNexthop(gate, _word(found, NHA_OIF), onlink=onlink, labels=labels)
        blackhole = NHA_BLACKHOLE in found
        return NexthopObject(number, AFI[family], way, blackhole, protocol=protocol)
    except (struct.error, ValueError):
        return None


def decode_neighbor(body: bytes) -> Neighbor | None:
    """The neighbour in the body of an RTM_NEWNEIGH.

    None for what is no host (multicast), has no usable link-layer address, or is a proxy or an
    entry of a bridge.
    """
    try:
        family, ifindex, state, flags, kind = NDMSG.unpack_from(body)
        found = attributes(body, NDMSG.size)
        usable = state & _NUD_VALID and kind == RouteKind.UNICAST and not flags & _NTF_PROXY
        if family not in AFI or not usable or NDA_LLADDR not in found:
            return None
        address, router = Address.unpack(found[NDA_DST]), bool(flags & NTF_ROUTER)
        learned = bool(flags & NTF_EXT_LEARNED)
        return Neighbor(ifindex, address, found[NDA_LLADDR], router, learned)
    except (struct.error, ValueError, KeyError):
        return None


def decode_host(body: bytes, added: bool) -> HostEvent | None:
    """What an RTM_NEWNEIGH (`added`) or RTM_DELNEIGH says of a host; None if nothing."""
    if body[:1] == bytes((AF_BRIDGE,)):
        entry = _fdb_entry(body)
        if entry is None:
            return None
        return FdbAdded(entry) if added else FdbGone(entry)
    neighbor = decode_neighbor(body) if added else None
    if neighbor is not None:
        return NeighborAdded(neighbor)
    try:
        family, ifindex, state, flags, _kind = NDMSG.unpack_from(body)
        if family not in AFI or flags & _NTF_PROXY or (added and not state & _NUD_FAILED):
            return None
        return NeighborGone(ifindex, Address.unpack(attributes(body, NDMSG.size)[NDA_DST]))
    except (struct.error, ValueError, KeyError):
        return None


def _fdb_entry(body: bytes) -> FdbEntry | None:
    try:
        _family, ifindex, state, flags, _kind = NDMSG.unpack_from(body)
        found = attributes(body, NDMSG.size)
        mac = found.get(NDA_LLADDR, b"")
        if len(mac) != _MAC_SIZE:
            return None
        return FdbEntry(
            ifindex,
            mac,
            Address.unpack(found[NDA_DST]) if NDA_DST in found else None,
            int.from_bytes(found.get(NDA_VLAN, b""), sys.byteorder),
            bool(state & NUD_PERMANENT),
            bool(flags & NTF_EXT_LEARNED),
            bool(flags & NTF_STICKY),
        )
    except (struct.error, ValueError):
        return None
