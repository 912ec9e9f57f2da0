"""Route-maps: their frame, and the warning that a line names one that does not exist."""

from collections.abc import Iterator
from typing import Any

from bgp.commands.nodes import TOP
from bgp.config import BgpdConfig, RouteMapEntry
from bgp.effects import Effect
from grammar.command import Call, Reply, action, opens
from grammar.node import ROUTE_MAP
from grammar.scope import Block

MAP = ("Filter or change routes", "Name of the route-map")


def missing_map(call: Call, name: str | None) -> list[str]:
    """FRR's remark if a line names a route-map that does not exist; such a map denies all."""
    if name is None or name in call.daemon.config.route_maps:
        return []
    return [f"The route-map '{name}' does not exist.\n"]


def warn_missing(call: Call, name: str | None) -> Reply | None:
    """That remark as the answer of a line that was taken."""
    texts = missing_map(call, name)
    return Reply(texts) if texts else None


def _entries(daemon: Any) -> Iterator[tuple[dict[str, Any], RouteMapEntry]]:
    for entries in daemon.config.route_maps.values():
        for sequence in sorted(entries):
            yield {}, entries[sequence]


def _open_line(values: Any, entry: RouteMapEntry) -> str:
    return f"route-map {entry.name} {_word(entry.permit)} {entry.sequence}"


def _word(permit: bool) -> str:
    return "permit" if permit else "deny"


ROUTE_MAPS = Block((ROUTE_MAP,), objects=_entries, open_line=_open_line, after="!")
"""`route-map NAME permit|deny N`; what it matches and sets is declared with the policy."""


@opens(
    TOP,
    "route-map RMAP_NAME$name <deny|permit>$kind (1-65535)$sequence",
    *MAP,
    "Refuse what matches",
    "Take what matches",
    "Where it stands among the others of the name",
    into=ROUTE_MAP,
)
def _route_map(call: Call) -> RouteMapEntry:
    config: BgpdConfig = call.daemon.config
    name, sequence = call.values["name"], call.values["sequence"]
    permit = call.values["kind"] == "permit"
    entries = config.route_maps.setdefault(name, {})
    entry = entries.get(sequence)
    if entry is None or entry.permit != permit:
        entry = entries[sequence] = RouteMapEntry(name, sequence, permit)
        call.changed(Effect.POLICY, call.daemon)
    return entry


@action(
    TOP,
    "no route-map RMAP_NAME$name [<deny|permit>$kind (1-65535)$sequence]",
    "Take a line back",
    *MAP,
    "Refuse what matches",
    "Take what matches",
    "Where it stands among the others of the name",
)
def _remove_route_map(call: Call) -> None:
    config: BgpdConfig = call.daemon.config
    name, sequence = call.values["name"], call.values.get("sequence")
    entries = config.route_maps.get(name)
    if entries is None:
        return
    if sequence is None:
        entries.clear()
    else:
        entries.pop(sequence, None)
    if not entries:
        del config.route_maps[name]
    call.changed(Effect.POLICY, call.daemon)
