"""Routes as they are shown: lists, one prefix, and counts by source."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from grammar.base.values import Address, Afi, Prefix, key_text
from zebra.hardware import OFFLOADS
from zebra.rib import RouteStatus
from zebra.show.views.blocks import HopRow, RouteBlock, RouteRow, in_blocks
from zebra.zapi.constants import RouteFlag, RouteType

if TYPE_CHECKING:
    from zebra.nexthop import Group, Hop
    from zebra.rib import Dest, RouteEntry
    from zebra.vrf import Table, Vrf
    from zebra.zebra import Zebra

_SELECTED = int(RouteFlag.SELECTED)
_OFFLOADS = int(OFFLOADS)


@dataclass(frozen=True, slots=True)
class RouteFilter:
    """Which routes a list shows; None shows all."""

    type: RouteType | None = None
    tag: int | None = None
    within: Prefix | None = None
    supernets_only: bool = False
    fib: bool = False


Shown = RouteBlock | tuple[str, tuple[RouteRow, ...]] | None
"""Some prefixes with a route each, one with several, or a pause of the walk."""


@dataclass(frozen=True, slots=True)
class RouteTable:
    """The routes of one table, in order; `title` stands above them, if any."""

    title: str | None
    destinations: Iterable[Shown]


@dataclass(frozen=True, slots=True)
class RouteList:
    """`show ip route`, or with `fib` `show ip fib`: tables with their routes."""

    afi: Afi
    tables: tuple[RouteTable, ...]
    groups: bool = False
    fib: bool = False


@dataclass(frozen=True, slots=True)
class RouteDetail:
    """`show ip route PREFIX`: everything about one prefix; `note` follows its name."""

    prefix: str
    rows: tuple[RouteRow, ...]
    groups: bool = False
    note: str = ""


@dataclass(frozen=True, slots=True)
class RouteDump:
    """`show ip zebra route dump`: all that zebra keeps of every route; None is a pause."""

    destinations: Iterable[tuple[str, tuple[RouteRow, ...]] | None]


@dataclass(frozen=True, slots=True)
class Several:
    """The same of several VRFs: one text, or one JSON document, behind the other as in FRR."""

    parts: tuple[object, ...]


@dataclass(frozen=True, slots=True)
class Missing:
    """What was asked for is not there: a complaint as text, an empty object as JSON."""

    complaint: str


@dataclass(frozen=True, slots=True)
class SummaryRow:
    """Routes of one source: in the table, and in the kernel."""

    source: str
    rib: int
    fib: int


@dataclass(frozen=True, slots=True)
class RouteSummary:
    """`show ip route summary`; with `prefixes` the same counts have other names."""

    vrf: str
    prefixes: bool
    rows: tuple[SummaryRow, ...]


def interface_name(zebra: "Zebra", hop: "Hop") -> str:
    """The name of a next hop's interface; FRR says `unknown` for one that is not there."""
    interface = zebra.rib.interface_of(hop)
    return "unknown" if interface is None else interface.name


def vrf_name(zebra: "Zebra", hop: "Hop") -> str:
    """The name of a next hop's VRF."""
    vrf = zebra.rib.vrfs.get(hop.vrf)
    return "Unknown" if vrf is None else vrf.name


def route_row(zebra: "Zebra", table: "Table", dest: "Dest", entry: "RouteEntry") -> RouteRow:
    """One entry of a destination, ready to be shown."""
    return _Rows(zebra, table).row(dest, entry)


class _Rows:
    """Makes the rows of a table; the next hops of routes of one group are the same objects."""

    def __init__(self, zebra: "Zebra", table: "Table") -> None:
        self._zebra = zebra
        self._table = table
        self._behind = "" if table.source is None else f" from {table.source}"
        self._low = (1 << (6 if table.afi is Afi.IPV4 else 8)) - 1
        self._hops: dict[tuple[Group, bool], tuple[HopRow, ...]] = {}
        self._now = zebra.clock.now()

    def paused(self) -> float:
        """Others had their turn: next hops may have changed, and time has passed; the moment."""
        self._hops.clear()
        self._now = self._zebra.clock.now()
        return self._now

    def row(self, dest: "Dest", entry: "RouteEntry") -> RouteRow:
        """One entry of a destination."""
        # FRR's routes of one group share its next hops, and with them the mark of being in the
        # kernel.
        table, group, status = self._table, entry.group, dest.status_of(entry)
        installed = bool(status & RouteStatus.INSTALLED) or (group.installed and group.routed)
        hops = self._hops.get((group, installed))
        if hops is None:
            hops = self._hops[group, installed] = tuple(self._made(group.hops, installed, 0))
        selected, mark = dest.selected is entry, ""
        flags = entry.flags | (_SELECTED if selected else 0)
        if self._zebra.losses.hardware:
            status, flags, mark = _in_hardware(entry, status, flags)
        return RouteRow(
            f"{key_text(table.afi, dest.key)}{self._behind}",
            dest.key & self._low,
            entry.type,
            entry.instance,
            table.vrf.id,
            table.vrf.name,
            selected,
            _in_fib(dest, entry),
            entry.distance,
            entry.metric,
            entry.tag,
            entry.mtu,
            table.id,
            status,
            flags,
            group.id,
            dest.object_of(entry) or (group.in_kernel.id if status & RouteStatus.FAILED else 0),
            self._now - entry.since,
            hops,
            entry.opaque,
            spare_rows(self._zebra, group, table.vrf.id) if group.spares else (),
            mark,
        )

    def _made(self, hops: "Iterable[Hop]", installed: bool, level: int) -> Iterator[HopRow]:
        for hop in hops:
            fib = installed and hop.active and not hop.resolved
            vrf = vrf_name(self._zebra, hop) if hop.vrf != self._table.vrf.id else None
            yield HopRow(hop, level, fib, interface_name(self._zebra, hop), vrf)
            yield from self._made(hop.resolved, installed, level + 1)


