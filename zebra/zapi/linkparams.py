"""What traffic engineering tells of a link (RFC 3630, RFC 7471), as clients of zebra hear it."""

from dataclasses import dataclass
from enum import IntFlag

from grammar.base.values import Address, Afi

NOBODY = Address(Afi.IPV4, 0)


class LinkParam(IntFlag):
    """Which of the fields were set."""

    NONE = 0
    METRIC = 0x1
    MAX_BANDWIDTH = 0x2
    MAX_RESERVABLE = 0x4
    UNRESERVED = 0x8
    GROUPS = 0x10
    NEIGHBOR = 0x20
    DELAY = 0x40
    DELAY_BOUNDS = 0x80
    DELAY_VARIATION = 0x100
    LOSS = 0x200
    RESIDUAL = 0x400
    AVAILABLE = 0x800
    UTILISED = 0x1000


@dataclass(frozen=True, slots=True)
class TrafficParams:
    """Bandwidths are bytes a second, delays microseconds, the loss is percent.

    `unreserved` has one for each of eight priorities. The neighbour is a router of another AS.
    """

    given: LinkParam = LinkParam.NONE
    metric: int = 0
    max_bandwidth: float = 0.0
    max_reservable: float = 0.0
    unreserved: tuple[float, ...] = (0.0,) * 8
    groups: int = 0
    neighbor_as: int = 0
    neighbor: Address = NOBODY
    delay: int = 0
    least_delay: int = 0
    longest_delay: int = 0
    delay_variation: int = 0
    loss: float = 0.0
    residual: float = 0.0
    available: float = 0.0
    utilised: float = 0.0


@dataclass(frozen=True, slots=True)
class InterfaceLinkParams:
    """The parameters of an interface are these now."""

    ifindex: int
    params: TrafficParams
