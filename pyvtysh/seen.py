"""What a shell shows in ways of its own: set by who sits at it, never in a one-shot."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pyvtysh.dispatch import Vtysh
    from pyvtysh.link import Running
    from pyvtysh.pipes.earlier import Earlier
    from pyvtysh.shell.drawn import Updates

Watch = Callable[["Vtysh", str, float], "Running"]
"""Shows the answer to a line every so many seconds until Ctrl-C; yields what is to be printed."""


@dataclass(slots=True)
class Seen:
    """One shell's ways of showing; the defaults are FRR's vtysh."""

    colour: bool = False
    """`terminal colour`"""
    drawn: bool = False
    """`terminal rich`: some answers are drawn."""
    updates: "Updates | None" = None
    """What neighbours sent, for drawings."""
    plain: Callable[[str], str] | None = None
    """Why `colour` or `drawn` has no effect, or nothing if it has; None in a one-shot."""
    read_line: Callable[[], str | None] | None = None
    """Reads a line that is no command from a terminal, None at their end; None: standard input."""
    watch: Watch | None = None
    """None where nobody would end it."""
    earlier: "Earlier | None" = None
    """What was shown before; None until somebody wants it."""
