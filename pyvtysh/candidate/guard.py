"""The processes that take back a commit which nobody confirmed.

There are two: the first keeps the time, the second waits for the end of the first and takes its
place, and the first starts another second when that one ends. So either may be killed. Both hold
the lock `guard` beside the commits, by which a shell sees that they live; they end as soon as the
commit is confirmed.

    python -m pyvtysh.candidate.guard FILE          # FILE tells what is pending
    python -m pyvtysh.candidate.guard --now FILE    # a commit whose shell was killed over it
"""

import fcntl
import os
import subprocess
import sys
import syslog
import time
from contextlib import suppress
from pathlib import Path

from pyvtysh.candidate import notices
from pyvtysh.candidate.confirm import AT_WORK, Pending, read_pending, take_back, undone
from pyvtysh.candidate.history import busy_of, now_text
from pyvtysh.candidate.lock import LockedError

_LOOKS = 1.0
"""Seconds between two looks at whether the commit was confirmed."""

_PATIENCE = 600.0
"""Seconds that daemons which are away are waited for."""

_TOGETHER = b"."


def start(path: Path) -> None:
    """Start the processes, unless they run; OSError when they do not start."""
    argv = [sys.executable, "-m", "pyvtysh.candidate.guard", str(path)]
    done = subprocess.run(  # words of our own, no shell  # noqa: S603  # nosec B603
        argv,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        cwd="/",
        start_new_session=True,
        check=False,
    )
    if done.returncode:
        raise ChildProcessError(0, f"no process keeps the time: {done.stderr.decode()[-200:]}")


class Heir:
    """A process that undoes what a file tells of, should this one end before it dismisses it."""

    def __init__(self, path: Path) -> None:
        """OSError when it cannot be started."""
        words = (sys.executable, "-m", "pyvtysh.candidate.guard", "--now", str(path))
        self._process = subprocess.Popen(  # words of our own  # noqa: S603  # nosec B603
            ["/bin/sh", "-c", 'read done || exec "$@"', "sh", *words],
            stdin=subprocess.PIPE,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            cwd="/",
            start_new_session=True,
        )

    def dismiss(self) -> None:
        """There is nothing to undo."""
        assert self._process.stdin is not None
        with suppress(OSError):
            self._process.stdin.write(b"done\n")
            self._process.stdin.close()
        self._process.wait()


def is_guarded(path: Path) -> bool:
    """Whether the processes run."""
    descriptor = _hold(path)
    if descriptor is None:
        return True
    os.close(descriptor)
    return False


def _hold(path: Path) -> int | None:
    """Hold the lock, which children hold too; None if others do. OSError."""
    descriptor = os.open(path.with_name("guard"), os.O_RDWR | os.O_CREAT, 0o660)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        os.close(descriptor)
        return None
    return descriptor


def main(path: Path) -> int:
    """Hold the lock and go into the background; 0."""
    if _hold(path) is None:
        return 0
    if os.fork():
        return 0
    null = os.open(os.devnull, os.O_RDWR)
    for descriptor in range(3):
        os.dup2(null, descriptor)
    with suppress(BaseException):
        _keep_time(path)
    os._exit(0)


def _keep_time(path: Path) -> None:
    """As the first process: until the commit is confirmed or taken back."""
    second, together = _second(path)
    while (pending := read_pending(path)) is not None and pending.left > 0:
        time.sleep(min(pending.left, _LOOKS))
        if os.waitpid(second, os.WNOHANG)[0]:
            os.close(together)
            second, together = _second(path)
    if pending is not None:
        _expired(path, pending)
    os.write(together, _TOGETHER)


def _second(path: Path) -> tuple[int, int]:
    """A process that goes on when this one is gone, and the pipe by which it knows."""
    reader, writer = os.pipe()
    process = os.fork()
    if process:
        os.close(reader)
        return process, writer
    os.close(writer)
    with suppress(BaseException):
        if os.read(reader, 1) != _TOGETHER:
            os.close(reader)
            _keep_time(path)
    os._exit(0)


def _expired(path: Path, pending: Pending) -> None:
    """Take the commit back, as soon as the daemons are there."""
    begin = time.monotonic()
    while read_pending(path) == pending:
        patient = time.monotonic() - begin < _PATIENCE
        try:
            said = _take_back(path, pending, patient=patient)
        except LockedError:
            said = ""  # a commit is at work, or somebody undoes this one
        except Exception as error:  # noqa: BLE001  whatever it is, the next attempt may do
            said = f"Commit {pending.commit} could not be taken back: {error}"
            if not patient:
                path.rename(path.with_name(f"{path.name}.failed"))
        if said:
            _tell(path.parent, pending, said)
        if path.exists():
            time.sleep(_LOOKS)


def _take_back(path: Path, pending: Pending, *, patient: bool) -> str:
    """What was done; empty as long as daemons are missing and worth waiting for. LockedError."""
    import pyvtysh

    with pyvtysh.connect(pending.vty_socket, config_dir=pending.config_dir) as router:
        if patient and not set(pending.daemons) <= set(router.daemons):
            return ""
        busy = busy_of(router.shell)
        busy.take("undoing")
        try:
            if read_pending(path) != pending:
                return ""  # somebody else was quicker
            said = router.drive("rollback", take_back(router.shell, pending)).text
            if path.name == AT_WORK:
                undone(path.parent, pending)
            path.unlink(missing_ok=True)
            return said
        finally:
            busy.release()


def _tell(folder: Path, pending: Pending, said: str) -> None:
    """To the log of the system, the terminal that the commit came from, and the next shell."""
    with suppress(OSError):
        notices.leave(folder, now_text(), said)
    syslog.openlog("pyvtysh", syslog.LOG_PID, syslog.LOG_DAEMON)
    syslog.syslog(syslog.LOG_WARNING, said.strip().removeprefix("% "))
    if pending.terminal == "-":
        return
    with suppress(OSError):
        flags = os.O_WRONLY | os.O_NOCTTY | os.O_NONBLOCK
        descriptor = os.open(f"/dev/{pending.terminal}", flags)
        with open(descriptor, "wb") as screen:
            screen.write(("\r\n" + said.replace("\n", "\r\n")).encode())


def undo(path: Path) -> int:
    """Take back at once what a file tells of; 0."""
    pending = read_pending(path)
    if pending is not None:
        _expired(path, pending)
    return 0


if __name__ == "__main__":
    sys.exit(undo(Path(sys.argv[2])) if sys.argv[1] == "--now" else main(Path(sys.argv[1])))
