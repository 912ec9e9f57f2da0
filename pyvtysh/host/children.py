"""Child processes: started, and reaped when they end, also those that we inherited as process 1."""

import asyncio
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
        """Start a program, with `quiet` cut off from our standard files; its number. OSError."""
        actions = []
        if quiet:
            actions = [(os.POSIX_SPAWN_OPEN, fd, os.devnull, os.O_RDWR, 0) for fd in (0, 1, 2)]
        pid = os.posix_spawn(
            argv[0],
            list(argv),
            os.environ if env is None else env,
            file_actions=actions,
            setsigdef=[signal.SIGPIPE, signal.SIGINT, signal.SIGTERM],
        )
        self._ended[pid] = ended
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
            ended = self._ended.pop(pid, None)
            if ended is not None:
                ended(os.waitstatus_to_exitcode(status))


def own_program(*words: str) -> list[str]:
    """The command line that runs one of our programs with this very Python."""
    return [sys.executable, "-m", *words]
