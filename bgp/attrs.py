"""Path attributes as shared, immutable sets: one `AttrSet` per distinct raw attribute string.

A repeat of known bytes costs one lookup (`AttrPool.decode`); only new bytes are read. The pool is
weak, so a set lives as long as a path uses it. What a malformed attribute costs is told by its row
(RFC 7606) and reported in `Decoded`; only errors that end the session are raised.
"""

from collections.abc import Callable, Hashable, Iterable, Iterator
from dataclasses import dataclass
from typing import Any
from weakref import KeyedRef

from bgp.attrset import (
    DEFAULTS,
    FIELDS,
    NEXT_HOP_HEAD,
    PLACES,
    AttrSet,
    as4_parts,
    behind_path,
    encode,
)
from bgp.compiled import compiled
from bgp.negotiated import Negotiated
from bgp.wire.attributes import basic
from bgp.wire.attributes.multiprotocol import MP_REACH, MP_UNREACH, MpReach, MpUnreach
from bgp.wire.attributes.reader import Flavour, Reader
from bgp.wire.attributes.row import EXTENDED, OPTIONAL, OPTIONAL_TRANSITIVE
from bgp.wire.errors import Code, Malformed, Reaction, UpdateError
from grammar.base.values import Address

__all__ = ["FIELDS", "AttrPool", "AttrSet", "Decoded", "as4_parts", "encode"]


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


def _cut(raw: bytes) -> tuple[bytes, bytes]:
    """The attributes but for a NEXT_HOP behind ORIGIN and AS_PATH, and its value, or nothing."""
    at = behind_path(raw)
    if at and raw[at : at + 3] == NEXT_HOP_HEAD:
        return raw[:at] + raw[at + 7 :], raw[at + 3 : at + 7]
    return raw, b""


_Ref = KeyedRef[tuple[bytes, bytes], AttrSet]


@compiled
def cut_multiprotocol(raw: bytes) -> tuple[bytes, bytes | None, bytes | None] | None:
    """The other attributes, and the values of MP_REACH_NLRI and MP_UNREACH_NLRI.

    None if there is neither, one of them twice or with wrong flags, or if lengths do not add up.
    """
    at, size, kept = 0, len(raw), []
    found: dict[int, bytes] = {}
    while at + 3 <= size:
        flags, code = raw[at], raw[at + 1]
        begin = at + (4 if flags & EXTENDED else 3)
        end = begin + int.from_bytes(raw[at + 2 : begin], "big")
        if code not in (MP_REACH.code, MP_UNREACH.code):
            kept.append(raw[at:end])
        elif code in found or flags & OPTIONAL_TRANSITIVE != OPTIONAL:
            return None
        else:
            found[code] = raw[begin:end]
        at = end
    if at != size or not found:
        return None
    return b"".join(kept), found.get(MP_REACH.code), found.get(MP_UNREACH.code)


@compiled
class Received:
    """Sets by the bytes that came, without their next hop; several that differ in it share these.

    All are without fault, and their AS numbers have four bytes. Two neighbours in one AS tell the
    same paths with next hops of their own: what they share is read once and kept once.
    """

    __slots__ = ("_drop", "_sets")

    def __init__(self, _flavour: Flavour, _made: type[AttrSet]) -> None:
        self._sets: dict[bytes, _Ref | dict[bytes, _Ref]] = {}

        def drop(ref: _Ref) -> None:
            body, hop = ref.key
            found = self._sets.get(body)
            if found is ref:
                del self._sets[body]
            elif isinstance(found, dict) and found.get(hop) is ref:
                del found[hop]
                if not found:
                    del self._sets[body]
                elif len(found) == 1:
                    (self._sets[body],) = found.values()

        self._drop = drop

    def __iter__(self) -> Iterator[AttrSet]:
        for body in self._sets:
            for ref in self._alike(body):
                attrs = ref()
                if attrs is not None:
                    yield attrs

    def _alike(self, body: bytes) -> Iterable[_Ref]:
        found = self._sets.get(body)
        if isinstance(found, dict):
            return reversed(found.values())
        return () if found is None else (found,)

    def _there(self, body: bytes, hop: bytes) -> AttrSet | None:
        found = self._sets.get(body)
        ref = found.get(hop) if isinstance(found, dict) else found
        return None if ref is None or ref.key[1] != hop else ref()

    def find(self, raw: bytes) -> AttrSet | None:
        """The set of these bytes that is in use."""
        return self._there(*_cut(raw))

    def read(self, raw: bytes, nlri: bool) -> AttrSet | None:
        """The set of bytes that are known or simple to read, None if `Reader` is needed.

        `nlri` tells that prefixes follow, for which there must be a next hop.
        """
        body, hop = _cut(raw)
        if body not in self._sets:
            return None
        attrs = self._there(body, hop)
        if attrs is not None:
            return None if nlri and attrs.nexthop is None else attrs
        known = next((ref.key[0] for ref in self._alike(body) if ref.key[1]), None)
        if not hop or known is None:
            return None
        try:
            nexthop = basic.NEXT_HOP.decode(hop, True)
        except Malformed:
            return None
        return self._add(known, hop, nexthop)

    def keep(self, raw: bytes, nexthop: Address | None) -> AttrSet:
        """The set of bytes that `Reader` found without fault; MP attributes are cut out of them."""
        attrs = self.find(raw)
        return self._add(*_cut(raw), nexthop) if attrs is None else attrs

    def _add(self, body: bytes, hop: bytes, nexthop: Address | None) -> AttrSet:
        attrs = AttrSet(body, nexthop)
        ref = KeyedRef(attrs, self._drop, (body, hop))
        found = self._sets.get(body)
        if found is None:
            self._sets[body] = ref
        elif isinstance(found, dict):
            found[hop] = ref
        else:
            self._sets[body] = {found.key[1]: found, hop: ref}
        return attrs


