"""Route distinguishers: eight bytes in front of a prefix (RFC 4364 sec. 4.2)."""

import re
from socket import inet_ntoa
from struct import Struct
from typing import Final

from grammar.base.values import Address

_TWO_OCTETS: Final = Struct("!HHI")
_FOUR_OCTETS: Final = Struct("!HIH")
_FORM: Final = re.compile(r"(\d+|\d+\.\d+\.\d+\.\d+):(\d+)")


def parse_distinguisher(text: str) -> bytes | None:
    """`65000:1` or `192.0.2.1:5` as eight bytes, None for what is none.

    As in FRR a number that is too long loses its upper bits.
    """
    found = _FORM.fullmatch(text)
    if found is None:
        return None
    administrator, number = found[1], int(found[2])
    if "." in administrator:
        try:
            address = Address.parse(administrator)
        except ValueError:
            return None
        return _FOUR_OCTETS.pack(1, address.value, number & 0xFFFF)
    asn = int(administrator) & 0xFFFFFFFF
    if asn < 1 << 16:
        return _TWO_OCTETS.pack(0, asn, number & 0xFFFFFFFF)
    return _FOUR_OCTETS.pack(2, asn, number & 0xFFFF)


def distinguisher_text(data: bytes) -> str:
    """The eight bytes as they print."""
    kind = data[1]
    if kind == 0:
        _, asn, number = _TWO_OCTETS.unpack(data)
        return f"{asn}:{number}"
    _, administrator, number = _FOUR_OCTETS.unpack(data)
    return f"{inet_ntoa(data[2:6]) if kind == 1 else administrator}:{number}"
