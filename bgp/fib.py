"""Best paths on their way to zebra: ROUTE_ADD and ROUTE_DELETE as FRR's bgpd sends them."""

from collections.abc import Callable, Generator, Iterable, Sequence
from dataclasses import dataclass, field, replace
from typing import Final, Self

from bgp.config import FamilyConfig
from bgp.distance import Distances
from bgp.extradata import told
from bgp.fiblog import log_said
from bgp.rib.bandwidth import weighted
from bgp.rib.path import Entry, Origination, Path, multipath_of
from bgp.rib.table import Table
from bgp.tablemap import TableMap
from bgp.zebra import ZebraView
from grammar.base.log import Log
from grammar.base.values import Afi, Prefix
from grammar.filters.model import Filters
from zebra.zapi.messages import Nexthop as Hop
from zebra.zapi.messages import NexthopType, Route, RouteFlag, Routes, RouteType

CHUNK: Final = 512
_KEPT: Final = 4096
"""Routes that are remembered: few sets of attributes differ in what zebra is told of them."""

_RECURSIVE: Final = int(RouteFlag.ALLOW_RECURSION)
_OF_IBGP: Final = int(RouteFlag.ALLOW_RECURSION | RouteFlag.IBGP)

_Shares = list[tuple[Path, int]]
"""Paths to use, and their weights."""
_Said = tuple[tuple[object, ...], int, int, int, int | None, int | None]
"""What next hops follow from, distance, metric, flags, tag and table of a route."""


