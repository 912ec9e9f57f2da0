"""Malformed messages of the kinds that once brought routers down, by what was wrong with them.

Each kind stands for reports against FRR, Quagga, BIRD, OpenBGPD or GoBGP: a router ended, read
beyond its memory, looped for ever, or reset sessions with others for what a third one had sent.
"""

from bgp.wire.message import pack
from bgp.wire.refresh import Refresh
from tests.bgp.malformed import (
    BOTH,
    CONFIRMING,
    NLRI4,
    NLRI6,
    OPENING,
    REST,
    WITHDRAWN,
    Fatal,
    Mild,
    Rules,
    added,
    attribute,
    dropped,
    header,
    opened,
    reach,
    replaced,
    unreach,
    with_capabilities,
)
from tests.bgp.stranger import AS_PATH, GOOD, NEXT_HOP, NEXT_HOP6, ORIGIN, ROUTE6, update

_FLOWS = ((1, 1), (2, 1), (1, 133))
_LABELS = ((1, 1), (2, 1), (1, 4))
_HOP = b"\x0a\0\0\x42"


def long(flags: int, code: int, value: bytes) -> bytes:
    """An attribute with two bytes of length."""
    return bytes([flags | 0x10, code]) + len(value).to_bytes(2, "big") + value


def taken(name: str, flags: int, code: int, value: bytes) -> Mild:
    """A route with an attribute more that is none of this router's business."""
    return Mild(name, update(GOOD + attribute(flags, code, value), NLRI4), BOTH)


def sequences(count: int, numbers: int) -> bytes:
    """A path of so many sequences."""
    return (b"\2" + bytes([numbers]) + (65066).to_bytes(4, "big") * numbers) * count


ZERO_LENGTHS: list[Mild] = [
    replaced("ORIGIN of nothing", ORIGIN, attribute(0x40, 1)),
    replaced("NEXT_HOP of nothing", NEXT_HOP, attribute(0x40, 3)),
    added("MED of nothing", 0x80, 4, b""),
    dropped("LOCAL_PREF of nothing", 0x40, 5, b""),
    dropped("AGGREGATOR of nothing", 0xC0, 7, b""),
    dropped("ORIGINATOR_ID of nothing", 0x80, 9, b""),
    dropped("CLUSTER_LIST of nothing", 0x80, 10, b""),
    added("EXTENDED COMMUNITIES of nothing", 0xC0, 16, b""),
    Mild("AS4_PATH of nothing", update(GOOD + attribute(0xC0, 17), NLRI4), BOTH),
    dropped("AS4_AGGREGATOR of nothing", 0xC0, 18, b""),
    added("LARGE COMMUNITIES of nothing", 0xC0, 32, b""),
    added("ONLY_TO_CUSTOMER of nothing", 0xC0, 35, b""),
]

FATAL_ZERO_LENGTHS: list[Fatal] = [
    Fatal("MP_REACH of nothing", update(REST + attribute(0x80, 14)), 3, 9, attribute(0x80, 14)),
    Fatal("MP_UNREACH of nothing", update(attribute(0x80, 15)), 3, 9, attribute(0x80, 15)),
]

# Lengths that claim more than there is, one in each kind of attribute that has lengths inside.
OVER_LENGTHS: list[Mild] = [
    Mild("ORIGIN overruns", update(b"\x40\1\x50\0", NLRI4), {ROUTE6}, WITHDRAWN),
    Mild("a long ORIGIN overruns", update(b"\x50\1\xff\xff\0", NLRI4), {ROUTE6}, WITHDRAWN),
    Mild("COMMUNITIES overrun", update(GOOD + b"\xc0\x08\xff\0\0\0\1", NLRI4), {ROUTE6}, WITHDRAWN),
    replaced("a sequence of 255 in 6 bytes", AS_PATH, attribute(0x40, 2, b"\2\xff\0\0\0\1")),
    replaced("a set of 255 in 6 bytes", AS_PATH, attribute(0x40, 2, b"\1\xff\0\0\0\1")),
    replaced("a path of one byte", AS_PATH, attribute(0x40, 2, b"\2")),
    replaced("a path with a byte more", AS_PATH, attribute(0x40, 2, AS_PATH[3:] + b"\2")),
    dropped("AS4_PATH overruns", 0xC0, 17, b"\2\xff\0\0\0\1"),
]

