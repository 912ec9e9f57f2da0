"""From the attribute bytes of one UPDATE to values, and what RFC 7606 asks for bad ones."""

from collections.abc import Callable
from typing import Any, Final

from bgp.wire.attributes.aspath import AS_PATH, AS_TRANS, merge
from bgp.wire.attributes.basic import LOCAL_PREF, NEXT_HOP, ORIGIN
from bgp.wire.attributes.registry import ROWS
from bgp.wire.attributes.row import EXTENDED, OPTIONAL, OPTIONAL_TRANSITIVE, PARTIAL, Attribute
from bgp.wire.errors import Code, Malformed, Reaction, UpdateError

Unknown = tuple[int, int, bytes]
"""(flags, type code, value) of a transitive attribute without a row; its Partial bit is set."""

Flavour = tuple[bool, bool, bool]
"""What of the session matters here: (as4, external, confederation)."""

_MP: Final = (14, 15)
_Head = tuple[str, Callable[[bytes, bool], Any], bool]

# Flags and type octets as they should come, to (name, decoder, length of two bytes): a lookup for
# each attribute in place of five tests. The MP attributes are left to the slower way.
_HEADS: Final[dict[bytes, _Head]] = {
    bytes([row.flags | extra, row.code]): (row.name, row.decode, bool(extra & EXTENDED))
    for row in ROWS.values()
    for extra in (0, EXTENDED, PARTIAL, PARTIAL | EXTENDED)
    if row.code not in _MP
}
_INTERNAL: Final = tuple(row for row in ROWS.values() if row.internal)
_KIND: Final = OPTIONAL_TRANSITIVE
_UNUSED: Final = 0x0F


