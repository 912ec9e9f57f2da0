"""Tables of routes as JSON: FRR writes `show bgp json` by hand, row by row."""

from collections.abc import Callable, Hashable, Iterable, Iterator
from functools import cache

from bgp.show.json.dispatch import json
from bgp.show.lines import Around, member, members_of
from bgp.show.tails import Tails
from bgp.show.text.table import marks
from bgp.show.views.misc import Remark
from bgp.show.views.table import (
    AdjacencyView,
    Block,
    Columns,
    NextHopText,
    Row,
    RowPath,
    TableHead,
    TablesView,
    TableView,
)
from grammar.output import jsonc
from grammar.output.prefixes import PrefixTexts

ORIGINS = {"i": "IGP", "e": "EGP", "?": "incomplete"}


_KEPT = 1 << 13
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
    rows = _Rows()
    for row in view.rows:
        if row is None:
            yield None
        elif isinstance(row, Block):
            yield rows.of_block(row) or None
        else:
            yield rows.of_row(row)


class _Rows:
    """Makes members of the object of routes; what depends on the paths alone is made once."""

    def __init__(self) -> None:
        self._tails = _Tails(_KEPT)
        self._known = _Known(self._tails)
        self._state: object = None

    def of_row(self, row: Row) -> str:
        """The member of a prefix."""
        paths = tuple((path_marks(path), self._tails.kept(path.columns)) for path in row.paths)
        return member(row.prefix, row.version, paths)

    def of_block(self, block: Block) -> str:
        """The members of many prefixes, with commas between."""
        known = self._known
        if block.state != self._state or len(known) > _KEPT:
            self._state = block.state
            known.clear()
        known.paths = block.paths
        return members_of(block, known)


class _Tails(Tails):
    """Makes the members of a path from its metric on."""

    def made(self, columns: Columns) -> str:
        """The tail of columns."""
        costs = "" if columns.med is None else f'"metric":{columns.med},'
        if columns.local_pref is not None:
            costs += f'"locPrf":{columns.local_pref},'
        return (
            f'{costs}"weight":{columns.weight},"peerId":{jsonc.quote(columns.peer)},'
            f'"path":"{columns.as_path}","origin":"{ORIGINS[columns.origin]}",'
            f'"nexthops":{self.hops(columns)}'
        )

    def hops_made(self, columns: Columns) -> str:
        """The list of their next hops."""
        return jsonc.plain([_nexthop(hop) for hop in columns.nexthops])


class _Known(dict[Hashable, tuple[Around, ...]]):
    """What is shown of the paths of an entry."""

    paths: Callable[[Hashable], tuple[RowPath, ...]]

    def __init__(self, tails: _Tails) -> None:
        self._tails = tails

    def __missing__(self, entry: Hashable) -> tuple[Around, ...]:
        paths = self.paths(entry)
        # A path among others is met again in other company.
        tail = self._tails.made if len(paths) == 1 else self._tails.kept
        made = self[entry] = tuple((path_marks(path), tail(path.columns)) for path in paths)
        return made


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
_MEMBER = "\n      "
_ORIGIN_CODES = {"igp": "i", "egp": "e", "incomplete": "?"}


def _told(path: RowPath) -> str:
    """A path in a table of one neighbor, from its next hop on, in place in the object."""
    columns, hop = path.columns, path.columns.nexthop
    text = f'{_MEMBER}"{"nextHopGlobal" if ":" in hop else "nextHop"}":{jsonc.quote(hop)}'
    if columns.med is not None:
        text += f',{_MEMBER}"metric":{columns.med}'
    if columns.local_pref is not None:
        text += f',{_MEMBER}"locPrf":{columns.local_pref}'
    return (
        f'{text},{_MEMBER}"weight":{columns.weight},{_MEMBER}"path":"{columns.as_path}"'
        f',{_MEMBER}"bgpOriginCode":"{columns.origin}"'
        f',{_MEMBER}"appliedStatusSymbols":{_symbols(marks(path))}\n    }}'
    )


@cache
def _symbols(signs: str) -> str:
    text = jsonc.pretty({sign: True for sign in signs if sign != " "})
    return text.replace("\n", _MEMBER)


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


def _adjacent(prefix: str, told: str) -> str:
    address, _, length = prefix.partition("/")
    return (
        f'\n    "{prefix}":{{\n      "addrPrefix":"{address}",\n      "prefixLen":{length},\n'
        f'      "network":"{prefix}",{told}'
    )


class _Adjacent:
    """Makes members of the object of a neighbor's routes."""

    def __init__(self) -> None:
        self.count = 0
        self._known: dict[Hashable, str] = {}
        self._state: object = None
        self._texts: PrefixTexts | None = None
        # Of several paths of a prefix FRR's object keeps the last.
        self._last: Row | None = None

    def members(self, rows: Iterable[Row | Block | None]) -> Iterator[str]:
        """Some members with commas between them, or an empty text for a pause."""
        for row in rows:
            if isinstance(row, Row):
                self.count += 1
                last, self._last = self._last, row
                yield _of_row(last) if last is not None and last.prefix != row.prefix else ""
            elif row is None or not row.keys:
                yield ""
            else:
                if self._last is not None:
                    yield _of_row(self._last)
                    self._last = None
                yield self._of_block(row)
        if self._last is not None:
            yield _of_row(self._last)

    def _of_block(self, block: Block) -> str:
        if block.state != self._state or len(self._known) > _KEPT:
            self._state = block.state
            self._known.clear()
        if self._texts is None:
            self._texts = PrefixTexts(block.afi)
        self.count += len(block.keys)
        known = self._known
        for entry in block.entries:
            if entry not in known:
                known[entry] = _told(block.paths(entry)[0])
        texts = self._texts.texts(block.keys)
        told = map(known.__getitem__, block.entries)
        return ",".join(map(_adjacent, texts, told))


def _of_row(row: Row) -> str:
    return _adjacent(row.prefix, _told(row.paths[0]))


@json.register
def adjacency_json(view: AdjacencyView) -> Iterator[str]:
    """`show bgp neighbors X advertised-routes json` and `received-routes json`."""
    head = view.head
    codes = adjacency_codes(head)
    if view.default is not None:
        codes["bgpOriginatingDefaultNetwork"] = view.default
    found = _Adjacent()
    separator = ""
    headed = False
    for text in found.members(view.rows):
        if found.count and not headed:
            headed = True
            yield f'{jsonc.pretty(codes).removesuffix(_CLOSE)},\n  "{view.key}":{{'
        yield text and separator + text
        separator = separator or (text and ",")
    count = found.count
    if not count and (view.headed or view.default is not None):
        yield f'{jsonc.pretty(codes).removesuffix(_CLOSE)},\n  "{view.key}":{{'
    elif not count:
        yield f'{{\n  "{view.key}":{{'
    filtered = view.filtered()
    yield f'\n  }},\n  "totalPrefixCounter":{count},\n  "filteredPrefixCounter":{filtered}\n}}\n'
