"""Families in which nothing is chosen or announced for a while after a start."""

from collections.abc import Callable, Generator, Iterable
from typing import TYPE_CHECKING

from bgp.choices import choices
from bgp.config import Family
from bgp.rib.table import Table

if TYPE_CHECKING:
    from bgp.instance import Instance

Steps = Generator[None, None, None]


class Holding:
    """What waits for the end of `update-delay`, or of a restart's deferral (RFC 4724 sec. 4.1).

    A held family takes routes in; its choices, and what update-groups would send, wait. Several
    reasons may hold a family: it goes on when all of them are gone.
    """

    def __init__(self, instance: "Instance") -> None:
        self._instance = instance
        self._reasons: dict[Family, set[str]] = {}
        self._parked: dict[Family, list[tuple[str, Steps]]] = {}

    def __contains__(self, family: Family) -> bool:
        return bool(self._reasons.get(family))

    def changed(self, table: Table) -> None:
        """Routes of a table changed: choose, unless that has to wait."""
        if not table.held:
            self._instance.bgpd.work.add("best paths", choices(self._instance, table))

    def run(self, family: Family, name: str, steps: Steps) -> None:
        """Queue work of an update-group, or park it."""
        if family in self:
            self._parked.setdefault(family, []).append((name, steps))
        else:
            self._instance.bgpd.work.add(name, steps)

    def hold(self, families: Iterable[Family], reason: str) -> None:
        """Choose and announce nothing in these families."""
        for family in families:
            self._reasons.setdefault(family, set()).add(reason)
            table = self._instance.tables.get(family)
            if table is not None:
                table.held = True

    def release(
        self, families: Iterable[Family], reason: str, done: Callable[[], object] = bool
    ) -> None:
        """The reason is gone; `done` is called when all has been chosen that waited."""
        freed = []
        for family in list(families):
            reasons = self._reasons.get(family)
            if reasons is not None and reason in reasons:
                reasons.remove(reason)
                if not reasons:
                    freed.append(family)
        if freed:
            self._instance.bgpd.work.add("best paths that waited", self._go_on(freed, done))

    def _go_on(self, families: list[Family], done: Callable[[], object]) -> Steps:
        for family in families:
            table = self._instance.tables.get(family)
            if table is None:
                continue
            table.held = False
            if table.changed:
                yield from choices(self._instance, table)
        done()
        for family in families:
            for name, steps in self._parked.pop(family, ()):
                self._instance.bgpd.work.add(name, steps)