class Fib:
    """The routes of one family that zebra was given.

    `pending` maps keys to the path that was best before. Nothing is sent while the link is
    congested; `resume` goes on.
    """

    def __init__(
        self,
        table: Table,
        zebra: ZebraView,
        vrf: int,
        run: Callable[[str, Generator[None, None, None]], None],
        log: Log,
        debugs: Callable[[Prefix | None], bool],
        config: FamilyConfig,
        filters: Filters,
        table_map: TableMap,
    ) -> None:
        self._table = table
        self._zebra = zebra
        self.vrf = vrf
        self._run = run
        self._log = log
        self._debugs = debugs
        """Whether routes to a prefix are debugged; of None: to any."""
        self._config = config
        self.distances = Distances(config, filters)
        self._map = table_map
        self._any = Prefix(table.afi, 0, 0)
        self._routes: dict[_Said, Route] = {}
        self._withdrawals: dict[int | None, Route] = {}
        self._known: dict[tuple[object, ...] | None, _Told] = {}
        self._basis: object = None
        """What zebra is told by what is said of paths, and what that was found with."""
        self.idle = False
        """True to send nothing at all (bgpd -n, `bgp no-rib`, a view)."""
        self.tells_paths = False
        """True to tell of AS paths and communities too (`bgp send-extra-data zebra`)."""
        self.pending: dict[int, Path | None] = {}
        self._running = False

    def changed(self, changes: dict[int, Path | None]) -> None:
        """These prefixes have another best path; the values are what was best before."""
        if self._zebra.link is None or self.idle:
            return
        if self.pending:
            for key, old in changes.items():
                self.pending.setdefault(key, old)
        else:
            self.pending = dict(changes)
        self.resume()

    def resume(self) -> None:
        """Send what is pending."""
        if self.pending and not self._running and self._zebra.ready:
            self._running = True
            self._run("routes to zebra", self._flush())

    def begin(self) -> None:
        """A new connection: zebra has nothing of ours."""
        self.pending = {}
        self.send_all()

    def send_all(self) -> None:
        """Everything again; what waits to be taken back still is."""
        if not self.idle:
            self._run("all routes to zebra", self._collect())

    def silence(self, idle: bool) -> None:
        """Send nothing any more and take back what was sent, or send everything again."""
        if idle is self.idle:
            return
        if idle:
            self.pending = {}
            self._run("routes taken back", self._take_back())
        self.idle = idle
        self.send_all()

    def withdraw_all(self) -> Generator[None, None, None]:
        """Work: take all routes back."""
        if not self.idle:
            yield from self._take_back()

    def _take_back(self) -> Generator[None, None, None]:
        for item in self._table.walk():
            if item is None:
                yield
                continue
            key, entry = item
            paths = multipath_of(entry)
            if paths and _goes_out(paths[0]):
                self._say(False, self._gone(_table_of(paths[0])), (key,))

    def _collect(self) -> Generator[None, None, None]:
        for shard in self._table.shards:
            for key in shard:
                self.pending.setdefault(key, None)
            yield
        self.resume()

    def _flush(self) -> Generator[None, None, None]:
        try:
            while self.pending:
                pending, self.pending = self.pending, {}
                items = list(pending.items())
                for start in range(0, len(items), CHUNK):
                    if not self._zebra.ready:
                        for key, old in items[start:]:
                            self.pending.setdefault(key, old)
                        return
                    self._send(items[start : start + CHUNK])
                    yield
        finally:
            self._running = False

    def _send(self, changes: Iterable[tuple[int, Path | None]]) -> None:
        shards, shift = self._table.shards, self._table.shift
        alike = self._remembering()
        known: dict[Entry, _Told] = {}
        gone: dict[Path, int] = {}
        with _Run(self._say) as run:
            add = run.add
            for key, old in changes:
                entry = shards[key >> shift].get(key)
                told = _NOTHING if entry is None else known.get(entry)
                if told is None:
                    told = self._told_alike(key, entry) if alike else self._told(key, entry)
                    if alike and entry is not None:
                        known[entry] = told
                if old is not None:
                    before = gone.get(old)
                    if before is None:
                        before = gone[old] = _place(old)
                    if before != told.place and before != _NOWHERE:
                        add(False, self._gone(before or None), key)
                if told.goes_out:
                    add(told.add, told.route, key)

    def _say(self, add: bool, route: Route, keys: Sequence[int]) -> None:
        self._zebra.send(Routes(add, route, keys), self.vrf)
        installed = self._table.installed
        if installed is not None:
            for key in keys:
                (installed.added if add else installed.deleted)(key)
        if self._debugs(None):
            for key in keys:
                prefix = Prefix.from_key(self._table.afi, key)
                if self._debugs(prefix):
                    log_said(self._log, self.vrf, add, route, prefix)

    # --- what zebra is told of a prefix ----------------------------------------------------------

    def _alike(self) -> bool:
        """Whether prefixes with the same paths are told alike."""
        config = self._config
        return (
            config.table_map is None
            and not self.tells_paths
            and not config.prefix_distances
            and not any(line.backdoor for line in config.networks.values())
        )

    def _remembering(self) -> bool:
        """Whether prefixes with the same paths are told alike; then what is known is of use."""
        config = self._config
        basis = config.distances, self._table.rules.bandwidth, self.vrf
        if basis != self._basis or len(self._known) >= _KEPT:
            self._basis = basis
            self._known.clear()
        return self._alike()

    def _told_alike(self, key: int, entry: Entry | None) -> "_Told":
        said = _said_alike(multipath_of(entry))
        told = self._known.get(said)
        if told is None:
            told = self._told(key, entry)
            if said is not None:
                self._known[said] = told
        return told

    def _told(self, key: int, entry: Entry | None) -> "_Told":
        paths = multipath_of(entry)
        if not paths or not _goes_out(paths[0]):
            return _NOTHING
        best = paths[0]
        prefix = Prefix.from_key(self._table.afi, key)
        paths, attrs = self._map.apply(prefix, paths)
        table = _table_of(best)
        if not paths:
            return _Told(True, False, table, self._gone(table))
        opaque = told(self._table, key, best) if self.tells_paths else None
        shares = weighted(paths, self._table.rules.bandwidth)
        said = (
            (self.vrf, *map(_way, shares)),
            self.distances.of(best, prefix),
            attrs.med or 0,
            _flags(best),
            None if attrs.extras is None else attrs.extras.tag or None,
            table,
        )
        return _Told(True, True, table, self._route(said, shares, opaque))

    def telling(self, key: int, entry: Entry | None) -> Route | None:
        """The route that zebra is given for a prefix; None for none."""
        told = self._told(key, entry)
        return told.route if told.goes_out and told.add else None

    def _route(self, said: _Said, shares: _Shares, opaque: bytes | None) -> Route:
        """The route that says so: one object for all prefixes, of any family's prefix."""
        route = self._routes.get(said) if opaque is None else None
        if route is None:
            _, distance, metric, flags, tag, table = said
            route = Route(
                RouteType.BGP,
                self._any,
                self._hops(shares),
                distance=distance,
                metric=metric,
                flags=RouteFlag(flags),
                tag=tag,
                table=table,
                safi=self._table.family[1],
                opaque=opaque,
            )
            if opaque is None:
                if len(self._routes) >= _KEPT:
                    self._routes.clear()
                self._routes[said] = route
        return route

    def _gone(self, table: int | None) -> Route:
        """What takes a route of a table back."""
        route = self._withdrawals.get(table)
        if route is None:
            safi = self._table.family[1]
            route = Route(RouteType.BGP, self._any, safi=safi, table=table)
            self._withdrawals[table] = route
        return route

    def _hops(self, shares: _Shares) -> tuple[Hop, ...]:
        hops = [replace(self._hop(path), weight=w) if w else self._hop(path) for path, w in shares]
        hops.sort(key=_order)
        return tuple(hops)

    def _hop(self, path: Path) -> Hop:
        if path.source.is_local:
            return Hop.drop()
        nexthop = path.nexthop
        labels = () if path.label is None else (path.label,)
        if nexthop is not None and nexthop.ifindex:
            # The address that is tracked: one of the interface's link.
            kind, ifindex = NexthopType.IPV6_IFINDEX, nexthop.ifindex
            return Hop(kind, nexthop.address, ifindex, vrf=self.vrf, labels=labels)
        assert path.gateway is not None  # only own routes have none
        return Hop.via(path.gateway, vrf=self.vrf, labels=labels)


