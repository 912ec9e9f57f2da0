"""ROUTE-REFRESH (RFC 2918) with the begin and end marks of RFC 7313."""

from dataclasses import dataclass
from enum import IntEnum
from struct import Struct

from bgp.wire.errors import Code, Malformed

_BODY = Struct("!HBB")


class RefreshKind(IntEnum):
    """Third octet of the body: a request, or the marks around the answer to one."""

    REQUEST = 0
    BEGIN = 1
    END = 2


@dataclass(frozen=True, slots=True)
class Refresh:
    """A message about one family; kinds without a name are to be ignored (RFC 7313 sec. 5).

    `filters` are the outbound route filters of a request (RFC 5291), not looked into.
    """

    afi: int
    safi: int
    kind: int = RefreshKind.REQUEST
    filters: bytes = b""

    def encode(self) -> bytes:
        """The body: four bytes, and the filters."""
        return _BODY.pack(self.afi, self.kind, self.safi) + self.filters

    @classmethod
    def decode(cls, body: bytes) -> "Refresh":
        """Four bytes; more are taken for a request only (ORF, RFC 5291); `Malformed` 7/1."""
        if len(body) < _BODY.size:
            raise Malformed(Code.ROUTE_REFRESH, 1, bytes(body))
        afi, kind, safi = _BODY.unpack_from(body)
        if len(body) > _BODY.size and kind in (RefreshKind.BEGIN, RefreshKind.END):
            raise Malformed(Code.ROUTE_REFRESH, 1, bytes(body))
        return cls(afi, safi, kind, bytes(body[_BODY.size :]))
