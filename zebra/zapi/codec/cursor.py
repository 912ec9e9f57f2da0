"""A bounds-checked cursor over a message's body, and the small encoders that mirror it."""

from collections.abc import Callable
from enum import IntEnum
from struct import Struct
from typing import TypeVar

from grammar.base.values import Address, Afi, Prefix, Safi, mask
from zebra.zapi.header import ZapiError

U8 = Struct(">B")
U16 = Struct(">H")
U32 = Struct(">I")
HOST32 = Struct("=I")
"""Host order: FRR copies some integers as they lie in memory."""

FAMILY_IPV4 = 2
FAMILY_IPV6 = 10
FAMILIES = {FAMILY_IPV4: Afi.IPV4, FAMILY_IPV6: Afi.IPV6}
FAMILY_OF = {Afi.IPV4: FAMILY_IPV4, Afi.IPV6: FAMILY_IPV6}

_SAFIS = {safi.value: safi for safi in (Safi.UNICAST, Safi.MULTICAST)}

_Enum = TypeVar("_Enum", bound=IntEnum)


def as_afi(family: int) -> Afi:
    """A socket family (2 or 10) as `Afi`."""
    if family not in FAMILIES:
        raise ZapiError(f"unknown address family {family}")
    return FAMILIES[family]


def as_safi(number: int) -> Safi:
    """Unicast or multicast: of the others FRR's numbers are not IANA's, and none comes."""
    if number not in _SAFIS:
        raise ZapiError(f"unknown safi {number}")
    return _SAFIS[number]


class Cursor:
    """Reads fields one after the other; ZapiError when the body ends too early."""

    __slots__ = ("_at", "_body")

    def __init__(self, body: bytes) -> None:
        self._body = body
        self._at = 0

    @property
    def left(self) -> int:
        """Bytes not read yet."""
        return len(self._body) - self._at

    def take(self, size: int) -> bytes:
        """The next `size` bytes."""
        at = self._at
        end = at + size
        if end > len(self._body):
            raise ZapiError(f"body ends {end - len(self._body)} bytes too early")
        self._at = end
        return self._body[at:end]

    def u8(self) -> int:
        """One byte."""
        return self.take(1)[0]

    def u16(self) -> int:
        """Two bytes, network order."""
        return int.from_bytes(self.take(2), "big")

    def u32(self) -> int:
        """Four bytes, network order."""
        return int.from_bytes(self.take(4), "big")

    def host32(self) -> int:
        """Four bytes, host order."""
        return int(HOST32.unpack(self.take(4))[0])

    def enum(self, kind: type[_Enum], read: Callable[[], int]) -> _Enum:
        """A number of an enumeration; ZapiError for one that it does not have."""
        number = read()
        try:
            return kind(number)
        except ValueError:
            raise ZapiError(f"{number} is no {kind.__name__}") from None

    def family(self, read: Callable[[], int]) -> Afi:
        """A socket family (2 or 10) as `Afi`."""
        return as_afi(read())

    def safi(self, read: Callable[[], int]) -> Safi:
        """Unicast or multicast."""
        return as_safi(read())

    def address(self, afi: Afi) -> Address:
        """An address of the family, 4 or 16 bytes."""
        return Address(afi, int.from_bytes(self.take(afi.size), "big"))

    def length(self, afi: Afi) -> int:
        """A prefix length in one byte; ZapiError if longer than an address."""
        length = self.u8()
        if length > afi.bits:
            raise ZapiError(f"prefix length {length} in {afi.word}")
        return length

    def short_prefix(self, afi: Afi) -> Prefix:
        """A length and no more address bytes than it needs, host bits cut."""
        length = self.length(afi)
        size = (length + 7) // 8
        value = int.from_bytes(self.take(size), "big") << (afi.bits - 8 * size)
        return Prefix(afi, value & mask(afi, length), length)

    def full_prefix(self, afi: Afi) -> Prefix:
        """A length and a whole address, host bits cut."""
        length = self.length(afi)
        return Prefix(afi, int.from_bytes(self.take(afi.size), "big") & mask(afi, length), length)

    def address_then_length(self, afi: Afi) -> Prefix:
        """A whole address and then a length; host bits stay."""
        value = int.from_bytes(self.take(afi.size), "big")
        return Prefix(afi, value, self.length(afi))

    def name(self, size: int) -> str:
        """A name in a field of `size` bytes, ended by zero bytes."""
        return self.take(size).partition(b"\0")[0].decode("utf-8", "surrogateescape")


def pack_name(name: str, size: int) -> bytes:
    """A name filled up with zero bytes; ZapiError if it leaves no room for one."""
    data = name.encode("utf-8", "surrogateescape")
    if len(data) >= size:
        raise ZapiError(f"name {name!r} has more than {size - 1} bytes")
    return data.ljust(size, b"\0")


def pack_short(prefix: Prefix) -> bytes:
    """The inverse of `short_prefix`."""
    return bytes((prefix.length,)) + prefix.address.pack()[: (prefix.length + 7) // 8]


def pack_full(prefix: Prefix) -> bytes:
    """The inverse of `full_prefix`."""
    return bytes((prefix.length,)) + prefix.address.pack()


def pack_address_then_length(prefix: Prefix) -> bytes:
    """The inverse of `address_then_length`."""
    return prefix.address.pack() + bytes((prefix.length,))
