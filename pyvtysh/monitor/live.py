"""While something is shown that has no end: waiting for more of it, or for a reason to stop.

On a terminal q, Enter, Ctrl-D and Ctrl-C stop it at once; elsewhere SIGINT, and the end of whoever
reads it. Nothing of a terminal but the way it hands on keys is changed, and that is put back.
"""

import contextlib
import os
import select
import signal
import sys
import threading
from collections.abc import Iterable
from types import FrameType, TracebackType
from typing import Any, Protocol

try:
    import termios
except ImportError:  # no keys then
    termios = None  # type: ignore[assignment]

from pyvtysh.dispatch import Vtysh

_STOPS = b"qQ\r\n\x04\x1a\x03"
_HINT = "Live: q, Enter or Ctrl-C ends it\n"


class Readable(Protocol):
    """A descriptor on which something may come."""

    def fileno(self) -> int:
        """Its number."""
        ...


class Live:
    """Keys and signals for the time of one monitor; a context."""

    def __init__(self, vtysh: Vtysh) -> None:
        self._say = vtysh.say
        self._keys: int | None = None
        self._before: list[Any] = []
        self._told = False
        self._stopped = False
        self._bell, self._rope = os.pipe()
        self._handler: object = None

    def __enter__(self) -> "Live":
        with contextlib.suppress(ValueError):  # not the main thread
            if threading.current_thread() is threading.main_thread():
                self._handler = signal.signal(signal.SIGINT, self._interrupted)
        self._listen()
        return self

    def _interrupted(self, number: int, frame: FrameType | None) -> None:
        if self._stopped:  # who writes cannot go on
            raise KeyboardInterrupt
        self._stopped = True
        os.write(self._rope, b"\0")

    def _listen(self) -> None:
        """Keys come at once and are not shown."""
        if termios is None or not (_is_terminal(0) and _is_terminal(1)):
            return
        with contextlib.suppress(OSError, termios.error):
            if os.tcgetpgrp(0) != os.getpgrp():
                return
            self._before = termios.tcgetattr(0)
            now = termios.tcgetattr(0)
            now[3] &= ~(termios.ICANON | termios.ECHO)
            # A read does not wait: Ctrl-C drops the keys that were there a moment ago.
            now[6][termios.VMIN], now[6][termios.VTIME] = 0, 0
            termios.tcsetattr(0, termios.TCSANOW, now)
            self._keys = 0

    def begins(self) -> None:
        """From now on it lasts: on a terminal one is told how to end it."""
        if self._keys is not None and not self._told:
            self._told = True
            sys.stdout.flush()
            self._say(_HINT)

    def wait(self, sources: Iterable[Readable], seconds: float | None = None) -> bool:
        """Wait for something to come; False when it is to end, or nothing came in time."""
        try:
            sys.stdout.flush()
        except BrokenPipeError:
            self._stopped = True
        if self._stopped:
            return False
        poll = select.poll()
        poll.register(self._bell, select.POLLIN)
        numbers = [source.fileno() for source in sources]
        for number in numbers:
            poll.register(number, select.POLLIN)
        if self._keys is not None:
            poll.register(self._keys, select.POLLIN)
        with contextlib.suppress(OSError, ValueError):
            poll.register(sys.stdout.fileno(), 0)  # the end of the reader comes unasked
        found = dict(poll.poll(None if seconds is None else seconds * 1000))
        return not self._ends(found) and any(number in found for number in numbers)

    def _ends(self, found: dict[int, int]) -> bool:
        if self._keys in found:
            with contextlib.suppress(OSError):
                key = os.read(0, 1)
                self._stopped |= key in _STOPS if key else self._is_gone(found[0])
        with contextlib.suppress(OSError, ValueError):
            self._stopped |= self._is_gone(found.get(sys.stdout.fileno(), 0))
        return self._stopped

    @staticmethod
    def _is_gone(found: int) -> bool:
        return bool(found & (select.POLLHUP | select.POLLERR))

    @property
    def stopped(self) -> bool:
        """Whether it is to end."""
        return self._stopped

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        if self._keys is not None:
            with contextlib.suppress(termios.error):
                termios.tcsetattr(0, termios.TCSADRAIN, self._before)
        if self._handler is not None:
            signal.signal(signal.SIGINT, self._handler)  # type: ignore[arg-type]
        os.close(self._bell)
        os.close(self._rope)


def _is_terminal(number: int) -> bool:
    try:
        return os.isatty(number)
    except OSError:
        return False
