"""One set of path attributes, kept as the bytes that came and read when it is asked.

A full table brings a set with every sixth prefix. Most are asked for two or three of their values
and told on; as objects these took 1,000 bytes a set, as bytes with what stands here some 250.
"""

from collections.abc import Iterator
from operator import attrgetter
from typing import Any, Final, Protocol

from bgp.compiled import compiled
from bgp.extras import Extras
from bgp.splice import SPLICED, spliced
from bgp.wire.attributes import basic
from bgp.wire.attributes.aggregator import AGGREGATOR, AS4_AGGREGATOR, Aggregator
from bgp.wire.attributes.aspath import AS4_PATH, AS_PATH, EMPTY, AsPath
from bgp.wire.attributes.communities import (
    COMMUNITIES,
    EXTENDED_COMMUNITIES,
    LARGE_COMMUNITIES,
    LargeCommunity,
)
from bgp.wire.attributes.reader import Unknown, foreign
from bgp.wire.attributes.reflection import CLUSTER_LIST, ORIGINATOR_ID
from bgp.wire.attributes.registry import ROWS
from bgp.wire.attributes.row import EXTENDED, Attribute, pack
from grammar.base.values import Address

DEFAULT_LOCAL_PREF: Final = 100

Content = tuple[Any, ...]
"""All values of a set, in the order of `FIELDS`."""

FIELDS: Final = (
    "origin",
    "as_path",
    "nexthop",
    "med",
    "local_pref",
    "atomic",
    "aggregator",
    "communities",
    "originator_id",
    "cluster_list",
    "ext_communities",
    "large_communities",
    "otc",
    "unknown",
    "extras",
)
DEFAULTS: Final[Content] = (
    *(2, EMPTY, None, None, None, False, None, (), None, (), (), (), None, (), None),
)
_NEXT_HOP: Final = FIELDS.index("nexthop")


@compiled
def find(body: bytes, code: int) -> bytes | None:
    """The value of the first attribute of a type in bytes without fault; None without any."""
    at, size = 0, len(body)
    while at < size:
        if body[at] & EXTENDED:
            begin = at + 4
            end = begin + (body[at + 2] << 8 | body[at + 3])
        else:
            begin = at + 3
            end = begin + body[at + 2]
        if body[at + 1] == code:
            return body[begin:end]
        at = end
    return None


@compiled
def marked(body: bytes) -> bool:
    """Whether there may be a well-known community (65535:N) in bytes without fault."""
    found = find(body, COMMUNITIES.code)
    return found is not None and b"\xff\xff" in found


def _value(row: Attribute[Any]) -> Any:
    place, code, decode = FIELDS.index(row.name), row.code, row.decode
    default = DEFAULTS[place]

    def value(self: "Values") -> Any:
        source = self.source
        if isinstance(source, tuple):
            return source[place]
        found = find(source, code)
        return default if found is None else decode(found, True)

    return property(value, doc=f"The value of attribute {code}.")


@compiled
class Values:
    """What a set says, read from its bytes at each question; the twin is of the same name.

    `source` are the attributes as they came, without fault, AS numbers of four bytes, and without
    the NEXT_HOP where `nexthop` does not stand in them; or the values of a set that was made here.
    """

    __slots__ = ("__weakref__", "nexthop", "source")

    def __init__(self, source: bytes | Content, nexthop: Address | None) -> None:
        self.source: Final = source
        self.nexthop: Final = nexthop

    origin: Final[int] = _value(basic.ORIGIN)
    med: Final[int | None] = _value(basic.MED)
    local_pref: Final[int | None] = _value(basic.LOCAL_PREF)
    atomic: Final[bool] = _value(basic.ATOMIC_AGGREGATE)
    aggregator: Final[Aggregator | None] = _value(AGGREGATOR)
    communities: Final[tuple[int, ...]] = _value(COMMUNITIES)
    originator_id: Final[int | None] = _value(ORIGINATOR_ID)
    cluster_list: Final[tuple[int, ...]] = _value(CLUSTER_LIST)
    ext_communities: Final[tuple[int, ...]] = _value(EXTENDED_COMMUNITIES)
    large_communities: Final[tuple[LargeCommunity, ...]] = _value(LARGE_COMMUNITIES)
    otc: Final[int | None] = _value(basic.ONLY_TO_CUSTOMER)

    @property
    def as_path(self) -> AsPath:
        """The AS path; each question of a received set gives another object."""
        source = self.source
        if isinstance(source, tuple):
            path: AsPath = source[1]
            return path
        found = find(source, AS_PATH.code)
        return EMPTY if found is None else AsPath.received(found)

    @property
    def unknown(self) -> tuple[Unknown, ...]:
        """Transitive attributes without a row, to pass on."""
        source = self.source
        if isinstance(source, tuple):
            found: tuple[Unknown, ...] = source[-2]
            return found
        return tuple(unknown_of(source))

    @property
    def extras(self) -> Extras | None:
        """What is of this router only: no bytes come of it."""
        return self.source[-1] if isinstance(self.source, tuple) else None


def attributes(body: bytes) -> Iterator[tuple[int, int, bytes]]:
    """Flags, type and value of each of some attributes without fault."""
    at, size = 0, len(body)
    while at < size:
        flags = body[at]
        if flags & EXTENDED:
            begin = at + 4
            end = begin + (body[at + 2] << 8 | body[at + 3])
        else:
            begin = at + 3
            end = begin + body[at + 2]
        yield flags, body[at + 1], body[begin:end]
        at = end


