"""Route flap dampening of an instance: which of its tables have it, and whose routes take part."""

from typing import TYPE_CHECKING

from bgp.config import Family
from bgp.rib.dampening import Dampening
from bgp.rib.path import Source

if TYPE_CHECKING:
    from bgp.instance import Instance
    from bgp.peer import Peer


class Penalties:
    """The `bgp dampening` lines in force."""

    def __init__(self, instance: "Instance") -> None:
        self._instance = instance
        self._running: dict[Family, Dampening] = {}

    def configure(self) -> None:
        """Bring what runs in line with the lines; other numbers begin with no penalties."""
        instance = self._instance
        bgpd = instance.bgpd
        for family, lines in instance.config.families.items():
            running = self._running.get(family)
            if (running and running.settings) == lines.dampening:
                continue
            if running is not None:
                self._running.pop(family).stop()
            table = instance.tables.get(family)
            if lines.dampening is not None and table is not None:
                self._running[family] = Dampening(
                    table, lines.dampening, bgpd.clock.now, bgpd.call_later, bgpd.work.add
                )

    def of(self, family: Family) -> Dampening | None:
        """The penalties of a family; None without the line."""
        return self._running.get(family)

    def of_peer(self, peer: "Peer", family: Family) -> Dampening | None:
        """The penalties that a neighbour's routes get; None for internal ones, as in FRR."""
        return self._running.get(family) if self._running and peer.is_ebgp else None

    def forget(self, source: Source) -> None:
        """A neighbour is gone for good."""
        for running in self._running.values():
            running.forget(source)
