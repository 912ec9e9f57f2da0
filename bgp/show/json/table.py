"""Tables of routes as JSON: FRR writes `show bgp json` by hand, row by row."""

from collections.abc import Iterable, Iterator

from bgp.show.json.dispatch import json
from bgp.show.text.table import marks
from bgp.show.views.misc import Remark
from bgp.show.views.table import (
    AdjacencyView,
    Columns,
    NextHopText,
    Row,
    RowPath,
    TableHead,
    TablesView,
    TableView,
)
from grammar.output import jsonc

ORIGINS = {"i": "IGP", "e": "EGP", "?": "incomplete"}


TABLE_END = " }  } \n"
"""The end of a table, a chunk of its own."""


def table_head(head: TableHead) -> str:
    """The beginning of the JSON that FRR writes by hand."""
    return (
        "{\n"
        f' "vrfId": {head.vrf_id},\n'
        f' "vrfName": "{head.vrf_name}",\n'
        f' "tableVersion": {head.version},\n'
        f' "routerId": "{head.router_id}",\n'
        f' "defaultLocPrf": {head.local_pref},\n'
        f' "localAS": {head.asn},\n'
        ' "routes": { '
    )


def members(head: TableHead, found: Iterable[str | None]) -> Iterator[str]:
    """A whole table of members `"KEY": VALUE`; None among them is a pause."""
    yield table_head(head)
    separator = ""
    for text in found:
        if text is None:
            yield ""
            continue
        yield f"{separator}{text}\n"
        separator = ","
    yield TABLE_END


def path_marks(path: RowPath) -> str:
    """The members that say what a path is, without braces."""
    found = []
    if path.removed:
        found.append('"removed":true')
    if path.stale:
        found.append('"stale":true')
    if path.suppressed:
        found.append('"suppressed":true')
    if path.valid and not path.history:
        found.append('"valid":true')
    if path.history:
        found.append('"history":true')
    if path.damped:
        found.append('"damped":true')
    if path.best:
        found.append(f'"bestpath":true,"selectionReason":"{path.reason}"')
    elif path.multipath:
        found.append('"multipath":true')
    found.append(f'"pathFrom":"{"internal" if path.columns.internal else "external"}"')
    return ",".join(found)


def _columns(columns: Columns) -> str:
    values: dict[str, jsonc.Json] = {}
    if columns.med is not None:
        values["metric"] = columns.med
    if columns.local_pref is not None:
        values["locPrf"] = columns.local_pref
    values["weight"] = columns.weight
    values["peerId"] = columns.peer
    values["path"] = columns.as_path
    values["origin"] = ORIGINS[columns.origin]
    values["nexthops"] = [_nexthop(hop) for hop in columns.nexthops]
    return jsonc.plain(values)[1:-1]


def _nexthop(hop: NextHopText) -> dict[str, jsonc.Json]:
    values: dict[str, jsonc.Json] = {"ip": hop.address}
    if hop.hostname is not None:
        values["hostname"] = hop.hostname
    values["afi"] = "ipv6" if ":" in hop.address else "ipv4"
    if hop.scope is not None:
        values["scope"] = hop.scope
    if hop.used:
        values["used"] = True
    return values


@json.register
def table_json(view: TableView) -> Iterator[str]:
    """`show bgp ... json`: a layout of its own, with two blanks before the last brace."""
    yield from members(view.head, _rows(view))


@json.register
def tables_json(view: TablesView) -> Iterator[str]:
    """An object of tables; those of families end with fewer blanks."""
    separator = "{\n"
    for named in view.tables:
        yield f'{separator}"{named.key}":'
        if isinstance(named.table, Remark) and named.table.json_text is None:
            yield f"{{\n{named.table.sentence}\n}}\n"  # as FRR has it, though it is no JSON
            separator = ",\n"
            continue
        empty = True
        for chunk in json(named.table):
            empty = empty and not chunk
            yield " } }\n" if view.by_family and chunk == TABLE_END else chunk
        if empty:
            yield "{\n}\n"
        separator = ",\n"
    yield "}\n" if view.tables else "{}\n"


