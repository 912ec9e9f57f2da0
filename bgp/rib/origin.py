"""Own routes: `network` and `redistribute` lines, as paths of sources that are this router."""

from collections.abc import Callable, Collection
from typing import Protocol

from bgp.attrs import AttrPool
from bgp.config import Family, FamilyConfig, Redistribute
from bgp.extras import NONE, Extras
from bgp.policy.evaluate import Policy
from bgp.policy.route import Route as Subject
from bgp.rib.nexthop import Nexthop
from bgp.rib.path import GRACEFUL_SHUTDOWN, Origination, Path
from bgp.rib.table import Table
from grammar.base.values import Address, Afi, Prefix
from zebra.zapi.messages import NexthopUpdate, NexthopWatch, Route, RouteType

Kind = tuple[RouteType, int]
"""A type of routes, and the instance of the protocol, or the number of the table."""
WEIGHT = 32768
"""Cisco weight of own routes."""


_MISSING = Nexthop(Address(Afi.IPV4, 0))
_MISSING.valid = False


class Local:
    """The source of own routes of one kind."""

    is_local = True
    is_ebgp = False
    is_confederation = False
    router_id = 0
    sort_address = 0
    remote_as = 0
    epoch = 0

    def __init__(self, name: str) -> None:
        self.name = name

    def __str__(self) -> str:
        return self.name

    def is_client(self, family: Family) -> bool:
        """Never."""
        return False

    def is_served(self, family: Family) -> bool:
        """Never."""
        return False


class Asker(Protocol):
    """How zebra is asked."""

    def watch(self, watch: NexthopWatch) -> None:
        """Tell me how this prefix resolves."""
        ...

    def unwatch(self, watch: NexthopWatch) -> None:
        """No longer."""
        ...

    def redistribute(self, afi: Afi, kind: "Kind", on: bool) -> None:
        """Send me routes of a type and instance, or stop."""
        ...


