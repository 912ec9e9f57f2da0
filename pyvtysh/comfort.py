"""Lines about the comfort of typing."""

from grammar.call import Call, Reply
from grammar.command import action
from grammar.declared import Language
from grammar.node import ENABLE
from grammar.scope import Scope
from pyvtysh.dispatch import Vtysh

_NO_ALIASES = "There are no aliases; ~/.pyvtysh_aliases may have lines `NAME = LINE`.\n"

TOP = Scope((ENABLE,))


@action(
    TOP,
    "terminal hints",
    "This terminal",
    "The rest of words while they are typed",
    negatable=True,
)
def _hints(call: Call) -> None:
    vtysh: Vtysh = call.daemon
    vtysh.hints = not call.negated


@action(TOP, "show aliases", "Show", "Your own words for lines")
def _aliases(call: Call) -> Reply:
    vtysh: Vtysh = call.daemon
    aliases = vtysh.aliases or {}
    width = max(map(len, aliases), default=0)
    lines = [f"{name:<{width}} = {line}\n" for name, line in sorted(aliases.items())]
    return Reply(lines or [_NO_ALIASES])


LANGUAGE = Language("comfort", "COMFORT", [TOP])
"""These lines, for `pyvtysh.beyond`."""
