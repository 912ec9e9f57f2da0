"""`route-map NAME permit|deny N`, what stands in it beside clauses, and its removal."""

from collections.abc import Iterator
from typing import Any

from grammar.base.errors import CommandError
from grammar.command import Call, action, opens
from grammar.filters.clauses import INVALID
from grammar.filters.model import FilterEffect
from grammar.filters.prefixlist import filters_of
from grammar.filters.routemap import MapEntry, RouteMap
from grammar.node import CONFIG, ENABLE, ROUTE_MAP
from grammar.scope import Block, Scope, Values

MAP = ("Filter or change routes", "Name of the route-map")
_ENTRY = (
    *MAP,
    "Refuse what matches",
    "Take what matches",
    "Where it stands among the others of the name",
)


def _open_line(values: Values, entry: MapEntry) -> str:
    return f"route-map {entry.name} {'permit' if entry.permit else 'deny'} {entry.sequence}"


def _entries(route_map: RouteMap) -> Iterator[tuple[Values, MapEntry]]:
    for entry in route_map.sorted():
        yield {}, entry


def route_maps(*clauses: Scope) -> tuple[Scope, Scope]:
    """The scopes of a daemon: those of the config node, which print, and those of the node.

    `clauses` are the scopes of the match and set lines that the daemon takes.
    """
    block = Block((ROUTE_MAP,), objects=_entries, open_line=_open_line, after="!")
    block.add(_ENTRY_LINES)
    for scope in clauses:
        block.add(scope)
    maps = Scope((CONFIG,), objects=lambda daemon: _maps(daemon))
    maps.add(_OPTIMIZATION)
    maps.add(block)
    return _OPENING, maps


def _maps(daemon: Any) -> Iterator[tuple[Values, RouteMap]]:
    filters = filters_of(daemon)
    for name in filters.map_places | dict.fromkeys(filters.route_maps):
        if name in filters.route_maps:
            yield {}, filters.route_maps[name]


_OPENING = Scope((CONFIG,))
_ENTRY_LINES = Scope((ROUTE_MAP,))
_OPTIMIZATION = Scope((CONFIG,))


@opens(
    _OPENING,
    "route-map RMAP_NAME$name <deny|permit>$kind (1-65535)$sequence",
    *_ENTRY,
    into=ROUTE_MAP,
)
def _route_map(call: Call) -> MapEntry:
    filters = filters_of(call.daemon)
    maps = filters.route_maps
    name, sequence = call.values["name"], call.values["sequence"]
    filters.map_places.setdefault(name)
    permit = call.values["kind"] == "permit"
    route_map = maps.setdefault(name, RouteMap(name))
    entry = route_map.entries.get(sequence)
    if entry is None:
        entry = route_map.entries[sequence] = MapEntry(name, sequence, permit)
        call.changed(FilterEffect.ROUTE_MAP, name)
    elif entry.permit is not permit:
        entry.permit = permit
        call.changed(FilterEffect.ROUTE_MAP, name)
    return entry


@action(
    _OPENING,
    "no route-map RMAP_NAME$name [<deny|permit>$kind (1-65535)$sequence]",
    "Take a line back",
    *_ENTRY,
)
def _remove(call: Call) -> None:
    filters = filters_of(call.daemon)
    maps = filters.route_maps
    name, sequence = call.values["name"], call.values.get("sequence")
    if sequence is None:
        filters.map_places.pop(name, None)
    route_map = maps.get(name)
    if route_map is None:
        return
    if sequence is None:
        del maps[name]
    elif route_map.entries.pop(sequence, None) is None:
        return
    elif not route_map.entries and route_map.optimization is None:
        del maps[name]
    call.changed(FilterEffect.ROUTE_MAP, name)


def _optimization_lines(route_map: RouteMap, names: Values) -> Iterator[str]:
    if route_map.optimization is False:
        yield f"no route-map {route_map.name} optimization"


