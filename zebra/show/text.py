"""Views as FRR's text."""

from collections.abc import Iterable, Iterator
from functools import singledispatch
from typing import Any

from grammar.base.values import Afi
from grammar.output.prefixes import PrefixTexts
from grammar.output.time import route_uptime
from zebra.rib import RouteStatus
from zebra.show import views
from zebra.show.hops import detail_marks, detail_way, marks, tracked_way, way
from zebra.show.told import told_lines
from zebra.show.views.blocks import RouteBlock
from zebra.zapi.constants import RouteType

_TAIL = """\
       > - selected route, * - FIB route, q - queued, r - rejected, b - backup
       t - trapped, o - offload failure

"""
_CODES = {
    Afi.IPV4: """\
Codes: K - kernel route, C - connected, S - static, R - RIP,
       O - OSPF, I - IS-IS, B - BGP, E - EIGRP, N - NHRP,
       T - Table, v - VNC, V - VNC-Direct, A - Babel, F - PBR,
       f - OpenFabric,
"""
    + _TAIL,
    Afi.IPV6: """\
Codes: K - kernel route, C - connected, S - static, R - RIPng,
       O - OSPFv3, I - IS-IS, B - BGP, N - NHRP, T - Table,
       v - VNC, V - VNC-Direct, A - Babel, F - PBR,
       f - OpenFabric,
"""
    + _TAIL,
}
_LETTERS = {
    RouteType.SYSTEM: "X",
    RouteType.KERNEL: "K",
    RouteType.CONNECTED: "C",
    RouteType.STATIC: "S",
    RouteType.RIP: "R",
    RouteType.RIPNG: "R",
    RouteType.OSPF: "O",
    RouteType.OSPF6: "O",
    RouteType.ISIS: "I",
    RouteType.BGP: "B",
    RouteType.PIM: "P",
    RouteType.EIGRP: "E",
    RouteType.NHRP: "N",
    RouteType.TABLE: "T",
    RouteType.LDP: "L",
    RouteType.VNC: "v",
    RouteType.VNC_DIRECT: "V",
    RouteType.BABEL: "A",
    RouteType.SHARP: "D",
    RouteType.PBR: "F",
    RouteType.OPENFABRIC: "f",
}


@singledispatch
def render(view: Any) -> Iterable[str]:
    """The text of a view, in chunks."""
    raise TypeError(f"no text for {type(view).__name__}")


# --- routes -------------------------------------------------------------------------------------


def _status(row: views.RouteRow, hop: views.HopRow, *, fib: bool = False) -> str:
    if row.mark:
        return row.mark
    if row.status & RouteStatus.FAILED:
        return "r"
    if row.status & RouteStatus.INSTALLED:
        good = hop.fib if fib else not (hop.hop.resolved or hop.hop.duplicate)
        return "*" if good else " "
    return "q" if row.status & RouteStatus.QUEUED else " "


_CHUNK = 128
"""Prefixes whose lines are written together."""
_KEPT = 4096


