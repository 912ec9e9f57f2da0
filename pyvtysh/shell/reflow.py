"""The line that is typed, drawn anew on a terminal that has become narrower.

Most terminals break the rows that are too long for them then, so that the line begins further up
than it was drawn. Who does not count that leaves a piece of the prompt behind at each new size.
"""

import os
from collections.abc import Mapping
from typing import Any

from prompt_toolkit.application import Application
from prompt_toolkit.layout import Layout
from prompt_toolkit.layout.screen import Char
from prompt_toolkit.renderer import Renderer


class Following(Renderer):
    """Finds the first row of what it drew again, on a terminal of another width."""

    def erase(self, leave_alternate_screen: bool = True) -> None:
        """prompt_toolkit: go to where the prompt begins, and clear from there."""
        if breaks_rows(os.environ):
            self.output.cursor_up(self._further_up())
        super().erase(leave_alternate_screen)

    def render(self, app: Application[Any], layout: Layout, is_done: bool = False) -> None:
        """prompt_toolkit: draw; a key may come before the signal that tells the new size."""
        size = self.output.get_size()
        if self._last_size is not None and self._last_size.columns != size.columns:
            self.erase(leave_alternate_screen=False)
        super().render(app, layout, is_done)

    def _further_up(self) -> int:
        """Rows by which the cursor is lower than it was when all was drawn."""
        screen = self.last_rendered_screen
        if screen is None:
            return 0
        columns = self.output.get_size().columns
        cursor = self._cursor_pos
        above = (width(screen.data_buffer[row]) for row in range(cursor.y))
        ends = max(width(screen.data_buffer[cursor.y]), 1)
        return sum(max(cells - 1, 0) // columns for cells in above) + (
            min(cursor.x, ends) // columns
        )


def width(row: Mapping[int, Char]) -> int:
    """Cells of a row up to its last letter."""
    return max(
        (column + cell.width for column, cell in row.items() if cell.char.strip()), default=0
    )


def breaks_rows(env: Mapping[str, str]) -> bool:
    """Whether a terminal breaks rows that no longer fit; few cut them, and say who they are."""
    return not (
        "XTERM_VERSION" in env
        or env.get("TERM", "").startswith("linux")
        or ("STY" in env and "TMUX" not in env)  # GNU screen
    )
