"""Tables of routes as text."""

from collections.abc import Callable, Hashable, Iterable, Iterator
from sys import intern

from bgp.show.lines import Alike, Around, lines_of
from bgp.show.tails import Tails
from bgp.show.text.dispatch import text
from bgp.show.views.table import (
    AdjacencyView,
    Block,
    Columns,
    Row,
    RowPath,
    TableHead,
    TablesView,
    TableView,
)

STATUS_CODES = """\
Status codes:  s suppressed, d damped, h history, * valid, > best, = multipath,
               i internal, r RIB-failure, S Stale, R Removed
"""
_CODES = """\
Nexthop codes: @NNN nexthop's vrf id, < announce-nh-self
Origin codes:  i - IGP, e - EGP, ? - incomplete
RPKI validation codes: V valid, I invalid, N Not found
"""
_COLUMNS = "   Network          Next Hop            Metric LocPrf Weight Path\n"
_COLUMNS_WIDE = f"   {'Network':<45}{'Next Hop':<42}Metric LocPrf Weight Path\n"

_NETWORK, _NETWORK_WIDE = 17, 45
_NEXTHOP, _NEXTHOP_WIDE = 16, 41
_METRIC, _METRIC_WIDE = 10, 7
_KEPT = 1 << 15
_BELOW = " " * 36
"""Ahead of the metric where the next hop leaves no room for it, in the wide form too."""


def table_head(head: TableHead, wide: bool = False) -> str:
    """The lines above the rows of a table."""
    number = "-" if head.vrf_id < 0 else str(head.vrf_id)
    return (
        f"BGP table version is {head.version}, local router ID is {head.router_id},"
        f" vrf id {number}\n"
        f"Default local pref {head.local_pref}, local AS {head.asn}\n"
        f"{STATUS_CODES}{_CODES}\n{_COLUMNS_WIDE if wide else _COLUMNS}"
    )


class Rows:
    """Formats rows; what depends on the path alone is made once per path."""

    def __init__(self, wide: bool) -> None:
        self.network = _NETWORK_WIDE if wide else _NETWORK
        self.gap = "\n" + " " * 20 if not wide else "\n" + " " * 48
        self.routes = 0
        self.paths = 0
        self._tails = _Tails(wide)
        self._known = _Known(self._tails, " " * self.network)
        self._state: object = None

    def lines(self, rows: Iterable[Row | Block | None]) -> Iterator[str]:
        """One chunk per prefix or block, an empty one for a pause."""
        for row in rows:
            if row is None:
                yield ""
            elif isinstance(row, Block):
                yield self.of_block(row)
            else:
                yield self.of_row(row)

    def of_row(self, row: Row) -> str:
        """The lines of a prefix."""
        self.routes += 1
        self.paths += len(row.paths)
        prefix = row.prefix
        network = prefix.ljust(self.network) if len(prefix) < self.network else prefix + self.gap
        chunk = ""
        for path in row.paths:
            chunk += marks(path) + network + self._tails.kept(path.columns)
            network = " " * self.network
        return chunk

    def of_block(self, block: Block) -> str:
        """The lines of many prefixes."""
        known = self._known
        if block.state != self._state or len(known) > _KEPT:
            self._state = block.state
            known.clear()
            known.alike.clear()
        known.paths, known.sent = block.paths, block.sent
        self.routes += len(block.keys)
        return lines_of(block, known, self.network, self.gap)


class _Tails(Tails):
    """Formats what stands behind the network, from the next hop to the end of the line."""

    def __init__(self, wide: bool) -> None:
        super().__init__(_KEPT)
        self._nexthop = _NEXTHOP_WIDE if wide else _NEXTHOP
        self._metric = _METRIC_WIDE if wide else _METRIC
        self._widths: dict[tuple[int | None, ...], str] = {}

    def made(self, columns: Columns) -> str:
        """The tail of columns."""
        path = columns.as_path
        costs = self._costs(columns.med, columns.local_pref, columns.weight)
        if path:
            return f"{self._hop(columns)}{costs} {path} {columns.origin}\n"
        return f"{self._hop(columns)}{costs} {columns.origin}\n"

    def parts(self, columns: Columns, *, sent: bool) -> tuple[str, int, str]:
        """The next hop; the width of the metric, ahead of the local preference, of tails whose
        attributes have both, 0 where they are as `sent`; and what stands before the AS path."""
        if sent:
            costs = self._costs(columns.med, columns.local_pref, columns.weight)
            return self.hops(columns), 0, costs
        return self.hops(columns), self._metric, str(columns.weight).rjust(7)

    def _hop(self, columns: Columns) -> str:
        # A neighbor's interface stands in the place of next hops that it shares with others.
        return self.hops(columns) if columns.interface is None else self.hops_made(columns)

    def hops_made(self, columns: Columns) -> str:
        """The next hop, filled up to the column behind it."""
        hop = columns.nexthop
        return hop.ljust(self._nexthop) if len(hop) < self._nexthop else f"{hop}\n{_BELOW}"

    def _costs(self, *values: int | None) -> str:
        """Metric, local preference and weight."""
        known = self._widths.get(values)
        if known is None:
            if len(self._widths) >= _KEPT:
                self._widths.clear()
            texts = ["" if value is None else str(value) for value in values]
            known = texts[0].rjust(self._metric) + texts[1].rjust(7) + texts[2].rjust(7)
            self._widths[values] = known
        return known


