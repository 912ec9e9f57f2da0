"""Communities as FRR writes them."""

from functools import lru_cache

from bgp.policy.extended import extended_text
from grammar.base.values import Address

_COMMUNITIES = {
    0: "internet",
    0xFFFF0000: "graceful-shutdown",
    0xFFFF0001: "accept-own",
    0xFFFF0002: "route-filter-translated-v4",
    0xFFFF0003: "route-filter-v4",
    0xFFFF0004: "route-filter-translated-v6",
    0xFFFF0005: "route-filter-v6",
    0xFFFF0006: "llgr-stale",
    0xFFFF0007: "no-llgr",
    0xFFFF0008: "accept-own-nexthop",
    0xFFFF029A: "blackhole",
    0xFFFFFF01: "no-export",
    0xFFFFFF02: "no-advertise",
    0xFFFFFF03: "local-AS",
    0xFFFFFF04: "no-peer",
}


_MOST = 0xFFFF


@lru_cache(1 << 13)
def community_text(value: int) -> str:
    """`65000:100`, or the name of a well-known community."""
    return _COMMUNITIES.get(value) or f"{value >> 16}:{value & 0xFFFF}"


def community_value(text: str) -> int | None:
    """Undo `community_text`; None for what is no community."""
    for value, name in _COMMUNITIES.items():
        if name == text:
            return value
    high, colon, low = text.partition(":")
    if not colon or not (high.isdigit() and low.isdigit()):
        return None
    if int(high) > _MOST or int(low) > _MOST:
        return None
    return int(high) << 16 | int(low)


def _value(word: str, after: str) -> int | None:
    if word.isdecimal() and after[:1].isdecimal():
        # FRR takes a bare number if another value follows.
        return int(word) if int(word) <= _MOST else None
    return community_value(word)


def community_values(words: str) -> tuple[int, ...] | None:
    """Some communities, sorted and without doubles; None if a word is none."""
    typed = words.split()
    found = [_value(word, after) for word, after in zip(typed, [*typed, ""][1:], strict=True)]
    if not found or None in found:
        return None
    return tuple(sorted({value for value in found if value is not None}))


def list_text(value: int) -> str:
    """A community as lists and `set community` print it: 0:0 is `internet`."""
    return "internet" if value == 0 else community_text(value)


def large_values(words: str) -> tuple[tuple[int, int, int], ...] | None:
    """Some large communities, sorted and without doubles; None if a word is none."""
    found = set()
    for word in words.split():
        parts = word.split(":")
        if len(parts) != 3 or not all(part.isdigit() and int(part) < 1 << 32 for part in parts):
            return None
        found.add((int(parts[0]), int(parts[1]), int(parts[2])))
    return tuple(sorted(found)) or None


_SUBTYPES = {"rt": 2, "soo": 3}


def extended_value(kind: str, text: str) -> int | None:
    """`rt 65000:1` as its 64 bits (RFC 4360 sec. 3); None for what is none."""
    high, colon, low = text.rpartition(":")
    if not colon or not low.isdigit():
        return None
    number = int(low)
    if "." in high:
        try:
            address = Address.parse(high)
        except ValueError:
            return None
        kind_of, admin, bits = 1, address.value, 16
    elif high.isdigit() and int(high) < 1 << 32:
        admin = int(high)
        kind_of, bits = (0, 32) if admin < 1 << 16 else (2, 16)
    else:
        return None
    if number >> bits:
        return None
    return kind_of << 56 | _SUBTYPES[kind] << 48 | admin << bits | number


def extended_values(words: str, kind: str | None = None) -> tuple[int, ...] | None:
    """Extended communities of one kind (`rt`), or each with its kind ahead (`rt 1:1 soo 2:2`)."""
    found = set()
    pending = kind
    for word in words.split():
        if kind is None and pending is None:
            pending = word.lower()
            if pending not in _SUBTYPES:
                return None
            continue
        value = extended_value(str(pending), word)
        if value is None:
            return None
        found.add(value)
        pending = kind
    # As FRR: a kind without a value at the end is passed over.
    return tuple(sorted(found)) if found else None


def extended_list_text(value: int) -> str:
    """`rt 65000:1`, as lists print it."""
    name, _, rest = extended_text(value).partition(":")
    return f"{name.lower()} {rest}"
