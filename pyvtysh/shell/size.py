"""How large the terminal is: what it says itself, not what a shell before us exported.

`COLUMNS` and `LINES` are those of a terminal at some other time, once it is resized or a session is
taken over by another one (tmux, ssh with passed variables).
"""

import os
import shutil
import sys
from collections.abc import Mapping

_EXPORTED = ("COLUMNS", "LINES")


def terminal_size() -> os.terminal_size:
    """Columns and lines of standard output; 80x24 if it has none and nobody says otherwise."""
    try:
        size = os.get_terminal_size(sys.stdout.fileno())
    except (OSError, ValueError):  # no terminal, or no file
        return shutil.get_terminal_size()
    return size if size.columns and size.lines else shutil.get_terminal_size()


def environment() -> Mapping[str, str]:
    """The environment for those who would believe it before the terminal."""
    if not sys.stdout.isatty():
        return os.environ
    return {name: value for name, value in os.environ.items() if name not in _EXPORTED}
