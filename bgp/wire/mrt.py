"""Records of MRT files (RFC 6396), in the choice of forms that FRR's `dump bgp` writes."""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import IntEnum
from struct import pack
from typing import Final

from bgp.attrs import AttrSet
from bgp.wire.attributes import basic, communities
from bgp.wire.attributes.aggregator import AGGREGATOR
from bgp.wire.attributes.aspath import AS_PATH
from bgp.wire.attributes.row import OPTIONAL
from bgp.wire.attributes.row import pack as pack_attribute
from grammar.base.values import Address, Afi, Prefix, Safi

AS_TRANS: Final = 23456
_MP_REACH: Final = 14
_LONGEST_SMALL: Final = 0xFFFF
_IPV6_PEER, _AS4_PEER = 0x01, 0x02


class Type(IntEnum):
    """Types of records (sec. 4)."""

    TABLE_DUMP_V2 = 13
    BGP4MP = 16
    BGP4MP_ET = 17


class Subtype(IntEnum):
    """Subtypes of TABLE_DUMP_V2 and BGP4MP."""

    PEER_INDEX_TABLE = 1
    RIB_IPV4_UNICAST = 2
    RIB_IPV6_UNICAST = 4
    MESSAGE = 1
    MESSAGE_AS4 = 4
    STATE_CHANGE_AS4 = 5


@dataclass(frozen=True, slots=True)
class Ends:
    """The two ends of a session; `local` is None while there is no connection."""

    peer_as: int
    local_as: int
    peer: Address
    local: Address | None

    def encode(self, *, as4: bool) -> bytes:
        """What BGP4MP records begin with; the interface is not told (0)."""
        peer, own = self.peer_as, self.local_as
        numbers = pack("!II", peer, own) if as4 else pack("!HH", _small(peer), _small(own))
        local = self.local or Address(self.peer.afi, 0)
        return numbers + pack("!HH", 0, self.peer.afi) + self.peer.pack() + local.pack()


@dataclass(frozen=True, slots=True)
class RibPeer:
    """An entry of the index of peers."""

    router_id: int
    address: Address
    asn: int

    def encode(self) -> bytes:
        """Type, BGP identifier, address, AS number of four bytes (sec. 4.3.1)."""
        kind = _AS4_PEER | (_IPV6_PEER if self.address.afi is Afi.IPV6 else 0)
        return pack("!BI", kind, self.router_id) + self.address.pack() + pack("!I", self.asn)


@dataclass(frozen=True, slots=True)
class RibPath:
    """One of a prefix's paths: the index of its peer, its age in wall time, its attributes."""

    peer: int
    since: float
    attributes: bytes


def _small(asn: int) -> int:
    return asn if asn <= _LONGEST_SMALL else AS_TRANS


def record(kind: Type, subtype: Subtype, wall: float, body: bytes) -> bytes:
    """A whole record; of the extended kind with microseconds (sec. 3)."""
    seconds = int(wall)
    if kind is Type.BGP4MP_ET:
        body = pack("!I", int((wall - seconds) * 1_000_000)) + body
    return pack("!IHHI", seconds, kind, subtype, len(body)) + body


def state_change(ends: Ends, before: int, after: int) -> bytes:
    """The body of BGP4MP_STATE_CHANGE_AS4 (sec. 4.4.4); states are numbers of RFC 4271, and FRR's
    7 (Clearing) and 8 (Deleted)."""
    return ends.encode(as4=True) + pack("!HH", before, after)


def peer_index(router_id: int, view: str, peers: Iterable[RibPeer]) -> bytes:
    """The body of PEER_INDEX_TABLE (sec. 4.3.1)."""
    name, entries = view.encode(), [peer.encode() for peer in peers]
    head = pack("!IH", router_id, len(name)) + name + pack("!H", len(entries))
    return head + b"".join(entries)


def rib(sequence: int, prefix: Prefix, paths: Iterable[RibPath]) -> bytes:
    """The body of RIB_IPV4_UNICAST and RIB_IPV6_UNICAST (sec. 4.3.2)."""
    entries = [
        pack("!HIH", path.peer, int(path.since), len(path.attributes)) + path.attributes
        for path in paths
    ]
    return pack("!I", sequence) + _nlri(prefix) + pack("!H", len(entries)) + b"".join(entries)


def _nlri(prefix: Prefix) -> bytes:
    return bytes([prefix.length]) + prefix.address.pack()[: (prefix.length + 7) // 8]


def attributes(
    attrs: AttrSet,
    prefix: Prefix,
    gateway: Address | None,
    link_local: Address | None,
    med: int | None,
) -> bytes:
    """The attributes of a path in a table.

    FRR leaves out those of route reflection and the extended communities, and writes the whole of
    MP_REACH_NLRI where RFC 6396 sec. 4.3.4 wants its next hop alone.
    """
    hop = gateway or Address(prefix.afi, 0)
    parts = [basic.ORIGIN.pack(attrs.origin), AS_PATH.pack(attrs.as_path)]
    if prefix.afi is Afi.IPV4:
        parts.append(basic.NEXT_HOP.pack(hop))
    if med is not None:
        parts.append(basic.MED.pack(med))
    if attrs.local_pref is not None:
        parts.append(basic.LOCAL_PREF.pack(attrs.local_pref))
    if attrs.atomic:
        parts.append(basic.ATOMIC_AGGREGATE.pack(attrs.atomic))
    if attrs.aggregator is not None:
        parts.append(AGGREGATOR.pack(attrs.aggregator))
    if attrs.communities:
        parts.append(communities.COMMUNITIES.pack(attrs.communities))
    if attrs.large_communities:
        parts.append(communities.LARGE_COMMUNITIES.pack(attrs.large_communities))
    if prefix.afi is Afi.IPV6:
        parts.append(_mp_reach(prefix, hop, link_local))
    return b"".join(parts)


def _mp_reach(prefix: Prefix, hop: Address, link_local: Address | None) -> bytes:
    hops = hop.pack() + (link_local.pack() if link_local is not None else b"")
    head = pack("!HBB", prefix.afi, Safi.UNICAST, len(hops))
    return pack_attribute(OPTIONAL, _MP_REACH, head + hops + b"\0" + _nlri(prefix))
