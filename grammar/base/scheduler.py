"""Timers and later calls, as asyncio's event loop offers them, and a fake that tests drive."""

import heapq
from collections import deque
from collections.abc import Callable
from itertools import count
from typing import Protocol

from grammar.base.clock import FakeClock


class Handle(Protocol):
    """A call that is to come."""

    def cancel(self) -> None:
        """Call it off; harmless when it has run."""
        ...


class Scheduler(Protocol):
    """Later calls on one thread; asyncio's event loop is one."""

    def call_soon(self, callback: Callable[[], object]) -> Handle:
        """Run `callback` after the present one."""
        ...

    def call_at(self, when: float, callback: Callable[[], object]) -> Handle:
        """Run `callback` at `when` seconds of `time`."""
        ...

    def time(self) -> float:
        """Seconds of the monotonic clock that `call_at` speaks of (`Clock.now`)."""
        ...


class FakeHandle:
    """A handle of `FakeScheduler`."""

    def __init__(self, callback: Callable[[], object]) -> None:
        self.callback: Callable[[], object] | None = callback

    def cancel(self) -> None:
        """Call it off."""
        self.callback = None


class FakeScheduler:
    """A scheduler on a `FakeClock`: nothing runs until `settle` or `advance` is called."""

    def __init__(self, clock: FakeClock | None = None) -> None:
        self.clock = clock or FakeClock()
        self._soon: deque[FakeHandle] = deque()
        self._timers: list[tuple[float, int, FakeHandle]] = []
        self._order = count()

    def time(self) -> float:
        """The fake clock's `now`."""
        return self.clock.now()

    def call_soon(self, callback: Callable[[], object]) -> FakeHandle:
        """Run `callback` at the next `settle`."""
        handle = FakeHandle(callback)
        self._soon.append(handle)
        return handle

    def call_at(self, when: float, callback: Callable[[], object]) -> FakeHandle:
        """Run `callback` when the clock was advanced to `when`."""
        handle = FakeHandle(callback)
        heapq.heappush(self._timers, (when, next(self._order), handle))
        return handle

    def settle(self) -> None:
        """Run everything that is due now, and what that asks for; RuntimeError if endless."""
        for _ in range(1_000_000):
            self._due()
            if not self._soon:
                return
            handle = self._soon.popleft()
            if handle.callback is not None:
                handle.callback()
        raise RuntimeError("calls keep asking for further calls")

    def step(self, count: int) -> None:
        """Run at most so many of the calls that are due now."""
        for _ in range(count):
            self._due()
            if not self._soon:
                return
            handle = self._soon.popleft()
            if handle.callback is not None:
                handle.callback()

    def advance(self, seconds: float) -> None:
        """Let time pass, running each timer at its own moment."""
        end = self.clock.now() + seconds
        self.settle()
        while self._timers and self._timers[0][0] <= end:
            self.clock.advance(max(0.0, self._timers[0][0] - self.clock.now()))
            self.settle()
        self.clock.advance(end - self.clock.now())
        self.settle()

    def clear(self) -> None:
        """Call off all that was to come."""
        self._soon.clear()
        self._timers.clear()

    def _due(self) -> None:
        while self._timers and self._timers[0][0] <= self.clock.now():
            self._soon.append(heapq.heappop(self._timers)[2])
