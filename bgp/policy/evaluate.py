"""Running routes through the configured filters: one neighbour's, inward or outward, in order."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from bgp.policy.decision import Asked
from bgp.policy.lists import BgpLists
from bgp.policy.matches import MATCHES, Sources
from bgp.policy.route import Route
from bgp.policy.sets import SETS
from grammar.base.values import Afi
from grammar.filters.model import Filters, PrefixList
from grammar.filters.routemap import Line, MapEntry, RouteMap, Verdict, walk

if TYPE_CHECKING:
    from bgp.attrs import AttrPool
    from bgp.conditional import Condition

CLAUSES = frozenset({*MATCHES, *SETS})
"""The keys of the lines that bgpd acts on, for `show route-map`."""
_DISTRIBUTED = {Afi.IPV4: "ip address", Afi.IPV6: "ipv6 address"}


class Policy:
    """The lists and maps of bgpd, and how a route fares with them."""

    def __init__(
        self, filters: Filters, lists: BgpLists, aliases: dict[str, str], pool: "AttrPool"
    ) -> None:
        self.filters = filters
        self.pool = pool
        self.sources = Sources(filters, lists, aliases)
        self._lists = lists
        self.revision = 0
        """Grows with each change of lists and maps: a `Decision` from before does not hold."""

    def changed(self) -> None:
        """Lists or maps are not what they were."""
        self.revision += 1

    def permits(self, name: str, route: Route, onto: Route | None = None) -> bool:
        """Run a route through a map; what the map sets is in the route afterwards, or in `onto`.

        A line without an argument is one that FRR keeps though it cannot read it.
        """
        sources = self.sources
        changed = route if onto is None else onto

        def test(line: Line) -> bool:
            return line.argument is not None and MATCHES[line.key](sources, route, line.argument)

        def apply(line: Line) -> None:
            if line.argument is not None:
                SETS[line.key](sources, changed, line.argument)

        return walk(self.filters.route_maps.get, name, test, apply, route.touched) is Verdict.PERMIT

    def as_path_permits(self, name: str, text: str) -> bool:
        """What an as-path access-list says; one that does not exist denies."""
        found = self._lists.find("as-path", name)
        return found is not None and found.permits((), text)


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
        return "filter;" if self.bars(route.prefix.afi, route.asked) else self.beyond(route)

    def bars(self, afi: Afi, asked: Asked) -> bool:
        """What the filters say that come first and look at the prefix alone."""
        if self.received is not None and not asked.ask(self.received.permits_key):
            return True
        return self._list_first and self._unlisted(afi, asked)

    def beyond(self, route: Route) -> str | None:
        """As `refusal`, of a route that `bars` let pass."""
        policy = self.policy
        if self.condition is not None and self._withheld(self.condition, route):
            return "advertise-map;"
        if self.distribute_list is not None and not MATCHES[_DISTRIBUTED[route.prefix.afi]](
            policy.sources, route, self.distribute_list
        ):
            return "filter;"
        if not self._list_first and self._unlisted(route.prefix.afi, route.asked):
            return "filter;"
        if self.filter_list is not None and not policy.as_path_permits(
            self.filter_list, route.get("as_path").text
        ):
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

    def _unlisted(self, afi: Afi, asked: Asked) -> bool:
        if self.prefix_list is None:
            return False
        found = self.policy.filters.prefix_list(self.prefix_list, afi)
        return found is None or not asked.ask(found.permits_key)

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