def _in_hardware(entry: "RouteEntry", status: int, flags: int) -> tuple[int, int, str]:
    """Status, flags and mark of a route where there is hardware beneath the kernel.

    Connected ones count as there, ours as queued until the kernel has told what became of them.
    """
    flags |= status & _OFFLOADS
    status &= ~_OFFLOADS
    if entry.type is RouteType.CONNECTED:
        flags |= int(RouteFlag.OFFLOADED)
    if not entry.is_system and status & RouteStatus.INSTALLED and not flags & _OFFLOADS:
        return status | RouteStatus.QUEUED, flags, "q"
    if flags & RouteFlag.TRAPPED:
        return status, flags, "t"
    return status, flags, "o" if flags & RouteFlag.OFFLOAD_FAILED else ""


def spare_rows(zebra: "Zebra", group: "Group", vrf: int | None) -> tuple[HopRow, ...]:
    """The spare next hops of a group; those in `vrf` without its name."""

    def row(hop: "Hop") -> HopRow:
        name = None if hop.vrf == vrf else vrf_name(zebra, hop)
        return HopRow(hop, 0, False, interface_name(zebra, hop), name)

    return tuple(map(row, group.hops[0].spares))


def _matches(dest: "Dest", entry: "RouteEntry", wanted: RouteFilter) -> bool:
    if wanted.type is not None and entry.type is not wanted.type:
        return False
    if wanted.tag is not None and entry.tag != wanted.tag:
        return False
    return not wanted.fib or _in_fib(dest, entry)


def _in_fib(dest: "Dest", entry: "RouteEntry") -> bool:
    # What the kernel refuses stays chosen for it.
    return dest.fib is entry or (dest.selected is entry and bool(entry.status & RouteStatus.FAILED))


def _is_supernet(prefix: Prefix) -> bool:
    # FRR goes by the classes of old: A to /8, B to /16, C to /24; D and E have none.
    first = prefix.value >> 24
    natural = 8 if first < 128 else 16 if first < 192 else 24
    return first >= 224 or prefix.length < natural


def _blocks(zebra: "Zebra", table: "Table", wanted: RouteFilter) -> Iterator[Shown]:
    """The routes of a table that are wanted, as many together as can be."""
    inner = any(inner.routes for inner in table.sources.values())
    if inner or wanted.within is not None or wanted.supernets_only:
        yield from _destinations(zebra, table, wanted)
        return
    maker = _Rows(zebra, table)

    def make(dest: "Dest", entry: "RouteEntry") -> RouteRow | None:
        return maker.row(dest, entry) if _matches(dest, entry, wanted) else None

    for found in in_blocks(table, make, maker.paused):
        if found is None or isinstance(found, RouteBlock):
            yield found
        elif rows := tuple(filter(None, (make(found, entry) for entry in found.entries))):
            yield rows[0].prefix, rows


def _destinations(
    zebra: "Zebra", table: "Table", wanted: RouteFilter
) -> Iterator[tuple[str, tuple[RouteRow, ...]] | None]:
    makers = {of: _Rows(zebra, of) for of in (table, *table.sources.values())}
    for found in _walk(table):
        if found is None:
            yield None
            for maker in makers.values():
                maker.paused()
            continue
        of, dest = found
        if wanted.within is not None and not wanted.within.covers(of.prefix(dest)):
            continue
        maker = makers[of]
        rows = tuple(
            maker.row(dest, entry) for entry in dest.entries if _matches(dest, entry, wanted)
        )
        if not rows:
            continue
        if wanted.supernets_only and not _is_supernet(of.prefix(dest)):
            continue
        yield rows[0].prefix, rows


def _walk(table: "Table") -> "Iterator[tuple[Table, Dest] | None]":
    """Destinations in order, those of a source behind those of any; None is a pause."""
    if not any(inner.routes for inner in table.sources.values()):
        for key in table.ordered():
            dest = None if key is None else table.routes.get(key)
            if key is None:
                yield None
            elif dest is not None:
                yield table, dest
        return
    of = (table, *(inner for _, inner in sorted(table.sources.items())))
    for key in sorted({key for one in of for key in one.routes}):
        yield from ((one, one.routes[key]) for one in of if key in one.routes)


