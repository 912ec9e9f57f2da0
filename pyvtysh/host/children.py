"""Child processes: started, and reaped when they end, also those that we inherited as process 1."""

import asyncio
import contextlib
import os
import signal
import sys
from collections.abc import Callable, Mapping, Sequence

Ended = Callable[[int], None]
"""Hears the exit status of a child, negative for the signal that ended it."""


class Children:
    """The children of this process; one for a process, made in its loop."""

    def __init__(self) -> None:
        self._ended: dict[int, Ended] = {}
        self._errors: dict[int, int] = {}
        """The reading ends of the standard errors of quiet children."""
        self._loop = asyncio.get_running_loop()
        self._loop.add_signal_handler(signal.SIGCHLD, self._reap)

    def spawn(
        self,
        argv: Sequence[str],
        ended: Ended,
        env: Mapping[str, str] | None = None,
        *,
        quiet: bool = False,
    ) -> int:
        """Start a program; its number. OSError.

        A `quiet` one is cut off from our standard files, which may be a pipe that somebody reads
        to its end; what it says on its standard error is passed on to ours.
        """
        actions: list[tuple[int, ...] | tuple[int, int, str, int, int]] = []
        if quiet:
            errors, theirs = os.pipe2(os.O_CLOEXEC | os.O_NONBLOCK)
            os.set_blocking(theirs, True)
            actions = [(os.POSIX_SPAWN_OPEN, fd, os.devnull, os.O_RDWR, 0) for fd in (0, 1)]
            actions.append((os.POSIX_SPAWN_DUP2, theirs, 2))
        pid = os.posix_spawn(
            argv[0],
            list(argv),
            os.environ if env is None else env,
            file_actions=actions,
            setsigdef=[signal.SIGPIPE, signal.SIGINT, signal.SIGTERM],
        )
        self._ended[pid] = ended
        if quiet:
            os.close(theirs)
            self._errors[pid] = errors
            self._loop.add_reader(errors, self._pass_on, pid)
        return pid

    async def run(self, argv: Sequence[str], *, quiet: bool = False) -> int:
        """Run a program to its end; its exit status. OSError."""
        done: asyncio.Future[int] = self._loop.create_future()
        pid = self.spawn(argv, done.set_result, quiet=quiet)
        try:
            return await done
        except asyncio.CancelledError:
            self._ended[pid] = lambda status: None
            os.kill(pid, signal.SIGTERM)
            raise

    def _reap(self) -> None:
        """Several may have ended at one signal."""
        while True:
            try:
                pid, status = os.waitpid(-1, os.WNOHANG)
            except ChildProcessError:
                return
            if pid == 0:
                return
            if pid in self._errors:
                self._pass_on(pid)
            ended = self._ended.pop(pid, None)
            if ended is not None:
                ended(os.waitstatus_to_exitcode(status))

    def _pass_on(self, pid: int) -> None:
        """Hand on what a child says; at the end of its words its descriptor goes."""
        errors = self._errors[pid]
        try:
            while data := os.read(errors, 65536):
                with contextlib.suppress(OSError):
                    os.write(2, data)
        except BlockingIOError:
            return
        self._loop.remove_reader(errors)
        os.close(errors)
        del self._errors[pid]


def own_program(*words: str) -> list[str]:
    """The command line that runs one of our programs with this very Python.

    Not with modules from the folder in which root happens to be (`-P`).
    """
    return [sys.executable, "-P", "-m", *words]
