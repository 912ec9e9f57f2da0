"""The shell's own commands about what is shown: `watch`, and `terminal colour` and `rich`."""

from grammar.base.errors import CommandError, Status
from grammar.call import Call
from grammar.command import action
from grammar.declared import Language
from grammar.node import ENABLE, VIEW
from grammar.scope import Scope
from pyvtysh.dispatch import Vtysh
from pyvtysh.link import Running

TOP = Scope((VIEW, ENABLE))
_DEFAULT = 2


@action(
    TOP,
    "watch [(1-3600)$seconds] COMMAND...",
    "Show an answer again and again, with what changes marked",
    "Seconds from one to the next (2)",
    "What is shown, with its filters",
)
def _watch(call: Call) -> Running:
    vtysh: Vtysh = call.daemon
    if vtysh.seen.watch is None:
        raise CommandError("% watch needs somebody who ends it: a shell", Status.WARNING)
    seconds = call.values.get("seconds", _DEFAULT)
    return (yield from vtysh.seen.watch(vtysh, call.values["command"], float(seconds)))


def _ways(attribute: str, notation: str, *aliases: str, help: str) -> None:
    @action(TOP, f"terminal {notation}", "This terminal", help, negatable=True, alias=aliases)
    def way(call: Call) -> str | None:
        return _turn(call, attribute, on=not call.negated)

    @action(TOP, f"terminal no {notation}", "This terminal", "Not", help, hidden=True)
    def no_way(call: Call) -> str | None:
        return _turn(call, attribute, on=False)


def _turn(call: Call, attribute: str, *, on: bool) -> str | None:
    """Turn it on or off; where it cannot be on, say why."""
    vtysh: Vtysh = call.daemon
    why = ""
    if on:
        asked = vtysh.seen.plain
        why = asked(attribute) if asked is not None else "answers go to no terminal"
    if why:
        raise CommandError(f"% {call.line} has no effect here: {why}", Status.WARNING)
    setattr(vtysh.seen, attribute, on)
    return None


_ways("colour", "colour", "terminal color", help="States, routes and changes in colours")
_ways("drawn", "rich", help="Bars and graphs in some answers")

LANGUAGE = Language("vtysh", "VTYSH", [TOP])
"""See `pyvtysh.beyond`."""
