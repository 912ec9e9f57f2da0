"""Flow specifications as JSON."""

from collections.abc import Iterator

from bgp.show.json.dispatch import json
from bgp.show.json.table import (
    ORIGINS,
    adjacency_codes,
    members,
    path_marks,
    told_values,
)
from bgp.show.views.flowspec import (
    RuleEntry,
    RuleRow,
    RulesDetail,
    RulesFound,
    RulesToldView,
    RulesView,
    RuleText,
)
from bgp.show.views.table import RowPath
from grammar.output import jsonc
from grammar.output.time import peer_uptime

_PREFIX = "FS prefix"
"""FRR's name of every rule told to a neighbor: the last one stands for all."""


@json.register
def rules_json(view: RulesView) -> Iterator[str]:
    """`show bgp ipv4 flowspec json`: rows as in other tables, each path with the rule's parts."""
    yield from members(view.head, (None if row is None else _member(row) for row in view.rows))


def _member(row: RuleRow) -> str:
    paths = ",".join(f"{{{path_marks(path)},{_inner(row.rule, path)}}}" for path in row.paths)
    return f'"{row.rule.line}/{row.rule.size}": [{paths}]'


def _inner(rule: RuleText, path: RowPath) -> str:
    columns = path.columns
    values: dict[str, jsonc.Json] = dict(_parts(rule))
    if columns.med is not None:
        values["metric"] = columns.med
    if columns.local_pref is not None:
        values["locPrf"] = columns.local_pref
    values["weight"] = columns.weight
    values["peerId"] = columns.peer
    values["path"] = columns.as_path
    values["origin"] = ORIGINS[columns.origin]
    if columns.nexthops:
        values["nexthops"] = [{"afi": "ipv4", "ip": columns.nexthop, "used": True}]
    return jsonc.plain(values)[1:-1]


def _parts(rule: RuleText) -> dict[str, jsonc.Json]:
    return {part.key: part.value for part in rule.parts}


def _path_list(entry: RuleEntry) -> list[jsonc.Json]:
    """The paths of a rule one behind the other, each as up to three objects."""
    found: list[jsonc.Json] = []
    for path in entry.paths:
        found.append(_parts(entry.rule))
        if path.extended:
            found.append({"ecomlist": " ".join(path.extended)})
        found.append({"time": peer_uptime(path.age)})
    return found


@json.register
def rules_detail_json(view: RulesDetail) -> Iterator[str]:
    """One list by rule, not joined to one document."""
    for entry in view.entries:
        yield "" if entry is None else jsonc.pretty(_path_list(entry)) + "\n"


@json.register
def rules_found_json(view: RulesFound) -> Iterator[str]:
    """All rules in one list."""
    paths = [value for entry in view.entries for value in _path_list(entry)]
    yield jsonc.pretty({"paths": paths}) + "\n"


@json.register
def rules_told_json(view: RulesToldView) -> Iterator[str]:
    """What a neighbor was told: FRR gives all rules one name."""
    count, last = 0, None
    for row in view.rows:
        if row is None:
            yield ""
            continue
        count, last = count + 1, row
    values: dict[str, jsonc.Json] = {} if last is None else adjacency_codes(view.head)
    values[view.key] = {} if last is None else {_PREFIX: told_values(last.paths[0])}
    values["totalPrefixCounter"] = count
    values["filteredPrefixCounter"] = 0
    yield jsonc.pretty(values) + "\n"