class Origin:
    """The own routes of one family. `configure` brings them in line with the lines.

    `policy` runs the route-maps of lines, whose `set` lines change what is announced. `local_as` is
    the own number.
    """

    def __init__(
        self,
        table: Table,
        pool: AttrPool,
        asker: Asker,
        steady: Callable[[], float],
        policy: Policy,
        local_as: int = 0,
    ) -> None:
        self._table = table
        self._pool = pool
        self._asker = asker
        self._steady = steady
        self._policy = policy
        self._local_as = local_as
        self._static = Local("network")
        self._kinds: dict[Kind, Local] = {}
        self._check = True
        self._shutting_down = False
        self.networks: dict[Prefix, NexthopUpdate | None] = {}
        """Configured networks and zebra's answer about each, None before it spoke."""
        self.told: dict[Prefix, float] = {}
        """When zebra last spoke of a network, moment of the steady clock."""
        self.routes: dict[Kind, dict[Prefix, Route]] = {}
        """What zebra sent for each type that is redistributed."""
        self._lines: dict[Kind, Redistribute] = {}
        self._maps: dict[Prefix, str | None] = {}
        self._labels: dict[Prefix, int | None] = {}
        """Label indexes of networks."""

    def configure(
        self,
        config: FamilyConfig,
        import_check: bool,
        changed: Collection[str] = (),
        *,
        shutting_down: bool = False,
    ) -> None:
        """Take over `network` and `redistribute` lines; `import_check` asks zebra first.

        `changed` are route-maps that say something else than before. Own routes of a router that
        is `shutting_down` say so (RFC 8326).
        """
        afresh = shutting_down is not self._shutting_down
        self._shutting_down = shutting_down
        if import_check is not self._check:
            self._check_networks(import_check)
            afresh = True
        # Of a back door nothing is announced: only the distance of what others say of it changes.
        wanted = {p: line for p, line in config.networks.items() if not line.backdoor}
        for prefix in [p for p in self.networks if p not in wanted]:
            self._forget(prefix)
        for prefix, line in wanted.items():
            again = self._maps.get(prefix) != line.route_map or line.route_map in changed
            self._maps[prefix] = line.route_map
            self._labels[prefix] = line.label_index
            if prefix not in self.networks:
                self.networks[prefix] = None
                if import_check:
                    self._asker.watch(_check_of(prefix))
                    self._announce_again(prefix)
                else:
                    self._announce(prefix, 0)
            elif again or afresh:
                self._announce_again(prefix)
        self._redistribute(config, changed, afresh)

    def _check_networks(self, on: bool) -> None:
        self._check = on
        for prefix in self.networks:
            self.networks[prefix] = None
            if on:
                self._asker.watch(_check_of(prefix))
            else:
                self._asker.unwatch(_check_of(prefix))

    def stop(self) -> None:
        """Withdraw all own routes."""
        for prefix in list(self.networks):
            self._forget(prefix)
        for kind in list(self.routes):
            self._cease(kind)

    def ask_again(self) -> None:
        """A new connection to zebra: ask for everything."""
        if self._check:
            for prefix in self.networks:
                self._asker.watch(_check_of(prefix))
        for kind in self.routes:
            self._asker.redistribute(self._table.afi, kind, True)

    @property
    def checked(self) -> dict[Prefix, NexthopUpdate | None]:
        """The networks that wait for a route; none if they are announced without one."""
        return self.networks if self._check else {}

    # --- networks --------------------------------------------------------------------------------

    def nexthop_updated(self, update: NexthopUpdate) -> None:
        """zebra's word about a prefix: it is there if a route that is not BGP's is exactly it."""
        if update.asked not in self.networks or not self._check:
            return
        self.networks[update.asked] = update
        self.told[update.asked] = self._steady()
        self._announce_again(update.asked)

    def _announce_again(self, prefix: Prefix) -> None:
        update = self.networks[prefix]
        if not self._check:
            self._announce(prefix, 0)
        elif update is not None and is_there(update):
            self._announce(prefix, update.metric)
        else:
            # FRR keeps it in the table, as a path that cannot be used.
            self._announce(prefix, 0, _MISSING)

    def _announce(self, prefix: Prefix, metric: int, nexthop: Nexthop | None = None) -> None:
        # The metric of the route is that of the path, not its MED (FRR).
        attrs = self._pool.make(origin=0, med=0)
        path = Path(
            self._static,
            attrs,
            None,
            nexthop,
            self._steady(),
            weight=WEIGHT,
            origination=Origination.STATIC,
            metric=metric,
            label=self._labels.get(prefix),
        )
        self._put(prefix, path, self._maps.get(prefix))

    def _put(self, prefix: Prefix, path: Path, route_map: str | None) -> None:
        if route_map is not None:
            route = Subject(
                prefix,
                path.attrs,
                path.gateway,
                weight=path.weight,
                local=True,
                local_as=self._local_as,
            )
            permitted = self._policy.permits(route_map, route)
            route.count()
            if not permitted:
                self._table.withdraw([prefix.key], path.source)
                return
            path.attrs = route.result(self._pool)
            path.gateway, path.weight = route.gateway, route.weight
        if self._shutting_down:
            marked = tuple(sorted({*path.attrs.communities, GRACEFUL_SHUTDOWN}))
            path.attrs = path.attrs.replace(self._pool, communities=marked, local_pref=0)
        self._table.put([prefix.key], path)

    def _forget(self, prefix: Prefix) -> None:
        del self.networks[prefix]
        self._maps.pop(prefix, None)
        self.told.pop(prefix, None)
        self._table.withdraw([prefix.key], self._static)
        if self._check:
            self._asker.unwatch(_check_of(prefix))

    # --- redistribution --------------------------------------------------------------------------

    def _redistribute(self, config: FamilyConfig, changed: Collection[str], afresh: bool) -> None:
        wanted = {}
        for word, line in config.redistribute.items():
            kind = route_type(word)
            if kind is not None:
                wanted[kind] = line
        for kind in [kind for kind in self.routes if kind not in wanted]:
            self._cease(kind)
        for kind, line in wanted.items():
            again = self._lines.get(kind) != line or line.route_map in changed
            self._lines[kind] = line
            if kind not in self.routes:
                self.routes[kind] = {}
                self._asker.redistribute(self._table.afi, kind, True)
            elif again or afresh:
                for route in self.routes[kind].values():
                    self._enter(kind, route)

    def redistributed(self, add: bool, route: Route) -> None:
        """A route of zebra's came, changed or went."""
        kind = (route.type, route.instance)
        routes = self.routes.get(kind)
        if routes is None:
            return
        if add:
            routes[route.prefix] = route
            self._enter(kind, route)
            self._succeed(kind, route.prefix)
        elif routes.pop(route.prefix, None) is not None:
            self._table.withdraw([route.prefix.key], self._source(kind))

    def _succeed(self, kind: Kind, prefix: Prefix) -> None:
        # zebra has one route in use for a prefix, and does not take the former kind's back.
        for other, routes in self.routes.items():
            if other != kind and routes.pop(prefix, None) is not None:
                self._table.withdraw([prefix.key], self._source(other))

    def _source(self, kind: Kind) -> Local:
        return self._kinds.setdefault(kind, Local(kind[0].word))

    def _enter(self, kind: Kind, route: Route) -> None:
        line = self._lines.get(kind) or Redistribute()
        set_metric = line.metric
        metric = (route.metric or 0) if set_metric is None else set_metric
        hop = next(iter(route.nexthops), None)
        gateway, ifindex = (None, 0) if hop is None else (hop.gate, hop.ifindex)
        extras = Extras(route.tag or 0, ifindex=ifindex)
        path = Path(
            self._source(kind),
            self._pool.make(origin=2, med=metric, extras=None if extras == NONE else extras),
            gateway,
            None,
            self._steady(),
            weight=WEIGHT,
            origination=Origination.REDISTRIBUTED,
            metric=route.metric or 0,
        )
        self._put(route.prefix, path, line.route_map)

    def _cease(self, kind: Kind) -> None:
        self._asker.redistribute(self._table.afi, kind, False)
        keys = [prefix.key for prefix in self.routes.pop(kind)]
        self._lines.pop(kind, None)
        self._table.withdraw(keys, self._source(kind))


def is_there(update: NexthopUpdate) -> bool:
    """True if a route that is not BGP's is exactly what was asked for."""
    there = update.reachable and update.resolved == update.asked
    return there and update.type != RouteType.BGP


def _check_of(prefix: Prefix) -> NexthopWatch:
    return NexthopWatch(prefix, connected=False, resolve_via_default=True)


def route_type(words: str) -> Kind | None:
    """The type and instance that `redistribute WORDS` names (`table 5`); None if there is none."""
    word, _, instance = words.partition(" ")
    if word == "ospf6":
        return RouteType.OSPF6, 0
    for kind in RouteType:
        if kind.word == word:
            return kind, int(instance or 0)
    return None
