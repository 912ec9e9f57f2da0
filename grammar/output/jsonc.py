r"""JSON in the layouts of json-c 0.16, the library FRR prints with.

FRR uses three of them: pretty (most of `show ... json`), plain (rows of `show ip bgp json`), and
spaced, json-c's default (some one-line answers). Keys keep the order in which they were added, `/`
is written `\/` except where FRR asks for it plain, and bytes above 127 stand as they are.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from math import isfinite

Json = Mapping[str, "Json"] | Sequence["Json"] | str | int | float | bool | None
"""What can be printed. A tuple or list is an array."""

_ESCAPES = {chr(code): f"\\u{code:04x}" for code in range(32)} | {
    "\b": "\\b",
    "\n": "\\n",
    "\r": "\\r",
    "\t": "\\t",
    "\f": "\\f",
    '"': '\\"',
    "\\": "\\\\",
}
_PLAIN = re.compile(r'[\x00-\x1f"\\]')
_SLASHED = re.compile(r'[\x00-\x1f"\\/]')


def quote(text: str, *, slashes: bool = False) -> str:
    """A JSON string; with `slashes` each `/` is escaped, json-c's default."""
    if slashes:
        return '"' + _SLASHED.sub(lambda found: _ESCAPES.get(found[0], "\\/"), text) + '"'
    return '"' + _PLAIN.sub(lambda found: _ESCAPES[found[0]], text) + '"'


def number(value: float) -> str:
    """A double as json-c prints it: 17 significant digits, `.0` behind a whole number."""
    if not isfinite(value):
        return "NaN" if value != value else ("Infinity" if value > 0 else "-Infinity")
    text = f"{value:.17g}"
    return text if any(sign in text for sign in ".e") else text + ".0"


def pretty(value: Json, *, slashes: bool = False) -> str:
    """Two blanks a level, `"key":value`, without an end of line; empty: `{\n}` and `[]`."""
    return "".join(_pretty(value, "", slashes))


def plain(value: Json, *, slashes: bool = False) -> str:
    """No blanks at all: `{"valid":true,"metric":0}`."""
    match value:
        case dict() | Mapping():
            rows = (f"{quote(key)}:{plain(item, slashes=slashes)}" for key, item in value.items())
            return "{" + ",".join(rows) + "}"
        case list() | tuple():
            return "[" + ",".join(plain(item, slashes=slashes) for item in value) + "]"
        case _:
            return _scalar(value, slashes)


def spaced(value: Json, *, slashes: bool = True) -> str:
    """json-c's default: `{ "a": 1, "b": [ 2 ] }`, empty `{ }` and `[ ]`."""
    match value:
        case dict() | Mapping():
            rows = (f"{quote(key)}: {spaced(item, slashes=slashes)}" for key, item in value.items())
            return _around("{", ", ".join(rows), "}")
        case list() | tuple():
            return _around("[", ", ".join(spaced(item, slashes=slashes) for item in value), "]")
        case _:
            return _scalar(value, slashes)


def _around(start: str, inside: str, end: str) -> str:
    return f"{start} {inside} {end}" if inside else f"{start} {end}"


def _scalar(value: Json, slashes: bool) -> str:
    match value:
        case None:
            return "null"
        case bool():
            return "true" if value else "false"
        case int():
            return str(value)
        case float():
            return number(value)
        case str():
            return quote(value, slashes=slashes)
    raise TypeError(f"not JSON: {value!r}")


def _pretty(value: Json, indent: str, slashes: bool) -> Iterator[str]:
    inner = indent + "  "
    match value:
        case dict() | Mapping():
            separator = "{\n"
            for key, item in value.items():
                yield f"{separator}{inner}{quote(key, slashes=slashes)}:"
                yield from _pretty(item, inner, slashes)
                separator = ",\n"
            yield ("\n" if value else "{\n") + indent + "}"
        case list() | tuple():
            separator = "[\n"
            for item in value:
                yield separator + inner
                yield from _pretty(item, inner, slashes)
                separator = ",\n"
            yield f"\n{indent}]" if value else f"[\n{indent}]"
        case _:
            yield _scalar(value, slashes)
