"""Shows of what a daemon has none of: they answer as FRR's do while there is nothing of the kind.

Programs ask for them on every router, and take an unknown line for a broken one.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from grammar.base.errors import Status
from grammar.call import Call, Reply
from grammar.command import action
from grammar.scope import Scope


@dataclass(frozen=True, slots=True)
class Nothing:
    """A line and what it answers: `text` and `json` without their last end of line.

    Both may name values of the line in braces. `json` is None where the line takes no `json`.
    `checks` names a value that is looked at first, with the complaint about it.
    """

    notation: str
    text: str = ""
    json: str | None = ""
    checks: tuple[str, str] | None = None
    status: Status = Status.SUCCESS


Check = Callable[[Call, str, str], Reply | None]
"""Looks at a value of a line by its name; the reply with the complaint, or None."""

_NAMES = ("vlan", "vni", "esi", "name")


def declare(scope: Scope, start: str, rows: Iterable[Nothing], check: Check | None = None) -> None:
    """Declare lines that begin with `show START`."""
    for row in rows:
        _declare(scope, start, row, check)


def _declare(scope: Scope, start: str, nothing: Nothing, check: Check | None) -> None:
    words = nothing.notation.replace("[json]", "[json$json]")

    @action(scope, " ".join(f"show {start} {words}".split()))
    def answer(call: Call) -> Reply:
        if nothing.checks is not None and check is not None:
            refused = check(call, *nothing.checks)
            if refused is not None:
                return refused
        text = nothing.json if "json" in call.values and nothing.json is not None else nothing.text
        for name in _NAMES:
            text = text.replace(f"{{{name}}}", str(call.values.get(name)))
        return Reply([f"{text}\n"] if text else [], nothing.status)
