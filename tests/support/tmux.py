"""A program in a window of tmux: a terminal that can be made smaller and larger as windows are."""

import shlex
import subprocess
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Self

from tests.support.wait import until


class Window:
    """A program in a window of `columns` x `rows`, with a server of tmux of its own in `folder`."""

    def __init__(
        self,
        argv: Sequence[str | Path],
        folder: Path,
        size: tuple[int, int],
        env: Mapping[str, str],
    ) -> None:
        self._socket = folder / "tmux"
        words = ["env", *(f"{name}={value}" for name, value in env.items()), *map(str, argv)]
        columns, rows = map(str, size)
        self._tmux("new-session", "-d", "-x", columns, "-y", rows, shlex.join(words))

    def _tmux(self, *words: str) -> str:
        return subprocess.run(
            ["tmux", "-S", self._socket, "-f", "/dev/null", *words],
            check=True,
            capture_output=True,
            text=True,
            timeout=30,
        ).stdout

    def type(self, text: str) -> None:
        """Send the text as keys, without Enter."""
        self._tmux("send-keys", "-l", text)

    def press(self, *keys: str) -> None:
        """Send keys by the names that tmux has for them."""
        self._tmux("send-keys", *keys)

    def resize(self, columns: int, rows: int) -> None:
        """Make the window so large."""
        self._tmux("resize-window", "-x", str(columns), "-y", str(rows))

    def lines(self) -> list[str]:
        """The screen now, without trailing blanks and empty lines below."""
        return self._tmux("capture-pane", "-p").rstrip("\n").split("\n")

    @property
    def cursor(self) -> tuple[int, int]:
        """Row and column of the cursor, from 0."""
        row, column = self._tmux("display", "-p", "#{cursor_y} #{cursor_x}").split()
        return int(row), int(column)

    def ends(self, *lines: str) -> None:
        """Wait until these are the last lines of the screen."""

        def shown() -> bool:
            now = self.lines()
            if tuple(now[-len(lines) :]) != lines:
                raise AssertionError("\n".join(now))
            return True

        until(shown, 10, f"{lines[-1]!r} at the end of the screen")

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._tmux("kill-server")
