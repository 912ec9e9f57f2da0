"""Time as an argument: the daemons read it from a `Clock`, tests move a `FakeClock`."""

import time
from typing import Protocol


class Clock(Protocol):
    """`now` never jumps (for timers and ages), `wall` is the time of day, which does (NTP, hands).

    `steady` is the time of day as it was at the start of the program, gone on without jumps: for
    moments that are kept, and shown by `dated` as the time of day is now (as FRR does).
    """

    def now(self) -> float:
        """Seconds of a monotonic clock."""
        ...

    def wall(self) -> float:
        """Seconds since 1970, UTC."""
        ...

    def steady(self) -> float:
        """Seconds since 1970, UTC, as far as was known at the start."""
        ...


_TOLD = 1.0
"""Seconds; clocks that are read one after the other differ by less than that."""


def dated(clock: Clock, moment: float) -> float:
    """A moment of `steady` by the time of day that the clock shows now."""
    jumped = clock.wall() - clock.steady()
    return moment + jumped if abs(jumped) >= _TOLD else moment


_BEFORE = time.time() - time.monotonic()


class SystemClock:
    """The machine's clocks; `now` is the same clock as asyncio's `loop.time`."""

    def now(self) -> float:
        """Seconds of a monotonic clock."""
        return time.monotonic()

    def wall(self) -> float:
        """Seconds since 1970, UTC."""
        return time.time()

    def steady(self) -> float:
        """The same without the jumps since the start."""
        return _BEFORE + time.monotonic()


def spent() -> tuple[float, float]:
    """Seconds of processor that this thread has taken, and of a fine monotonic clock."""
    return time.thread_time(), time.perf_counter()


class FakeClock:
    """A clock that stands still until `advance` is called."""

    def __init__(self, now: float = 1000.0, wall: float = 1_700_000_000.0) -> None:
        self._now = now
        self._wall = self._steady = wall

    def now(self) -> float:
        """Seconds advanced so far plus the start value."""
        return self._now

    def wall(self) -> float:
        """The start of day value plus the seconds advanced so far."""
        return self._wall

    def steady(self) -> float:
        """The same without what `jump` did."""
        return self._steady

    def jump(self, seconds: float) -> None:
        """Set the time of day forward, or back: nothing passes."""
        self._wall += seconds

    def advance(self, seconds: float) -> None:
        """Let `seconds` pass on both clocks."""
        self._now += seconds
        self._wall += seconds
        self._steady += seconds
