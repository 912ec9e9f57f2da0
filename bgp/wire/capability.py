"""Capabilities of an OPEN, one row each (RFC 5492 and the RFC named in each class)."""

from collections.abc import Callable
from dataclasses import dataclass
from enum import IntEnum
from struct import Struct, iter_unpack
from struct import error as StructError  # noqa: N812
from typing import ClassVar, Final, Self

from bgp.wire.errors import Code, Malformed, OpenError
from bgp.wire.modes import GracefulMode as GracefulMode
from bgp.wire.outboundfilter import OldOutboundFiltering, OutboundFiltering

Family = tuple[int, int]
"""(AFI, SAFI)."""

IPV4_UNICAST: Final[Family] = (1, 1)
IPV6_UNICAST: Final[Family] = (2, 1)

_FAMILY = Struct("!HxB")
_FAMILY_BYTE = Struct("!HBB")
_U32 = Struct("!I")


class Role(IntEnum):
    """BGP roles (RFC 9234 sec. 4.1)."""

    PROVIDER = 0
    RS_SERVER = 1
    RS_CLIENT = 2
    CUSTOMER = 3
    PEER = 4

    @property
    def word(self) -> str:
        """Its name in configurations and shows."""
        return self.name.lower().replace("_", "-")

    @property
    def partner(self) -> "Role":
        """The only role that the other side may have."""
        return Role((3, 2, 1, 0, 4)[self])


class AddPathMode(IntEnum):
    """Direction of additional paths, seen from the sender of the capability (RFC 7911)."""

    NONE = 0
    RECEIVE = 1
    SEND = 2
    BOTH = 3


class _Empty:
    __slots__ = ()

    def encode(self) -> bytes:
        """Empty, as every capability that only says it is there."""
        return b""

    @classmethod
    def decode(cls, data: bytes) -> Self:
        """From no bytes."""
        if data:
            raise ValueError("this capability has no value")
        return cls()


@dataclass(frozen=True, slots=True)
class Multiprotocol:
    """A family this speaker can exchange (RFC 4760 sec. 8)."""

    code: ClassVar[int] = 1
    afi: int
    safi: int

    def encode(self) -> bytes:
        """The value without code and length, as for every capability here."""
        return _FAMILY.pack(self.afi, self.safi)

    @classmethod
    def decode(cls, data: bytes) -> "Multiprotocol":
        """From 4 bytes."""
        return cls(*_FAMILY.unpack(data))


@dataclass(frozen=True, slots=True)
class RouteRefresh(_Empty):
    """Route refresh (RFC 2918)."""

    code: ClassVar[int] = 2


@dataclass(frozen=True, slots=True)
class OldRouteRefresh(_Empty):
    """Route refresh under its pre-standard code, which FRR offers too."""

    code: ClassVar[int] = 128


@dataclass(frozen=True, slots=True)
class ExtendedNexthop:
    """Families whose next hop may be of another AFI (RFC 8950): (AFI, SAFI, next hop AFI)."""

    code: ClassVar[int] = 5
    entries: tuple[tuple[int, int, int], ...]

    def encode(self) -> bytes:
        """Six bytes per entry."""
        return b"".join(Struct("!HHH").pack(*entry) for entry in self.entries)

    @classmethod
    def decode(cls, data: bytes) -> "ExtendedNexthop":
        """From a multiple of 6 bytes."""
        return cls(tuple((afi, safi, nh) for afi, safi, nh in iter_unpack("!HHH", data)))


@dataclass(frozen=True, slots=True)
class ExtendedMessage(_Empty):
    """Messages of up to 65535 bytes (RFC 8654)."""

    code: ClassVar[int] = 6


@dataclass(frozen=True, slots=True)
class RoleCapability:
    """The sender's role; values without a name are kept and never match (RFC 9234)."""

    code: ClassVar[int] = 9
    role: int

    def encode(self) -> bytes:
        """One byte."""
        return bytes([self.role])

    @classmethod
    def decode(cls, data: bytes) -> "RoleCapability":
        """From one byte."""
        return cls(*Struct("!B").unpack(data))


