"""Label switched paths in the kernel: routes of the family AF_MPLS.

Linux has them where MPLS is configured (`net.mpls.platform_labels`); else it refuses them.
"""

import errno
import os
import struct
import sys
from collections.abc import Callable
from dataclasses import dataclass
from socket import AF_INET, AF_INET6
from struct import Struct

from grammar.base.values import Address

AF_MPLS = 28
PROTOCOL = 196
"""Whose static ones are."""
_BITS = 20
_TABLE = 254
_UNICAST = 1
_DST, _OIF, _MULTIPATH, _VIA, _NEWDST = 1, 4, 9, 18, 19
_NESTED = 0x8000
_LAST = 1 << 8
"""The mark of the last label of a stack (RFC 3032 sec. 2.1)."""
_RTNH = Struct("=HBBI")


@dataclass(frozen=True, slots=True)
class SwitchWay:
    """A neighbour on an interface, and the labels that go to it, outermost first."""

    gate: Address
    ifindex: int
    labels: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class SetSwitch:
    """What comes in with a label goes these ways, or with none nowhere any more."""

    label: int
    ways: tuple[SwitchWay, ...] = ()
    protocol: int = PROTOCOL


def body(change: SetSwitch, attribute: Callable[[int, bytes], bytes]) -> bytes:
    """The message of a change behind its header; `attribute` packs one rtattr."""
    head = struct.pack("=8BI", AF_MPLS, _BITS, 0, 0, _TABLE, change.protocol, 0, _UNICAST, 0)
    parts = head + attribute(_DST, _stack((change.label,)))
    if len(change.ways) == 1:
        (way,) = change.ways
        return parts + _way(way, attribute) + attribute(_OIF, struct.pack("=I", way.ifindex))
    several = b""
    for way in change.ways:
        packed = _way(way, attribute)
        several += _RTNH.pack(_RTNH.size + len(packed), 0, 0, way.ifindex) + packed
    return parts + (attribute(_MULTIPATH | _NESTED, several) if several else b"")


def write_label_switch(interface: str, on: bool) -> None:
    """Have a link take packets with labels, or no more; OSError where there is no such sysctl."""
    if "/" in interface:
        no_label_switch(interface)
    descriptor = os.open(_input(interface), os.O_WRONLY)
    try:
        os.write(descriptor, b"1\n" if on else b"0\n")
    finally:
        os.close(descriptor)


def no_label_switch(interface: str) -> None:
    """Say that there is no such sysctl."""
    path = _input(interface)
    raise FileNotFoundError(errno.ENOENT, os.strerror(errno.ENOENT), path)


def _input(interface: str) -> str:
    return f"/proc/sys/net/mpls/conf/{interface}/input"


def _way(way: SwitchWay, attribute: Callable[[int, bytes], bytes]) -> bytes:
    family = AF_INET if way.gate.afi.bits == 32 else AF_INET6
    via = attribute(_VIA, family.to_bytes(2, sys.byteorder) + way.gate.pack())
    return attribute(_NEWDST, _stack(way.labels)) + via if way.labels else via


def _stack(labels: tuple[int, ...]) -> bytes:
    words = [label << 12 for label in labels]
    words[-1] |= _LAST
    return b"".join(word.to_bytes(4, "big") for word in words)
