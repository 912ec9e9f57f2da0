"""NOTIFICATION: why a session ends, and FRR's words for it (RFC 4271 sec. 4.5, RFC 4486)."""

from dataclasses import dataclass
from typing import Final

from bgp.wire.errors import Cease, Code, Malformed

SHUTDOWN_LIMIT: Final = 128
"""Bytes of a shutdown communication that FRR sends (RFC 8203; RFC 9003 allows 255)."""

# Words of codes and subcodes as `show bgp neighbors` prints them (seen for each of them).
_WORDS: Final[dict[int, tuple[str, dict[int, str]]]] = {
    1: (
        "Message Header Error",
        {1: "/Connection Not Synchronized", 2: "/Bad Message Length", 3: "/Bad Message Type"},
    ),
    2: (
        "OPEN Message Error",
        {
            0: "/Unspecific",
            1: "/Unsupported Version Number",
            2: "/Bad Peer AS",
            3: "/Bad BGP Identifier",
            4: "/Unsupported Optional Parameter",
            5: "/Authentication Failure",
            6: "/Unacceptable Hold Time",
            7: "/Unsupported Capability",
            11: "/Role Mismatch",
        },
    ),
    3: (
        "UPDATE Message Error",
        {
            0: "/Unspecific",
            1: "/Malformed Attribute List",
            2: "/Unrecognized Well-known Attribute",
            3: "/Missing Well-known Attribute",
            4: "/Attribute Flags Error",
            5: "/Attribute Length Error",
            6: "/Invalid ORIGIN Attribute",
            7: "/AS Routing Loop",
            8: "/Invalid NEXT_HOP Attribute",
            9: "/Optional Attribute Error",
            10: "/Invalid Network Field",
            11: "/Malformed AS_PATH",
        },
    ),
    5: (
        "Neighbor Events Error",
        {
            0: "/Unspecific",
            1: "/Receive Unexpected Message in OpenSent State",
            2: "/Receive Unexpected Message in OpenConfirm State",
            3: "/Receive Unexpected Message in Established State",
        },
    ),
    6: (
        "Cease",
        {
            0: "/Unspecific",
            1: "/Maximum Number of Prefixes Reached",
            2: "/Administrative Shutdown",
            3: "/Peer De-configured",
            4: "/Administrative Reset",
            5: "/Connection Rejected",
            6: "/Other Configuration Change",
            7: "/Connection Collision Resolution",
            8: "/Out of Resources",
            9: "/Hard Reset",
            10: "/BFD Down",
        },
    ),
    7: ("ROUTE-REFRESH Message Error", {0: "/Unspecific", 1: "/Invalid Message Length"}),
}
_NO_CODE: Final = "Unrecognized Error Code"
_NO_SUBCODE: Final = "Unrecognized Error Subcode"


@dataclass(frozen=True, slots=True)
class Notification:
    """The last message of a session.

    A hard reset (RFC 8538) is told by `hard`; `code`, `subcode` and `data` are then those of the
    reason inside it, and the Cease/Hard Reset around it is made and removed here.
    """

    code: int
    subcode: int = 0
    data: bytes = b""
    hard: bool = False

    def encode(self) -> bytes:
        """The body."""
        inner = bytes([self.code, self.subcode]) + self.data
        return bytes([Code.CEASE, Cease.HARD_RESET]) + inner if self.hard else inner

    @classmethod
    def decode(cls, body: bytes) -> "Notification":
        """At least two bytes; `Malformed` 1/2 if there are fewer (the framer sees to that)."""
        if len(body) < 2:
            raise Malformed(Code.HEADER, 2, bytes(body))
        if body[0] == Code.CEASE and body[1] == Cease.HARD_RESET and len(body) >= 4:
            return cls(body[2], body[3], bytes(body[4:]), hard=True)
        return cls(body[0], body[1], bytes(body[2:]))

    @classmethod
    def of(cls, error: Malformed) -> "Notification":
        """The message that answers a malformed one."""
        return cls(error.code, error.subcode, error.data)

    @classmethod
    def shutdown(
        cls, message: str = "", subcode: int = Cease.ADMINISTRATIVE_SHUTDOWN
    ) -> "Notification":
        """Cease with a shutdown communication (RFC 8203), cut to 128 bytes of UTF-8."""
        if not message:
            return cls(Code.CEASE, subcode)
        text = message.encode()[:SHUTDOWN_LIMIT].decode("utf-8", "ignore").encode()
        return cls(Code.CEASE, subcode, bytes([len(text)]) + text)

    @property
    def is_collision(self) -> bool:
        """True for the end of the losing one of two connections, which FRR does not count."""
        return (self.code, self.subcode) == (Code.CEASE, Cease.COLLISION)

    @property
    def shutdown_message(self) -> str | None:
        """The text an operator sent along with a shutdown or reset, None if there is none."""
        if self.code != Code.CEASE or self.subcode not in (2, 4) or not self.data:
            return None
        size = self.data[0]
        if size == 0 or size > len(self.data) - 1:
            return None
        return self.data[1 : 1 + size].decode("utf-8", "replace")

    @property
    def text(self) -> str:
        """FRR's words: `Cease/Administrative Shutdown`, with `/Hard Reset` when it is one."""
        if self.code not in _WORDS:
            words = "Hold Timer Expired" if self.code == Code.HOLD_TIMER else _NO_CODE
        else:
            words, subwords = _WORDS[self.code]
            words += subwords.get(self.subcode, _NO_SUBCODE)
        return f"{words}/Hard Reset" if self.hard else words
