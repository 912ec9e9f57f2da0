"""Signals, and what a process does besides serving: collecting garbage without stalls."""

import asyncio
import gc
import signal
import time
from collections.abc import Callable, Sequence
from typing import Any

from grammar.base.log import Level
from pyvtysh.host.hosted import Component, Hosted
from pyvtysh.host.log import warn
from pyvtysh.host.notify import Notify

_COLLECT_EVERY = 10.0
_COLLECT_AT_MOST = 20_000
"""New objects that a collection may look at: some milliseconds."""
_ALL_EVERY = 300.0
_ALL_GROWN = 2_000
_ALL_AT_MOST = 120_000
"""All objects are looked at after so many seconds, if so many have come and no more are there: some
30 ms for an empty router, 60 at most. A large table is left alone."""
_BUSY = 0.25
"""Seconds of processor in which more may have come; those that went meanwhile hide them from the
count (the second paths of 500,000 routes took 57 ms)."""

_TELL_AGAIN = 60.0
"""Seconds between two times that the same exception is told."""
_TOLD_AT_MOST = 64

Ready = Callable[[], None]


def _nothing() -> None:
    pass


class Signals:
    """What ends a process, and what its logs have to hear."""

    def __init__(self, hosted: Sequence[Hosted[Component]], hangup: Ready | None = None) -> None:
        """`hangup` is what SIGHUP does besides what the daemons do at it."""
        self._hosted = hosted
        self._also = hangup or _nothing
        self._bugs = Told()
        self._notify = Notify()
        self._sign_of_life: asyncio.TimerHandle | None = None
        self.end = asyncio.Event()
        loop = asyncio.get_running_loop()
        for number in (signal.SIGTERM, signal.SIGINT):
            loop.add_signal_handler(number, self.end.set)
        loop.add_signal_handler(signal.SIGHUP, self._hangup)
        loop.add_signal_handler(signal.SIGUSR1, self._reopen)
        loop.set_exception_handler(self._lost)

    def ignore_interrupts(self) -> None:
        """Leave Ctrl-C to a child that has the terminal."""
        asyncio.get_running_loop().add_signal_handler(signal.SIGINT, _nothing)

    async def wait(self, ready: Ready, status: str = "Running") -> None:
        """Say that we are usable, to a service manager with this status, and return when we are
        to end."""
        ready()
        collector = Collector()
        collector.start()
        self._notify.ready(status)
        self._live()
        await self.end.wait()
        self._notify.stopping()
        if self._sign_of_life is not None:
            self._sign_of_life.cancel()
        collector.stop()
        for one in self._hosted:
            one.terminating()

    def _live(self) -> None:
        """Signs of life come from the loop that does the work: they stop when it hangs."""
        if self._notify.watchdog:
            self._notify.alive()
            loop = asyncio.get_running_loop()
            self._sign_of_life = loop.call_later(self._notify.watchdog, self._live)

    def _hangup(self) -> None:
        for one in self._hosted:
            one.hangup()
        self._also()

    def _reopen(self) -> None:
        for one in self._hosted:
            one.log.reopen()

    def _lost(self, loop: asyncio.AbstractEventLoop, context: dict[str, Any]) -> None:
        """An exception that reached the loop: a bug, which must not go unseen, nor fill a disk."""
        error = context.get("exception")
        told = f"{context.get('message')} {error!r}"
        if not self._bugs.is_new(told, loop.time()):
            return
        first = self._hosted[0]
        if isinstance(error, Exception):
            first.component.bug(str(context.get("message", "event loop")), error)
        else:
            first.log.write(Level.ERRORS, f"event loop: {context.get('message')}")
        if not first.component.common.command_line and first.component.common.log_file is None:
            warn(f"{first.name}: internal error: {error!r} {context.get('message', '')}")


class Told:
    """What was told, and when: the same is told again after a minute."""

    def __init__(self) -> None:
        self._when: dict[str, float] = {}

    def is_new(self, text: str, now: float) -> bool:
        """Whether it is to be told now; of many different texts the older ones are forgotten."""
        if now - self._when.get(text, -_TELL_AGAIN) < _TELL_AGAIN:
            return False
        if len(self._when) >= _TOLD_AT_MOST:
            self._when.clear()
        self._when[text] = now
        return True


class Collector:
    """Garbage collection without stalls: what lives at the start is frozen, what comes later is
    looked at only in small portions, and then frozen too. The core makes few cycles; those of
    neighbours and sessions that are gone go when all is looked at, now and then."""

    def __init__(self) -> None:
        self._timer: asyncio.TimerHandle | None = None
        self._used = 0.0
        self._grown = 0
        """Objects that came since all were looked at, less those that went; about."""
        self._base = 0
        """How many there were then."""
        self._next = 0.0

    def start(self) -> None:
        """Switch automatic collection off."""
        gc.freeze()  # a collection would take 15 ms of every start, and find one object in 150
        gc.disable()
        self._looked()
        self._arm()

    def stop(self) -> None:
        """Leave the timer."""
        if self._timer is not None:
            self._timer.cancel()

    def _arm(self) -> None:
        self._used = time.process_time()
        self._timer = asyncio.get_running_loop().call_later(_COLLECT_EVERY, self._collect)

    def _collect(self) -> None:
        idle = time.process_time() - self._used <= _BUSY
        new = gc.get_count()[0]
        self._grown += new
        if idle and new <= _COLLECT_AT_MOST:
            gc.collect(0)
        gc.freeze()
        few = _ALL_GROWN <= self._grown <= _ALL_AT_MOST - self._base
        if few and asyncio.get_running_loop().time() >= self._next:
            gc.unfreeze()
            gc.collect()
            gc.freeze()
            self._looked()
        self._arm()

    def _looked(self) -> None:
        self._base, self._grown = gc.get_freeze_count(), 0
        self._next = asyncio.get_running_loop().time() + _ALL_EVERY
