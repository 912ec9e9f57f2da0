"""`show configuration audit` of all daemons: what one typed line changed in several is one row."""

import json
from collections.abc import Iterator
from typing import Any

from grammar.audit import Entry, Result, table
from grammar.command import Call, Reply, action
from grammar.common.process import AUDIT, AUDIT_HELP
from grammar.declared import Language
from grammar.node import ENABLE
from grammar.output.jsonc import pretty
from grammar.scope import Scope
from pyvtysh.dispatch import Vtysh, texts_of

_TOGETHER = 2.0
"""Seconds within which a line reaches all daemons."""


_TOP = Scope((ENABLE,))


@action(_TOP, AUDIT, *AUDIT_HELP)
def _show_audit(call: Call) -> Reply:
    vtysh: Vtysh = call.daemon
    return Reply(audit(vtysh, call.values.get("count"), as_json="json" in call.values))


LANGUAGE = Language("vtysh", "VTYSH", [_TOP])


def audit(vtysh: Vtysh, count: int | None, *, as_json: bool) -> Iterator[str]:
    """The last lines that changed something, oldest first; daemons of FRR's keep none."""
    rows = _merged(sorted(_entries(vtysh), key=lambda found: found[1]["time"]))
    rows = rows if count is None else rows[-count:]
    if as_json:
        yield pretty([{**entry, "daemons": names} for names, entry in rows])
        yield "\n"
        return
    yield from table((_entry(entry), ",".join(names)) for names, entry in rows)


def _entries(vtysh: Vtysh) -> Iterator[tuple[str, dict[str, Any]]]:
    for name, text in texts_of(vtysh, "do show configuration audit json", list(vtysh.links)):
        try:
            found = json.loads(text)
        except ValueError:  # FRR's daemons do not know the line
            continue
        for entry in found:
            yield name, entry


def _merged(found: list[tuple[str, dict[str, Any]]]) -> list[tuple[list[str], dict[str, Any]]]:
    rows: list[tuple[list[str], dict[str, Any]]] = []
    for name, entry in found:
        for names, known in reversed(rows):
            if entry["time"] - known["time"] > _TOGETHER:
                rows.append(([name], entry))
                break
            if name not in names and _same(known, entry):
                names.append(name)
                break
        else:
            rows.append(([name], entry))
    return rows


def _same(one: dict[str, Any], other: dict[str, Any]) -> bool:
    return all(one.get(key) == other.get(key) for key in {*one, *other} - {"time"})


def _entry(found: dict[str, Any]) -> Entry:
    when, user, terminal = found["time"], found["user"], found["terminal"]
    result = Result(found["result"])
    message = found.get("message", "")
    return Entry(when, user, terminal, found["mode"], found["line"], result, message)
