"""Label switched paths, of lines and of clients: what comes in with a label, and how it goes out.

FRR's bookkeeping; `zebra/switcher.py` tells the kernel of them.
"""

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from grammar.base.values import Address, Afi

if TYPE_CHECKING:
    from zebra.interface import Interfaces

EXPLICIT_NULLS = {Afi.IPV4: 0, Afi.IPV6: 2}
IMPLICIT_NULL = 3
"""RFC 3032 section 2.1."""


@dataclass(frozen=True, slots=True)
class Switch:
    """A neighbour, the label sent to it, and its interface (empty: none was found).

    `kind` is whose path it is, and of several kinds the one of the least `distance` counts.
    `below` are labels beneath the one that is sent.
    """

    gate: Address
    label: int
    interface: str = ""
    kind: str = "Static"
    distance: int = 1
    below: tuple[int, ...] = ()

    @property
    def labels(self) -> tuple[int, ...]:
        """All that are sent, outermost first."""
        return (self.label, *self.below)

    @property
    def words(self) -> str:
        """Its label as it is typed."""
        if self.label == EXPLICIT_NULLS[self.gate.afi]:
            return "explicit-null"
        return "implicit-null" if self.label == IMPLICIT_NULL else str(self.label)


@dataclass(slots=True)
class SwitchedPaths:
    """`paths` has the switches of each label that comes in, the newest one first.

    `enabled` is that `mpls enable` was typed once, from where on FRR takes MPLS for there.
    """

    enabled: bool = False
    paths: dict[int, list[Switch]] = field(default_factory=dict)
    routed: dict[int, list[Switch]] = field(default_factory=dict)
    """Those that follow from the labels of clients' routes (`zebra/fecs.py`)."""
    named: set[int] = field(default_factory=set)
    """The labels of lines that the kernel has not been told of."""

    def put(self, label: int, switch: Switch) -> None:
        """Enter a switch; one to the same neighbour keeps its place."""
        self.named.add(label)
        switches = self.paths.setdefault(label, [])
        for at, known in enumerate(switches):
            if known.gate == switch.gate:
                switches[at] = switch
                return
        switches.insert(0, switch)

    def drop(self, label: int, gate: Address | None) -> None:
        """Take a switch out, or all of a label."""
        self.named.add(label)
        left = [one for one in self.paths.get(label, ()) if gate not in (None, one.gate)]
        if left:
            self.paths[label] = left
        else:
            self.paths.pop(label, None)

    def ordered(self) -> list[tuple[int, Switch]]:
        """All of lines, by the labels that come in."""
        return [(label, one) for label in sorted(self.paths) for one in self.paths[label]]

    def of(self, label: int) -> list[Switch]:
        """All of a label that comes in."""
        return [*self.paths.get(label, ()), *self.routed.get(label, ())]

    def every(self) -> list[tuple[int, Switch]]:
        """All of lines and of clients."""
        labels = sorted(self.paths.keys() | self.routed.keys())
        return [(label, one) for label in labels for one in self.of(label)]


def interface_towards(interfaces: "Interfaces", gate: Address) -> str:
    """The interface on whose network a neighbour is; the last one that could be, as in FRR."""
    host = gate.host_prefix()
    found = [
        interface.name
        for interface in interfaces
        if interface.link.running
        for address in interface.of_afi(gate.afi)
        if address.prefix.network.covers(host)
    ]
    return found[-1] if found else ""
