"""Communities as FRR writes them."""

from grammar.base.values import Afi, address_text

_COMMUNITIES = {
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
    if int(high) > 0xFFFF or int(low) > 0xFFFF:
        return None
    return int(high) << 16 | int(low)


def extended_text(value: int) -> str:
    """`RT:65000:1`, `SoO:...`; other kinds as FRR's `UNK:type,subtype`."""
    kind, subtype = value >> 56 & 0x3F, value >> 48 & 0xFF
    name = {2: "RT", 3: "SoO"}.get(subtype)
    if name is None or kind > 2:
        return f"UNK:{kind}, {subtype}"
    if kind == 0:
        return f"{name}:{value >> 32 & 0xFFFF}:{value & 0xFFFFFFFF}"
    high = value >> 16 & 0xFFFFFFFF
    shown = address_text(Afi.IPV4, high) if kind == 1 else str(high)
    return f"{name}:{shown}:{value & 0xFFFF}"
