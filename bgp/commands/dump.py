"""`dump bgp ...`: files of messages or routes, in the form of RFC 6396 (MRT).

A kind with and without microseconds is one file: the last line counts.
"""

from collections.abc import Iterator
from typing import Any

from bgp.config import DumpConfig
from bgp.dumpconfig import interval_seconds
from bgp.effects import Effect
from grammar.base.errors import CommandError
from grammar.command import Call, action
from grammar.node import CONFIG
from grammar.scope import Scope, Values

DUMPS = Scope((CONFIG,))
"""Printed behind the route-maps."""

FILES = ("all", "updates", "routes-mrt")
"""The files there can be, in printed order."""

_KINDS = "<all|all-et|updates|updates-et|routes-mrt>$kind"
_HELP = (
    "Write to a file",
    "BGP",
    "All messages and changes of state",
    "The same, with microseconds",
    "UPDATE messages",
    "The same, with microseconds",
    "The whole table, again and again",
    "Path of the file; strftime fills the time in",
    "When to begin the next file",
)


def _file(kind: str) -> str:
    return kind.removesuffix("-et")


def _lines(daemon: Any, names: Values) -> Iterator[str]:
    for file in FILES:
        dump: DumpConfig | None = daemon.config.dumps.get(file)
        if dump is not None:
            tail = "" if dump.interval is None else f" {dump.interval}"
            yield f"dump bgp {dump.kind} {dump.path}{tail}"


@action(DUMPS, f"dump bgp {_KINDS} PATH$path [INTERVAL$interval]", *_HELP, printer=_lines)
def _dump(call: Call) -> None:
    kind, interval = call.values["kind"], call.values.get("interval")
    if interval is not None and interval_seconds(interval) is None:
        raise CommandError("Malformed interval string")
    call.daemon.config.dumps[_file(kind)] = DumpConfig(kind, call.values["path"], interval)
    call.changed(Effect.DUMP, call.daemon)


@action(DUMPS, f"no dump bgp {_KINDS} [PATH [INTERVAL]]", "Take a line back", *_HELP)
def _no_dump(call: Call) -> None:
    if call.daemon.config.dumps.pop(_file(call.values["kind"]), None) is not None:
        call.changed(Effect.DUMP, call.daemon)
