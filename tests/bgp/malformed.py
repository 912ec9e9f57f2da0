"""Malformed messages by the rule that they break: what is sent, and what must come of it.

`RULES` has the rows of each section. `tests/bgp/test_malformed.py` tries them on a router in
memory, `tests/interop/test_malformed.py` beside FRR 8.4.4.
"""

from dataclasses import dataclass

from bgp.fsm import State
from bgp.wire.capability import Family
from bgp.wire.message import KEEPALIVE, MARKER, MessageType, pack
from bgp.wire.notification import Notification
from bgp.wire.refresh import Refresh
from tests.bgp.stranger import (
    AS_PATH,
    GOOD,
    NEXT_HOP,
    NEXT_HOP6,
    ORIGIN,
    OUR_AS,
    ROUTE4,
    ROUTE6,
    STRANGER_AS,
    open_body,
    update,
)

FAMILIES: tuple[Family, ...] = ((1, 1), (2, 1))
"""Families that are agreed on, where a row does not say others."""
OPENING, CONFIRMING, UP = State.OPEN_SENT, State.OPEN_CONFIRM, State.ESTABLISHED
BOTH = {ROUTE4, ROUTE6}
NLRI4 = bytes([16, 10, 66])
NLRI6 = bytes.fromhex("30 20010db80066")


def header(length: int, kind: int, body: bytes = b"", marker: bytes = MARKER) -> bytes:
    return marker + length.to_bytes(2, "big") + bytes([kind]) + body


def told(notification: Notification) -> str:
    """What is said of a session that ends so; long data by its length."""
    data = notification.data
    shown = f"{len(data)} bytes" if len(data) > 24 else data.hex()
    return f"NOTIFICATION {notification.code}/{notification.subcode} {shown}".strip()


@dataclass(frozen=True, slots=True)
class Fatal:
    """A message, the state it comes in, and the NOTIFICATION that answers it."""

    name: str
    message: bytes
    code: int
    subcode: int
    data: bytes = b""
    state: State = UP
    families: tuple[Family, ...] = FAMILIES

    @property
    def outcome(self) -> str:
        """What comes back, in a line."""
        return told(Notification(self.code, self.subcode, self.data))


HEADERS = [
    Fatal("marker", header(19, 4, marker=b"\xff" * 15 + b"\xfe"), 1, 1),
    Fatal("marker in OpenSent", header(19, 4, marker=bytes(16)), 1, 1, state=OPENING),
    Fatal("length below a header", header(18, 4), 1, 2, b"\0\x12"),
    Fatal("length of nothing", header(0, 2), 1, 2, b"\0\0"),
    Fatal("length above the limit", header(4097, 2), 1, 2, b"\x10\x01", OPENING),
    Fatal("KEEPALIVE with a body", header(20, 4, b"x"), 1, 2, b"\0\x14"),
    Fatal("UPDATE too short", header(22, 2, b"\0\0\0"), 1, 2, b"\0\x16"),
    Fatal("OPEN too short", header(28, 1, bytes(9)), 1, 2, b"\0\x1c", OPENING),
    Fatal("NOTIFICATION too short", header(20, 3, b"\6"), 1, 2, b"\0\x14"),
    Fatal("ROUTE-REFRESH too short", header(22, 5, b"\0\1\0"), 1, 2, b"\0\x16"),
    Fatal("type 0", header(19, 0), 1, 3, b"\0"),
    Fatal("type 9", header(19, 9), 1, 3, b"\t"),
]


def opened(**parts: bytes) -> bytes:
    """An OPEN with some fields of other bytes; `parameters` comes with its length octet."""
    body = open_body()
    fields = {
        "version": body[:1],
        "asn": body[1:3],
        "hold": body[3:5],
        "identifier": body[5:9],
        "parameters": body[9:],
    }
    return pack(MessageType.OPEN, b"".join((fields | parts).values()))


def with_capabilities(*capabilities: bytes) -> bytes:
    inner = b"".join(capabilities)
    return opened(parameters=bytes([len(inner) + 2, 2, len(inner)]) + inner)