CONFEDERATIONS: list[Mild] = [
    replaced(
        "a confederation in a path from outside",
        AS_PATH,
        attribute(0x40, 2, AS_PATH[3:] + b"\3\1\0\0\xfd\xe9"),
    ),
    replaced("confederation sets in a path", AS_PATH, attribute(0x40, 2, b"\4\1\0\0\xfd\xe9")),
    replaced("a confederation of nobody", AS_PATH, attribute(0x40, 2, b"\3\0" + AS_PATH[3:])),
    replaced(
        "confederations of one number nested a hundred times",
        AS_PATH,
        long(0x40, 2, b"\3\1\0\0\xfd\xe9" * 100),
    ),
]

# These attributes are passed on as they came.
OPAQUE: list[Mild] = [
    taken("tunnel encapsulation of nothing", 0xC0, 23, b""),
    taken("tunnel encapsulation of 3 bytes", 0xC0, 23, b"\0\x08\0"),
    taken("tunnel encapsulation overruns", 0xC0, 23, b"\0\x08\0\xff\1"),
    taken("part of a tunnel encapsulation overruns", 0xC0, 23, b"\0\x08\0\3\1\xff\0"),
    taken("prefix SID of nothing", 0xC0, 40, b""),
    taken("prefix SID cut short", 0xC0, 40, b"\1\0"),
    taken("prefix SID overruns", 0xC0, 40, b"\1\0\xff\0"),
    taken("label index of a prefix SID cut short", 0xC0, 40, b"\1\0\3\0\0\0"),
    taken("a service of a prefix SID overruns", 0xC0, 40, b"\5\0\5\0\1\0\xff\0"),
    taken("an originator SRGB of a prefix SID of 5 bytes", 0xC0, 40, b"\3\0\5\0\0\0\0\0"),
    taken("PMSI tunnel of nothing", 0xC0, 22, b""),
    taken("PMSI tunnel of 3 bytes", 0xC0, 22, b"\0\6\0"),
    taken("extended communities of IPv6 of 3 bytes", 0xC0, 25, b"\0\2\0"),
    taken("AIGP overruns", 0x80, 26, b"\1\0\xff"),
    taken("link state of nothing", 0x80, 29, b""),
    taken("a set of attributes in an attribute", 0xC0, 128, b"\0\0\0\1\x40\1\xff"),
    taken("attribute 0", 0xC0, 0, b"?"),
    taken("attribute 255", 0xC0, 255, b""),
]

AGGREGATORS: list[Mild] = [
    dropped("AGGREGATOR of 6 bytes", 0xC0, 7, b"\xfe\x2a" + _HOP),
    dropped("AGGREGATOR of 9 bytes", 0xC0, 7, bytes(9)),
    dropped("AS4_AGGREGATOR of 6 bytes", 0xC0, 18, b"\xfe\x2a" + _HOP),
]

FLAGS: list[Mild] = [
    Mild(
        "ORIGIN with two bytes of length",
        update(GOOD.replace(ORIGIN, b"\x50\1\0\1\0"), NLRI4),
        BOTH,
    ),
    Mild("partial ORIGIN", update(GOOD.replace(ORIGIN, b"\x60\1\1\0"), NLRI4), BOTH),
    Mild(
        "all lengths of two bytes",
        update(
            long(0x40, 1, b"\0") + long(0x40, 2, AS_PATH[3:]) + long(0x40, 3, NEXT_HOP[3:]), NLRI4
        ),
        BOTH,
    ),
    Mild("low bits of the flags", update(GOOD.replace(ORIGIN, b"\x4f\1\1\0"), NLRI4), BOTH),
]

