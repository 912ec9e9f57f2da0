"""What a route-map says of a route that never goes on the wire."""

from dataclasses import dataclass
from struct import Struct
from typing import Final

_PACKED = Struct("!IIII")


@dataclass(frozen=True, slots=True)
class Extras:
    """The tag that zebra is told, the administrative distance and the routing table; 0 is none.

    Also the tag of the route that a redistributed one was made of.
    """

    tag: int = 0
    distance: int = 0
    table: int = 0
    ifindex: int = 0
    """The interface that a redistributed route goes by."""

    def pack(self) -> bytes:
        """Bytes that tell them apart, beside those of the attributes."""
        return _PACKED.pack(self.tag, self.distance, self.table, self.ifindex)


NONE: Final = Extras()
