"""Addresses and prefixes as small immutable values over plain integers.

The integer forms are what tables hold: `Prefix.key` sorts in the order in which FRR shows routes
and is the key of every routing table here (architecture: "The table is flat").
"""

from collections.abc import Iterator
from dataclasses import dataclass
from enum import IntEnum
from socket import AF_INET, AF_INET6, inet_ntop, inet_pton
from typing import Final


class Afi(IntEnum):
    """Address family number (IANA), as BGP and ZAPI send it. L2VPN has no addresses of its own."""

    IPV4 = 1
    IPV6 = 2
    L2VPN = 25

    @property
    def bits(self) -> int:
        """Length of an address in bits: 32 or 128."""
        return 32 if self is Afi.IPV4 else 128

    @property
    def size(self) -> int:
        """Length of an address in bytes: 4 or 16."""
        return 4 if self is Afi.IPV4 else 16

    @property
    def word(self) -> str:
        """The keyword of the command language: `ipv4`, `ipv6` or `l2vpn`."""
        return self.name.lower()


IP: Final = (Afi.IPV4, Afi.IPV6)
"""The families that have addresses and prefixes."""


class Safi(IntEnum):
    """Subsequent address family number (IANA)."""

    UNICAST = 1
    MULTICAST = 2
    LABELED_UNICAST = 4
    ENCAP = 7
    EVPN = 70
    VPN = 128
    FLOWSPEC = 133


def pack_address(afi: Afi, value: int) -> bytes:
    """The 4 or 16 bytes of an address in network order."""
    return value.to_bytes(4 if afi == 1 else 16, "big")


def address_text(afi: Afi, value: int) -> str:
    """`192.0.2.1` or `2001:db8::1`, as FRR writes it: inet_ntop's, but `::ffff:a00:1`."""
    if afi == 1:
        return f"{value >> 24}.{value >> 16 & 255}.{value >> 8 & 255}.{value & 255}"
    if value >> 32 == 0xFFFF:
        return f"::ffff:{value >> 16 & 0xFFFF:x}:{value & 0xFFFF:x}"
    return inet_ntop(AF_INET6, value.to_bytes(16, "big"))


def mask(afi: Afi, length: int) -> int:
    """The netmask of `length` leading bits as an integer."""
    bits = 32 if afi == 1 else 128
    return ((1 << length) - 1) << (bits - length)


SALT: Final = hash("grammar.base.values.Prefix.key") & (1 << 48) - 1
"""What nobody outside knows of the keys: it is of the interpreter's own seed."""
HALF: Final = (1 << 64) + SALT
"""What 1 in the upper half of an IPv6 address counts in a key; below it comes the lower half.

A number's hash is what is left of it by 2**61 - 1, so with 2**64 alone a neighbor could choose any
number of prefixes whose keys meet in one place of each dict, which then takes quadratic time. Of
one /64 a few keys still can.
"""


def spread(value: int) -> int:
    """An address as keys have it, in the same order; of IPv4 the same number."""
    return value + (value >> 64) * SALT


def gathered(number: int) -> int:
    """Undo `spread`."""
    return number - number // HALF * SALT