LONG_PATHS: list[Mild] = [
    Mild(
        "a path of 255",
        update(GOOD.replace(AS_PATH, long(0x40, 2, sequences(1, 255))), NLRI4),
        BOTH,
    ),
    Mild(
        "a path of a thousand",
        update(GOOD.replace(AS_PATH, long(0x40, 2, sequences(4, 250))), NLRI4),
        BOTH,
    ),
    Mild(
        "a path of fifteen thousand",
        update(GOOD.replace(AS_PATH, long(0x40, 2, sequences(60, 250))), NLRI4),
        BOTH,
    ),
    Mild(
        "a path of ten thousand sequences",
        update(GOOD.replace(AS_PATH, long(0x40, 2, sequences(10_000, 1))), NLRI4),
        BOTH,
    ),
    Mild(
        "communities by the thousand",
        update(GOOD + long(0xC0, 8, b"".join(n.to_bytes(4, "big") for n in range(15_000))), NLRI4),
        BOTH,
    ),
    Mild("an attribute of 60,000 bytes", update(GOOD + long(0xC0, 99, bytes(60_000)), NLRI4), BOTH),
]

# What stands in MP_REACH_NLRI and MP_UNREACH_NLRI.
MULTIPROTOCOL: list[Mild] = [
    Mild(
        "End-of-RIB with attributes that are malformed",
        update(attribute(0x40, 1, b"\x09") + unreach(2, 1)),
        BOTH,
    ),
    Mild("nothing but an unknown attribute", update(attribute(0xC0, 99, b"?"), NLRI4), {ROUTE6}),
    Mild("MP_REACH of nothing for IPv6", update(REST + reach(2, 1, NEXT_HOP6)), BOTH),
    Mild(
        "both fields of prefixes",
        update(GOOD + reach(2, 1, NEXT_HOP6, NLRI6), NLRI4),
        BOTH,
    ),
    Mild(
        "a default route with bits behind it",
        update(unreach(2, 1, b"\0"), b""),
        BOTH,
    ),
    Mild(
        "flow specifications that are not agreed on",
        update(REST + reach(1, 133, b"", b"\0")),
        BOTH,
    ),
]

FATAL_MULTIPROTOCOL: list[Fatal] = [
    Fatal(
        "MP_REACH with a next hop beyond its end",
        update(REST + attribute(0x80, 14, b"\0\2\1\xff" + NEXT_HOP6)),
        3,
        9,
        attribute(0x80, 14, b"\0\2\1\xff" + NEXT_HOP6),
    ),
    Fatal(
        "MP_REACH with a next hop of nothing",
        update(REST + reach(2, 1, b"", NLRI6)),
        3,
        9,
        reach(2, 1, b"", NLRI6),
    ),
    Fatal(
        "a flow specification of nothing",
        update(REST + reach(1, 133, b"", b"\0")),
        3,
        9,
        families=_FLOWS,
    ),
    Fatal(
        "a flow specification overruns",
        update(REST + reach(1, 133, b"", b"\xf1\0\1\x18")),
        3,
        9,
        families=_FLOWS,
    ),
    Fatal(
        "a flow specification with a prefix of 255 bits",
        update(REST + reach(1, 133, b"", b"\6\1\xff\x0a\0\0\1")),
        3,
        9,
        families=_FLOWS,
    ),
    Fatal(
        "labels without an end",
        update(REST + reach(1, 4, _HOP, b"\x30\0\0\x10\0\0\x20")),
        3,
        9,
        families=_LABELS,
    ),
    Fatal(
        "a label cut short",
        update(REST + reach(1, 4, _HOP, b"\x38\0\0")),
        3,
        9,
        families=_LABELS,
    ),
    Fatal(
        "a labeled prefix that is all label",
        update(REST + reach(1, 4, _HOP, b"\x08\0")),
        3,
        9,
        families=_LABELS,
    ),
]


def filters(tail: bytes) -> bytes:
    """A ROUTE-REFRESH for IPv4 with this behind the family."""
    return pack(5, Refresh(1, 1).encode() + tail)


