"""NOTIFICATION: why a session ends, and FRR's words for it (RFC 4271 sec. 4.5, RFC 4486)."""

from dataclasses import dataclass
from typing import Final

from bgp.wire.errors import Cease, Code, Malformed

SHUTDOWN_LIMIT: Final = 128
"""Bytes of a shutdown communication that FRR sends (RFC 8203; RFC 9003 allows 255)."""

# Words and subcodes as `show bgp neighbors` prints them.
_WORDS: Final[dict[int, tuple[str, tuple[str, ...]]]] = {
    1: (
        "Message Header Error",
        ("", "/Connection Not Synchronized", "/Bad Message Length", "/Bad Message Type"),
    ),
    2: (
        "OPEN Message Error",
        (
            "/Unspecific",
            "/Unsupported Version Number",
            "/Bad Peer AS",
            "/Bad BGP Identifier",
            "/Unsupported Optional Parameter",
            "/Authentication Failure",
            "/Unacceptable Hold Time",
            "/Unsupported Capability",
            "",
            "",
            "",
            "/Role Mismatch",
        ),
    ),
    3: (
        "UPDATE Message Error",
        (
            "/Unspecific",
            "/Malformed Attribute List",
            "/Unrecognized Well-known Attribute",
            "/Missing Well-known Attribute",
            "/Attribute Flags Error",
            "/Attribute Length Error",
            "/Invalid ORIGIN Attribute",
            "/AS Routing Loop",
            "/Invalid NEXT_HOP Attribute",
            "/Optional Attribute Error",
            "/Invalid Network Field",
            "/Malformed AS_PATH",
        ),
    ),
    4: ("Hold Timer Expired", ()),
    5: (
        "Neighbor Events Error",
        (
            "/Unspecific",
            "/Receive Unexpected Message in OpenSent State",
            "/Receive Unexpected Message in OpenConfirm State",
            "/Receive Unexpected Message in Established State",
        ),
    ),
    6: (
        "Cease",
        (
            "/Unspecific",
            "/Maximum Number of Prefixes Reached",
            "/Administrative Shutdown",
            "/Peer Unconfigured",
            "/Administrative Reset",
            "/Connection Rejected",
            "/Other Configuration Change",
            "/Connection Collision Resolution",
            "/Out of Resources",
            "/Hard Reset",
        ),
    ),
    7: ("Route-Refresh Message Error", ("", "/Invalid Message Length")),
}


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
        words, subwords = _WORDS.get(self.code, ("", ()))
        sub = subwords[self.subcode] if self.subcode < len(subwords) else ""
        return f"{words}{sub}{'/Hard Reset' if self.hard else ''}"
