"""How far long work is, on a terminal: a line that goes away again."""

import os
import sys
import time
from collections.abc import Callable, Iterable, Iterator
from typing import TextIO

FIRST = 1.0
"""Seconds of silence before the first word."""
_AGAIN = 0.2
"""Seconds between two looks at the number."""
_SIMPLE = ("", "dumb", "unknown", "vt100")
"""Terminals that programs pretend to be."""


class Progress:
    """Counts lines as they are taken, and shows `... 3,200 of 13,000 lines` while it lasts.

    The cursor stays at the beginning of that line, so whatever else is said is written over it. No
    code is sent but a carriage return.
    """

    def __init__(
        self,
        stream: TextIO | None = None,
        clock: Callable[[], float] = time.monotonic,
        first: float = FIRST,
    ) -> None:
        """`stream` None is standard error if that is a terminal; elsewhere nothing is shown.

        Before the first word there are `first` seconds of silence.
        """
        self.done = 0
        """Lines that were taken; the last of them is at work."""
        self._stream = _terminal() if stream is None else stream
        self._clock = clock
        self._next = clock() + first
        self._shown = 0

    def over(self, lines: Iterable[str], path: str) -> Iterator[str]:
        """The lines of a file, counted while they are taken."""
        total: int | None = None
        for line in lines:
            self.done += 1
            if self._is_due():
                total = _count(path) if total is None else total
                self._show(f"... {self.done:,} of {total:,} lines")
            yield line
        self.clear()

    def tell(self, ran: int, many: int, columns: int) -> None:
        """So many pasted lines ran, in a row of so many cells."""
        if self._is_due():
            self._show(f"{ran} of {many} pasted lines, Ctrl-C stops"[: columns - 1])

    def _is_due(self) -> bool:
        return self._stream is not None and self._clock() >= self._next

    def _show(self, text: str) -> None:
        assert self._stream is not None
        self._stream.write(f"{text}\r")
        self._stream.flush()
        self._shown, self._next = len(text), self._clock() + _AGAIN

    def clear(self) -> None:
        """Take the line away, if there is one."""
        if self._shown and self._stream is not None:
            self._stream.write(f"{' ' * self._shown}\r")
            self._stream.flush()
            self._shown = 0


def _terminal() -> TextIO | None:
    simple = os.environ.get("TERM", "") in _SIMPLE
    return sys.stderr if sys.stderr.isatty() and not simple else None


def _count(path: str) -> int:
    with open(path, "rb") as file:
        return sum(1 for _ in file)
