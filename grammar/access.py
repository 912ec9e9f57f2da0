"""Who may do what: the lines that only look, and what is told to a session that may do no more.

A line looks unless it is known to do more: what is not named here is refused to a session that is
read-only. FRR has no such sessions; the first words are those of its view node, and our own.
"""

from collections.abc import Iterable

from grammar.call import Call

READ_ONLY = "% This session is read-only: {}\n"
"""With the line that was refused."""

LOOKING = frozenset(
    (
        *("show", "list", "find", "help", "echo", "who", "autocomplete", "terminal"),
        *("enable", "disable", "exit", "quit", "end"),
        *("ping", "traceroute", "mtrace", "explain", "test", "monitor", "watch"),
    )
)
"""First words of lines that change neither configuration nor state."""

_LOOKING_PAIRS = (["write", "terminal"], ["no", "terminal"], ["debug", "prefix-list"])
"""The last asks a prefix-list about a prefix."""
_EXEC_ONLY = ("enable", "disable")
"""Words that have another meaning in blocks of configuration."""

_MOVES = ("configure", "exit", "quit", "end", "XFRR_")
"""How lines begin that go from one node to another, and do nothing else."""

_PRINTS = ("show running-config", "show startup-config", "show configuration", "write")
"""How lines begin that print configuration."""


def looks(line: str) -> bool:
    """Whether a line or notation, its first word in full (or `sh`), looks and no more."""
    words = line.split()
    if words[:1] == ["do"]:
        del words[0]
    if words[:2] in _LOOKING_PAIRS:
        return True
    return bool(words) and (words[0] in LOOKING or words[0] in ("sh", "sho"))


def call_looks(call: Call) -> bool:
    """Whether the command at work looks and no more."""
    if call.values.get("where") == "terminal" and call.command.notation.startswith("write "):
        return True
    notation = call.command.notation
    if call.session.node.is_config and notation.startswith(_EXEC_ONLY):
        return False
    return looks(notation)


def changes(call: Call) -> bool:
    """Whether the command at work may change something: it does not look, nor only move."""
    return not call_looks(call) and not call.command.notation.startswith(_MOVES)


def without_secrets(call: Call, output: Iterable[str]) -> Iterable[str]:
    """The answer of a command as one who may only look gets it."""
    if not call.command.notation.startswith(_PRINTS):
        return output
    from grammar.secrets import masked_lines  # no part of most sessions

    return [masked_lines("".join(output))]