OUTBOUND_FILTERS: list[Mild] = [
    Mild("filters beyond their end", filters(b"\1\x40\xff\xff\0"), BOTH),
    Mild("filters without a length", filters(b"\1\x40"), BOTH),
    Mild("a filter for a prefix of 255 bits", filters(b"\1\x40\0\x09\0\0\0\0\5\0\0\xff\x0a"), BOTH),
    Mild("filters of an old type beyond their end", filters(b"\2\x80\1\0"), BOTH),
    Mild("filters of a hundred empty types", filters(b"\1" + b"\x99\0\0" * 100), BOTH),
]

CAPABILITIES: list[Fatal] = [
    Fatal(f"{name} of {len(value)} bytes", with_capabilities(row), 2, 0, state=OPENING)
    for name, code, value in (
        ("a family", 1, b""),
        ("extended next hops", 5, bytes(5)),
        ("graceful restart", 64, b"\0"),
        ("graceful restart", 64, b"\0\x78\0\1\1"),
        ("an AS number", 65, b""),
        ("an AS number", 65, bytes(8)),
        ("paths", 69, b"\0\1\1"),
        ("long-lived graceful restart", 71, bytes(6)),
        ("a host name", 73, b""),
        ("a host name", 73, b"\xff\x61"),
        ("a domain name", 73, b"\1\x61\xff\x62"),
        ("a role", 9, b""),
        ("outbound filters", 3, b"\0\1\0\1\xff\x40"),
    )
    for row in (bytes([code, len(value)]) + value,)
]

PARAMETERS: list[Fatal] = [
    Fatal("a length of long parameters cut short", opened(parameters=b"\xff\xff"), 2, 0),
    Fatal("long parameters cut short", opened(parameters=b"\xff\xff\0\4\2\0\1"), 2, 0),
    Fatal("long parameters overrun", opened(parameters=b"\xff\xff\xff\xff\2\0\0"), 2, 0),
    Fatal("one long parameter overruns", opened(parameters=b"\xff\xff\0\3\2\xff\xff"), 2, 0),
    Fatal("an OPEN of 5,000 bytes", header(5000, 1, bytes(4981)), 1, 2, b"\x13\x88"),
]
PARAMETERS = [
    Fatal(row.name, row.message, row.code, row.subcode, row.data, OPENING) for row in PARAMETERS
]

GOOD_OPENS: list[Mild] = [
    Mild(name, with_capabilities(*rows), set(), state=OPENING)
    for name, rows in (
        ("a capability of nothing, forty times", (b"\2\0",) * 40),
        ("a capability that nobody knows", (b"\xf0\x20" + bytes(32),)),
        ("a software version", (b"\x4b\4\xffFRR",)),
        ("a host name that is no text", (b"\x49\4\2\xff\xfe\0",)),
    )
]

DYNAMIC: list[Fatal] = [
    Fatal(
        "a change of capabilities that is not agreed on", pack(6, b"\0\1\4\0\1\0\1"), 1, 3, b"\6"
    ),
    Fatal("a change of capabilities of nothing", pack(6), 1, 3, b"\6"),
    Fatal("a change of capabilities in OpenConfirm", pack(6, b"\0"), 5, 2, state=CONFIRMING),
]

PAST: Rules = {
    "attributes of no bytes": ZERO_LENGTHS,
    "MP attributes of no bytes": FATAL_ZERO_LENGTHS,
    "lengths beyond the end": OVER_LENGTHS,
    "confederations in paths from outside": CONFEDERATIONS,
    "attributes that are passed on": OPAQUE,
    "aggregators of a wrong size": AGGREGATORS,
    "flags": FLAGS,
    "long paths and lists": LONG_PATHS,
    "MP attributes": MULTIPROTOCOL,
    "MP attributes, flow specifications and labels that cannot be read": FATAL_MULTIPROTOCOL,
    "outbound route filters": OUTBOUND_FILTERS,
    "lengths of capabilities": CAPABILITIES,
    "parameters of OPEN": PARAMETERS,
    "capabilities that do no harm": GOOD_OPENS,
    "changes of capabilities": DYNAMIC,
}
