"""Routes of a scripted speaker in words, and the bytes of UPDATEs; the same words both ways.

Written apart from the packages under test, so that an error of theirs cannot hide itself.
"""

import ipaddress
import re
import struct
from collections.abc import Iterator
from dataclasses import dataclass, field

FAMILIES = {
    f"ipv{version}-{name}": (afi, safi)
    for version, afi in ((4, 1), (6, 2))
    for name, safi in (("unicast", 1), ("multicast", 2), ("labeled-unicast", 4))
}
NAMES = {family: name for name, family in FAMILIES.items()}
LABELED = 4

ORIGINS = ("igp", "egp", "incomplete")
KNOWN = {"internet": 0, "graceful-shutdown": 0xFFFF0000, "llgr-stale": 0xFFFF0006}
KNOWN |= {"no-llgr": 0xFFFF0007, "blackhole": 0xFFFF029A, "no-export": 0xFFFFFF01}
KNOWN |= {"no-advertise": 0xFFFFFF02, "local-as": 0xFFFFFF03, "no-peer": 0xFFFFFF04}
SEGMENTS = {"{": 1, "": 2, "(": 3, "[": 4}
OPENING, CLOSING = {1: "{", 2: "", 3: "(", 4: "["}, {1: "}", 2: "", 3: ")", 4: "]"}

# Names by code, with the flags that belong to each.
ATTRIBUTES = {
    1: ("origin", 0x40),
    2: ("path", 0x40),
    3: ("next-hop", 0x40),
    4: ("med", 0x80),
    5: ("local-pref", 0x40),
    6: ("atomic", 0x40),
    7: ("aggregator", 0xC0),
    8: ("communities", 0xC0),
    9: ("originator", 0x80),
    10: ("clusters", 0x80),
    16: ("ext", 0xC0),
    32: ("large", 0xC0),
    35: ("otc", 0xC0),
}
CODES = {name: code for code, (name, _) in ATTRIBUTES.items()}
REACH, UNREACH = 14, 15


@dataclass(frozen=True, slots=True)
class Terms:
    """What the speaker is and agreed to: its AS, its addresses, families with additional paths."""

    asn: int
    hops: tuple[str, str]
    """Next hops of its own, IPv4 and IPv6."""
    addpath: frozenset[tuple[int, int]] = frozenset()
    """Families whose prefixes carry path ids in what is said."""
    addpath_heard: frozenset[tuple[int, int]] = frozenset()


@dataclass(slots=True)
class Route:
    """Words of `announce` and `withdraw`, taken apart."""

    prefixes: list[str] = field(default_factory=list)
    family: tuple[int, int] = (1, 1)
    path_id: int = 0
    label: int = 0
    attributes: dict[str, list[str]] = field(default_factory=dict)


def read_route(words: list[str]) -> Route:
    """Prefixes, then names with their values; ValueError for what is neither."""
    route, values = Route(), None
    for word in words:
        if values is None and "/" in word:
            route.prefixes.append(word)
        elif word in CODES or word in ("in", "id", "label", "raw"):
            values = route.attributes.setdefault(word, [])
        elif values is None:
            raise ValueError(f"what is {word!r}?")
        else:
            values.append(word)
    take = route.attributes.pop
    default = "ipv6-unicast" if ":" in route.prefixes[0] else "ipv4-unicast"
    route.family = FAMILIES[take("in", [default])[0]]
    route.path_id, route.label = int(take("id", ["0"])[0]), int(take("label", ["0"])[0])
    return route


def announce(words: list[str], terms: Terms) -> bytes:
    """The body of an UPDATE with these routes."""
    route = read_route(words)
    nlri = b"".join(_nlri(prefix, route, terms) for prefix in route.prefixes)
    given = {"origin": ["igp"], "path": [str(terms.asn)], **route.attributes}
    raw = b"".join(bytes.fromhex(one) for one in given.pop("raw", []))
    hops = given.pop("next-hop", [terms.hops[0 if route.family[0] == 1 else 1]])
    classic = route.family == (1, 1) and ":" not in hops[0]
    if classic:
        given["next-hop"] = hops
    parts = sorted((CODES[name], _value(name, values)) for name, values in given.items())
    attributes = b"".join(_attribute(ATTRIBUTES[code][1], code, value) for code, value in parts)
    attributes += raw
    if classic:
        return _join(b"", attributes, nlri)
    packed = b"".join(ipaddress.ip_address(hop).packed for hop in hops)
    value = struct.pack("!HBB", *route.family, len(packed)) + packed + b"\0" + nlri
    return _join(b"", _attribute(0x80, REACH, value) + attributes, b"")