OPENS = [
    Fatal("version", opened(version=b"\3"), 2, 1, b"\0\4", OPENING),
    Fatal("AS of another", opened(parameters=b"\0", asn=b"\xfd\xe7"), 2, 2, b"\xfd\xe7", OPENING),
    Fatal("AS 0", opened(parameters=b"\0", asn=b"\0\0"), 2, 2, b"\0\0", OPENING),
    Fatal("identifier 0", opened(identifier=bytes(4)), 2, 3, bytes(4), OPENING),
    Fatal("hold time of a second", opened(hold=b"\0\1"), 2, 6, b"\0\1", OPENING),
    Fatal("unknown parameter", opened(parameters=b"\3\x09\1\0"), 2, 4, state=OPENING),
    Fatal("authentication", opened(parameters=b"\3\1\1\0"), 2, 5, state=OPENING),
    Fatal("parameters overrun", opened(parameters=b"\x20\2\0"), 2, 0, state=OPENING),
    Fatal("one parameter overruns", opened(parameters=b"\2\2\7"), 2, 0, state=OPENING),
    Fatal("a capability overruns", with_capabilities(b"\1\x20\0\1"), 2, 0, state=OPENING),
    Fatal("capability of a wrong length", with_capabilities(b"\1\3\0\1\0"), 2, 0, state=OPENING),
    Fatal("AS number of 3 bytes", with_capabilities(b"\x41\3\0\0\1"), 2, 0, state=OPENING),
]

STATES = [
    Fatal("KEEPALIVE in OpenSent", KEEPALIVE, 5, 1, state=OPENING),
    Fatal("UPDATE in OpenSent", update(), 5, 1, state=OPENING),
    Fatal("ROUTE-REFRESH in OpenSent", pack(5, b"\0\1\0\1"), 5, 1, state=OPENING),
    Fatal("UPDATE in OpenConfirm", update(), 5, 2, state=CONFIRMING),
    Fatal("OPEN in OpenConfirm", opened(), 5, 2, state=CONFIRMING),
    Fatal("OPEN in Established", opened(), 5, 3),
]


def attribute(flags: int, code: int, value: bytes = b"") -> bytes:
    return bytes([flags, code, len(value)]) + value


def reach(afi: int, safi: int, nexthop: bytes, nlri: bytes = b"") -> bytes:
    value = afi.to_bytes(2, "big") + bytes([safi, len(nexthop)]) + nexthop + b"\0" + nlri
    return attribute(0x80, 14, value)


def unreach(afi: int, safi: int, nlri: bytes = b"") -> bytes:
    return attribute(0x80, 15, afi.to_bytes(2, "big") + bytes([safi]) + nlri)


UNKNOWN = attribute(0x40, 77, b"??")
SHORT_REACH = attribute(0x80, 14, b"\0\2\1\x10")
SHORT_UNREACH = attribute(0x80, 15, b"\0\2")
BAD_NEXT_HOP = reach(2, 1, bytes(5), NLRI6)
TRANSITIVE_REACH = bytes([0xC0]) + reach(2, 1, NEXT_HOP6, NLRI6)[1:]
TRANSITIVE_UNREACH = bytes([0xC0]) + unreach(2, 1, NLRI6)[1:]
REST = ORIGIN + AS_PATH

UPDATES = [
    Fatal("withdrawn routes overrun", pack(2, b"\0\x09\x08\x0a\0\0"), 3, 1),
    Fatal("attributes overrun", pack(2, b"\0\0\0\x09\x40"), 3, 1),
    Fatal("unknown well-known", update(GOOD + UNKNOWN, NLRI4), 3, 2, UNKNOWN),
    Fatal("NLRI too long", update(GOOD, b"\x21\x0a\0\0\0\0"), 3, 10),
    Fatal("NLRI cut short", update(GOOD, b"\x18\x0a\1"), 3, 10),
    Fatal("withdrawn too long", update(withdrawn=b"\x40" + bytes(8)), 3, 10),
    Fatal("withdrawn cut short", update(withdrawn=b"\x20\x0a"), 3, 10),
    Fatal("MP_REACH cut short", update(REST + SHORT_REACH), 3, 9, SHORT_REACH),
    Fatal("MP_UNREACH cut short", update(SHORT_UNREACH), 3, 9, SHORT_UNREACH),
    Fatal("MP_REACH twice", update(REST + reach(2, 1, NEXT_HOP6, NLRI6) * 2), 3, 1),
    Fatal("MP_UNREACH twice", update(unreach(2, 1) * 2), 3, 1),
    Fatal("MP_REACH, next hop of 5", update(REST + BAD_NEXT_HOP), 3, 9, BAD_NEXT_HOP),
    Fatal("MP_REACH transitive", update(REST + TRANSITIVE_REACH), 3, 4, TRANSITIVE_REACH),
    Fatal("MP_UNREACH transitive", update(TRANSITIVE_UNREACH), 3, 4, TRANSITIVE_UNREACH),
    Fatal("MP_REACH, prefix too long", update(REST + reach(2, 1, NEXT_HOP6, b"\xff\1")), 3, 9),
    Fatal("MP_UNREACH, prefix cut short", update(unreach(2, 1, b"\x30\x20")), 3, 9),
]

