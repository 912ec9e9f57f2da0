"""What is wrong with a neighbor's UPDATEs, in few lines however many of them there are.

FRR writes some lines for each of them, so that a neighbor can fill the disk with its log.
"""

from collections.abc import Iterator
from typing import Final

AGAIN: Final = 60.0
"""Seconds after which the same is said again."""
KINDS: Final = 10
"""Different lines in that time."""


class Complaints:
    """About one neighbor: which of them are lines of the log."""

    def __init__(self) -> None:
        self._begun = -AGAIN
        self._said: set[str] = set()
        self._more = 0

    def lines(self, text: str, now: float, always: bool = False) -> Iterator[str]:
        """What to write when something is wrong, at `now` in seconds; `always` this, however often
        it was said."""
        if now - self._begun >= AGAIN:
            yield from self.rest()
            self._begun = now
            self._said.clear()
        if always or (text not in self._said and len(self._said) < KINDS):
            self._said.add(text)
            yield text
        else:
            self._more += 1

    def rest(self) -> Iterator[str]:
        """How many there were that were not written, if any."""
        if self._more:
            yield f"{self._more} more like these"
            self._more = 0
