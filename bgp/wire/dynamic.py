"""The CAPABILITY message (draft-ietf-idr-dynamic-cap), as FRR writes it: families only."""

from collections.abc import Iterator
from enum import IntEnum
from struct import Struct
from typing import Final

from bgp.wire.capability import Family
from bgp.wire.errors import Code, Header, Malformed
from bgp.wire.message import MessageType, pack

_HEAD: Final = Struct("!BBB")
_FAMILY: Final = Struct("!HBB")
_MULTIPROTOCOL: Final = 1


class Action(IntEnum):
    """What becomes of a capability."""

    SET = 0
    UNSET = 1


def told(action: Action, family: Family) -> bytes:
    """The whole message about one family."""
    value = _FAMILY.pack(family[0], 0, family[1])
    return pack(MessageType.CAPABILITY, _HEAD.pack(action, _MULTIPROTOCOL, len(value)) + value)


def read(body: bytes) -> Iterator[tuple[Action, tuple[int, int]]]:
    """The families of a message; other capabilities are passed over. `Malformed` 1/2 if cut."""
    position = 0
    while position < len(body):
        start = position + _HEAD.size
        if start > len(body):
            raise Malformed(Code.HEADER, Header.BAD_LENGTH, reason="capability is cut short")
        action, code, size = _HEAD.unpack_from(body, position)
        position = start + size
        if position > len(body) or action not in set(Action):
            raise Malformed(Code.HEADER, Header.BAD_LENGTH, reason="capability is cut short")
        if code == _MULTIPROTOCOL and size == _FAMILY.size:
            afi, _, safi = _FAMILY.unpack_from(body, start)
            yield Action(action), (afi, safi)
