"""The one error of the wire: what a peer sent cannot be taken, and what follows from it."""

from enum import Enum, IntEnum


class Reaction(Enum):
    """What a malformed message costs (RFC 7606 sec. 2), from worst to mildest."""

    RESET = "session reset"
    WITHDRAW = "treat-as-withdraw"
    DISCARD = "attribute discard"


class Code(IntEnum):
    """Error codes of a NOTIFICATION (RFC 4271 sec. 4.5, RFC 7313 sec. 5)."""

    HEADER = 1
    OPEN = 2
    UPDATE = 3
    HOLD_TIMER = 4
    FSM = 5
    CEASE = 6
    ROUTE_REFRESH = 7


class Header(IntEnum):
    """Subcodes of a message header error."""

    NOT_SYNCHRONIZED = 1
    BAD_LENGTH = 2
    BAD_TYPE = 3


class OpenError(IntEnum):
    """Subcodes of an OPEN message error."""

    UNSPECIFIC = 0
    VERSION = 1
    PEER_AS = 2
    BGP_ID = 3
    PARAMETER = 4
    AUTHENTICATION = 5
    HOLD_TIME = 6
    CAPABILITY = 7
    ROLE_MISMATCH = 11


class UpdateError(IntEnum):
    """Subcodes of an UPDATE message error."""

    MALFORMED_LIST = 1
    UNRECOGNIZED_WELL_KNOWN = 2
    MISSING_WELL_KNOWN = 3
    FLAGS = 4
    LENGTH = 5
    ORIGIN = 6
    NEXT_HOP = 8
    OPTIONAL = 9
    NETWORK = 10
    AS_PATH = 11


class Cease(IntEnum):
    """Subcodes of a Cease (RFC 4486, RFC 8538, RFC 9384)."""

    UNSPECIFIC = 0
    MAXIMUM_PREFIXES = 1
    ADMINISTRATIVE_SHUTDOWN = 2
    PEER_UNCONFIGURED = 3
    ADMINISTRATIVE_RESET = 4
    CONNECTION_REJECTED = 5
    CONFIGURATION_CHANGE = 6
    COLLISION = 7
    OUT_OF_RESOURCES = 8
    HARD_RESET = 9
    BFD_DOWN = 10


class Malformed(Exception):  # noqa: N818  the name is a word of RFC 7606
    """Bytes from a peer that break a rule; `code`, `subcode` and `data` make the NOTIFICATION.

    `data` is what RFC 4271 sec. 6 wants sent back. Decoders raise nothing else, whatever the bytes.
    """

    def __init__(
        self,
        code: int,
        subcode: int,
        data: bytes = b"",
        reaction: Reaction = Reaction.RESET,
        reason: str = "",
    ) -> None:
        super().__init__(reason or f"malformed message: code {code}, subcode {subcode}")
        self.code = int(code)
        self.subcode = int(subcode)
        self.data = bytes(data)
        self.reaction = reaction