class _RouteLines:
    """Writes the lines of routes; those of one group share the texts of its next hops."""

    def __init__(self, view: views.RouteList) -> None:
        self._groups = view.groups
        self._fib = view.fib
        # The objects are kept with their texts: their ids stay their own as long as that.
        self._ways: dict[int, tuple[tuple[views.HopRow, ...], list[str]]] = {}
        self._prefixes: dict[Afi, PrefixTexts] = {}

    def block(self, block: RouteBlock) -> str:
        """The lines of many prefixes with one route each."""
        texts = self._prefixes.setdefault(block.afi, PrefixTexts(block.afi)).texts(block.keys)
        around: dict[int, tuple[str, str] | None] = {}
        ages: dict[int, str] = {}
        lines = []
        for prefix, row, since in zip(texts, block.rows, block.since, strict=True):
            seconds = int(block.now - since)
            age = ages.get(seconds) or ages.setdefault(seconds, route_uptime(seconds))
            if id(row) not in around:
                around[id(row)] = (
                    self._around(row) if len(row.hops) == 1 and not row.spares else None
                )
            found = around[id(row)]
            if found is None:
                lines.append(self.of(row, prefix, age))
            else:
                lines.append(f"{found[0]}{prefix}{found[1]}{age}\n")
        return "".join(lines)

    def of(self, row: views.RouteRow, prefix: str, age: str) -> str:
        """The lines of a route, one for each next hop."""
        start, cost = self._start(row), self._cost(row)
        indent = len(start) + len(prefix) + len(cost)
        lines = ""
        for hop, text in zip(row.hops, self._texts(row.hops), strict=True):
            mark = _status(row, hop, fib=self._fib)
            if lines:
                lines += f"  {mark}{' ' * (indent - 1 + 2 * hop.level)} {text}, {age}\n"
            else:
                lines = f"{start}{mark} {prefix}{cost} {text}, {age}\n"
        for spare in row.spares:
            lines += f"  b{' ' * (indent + 1)} {way(spare)}{marks(spare)}\n"
        return lines

    def _around(self, row: views.RouteRow) -> tuple[str, str]:
        """What stands around the prefix of a route with one next hop, up to its age."""
        mark = _status(row, row.hops[0], fib=self._fib)
        return f"{self._start(row)}{mark} ", f"{self._cost(row)} {self._texts(row.hops)[0]}, "

    def _start(self, row: views.RouteRow) -> str:
        instance = f"[{row.instance}]" if row.instance else ""
        return f"{_LETTERS.get(row.type, '?')}{instance}{'>' if row.selected else ' '}"

    def _cost(self, row: views.RouteRow) -> str:
        plain_connected = row.type is RouteType.CONNECTED and not (row.distance or row.metric)
        cost = "" if plain_connected else f" [{row.distance}/{row.metric}]"
        return f"{cost} ({row.group})" if self._groups else cost

    def _texts(self, hops: tuple[views.HopRow, ...]) -> list[str]:
        known = self._ways.get(id(hops))
        if known is None:
            if len(self._ways) >= _KEPT:
                self._ways.clear()
            known = self._ways[id(hops)] = (hops, [f"{way(hop)}{marks(hop)}" for hop in hops])
        return known[1]


@render.register
def _(view: views.RouteList) -> Iterator[str]:
    routes = _RouteLines(view)
    started = False
    for table in view.tables:
        titled = False
        lines: list[str] = []
        for item in table.destinations:
            if item is None or len(lines) >= _CHUNK:
                yield "".join(lines)
                lines.clear()
            if item is None:
                continue
            if not started:
                lines.append(_CODES[view.afi])
            if not titled and table.title is not None:
                lines.append(f"\n{table.title}\n" if started else f"{table.title}\n")
            started = titled = True
            if isinstance(item, RouteBlock):
                lines.append(routes.block(item))
            else:
                lines += [routes.of(row, row.prefix, route_uptime(row.age)) for row in item[1]]
        yield "".join(lines)


@render.register
def _(view: views.RouteDetail) -> Iterator[str]:
    for row in view.rows:
        yield f"Routing entry for {row.prefix}{view.note}\n"
        instance = f"[{row.instance}]" if row.instance else ""
        text = f'  Known via "{row.type.word}{instance}", distance {row.distance}'
        text += f", metric {row.metric}"
        if row.tag:
            text += f", tag {row.tag}"
        if row.mtu:
            text += f", mtu {row.mtu}"
        if row.vrf_id:
            text += f", vrf {row.vrf}"
        if row.selected:
            text += ", best"
        yield f"{text}\n"
        yield f"  Last update {route_uptime(row.age)} ago\n"
        if view.groups:
            yield f"  Nexthop Group ID: {row.group}\n"
            if row.installed_group and row.installed_group != row.group:
                yield f"  Installed Nexthop Group ID: {row.installed_group}\n"
        for hop in row.hops:
            mark = _status(row, hop)
            yield f"  {mark}{' ' * (1 + 2 * hop.level)}{detail_way(hop)}{detail_marks(hop)}\n"
            for spare in [row.spares[index] for index in hop.hop.backups if row.spares]:
                yield f"      b {detail_way(spare)}{detail_marks(spare)}\n"
        yield from told_lines(row.opaque)
        yield "\n"


