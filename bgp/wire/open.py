"""The OPEN message (RFC 4271 sec. 4.2, 6.2; AS numbers RFC 6793, long parameters RFC 9072)."""

from dataclasses import dataclass
from struct import Struct
from typing import Final

from bgp.wire import capability
from bgp.wire.capability import Capability, FourOctetAs
from bgp.wire.errors import Code, Malformed, OpenError

VERSION: Final = 4
AS_TRANS: Final = 23456
_FIXED = Struct("!BHHIB")
_U16 = Struct("!H")
_CAPABILITIES = 2
_EXTENDED = 255


@dataclass(frozen=True, slots=True)
class Open:
    """What a speaker says of itself: `asn` is the real one, wherever the message carries it.

    `hold_time` is in seconds (0 or 3-65535), `router_id` the identifier as a number.
    """

    asn: int
    hold_time: int
    router_id: int
    capabilities: tuple[Capability, ...] = ()
    version: int = VERSION
    extended: bool = False
    """Write the long form of RFC 9072 whatever the size."""

    def encode(self) -> bytes:
        """The body; every capability in a parameter of its own, as FRR sends them.

        The long form of RFC 9072 is used once the parameters pass 254 bytes.
        """
        encoded = [capability.encode(one) for one in self.capabilities]
        short = self.asn if self.asn < 65536 else AS_TRANS
        size = sum(2 + len(one) for one in encoded)
        fixed = (self.version, short, self.hold_time, self.router_id)
        if not self.extended and size < _EXTENDED and all(len(one) <= 255 for one in encoded):
            parameters = b"".join(bytes([_CAPABILITIES, len(one)]) + one for one in encoded)
            return _FIXED.pack(*fixed, size) + parameters
        parameters = b"".join(bytes([_CAPABILITIES]) + _U16.pack(len(one)) + one for one in encoded)
        extended = bytes([_EXTENDED]) + _U16.pack(len(parameters))
        return _FIXED.pack(*fixed, _EXTENDED) + extended + parameters

    @classmethod
    def decode(cls, body: bytes) -> "Open":
        """Read and check what needs no configuration; `Malformed` 2/x says what is wrong."""
        if len(body) < _FIXED.size:
            raise Malformed(Code.OPEN, OpenError.UNSPECIFIC, reason="OPEN is cut short")
        version, asn, hold_time, router_id, size = _FIXED.unpack_from(body)
        if version != VERSION:
            # RFC 4271 sec. 6.2: the data is the largest version supported, in two bytes.
            raise Malformed(Code.OPEN, OpenError.VERSION, _U16.pack(VERSION))
        capabilities = tuple(_parameters(bytes(body[_FIXED.size :]), size))
        real = _real_as(asn, capabilities)
        if router_id == 0:
            # Any other number will do (RFC 6286); FRR takes multicast addresses too.
            raise Malformed(Code.OPEN, OpenError.BGP_ID, router_id.to_bytes(4, "big"))
        if hold_time in (1, 2):
            # The unacceptable value goes back, as FRR does it; the RFC asks for no data.
            raise Malformed(Code.OPEN, OpenError.HOLD_TIME, _U16.pack(hold_time))
        return cls(real, hold_time, router_id, capabilities, version)

    @property
    def as4(self) -> bool:
        """True if the speaker sends AS numbers of four bytes."""
        return any(isinstance(one, FourOctetAs) for one in self.capabilities)


def _real_as(short: int, capabilities: tuple[Capability, ...]) -> int:
    real, data = short, _U16.pack(short)
    for one in capabilities:
        if isinstance(one, FourOctetAs):
            real, data = one.asn, one.encode()
    # RFC 7607: AS 0 is nobody's. RFC 6793 sec. 4.1: the two must agree unless the short one is
    # AS_TRANS.
    if real == 0 or (short not in (AS_TRANS, real)):
        raise Malformed(Code.OPEN, OpenError.PEER_AS, data)
    return real


def _parameters(data: bytes, size: int) -> list[Capability]:
    width = 1
    # RFC 9072 sec. 2: an optional length that is not zero and a first type of 255 announce two
    # bytes of length for the whole and for each parameter.
    if size and data[:1] == bytes([_EXTENDED]):
        if len(data) < 3:
            raise Malformed(Code.OPEN, OpenError.UNSPECIFIC, reason="OPEN is cut short")
        width, size, data = 2, _U16.unpack_from(data, 1)[0], data[3:]
    if size != len(data):
        raise Malformed(Code.OPEN, OpenError.UNSPECIFIC, reason="length of parameters is wrong")
    found: list[Capability] = []
    position = 0
    while position < size:
        start = position + 1 + width
        end = start + int.from_bytes(data[position + 1 : start], "big")
        if end > size:
            raise Malformed(Code.OPEN, OpenError.UNSPECIFIC, reason="parameter is cut short")
        if data[position] != _CAPABILITIES:
            # Type 1, authentication, has an answer of its own in FRR (deprecated by RFC 4271).
            subcode = OpenError.AUTHENTICATION if data[position] == 1 else OpenError.PARAMETER
            raise Malformed(Code.OPEN, subcode)
        found += capability.decode_all(data[start:end])
        position = end
    return found
