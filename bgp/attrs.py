"""Path attributes as shared, immutable sets: one `AttrSet` per distinct raw attribute string.

A repeat of known bytes costs one lookup (`AttrPool.decode`); only new bytes are read. The pool is
weak, so a set lives as long as a path uses it. What a malformed attribute costs is told by its row
(RFC 7606) and reported in `Decoded`; only errors that end the session are raised.
"""

from collections.abc import Hashable, Iterator
from dataclasses import dataclass, field, fields
from operator import attrgetter
from typing import Any, Final
from weakref import KeyedRef

from bgp.extras import Extras
from bgp.negotiated import Negotiated
from bgp.wire.attributes import basic, communities, reflection
from bgp.wire.attributes.aggregator import AGGREGATOR, AS4_AGGREGATOR, Aggregator
from bgp.wire.attributes.aspath import AS4_PATH, AS_PATH, EMPTY, AsPath
from bgp.wire.attributes.communities import LargeCommunity
from bgp.wire.attributes.multiprotocol import MpReach, MpUnreach
from bgp.wire.attributes.reader import Reader, Unknown
from bgp.wire.attributes.row import Attribute, pack
from bgp.wire.errors import Code, Malformed, Reaction, UpdateError
from grammar.base.values import Address

DEFAULT_LOCAL_PREF: Final = 100


# Not `frozen`: its way to fill fields costs 1.3 us, a sixth of what a new set may take. `Final`
# makes the type checker hold what the docstring promises.
@dataclass(slots=True, eq=False, weakref_slot=True)
class AttrSet:
    """The attributes of a route, but for the next hop and prefixes of MP_REACH_NLRI; immutable.

    Compared by identity: sets of one pool with the same content are the same object. `nexthop` is
    the IPv4 NEXT_HOP. `rank` orders sets by the first steps of the decision, lowest first:
    (-local preference, AS path length, origin). `extras` are of this router only: no bytes come of
    them.
    """

    _raw: bytes | None
    origin: Final[int] = 2
    as_path: Final[AsPath] = EMPTY
    nexthop: Final[Address | None] = None
    med: Final[int | None] = None
    local_pref: Final[int | None] = None
    atomic: Final[bool] = False
    aggregator: Final[Aggregator | None] = None
    communities: Final[tuple[int, ...]] = ()
    originator_id: Final[int | None] = None
    cluster_list: Final[tuple[int, ...]] = ()
    ext_communities: Final[tuple[int, ...]] = ()
    large_communities: Final[tuple[LargeCommunity, ...]] = ()
    otc: Final[int | None] = None
    unknown: Final[tuple[Unknown, ...]] = ()
    extras: Final[Extras | None] = None
    rank: tuple[int, int, int] = field(init=False)

    def __post_init__(self) -> None:
        preference = DEFAULT_LOCAL_PREF if self.local_pref is None else self.local_pref
        self.rank = (-preference, self.as_path.length, self.origin)

    @property
    def raw(self) -> bytes:
        """The bytes as received, or made when they are asked for; AS numbers have four."""
        if self._raw is None:
            self._raw = encode(self, nexthop=self.nexthop)
        return self._raw

    def replace(self, pool: "AttrPool", **changes: Any) -> "AttrSet":
        """The interned set with the fields named in `changes` set anew."""
        values = list(_content(self))
        for name, value in changes.items():
            values[_PLACES[name]] = value
        return pool.made(tuple(values))


FIELDS: Final = tuple(f.name for f in fields(AttrSet) if f.name not in ("_raw", "rank"))
_PLACES: Final = {name: place for place, name in enumerate(FIELDS)}
_DEFAULTS: Final = tuple(f.default for f in fields(AttrSet) if f.name in _PLACES)
_content: Final = attrgetter(*FIELDS)
_rest_of: Final = attrgetter(*FIELDS[3:])
"""What stands behind the next hop."""


@dataclass(slots=True)
class Decoded:
    """What the attributes of one UPDATE amount to.

    `attrs` is None when there are none (withdrawals only) or when `withdraw` tells why the prefixes
    of the message must be treated as withdrawn. `discarded` are the attributes that were dropped,
    for the log. Errors that end the session are raised instead.
    """

    attrs: AttrSet | None
    mp_reach: MpReach | None = None
    mp_unreach: MpUnreach | None = None
    withdraw: Malformed | None = None
    discarded: tuple[Malformed, ...] = ()


