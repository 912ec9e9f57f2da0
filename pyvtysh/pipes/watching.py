"""`watch` where nothing can be drawn: the answer again and again, a line of the time ahead."""

import sys
import time
from collections.abc import Callable
from typing import TYPE_CHECKING

from grammar.base.errors import Status
from pyvtysh.link import Running

if TYPE_CHECKING:
    from pyvtysh.dispatch import Vtysh


def headline(line: str, seconds: float) -> str:
    """What is watched, and when this was."""
    return f"Every {seconds:g} s: {line}  {time.strftime('%H:%M:%S')}"


def printing(
    vtysh: "Vtysh", line: str, seconds: float, sleep: Callable[[float], object] = time.sleep
) -> Running:
    """Print until Ctrl-C, which is how a watch ends and no fault."""
    try:
        while True:
            yield f"---- {headline(line, seconds)}\n"
            yield from vtysh.execute(line)
            sys.stdout.flush()  # nobody else does before the end
            sleep(seconds)
    except KeyboardInterrupt:
        return Status.SUCCESS
