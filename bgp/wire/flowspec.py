"""Flow specification rules on the wire (RFC 8955 sec. 4, RFC 8956 for IPv6).

An NLRI field holds rules, each with its length in front; a rule is a list of components. What
cannot be taken ends the session (RFC 8955 sec. 10, by RFC 4760 sec. 7), as in FRR. As FRR, and
other than RFC 8955 sec. 4.2, components are taken in any order and more than once, and a list of
values may end without the bit that says so.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import IntEnum
from typing import Final

from bgp.wire.errors import Code, Malformed, UpdateError

_SHORT: Final = 0xF0
"""Lengths below this one take one octet."""
_END, _AND = 0x80, 0x40
_KEPT: Final = 0x07
"""The bits of an operator that say how to compare."""


class Kind(IntEnum):
    """Component types."""

    DESTINATION = 1
    SOURCE = 2
    PROTOCOL = 3
    PORT = 4
    DESTINATION_PORT = 5
    SOURCE_PORT = 6
    ICMP_TYPE = 7
    ICMP_CODE = 8
    TCP_FLAGS = 9
    LENGTH = 10
    DSCP = 11
    FRAGMENT = 12
    FLOW_LABEL = 13
    """IPv6 only."""


PREFIXES: Final = (Kind.DESTINATION, Kind.SOURCE)
BITMASKS: Final = (Kind.TCP_FLAGS, Kind.FRAGMENT)


@dataclass(frozen=True, slots=True)
class Match:
    """One operator with its value.

    `operator` are the lowest three bits: less, greater, equal for numbers; not, match for bit
    masks. `conjunct` ties it to the one before by AND (OR otherwise; the first has nothing to be
    tied to). `size` is how many bytes the value takes: 1, 2, 4 or 8.
    """

    operator: int
    value: int
    size: int = 1
    conjunct: bool = False


@dataclass(frozen=True, slots=True)
class Network:
    """A prefix: `value` is an address of 32 or 128 bits whose first `length` bits count.

    IPv6 prefixes may leave out the first `offset` bits (RFC 8956 sec. 3.1). Bits that were sent
    behind the last one that counts are kept, as FRR shows them.
    """

    value: int
    length: int
    offset: int = 0


@dataclass(frozen=True, slots=True)
class Component:
    """A type with its prefix, or with what it is compared to."""

    kind: Kind
    network: Network | None = None
    matches: tuple[Match, ...] = ()


Rule = tuple[Component, ...]


def split(nlri: bytes, afi: int, addpath: bool = False) -> list[tuple[int, bytes]]:
    """`(path id, rule)` of all rules in a field, each looked through; path ids are 0 without
    `addpath`. Raises `Malformed` 3/9 as FRR does."""
    found: list[tuple[int, bytes]] = []
    position, end = 0, len(nlri)
    while position < end:
        path_id = 0
        if addpath:
            path_id = int.from_bytes(nlri[position : position + 4], "big")
            position += 4
        size, start = _length(nlri, position)
        position = start + size
        rule = bytes(nlri[start:position])
        if not size or len(rule) != size:
            raise _malformed(f"flow specification of {size} bytes")
        decode(rule, afi)
        found.append((path_id, rule))
    return found


def _length(nlri: bytes, position: int) -> tuple[int, int]:
    head = nlri[position : position + 2]
    if not head or (head[0] >= _SHORT and len(head) < 2):
        raise _malformed("length of a flow specification is cut short")
    if head[0] < _SHORT:
        return head[0], position + 1
    return (head[0] & 0x0F) << 8 | head[1], position + 2


def frame(rule: bytes) -> bytes:
    """A rule with its length in front, in two octets only if it must."""
    size = len(rule)
    if size < _SHORT:
        return bytes([size]) + rule
    return (0xF000 | size).to_bytes(2, "big") + rule


def decode(rule: bytes, afi: int) -> Rule:
    """The components of one rule, without its length; `Malformed` 3/9 for what is none."""
    components: list[Component] = []
    position = 0
    while position < len(rule):
        code = rule[position]
        if not 1 <= code <= (Kind.FRAGMENT if afi == 1 else Kind.FLOW_LABEL):
            raise _malformed(f"component of type {code}")
        kind = Kind(code)
        if kind in PREFIXES:
            network, position = _network(rule, position + 1, afi)
            components.append(Component(kind, network))
        else:
            matches, position = _matches(rule, position + 1)
            components.append(Component(kind, matches=matches))
    return tuple(components)


def _network(rule: bytes, position: int, afi: int) -> tuple[Network, int]:
    bits = 32 if afi == 1 else 128
    start = position + (1 if afi == 1 else 2)
    if start > len(rule):
        raise _malformed("prefix without a length")
    length = rule[position]
    offset = 0 if afi == 1 else rule[position + 1]
    if length > bits or offset > length:
        raise _malformed(f"prefix of {length} bits from {offset}")
    count = length - offset
    end = start + (count + 7) // 8
    data = rule[start:end]
    if end > len(rule):
        raise _malformed("prefix is cut short")
    value = _shifted(int.from_bytes(data, "big"), bits - offset - 8 * len(data))
    return Network(value, length, offset), end


def _shifted(value: int, places: int) -> int:
    return value << places if places >= 0 else value >> -places


def _matches(rule: bytes, position: int) -> tuple[tuple[Match, ...], int]:
    found: list[Match] = []
    while position < len(rule):
        operator = rule[position]
        size = 1 << (operator >> 4 & 3)
        position += 1
        value = rule[position : position + size]
        if len(value) < size:
            raise _malformed("value is cut short")
        # RFC 8955 sec. 4.2.1.1: the AND bit of the first operator counts as unset.
        conjunct = bool(found) and bool(operator & _AND)
        found.append(Match(operator & _KEPT, int.from_bytes(value, "big"), size, conjunct))
        position += size
        if operator & _END:
            break
    return tuple(found), position


def encode(rule: Iterable[Component], afi: int) -> bytes:
    """The bytes of a rule, without its length."""
    return b"".join(_encode(component, afi) for component in rule)


def _encode(component: Component, afi: int) -> bytes:
    network = component.network
    head = bytes([component.kind])
    if network is not None:
        bits = 32 if afi == 1 else 128
        count = network.length - network.offset
        size = (count + 7) // 8
        pattern = _shifted(network.value, network.offset + 8 * size - bits)
        head += bytes([network.length] if afi == 1 else [network.length, network.offset])
        return head + (pattern & ((1 << 8 * size) - 1)).to_bytes(size, "big")
    last = len(component.matches) - 1
    for index, match in enumerate(component.matches):
        operator = match.operator | (match.size.bit_length() - 1) << 4
        operator |= (_END if index == last else 0) | (_AND if match.conjunct else 0)
        head += bytes([operator]) + match.value.to_bytes(match.size, "big")
    return head


def _malformed(reason: str) -> Malformed:
    return Malformed(Code.UPDATE, UpdateError.OPTIONAL, reason=reason)
