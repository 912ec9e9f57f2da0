"""The process around a component, as its commands see it: its file, its log, facts about it."""

import contextlib
import os
import resource
import time
from collections.abc import Callable, Iterable
from pathlib import Path

from grammar.base.log import Level
from grammar.common.config import VERSION
from pyvtysh.host.log import DaemonLog
from pyvtysh.host.loop import poll_lines, timer_lines


class HostProcess:
    """`grammar.common.Process` of a daemon; `path` is its own file, None when it had none."""

    def __init__(self, log: DaemonLog, path: Path | None) -> None:
        self.path = path
        self.users: Callable[[], int] = lambda: 0
        """How many vty connections there are."""
        self._log = log

    def log_changed(self) -> None:
        """Bring log targets in line with the configuration; OSError if a file cannot be opened."""
        self._log.follow()

    def log(self, level: Level, text: str) -> None:
        """Write one message to the log."""
        self._log.write(level, text)

    def report(self, topic: str) -> Iterable[str]:
        """What this process can tell; nothing for what it does not know."""
        match topic:
            case "memory":
                return _memory()
            case "modules":
                return self._modules()
            case "thread poll":
                return poll_lines()
            case "thread timers":
                return timer_lines()
            case "who":
                return (f"vty connections: {self.users()}\n",)
        return ()

    def _modules(self) -> Iterable[str]:
        yield "Module Name  Version                   Description\n\n"
        yield f"{'libfrr':<12} {VERSION:<25} libfrr core module\n"
        yield f"{self._log.name:<12} {VERSION:<25} {self._log.name} daemon\n"
        yield f"pid: {os.getpid()}\n"

    def save(self, lines: Iterable[str]) -> str:
        """Write the own file in one step, the old one stays as `.sav`; its path. OSError."""
        if self.path is None:
            raise FileNotFoundError
        stamp = time.strftime("%Y/%m/%d %H:%M:%S")
        head = f"!\n! Zebra configuration saved from vty\n!   {stamp}\n!\n"
        replace(self.path, head + "".join(f"{line}\n" for line in lines))
        return str(self.path)

    def saved(self) -> Iterable[str]:
        """The lines of the own file; nothing without one."""
        if self.path is None:
            return ()
        with contextlib.suppress(OSError):
            return self.path.read_text(encoding="utf-8", errors="surrogateescape").splitlines()
        return ()


def replace(path: Path, text: str) -> None:
    """Put a file in the place of another: a crash leaves the old or the new one; OSError."""
    fresh = path.with_name(f"{path.name}.{os.getpid()}.new")
    fd = os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_TRUNC | os.O_CLOEXEC, 0o640)
    try:
        with os.fdopen(fd, "wb") as file:
            file.write(text.encode("utf-8", "surrogateescape"))
            file.flush()
            os.fsync(file.fileno())
            _like(path, file.fileno())
        _keep_old(path)
        os.rename(fresh, path)
    except OSError as error:
        with contextlib.suppress(OSError):
            os.unlink(fresh)
        error.filename = error.filename or str(path)
        raise


def _like(path: Path, fd: int) -> None:
    """The new file gets owner and mode of the old one, as far as we may."""
    with contextlib.suppress(OSError):
        former = path.stat()
        os.fchmod(fd, former.st_mode & 0o777)
        os.fchown(fd, former.st_uid, former.st_gid)


def _keep_old(path: Path) -> None:
    saved = path.with_name(f"{path.name}.sav")
    with contextlib.suppress(FileNotFoundError):
        os.unlink(saved)
    with contextlib.suppress(FileNotFoundError):
        os.link(path, saved)


def _memory() -> Iterable[str]:
    used = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    yield "System allocator statistics:\n"
    yield f"  Total heap allocated:  {used >> 10} MiB\n"