class _Sets(dict[Hashable, KeyedRef[Hashable, AttrSet]]):
    # What weakref.WeakValueDictionary does, without its call for each look: 0.1 us, not 0.4.
    __slots__ = ("_drop",)

    def __init__(self) -> None:
        def drop(ref: KeyedRef[Hashable, AttrSet]) -> None:
            if self.get(ref.key) is ref:
                del self[ref.key]

        self._drop = drop

    def keep(self, key: Hashable, attrs: AttrSet) -> None:
        self[key] = KeyedRef(attrs, self._drop, key)

    def find(self, key: Hashable) -> AttrSet | None:
        ref = self.get(key)
        return None if ref is None else ref()


def _cut(raw: bytes) -> tuple[bytes, int]:
    """The attributes but for a NEXT_HOP behind ORIGIN and AS_PATH, and where it stands, or 0."""
    head = raw[4:6]
    if head == _WIDE_PATH_HEAD:
        at = 8 + int.from_bytes(raw[6:8], "big")
    elif head == _PATH_HEAD:
        at = 7 + int.from_bytes(raw[6:7], "big")
    else:
        return raw, 0
    if raw[at : at + 3] == _NEXT_HOP_HEAD and raw[:3] == _ORIGIN_HEAD:
        return raw[:at] + raw[at + 7 :], at
    return raw, 0


_ORIGIN_HEAD: Final = b"\x40\x01\x01"
_PATH_HEAD: Final = b"\x40\x02"
_WIDE_PATH_HEAD: Final = b"\x50\x02"
_NEXT_HOP_HEAD: Final = b"\x40\x03\x04"

_Ref = KeyedRef[bytes, AttrSet]


class _Received(dict[bytes, _Ref | tuple[_Ref, ...]]):
    """Sets by their bytes without the next hop; several that differ in it stand together.

    Two neighbours in one AS tell the same paths with next hops of their own: what they share is
    read once and kept once.
    """

    __slots__ = ("_drop",)

    def __init__(self) -> None:
        def drop(ref: _Ref) -> None:
            rest = _cut(ref.key)[0]
            left = tuple(one for one in self.alike(rest) if one is not ref)
            if not left:
                self.pop(rest, None)
            else:
                self[rest] = left if len(left) > 1 else left[0]

        self._drop = drop

    def alike(self, rest: bytes) -> tuple[_Ref, ...]:
        found = self.get(rest, ())
        return found if isinstance(found, tuple) else (found,)

    def refs(self) -> Iterator[_Ref]:
        for found in self.values():
            yield from found if isinstance(found, tuple) else (found,)

    def keep(self, raw: bytes, attrs: AttrSet) -> None:
        rest = _cut(raw)[0]
        ref = KeyedRef(attrs, self._drop, raw)
        self[rest] = (ref, *self.alike(rest)) if rest in self else ref

    def find(self, raw: bytes) -> AttrSet | None:
        found = self.get(_cut(raw)[0])
        if found is None:
            return None
        if isinstance(found, tuple):
            return next((ref() for ref in found if ref.key == raw), None)
        return found() if found.key == raw else None

    def with_nexthop(self, raw: bytes) -> AttrSet | None:
        """The set of new bytes made from one that differs in the next hop; None without any."""
        rest, at = _cut(raw)
        if not at:
            return None
        # One that is shorter has its next hop elsewhere, or none.
        alike = (ref() for ref in self.alike(rest) if len(ref.key) == len(raw))
        like = next((one for one in alike if one is not None), None)
        if like is None:
            return None
        try:
            nexthop = basic.NEXT_HOP.decode(raw[at + 3 : at + 7], True)
        except Malformed:
            return None
        attrs = AttrSet(raw, like.origin, like.as_path, nexthop, *_rest_of(like))
        self.keep(raw, attrs)
        return attrs