def _way(share: tuple[Path, int]) -> tuple[object, ...]:
    """What the next hop of a path follows from; looked at for each path, so no next hop is made."""
    path, weight = share
    gateway = None if path.gateway is None else path.gateway.value
    return _link(path), gateway, path.source.is_local, path.label, weight


def _link(path: Path) -> tuple[int, int] | None:
    """What of a tracked next hop goes into a route; the object is another after each session."""
    nexthop = path.nexthop
    return (nexthop.ifindex, nexthop.address.value) if nexthop and nexthop.ifindex else None


# Not `frozen`: there is one for each path, and its way to fill fields costs 1 us.
@dataclass(slots=True, eq=False)
class _Told:
    """What zebra is told of prefixes with the same paths: to `add` a route or to take it back."""

    goes_out: bool
    add: bool
    table: int | None
    route: Route
    place: int = field(init=False)
    """As `_place` tells it."""

    def __post_init__(self) -> None:
        self.place = (self.table or 0) if self.goes_out else _NOWHERE


class _Run:
    """Gathers the keys of the same route in a row; `say` gets them together, in order."""

    def __init__(self, say: Callable[[bool, Route, Sequence[int]], None]) -> None:
        self._say = say
        self._add = False
        self._route: Route | None = None
        self._keys: list[int] = []

    def add(self, add: bool, route: Route, key: int) -> None:
        if route is not self._route or add is not self._add:
            self._end()
            self._add, self._route, self._keys = add, route, []
        self._keys.append(key)

    def _end(self) -> None:
        if self._route is not None:
            self._say(self._add, self._route, self._keys)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._end()


def _said_alike(paths: tuple[Path, ...]) -> tuple[object, ...] | None:
    """All that decides what zebra is told of plain paths; None for others."""
    if not paths:
        return None
    best = paths[0]
    source, attrs = best.source, best.attrs
    connected = best.nexthop is None or best.nexthop.connected
    if attrs.extras is not None or best.origination is not Origination.LEARNT or source.is_local:
        return None
    said: list[object] = [attrs.med, source.is_ebgp, connected]
    for path in paths:
        if len(paths) > 1 and path.attrs.ext_communities:
            return None
        gateway = path.gateway
        said += _link(path), None if gateway is None else gateway.value, path.label
    return tuple(said)


def _flags(best: Path) -> int:
    external = best.source.is_ebgp
    if best.origination is Origination.AGGREGATE or not (external or best.source.is_local):
        return _OF_IBGP
    if external and best.nexthop is not None and not best.nexthop.connected:
        return _RECURSIVE
    return 0


def _goes_out(path: Path) -> bool:
    """Own routes are zebra's already, but for aggregates."""
    return not path.source.is_local or path.origination is Origination.AGGREGATE


_NOWHERE: Final = -1


def _place(path: Path) -> int:
    """The table in which zebra has a path's route, 0 for that of the VRF."""
    return _table_of(path) or 0 if _goes_out(path) else _NOWHERE


def _table_of(path: Path) -> int | None:
    """The table that a route-map named; None for that of the VRF."""
    extras = path.attrs.extras
    return None if extras is None else extras.table or None


_NOTHING: Final = _Told(False, False, None, Route(RouteType.BGP, Prefix(Afi.IPV4, 0, 0)))


def _order(hop: Hop) -> tuple[int, int, int, int, int]:
    gate = 0 if hop.gate is None else hop.gate.value
    return hop.vrf, hop.type, hop.weight, gate, hop.ifindex
