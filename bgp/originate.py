"""The default routes of `default-originate`, and the conditions of their route-maps.

With a route-map the default route is announced while the map permits some route of the table, with
what the map sets. Routes are searched when the line comes, when maps change, and some seconds after
the table has changed.
"""

from collections.abc import Collection, Generator
from typing import TYPE_CHECKING, Final

from bgp.config import Family
from bgp.policy.decision import Asked, Decision
from bgp.policy.route import Route
from bgp.rib.defaults import DEFAULT_ROUTE, Default
from bgp.rib.path import Path, paths_of
from grammar.base.values import Prefix
from grammar.filters.routemap import MapEntry

if TYPE_CHECKING:
    from bgp.attrs import AttrSet
    from bgp.instance import Instance

DELAY: Final = 5
"""Seconds from the first change of the table to the next search, as FRR takes."""

Changes = dict[str, object]
_Found = tuple[int, Changes]
"""The entry that permitted a route, and what the map set."""


class Defaults:
    """The default routes of an instance."""

    def __init__(self, instance: "Instance") -> None:
        self._instance = instance
        self._known: dict[tuple[Family, str | None], Default] = {}
        self._due: set[Family] = set()

    def of(self, family: Family, name: str | None) -> Default:
        """The one for a line."""
        key = (family, name)
        found = self._known.get(key)
        if found is None:
            attrs = self._plain() if name is None else None
            found = self._known[key] = Default(name, attrs)
            if name is not None:
                self._begin(family, [found])
        return found

    def table_changed(self, family: Family) -> None:
        """Routes came or went."""
        if not self._known or family in self._due or not self._of_maps(family):
            return
        self._due.add(family)
        self._instance.bgpd.call_later(DELAY, lambda: self._look(family))

    def policy_changed(self, maps: Collection[str]) -> None:
        """These route-maps say something else than before."""
        for (family, name), found in self._known.items():
            if name in maps:
                self._begin(family, [found])

    def _look(self, family: Family) -> None:
        self._due.discard(family)
        used = {
            (state.family, state.config.default_originate_map)
            for peer in self._instance.peers.values()
            for state in peer.families.values()
        }
        self._known = {key: one for key, one in self._known.items() if key in used}
        self._begin(family, self._of_maps(family))

    def _of_maps(self, family: Family) -> list[Default]:
        return [one for (of, name), one in self._known.items() if of == family and name is not None]

    def _plain(self) -> "AttrSet":
        return self._instance.bgpd.pool.make(origin=0)

    # --- the search ------------------------------------------------------------------------------

    def _begin(self, family: Family, wanted: list[Default]) -> None:
        if wanted:
            steps = self._search(family, wanted)
            self._instance.bgpd.work.add("default-originate", steps)

    def _search(self, family: Family, wanted: list[Default]) -> Generator[None, None, None]:
        searches = [_Search(self._instance, family, one) for one in wanted]
        open_ = list(searches)
        for item in self._instance.tables[family].walk():
            if item is None:
                yield
                continue
            for path in paths_of(item[1]):
                open_ = [one for one in open_ if not one.finds(item[0], path)]
            if not open_:
                break
        for search in searches:
            self._settle(family, search)

    def _settle(self, family: Family, search: "_Search") -> None:
        found, changes = search.default, search.changes
        attrs: AttrSet | None = None
        if changes is not None:
            attrs = self._plain()
            attrs = attrs.replace(self._instance.bgpd.pool, **changes) if changes else attrs
        if attrs is found.attrs:
            return
        found.attrs = attrs
        for group in self._instance.groups[family]:
            if group.profile.default is found:
                group.changed([DEFAULT_ROUTE], 1)


class _Search:
    """What a map makes of the route that its earliest entry permits, of several the first (FRR);
    paths that say the same are asked once."""

    def __init__(self, instance: "Instance", family: Family, default: Default) -> None:
        self._instance = instance
        self._afi = family[0]
        self.default = default
        self._plain = instance.bgpd.pool.make(origin=0)
        self.changes: Changes | None = None
        self._best = 0
        route_map = instance.bgpd.config.filters.route_maps.get(default.name or "")
        self._first = min(route_map.entries, default=0) if route_map is not None else 0
        self._decisions: dict[Path, Decision[_Found | None]] = {}

    def finds(self, key: int, path: Path) -> bool:
        """True if no other path can say more than this one."""
        decision = self._decisions.get(path)
        if decision is None:
            decision = self._decisions[path] = Decision()
        found = decision.of(key, lambda asked: self._judge(asked, path)).value
        if found is not None and (self.changes is None or found[0] < self._best):
            self._best, self.changes = found
        return self.changes is not None and self._best <= self._first

    def _judge(self, asked: Asked, path: Path) -> _Found | None:
        prefix, asn = Prefix.from_key(self._afi, asked.key), self._instance.asn
        route = Route.of_path(prefix, path, asn, asked=asked)
        # What is set is set of the default route, not of the one that is there.
        default = Route(prefix, self._plain, None, local=True, local_as=asn)
        assert self.default.name is not None  # the others are not searched for
        name = self.default.name
        if not self._instance.bgpd.policy.permits(name, route, default):
            return None
        entries = (one for one in route.touched if isinstance(one, MapEntry) and one.name == name)
        return [entry.sequence for entry in entries][-1], dict(default.changes)