def _rows(view: TableView) -> Iterator[str | None]:
    tails: dict[int, tuple[Columns, str]] = {}
    for row in view.rows:
        if row is None:
            yield None
            continue
        address, _, length = row.prefix.partition("/")
        middle = (
            f'"prefix":"{address}","prefixLen":{length},"network":"{row.prefix}",'
            f'"version":{row.version},'
        )
        paths = []
        for path in row.paths:
            known = tails.get(id(path.columns))
            if known is None:
                known = tails[id(path.columns)] = (path.columns, _columns(path.columns))
            paths.append(f"{{{path_marks(path)},{middle}{known[1]}}}")
        yield f'"{row.prefix}": [{",".join(paths)}]'


_STATUS_CODES = {
    "suppressed": "s",
    "damped": "d",
    "history": "h",
    "valid": "*",
    "best": ">",
    "multipath": "=",
    "internal": "i",
    "ribFailure": "r",
    "stale": "S",
    "removed": "R",
}
_CLOSE = "\n}"
_ORIGIN_CODES = {"igp": "i", "egp": "e", "incomplete": "?"}


def _adjacent(row: Row) -> dict[str, jsonc.Json]:
    path = row.paths[0]
    address, _, length = row.prefix.partition("/")
    values: dict[str, jsonc.Json] = {
        "addrPrefix": address,
        "prefixLen": int(length),
        "network": row.prefix,
    }
    hop = path.columns.nexthop
    values["nextHopGlobal" if ":" in hop else "nextHop"] = hop
    values.update(told_values(path))
    return values


def told_values(path: RowPath) -> dict[str, jsonc.Json]:
    """A path in a table of one neighbor, from its metric on."""
    columns = path.columns
    values: dict[str, jsonc.Json] = {}
    if columns.med is not None:
        values["metric"] = columns.med
    if columns.local_pref is not None:
        values["locPrf"] = columns.local_pref
    values["weight"] = columns.weight
    values["path"] = columns.as_path
    values["bgpOriginCode"] = columns.origin
    values["appliedStatusSymbols"] = symbols(path)
    return values


def symbols(path: RowPath) -> dict[str, jsonc.Json]:
    """The marks of a path as the members of an object."""
    return {sign: True for sign in marks(path) if sign != " "}


def adjacency_codes(head: TableHead) -> dict[str, jsonc.Json]:
    """What stands ahead of the routes of a neighbor."""
    return {
        "bgpTableVersion": head.version,
        "bgpLocalRouterId": head.router_id,
        "defaultLocPrf": head.local_pref,
        "localAS": head.asn,
        "bgpStatusCodes": _STATUS_CODES,
        "bgpOriginCodes": _ORIGIN_CODES,
    }


def _member(row: Row) -> str:
    inside = jsonc.pretty(_adjacent(row)).replace("\n", "\n    ")
    return f'\n    "{row.prefix}":{inside}'


@json.register
def adjacency_json(view: AdjacencyView) -> Iterator[str]:
    """`show bgp neighbors X advertised-routes json` and `received-routes json`."""
    head = view.head
    codes = adjacency_codes(head)
    if view.default is not None:
        codes["bgpOriginatingDefaultNetwork"] = view.default
    count = 0
    separator = ""
    # Of several paths of a prefix FRR's object keeps the last.
    last: Row | None = None
    for row in view.rows:
        if row is None:
            yield ""
            continue
        count += 1
        if count == 1:
            yield f'{jsonc.pretty(codes).removesuffix(_CLOSE)},\n  "{view.key}":{{'
        if last is not None and last.prefix != row.prefix:
            yield separator + _member(last)
            separator = ","
        last = row
    if last is not None:
        yield separator + _member(last)
    if not count and (view.headed or view.default is not None):
        yield f'{jsonc.pretty(codes).removesuffix(_CLOSE)},\n  "{view.key}":{{'
    elif not count:
        yield f'{{\n  "{view.key}":{{'
    filtered = view.filtered()
    yield f'\n  }},\n  "totalPrefixCounter":{count},\n  "filteredPrefixCounter":{filtered}\n}}\n'