@action(
    _OPTIMIZATION,
    "route-map RMAP_NAME$name optimization",
    *MAP,
    "Find entries by prefix",
    negatable=True,
    printer=_optimization_lines,
)
def _optimize(call: Call) -> None:
    filters, name = filters_of(call.daemon), call.values["name"]
    maps = filters.route_maps
    if call.negated:
        filters.map_places.setdefault(name)
        maps.setdefault(name, RouteMap(name)).optimization = False
    elif name in maps:
        maps[name].optimization = None
        if not maps[name].entries:
            del maps[name]


def _printer(word: str, field: str) -> Any:
    def lines(entry: MapEntry, names: Values) -> Iterator[str]:
        value = getattr(entry, field)
        if value is not None:
            yield f"{word} {value}"

    return lines


def _put(call: Call, field: str, value: object) -> None:
    entry: MapEntry = call.node_object
    if getattr(entry, field) != value:
        setattr(entry, field, value)
        call.changed(FilterEffect.ROUTE_MAP, entry.name)


@action(
    _ENTRY_LINES,
    "description LINE...$text",
    "What the entry is for",
    "In words",
    printer=_printer("description", "description"),
)
def _describe(call: Call) -> None:
    _put(call, "description", " ".join(call.values["text"].split()))


@action(_ENTRY_LINES, "no description", "Take a line back", "What the entry is for")
def _no_description(call: Call) -> None:
    _put(call, "description", None)


@action(
    _ENTRY_LINES,
    "call ![WORD$name]",
    "Ask another route-map too",
    "Its name",
    negatable=True,
    printer=_printer("call", "call"),
)
def _call(call: Call) -> None:
    name = None if call.negated else call.values["name"]
    if name == call.node_object.name:
        raise CommandError(INVALID)
    _put(call, "call", name)


def _goto(call: Call) -> None:
    target = None if call.negated else call.values["sequence"]
    if target is not None and target <= call.node_object.sequence:
        raise CommandError(INVALID)
    _go_on(call, target)


def _go_on(call: Call, target: int | None) -> None:
    # An entry that refuses later keeps its line (FRR).
    if target is not None and not call.node_object.permit:
        raise CommandError(INVALID)
    _put(call, "goto", target)


def _on_match_lines(entry: MapEntry, names: Values) -> Iterator[str]:
    if entry.goto is not None:
        yield "on-match next" if entry.goto == 0 else f"on-match goto {entry.goto}"


@action(
    _ENTRY_LINES,
    "on-match next",
    "When the entry matched",
    "Go on with the next one",
    negatable=True,
    printer=_on_match_lines,
)
def _next(call: Call) -> None:
    _go_on(call, None if call.negated else 0)


_WHERE = ("When the entry matched", "Go on with", "The entry of this number")
action(_ENTRY_LINES, "on-match goto (1-65535)$sequence", *_WHERE)(_goto)


@action(_ENTRY_LINES, "no on-match goto", "Take a line back", *_WHERE[:2])
def _no_goto(call: Call) -> None:
    _put(call, "goto", None)


action(
    _ENTRY_LINES,
    "continue ![(1-65535)$sequence]",
    "When the entry matched, go on",
    "With the entry of this number",
    negatable=True,
)(_goto)


def _clause_lines(entry: MapEntry, names: Values) -> Iterator[str]:
    for match in (True, False):
        yield from (line.text for line in entry.of_kind(match))


class _Clauses(Scope):
    def body(self, target: Any, values: Values) -> Iterator[str]:
        return _clause_lines(target, values)


_ENTRY_LINES.add(_Clauses((ROUTE_MAP,)))


DEBUG_ROUTE_MAP = Scope((CONFIG,))
"""`debug route-map`, for the group of debug lines."""
_ENABLE = Scope((ENABLE,))
DEBUG_ROUTE_MAP.add(_ENABLE)


def _debug_lines(daemon: Any, names: Values) -> Iterator[str]:
    if filters_of(daemon).debug_route_map:
        yield "debug route-map"


def _debug(call: Call) -> None:
    filters_of(call.daemon).debug_route_map = None if call.negated else True


for _scope in (DEBUG_ROUTE_MAP, _ENABLE):
    action(
        _scope,
        "debug route-map",
        "Find faults",
        "Route-maps",
        negatable=True,
        printer=_debug_lines if _scope is DEBUG_ROUTE_MAP else None,
    )(_debug)
