"""Commits that a dead shell left (`pyvtysh.candidate`): who takes them back or keeps their time.

The shell has processes of its own for that. Whoever ends all processes of its session ends those,
too; the router itself is not among them.
"""

import asyncio
import os
from collections.abc import Callable
from typing import Final

from grammar.base.log import Level
from pyvtysh.host.children import Children, own_program

LOOK: Final = 5.0
"""Seconds between two looks."""


class CommitWatch:
    """Looks for what was left in the configuration folder, and starts who deals with it."""

    def __init__(
        self, config_dir: str, children: Children, warn: Callable[[Level, str], None]
    ) -> None:
        """`warn` is given what is done."""
        self._folder = os.path.join(config_dir, "commits")
        self._children = children
        self._warn = warn
        self._handle = asyncio.get_running_loop().call_later(LOOK, self._look)

    def close(self) -> None:
        """Look no more."""
        self._handle.cancel()

    def _look(self) -> None:
        self._handle = asyncio.get_running_loop().call_later(LOOK, self._look)
        for name, lock, words in (("pending", "guard", ()), ("at-work", "busy", ("--now",))):
            path = os.path.join(self._folder, name)
            try:
                if os.path.exists(path) and self._is_left(path, lock):
                    self._warn(Level.WARNINGS, f"{path}: its shell is gone, and is replaced")
                    argv = own_program("pyvtysh.candidate.guard", *words, path)
                    self._children.spawn(argv, _ended, quiet=True)
            except OSError as error:
                self._warn(Level.ERRORS, f"{path}: {error.strerror}")

    def _is_left(self, path: str, lock: str) -> bool:
        """Whether nobody deals with it, in this run of the system."""
        from pathlib import Path

        from pyvtysh.candidate.confirm import boot, read_pending
        from pyvtysh.candidate.lock import is_free

        pending = read_pending(Path(path))
        return pending is not None and pending.boot == boot() and is_free(Path(self._folder) / lock)


def _ended(status: int) -> None:
    """It says itself what it did."""
