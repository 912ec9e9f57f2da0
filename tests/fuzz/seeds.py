"""What is tried first: messages that are right, and kinds that once did harm to some router."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from bgp.wire import capability as cap
from bgp.wire.flowspec import frame
from bgp.wire.message import KEEPALIVE, pack
from bgp.wire.offer import frr_capabilities
from bgp.wire.open import Open
from bgp.wire.outboundfilter import OrfMode
from bgp.wire.refresh import Refresh
from bgp.wire.update import END_OF_RIB_IPV4, end_of_rib, join
from tests.bgp.stranger import AS_PATH, GOOD, NEXT_HOP6, ORIGIN

_CAPTURES: Final = Path(__file__).parents[1] / "golden" / "zapi"

_FAMILIES: Final = ((1, 1), (2, 1), (1, 4), (1, 133))
CAPABILITIES: Final = (
    *frr_capabilities(
        65001,
        _FAMILIES,
        hostname="r1",
        domainname="lab",
        graceful=cap.GracefulMode.RESTARTER,
        long_lived_time=60,
        extended_nexthop=True,
        role=cap.Role.CUSTOMER,
        orf=(((1, 1), OrfMode.SEND),),
        dynamic=True,
    ),
    cap.UnknownCapability(99, b"?"),
)

_U32 = b"\0\0\0\7"
VALUES: Final = {
    # Flags, type and value of attributes.
    "origin": (0x40, 1, b"\0"),
    "sequence": (0x40, 2, b"\2\2" + _U32 * 2),
    "sets": (0x40, 2, b"\1\2" + _U32 * 2 + b"\2\1" + _U32 + b"\3\1" + _U32 + b"\4\1" + _U32),
    "short": (0x40, 2, b"\2\2\0\7\0\x08"),
    "hop": (0x40, 3, b"\x0a\0\0\7"),
    "med": (0x80, 4, _U32),
    "local": (0x40, 5, _U32),
    "atomic": (0x40, 6, b""),
    "aggregator": (0xC0, 7, _U32 * 2),
    "communities": (0xC0, 8, b"\xff\xff\xff\1" + _U32),
    "originator": (0x80, 9, _U32),
    "clusters": (0x80, 10, _U32 * 2),
    "reach4": (0x80, 14, b"\0\1\1\4\x0a\0\0\7\0\x10\x0a\1"),
    "reach6": (0x80, 14, b"\0\2\1\x10" + NEXT_HOP6 + b"\0\x20\x20\1\x0d\xb8"),
    "reach32": (0x80, 14, b"\0\2\1\x20" + NEXT_HOP6 + b"\xfe\x80" + bytes(13) + b"\1\0"),
    "labeled": (0x80, 14, b"\0\1\4\4\x0a\0\0\7\0\x28\0\1\1\x0a\1"),
    "flows": (0x80, 14, b"\0\1\x85\0\0" + frame(b"\1\x18\x0a\1\2\3\x81\6")),
    "unreach": (0x80, 15, b"\0\2\1\x20\x20\1\x0d\xb8"),
    "extended": (0xC0, 16, b"\0\2\0\1" + _U32 + b"\x40\4\0\1" + _U32),
    "as4path": (0xC0, 17, b"\2\1\0\1\0\7"),
    "as4aggregator": (0xC0, 18, b"\0\1\0\7" + _U32),
    "pmsi": (0xC0, 22, b"\0\6\0\0\1" + _U32),
    "encapsulation": (0xC0, 23, b"\0\x08\0\4" + _U32),
    "aigp": (0x80, 26, b"\1\0\x0b" + bytes(8)),
    "large": (0xC0, 32, _U32 * 6),
    "otc": (0xC0, 35, _U32),
    "sid": (0xC0, 40, b"\1\0\7\0\0\0" + _U32),
    "set": (0xC0, 128, _U32 + b"\x40\1\1\0"),
    "development": (0xE0, 255, b"\0"),
}
ATTRIBUTES: Final = {
    name: bytes([flags, code, len(value)]) + value for name, (flags, code, value) in VALUES.items()
}
_RULES: Final = (
    b"\1\x18\x0a\1\2\2\x10\x0a\1",
    b"\3\x81\6\4\x01\x50\x91\x1f\x90",
    b"\5\x11\0\x50\x91\x0f\xa0\x09\x81\2\x0c\x80\1",
    b"\x0a\xa1\0\0\5\xdc\x0b\x81\x2e",
)
_RULES6: Final = (b"\1\x20\0\x20\1\x0d\xb8\x0d\xa1\0\0\0\1", b"\2\x40\x20\x0d\xb8\0\1")


def _attribute_fields() -> Iterator[bytes]:
    yield from ATTRIBUTES.values()
    yield GOOD
    yield GOOD + b"".join(ATTRIBUTES[name] for name in ("med", "communities", "large", "otc"))
    yield GOOD + ATTRIBUTES["sid"] + ATTRIBUTES["encapsulation"] + ATTRIBUTES["aggregator"]
    yield ORIGIN + AS_PATH + ATTRIBUTES["reach6"] + ATTRIBUTES["local"] + ATTRIBUTES["originator"]
    yield ATTRIBUTES["short"] + ORIGIN + ATTRIBUTES["as4path"] + ATTRIBUTES["as4aggregator"]


def _updates() -> Iterator[bytes]:
    yield END_OF_RIB_IPV4
    yield end_of_rib(2)[19:]
    yield join(b"", GOOD, b"\x18\x0a\1\2\x10\x0a\3")
    yield join(b"\x18\x0a\1\2", b"", b"")
    yield join(b"", ORIGIN + AS_PATH + ATTRIBUTES["reach6"], b"")
    yield join(b"", ATTRIBUTES["unreach"], b"")


def _messages() -> list[bytes]:
    peer = Open(65002, 90, 7, CAPABILITIES)
    return [
        pack(1, peer.encode()),
        KEEPALIVE,
        *(pack(2, body) for body in _updates()),
        pack(3, b"\6\2\3bye"),
        pack(5, Refresh(1, 1).encode()),
        pack(6, b"\0\1\4\0\2\0\1"),
    ]


def _zapi() -> Iterator[bytes]:
    seen = set()
    for path in sorted(_CAPTURES.glob("*.json")):
        for row in json.loads(path.read_text()):
            name = row["name"], row["dir"]
            if name not in seen:
                seen.add(name)
                yield bytes.fromhex(row["hex"])


def _with(choices: tuple[int, ...], found: Iterator[bytes] | tuple[bytes, ...]) -> list[bytes]:
    return [bytes([choice]) + one for one in found for choice in choices]


def _router() -> Iterator[bytes]:
    for kind, bodies in ((0, _updates()), (3, iter([Refresh(1, 1).encode(), b"\0\1\1\1"]))):
        for body in bodies:
            yield bytes([kind]) + len(body).to_bytes(2, "big") + body


def seeds(name: str) -> list[bytes]:
    """The first inputs of a target."""
    match name:
        case "opening":
            made = [Open(asn, 90, 7, CAPABILITIES) for asn in (65002, 4200000000)]
            return [b"", *(one.encode() for one in made), Open(1, 3, 9).encode()]
        case "capabilities":
            return [cap.encode(one) for one in CAPABILITIES]
        case "notification":
            return [b"\6\2\3bye", b"\6\x09\6\4\0", b"\4\0", b"\2\7\1\4\0\1\0\1", b"\7\1\0"]
        case "refresh":
            entry = b"\0\0\0\0\5\0\0\x10\x0a\1"
            orf = b"\1\x40\0\x0a" + entry
            return [Refresh(1, 1, 0, tail).encode() for tail in (b"", orf, b"\2\x80\0\1\x80")]
        case "update":
            return list(_updates())
        case "attributes":
            return _with((0, 1, 2, 128, 133), _attribute_fields())
        case "prefixes":
            return _with((0, 1, 128), (b"\x18\x0a\1\2\0\x20\1\2\3\4", b"\x38\0\1\1\x20\1\x0d\xb8"))
        case "flows":
            return _with((0, 128), tuple(map(frame, _RULES))) + _with(
                (1,), tuple(map(frame, _RULES6))
            )
        case "zapi":
            return list(_zapi())
        case "frames" | "session":
            return _with((0, 1, 2, 30), (*_messages(), b"".join(_messages())))
        case "router":
            return list(_router())
        case "vty":
            return _with(
                (0, 9), (b"show barns\0ena\0conf t\0barn 1\0", b"en\r\nsh?\t\r\xff\xfa\1\xff\xf0")
            )
        case _:
            return _with((0, 9), (b"text\n\0\0\0\0", b"\0\0\0\2", "grün\0\0\0\1".encode()))