def routes(
    zebra: "Zebra",
    afi: Afi,
    vrfs: "Iterable[Vrf]",
    table: int | str | None,
    wanted: RouteFilter,
    *,
    title_vrf: bool = False,
    groups: bool = False,
) -> RouteList:
    """A list of routes: of the VRFs' main tables, of table `table`, or of `all` tables."""
    tables = []
    for vrf in vrfs:
        if table is None:
            title = f"VRF {vrf.name}:" if title_vrf or vrf.id else None
            chosen = [(title, vrf.main(afi))]
        else:
            chosen = [
                (f"VRF {vrf.name} table {found.id}:", found)
                for found in vrf.of_afi(afi)
                if table in ("all", found.id)
            ]
        for title, found in chosen:
            tables.append(RouteTable(title, _blocks(zebra, found, wanted)))
    return RouteList(afi, tuple(tables), groups, wanted.fib)


def route(
    zebra: "Zebra", vrf: "Vrf", wanted: Address | Prefix, *, fib: bool = False, groups: bool = False
) -> RouteDetail | None:
    """What is known of a prefix, or of the most specific one around an address; None if nothing."""
    afi = wanted.afi
    table = vrf.main(afi)
    if isinstance(wanted, Prefix):
        dest = table.routes.get(wanted.network.key)
        if dest is None and wanted.length:
            return None
    else:
        dest = next(table.matches(wanted.value, afi.bits), None)
    if dest is None:
        # FRR always has an entry for the default prefix, empty if need be.
        return None if fib else RouteDetail(str(Prefix(afi, 0, 0)), (), groups)
    rows = tuple(
        route_row(zebra, table, dest, entry)
        for entry in dest.entries
        if not fib or _in_fib(dest, entry)
    )
    return RouteDetail(str(table.prefix(dest)), rows, groups) if rows or not fib else None


def reverse_paths(zebra: "Zebra", vrf: "Vrf") -> RouteList:
    """The multicast table."""
    table = vrf.multicast[Afi.IPV4]

    def rows() -> Iterator[tuple[str, tuple[RouteRow, ...]] | None]:
        for item in _destinations(zebra, table, RouteFilter()):
            yield item and (item[0], tuple(_for_multicast(row) for row in item[1]))

    return RouteList(Afi.IPV4, (RouteTable(None, rows()),))


def _for_multicast(row: RouteRow) -> RouteRow:
    # FRR marks the next hops of what it chose as if a kernel had them.
    hops = tuple(replace(hop, fib=hop.fib or row.selected) for hop in row.hops)
    return replace(row, dest_selected=False, hops=hops)


def reverse_path(zebra: "Zebra", vrf: "Vrf", wanted: Address) -> RouteDetail | Missing:
    """The way back to an address: FRR finds what a kernel has, which of multicast is nothing."""
    if zebra.config.process.get("ip multicast rpf-lookup-mode") == "mrib-only":
        return Missing("% No match for RPF lookup")
    table = vrf.main(Afi.IPV4)
    for dest in table.matches(wanted.value, Afi.IPV4.bits):
        if dest.selected is not None:
            rows = tuple(route_row(zebra, table, dest, entry) for entry in dest.entries)
            return RouteDetail(str(table.prefix(dest)), rows, note=" using Unicast RIB")
    return Missing("% No match for RPF lookup")


def dump(zebra: "Zebra", afi: Afi, vrf: "Vrf") -> RouteDump:
    """Every route of a VRF's main table, in full."""
    return RouteDump(_destinations(zebra, vrf.main(afi), RouteFilter()))


def _source(entry: "RouteEntry") -> str:
    if entry.type is RouteType.BGP:
        return "ibgp" if int(entry.flags) & 0x04 else "ebgp"
    return entry.type.word


def summary(
    zebra: "Zebra", afi: Afi, vrf: "Vrf", table: int | None, prefixes: bool
) -> RouteSummary:
    """Routes counted by source."""
    rib: dict[str, int] = {}
    fib: dict[str, int] = {}
    types: set[RouteType] = set()
    found = vrf.tables.get((afi, table or vrf.table))
    for item in _walk(found) if found is not None else ():
        if item is None:
            continue
        dest = item[1]
        for entry in dest.entries:
            source = _source(entry)
            types.add(entry.type)
            rib[source] = rib.get(source, 0) + 1
            if dest.status_of(entry) & RouteStatus.INSTALLED:
                fib[source] = fib.get(source, 0) + 1
    rows: list[SummaryRow] = []
    for kind in sorted(types):
        sources = ("ebgp", "ibgp") if kind is RouteType.BGP else (kind.word,)
        rows.extend(SummaryRow(s, rib.get(s, 0), fib.get(s, 0)) for s in sources)
    return RouteSummary(vrf.name, prefixes, tuple(rows))