@dataclass(frozen=True, slots=True)
class GracefulRestart:
    """Graceful restart (RFC 4724, N bit RFC 8538): seconds, and (AFI, SAFI, state kept)."""

    code: ClassVar[int] = 64
    restart_time: int
    families: tuple[tuple[int, int, bool], ...] = ()
    restarted: bool = False
    notification: bool = False

    def encode(self) -> bytes:
        """Flags and time in two bytes, then four per family."""
        flags = self.restarted << 15 | self.notification << 14
        head = (flags | self.restart_time & 0xFFF).to_bytes(2, "big")
        return head + b"".join(
            _FAMILY_BYTE.pack(afi, safi, kept << 7) for afi, safi, kept in self.families
        )

    @classmethod
    def decode(cls, data: bytes) -> "GracefulRestart":
        """From 2 bytes and a multiple of 4."""
        head = int.from_bytes(Struct("!2s").unpack(data[:2])[0], "big")
        families = tuple(
            (afi, safi, flags >> 7 == 1) for afi, safi, flags in _FAMILY_BYTE.iter_unpack(data[2:])
        )
        return cls(head & 0xFFF, families, bool(head & 0x8000), bool(head & 0x4000))


@dataclass(frozen=True, slots=True)
class FourOctetAs:
    """The sender's AS number in four bytes (RFC 6793)."""

    code: ClassVar[int] = 65
    asn: int

    def encode(self) -> bytes:
        """Four bytes."""
        return _U32.pack(self.asn)

    @classmethod
    def decode(cls, data: bytes) -> "FourOctetAs":
        """From four bytes."""
        return cls(*_U32.unpack(data))


@dataclass(frozen=True, slots=True)
class AddPath:
    """Additional paths (RFC 7911): (AFI, SAFI, `AddPathMode`); other modes are kept as sent."""

    code: ClassVar[int] = 69
    families: tuple[tuple[int, int, int], ...]

    def encode(self) -> bytes:
        """Four bytes per family."""
        return b"".join(_FAMILY_BYTE.pack(*family) for family in self.families)

    @classmethod
    def decode(cls, data: bytes) -> "AddPath":
        """From a multiple of 4 bytes."""
        return cls(tuple((afi, safi, mode) for afi, safi, mode in _FAMILY_BYTE.iter_unpack(data)))


@dataclass(frozen=True, slots=True)
class OldDynamic(_Empty):
    """Capabilities may change within a session, under a former code, which FRR offers too."""

    code: ClassVar[int] = 66


@dataclass(frozen=True, slots=True)
class Dynamic(_Empty):
    """Capabilities may change within a session (draft-ietf-idr-dynamic-cap)."""

    code: ClassVar[int] = 67


@dataclass(frozen=True, slots=True)
class EnhancedRefresh(_Empty):
    """Route refresh with marks for begin and end (RFC 7313)."""

    code: ClassVar[int] = 70


@dataclass(frozen=True, slots=True)
class LongLivedGracefulRestart:
    """Long-lived graceful restart (RFC 9494): (AFI, SAFI, state kept, stale seconds)."""

    code: ClassVar[int] = 71
    families: tuple[tuple[int, int, bool, int], ...]

    def encode(self) -> bytes:
        """Seven bytes per family."""
        return b"".join(
            _FAMILY_BYTE.pack(afi, safi, kept << 7) + stale.to_bytes(3, "big")
            for afi, safi, kept, stale in self.families
        )

    @classmethod
    def decode(cls, data: bytes) -> "LongLivedGracefulRestart":
        """From a multiple of 7 bytes."""
        return cls(
            tuple(
                (afi, safi, flags >> 7 == 1, int.from_bytes(stale, "big"))
                for afi, safi, flags, stale in iter_unpack("!HBB3s", data)
            )
        )


