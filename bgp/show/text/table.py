"""Tables of routes as text."""

from collections.abc import Iterable, Iterator

from bgp.show.text.dispatch import text
from bgp.show.views.table import (
    AdjacencyView,
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
        self.nexthop = _NEXTHOP_WIDE if wide else _NEXTHOP
        self.metric = _METRIC_WIDE if wide else _METRIC
        self.gap = "\n" + " " * 20 if not wide else "\n" + " " * 48
        self.tails: dict[int, tuple[Columns, str]] = {}
        self.routes = 0
        self.paths = 0

    def lines(self, rows: Iterable[Row | None]) -> Iterator[str]:
        """One chunk per prefix, an empty one for a pause."""
        width, gap = self.network, self.gap
        blank = " " * width
        for row in rows:
            if row is None:
                yield ""
                continue
            self.routes += 1
            prefix = row.prefix
            if len(prefix) < width:
                network = prefix.ljust(width)
            else:
                network = prefix + gap
            chunk = ""
            for path in row.paths:
                self.paths += 1
                chunk += marks(path) + network + self.tail(path.columns)
                network = blank
            yield chunk

    def tail(self, columns: Columns) -> str:
        """From the next hop to the end of the line."""
        known = self.tails.get(id(columns))
        if known is not None:
            return known[1]
        made = _tail(columns, self.nexthop, self.metric)
        # The object is kept with its text: its id stays its own as long as this table.
        self.tails[id(columns)] = (columns, made)
        return made


def _tail(columns: Columns, width: int, metric: int) -> str:
    nexthop = columns.nexthop
    shown = nexthop.ljust(width) if len(nexthop) < width else f"{nexthop}\n{_BELOW}"
    med = "" if columns.med is None else columns.med
    local_pref = "" if columns.local_pref is None else columns.local_pref
    path = f"{columns.as_path} " if columns.as_path else ""
    return f"{shown}{med:>{metric}}{local_pref:>7}{columns.weight:>7} {path}{columns.origin}\n"


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
    for chunk in rows.lines(view.rows):
        if rows.routes == 1 and chunk:
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
    for chunk in rows.lines(view.rows):
        if chunk and rows.routes == 1:
            yield table_head(view.head, view.wide) if view.default is None else columns
        yield chunk
    if not rows.routes and view.headed:
        yield table_head(view.head, view.wide) if view.default is None else columns
    if rows.routes:
        filtered = view.filtered()
        tail = f" ({filtered} filtered)" if filtered else ""
        yield f"\nTotal number of prefixes {rows.routes}{tail}\n"