def withdraw(words: list[str], terms: Terms) -> bytes:
    """The body of an UPDATE that takes these routes back."""
    route = read_route(words)
    nlri = b"".join(_nlri(prefix, route, terms) for prefix in route.prefixes)
    if route.family == (1, 1):
        return _join(nlri, b"", b"")
    value = struct.pack("!HB", *route.family) + nlri
    return _join(b"", _attribute(0x80, UNREACH, value), b"")


def end_of_rib(family: tuple[int, int]) -> bytes:
    """The body of an End-of-RIB (RFC 4724)."""
    if family == (1, 1):
        return _join(b"", b"", b"")
    return _join(b"", _attribute(0x80, UNREACH, struct.pack("!HB", *family)), b"")


def _join(withdrawn: bytes, attributes: bytes, nlri: bytes) -> bytes:
    lengths = (struct.pack("!H", len(part)) for part in (withdrawn, attributes))
    return next(lengths) + withdrawn + next(lengths) + attributes + nlri


def _attribute(flags: int, code: int, value: bytes) -> bytes:
    if len(value) > 255:
        return struct.pack("!BBH", flags | 0x10, code, len(value)) + value
    return struct.pack("!BBB", flags, code, len(value)) + value


def _nlri(prefix: str, route: Route, terms: Terms) -> bytes:
    network = ipaddress.ip_network(prefix, strict=False)
    size = network.prefixlen
    data = network.network_address.packed[: (size + 7) // 8]
    if route.family[1] == LABELED:
        size, data = size + 24, (route.label << 4 | 1).to_bytes(3, "big") + data
    head = struct.pack("!I", route.path_id) if route.family in terms.addpath else b""
    return head + bytes([size]) + data


def _value(name: str, words: list[str]) -> bytes:
    match name:
        case "origin":
            return bytes([ORIGINS.index(words[0])])
        case "path":
            return _path(" ".join(words))
        case "med" | "local-pref" | "otc":
            return struct.pack("!I", int(words[0]))
        case "atomic":
            return b""
        case "aggregator":
            return struct.pack("!I", int(words[0])) + ipaddress.ip_address(words[1]).packed
        case "communities":
            return b"".join(struct.pack("!I", _community(word)) for word in words)
        case "large":
            return b"".join(struct.pack("!III", *map(int, word.split(":"))) for word in words)
        case "ext":
            return b"".join(_extended(word) for word in words)
        case _:  # next-hop, originator, clusters
            return b"".join(ipaddress.ip_address(word).packed for word in words)


def _path(text: str) -> bytes:
    """`65001 65002 {1,2} (65100 65101) [3,4]`: sequence, set, confederation sequence and set."""
    found = b""
    for inside, plain in re.findall(r"([({[][\d ,]*)[)}\]]|(\d[\d ]*)", text):
        kind = SEGMENTS[inside[:1]]
        numbers = [int(number) for number in re.findall(r"\d+", inside or plain)]
        found += bytes([kind, len(numbers)]) + struct.pack(f"!{len(numbers)}I", *numbers)
    return found


def _community(word: str) -> int:
    if word in KNOWN:
        return KNOWN[word]
    high, _, low = word.partition(":")
    return int(high) << 16 | int(low)


def _extended(word: str) -> bytes:
    """`rt:65000:1`, `soo:10.0.0.1:2`, or 16 hexadecimal digits."""
    kind, _, rest = word.partition(":")
    if not rest:
        return bytes.fromhex(word)
    low = {"rt": 2, "soo": 3}[kind]
    left, _, right = rest.rpartition(":")
    if "." in left:
        address = ipaddress.ip_address(left).packed
        return bytes([1, low]) + address + struct.pack("!H", int(right))
    if int(left) > 65535:
        return bytes([2, low]) + struct.pack("!IH", int(left), int(right))
    return bytes([0, low]) + struct.pack("!HI", int(left), int(right))


Told = tuple[tuple[int, int], int, str]
"""Family, path id and prefix."""


def read_update(body: bytes, terms: Terms) -> Iterator[tuple[Told, str | None]]:
    """What an UPDATE tells of each prefix, in words; None where it is taken back."""
    size = int.from_bytes(body[:2], "big")
    end = size + 4 + int.from_bytes(body[size + 2 : size + 4], "big")
    words: list[str] = []
    reach: list[tuple[Told, str]] = []
    for told in _prefixes(body[2 : 2 + size], (1, 1), terms):
        yield told[0], None
    for flags, code, value in _attributes(body[size + 4 : end]):
        if code == UNREACH:
            for told in _prefixes(value[3:], (struct.unpack("!HB", value[:3])), terms):
                yield told[0], None
        elif code == REACH:
            family, length = struct.unpack("!HB", value[:3]), value[3]
            hops = _addresses(value[4 : 4 + length], 16 if length in (16, 32) else 4)
            words.append(f"next-hop {hops}")
            reach = list(_prefixes(value[5 + length :], family, terms))
        else:
            words.append(_words(flags, code, value))
    for told, label in [*reach, *_prefixes(body[end:], (1, 1), terms)]:
        yield told, label + " ".join(words)


def _attributes(data: bytes) -> Iterator[tuple[int, int, bytes]]:
    while data:
        flags, code = data[:2]
        wide = 2 if flags & 0x10 else 1
        start = 2 + wide
        end = start + int.from_bytes(data[2:start], "big")
        yield flags & 0xEF, code, data[start:end]
        data = data[end:]


def _prefixes(data: bytes, family: tuple[int, int], terms: Terms) -> Iterator[tuple[Told, str]]:
    while data:
        path_id, label = 0, ""
        if family in terms.addpath_heard:
            path_id, data = int.from_bytes(data[:4], "big"), data[4:]
        size, data = data[0], data[1:]
        if family[1] == LABELED:
            label, size, data = f"label {int.from_bytes(data[:3]) >> 4} ", size - 24, data[3:]
        used = (size + 7) // 8
        packed = data[:used].ljust(4 if family[0] == 1 else 16, b"\0")
        yield (family, path_id, f"{ipaddress.ip_address(packed)}/{size}"), label
        data = data[used:]


def _words(flags: int, code: int, value: bytes) -> str:
    """An attribute as `name value`; its flags are named when they are not the usual ones."""
    name, usual = ATTRIBUTES.get(code, (f"attribute-{code}", -1))
    odd = "" if flags == usual else f" (flags {flags:02x})"
    return f"{name} {_text(name, value)}".rstrip() + odd


def _text(name: str, value: bytes) -> str:
    match name:
        case "origin":
            return ORIGINS[value[0]]
        case "path":
            return _path_text(value)
        case "med" | "local-pref" | "otc":
            return str(int.from_bytes(value, "big"))
        case "aggregator":
            return f"{int.from_bytes(value[:4], 'big')} {_addresses(value[4:], 4)}"
        case "communities":
            return " ".join(f"{a}:{b}" for a, b in struct.iter_unpack("!HH", value))
        case "large":
            return " ".join(f"{a}:{b}:{c}" for a, b, c in struct.iter_unpack("!III", value))
        case "ext":
            return " ".join(value[at : at + 8].hex() for at in range(0, len(value), 8))
        case "next-hop" | "originator" | "clusters":
            return _addresses(value, 4)
        case _:
            return value.hex()


def _path_text(value: bytes) -> str:
    found = []
    while value:
        kind, count = value[:2]
        numbers = struct.unpack(f"!{count}I", value[2 : 2 + 4 * count])
        between = "," if kind in (1, 4) else " "
        found.append(OPENING[kind] + between.join(map(str, numbers)) + CLOSING[kind])
        value = value[2 + 4 * count :]
    return " ".join(found)


def _addresses(data: bytes, width: int) -> str:
    cut = (data[at : at + width] for at in range(0, len(data), width))
    return " ".join(str(ipaddress.ip_address(part)) for part in cut)
