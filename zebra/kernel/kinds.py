"""What links of some kinds have of their own, and the scopes of what is on them."""

from dataclasses import dataclass
from enum import IntEnum
from typing import Final

from grammar.base.values import Address

RTM_F_OFFLOAD: Final = 0x4000
RTM_F_TRAP: Final = 0x8000
RTM_F_OFFLOAD_FAILED: Final = 0x20000000
"""What hardware beneath the kernel does with a route (rtm_flags)."""


class Scope(IntEnum):
    """How far a destination is (rtm_scope, ifa_scope)."""

    UNIVERSE = 0
    SITE = 200
    LINK = 253
    HOST = 254
    NOWHERE = 255


@dataclass(frozen=True, slots=True)
class Vxlan:
    """A VXLAN: its number, the own address and where what has no entry goes, if they are IPv4."""

    vni: int
    local: Address | None = None
    group: Address | None = None


@dataclass(frozen=True, slots=True)
class Refused:
    """A request that the kernel did not carry out.

    `kind` is its rtnetlink number, `error` the errno, `reason` the kernel's sentence if it has one.
    """

    kind: int
    error: int
    sequence: int
    port: int
    reason: str
