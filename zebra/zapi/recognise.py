"""Which dialect a client speaks: FRR says version 6 in every header, whatever its numbers are.

What clients were seen to send first (captures of 8.4.4 and of gobgpd 3.10):

* bgpd: HELLO, INTERFACE_ADD, BFD_CLIENT_REGISTER, and DUPLICATE_ADDR_DETECTION with an instance;
  the last two have numbers of their own in each dialect.
* staticd, and bgpd's second connection: HELLO, INTERFACE_ADD, then nothing that tells before the
  first NEXTHOP_REGISTER, whose layout does.
* gobgpd: HELLO, ROUTER_ID_ADD; its HELLO is bgpd's to the bit, and it sends nothing that tells
  before it has been told interfaces and routes. No daemon of FRR begins with ROUTER_ID_ADD.
"""

from zebra.zapi.codec import DIALECTS, FRR81, Dialect, fits
from zebra.zapi.header import Frame

_HELLO = 18
_ROUTER_ID_ADD = 15
_GOBGP = bytes((9, *bytes(8)))
"""The body of its HELLO: BGP, and nothing else."""


def telling(frame: Frame) -> Dialect | None:
    """The only dialect in which a client's message makes sense; None if there is not one.

    An empty body fits too much to tell.
    """
    if not frame.body:
        return None
    found = [dialect for dialect in DIALECTS if fits(frame.command, frame.body, dialect)]
    return found[0] if len(found) == 1 else None


class Recogniser:
    """Looks at a client's messages in order until one tells."""

    def __init__(self) -> None:
        self._hello = b""
        self._first = True

    def look(self, frame: Frame) -> Dialect | None:
        """The client's dialect, None as long as nothing told."""
        if frame.command == _HELLO:
            self._hello = frame.body
            return None
        first, self._first = self._first, False
        if first and frame.command == _ROUTER_ID_ADD and self._hello == _GOBGP:
            return FRR81
        return telling(frame)
