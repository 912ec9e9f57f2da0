"""Best paths on their way to zebra: ROUTE_ADD and ROUTE_DELETE as FRR's bgpd sends them."""

from collections.abc import Callable, Generator
from dataclasses import replace
from typing import Final

from bgp.config import FamilyConfig
from bgp.distance import Distances
from bgp.extradata import told
from bgp.rib.bandwidth import weighted
from bgp.rib.path import Origination, Path, multipath_of
from bgp.rib.table import Table
from bgp.tablemap import TableMap
from bgp.zebra import ZebraView
from grammar.base.log import Level, Log
from grammar.base.values import Prefix
from grammar.filters.model import Filters
from zebra.zapi.messages import Nexthop as Hop
from zebra.zapi.messages import NexthopType, Route, RouteAdd, RouteDelete, RouteFlag, RouteType

CHUNK: Final = 256


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
        debugs: Callable[[Prefix], bool],
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
        self.distances = Distances(config, filters)
        self._map = table_map
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
        pending = self.pending
        for key, old in changes.items():
            pending.setdefault(key, old)
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
                self._delete(key, _table_of(paths[0]))

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
                    for key, old in items[start : start + CHUNK]:
                        self._send(key, old)
                    yield
        finally:
            self._running = False

    def _send(self, key: int, old: Path | None) -> None:
        paths = multipath_of(self._table.get(key))
        if paths and _goes_out(paths[0]):
            if old is not None and _table_of(old) != _table_of(paths[0]) and _goes_out(old):
                self._delete(key, _table_of(old))
            self._add(key, paths)
        elif old is not None and _goes_out(old):
            self._delete(key, _table_of(old))

    def _add(self, key: int, paths: tuple[Path, ...]) -> None:
        best = paths[0]
        prefix = Prefix.from_key(self._table.afi, key)
        paths, attrs = self._map.apply(prefix, paths)
        if not paths:
            self._delete(key, _table_of(best))
            return
        shares = weighted(paths, self._table.rules.bandwidth)
        hops = tuple(
            sorted(
                (
                    replace(self._hop(path), weight=w) if w else self._hop(path)
                    for path, w in shares
                ),
                key=_order,
            )
        )
        external = best.source.is_ebgp
        flags = RouteFlag.NONE
        aggregate = best.origination is Origination.AGGREGATE
        if aggregate or not (external or best.source.is_local):
            flags = RouteFlag.ALLOW_RECURSION | RouteFlag.IBGP
        elif external and best.nexthop is not None and not best.nexthop.connected:
            flags = RouteFlag.ALLOW_RECURSION
        route = Route(
            RouteType.BGP,
            prefix,
            hops,
            distance=self.distances.of(best, prefix),
            metric=attrs.med or 0,
            flags=flags,
            tag=None if attrs.extras is None else attrs.extras.tag or None,
            table=_table_of(best),
            safi=self._table.family[1],
            opaque=told(self._table, key, best) if self.tells_paths else None,
        )
        self._zebra.send(RouteAdd(route), self.vrf)
        if self._table.installed is not None:
            self._table.installed.added(key)
        if self._debugs(prefix):
            self._log_add(route)

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

    def _delete(self, key: int, table: int | None = None) -> None:
        prefix = Prefix.from_key(self._table.afi, key)
        route = Route(RouteType.BGP, prefix, safi=self._table.family[1], table=table)
        self._zebra.send(RouteDelete(route), self.vrf)
        if self._table.installed is not None:
            self._table.installed.deleted(key)
        if self._debugs(prefix):
            text = f"Tx route delete VRF {self.vrf} {prefix}"
            self._log.write(Level.DEBUGGING, text, "G7K80-KF0HM")

    def _log_add(self, route: Route) -> None:
        if not any(hop.labels for hop in route.nexthops):
            text = f"bgp_zebra_announce: p={route.prefix}, extra is NULL, no label"
            self._log.write(Level.DEBUGGING, text, "KR6T7-EW7AS")
        text = (
            f"Tx route add VRF {self.vrf} {route.prefix} metric {route.metric} "
            f"tag {route.tag or 0} "
            f"count {len(route.nexthops)} nhg 0"
        )
        self._log.write(Level.DEBUGGING, text, "V15FP-4CPVK")
        for number, hop in enumerate(route.nexthops, 1):
            gate = "blackhole" if hop.gate is None else hop.gate
            text = f"  nhop [{number}]: {gate} if {hop.ifindex} VRF {hop.vrf} wt {hop.weight}   "
            self._log.write(Level.DEBUGGING, text, "JQXM8-V0CKB")
        own = route.nexthops[0].gate is None
        recursion = "set" if own or route.flags & RouteFlag.ALLOW_RECURSION else "NOT set"
        text = f"bgp_zebra_announce: {route.prefix}: announcing to zebra (recursion {recursion})"
        self._log.write(Level.DEBUGGING, text, "JMVGR-VQ1M1")


def _goes_out(path: Path) -> bool:
    """Own routes are zebra's already, but for aggregates."""
    return not path.source.is_local or path.origination is Origination.AGGREGATE


def _table_of(path: Path) -> int | None:
    """The table that a route-map named; None for that of the VRF."""
    extras = path.attrs.extras
    return None if extras is None else extras.table or None


def _order(hop: Hop) -> tuple[int, int, int, int, int]:
    gate = 0 if hop.gate is None else hop.gate.value
    return hop.vrf, hop.type, hop.weight, gate, hop.ifindex
