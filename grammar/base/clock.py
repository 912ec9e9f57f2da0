"""Time as an argument: the daemons read it from a `Clock`, tests move a `FakeClock`."""

import time
from typing import Protocol


class Clock(Protocol):
    """Two clocks: `now` never jumps (for timers and ages), `wall` is the time of day."""

    def now(self) -> float:
        """Seconds of a monotonic clock."""
        ...

    def wall(self) -> float:
        """Seconds since 1970, UTC."""
        ...


class SystemClock:
    """The machine's clocks; `now` is the same clock as asyncio's `loop.time`."""

    def now(self) -> float:
        """Seconds of a monotonic clock."""
        return time.monotonic()

    def wall(self) -> float:
        """Seconds since 1970, UTC."""
        return time.time()


def spent() -> tuple[float, float]:
    """Seconds of processor that this thread has taken, and of a fine monotonic clock."""
    return time.thread_time(), time.perf_counter()


class FakeClock:
    """A clock that stands still until `advance` is called."""

    def __init__(self, now: float = 1000.0, wall: float = 1_700_000_000.0) -> None:
        self._now = now
        self._wall = wall

    def now(self) -> float:
        """Seconds advanced so far plus the start value."""
        return self._now

    def wall(self) -> float:
        """The start of day value plus the seconds advanced so far."""
        return self._wall

    def advance(self, seconds: float) -> None:
        """Let `seconds` pass on both clocks."""
        self._now += seconds
        self._wall += seconds
