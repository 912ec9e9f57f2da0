"""Running routes through the configured filters: one neighbour's, inward or outward, in order."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from functools import partial
from typing import TYPE_CHECKING

from bgp.policy.decision import Asked, Each, Question
from bgp.policy.lists import BgpLists
from bgp.policy.matches import KEYS, Sources, line_test
from bgp.policy.prefixes import Listed
from bgp.policy.route import Route
from bgp.policy.sets import SETS
from grammar.base.values import Afi
from grammar.filters.model import Filters, PrefixList
from grammar.filters.routemap import (
    Line,
    MapEntry,
    Program,
    RouteMap,
    Verdict,
    program,
    walk,
)

if TYPE_CHECKING:
    from bgp.attrs import AttrPool
    from bgp.conditional import Condition

CLAUSES = KEYS | SETS.keys()
"""The keys of the lines that bgpd acts on, for `show route-map`."""
_DISTRIBUTED = {Afi.IPV4: "ip address", Afi.IPV6: "ipv6 address"}
_NO_LIST = Each(lambda key: False)
"""What a prefix-list says that does not exist."""


class Policy:
    """The lists and maps of bgpd, and how a route fares with them."""

    def __init__(
        self, filters: Filters, lists: BgpLists, aliases: dict[str, str], pool: "AttrPool"
    ) -> None:
        self.filters = filters
        self.pool = pool
        self.sources = Sources(filters, lists, aliases)
        self.revision = 0
        """Grows with each change of lists and maps: a `Decision` from before does not hold."""
        self._programs: dict[str, Program[Route]] = {}
        self._tests: dict[tuple[str, str], Callable[[Route], bool]] = {}

    def changed(self) -> None:
        """Lists or maps are not what they were."""
        self.revision += 1
        self._programs.clear()
        self._tests.clear()

    def permits(self, name: str, route: Route, onto: Route | None = None) -> bool:
        """Run a route through a map; what the map sets is in the route afterwards, or in `onto`."""
        changed = route if onto is None else onto
        return walk(self._program, name, route, changed, route.touched) is Verdict.PERMIT

    def _program(self, name: str) -> Program[Route] | None:
        found = self.filters.route_maps.get(name)
        if found is None:
            return None
        made = self._programs.get(name)
        if made is None or made.route_map is not found:
            made = self._programs[name] = program(found, self._test, self._change)
        return made

    def _test(self, line: Line) -> Callable[[Route], bool]:
        # A line without an argument is one that FRR keeps though it cannot read it.
        if line.argument is None:
            return lambda route: False
        return line_test(self.sources, line.key, line.argument)

    def _change(self, line: Line) -> Callable[[Route], None]:
        if line.argument is None:
            return lambda route: None
        return partial(SETS[line.key], self.sources, line.argument)

    def listed(self, key: str, name: str, route: Route) -> bool:
        """What a list says of a route: one that `match` lines of a kind name."""
        test = self._tests.get((key, name))
        if test is None:
            test = self._tests[key, name] = line_test(self.sources, key, name)
        return test(route)


@dataclass(frozen=True, slots=True)
class Chain:
    """The filters of a neighbour in one direction: part of what update-groups are told apart by."""

    prefix_list: str | None
    distribute_list: str | None
    filter_list: str | None
    route_map: str | None
    policy: Policy = field(compare=False)
    received: PrefixList | None = None
    """The filter that the neighbour sent (ORF); it comes first."""
    condition: "Condition | None" = None
    """`advertise-map`, which says what depends on a condition."""

    def refusal(self, route: Route) -> str | None:
        """FRR's reason why the route does not pass; None if it does, changed by the map."""
        return "filter;" if self.bars(route.afi, route.asked) else self.beyond(route)

    def bars(self, afi: Afi, asked: Asked) -> bool:
        """What the filters say that come first and look at the prefix alone."""
        return not all(asked.ask(gate) for gate in self.gates(afi))

    def gates(self, afi: Afi) -> tuple[Question, ...]:
        """The filters that come first and look at the prefix alone; they hold as long as
        `Policy.revision`. A prefix has to pass all of them, and each is asked only of those that
        passed the ones before."""
        found: list[Question] = []
        if self.received is not None:
            found.append(Listed(self.received))
        if self._list_first and self.prefix_list is not None:
            found.append(self._prefixes(afi))
        return tuple(found)

    @property
    def ends_at_gates(self) -> bool:
        """True if nothing is behind the `gates`."""
        return self._list_first and self.filter_list is None and self.route_map is None

    def _prefixes(self, afi: Afi) -> Question:
        assert self.prefix_list is not None
        found = self.policy.filters.prefix_list(self.prefix_list, afi)
        return _NO_LIST if found is None else Listed(found)

    def beyond(self, route: Route) -> str | None:
        """As `refusal`, of a route that `bars` let pass."""
        policy = self.policy
        if self.condition is not None and self._withheld(self.condition, route):
            return "advertise-map;"
        distributed = self.distribute_list
        if distributed is not None and not policy.listed(
            _DISTRIBUTED[route.afi], distributed, route
        ):
            return "filter;"
        late = None if self._list_first else self.prefix_list
        if late is not None and not route.asked.ask(self._prefixes(route.afi)):
            return "filter;"
        if self.filter_list is not None and not policy.listed("as-path", self.filter_list, route):
            return "filter;"
        if self.route_map is not None and not policy.permits(self.route_map, route):
            return "route-map;"
        return None

    @property
    def denies_all(self) -> tuple[RouteMap | MapEntry, ...]:
        """What counts being asked, when a map alone filters and denies whatever it is asked of;
        else nothing."""
        others = (self.prefix_list, self.distribute_list, self.filter_list)
        name = self.route_map
        if name is None or any(others) or self.received is not None or self.condition is not None:
            return ()
        found = self.policy.filters.route_maps.get(name)
        if found is None or not found.entries:
            return ()
        first = found.entries[min(found.entries)]
        return () if first.permit or first.of_kind(True) else (found, first)

    @property
    def _list_first(self) -> bool:
        return self.condition is None and self.distribute_list is None

    def _withheld(self, condition: "Condition", route: Route) -> bool:
        name = condition.lines.name
        if not condition.judged or name not in self.policy.filters.route_maps:
            return False
        return self.policy.permits(name, route) and condition.withholds

    def names(self) -> Iterable[tuple[str, str]]:
        """(name of a `FilterEffect`, name) of each filter."""
        pairs = (
            ("PREFIX_LIST", self.prefix_list),
            ("ACCESS_LIST", self.distribute_list),
            ("OTHER_LIST", None if self.filter_list is None else f"as-path {self.filter_list}"),
            ("ROUTE_MAP", self.route_map),
            ("ROUTE_MAP", None if self.condition is None else self.condition.lines.name),
        )
        return ((kind, name) for kind, name in pairs if name is not None)
