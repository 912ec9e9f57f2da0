"""One next hop of a route as zebra sees it, and lists of them in FRR's orders."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from grammar.base.values import Address
from zebra.zapi.constants import BlackholeType, NexthopType
from zebra.zapi.routes import DEFAULT_VRF, Nexthop

MOST = 255
"""The greatest weight that a client can give; the kernel takes one more."""

IMPLICIT_NULL = 3
"""The label that says to send without one (RFC 3032 sec. 2.1)."""


@dataclass(frozen=True, slots=True)
class Hop:
    """One next hop as zebra sees it.

    `weight` 0 is none (connected and kernel routes), `source` the preferred source address.
    `resolved` are the next hops a recursive one leads to. `prefer` is the source address that a
    route-map set for the kernel's route, which FRR does not show.
    """

    type: NexthopType
    gate: Address | None = None
    ifindex: int = 0
    vrf: int = DEFAULT_VRF
    onlink: bool = False
    blackhole: BlackholeType = BlackholeType.UNSPECIFIED
    weight: int = 0
    source: Address | None = None
    active: bool = False
    duplicate: bool = False
    resolved: tuple["Hop", ...] = ()
    prefer: Address | None = None
    labels: tuple[int, ...] = ()
    """MPLS labels to put on, outermost first."""
    color: int = 0
    """Of an SR policy (RFC 9256), kept as it came."""
    backups: tuple[int, ...] = ()
    """Which of the group's spare next hops stand in for this one."""
    spares: tuple["Hop", ...] = ()
    """The spare next hops of the group, at the first of its own."""

    @classmethod
    def from_zapi(cls, nexthop: Nexthop) -> "Hop":
        """A client's next hop; without a weight it counts 1.

        Labels count with a gateway only, as in FRR.
        """
        return cls(
            nexthop.type,
            nexthop.gate,
            nexthop.ifindex,
            nexthop.vrf,
            nexthop.onlink,
            nexthop.blackhole,
            min(nexthop.weight, MOST) or 1,
            labels=nexthop.labels if nexthop.gate is not None else (),
            color=nexthop.color,
            backups=nexthop.backups,
        )

    def to_zapi(self, *, tracked: bool = False) -> Nexthop:
        """The form clients get; like FRR's it has the interface found, and no onlink flag.

        Those who track it (`tracked`) hear of its backups, too.
        """
        return Nexthop(
            self.type,
            self.gate,
            self.ifindex,
            self.vrf,
            blackhole=self.blackhole,
            weight=self.weight,
            labels=self.labels,
            backups=self.backups if tracked else (),
        )

    @property
    def recursive(self) -> bool:
        """True for one that resolves over another route."""
        return bool(self.resolved)

    def walk(self) -> Iterator["Hop"]:
        """This next hop and those it resolves to, as FRR lists them."""
        yield self
        for hop in self.resolved:
            yield from hop.walk()


def put_on(hop: Hop) -> tuple[int, ...]:
    """The labels that the kernel has to put on: implicit null is none."""
    return tuple(label for label in hop.labels if label != IMPLICIT_NULL)


def in_order(hops: Iterable[Hop]) -> tuple[Hop, ...]:
    """Next hops as FRR puts them within a group: by kind and weight, then where they lead."""
    return tuple(sorted(hops, key=_rank))


def _rank(hop: Hop) -> tuple[int, int, int, int, int]:
    return hop.vrf, hop.type, hop.weight, 0 if hop.gate is None else hop.gate.value, hop.ifindex


def walk(hops: tuple[Hop, ...]) -> Iterator[Hop]:
    """All next hops in FRR's order of display."""
    for hop in hops:
        yield from hop.walk()