REFRESHES = [
    Fatal("BoRR with more", pack(5, b"\0\1\1\1\0"), 7, 1, b"\0\1\1\1\0"),
    Fatal("EoRR with more", pack(5, b"\0\1\2\1\0"), 7, 1, b"\0\1\2\1\0"),
]


@dataclass(frozen=True, slots=True)
class Mild:
    """A message that the session survives; `kept` are the routes that are still there."""

    name: str
    message: bytes
    kept: set[str]
    log: str = ""
    families: tuple[Family, ...] = FAMILIES
    state: State = UP

    @property
    def outcome(self) -> str:
        """What is left, in a line."""
        return left(self.kept)


def left(routes: set[str] | frozenset[str]) -> str:
    """What is said of a session that stays, with these routes."""
    return "stays with " + (" ".join(sorted(routes)) or "nothing")


WITHDRAWN, DROPPED = "treated as withdrawn", "attribute discarded"
LONG = bytes.fromhex("500200ff 0201")
CONFEDERATION = bytes.fromhex("4002060301") + STRANGER_AS.to_bytes(4, "big")


def replaced(name: str, old: bytes, new: bytes) -> Mild:
    """A route whose attributes are good but for one."""
    return Mild(name, update(GOOD.replace(old, new), NLRI4), {ROUTE6}, WITHDRAWN)


def added(name: str, flags: int, code: int, value: bytes) -> Mild:
    """A route with one bad attribute more: it is treated as withdrawn."""
    return Mild(name, update(GOOD + attribute(flags, code, value), NLRI4), {ROUTE6}, WITHDRAWN)


def dropped(name: str, flags: int, code: int, value: bytes) -> Mild:
    """A route with one bad attribute more, which does no harm."""
    return Mild(name, update(GOOD + attribute(flags, code, value), NLRI4), BOTH, DROPPED)


TREATED_AS_WITHDRAWN = [
    replaced("no ORIGIN", ORIGIN, b""),
    replaced("no AS_PATH", AS_PATH, b""),
    replaced("no NEXT_HOP", NEXT_HOP, b""),
    replaced("ORIGIN of 2 bytes", ORIGIN, attribute(0x40, 1, b"\0\0")),
    replaced("ORIGIN 3", ORIGIN, attribute(0x40, 1, b"\3")),
    replaced("ORIGIN optional", ORIGIN, attribute(0xC0, 1, b"\0")),
    replaced("AS_PATH of an unknown segment", AS_PATH, attribute(0x40, 2, b"\5\1\0\0\0\1")),
    replaced("AS_PATH with an empty segment", AS_PATH, attribute(0x40, 2, b"\2\0")),
    replaced("AS_PATH overrun", AS_PATH, attribute(0x40, 2, b"\2\2\0\0\0\1")),
    replaced("AS_PATH with AS 0", AS_PATH, attribute(0x40, 2, b"\2\1\0\0\0\0")),
    replaced("AS_PATH of a confederation", AS_PATH, CONFEDERATION),
    replaced("AS_PATH optional", AS_PATH, b"\xc0" + AS_PATH[1:]),
    replaced("NEXT_HOP of 3 bytes", NEXT_HOP, attribute(0x40, 3, b"\x0a\0\0")),
    replaced("NEXT_HOP 0.0.0.0", NEXT_HOP, attribute(0x40, 3, bytes(4))),
    replaced("NEXT_HOP loopback", NEXT_HOP, attribute(0x40, 3, b"\x7f\0\0\1")),
    replaced("NEXT_HOP multicast", NEXT_HOP, attribute(0x40, 3, b"\xe0\0\0\1")),
    added("MED of 3 bytes", 0x80, 4, bytes(3)),
    added("MED transitive", 0xC0, 4, bytes(4)),
    added("COMMUNITIES of 5 bytes", 0xC0, 8, bytes(5)),
    added("COMMUNITIES of nothing", 0xC0, 8, b""),
    added("COMMUNITIES not transitive", 0x80, 8, bytes(4)),
    added("EXTENDED COMMUNITIES of 7 bytes", 0xC0, 16, bytes(7)),
    added("LARGE COMMUNITIES of 11 bytes", 0xC0, 32, bytes(11)),
    Mild("attributes do not add up", update(GOOD + LONG, NLRI4), {ROUTE6}, WITHDRAWN),
    Mild("half a header at the end", update(GOOD + b"\x80", NLRI4), {ROUTE6}, WITHDRAWN),
    Mild(
        "in MP_REACH too",
        update(AS_PATH + reach(2, 1, NEXT_HOP6, NLRI6)),
        {ROUTE4},
        WITHDRAWN,
    ),
    Mild(
        "MP_REACH with a next hop that is none",
        update(REST + reach(2, 1, b"\xff" + bytes(15), NLRI6)),
        {ROUTE4},
        WITHDRAWN,
    ),
]

