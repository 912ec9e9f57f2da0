"""Who may commit: a lock on a file beside the commits, held by a process that lives.

There are two: `lock` is that of `configure exclusive` and of who commits, `busy` that of who
changes the daemons or takes that back, which is for moments, and in spite of `configure exclusive`.

The kernel gives the lock up with its process, so a dead holder locks nobody out. Who holds it, and
since when, is in the file.
"""

import fcntl
import json
import os
import time
from dataclasses import asdict, dataclass
from pathlib import Path

from pyvtysh.candidate import who
from pyvtysh.candidate.archive import make_folder

_MODE = 0o660
_LOOK = 0.05
"""Seconds between two attempts."""


@dataclass(frozen=True, slots=True)
class Holder:
    """Who holds a lock: `since` in seconds since 1970, `doing` in a few words."""

    user: str
    terminal: str
    pid: int
    since: float
    doing: str

    def __str__(self) -> str:
        clock = time.strftime("%Y-%m-%d %H:%M:%S", time.localtime(self.since))
        where = "" if self.terminal == "-" else f"{self.terminal}, "
        long = _duration(max(time.time() - self.since, 0))
        return f"{self.user} ({where}process {self.pid}) since {clock}, for {long}: {self.doing}"


def _duration(seconds: float) -> str:
    minutes, rest = divmod(int(seconds), 60)
    if not minutes:
        return f"{rest} seconds"
    hours, minutes = divmod(minutes, 60)
    return f"{hours} hours {minutes} minutes" if hours else f"{minutes} minutes {rest} seconds"


class LockedError(Exception):
    """Somebody else holds the lock; the text says who, and since when."""


class Lock:
    """The lock of one configuration directory; without one there is nobody to lock out."""

    def __init__(self, path: Path | None) -> None:
        self.path = path
        self._descriptor: int | None = None

    @property
    def held(self) -> bool:
        """Whether it is ours."""
        return self._descriptor is not None

    def take(self, doing: str) -> None:
        """Take it, or go on holding it; LockedError, OSError."""
        if self.held or self.path is None:
            return
        make_folder(self.path.parent)
        descriptor = os.open(self.path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, _MODE)
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            text = str(_told(descriptor) or "somebody")
            os.close(descriptor)
            raise LockedError(text) from None
        self._descriptor = descriptor
        said = Holder(who.user(), who.terminal(), os.getpid(), time.time(), doing)
        os.ftruncate(descriptor, 0)
        os.pwrite(descriptor, json.dumps(asdict(said)).encode(), 0)

    def take_within(self, seconds: float, doing: str) -> None:
        """As `take`, and wait for who holds it; LockedError at the end of the time."""
        end = time.monotonic() + seconds
        while True:
            try:
                return self.take(doing)
            except LockedError:
                if time.monotonic() >= end:
                    raise
                time.sleep(_LOOK)

    def release(self) -> None:
        """Give it up, if it is ours."""
        if self._descriptor is not None:
            os.ftruncate(self._descriptor, 0)
            os.close(self._descriptor)
            self._descriptor = None

    def holder(self) -> Holder | None:
        """Who holds it now; None when it is free. OSError."""
        if self.path is None or is_free(self.path):
            return None
        return _read(self.path) or Holder("somebody", "-", 0, time.time(), "")


def is_free(path: Path) -> bool:
    """Whether nobody holds a lock; OSError."""
    try:
        descriptor = os.open(path, os.O_RDONLY | os.O_CLOEXEC)
    except FileNotFoundError:
        return True
    try:
        fcntl.flock(descriptor, fcntl.LOCK_SH | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    finally:
        os.close(descriptor)
    return True


def _read(path: Path) -> Holder | None:
    descriptor = os.open(path, os.O_RDONLY | os.O_CLOEXEC)
    try:
        return _told(descriptor)
    finally:
        os.close(descriptor)


def _told(descriptor: int) -> Holder | None:
    try:
        return Holder(**json.loads(os.pread(descriptor, 4096, 0)))
    except (ValueError, TypeError, OSError):
        return None
