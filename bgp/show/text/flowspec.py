"""Flow specifications as text."""

from collections.abc import Iterable, Iterator

from bgp.show.text.dispatch import text
from bgp.show.text.table import marks, table_head
from bgp.show.views.flowspec import (
    RuleEntry,
    RuleRow,
    RulesDetail,
    RulesFound,
    RulesToldView,
    RulesView,
)
from bgp.show.views.table import Columns
from grammar.output.time import peer_uptime

_RULE = 31
"""Columns that a rule takes at least."""
_BLANK, _BLANK_WIDE = 17, 42
"""Columns behind a rule; in further lines all of them."""
_WIDER = 3
"""Further ones ahead of a next hop in the wide form."""
_NEXTHOP, _NEXTHOP_WIDE = 16, 38


def _lines(rows: Iterable[RuleRow | None], wide: bool) -> Iterator[tuple[str, int]]:
    """The lines of each rule, with how many paths it has."""
    blank = " " * (_BLANK_WIDE if wide else _BLANK)
    for row in rows:
        if row is None:
            yield "", 0
            continue
        rule = f" {row.rule.line}".ljust(_RULE)
        chunk = ""
        for path in row.paths:
            chunk += f"{marks(path)}{rule}{blank}{_tail(path.columns, wide)}"
            rule = ""
        yield chunk, len(row.paths)


def _tail(columns: Columns, wide: bool) -> str:
    hop = ""
    if columns.nexthops:
        hop = columns.nexthop
        hop = " " * _WIDER + hop.ljust(_NEXTHOP_WIDE) if wide else hop.ljust(_NEXTHOP)
    med = "" if columns.med is None else columns.med
    local_pref = "" if columns.local_pref is None else columns.local_pref
    path = f"{columns.as_path} " if columns.as_path else ""
    return f"{hop}{med:>10}{local_pref:>7}{columns.weight:>7} {path}{columns.origin}\n"


@text.register
def rules_text(view: RulesView) -> Iterator[str]:
    """`show bgp ipv4 flowspec`."""
    rules = paths = 0
    for chunk, count in _lines(view.rows, view.wide):
        if chunk and not rules:
            yield table_head(view.head, view.wide)
        rules += bool(chunk)
        paths += count
        yield chunk
    total = paths if view.total is None else view.total()
    if rules:
        yield f"\nDisplayed  {rules} routes and {total} total paths\n"
    elif view.told and not total:
        yield "No BGP prefixes displayed, 0 exist\n"


@text.register
def rules_told_text(view: RulesToldView) -> Iterator[str]:
    """`show bgp ipv4 flowspec neighbors X advertised-routes`."""
    rules = 0
    for chunk, _ in _lines(view.rows, view.wide):
        if chunk and not rules:
            yield table_head(view.head, view.wide)
        rules += bool(chunk)
        yield chunk
    if rules:
        yield f"\nTotal number of prefixes {rules}\n"


@text.register
def rules_detail_text(view: RulesDetail) -> Iterator[str]:
    """`show bgp ipv4 flowspec detail`: every path by itself."""
    count = 0
    for entry in view.entries:
        if entry is None:
            yield ""
            continue
        count += len(entry.paths)
        yield _entry(entry)
    if count:
        yield f"\nDisplayed  {count} flowspec entries\n"


@text.register
def rules_found_text(view: RulesFound) -> Iterator[str]:
    """`show bgp ipv4 flowspec PREFIX`."""
    yield from map(_entry, view.entries)


def _entry(entry: RuleEntry) -> str:
    rule = "".join(f"\t{part.title} {part.value}\n" for part in entry.rule.parts)
    chunk = ""
    for path in entry.paths:
        extended = f"\t{' '.join(path.extended)}\n" if path.extended else ""
        if extended and path.nexthop is not None:
            extended += f"\tNLRI NH {path.nexthop}\n"
        chunk += (
            f"BGP flowspec entry: (flags 0x{path.flags:x})\n{rule}{extended}"
            f"\treceived for {peer_uptime(path.age)}\n\tnot installed in PBR\n"
        )
    return chunk
