"""Listening sockets of the daemons that work without descriptors, too: who connects is turned away.

Without that a connection that cannot be accepted stays in the queue, wakes its loop again and
again, and each time the log grows (FRR writes 30,000 lines a second, until the disk is full).
"""

import contextlib
import errno
import os
import socket
import time
from collections.abc import Callable
from typing import Self

Say = Callable[[str], None]
"""Hears a sentence for the log."""

_AGAIN = 60.0
"""Seconds between two times that the same is told."""


class _Spare:
    """A descriptor of the process that is given up to turn somebody away."""

    def __init__(self) -> None:
        self._fd = -1

    def keep(self) -> None:
        """Take one, if there is one."""
        if self._fd < 0:
            with contextlib.suppress(OSError):
                self._fd = os.open(os.devnull, os.O_RDONLY | os.O_CLOEXEC)

    def give_up(self) -> bool:
        """Whether there was one, which somebody else may take now."""
        if self._fd < 0:
            return False
        os.close(self._fd)
        self._fd = -1
        return True


_SPARE = _Spare()


class Once:
    """Something of which there may be too much: told when it begins, and how often at its end.

    Not more than once a minute, however often it comes and goes.
    """

    def __init__(self, say: Say, what: str) -> None:
        self._say = say
        self._what = what
        self._count = 0
        self._told: float | None = None

    def more(self) -> None:
        """It happened."""
        now = time.monotonic()
        self._count += 1
        if self._told is None or now - self._told >= _AGAIN:
            self._told = now
            self._say(self._what)

    def over(self) -> None:
        """It does not happen any more."""
        if self._count and self._told is not None and time.monotonic() - self._told >= _AGAIN:
            self._say(f"{self._what}: {self._count} times, now no more")
            self._count = 0


class Listening(socket.socket):
    """A listening socket; made of another one with `of`."""

    _full: Once | None = None

    @classmethod
    def of(cls, sock: socket.socket, say: Say, name: str) -> Self:
        """The same socket, which is this one's from now on; `name` is what is connected to."""
        made = cls(fileno=sock.detach())
        made.setblocking(False)
        made._full = Once(say, f"no file descriptor left: connections to {name} are refused")
        _SPARE.keep()
        return made

    def accept(self) -> tuple[socket.socket, object]:
        """As of any socket; BlockingIOError instead of the lack of a descriptor."""
        try:
            found = super().accept()
        except OSError as error:
            if error.errno not in (errno.EMFILE, errno.ENFILE) or not _SPARE.give_up():
                raise
            self._turn_away()
            raise BlockingIOError(errno.EAGAIN, os.strerror(errno.EAGAIN)) from None
        if self._full is not None:
            self._full.over()
        _SPARE.keep()
        return found

    def _turn_away(self) -> None:
        try:
            super().accept()[0].close()
        except OSError:
            pass  # somebody else was quicker, or the client went
        finally:
            _SPARE.keep()
        if self._full is not None:
            self._full.more()