@render.register
def _(view: views.Several) -> Iterator[str]:
    for part in view.parts:
        yield from render(part)


@render.register
def _(view: views.Missing) -> Iterator[str]:
    yield f"{view.complaint}\n"


@render.register
def _(view: views.RouteSummary) -> Iterator[str]:
    what = "Prefix Routes" if view.prefixes else "Routes"
    yield f"{'Route Source':<20} {what:<20} {'FIB'}  (vrf {view.vrf})\n"
    for row in view.rows:
        yield f"{row.source:<20} {row.rib:<20} {row.fib:<20} \n"
    yield "------\n"
    rib = sum(row.rib for row in view.rows)
    fib = sum(row.fib for row in view.rows)
    yield f"{'Totals':<20} {rib:<20} {fib:<20} \n\n"


# --- next hops ----------------------------------------------------------------------------------


@render.register
def _(view: views.TrackedList) -> Iterator[str]:
    if view.title is not None:
        yield f"\n{view.title}\n"
    for row in view.rows:
        yield f"{row.address}{'(Connected)' if row.connected else ''}\n"
        if row.type is None:
            yield f" unresolved{'(Connected)' if row.connected else ''}\n"
        else:
            yield f" resolved via {row.type.word}\n"
            for hop in row.hops:
                if not hop.hop.resolved:
                    yield f" {tracked_way(hop)}\n"
        clients = "".join(
            f" {name}(fd {number}){'(filtered)' if filtered else ''}"
            for name, number, filtered in row.clients
        )
        yield f" Client list:{clients}\n"


@render.register
def _(view: views.GroupList) -> Iterator[str]:
    for row in view.rows:
        yield from _group(row)


@render.register
def _(view: views.InterfaceGroups) -> Iterator[str]:
    for name, rows in view.interfaces:
        yield f"Interface {name}:\n"
        for row in rows:
            yield "   "
            yield from _group(row)


def _group(row: views.GroupRow) -> Iterator[str]:
    owner = "zebra" if row.type is RouteType.NHG else row.type.word
    yield f"ID: {row.id} ({owner})\n"
    left = f" Time to Deletion: {route_uptime(row.deletion)}" if row.deletion else ""
    yield f"     RefCnt: {row.refs}{left}\n"
    yield f"     Uptime: {route_uptime(row.age)}\n"
    yield f"     VRF: {row.vrf}\n"
    if row.valid:
        yield f"     Valid{', Installed' if row.installed else ''}\n"
    if row.ifindex:
        yield f"     Interface Index: {row.ifindex}\n"
    if row.depends:
        yield f"     Depends: {' '.join(f'({id})' for id in row.depends)}\n"
    yield from _group_hops(row)
    if row.dependents:
        yield f"     Dependents: {' '.join(f'({id})' for id in row.dependents)}\n"


def _group_hops(row: views.GroupRow) -> Iterator[str]:
    for hop in row.hops:
        lead = "        " if hop.hop.resolved else "           "
        yield f"{lead}{way(hop)}{marks(hop)}{_backups(hop, row)}\n"
    if row.spares:
        yield "     Backups:\n"
    for spare in row.spares:
        yield f"           {way(spare)}{marks(spare)}\n"


def _backups(hop: views.HopRow, row: views.GroupRow) -> str:
    backups = hop.hop.backups
    if not backups:
        return ""
    # Where FRR has no spare next hops at hand it names the first one only.
    return f"[backup {' '.join(map(str, backups))}]" if row.spares else f" [backup {backups[0]}]"


# --- the rest -------------------------------------------------------------------------------------

from zebra.show import allotted as _allotted  # noqa: E402
from zebra.show import text_dump as _dump  # noqa: E402
from zebra.show import text_links as _links  # noqa: E402
from zebra.show import text_process as _process  # noqa: E402

_process.register(render)
_dump.register(render)
_links.register(render)
_allotted.register(render, None)