class AttrPool:
    """All `AttrSet`s in use, found by their bytes."""

    def __init__(self) -> None:
        self._received: dict[Flavour, Received] = {}
        self._rewritten = _Sets()
        self._made = _Sets()
        self._changed = Received((True, False, False), AttrSet)
        """Sets that policy made of received ones."""

    def __len__(self) -> int:
        """Distinct sets alive."""
        refs = [*self._made.values(), *self._rewritten.values()]
        found = {id(attrs) for ref in refs if (attrs := ref()) is not None}
        pools = (self._changed, *self._received.values())
        return len(found) + sum(sum(1 for _ in sets) for sets in pools)

    def quick(self, negotiated: Negotiated) -> Callable[[bytes, bool], AttrSet | None]:
        """What gives the set of the bytes of an UPDATE, None if it takes `decode` to read them.

        Whether IPv4 prefixes follow is told beside the bytes.
        """
        if negotiated.as4:
            return self._sets(negotiated.flavour).read
        return lambda raw, nlri: self._quickly(raw, negotiated, nlri)

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
        attrs = self._quickly(raw, negotiated, nlri)
        if attrs is not None:
            return Decoded(attrs)
        found = self._around_multiprotocol(raw, negotiated, nlri) if negotiated.as4 else None
        return self._read(raw, negotiated, nlri) if found is None else found

    def _around_multiprotocol(
        self, raw: bytes, negotiated: Negotiated, nlri: bool
    ) -> Decoded | None:
        """What is told if MP attributes are all that is in the way of `_quickly`."""
        cut = cut_multiprotocol(raw)
        if cut is None:
            return None
        kept, reach, unreach = cut
        try:
            decoded = Decoded(
                None,
                None if reach is None else MP_REACH.decode(reach, True),
                None if unreach is None else MP_UNREACH.decode(unreach, True),
            )
        except Malformed:
            return None
        if kept or nlri or reach is not None:
            attrs = self._quickly(kept, negotiated, nlri)
            if attrs is None:
                return None
            decoded.withdraw = _bad_nexthop(decoded.mp_reach)
            decoded.attrs = attrs if decoded.withdraw is None else None
        return decoded

    def _read(self, raw: bytes, negotiated: Negotiated, nlri: bool) -> Decoded:
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
                decoded.attrs = self._keep(raw, reader, negotiated)
        return decoded

    def _quickly(self, raw: bytes, negotiated: Negotiated, nlri: bool) -> AttrSet | None:
        if negotiated.as4:
            return self._sets(negotiated.flavour).read(raw, nlri)
        attrs = self._rewritten.find((negotiated.flavour, raw))
        return attrs if attrs is not None and (attrs.nexthop is not None or not nlri) else None

    def _sets(self, flavour: Flavour) -> Received:
        sets = self._received.get(flavour)
        if sets is None:
            sets = self._received[flavour] = Received(flavour, AttrSet)
        return sets

    def _keep(self, raw: bytes, reader: Reader, negotiated: Negotiated) -> AttrSet:
        values = reader.values
        if reader.unknown:
            values["unknown"] = tuple(reader.unknown)
        if reader.discarded:
            # Not kept under the bytes that came: the log wants to hear of every one of them.
            return self.make(**values)
        key = raw if reader.kept is None else b"".join(reader.kept)
        if negotiated.as4:
            return self._sets(negotiated.flavour).keep(key, values.get("nexthop"))
        attrs = self._rewritten.find((negotiated.flavour, key))
        if attrs is None:
            attrs = self.make(**values)
            self._rewritten.keep((negotiated.flavour, key), attrs)
        return attrs

    def make(self, **values: Any) -> AttrSet:
        """The set with these fields of `AttrSet`, for own routes and for changes by policy."""
        content = list(DEFAULTS)
        for name, value in values.items():
            content[PLACES[name]] = value
        return self.made(tuple(content))

    def made(self, content: tuple[Any, ...]) -> AttrSet:
        """The set with this content, in the order of `FIELDS`."""
        attrs = self._made.find(content)
        if attrs is None:
            attrs = AttrSet(content, content[PLACES["nexthop"]])
            self._made.keep(content, attrs)
        return attrs

    def changed(self, raw: bytes, nexthop: Address | None) -> AttrSet:
        """The set of bytes that `AttrSet.replace` made of received ones."""
        return self._changed.keep(raw, nexthop)


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