class _Known(dict[Hashable, Around]):
    """What stands around the network, by entry."""

    paths: Callable[[Hashable], tuple[RowPath, ...]]
    sent: bool

    def __init__(self, tails: _Tails, blank: str) -> None:
        self._tails = tails
        self._blank = blank
        self.alike: dict[Hashable, Alike | None] = {}

    def learn(self, shared: Hashable, entry: Hashable) -> Alike | None:
        """What is the same for all entries of one path that have this in common."""
        if len(self.alike) > _KEPT:
            self.alike.clear()
        (path,) = self.paths(entry)
        found = None
        # What is held back by dampening comes and goes, though it shares as much as before.
        if not (path.damped or path.history or path.suppressed or path.columns.interface):
            found = marks(path), *self._tails.parts(path.columns, sent=self.sent)
        self.alike[shared] = found
        return found

    def __missing__(self, entry: Hashable) -> Around:
        paths = self.paths(entry)
        first = paths[0]
        # A path among others is met again in other company.
        tail = self._tails.made if len(paths) == 1 else self._tails.kept
        text = tail(first.columns)
        for path in paths[1:]:
            text += marks(path) + self._blank + tail(path.columns)
        found = self[entry] = intern(marks(first)), text
        return found


def marks(path: RowPath) -> str:
    """The three status characters."""
    if path.removed:
        first = "R"
    elif path.stale:
        first = "S"
    elif path.suppressed:
        first = "s"
    else:
        first = "*" if path.valid and not path.history else " "
    if path.history or path.damped:
        second = "h" if path.history else "d"
    else:
        second = ">" if path.best else "=" if path.multipath else " "
    return first + second + ("i" if path.columns.internal else " ")


@text.register
def table_text(view: TableView) -> Iterator[str]:
    """`show bgp ...`; what is said of an empty result depends on the command."""
    rows = Rows(view.wide)
    headed = False
    for chunk in rows.lines(view.rows):
        if chunk and not headed:
            headed = True
            yield table_head(view.head, view.wide)
        yield chunk
    total = rows.paths if view.total is None else view.total()
    if rows.routes:
        yield f"\nDisplayed  {rows.routes} routes and {total} total paths\n"
    elif view.told and not total:
        yield "No BGP prefixes displayed, 0 exist\n"


@text.register
def tables_text(view: TablesView) -> Iterator[str]:
    """Each table under its heading."""
    for named in view.tables:
        yield f"\n{named.heading}:\n" if not view.by_family else f"\n{named.heading}\n"
        yield from text(named.table)


@text.register
def adjacency_text(view: AdjacencyView) -> Iterator[str]:
    """`show bgp neighbors X advertised-routes` and `received-routes`."""
    rows = Rows(view.wide)
    columns = _COLUMNS_WIDE if view.wide else _COLUMNS
    if view.default is not None:
        yield table_head(view.head, view.wide).removesuffix(columns)
        yield f"Originating default network {view.default}\n\n"
    headed = False
    for chunk in rows.lines(view.rows):
        if chunk and not headed:
            headed = True
            yield table_head(view.head, view.wide) if view.default is None else columns
        yield chunk
    if not rows.routes and view.headed:
        yield table_head(view.head, view.wide) if view.default is None else columns
    if rows.routes:
        filtered = view.filtered()
        tail = f" ({filtered} filtered)" if filtered else ""
        yield f"\nTotal number of prefixes {rows.routes}{tail}\n"