def unknown_of(body: bytes) -> Iterator[Unknown]:
    """The attributes without a row that are passed on."""
    for flags, code, value in attributes(body):
        if code not in ROWS:
            yield from foreign(flags, code, value)


class AttrSet(Values):
    """The attributes of a route, but for the next hop and prefixes of MP_REACH_NLRI; immutable.

    Compared by identity: sets of one pool with the same content are the same object. `nexthop` is
    the IPv4 NEXT_HOP. `extras` are of this router only: no bytes come of them.
    """

    __slots__ = ()

    @property
    def rank(self) -> tuple[int, int, int]:
        """Orders sets by the first steps of the decision, lowest first: (-local preference, AS
        path length, origin)."""
        preference = DEFAULT_LOCAL_PREF if self.local_pref is None else self.local_pref
        return -preference, self.as_path.length, self.origin

    @property
    def raw(self) -> bytes:
        """The bytes as received, or those that the set gives; AS numbers have four."""
        source = self.source
        if isinstance(source, tuple):
            return encode(self, nexthop=self.nexthop)
        if self.nexthop is None or find(source, basic.NEXT_HOP.code) is not None:
            return source
        at = behind_path(source)
        return source[:at] + NEXT_HOP_HEAD + self.nexthop.pack() + source[at:]

    @property
    def may_be_marked(self) -> bool:
        """False if there is surely no well-known community (65535:N): a look at the bytes."""
        source = self.source
        return bool(self.communities) if isinstance(source, tuple) else marked(source)

    def alike(self, other: "AttrSet") -> bool:
        """True if the two are known to differ in the next hop at most, at a glance."""
        return self.source is other.source

    @property
    def content(self) -> Content:
        """All values, in the order of `FIELDS`."""
        return self.source if isinstance(self.source, tuple) else _content(self)

    def replace(self, pool: "Pool", **changes: Any) -> "AttrSet":
        """The interned set with the fields named in `changes` set anew."""
        if isinstance(self.source, bytes) and changes.keys() <= SPLICED:
            return pool.changed(spliced(self.source, self.nexthop, changes), self.nexthop)
        values = list(self.content)
        for name, value in changes.items():
            values[PLACES[name]] = value
        return pool.made(tuple(values))


PLACES: Final = {name: place for place, name in enumerate(FIELDS)}
_content: Final = attrgetter(*FIELDS)


class Pool(Protocol):
    """Where sets are made."""

    def made(self, content: Content) -> AttrSet:
        """The set with this content."""
        ...

    def changed(self, raw: bytes, nexthop: Address | None) -> AttrSet:
        """The set of these bytes, which are without fault and of a next hop that is known."""
        ...


_ORIGIN_HEAD: Final = b"\x40\x01\x01"
_PATH_HEAD: Final = b"\x40\x02"
_WIDE_PATH_HEAD: Final = b"\x50\x02"
NEXT_HOP_HEAD: Final = b"\x40\x03\x04"


def behind_path(raw: bytes) -> int:
    """Where an AS_PATH ends that follows ORIGIN, which is where NEXT_HOP stands; else 0."""
    head = raw[4:6]
    if raw[:3] != _ORIGIN_HEAD:
        return 0
    if head == _WIDE_PATH_HEAD:
        return 8 + int.from_bytes(raw[6:8], "big")
    return 7 + int.from_bytes(raw[6:7], "big") if head == _PATH_HEAD else 0


# FRR's order on the wire: by type, but that LARGE_COMMUNITIES stands behind COMMUNITIES.
_MIDDLE: Final[tuple[Attribute[Any], ...]] = (
    basic.MED,
    basic.LOCAL_PREF,
    basic.ATOMIC_AGGREGATE,
    AGGREGATOR,
    COMMUNITIES,
    LARGE_COMMUNITIES,
    ORIGINATOR_ID,
    CLUSTER_LIST,
    EXTENDED_COMMUNITIES,
)


def encode(
    attrs: AttrSet, *, nexthop: Address | None, as4: bool = True, for_mp: bool = False
) -> bytes:
    """Outgoing attribute bytes in FRR's order, without MP_REACH_NLRI (`wire.update` adds it).

    `nexthop` is the NEXT_HOP to send; none is written when it is None or `for_mp`. Without `as4`
    AS numbers take two bytes and AS4_PATH and AS4_AGGREGATOR follow where they are needed.
    """
    return b"".join(_parts(attrs, None if for_mp else nexthop, as4))


def _parts(attrs: AttrSet, nexthop: Address | None, as4: bool) -> Iterator[bytes]:
    yield basic.ORIGIN.pack(attrs.origin)
    yield AS_PATH.pack(attrs.as_path, as4)
    if nexthop is not None:
        yield basic.NEXT_HOP.pack(nexthop)
    for row in _MIDDLE:
        value = getattr(attrs, row.name)
        if value is not None and value is not False and value != ():
            yield row.pack(value, as4)
    if not as4:
        yield from as4_parts(attrs.as_path, attrs.aggregator)
    if attrs.otc is not None:
        yield basic.ONLY_TO_CUSTOMER.pack(attrs.otc)
    for flags, code, data in attrs.unknown:
        yield pack(flags, code, data)


def as4_parts(path: AsPath, aggregator: Aggregator | None) -> Iterator[bytes]:
    """What tells an old speaker of AS numbers of four bytes, where there are any.

    RFC 6793 sec. 4.2.2: confederations, which know such numbers, are left out.
    """
    path = path.without_confederation()
    if any(asn > 65535 for _, asns in path.segments for asn in asns):
        yield AS4_PATH.pack(path)
    if aggregator is not None and aggregator.asn > 65535:
        yield AS4_AGGREGATOR.pack(aggregator)
