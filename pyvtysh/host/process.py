"""The process around a component, as its commands see it: its file, its log, facts about it."""

import contextlib
import os
import time
from collections.abc import Callable, Iterable
from pathlib import Path

from grammar.base.log import Level
from grammar.base.vitals import Vitals
from grammar.common.config import VERSION
from pyvtysh.files import replace_file
from pyvtysh.host.live import LiveLog
from pyvtysh.host.log import DaemonLog
from pyvtysh.host.loop import poll_lines, timer_lines
from pyvtysh.host.memory import Objects, memory_lines
from pyvtysh.host.pulse import Pulse, vitals


class HostProcess:
    """`grammar.common.Process` of a daemon; `path` is its own file, None for none to write."""

    def __init__(self, log: DaemonLog, path: Path | None) -> None:
        self.path = path
        self.users: Callable[[], Iterable[str]] = lambda: ()
        """Who uses the terminals, a line each."""
        self.objects: Callable[[], Iterable[Objects]] = lambda: ()
        """What there is in memory, by kind."""
        self.pulse: Pulse | None = None
        """Beats from when users are answered."""
        self.clients: Callable[[], int] = lambda: 0
        """How many users are connected."""
        self._started = time.monotonic()
        self._most: dict[tuple[str, str], int] = {}
        self._log = log

    def log_changed(self) -> None:
        """Bring log targets in line with the configuration; OSError if a file cannot be opened."""
        self._log.follow()

    def log(self, level: Level, text: str) -> None:
        """Write one message to the log."""
        self._log.write(level, text)

    def monitor(self) -> LiveLog | None:
        """Begin to write each log line to a socket; None when out of descriptors."""
        return self._log.monitor()

    def report(self, topic: str) -> Iterable[str]:
        """What this process can tell; nothing for what it does not know."""
        match topic:
            case "memory":
                return memory_lines(self.objects(), self._most)
            case "modules":
                return self._modules()
            case "thread poll":
                return poll_lines()
            case "thread timers":
                return timer_lines()
            case "who":
                return self.users()
        return ()

    def vitals(self) -> Vitals:
        """How the process is doing."""
        return vitals(self.pulse, self._started, self.clients())

    def _modules(self) -> Iterable[str]:
        yield "Module Name  Version                   Description\n\n"
        yield f"{'libfrr':<12} {VERSION:<25} libfrr core module\n"
        yield f"{self._log.name:<12} {VERSION:<25} {self._log.name} daemon\n"
        yield f"pid: {os.getpid()}\n"

    def save(self, lines: Iterable[str]) -> str:
        """Write the own file, the old one stays as `.sav`; its path. OSError."""
        if self.path is None:
            raise FileNotFoundError
        stamp = time.strftime("%Y/%m/%d %H:%M:%S")
        head = f"!\n! Zebra configuration saved from vty\n!   {stamp}\n!\n"
        text = head + "".join(f"{line}\n" for line in lines)
        try:
            replace_file(self.path, text)
        except OSError as error:
            error.filename = str(self.path)
            raise
        return str(self.path)

    def saved(self) -> Iterable[str]:
        """The lines of the own file; nothing without one."""
        if self.path is None:
            return ()
        with contextlib.suppress(OSError):
            return self.path.read_text(encoding="utf-8", errors="surrogateescape").splitlines()
        return ()
