"""Path attributes as bytes with some of them changed, without reading the others."""

from collections.abc import Mapping
from typing import Any, Final

from bgp.compiled import compiled
from bgp.wire.attributes import basic, communities, reflection
from bgp.wire.attributes.aggregator import AGGREGATOR
from bgp.wire.attributes.aspath import AS_PATH
from bgp.wire.attributes.row import EXTENDED, Attribute
from grammar.base.values import Address

_ROWS: Final[dict[str, Attribute[Any]]] = {
    row.name: row
    for row in (
        basic.ORIGIN,
        AS_PATH,
        basic.MED,
        basic.LOCAL_PREF,
        basic.ATOMIC_AGGREGATE,
        AGGREGATOR,
        communities.COMMUNITIES,
        communities.LARGE_COMMUNITIES,
        reflection.ORIGINATOR_ID,
        reflection.CLUSTER_LIST,
        basic.ONLY_TO_CUSTOMER,
    )
}
_HEAD: Final = b"\x40\x03\x04"
_ALWAYS: Final = ("origin", "as_path")
SPLICED: Final = _ROWS.keys()
"""The fields that can be changed so. Extended communities are not: a route-map may double them, and
who reads them takes each once."""


@compiled
def splice(raw: bytes, changed: Mapping[int, bytes]) -> bytes:
    """Attributes without fault with some of them set anew, in the order of their types.

    `changed` are whole attributes by type; empty ones are left out.
    """
    parts: dict[int, bytes] = {}
    at, size = 0, len(raw)
    while at < size:
        if raw[at] & EXTENDED:
            end = at + 4 + (raw[at + 2] << 8 | raw[at + 3])
        else:
            end = at + 3 + raw[at + 2]
        parts[raw[at + 1]] = raw[at:end]
        at = end
    parts.update(changed)
    return b"".join([parts[code] for code in sorted(parts)])


def spliced(raw: bytes, nexthop: Address | None, changes: Mapping[str, Any]) -> bytes:
    """The same, of fields of a set by their names and values; AS numbers have four bytes.

    `nexthop` is put in where `raw` has none. A field that is None, False or empty is left out.
    """
    changed = {} if nexthop is None else {basic.NEXT_HOP.code: _HEAD + nexthop.pack()}
    for name, value in changes.items():
        row = _ROWS[name]
        kept = name in _ALWAYS or (value is not None and value is not False and value != ())
        changed[row.code] = row.pack(value) if kept else b""
    return splice(raw, changed)
