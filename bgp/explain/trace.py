"""Filters at work, written down: the evaluation is `bgp.policy`'s, each step of it is noted."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Final

from bgp.attrset import FIELDS
from bgp.explain.deciding import Ruling, ruling
from bgp.explain.quiet import QuietPolicy
from bgp.policy.evaluate import Policy
from bgp.policy.route import Route
from grammar.filters.routemap import Line, MapEntry, Program, Step

Values = dict[str, object]

_OWN: Final = ("gateway", "gateway_kind", "link_local", "weight", "prefer_global")


@dataclass(frozen=True, slots=True)
class MapMissing:
    """A map was asked that does not exist."""

    name: str


@dataclass(frozen=True, slots=True)
class Tried:
    """An entry of a map was tried."""

    entry: MapEntry


@dataclass(frozen=True, slots=True)
class Tested:
    """A match line was asked; `ruling` is what decided in its list."""

    line: Line
    matched: bool
    ruling: Ruling | None


@dataclass(frozen=True, slots=True)
class Changed:
    """A set line was carried out: the values that are others now, before and after."""

    line: Line
    before: Values
    after: Values


@dataclass(frozen=True, slots=True)
class ListAsked:
    """A list that stands alone as a filter was asked."""

    kind: str
    name: str
    permitted: bool
    ruling: Ruling | None


Event = MapMissing | Tried | Tested | Changed | ListAsked


class TracedPolicy(QuietPolicy):
    """The same policy, whose evaluations are written into `events`."""

    def __init__(self, policy: Policy) -> None:
        super().__init__(policy)
        self.events: list[Event] = []

    def _program(self, name: str) -> Program[Route] | None:
        made = super()._program(name)
        if made is None:
            self.events.append(MapMissing(name))
            return None
        return Program(made.route_map, tuple(map(self._traced, made.steps)))

    def _traced(self, step: Step[Route]) -> Step[Route]:
        entry = step.entry
        pairs = zip(entry.of_kind(True), step.tests, strict=True)
        tests = (self._tries(entry), *(self._noting(line, test) for line, test in pairs))
        sets = zip(entry.of_kind(False), step.changes, strict=True)
        return Step(entry, tests, tuple(self._watching(line, change) for line, change in sets))

    def _tries(self, entry: MapEntry) -> Callable[[Route], object]:
        def test(route: Route) -> bool:
            self.events.append(Tried(entry))
            return True

        return test

    def _noting(self, line: Line, test: Callable[[Route], object]) -> Callable[[Route], object]:
        def noted(route: Route) -> bool:
            found = ruling(self.sources, line.key, line.argument, route)
            matched = bool(test(route))
            self.events.append(Tested(line, matched, found))
            return matched

        return noted

    def _watching(self, line: Line, change: Callable[[Route], None]) -> Callable[[Route], None]:
        def watched(route: Route) -> None:
            before = values_of(route)
            change(route)
            after = values_of(route)
            names = [name for name in before if before[name] != after[name]]
            self.events.append(
                Changed(line, {n: before[n] for n in names}, {n: after[n] for n in names})
            )

        return watched

    def listed(self, key: str, name: str, route: Route) -> bool:
        """As `Policy.listed`."""
        found = ruling(self.sources, key, name, route)
        permitted = super().listed(key, name, route)
        self.events.append(ListAsked(key, name, permitted, found))
        return permitted


def values_of(route: Route) -> Values:
    """What a route-map can change of a route, as it is by now."""
    found: Values = {name: route.get(name) for name in FIELDS if name != "nexthop"}
    found.update({name: getattr(route, name) for name in _OWN})
    return found


def entries(events: list[Event]) -> Iterator[tuple[MapEntry, list[Event]]]:
    """The entries that were tried, each with what was noted until the next one."""
    entry: MapEntry | None = None
    inside: list[Event] = []
    for event in events:
        if isinstance(event, Tried):
            if entry is not None:
                yield entry, inside
            entry, inside = event.entry, []
        elif entry is not None:
            inside.append(event)
    if entry is not None:
        yield entry, inside
