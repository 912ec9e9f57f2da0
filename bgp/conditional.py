"""Conditional advertisement: `advertise-map ADV exist-map|non-exist-map COND`.

Every so often (`bgp conditional-advertisement timer`) the tables are searched for a route that the
condition permits. What the advertise-map permits is announced, or not, as it turns out; until the
first search everything is. What the map sets goes out with the routes.
"""

from collections.abc import Generator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from bgp.config import AdvertiseMap, Family
from bgp.policy.decision import Asked, Decision
from bgp.policy.route import Route
from bgp.rib.path import Path, paths_of
from grammar.base.scheduler import Handle
from grammar.base.values import Prefix

if TYPE_CHECKING:
    from bgp.instance import Instance
    from bgp.peerfamily import PeerFamily

INTERVAL: Final = 60
"""Seconds between two searches, unless a line says otherwise."""


@dataclass(slots=True, eq=False)
class Condition:
    """A line of a family, and what the last search found: one object for all its neighbours."""

    lines: AdvertiseMap
    judged: bool = False
    withholds: bool = False


class Conditions:
    """The conditions of an instance, and their timer."""

    def __init__(self, instance: "Instance") -> None:
        self._instance = instance
        self._known: dict[tuple[Family, AdvertiseMap], Condition] = {}
        self._timer: Handle | None = None
        self._interval = 0
        self._next = 0.0

    def of(self, family: Family, lines: AdvertiseMap) -> Condition:
        """The condition of a line."""
        key = (family, lines)
        found = self._known.get(key)
        if found is None:
            found = self._known[key] = Condition(lines)
        self.configure()
        return found

    def configure(self) -> None:
        """Lines came or went, or the timer has another interval."""
        config = self._instance.config
        wanted = config.conditional_advertisement_timer or INTERVAL
        if self._timer is not None and (wanted != self._interval or not self._has_lines()):
            self._timer.cancel()
            self._timer = None
        if self._timer is None and self._has_lines():
            self._interval = wanted
            self._arm()

    def stop(self) -> None:
        """The instance ends."""
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None

    @property
    def seconds_left(self) -> int | None:
        """Until the next search; None without lines."""
        if self._timer is None:
            return None
        return max(0, int(self._next - self._instance.bgpd.clock.now()))

    def _has_lines(self) -> bool:
        config = self._instance.config
        return any(
            lines.advertise_map is not None
            for peer in (*config.peers.values(), *config.groups.values())
            for lines in peer.families.values()
        )

    # --- the search ------------------------------------------------------------------------------

    def _arm(self) -> None:
        bgpd = self._instance.bgpd
        self._next = bgpd.clock.now() + self._interval
        self._timer = bgpd.call_later(self._interval, self._look)

    def _look(self) -> None:
        self._arm()
        by_family: dict[Family, set[Condition]] = {}
        for state in self._states():
            lines = state.config.advertise_map
            if lines is not None and self._exist(lines):
                by_family.setdefault(state.family, set()).add(self.of(state.family, lines))
        used = {condition for found in by_family.values() for condition in found}
        self._known = {key: one for key, one in self._known.items() if one in used or one.judged}
        for family, conditions in by_family.items():
            self._instance.bgpd.work.add(
                "conditional advertisement", self._search(family, conditions)
            )

    def _states(self) -> "list[PeerFamily]":
        peers = self._instance.peers.values()
        return [state for peer in peers for state in peer.families.values() if state.active]

    def _exist(self, lines: AdvertiseMap) -> bool:
        # FRR leaves all as it is while one of the maps is missing.
        maps = self._instance.bgpd.config.filters.route_maps
        return lines.name in maps and lines.condition in maps

    def _search(self, family: Family, conditions: set[Condition]) -> Generator[None, None, None]:
        missing = {one.lines.condition for one in conditions}
        found: set[str] = set()
        judges = {name: _Judge(self._instance, family, name) for name in missing}
        for item in self._instance.tables[family].walk():
            if item is None:
                yield
                continue
            for path in paths_of(item[1]):
                found |= {name for name in missing if judges[name].permits(item[0], path)}
            missing -= found
            if not missing:
                break
        for condition in conditions:
            exists = condition.lines.condition in found
            self._judged(family, condition, exists is condition.lines.absent)

    def _judged(self, family: Family, condition: Condition, withholds: bool) -> None:
        if condition.judged and condition.withholds is withholds:
            return
        condition.judged, condition.withholds = True, withholds
        instance = self._instance
        instance.bgpd.policy.changed()
        for group in instance.groups[family]:
            chain = group.profile.chain
            if chain is not None and chain.condition is condition:
                group.reconsider()


class _Judge:
    """A condition's map; paths that say the same are asked once."""

    def __init__(self, instance: "Instance", family: Family, name: str) -> None:
        self._instance = instance
        self._afi = family[0]
        self._name = name
        self._decisions: dict[Path, Decision[bool]] = {}

    def permits(self, key: int, path: Path) -> bool:
        """What the map says of a path of a prefix."""
        decision = self._decisions.get(path)
        if decision is None:
            decision = self._decisions[path] = Decision()

        def evaluate(asked: Asked) -> bool:
            prefix = Prefix.from_key(self._afi, asked.key)
            route = Route.of_path(prefix, path, self._instance.asn, asked=asked)
            return self._instance.bgpd.policy.permits(self._name, route)

        return decision.of(key, evaluate).value
