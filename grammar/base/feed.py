"""Events on their way to one reader who looks on: a bounded queue that never makes anybody wait.

Who finds no room is left out and counted; the reader is told how many, at the place where they
would have stood.
"""

from collections import deque
from collections.abc import Callable, Iterable, Iterator
from typing import Final, Generic, TypeVar

from grammar.base.pause import Pause

EventT = TypeVar("EventT")

MOST: Final = 8192
"""Lines that may wait for a reader."""
_PORTION: Final = 128
"""Lines between two pauses: a reader, however quick, takes a tenth of the daemon's time."""
_BUSY: Final = 0.01
_IDLE: Final = 0.05
"""Seconds of a pause, with something that waits and without."""


class Gap:
    """So many lines were left out here."""

    __slots__ = ("count",)

    def __init__(self) -> None:
        self.count = 0


class Feed(Generic[EventT]):
    """The queue of one reader; an event is good for one line or for several."""

    __slots__ = ("_events", "_room")

    def __init__(self, most: int = MOST) -> None:
        """`most` lines may wait."""
        self._events: deque[tuple[EventT | Gap, int]] = deque()
        self._room = most

    @property
    def room(self) -> int:
        """Lines that still find room."""
        return self._room

    def put(self, event: EventT, lines: int = 1) -> None:
        """Add an event of so many lines, for which there must be room."""
        self._events.append((event, lines))
        self._room -= lines

    def leave_out(self, lines: int) -> None:
        """So many lines find no room."""
        last = self._events[-1][0] if self._events else None
        if not isinstance(last, Gap):
            last = Gap()
            self._events.append((last, 0))
        last.count += lines

    def stream(
        self, text: Callable[[EventT], Iterable[str]], gap: Callable[[int], str]
    ) -> Iterator[str]:
        """The lines of what comes, without end: `text` of events, `gap` where some are left out.

        The first piece is a pause, so that who hands it on knows that it takes its time.
        """
        yield Pause(0)
        events, count = self._events, 0
        while True:
            while events:
                event, lines = events.popleft()
                self._room += lines
                for line in (gap(event.count),) if isinstance(event, Gap) else text(event):
                    yield line
                    count += 1
                    if count % _PORTION == 0:
                        yield Pause(_BUSY)
            yield Pause(_IDLE)


def left_out(count: int) -> str:
    """What is said of lines that found no room."""
    return f"... {count:,} events left out: they came faster than they were read\n"
