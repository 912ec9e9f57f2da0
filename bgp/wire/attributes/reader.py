"""From the attribute bytes of one UPDATE to values, and what RFC 7606 asks for bad ones."""

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
_INTERNAL: Final = tuple(row for row in ROWS.values() if row.internal)
_KIND: Final = OPTIONAL_TRANSITIVE


class Reader:
    """Reads one attribute field; afterwards its slots hold the result.

    `values` are by row name (MP attributes too), `unknown` the foreign ones to pass on, `withdraw`
    the first reason to treat the prefixes as withdrawn, `discarded` what was dropped, and `kept`
    the bytes without MP attributes (None: there were none, so all are kept).
    """

    __slots__ = ("discarded", "kept", "unknown", "values", "withdraw")

    def __init__(self) -> None:
        self.values: dict[str, Any] = {}
        self.unknown: list[Unknown] = []
        self.discarded: list[Malformed] = []
        self.withdraw: Malformed | None = None
        self.kept: list[bytes] | None = None

    def read(self, raw: bytes, flavour: Flavour) -> None:
        """Read all of `raw`; raises `Malformed` where the session must be reset."""
        as4, external, confederation = flavour
        values = self.values
        seen = 0
        position, size = 0, len(raw)
        while position < size:
            start = position
            head = raw[start : start + 4]
            if len(head) < 3 or (head[0] & EXTENDED and len(head) < 4):
                self._overrun(raw[start:])
                break
            if head[0] & EXTENDED:
                begin = start + 4
                position = begin + (head[2] << 8 | head[3])
            else:
                begin = start + 3
                position = begin + head[2]
            if position > size:
                self._overrun(raw[start:])
                break
            code = head[1]
            if code in _MP or self.kept is not None:
                self._cut(raw, start, position, code in _MP)
            row = ROWS.get(code)
            if row is None or seen >> code & 1 or head[0] & _KIND != row.flags:
                self._read_odd(row, bool(seen >> code & 1), raw[start:position], begin - start)
            else:
                try:
                    values[row.name] = row.decode(raw[begin:position], as4)
                except Malformed as error:
                    self._react(row, error, raw[start:position])
            seen |= 1 << code
        self._join_as4(as4)
        if external and not confederation:
            self._check_external()

    def check_mandatory(self, nlri: bool, internal: bool) -> None:
        """RFC 7606 sec. 3.d: routes without a mandatory attribute are treated as withdrawn."""
        needed = (ORIGIN, AS_PATH) if not internal else (ORIGIN, AS_PATH, LOCAL_PREF)
        for row in (*needed, NEXT_HOP) if nlri else needed:
            if row.name not in self.values:
                self._set_withdraw(
                    UpdateError.MISSING_WELL_KNOWN, bytes([row.code]), f"no {row.name}"
                )
                return

    def _cut(self, raw: bytes, start: int, end: int, multiprotocol: bool) -> None:
        if self.kept is None:
            self.kept = [raw[:start]]
        elif not multiprotocol:
            self.kept.append(raw[start:end])

    def _read_odd(self, row: Attribute[Any] | None, twice: bool, data: bytes, header: int) -> None:
        flags, code = data[0], data[1]
        if twice:
            # RFC 7606 sec. 3.g: a second MP attribute ends the session, of all others the first
            # counts. FRR ends it for any.
            if code in _MP:
                raise Malformed(Code.UPDATE, UpdateError.MALFORMED_LIST)
            self._discard(data, f"attribute {code} twice")
        elif row is not None:
            reason = f"{row.name} with flags {flags:#04x}"
            self._react(row, Malformed(Code.UPDATE, UpdateError.FLAGS, reason=reason), data)
        elif not flags & OPTIONAL:
            reason = f"well-known attribute {code} is unknown"
            raise Malformed(Code.UPDATE, UpdateError.UNRECOGNIZED_WELL_KNOWN, data, reason=reason)
        elif flags & _KIND == _KIND:
            self.unknown.append((_KIND | PARTIAL, code, data[header:]))

    def _react(self, row: Attribute[Any], error: Malformed, data: bytes) -> None:
        reason = f"{row.name}: {error}"
        full = Malformed(error.code, error.subcode, data, row.malformed, reason)
        if row.malformed is Reaction.RESET:
            raise full
        if row.malformed is Reaction.DISCARD:
            self.discarded.append(full)
        elif self.withdraw is None:
            self.withdraw = full

    def _discard(self, data: bytes, reason: str) -> None:
        subcode = UpdateError.MALFORMED_LIST
        self.discarded.append(Malformed(Code.UPDATE, subcode, data, Reaction.DISCARD, reason))

    def _overrun(self, data: bytes) -> None:
        # RFC 7606 sec. 4: where the attributes do not add up the NLRI can still be found.
        self._set_withdraw(UpdateError.LENGTH, data, "attributes overrun their length")

    def _set_withdraw(self, subcode: int, data: bytes, reason: str) -> None:
        if self.withdraw is None:
            self.withdraw = Malformed(Code.UPDATE, subcode, data, Reaction.WITHDRAW, reason)

    def _join_as4(self, as4: bool) -> None:
        values = self.values
        path = values.pop("as4_path", None)
        aggregator = values.pop("as4_aggregator", None)
        if as4 or (path is None and aggregator is None):
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
