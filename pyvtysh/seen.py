"""What a shell shows in ways of its own: set by who sits at it, never in a one-shot."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pyvtysh.dispatch import Vtysh
    from pyvtysh.link import Running
    from pyvtysh.pipes.earlier import Earlier

Watch = Callable[["Vtysh", str, float], "Running"]
"""Shows the answer to a line every so many seconds until Ctrl-C; yields what is to be printed."""


@dataclass(slots=True)
class Seen:
    """One shell's ways of showing; the defaults are FRR's vtysh."""

    colour: bool = False
    drawn: bool = False
    """`terminal rich`: some answers are drawn."""
    watch: Watch | None = None
    """None where nobody would end it."""
    earlier: "Earlier | None" = None
    """What was shown before; None until somebody wants it."""