class AttrPool:
    """All `AttrSet`s in use, found by their bytes."""

    def __init__(self) -> None:
        self._received: dict[tuple[bool, bool, bool], _Received] = {}
        self._made = _Sets()

    def __len__(self) -> int:
        """Distinct sets alive."""
        received = (ref for sets in self._received.values() for ref in sets.refs())
        found = [*(ref() for ref in self._made.values()), *(ref() for ref in received)]
        return len({id(attrs) for attrs in found})

    def known(self, raw: bytes, negotiated: Negotiated) -> AttrSet | None:
        """The set of bytes without MP attributes that came before and is in use; None if new."""
        sets = self._received.get(negotiated.flavour)
        return None if sets is None else sets.find(raw)

    def intern(self, raw: bytes, negotiated: Negotiated) -> AttrSet:
        """The set of `raw`, which holds no MP attribute; any `Malformed` is raised."""
        decoded = self.decode(raw, negotiated, nlri=False)
        if decoded.attrs is None:
            raise decoded.withdraw or Malformed(Code.UPDATE, UpdateError.MALFORMED_LIST)
        return decoded.attrs

    def decode(self, raw: bytes, negotiated: Negotiated, *, nlri: bool) -> Decoded:
        """Read the attributes of an UPDATE; `nlri` tells whether IPv4 prefixes follow them.

        Raises `Malformed` when the session must be reset.
        """
        sets = self._received.get(negotiated.flavour)
        if sets is None:
            sets = self._received[negotiated.flavour] = _Received()
        attrs = sets.find(raw)
        if attrs is None and negotiated.as4:
            attrs = sets.with_nexthop(raw)
        if attrs is not None and (attrs.nexthop is not None or not nlri):
            return Decoded(attrs)
        reader = Reader()
        reader.read(raw, negotiated.flavour)
        values = reader.values
        reach: MpReach | None = values.pop("mp_reach", None)
        decoded = Decoded(None, reach, values.pop("mp_unreach", None))
        decoded.discarded = tuple(reader.discarded)
        if nlri or values or reach is not None:
            reader.check_mandatory(nlri, internal=not negotiated.external)
            decoded.withdraw = reader.withdraw or _bad_nexthop(reach)
            if decoded.withdraw is None:
                decoded.attrs = self._keep(sets, raw, reader, negotiated.as4)
        return decoded

    def _keep(self, sets: _Received, raw: bytes, reader: Reader, as4: bool) -> AttrSet:
        values = reader.values
        if reader.unknown:
            values["unknown"] = tuple(reader.unknown)
        if reader.discarded:
            # Not kept under the bytes that came: the log wants to hear of every one of them.
            return self.make(**values)
        key = raw if reader.kept is None else b"".join(reader.kept)
        attrs = sets.find(key)
        if attrs is None:
            attrs = AttrSet(key, **values) if as4 else self.make(**values)
            sets.keep(key, attrs)
        return attrs

    def make(self, **values: Any) -> AttrSet:
        """The set with these fields of `AttrSet`, for own routes and for changes by policy."""
        content = list(_DEFAULTS)
        for name, value in values.items():
            content[_PLACES[name]] = value
        return self.made(tuple(content))

    def made(self, content: tuple[Any, ...]) -> AttrSet:
        """The set with this content, in the order of `FIELDS`."""
        attrs = self._made.find(content)
        if attrs is None:
            attrs = AttrSet(None, *content)
            self._made.keep(content, attrs)
        return attrs


def _bad_nexthop(reach: MpReach | None) -> Malformed | None:
    if reach is None or reach.nexthop is None:
        return None
    value = reach.nexthop.value
    if reach.nexthop.afi == 1:
        bad = basic.is_martian(value)
    else:
        # BIRD says :: where there is a link-local address only, which FRR takes.
        absent = value == 0 and reach.link_local is not None
        bad = (value <= 1 and not absent) or value >> 120 == 0xFF
    if not bad:
        return None
    reason = f"next hop {reach.nexthop} cannot be one"
    data = reach.nexthop.pack()
    return Malformed(Code.UPDATE, UpdateError.OPTIONAL, data, Reaction.WITHDRAW, reason)


# FRR's order on the wire: by type, but that LARGE_COMMUNITIES stands behind COMMUNITIES.
_MIDDLE: Final[tuple[Attribute[Any], ...]] = (
    basic.MED,
    basic.LOCAL_PREF,
    basic.ATOMIC_AGGREGATE,
    AGGREGATOR,
    communities.COMMUNITIES,
    communities.LARGE_COMMUNITIES,
    reflection.ORIGINATOR_ID,
    reflection.CLUSTER_LIST,
    communities.EXTENDED_COMMUNITIES,
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