class Reader:
    """Reads one attribute field; afterwards its slots hold the result.

    `values` are by row name (MP attributes too), `unknown` the foreign ones to pass on, `withdraw`
    the first reason to treat the prefixes as withdrawn, `discarded` what was dropped, and `kept`
    the bytes without MP attributes (None: there were none, so all are kept).
    """

    __slots__ = ("as4", "discarded", "foreign", "kept", "unknown", "values", "withdraw")

    def __init__(self) -> None:
        self.as4 = self.foreign = False
        self.values: dict[str, Any] = {}
        self.unknown: list[Unknown] = []
        self.discarded: list[Malformed] = []
        self.withdraw: Malformed | None = None
        self.kept: list[bytes] | None = None

    def read(self, raw: bytes, flavour: Flavour) -> None:
        """Read all of `raw`; raises `Malformed` where the session must be reset."""
        as4, external, confederation = flavour
        self.as4 = as4
        self.foreign = external and not confederation
        values = self.values
        position, size = 0, len(raw)
        try:
            while position < size:
                start = position
                head = _HEADS.get(raw[start : start + 2])
                if head is None:
                    position = self._read_odd(raw, start)
                    continue
                name, decode, wide = head
                if wide:
                    begin = start + 4
                    position = begin + (raw[start + 2] << 8 | raw[start + 3])
                else:
                    begin = start + 3
                    position = begin + raw[start + 2]
                if position > size:
                    raise IndexError
                if self.kept is not None:
                    self.kept.append(raw[start:position])
                if name in values:
                    self._twice(raw[start:position])
                    continue
                try:
                    values[name] = decode(raw[begin:position], as4)
                except Malformed as error:
                    self._react(ROWS[raw[start + 1]], error, raw[start:position])
        except IndexError:
            # RFC 7606 sec. 4: where the attributes do not add up the NLRI can still be found.
            self._set_withdraw(UpdateError.LENGTH, raw[start:], "attributes overrun their length")
        self._finish(as4)

    def check_mandatory(self, nlri: bool, internal: bool) -> None:
        """RFC 7606 sec. 3.d: routes without a mandatory attribute are treated as withdrawn."""
        values = self.values
        if "origin" not in values:
            self._missing(ORIGIN)
        elif "as_path" not in values:
            self._missing(AS_PATH)
        elif nlri and "nexthop" not in values:
            self._missing(NEXT_HOP)
        elif internal and "local_pref" not in values:
            self._missing(LOCAL_PREF)

    def _missing(self, row: Attribute[Any]) -> None:
        subcode = UpdateError.MISSING_WELL_KNOWN
        self._set_withdraw(subcode, bytes([row.code]), f"{row.name} is missing")

    def _read_odd(self, raw: bytes, start: int) -> int:
        # An attribute without an entry in _HEADS: MP, unknown, or with flags it must not have.
        flags, code, length = raw[start], raw[start + 1], raw[start + 2]
        begin = start + 3
        if flags & EXTENDED:
            begin = start + 4
            length = length << 8 | raw[start + 3]
        end = begin + length
        if end > len(raw):
            raise IndexError
        data = raw[start:end]
        if code in _MP:
            self._read_multiprotocol(ROWS[code], data, raw[begin:end])
            if self.kept is None:
                self.kept = [raw[:start]]
            return end
        row = ROWS.get(code)
        if row is not None and flags & _KIND == row.flags:
            self._read_marked(row, raw[:start], data, raw[begin:end])
            return end
        if self.kept is not None:
            self.kept.append(data)
        if row is not None:
            self._react(row, _bad_flags(flags), data)
        elif not flags & OPTIONAL:
            reason = f"well-known attribute {code} is unknown"
            raise Malformed(Code.UPDATE, UpdateError.UNRECOGNIZED_WELL_KNOWN, data, reason=reason)
        elif any(code == other for _, other, _ in self.unknown):
            self._twice(data)
        else:
            self.unknown += foreign(flags, code, raw[begin:end])
        return end

    def _read_marked(self, row: Attribute[Any], before: bytes, data: bytes, value: bytes) -> None:
        # RFC 4271 sec. 4.3: the lower four bits of the flags are to be ignored; they are not kept.
        if self.kept is None:
            self.kept = [before]
        data = bytes([data[0] & ~_UNUSED]) + data[1:]
        self.kept.append(data)
        if row.name in self.values:
            self._twice(data)
            return
        try:
            self.values[row.name] = row.decode(value, self.as4)
        except Malformed as error:
            self._react(row, error, data)

    def _read_multiprotocol(self, row: Attribute[Any], data: bytes, value: bytes) -> None:
        if data[0] & _KIND != row.flags:
            self._react(row, _bad_flags(data[0]), data)
        if row.name in self.values:
            # RFC 7606 sec. 3.g: a second one ends the session.
            raise Malformed(Code.UPDATE, UpdateError.MALFORMED_LIST, reason=f"{row.name} twice")
        try:
            self.values[row.name] = row.decode(value, True)
        except Malformed as error:
            self._react(row, error, data)

    def _twice(self, data: bytes) -> None:
        # RFC 7606 sec. 3.g: the first counts. FRR ends the session.
        self._discard(data, f"attribute {data[1]} twice")

    def _react(self, row: Attribute[Any], error: Malformed, data: bytes) -> None:
        reason = f"{row.name}: {error}"
        if row.internal and self.foreign:
            # RFC 7606 sec. 7.5, 7.9, 7.10: what means nothing here cannot do harm either.
            self._discard(data, reason, error.subcode)
            return
        full = Malformed(error.code, error.subcode, data, row.malformed, reason)
        if row.malformed is Reaction.RESET:
            raise full
        if row.malformed is Reaction.DISCARD:
            self.discarded.append(full)
        elif self.withdraw is None:
            self.withdraw = full

    def _discard(self, data: bytes, reason: str, subcode: int = UpdateError.MALFORMED_LIST) -> None:
        self.discarded.append(Malformed(Code.UPDATE, subcode, data, Reaction.DISCARD, reason))

    def _set_withdraw(self, subcode: int, data: bytes, reason: str) -> None:
        if self.withdraw is None:
            self.withdraw = Malformed(Code.UPDATE, subcode, data, Reaction.WITHDRAW, reason)

    def _finish(self, as4: bool) -> None:
        if "as4_path" in self.values or "as4_aggregator" in self.values:
            self._join_as4(as4)
        if self.foreign:
            self._check_external()

    def _join_as4(self, as4: bool) -> None:
        values = self.values
        path = values.pop("as4_path", None)
        aggregator = values.pop("as4_aggregator", None)
        if as4:
            return  # RFC 6793 sec. 4.1: between new speakers they are to be dropped.
        old = values.get("aggregator")
        if old is not None and aggregator is not None:
            if old.asn != AS_TRANS:
                return  # RFC 6793 sec. 4.2.3: then AS4_PATH does not count either.
            values["aggregator"] = aggregator
        if path is not None and "as_path" in values:
            values["as_path"] = merge(values["as_path"], path)

    def _check_external(self) -> None:
        for row in _INTERNAL:
            # RFC 7606 sec. 7.5, 7.9, 7.10: they mean nothing here.
            if self.values.pop(row.name, None) is not None:
                self._discard(bytes([row.flags, row.code]), f"{row.name} of an external peer")
        path = self.values.get("as_path")
        if path is not None and path.has_confederation:
            # RFC 5065 sec. 5: such segments must not come from outside.
            self._set_withdraw(UpdateError.AS_PATH, AS_PATH.pack(path), "confederation segments")


def foreign(flags: int, code: int, value: bytes) -> list[Unknown]:
    """An attribute without a row as it is passed on: not at all if it is not transitive."""
    return [(_KIND | PARTIAL, code, value)] if flags & _KIND == _KIND else []


def _bad_flags(flags: int) -> Malformed:
    reason = f"flags are {flags:#04x}"
    return Malformed(Code.UPDATE, UpdateError.FLAGS, reason=reason)