@dataclass(frozen=True, slots=True, order=True)
class Address:
    """An IPv4 or IPv6 address; sorts IPv4 first, then by number (FRR's order of peers)."""

    afi: Afi
    value: int

    @classmethod
    def parse(cls, text: str) -> "Address":
        """Read `A.B.C.D` (four decimal parts) or IPv6 text; ValueError names what is wrong."""
        try:
            if ":" in text:
                return cls(Afi.IPV6, int.from_bytes(inet_pton(AF_INET6, text), "big"))
            return cls(Afi.IPV4, int.from_bytes(inet_pton(AF_INET, text), "big"))
        except OSError:
            raise ValueError(f"not an address: {text!r}") from None

    @classmethod
    def unpack(cls, data: bytes) -> "Address":
        """From 4 or 16 bytes in network order; ValueError for another length."""
        if len(data) not in (4, 16):
            raise ValueError(f"an address has 4 or 16 bytes, not {len(data)}")
        return cls(Afi.IPV4 if len(data) == 4 else Afi.IPV6, int.from_bytes(data, "big"))

    def pack(self) -> bytes:
        """The 4 or 16 bytes in network order."""
        return pack_address(self.afi, self.value)

    def host_prefix(self) -> "Prefix":
        """This address as a /32 or /128."""
        return Prefix(self.afi, self.value, self.afi.bits)

    def __hash__(self) -> int:
        return hash((spread(self.value), self.afi == 1))

    @property
    def is_link_local(self) -> bool:
        """True for fe80::/10."""
        return self.afi is Afi.IPV6 and self.value >> 118 == 0x3FA

    @property
    def is_unspecified(self) -> bool:
        """True for 0.0.0.0 and ::."""
        return self.value == 0

    def __str__(self) -> str:
        return address_text(self.afi, self.value)


def is_address(text: str) -> bool:
    """True for what `Address.parse` reads."""
    try:
        Address.parse(text)
    except ValueError:
        return False
    return True


@dataclass(frozen=True, slots=True, order=True)
class Prefix:
    """A network: host bits are zero unless it was made `with_host` (interface addresses)."""

    afi: Afi
    value: int
    length: int

    @classmethod
    def parse(cls, text: str, *, with_host: bool = False) -> "Prefix":
        """Read `A.B.C.D/M` or `X:X::X:X/M`; host bits are cut unless `with_host`; ValueError."""
        address, slash, length_text = text.partition("/")
        if not slash or not length_text.isascii() or not length_text.isdigit():
            raise ValueError(f"not a prefix: {text!r}")
        host = Address.parse(address)
        length = int(length_text)
        if length > host.afi.bits:
            raise ValueError(f"prefix length out of range: {text!r}")
        value = host.value if with_host else host.value & mask(host.afi, length)
        return cls(host.afi, value, length)

    @classmethod
    def from_key(cls, afi: Afi, key: int) -> "Prefix":
        """Undo `key`."""
        if afi == 1:
            return cls(afi, key >> 6, key & 63)
        return cls(afi, gathered(key >> 8), key & 255)

    @property
    def key(self) -> int:
        """`addr << 6 | len` (IPv6: `spread(addr) << 8`): the tables' key; sorts as FRR shows
        routes."""
        if self.afi == 1:
            return self.value << 6 | self.length
        return spread(self.value) << 8 | self.length

    def __hash__(self) -> int:
        return hash((spread(self.value), self.length, self.afi == 1))

    @property
    def address(self) -> Address:
        """The address part alone."""
        return Address(self.afi, self.value)

    @property
    def network(self) -> "Prefix":
        """The same prefix with its host bits cut."""
        return Prefix(self.afi, self.value & mask(self.afi, self.length), self.length)

    def around(self) -> Iterator[int]:
        """The keys of all prefixes that cover this one, the widest first."""
        bits = self.afi.bits
        shift = 6 if bits == 32 else 8
        for length in range(self.length + 1):
            cut = bits - length
            yield spread(self.value >> cut << cut) << shift | length

    def covers(self, other: "Prefix") -> bool:
        """True if `other` is this network or lies within it."""
        return (
            self.afi == other.afi
            and self.length <= other.length
            and (self.value ^ other.value) >> (self.afi.bits - self.length) == 0
        )

    def __str__(self) -> str:
        return f"{address_text(self.afi, self.value)}/{self.length}"


def key_text(afi: Afi, key: int) -> str:
    """The text of a table key, without making a `Prefix` (for long listings)."""
    if afi == 1:
        a = key >> 6
        return f"{a >> 24}.{a >> 16 & 255}.{a >> 8 & 255}.{a & 255}/{key & 63}"
    return f"{address_text(afi, gathered(key >> 8))}/{key & 255}"