DISCARDED = [
    dropped("ATOMIC_AGGREGATE with a value", 0x40, 6, b"x"),
    dropped("AGGREGATOR of 7 bytes", 0xC0, 7, bytes(7)),
    dropped("AGGREGATOR of AS 0", 0xC0, 7, bytes(8)),
    dropped("AS4_PATH malformed", 0xC0, 17, b"\2\2\0\0\0\1"),
    dropped("LOCAL_PREF from outside", 0x40, 5, bytes(4)),
    dropped("LOCAL_PREF of 3 bytes from outside", 0x40, 5, bytes(3)),
    dropped("ORIGINATOR_ID from outside", 0x80, 9, bytes(4)),
    dropped("CLUSTER_LIST of 3 bytes from outside", 0x80, 10, bytes(3)),
    dropped("ORIGIN twice", 0x40, 1, b"\2"),
]

PASSED_OVER = [
    Mild("unknown optional", update(GOOD + attribute(0x80, 77, b"?"), NLRI4), BOTH),
    Mild("unknown optional transitive", update(GOOD + attribute(0xC0, 77, b"?"), NLRI4), BOTH),
    Mild("MP_REACH of AFI 25", update(REST + reach(25, 70, bytes(4), b"\xff")), BOTH),
    Mild("MP_REACH of AFI 0", update(REST + reach(0, 0, b"")), BOTH),
    Mild("MP_REACH of SAFI 9", update(REST + reach(1, 9, bytes(4), b"\xff")), BOTH),
    Mild("MP_REACH of AFI 25, bad attribute", update(AS_PATH + reach(25, 70, b"")), BOTH),
    Mild("MP_UNREACH of AFI 25", update(unreach(25, 70, b"\xff")), BOTH),
    Mild("MP_UNREACH of AFI 65535", update(unreach(65535, 255)), BOTH),
    Mild("MP_UNREACH of SAFI 9", update(unreach(1, 9, b"\xff")), BOTH),
    Mild("End-of-RIB of AFI 25", update(unreach(25, 70)), BOTH),
    Mild("End-of-RIB of SAFI 9", update(unreach(2, 9)), BOTH),
    Mild("withdrawal of what never was", update(withdrawn=b"\x18\x0a\1\2"), BOTH),
    Mild("prefix with host bits", update(GOOD, b"\x0f\x0a\x43"), {*BOTH, "10.66.0.0/15"}),
    Mild(
        "our own AS",
        update(GOOD.replace(AS_PATH, b"\x40\2\6\2\1" + OUR_AS.to_bytes(4, "big")), NLRI4),
        {ROUTE6},
    ),
    Mild("refresh of AFI 25", pack(5, b"\0\x19\0\x46"), BOTH),
    Mild("refresh of SAFI 9", pack(5, Refresh(1, 9).encode()), BOTH),
    Mild("refresh of an unknown kind", pack(5, Refresh(1, 1, 99).encode()), BOTH),
    Mild("refresh with ORF", pack(5, Refresh(1, 1).encode() + b"\1\x40\0\0"), BOTH),
    Mild("EoRR without BoRR", pack(5, Refresh(1, 1, 2).encode()), BOTH),
    Mild("empty UPDATE with attributes", update(GOOD), BOTH),
]


Rules = dict[str, "list[Fatal] | list[Mild]"]

RULES: Rules = {
    "RFC 4271 sec. 6.1, RFC 8654 sec. 4: headers": HEADERS,
    "RFC 4271 sec. 6.2, RFC 5492, RFC 9072: OPEN": OPENS,
    "RFC 4271 sec. 8.2.2, RFC 6608: messages that a state does not expect": STATES,
    "RFC 4271 sec. 6.3, RFC 7606 sec. 3, 5, 7.11, 7.12: UPDATEs that end the session": UPDATES,
    "RFC 7313 sec. 5: refreshes": REFRESHES,
    "RFC 7606 sec. 2, 7: treated as withdrawn": TREATED_AS_WITHDRAWN,
    "RFC 7606 sec. 7: discarded": DISCARDED,
    "RFC 4271 sec. 5, RFC 4760 sec. 7, RFC 7313: passed over": PASSED_OVER,
}
