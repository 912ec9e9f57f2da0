"""One watched daemon: its process, its signs of life, and when it may be started again."""

import asyncio
import contextlib
import os
import signal
import socket
from collections.abc import Callable, Sequence
from pathlib import Path

from pyvtysh.host.background import holder
from pyvtysh.host.children import Children
from pyvtysh.host.watchfrr.watchfrr import Intervals, State

_STOP = 5.0
"""Seconds between SIGTERM and SIGKILL at the end, unless `-T` allows fewer: who stops a container
waits ten in all."""

_START = 60.0
"""Seconds that a start may take before the first sign of life."""

Changed = Callable[["Child", State, str], bool]
"""Hears the new state and why; answers whether a daemon that went down is to be restarted."""


class Child:
    """A daemon's process. `up` is set while it is usable, `died` once it has ended.

    A restart comes at once the first time; then not before `least` seconds after the last one,
    and twice as long each time, up to `most`. Who ran for twice `most` seconds starts afresh.
    """

    def __init__(
        self,
        name: str,
        argv: Sequence[str],
        children: Children,
        intervals: Intervals,
        changed: Changed,
        *,
        pid_path: str = "",
        quiet: bool = False,
    ) -> None:
        """`pid_path` is the daemon's pid file, by which one that already runs is found."""
        self.name = name
        self.adopted = False
        """Whether it ran already: its watcher was killed, and we took over."""
        self._pid_path = pid_path
        self.up = asyncio.Event()
        self.died = asyncio.Event()
        self.last_end = ""
        self.restarts = 0
        self._argv = argv
        self._children = children
        self._intervals = intervals
        self._changed = changed
        self._quiet = quiet
        self._loop = asyncio.get_running_loop()
        self._pid = 0
        self._wanted = False
        self._watching = False
        self._wait = intervals.least
        self._started: float | None = None
        self._restart: asyncio.TimerHandle | None = None
        self._silence: asyncio.TimerHandle | None = None
        self._address = f"pyvtysh-{os.getpid()}-{name}"
        self._signs: socket.socket | None = None

    def start(self) -> None:
        """Start the process, or take over the one that runs; OSError."""
        self.died.clear()
        self._wanted = True
        self.adopted = self._take_over()
        if self.adopted:
            return
        if self._signs is None:
            self._listen()
        env = {
            **os.environ,
            "NOTIFY_SOCKET": f"@{self._address}",
            "WATCHDOG_USEC": str(int(self._intervals.silent * 1e6)),
        }
        env.pop("WATCHDOG_PID", None)
        self._pid = self._children.spawn(self._argv, self._ended, env, quiet=self._quiet)
        self._allow(max(self._intervals.silent, _START))

    def watch(self) -> None:
        """From now on it is restarted when it ends; also when it already did."""
        self._watching = True
        if self.died.is_set():
            self._plan()

    def signal(self, number: int) -> None:
        """Send a signal to the process, if there is one."""
        if self._pid:
            with contextlib.suppress(ProcessLookupError):
                os.kill(self._pid, number)

    async def stop(self) -> None:
        """End the process for good, by force if it does not go."""
        self._wanted = False
        for timer in (self._restart, self._silence):
            if timer is not None:
                timer.cancel()
        if self._pid:
            for number in (signal.SIGTERM, signal.SIGKILL):
                self.signal(number)
                with contextlib.suppress(TimeoutError):
                    async with asyncio.timeout(min(_STOP, self._intervals.stop)):
                        await self.died.wait()
                        break
        if self._signs is not None:
            self._loop.remove_reader(self._signs)
            self._signs.close()
            self._signs = None

    # --- one that runs already -------------------------------------------------------------------

    def _take_over(self) -> bool:
        """Go on with a daemon of a watcher that was killed: its sessions are worth keeping.

        It is known by its pid file and command line; where it sends its signs of life, by its
        environment.
        """
        pid = holder(self._pid_path) if self._pid_path and self._signs is None else 0
        if not pid:
            return False
        try:
            if read_words(pid, "cmdline") != list(self._argv):
                return False
            address = next(
                word.partition("=@")[2]
                for word in read_words(pid, "environ")
                if word.startswith("NOTIFY_SOCKET=@pyvtysh-")
            )
            end = os.pidfd_open(pid)
        except (OSError, StopIteration):
            return False
        if holder(self._pid_path) != pid:
            os.close(end)
            return False
        self._address = address
        self._listen()
        self._pid = pid
        self._loop.add_reader(end, self._gone, end)
        self._allow(self._intervals.silent)
        self.up.set()
        self._changed(self, State.UP, "it ran already")
        return True

    def _gone(self, end: int) -> None:
        """What we took over has ended; nobody tells us how."""
        self._loop.remove_reader(end)
        os.close(end)
        self._ended(None)

    @property
    def pid(self) -> int:
        """Its process, 0 while there is none."""
        return self._pid

    # --- signs of life -----------------------------------------------------------------------

    def _listen(self) -> None:
        self._signs = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
        self._signs.setblocking(False)
        self._signs.bind(f"\0{self._address}")
        self._loop.add_reader(self._signs, self._sign)

    def _sign(self) -> None:
        assert self._signs is not None
        with contextlib.suppress(BlockingIOError):
            while True:
                lines = self._signs.recv(4096).decode("utf-8", "replace").splitlines()
                self._allow(self._intervals.silent)
                if "READY=1" in lines and not self.up.is_set() and self._pid:
                    self.up.set()
                    self._changed(self, State.UP, "it is usable")

    def _allow(self, seconds: float) -> None:
        """It may be silent for so long from now on."""
        if self._silence is not None:
            self._silence.cancel()
        self._silence = self._loop.call_later(seconds, self._silent, seconds)

    def _silent(self, seconds: float) -> None:
        """No sign of life: what hangs is ended, and started again."""
        if self._pid and self._wanted:
            why = f"no sign of life for {seconds:.0f} seconds, killed"
            self._changed(self, State.UNRESPONSIVE, why)
            self.signal(signal.SIGKILL)

    # --- its end -----------------------------------------------------------------------------

    def _ended(self, status: int | None) -> None:
        self._pid = 0
        self.up.clear()
        if self._silence is not None:
            self._silence.cancel()
        self.last_end = _how(status)
        self.died.set()
        if self._wanted and self._changed(self, State.DOWN, self.last_end):
            self._plan()

    def _plan(self) -> None:
        if not self._watching or self._restart is not None:
            return
        self._restart = self._loop.call_later(self._delay(), self._again)

    def _delay(self) -> float:
        """Seconds until it may be started again."""
        now, last, intervals = self._loop.time(), self._started, self._intervals
        if last is None or now - last > 2 * intervals.most:
            self._wait = intervals.least
            return 0.0
        wait = self._wait
        self._wait = min(2 * wait, intervals.most)
        return max(0.0, last + wait - now)

    def _again(self) -> None:
        self._restart = None
        if not self._wanted:
            return
        self.restarts += 1
        self._started = self._loop.time()
        try:
            self.start()
        except OSError as error:
            self.died.set()
            self._changed(self, State.DOWN, f"cannot be started: {error.strerror}")
            self._plan()


def _how(status: int | None) -> str:
    if status is None:
        return "ended"
    if status < 0:
        return f"ended by {signal.Signals(-status).name}"
    return f"ended with status {status}"


def read_words(pid: int, name: str) -> list[str]:
    """The words of `/proc/PID/cmdline` or `environ`; OSError."""
    data = Path(f"/proc/{pid}/{name}").read_bytes()
    return os.fsdecode(data).removesuffix("\0").split("\0")
