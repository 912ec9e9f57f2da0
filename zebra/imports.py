"""`ip import-table N`: selected IPv4 routes of a table join the main one, as `T[N]`."""

from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING

from grammar.base.clock import Clock
from grammar.base.values import Afi, Prefix
from grammar.filters.routemap import Verdict
from zebra.config import ImportTable, ZebraConfig
from zebra.fib import Fib
from zebra.nexthop import Groups
from zebra.protocolmaps import ProtocolMaps
from zebra.resolve import Resolver
from zebra.rib import Rib, RouteEntry
from zebra.vrf import Table
from zebra.zapi.constants import RouteFlag, RouteType

if TYPE_CHECKING:
    from zebra.zebra import Zebra

_NOT_COPIED = int(RouteFlag.RR_USE_DISTANCE)


class Imports:
    """Keeps the imported routes equal to those of their tables."""

    def __init__(
        self,
        config: ZebraConfig,
        clock: Clock,
        rib: Rib,
        groups: Groups,
        resolver: Resolver,
        fib: Fib,
        maps: ProtocolMaps,
    ) -> None:
        self._config = config
        self._clock = clock
        self._rib = rib
        self._groups = groups
        self._resolver = resolver
        self._fib = fib
        self._maps = maps
        self._before: dict[int, ImportTable] = {}
        maps.on_changed = self._maps_changed

    def configured(self) -> None:
        """Lines `ip import-table` changed."""
        before, self._before = self._before, dict(self._config.import_tables)
        for number in before.keys() | self._before.keys():
            if before.get(number) != self._before.get(number):
                self._rib.work.add("import-table", self._again(number))

    def _maps_changed(self, names: set[str]) -> None:
        for number, table in self._config.import_tables.items():
            if table.route_map in names:
                self._rib.work.add("import-table", self._again(number))

    def _again(self, number: int) -> Iterator[None]:
        """All routes of a table anew; what it has no more is taken back."""
        table = self._rib.default.get_table(Afi.IPV4, number)
        main = self._rib.default.main(Afi.IPV4)
        for of in (main, table):
            for count, dest in enumerate(list(of.routes.values())):
                prefix = of.prefix(dest)
                source = table.routes.get(dest.key)
                self._mirror(number, prefix, source.selected if source is not None else None)
                if count % 2000 == 1999:
                    yield

    def selected(self, table: Table, prefix: Prefix, entry: RouteEntry | None) -> None:
        """Another route of a table is in use, or none."""
        if (
            table.afi is Afi.IPV4
            and table.id in self._config.import_tables
            and table.vrf is self._rib.default
        ):
            self._mirror(table.id, prefix, entry)

    def _mirror(self, number: int, prefix: Prefix, entry: RouteEntry | None) -> None:
        main = self._rib.default.main(Afi.IPV4)
        importing = self._config.import_tables.get(number)
        if entry is None or importing is None or not self._permits(importing, prefix, entry):
            self._rib.delete(main, prefix, _of_table(number))
            return
        imported = self._copy(number, importing.distance, entry)
        dest = main.routes.get(prefix.key)
        for known in dest.entries if dest is not None else ():
            if _of_table(number)(known) and _same(known, imported):
                self._rib.release(imported, 1)
                return
        self._rib.add(main, prefix, imported)

    def _copy(self, number: int, distance: int, entry: RouteEntry) -> RouteEntry:
        hops = entry.wanted.hops
        imported = RouteEntry(
            RouteType.TABLE,
            self._resolver.want(Afi.IPV4, hops),
            self._groups.find(Afi.IPV4, hops),
            self._clock.now(),
            distance=distance,
            metric=entry.metric,
            tag=entry.tag,
            mtu=entry.mtu,
            flags=entry.flags & ~_NOT_COPIED,
            instance=number,
        )
        self._fib.hold_group(imported)
        return imported

    def _permits(self, importing: ImportTable, prefix: Prefix, entry: RouteEntry) -> bool:
        name = importing.route_map
        if name is None:
            return True
        # FRR asks the map about the first next hop only.
        return self._maps.ask(name, entry, prefix, entry.group.hops[0]) is not Verdict.DENY


def policies(zebra: "Zebra") -> tuple[ProtocolMaps, Imports]:
    """The route-maps of protocols and the imported tables of a zebra."""
    config, rib, groups, resolver = zebra.config, zebra.rib, zebra.groups, zebra.resolver
    maps = ProtocolMaps(config, zebra.scheduler, rib, groups, resolver)
    return maps, Imports(config, zebra.clock, rib, groups, resolver, zebra.fib, maps)


def _of_table(number: int) -> Callable[[RouteEntry], bool]:
    return lambda entry: entry.type is RouteType.TABLE and entry.instance == number


def _same(one: RouteEntry, other: RouteEntry) -> bool:
    def key(entry: RouteEntry) -> tuple[object, ...]:
        return entry.wanted, entry.distance, entry.metric, entry.tag, entry.mtu

    return key(one) == key(other)
