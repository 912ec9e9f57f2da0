"""Aggregates: one route in place of several (RFC 4271 sec. 9.2.2.2), with FRR's options.

Each `aggregate-address` line keeps the keys of the routes below it. A change of one of them makes
the aggregate's attributes be put together anew, as sliced work over these routes only.
"""

from collections.abc import Callable, Collection, Generator, Iterable
from typing import Final

from bgp.attrs import AttrPool, AttrSet
from bgp.config import Aggregate, FamilyConfig
from bgp.policy.evaluate import Policy
from bgp.policy.route import Route
from bgp.rib.origin import WEIGHT, Local
from bgp.rib.path import Origination, Path, paths_of
from bgp.rib.summary import Summary
from bgp.rib.table import Table
from bgp.wire.attributes.aggregator import Aggregator
from grammar.base.values import Afi, Prefix, gathered

CHUNK: Final = 1024
_ORIGINS: Final = {"igp": 0, "egp": 1, "incomplete": 2}


class _State:
    """One line, the routes below it, and those of them that it hides."""

    __slots__ = ("hidden", "line", "members", "prefix", "queued")

    def __init__(self, prefix: Prefix, line: Aggregate) -> None:
        self.prefix = prefix
        self.line = line
        self.members: dict[int, None] = {}
        self.hidden: set[int] = set()
        self.queued = False


def _covers(prefix: Prefix, key: int) -> bool:
    width, bits = (32, 6) if prefix.afi is Afi.IPV4 else (128, 8)
    if key & ((1 << bits) - 1) <= prefix.length:
        return False
    free = width - prefix.length
    return gathered(key >> bits) >> free == prefix.value >> free


class Aggregates:
    """The aggregates of one family; `identity()` gives the AGGREGATOR, `run` queues sliced work.

    `told(keys)` is called with the keys that are hidden now and were not, or the reverse; which
    these are is in `table.suppressed`: how many aggregates hide a key.
    """

    def __init__(
        self,
        table: Table,
        pool: AttrPool,
        policy: Policy,
        steady: Callable[[], float],
        run: Callable[[str, Generator[None, None, None]], None],
        identity: Callable[[], Aggregator],
        told: Callable[[Iterable[int]], None],
    ) -> None:
        self._table = table
        self._pool = pool
        self._policy = policy
        self._steady = steady
        self._run = run
        self._identity = identity
        self._told = told
        self._source = Local("aggregate")
        self._states: dict[Prefix, _State] = {}
        self._no_sets = False

    def hiding(self, key: int) -> list[Prefix]:
        """The aggregates that hide the route of a key."""
        return [prefix for prefix, state in self._states.items() if key in state.hidden]

    def configure(self, config: FamilyConfig, no_sets: bool, changed: Collection[str] = ()) -> None:
        """Take over the lines; `changed` are route-maps that say something else than before."""
        again = no_sets != self._no_sets
        self._no_sets = no_sets
        for prefix in [prefix for prefix in self._states if prefix not in config.aggregates]:
            state = self._states.pop(prefix)
            self._hide(state, set())
            self._table.withdraw([prefix.key], self._source)
        self._table.each_counts = bool(config.aggregates)
        for prefix, line in config.aggregates.items():
            known = self._states.get(prefix)
            if known is None:
                state = self._states[prefix] = _State(prefix, line)
                state.queued = True
                self._run(f"aggregate {prefix}", self._begin(state))
            elif again or known.line != line or {line.route_map, line.suppress_map} & set(changed):
                known.line = line
                self._queue(known)

    def changed(self, keys: Iterable[int]) -> None:
        """These prefixes have another best path, or none."""
        if not self._states:
            return
        states = list(self._states.values())
        for key in keys:
            there = self._counts(key)
            for state in states:
                if _covers(state.prefix, key):
                    if there:
                        state.members[key] = None
                    else:
                        state.members.pop(key, None)
                    self._queue(state)

    def _counts(self, key: int) -> bool:
        return any(_takes_part(path) for path in paths_of(self._table.get(key)))

    def _queue(self, state: _State) -> None:
        if not state.queued:
            state.queued = True
            self._run(f"aggregate {state.prefix}", self._compute(state))

    def _begin(self, state: _State) -> Generator[None, None, None]:
        for found in self._table.walk():
            if found is None:
                yield
            elif _covers(state.prefix, found[0]) and self._counts(found[0]):
                state.members[found[0]] = None
        yield from self._compute(state)

    def _compute(self, state: _State) -> Generator[None, None, None]:
        state.queued = False
        summary = Summary()
        hidden: set[int] = set()
        for count, key in enumerate(list(state.members), 1):
            paths = [p for p in paths_of(self._table.get(key)) if _takes_part(p)]
            for path in paths:
                summary.add(path.attrs)
            if paths and (state.line.summary_only or self._by_map(state.line, key)):
                hidden.add(key)
            if count % CHUNK == 0:
                yield
        if self._states.get(state.prefix) is not state:
            return
        made = None
        if summary.count and not (state.line.matching_med and len(summary.meds) > 1):
            made = self._made(state, summary)
        if made is None:
            self._hide(state, set())
            self._table.withdraw([state.prefix.key], self._source)
        else:
            self._hide(state, hidden)
            self._enter(state.prefix, *made)

    def _by_map(self, line: Aggregate, key: int) -> bool:
        # FRR shows this map the prefix, as a route of its own without attributes.
        if line.suppress_map is None:
            return False
        prefix = Prefix.from_key(self._table.afi, key)
        route = Route(prefix, self._pool.make(origin=0), None, local=True)
        return self._policy.permits(line.suppress_map, route)

    def _made(self, state: _State, summary: Summary) -> tuple[AttrSet, int] | None:
        """Attributes and weight; None if the map takes it away."""
        line = state.line
        origin = summary.origin if line.origin is None else _ORIGINS[line.origin]
        with_sets = line.as_set and not self._no_sets
        more = summary.merged() if with_sets else {}
        attrs = self._pool.make(
            origin=origin, med=0, atomic=not with_sets, aggregator=self._identity(), **more
        )
        if line.route_map is None:
            return attrs, WEIGHT
        route = Route(state.prefix, attrs, None, weight=WEIGHT, local=True)
        permitted = self._policy.permits(line.route_map, route)
        route.count()
        return (route.result(self._pool), route.weight) if permitted else None

    def _enter(self, prefix: Prefix, attrs: AttrSet, weight: int) -> None:
        for path in paths_of(self._table.get(prefix.key)):
            same = path.attrs is attrs and path.weight == weight
            if path.source is self._source and same:
                return
        path = Path(
            self._source,
            attrs,
            None,
            None,
            self._steady(),
            weight=weight,
            origination=Origination.AGGREGATE,
        )
        self._table.put([prefix.key], path)

    def _hide(self, state: _State, hidden: set[int]) -> None:
        counts = self._table.suppressed
        before, state.hidden = state.hidden, hidden
        news = []
        for key in hidden - before:
            counts[key] = counts.get(key, 0) + 1
            if counts[key] == 1:
                news.append(key)
        for key in before - hidden:
            counts[key] -= 1
            if not counts[key]:
                del counts[key]
                news.append(key)
        if news:
            self._told(news)


def _takes_part(path: Path) -> bool:
    return path.valid and path.origination is not Origination.AGGREGATE