@dataclass(frozen=True, slots=True)
class Fqdn:
    """Host and domain name of the speaker (draft-walton-bgp-hostname-capability)."""

    code: ClassVar[int] = 73
    hostname: str
    domainname: str = ""

    def encode(self) -> bytes:
        """Two strings, each after its length; a name is cut at 255 bytes of UTF-8."""
        names = (_cut(name) for name in (self.hostname, self.domainname))
        return b"".join(bytes([len(name)]) + name for name in names)

    @classmethod
    def decode(cls, data: bytes) -> "Fqdn":
        """From two strings; bytes that are no UTF-8 are replaced; the domain may be missing."""
        size = data[0]
        host, rest = data[1 : 1 + size], data[1 + size :]
        domain = rest[1 : 1 + rest[0]] if rest else b""
        if len(host) != size or (rest and len(domain) != rest[0]):
            raise ValueError("a name is longer than the capability")
        return cls(host.decode("utf-8", "replace"), domain.decode("utf-8", "replace"))


@dataclass(frozen=True, slots=True)
class UnknownCapability:
    """A capability without a row here, kept as it came."""

    code: int
    data: bytes

    def encode(self) -> bytes:
        """The bytes that came."""
        return self.data


Known = (
    Multiprotocol
    | RouteRefresh
    | OldRouteRefresh
    | ExtendedNexthop
    | ExtendedMessage
    | RoleCapability
    | GracefulRestart
    | FourOctetAs
    | AddPath
    | OldDynamic
    | Dynamic
    | EnhancedRefresh
    | LongLivedGracefulRestart
    | Fqdn
    | OutboundFiltering
)
Capability = Known | UnknownCapability


@dataclass(frozen=True, slots=True)
class Row:
    """What is known of one capability code: the words of logs, and how to read it."""

    name: str
    decode: Callable[[bytes], Known]


ROWS: Final[dict[int, Row]] = {
    1: Row("MultiProtocol Extensions", Multiprotocol.decode),
    2: Row("Route Refresh", RouteRefresh.decode),
    5: Row("Extended Next Hop Encoding", ExtendedNexthop.decode),
    6: Row("Extended Message", ExtendedMessage.decode),
    9: Row("Role", RoleCapability.decode),
    3: Row("Cooperative Route Filtering", OutboundFiltering.decode),
    64: Row("Graceful Restart", GracefulRestart.decode),
    65: Row("4-octet AS number", FourOctetAs.decode),
    66: Row("Dynamic (Old)", OldDynamic.decode),
    67: Row("Dynamic", Dynamic.decode),
    69: Row("AddPath", AddPath.decode),
    70: Row("Enhanced Route Refresh", EnhancedRefresh.decode),
    71: Row("Long-lived BGP Graceful Restart", LongLivedGracefulRestart.decode),
    73: Row("FQDN", Fqdn.decode),
    128: Row("Route Refresh (Old)", OldRouteRefresh.decode),
    130: Row("ORF (Old)", OldOutboundFiltering.decode),
}


def _cut(name: str) -> bytes:
    return name.encode()[:255].decode("utf-8", "ignore").encode()


def encode(capability: Capability) -> bytes:
    """Code, length and value."""
    value = capability.encode()
    return bytes([capability.code, len(value)]) + value


def decode_all(data: bytes) -> list[Capability]:
    """The capabilities of one optional parameter; `Malformed` 2/0 when one does not fit."""
    found: list[Capability] = []
    position = 0
    while position < len(data):
        start = position + 2
        end = start + data[position + 1] if start <= len(data) else len(data) + 1
        if end > len(data):
            raise Malformed(Code.OPEN, OpenError.UNSPECIFIC, reason="capability is cut short")
        found.append(_decode(data[position], bytes(data[start:end])))
        position = end
    return found


def _decode(code: int, value: bytes) -> Capability:
    row = ROWS.get(code)
    if row is None:
        return UnknownCapability(code, value)
    try:
        return row.decode(value)
    except (ValueError, IndexError, StructError) as error:
        reason = f"capability {row.name} of {len(value)} bytes: {error}"
        raise Malformed(Code.OPEN, OpenError.UNSPECIFIC, reason=reason) from None
