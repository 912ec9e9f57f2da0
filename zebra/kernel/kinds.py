"""What links of some kinds have of their own."""

from dataclasses import dataclass

from grammar.base.values import Address


@dataclass(frozen=True, slots=True)
class Vxlan:
    """A VXLAN: its number, the own address and where what has no entry goes, if they are IPv4."""

    vni: int
    local: Address | None = None
    group: Address | None = None
