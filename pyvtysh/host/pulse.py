"""The pulse of a process: how late its event loop is, and what it takes of the machine."""

import contextlib
import os
import resource
import time
from collections import deque
from collections.abc import Callable
from typing import Protocol

from grammar.base.vitals import Vitals

INTERVAL = 1.0
"""Seconds between two beats."""
_REMEMBERED = 60

_PAGE = os.sysconf("SC_PAGE_SIZE")


class _Handle(Protocol):
    def cancel(self) -> None: ...


class Loop(Protocol):
    """What of an event loop is needed."""

    def time(self) -> float:
        """Seconds of a monotonic clock."""
        ...

    def call_at(self, when: float, callback: Callable[[], object]) -> _Handle:
        """Run `callback` at a time."""
        ...


class Pulse:
    """Beats once a second, and remembers for a minute how late each beat was."""

    def __init__(self, loop: Loop) -> None:
        self._loop = loop
        self._late: deque[float] = deque(maxlen=_REMEMBERED)
        self._due = loop.time() + INTERVAL
        self._handle = loop.call_at(self._due, self._beat)

    def _beat(self) -> None:
        now = self._loop.time()
        self._late.append(max(0.0, now - self._due))
        self._due = now + INTERVAL
        self._handle = self._loop.call_at(self._due, self._beat)

    @property
    def late(self) -> float:
        """Seconds that the last beat was late, or that the next one is already."""
        overdue = self._loop.time() - self._due
        return max(overdue, self._late[-1] if self._late else 0.0, 0.0)

    @property
    def most_late(self) -> float:
        """The worst within the last minute."""
        return max(self.late, *self._late, 0.0)

    def stop(self) -> None:
        """Beat no more."""
        self._handle.cancel()


def vitals(pulse: Pulse | None, started: float, sessions: int) -> Vitals:
    """How this process is doing; `started` is of the monotonic clock."""
    return Vitals(
        uptime=time.monotonic() - started,
        cpu=time.process_time(),
        resident=_resident(),
        late=0.0 if pulse is None else pulse.late,
        most_late=0.0 if pulse is None else pulse.most_late,
        descriptors=_descriptors(),
        most_descriptors=resource.getrlimit(resource.RLIMIT_NOFILE)[0],
        sessions=sessions,
    )


def _resident() -> int:
    with contextlib.suppress(OSError, ValueError, IndexError), open("/proc/self/statm") as file:
        return int(file.read().split()[1]) * _PAGE
    return 0


def _descriptors() -> int:
    with contextlib.suppress(OSError):
        return len(os.listdir("/proc/self/fd"))
    return 0
