"""Route-maps as values, and the walk over their entries that a daemon's clauses are run by."""

from collections.abc import Callable, Collection
from dataclasses import dataclass, field
from enum import Enum
from typing import Any, Generic, TypeVar

MAX_DEPTH = 10
"""How deep FRR follows `call`; what is called by the 10th called map denies."""


class Verdict(Enum):
    """What a route-map says of a route."""

    PERMIT = True
    DENY = False


@dataclass(frozen=True, slots=True)
class Line:
    """One `match` or `set` line.

    `key` tells what the line is about: a later line of the same key takes its place. `text` is the
    line as it prints, `argument` what a daemon's clause reads. `lists` names what it refers to:
    (name of a `FilterEffect`, name of the list).
    """

    key: str
    text: str
    argument: Any
    lists: tuple[tuple[str, str], ...] = ()

    @property
    def is_match(self) -> bool:
        """True for a match line."""
        return self.text.startswith("match ")


@dataclass(slots=True, eq=False)
class MapEntry:
    """`route-map NAME permit|deny SEQUENCE`; `goto` 0 is `on-match next`."""

    name: str
    sequence: int
    permit: bool
    description: str | None = None
    call: str | None = None
    goto: int | None = None
    lines: dict[str, Line] = field(default_factory=dict)
    invoked: int = 0

    def of_kind(self, match: bool) -> list[Line]:
        """The match lines, or the set lines, in printed order."""
        return [line for line in self.lines.values() if line.is_match is match]


@dataclass(slots=True, eq=False)
class RouteMap:
    """All entries of a name; `changed` until the daemon has looked at a change."""

    name: str
    entries: dict[int, MapEntry] = field(default_factory=dict)
    optimization: bool | None = None
    invoked: int = 0
    changed: int = 0
    revision: int = 0
    """Grows with each change, so that what was derived from the map can tell."""

    def sorted(self) -> list[MapEntry]:
        """The entries in the order in which they are tried."""
        return [self.entries[sequence] for sequence in sorted(self.entries)]

    def calls(self) -> set[str]:
        """The maps that entries call."""
        return {entry.call for entry in self.entries.values() if entry.call is not None}

    def refers_to(self, lists: Collection[tuple[str, str]]) -> bool:
        """True if a line names one of these lists, each as in `Line.lists`."""
        return any(
            pair in lists
            for entry in self.entries.values()
            for line in entry.lines.values()
            for pair in line.lists
        )


J = TypeVar("J")


@dataclass(frozen=True, slots=True)
class Step(Generic[J]):
    """An entry, ready to be run: what its match lines ask, and what its set lines do."""

    entry: MapEntry
    tests: tuple[Callable[[J], object], ...]
    changes: tuple[Callable[[J], None], ...]


@dataclass(frozen=True, slots=True)
class Program(Generic[J]):
    """A route-map, ready to be run over what a daemon calls a route. It holds as long as the map
    stays as it is."""

    route_map: RouteMap
    steps: tuple[Step[J], ...]


def program(
    route_map: RouteMap,
    test: Callable[[Line], Callable[[J], object]],
    change: Callable[[Line], Callable[[J], None]],
) -> Program[J]:
    """Make a map ready: `test` gives what is true of a route that matches a line (lines a daemon
    does not act on match), `change` what carries a set line out."""
    return Program(
        route_map,
        tuple(
            Step(
                entry,
                tuple(map(test, entry.of_kind(True))),
                tuple(map(change, entry.of_kind(False))),
            )
            for entry in route_map.sorted()
        ),
    )


def walk(
    find: Callable[[str], Program[J] | None],
    name: str,
    route: J,
    changed: J,
    touched: "list[RouteMap | MapEntry]",
    depth: int = 0,
) -> Verdict:
    """Run a route through a map, and through the maps it calls, as FRR does; set lines write to
    `changed`, which may be the route itself.

    A map that does not exist, and a `call` deeper than FRR follows it, deny; a `call` of a map that
    does not exist is passed over. An entry matches when all its match lines do; a permitting one
    then runs its set lines and what it calls, and ends the walk unless `on-match` says where to
    go on. Past the last entry the walk ends with what the last entry that was tried said. What
    has to be counted as invoked is put into `touched`.
    """
    found = find(name)
    if found is None or depth > MAX_DEPTH:
        return Verdict.DENY
    touched.append(found.route_map)
    # FRR finds the entry that matches by a tree, and without its optimization by trying all.
    tried = touched if found.route_map.optimization is False else []
    verdict = Verdict.DENY
    goto = 0
    for step in found.steps:
        entry = step.entry
        if entry.sequence < goto:
            continue
        if step.tests and not _matches(step, route):
            verdict = Verdict.DENY
            tried.append(entry)
            continue
        touched.append(entry)
        if not entry.permit:
            return Verdict.DENY
        for change in step.changes:
            change(changed)
        verdict = Verdict.PERMIT
        if entry.call is not None and find(entry.call) is not None:
            verdict = walk(find, entry.call, route, changed, touched, depth + 1)
            if verdict is Verdict.DENY:
                return verdict
        if entry.goto is None:
            return verdict
        goto = entry.goto
    return verdict


def _matches(step: Step[J], route: J) -> bool:
    for test in step.tests:  # noqa: SIM110  `all` costs 0.3 us more
        if not test(route):
            return False
    return True
