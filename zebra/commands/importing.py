"""`ip import-table`: routes of another table of the kernel join the main one."""

from collections.abc import Iterator

from grammar.base.errors import CommandError, Status
from grammar.command import Call, action
from grammar.node import CONFIG
from grammar.scope import Scope, Values
from zebra.config import ImportTable, ZebraConfig
from zebra.effects import Effect

IMPORTS = Scope((CONFIG,), lambda zebra, values: zebra.config, lambda zebra: [({}, zebra.config)])
_LAST = 252


def _lines(config: ZebraConfig, names: Values) -> Iterator[str]:
    for number, table in sorted(config.import_tables.items()):
        distance = "" if table == ImportTable(route_map=table.route_map) else table.distance
        line = f"ip import-table {number}"
        if distance != "":
            line += f" distance {distance}"
        if table.route_map is not None:
            line += f" route-map {table.route_map}"
        yield line


_HELP = (
    "IPv4",
    "Take routes from another table",
    "Its number",
    "How trustworthy they are",
    "Distance",
    "Only those that a route-map permits",
    "Its name",
)


@action(
    IMPORTS,
    "ip import-table (1-252)$number [distance (1-255)$distance] [route-map RMAP_NAME$map]",
    *_HELP,
    printer=_lines,
)
def import_table(call: Call) -> None:
    """Import it, or otherwise than before."""
    number = call.values["number"]
    if number == _LAST:
        text = f"Invalid routing table ID, {number}. Must be in range 1-252"
        raise CommandError(text, Status.WARNING)
    table = ImportTable(call.values.get("distance", 15), call.values.get("map"))
    tables = call.target().import_tables
    if tables.get(number) != table:
        tables[number] = table
        call.changed(Effect.IMPORT_TABLE, call.target())


@action(
    IMPORTS,
    "no ip import-table (1-252)$number [distance (1-255)] [route-map NAME]",
    "Not",
    *_HELP,
)
def no_import_table(call: Call) -> None:
    """Import it no more; only its number counts."""
    number = call.values["number"]
    if number == _LAST:
        text = "Invalid routing table ID. Must be in range 1-252"
        raise CommandError(text, Status.WARNING)
    if call.target().import_tables.pop(number, None) is not None:
        call.changed(Effect.IMPORT_TABLE, call.target())
