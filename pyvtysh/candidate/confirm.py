"""A commit that is taken back unless it is confirmed, whatever becomes of the shell.

What is pending is a file beside the commits. A `Guard` keeps the time and takes the commit back:
for daemons behind sockets two processes of their own (`pyvtysh.candidate.guard`), for routers of
tests a timer of their clock. A shell that finds something pending and no guard goes on with it.
"""

import json
import os
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

from grammar.base.errors import CommandError, Status
from grammar.base.scheduler import Scheduler
from pyvtysh.candidate import notices, who
from pyvtysh.candidate.apply import put_in_force
from pyvtysh.candidate.archive import make_folder
from pyvtysh.candidate.editing import Editing
from pyvtysh.candidate.history import archive_of, busy_of, folder_of, now_text
from pyvtysh.candidate.lock import LockedError
from pyvtysh.candidate.merge import merged
from pyvtysh.candidate.tree import tree_of
from pyvtysh.dispatch import Vtysh
from pyvtysh.link import Running, SocketLink

if TYPE_CHECKING:
    from pyvtysh.api.sync import Router

PENDING = "pending"
"""The file that tells of a commit which waits to be confirmed."""

AT_WORK = "at-work"
"""The file that tells of a commit which is not through."""

_BOOT = "/proc/sys/kernel/random/boot_id"


@dataclass(frozen=True, slots=True)
class Pending:
    """A commit that waits: taking it back leads to commit `back_to`.

    `deadline` is in seconds of the clock that stands still for nobody (CLOCK_BOOTTIME) of the
    system that runs since `boot`.
    """

    commit: int
    back_to: int
    minutes: int
    deadline: float
    boot: str
    user: str
    terminal: str
    vty_socket: str
    config_dir: str
    daemons: tuple[str, ...]

    @property
    def left(self) -> float:
        """Seconds until it is taken back."""
        return self.deadline - uptime()

    def __str__(self) -> str:
        until = time.strftime("%H:%M:%S", time.localtime(time.time() + self.left))
        return f"Commit {self.commit} is taken back at {until} unless `commit` confirms it"

    @property
    def over(self) -> str:
        """Why it is taken back; without minutes to confirm it, its shell was killed over it."""
        if not self.minutes:
            return f"commit {self.commit} was cut short"
        return f"commit {self.commit} was not confirmed within {self.minutes} minutes"


def uptime() -> float:
    """Seconds since the system was started."""
    return time.clock_gettime(time.CLOCK_BOOTTIME)


def boot() -> str:
    """What tells this run of the system from others."""
    try:
        return Path(_BOOT).read_text(encoding="ascii").strip()
    except OSError:
        return ""


class Keeper(Protocol):
    """Keeps the time of what is pending for a router."""

    def pending(self) -> Pending | None:
        """What waits; OSError."""
        ...

    def arm(self, pending: Pending) -> None:
        """From now on it is pending; OSError when nobody would take it back."""
        ...

    def disarm(self) -> None:
        """Nothing is pending any more."""
        ...


class Files:
    """For daemons behind sockets: a file, and processes that outlive the shell."""

    def __init__(self, folder: Path) -> None:
        self.path = folder / PENDING

    def pending(self) -> Pending | None:
        """See `Keeper`."""
        return read_pending(self.path)

    def arm(self, pending: Pending) -> None:
        """See `Keeper`."""
        from pyvtysh.candidate.guard import start

        write_pending(self.path, pending)
        try:
            start(self.path)
        except OSError:
            self.disarm()
            raise

    def disarm(self) -> None:
        """See `Keeper`; the processes see it and end."""
        self.path.unlink(missing_ok=True)


@contextmanager
def finished_or_undone(vtysh: Vtysh, pending: Pending) -> Iterator[None]:
    """While a commit is at work, a process waits that undoes it should this shell be killed.

    Should both be killed, the next shell with a candidate finds the file that tells of it. OSError.
    """
    folder = folder_of(vtysh)
    if folder is None or not pending.vty_socket:
        yield
        return
    from pyvtysh.candidate.guard import Heir

    path = folder / AT_WORK
    write_pending(path, pending)
    heir = Heir(path)
    try:
        yield
    finally:
        path.unlink(missing_ok=True)
        heir.dismiss()


def write_pending(path: Path, pending: Pending) -> None:
    """Keep what is pending; OSError."""
    from pyvtysh.files import replace_file

    make_folder(path.parent)
    replace_file(path, json.dumps(asdict(pending)) + "\n", keep=False)


def read_pending(path: Path) -> Pending | None:
    """What a file says is pending; None without one, or with one that is none. OSError."""
    try:
        said = json.loads(path.read_text(encoding="utf-8"))
        return Pending(**{**said, "daemons": tuple(said["daemons"])})
    except FileNotFoundError:
        return None
    except (ValueError, TypeError, KeyError):
        return None


class Timer:
    """For a router in this process: a timer of its clock."""

    def __init__(
        self,
        scheduler: Scheduler,
        converse: "Callable[[], Router]",
    ) -> None:
        """`converse` makes a further conversation with the router, when one is needed."""
        self._scheduler = scheduler
        self._converse = converse
        self._pending: Pending | None = None

    def pending(self) -> Pending | None:
        """See `Keeper`."""
        return self._pending

    def arm(self, pending: Pending) -> None:
        """See `Keeper`."""
        self._pending = pending
        due = self._scheduler.time() + pending.minutes * 60
        self._scheduler.call_at(due, lambda: self._expired(pending))

    def disarm(self) -> None:
        """See `Keeper`."""
        self._pending = None

    def _expired(self, pending: Pending) -> None:
        if self._pending is pending:
            self._pending = None
            router = self._converse()
            router.drive("rollback", take_back(router.shell, pending))
            router.close()


def keeper_of(vtysh: Vtysh) -> Keeper | None:
    """Who keeps the time for a router; None where nobody can."""
    if vtysh.keeper is not None:
        return vtysh.keeper
    folder = folder_of(vtysh)
    return None if folder is None or not _sockets(vtysh) else Files(folder)


def _sockets(vtysh: Vtysh) -> str:
    """The folder of the daemons' sockets; empty without."""
    paths = [link.path for link in vtysh.links.values() if isinstance(link, SocketLink)]
    return os.path.abspath(os.path.dirname(paths[0])) if paths else ""


def make_pending(vtysh: Vtysh, commit: int, back_to: int, minutes: int) -> Pending:
    """A commit of this shell that waits from now on."""
    return Pending(
        commit,
        back_to,
        minutes,
        uptime() + minutes * 60,
        boot(),
        who.user(),
        who.terminal(),
        _sockets(vtysh),
        os.path.abspath(vtysh.config_dir) if vtysh.config_dir else "",
        tuple(vtysh.links),
    )


def take_back(vtysh: Vtysh, pending: Pending) -> Running:
    """Undo a commit, and nothing else that changed since; ApplyError, OSError."""
    archive = archive_of(vtysh)
    committed, former = archive.find(pending.commit), archive.find(pending.back_to)
    if committed is None or former is None:
        raise CommandError(f"% Commit {pending.commit} cannot be taken back: it is not kept")
    editing = Editing(vtysh)
    base, wanted = (editing.make(each.text).text() for each in (committed, former))
    text = merged(editing.make, base, wanted, editing.base).text
    if tree_of(text).keys() != tree_of(editing.base).keys():
        for note in put_in_force(vtysh, editing.make, editing.found, tree_of(text)):
            yield f"% {note}\n"
    archive.add(now_text(), "-", "-", f"(back to {former.number}: {pending.over})", text)
    yield f"% {pending.over[0].upper()}{pending.over[1:]}: it was taken back\n"
    return Status.SUCCESS


def look_after(vtysh: Vtysh) -> Running:
    """Say what was taken back and what is pending, and go on with that if its guard is gone.

    CommandError, OSError.
    """
    busy = busy_of(vtysh)
    with suppress(LockedError):  # whoever has it takes back what there is
        if _is_left(vtysh):
            busy.take("undoing")
            try:
                yield from cut_short(vtysh)
            finally:
                busy.release()
    if (folder := folder_of(vtysh)) is not None:
        yield from notices.told(folder)
    keeper = keeper_of(vtysh)
    pending = keeper.pending() if keeper is not None else None
    if keeper is None or pending is None:
        return Status.SUCCESS
    if isinstance(keeper, Files) and pending.boot != boot():
        keeper.disarm()
        yield f"% Commit {pending.commit} was never confirmed, and the system was started since\n"
        return Status.SUCCESS
    if isinstance(keeper, Files) and pending.left <= 0:
        from pyvtysh.candidate.guard import is_guarded

        if not is_guarded(keeper.path):
            yield from take_back(vtysh, pending)
            keeper.disarm()
            return Status.SUCCESS
    elif isinstance(keeper, Files):
        keeper.arm(pending)  # does nothing more where there is a guard
    yield f"% {pending}\n"
    return Status.SUCCESS


def _is_left(vtysh: Vtysh) -> bool:
    folder = folder_of(vtysh)
    return folder is not None and (folder / AT_WORK).exists()


def cut_short(vtysh: Vtysh) -> Running:
    """Undo a commit whose shell was killed over it, if nobody else did; `busy` is held."""
    folder = folder_of(vtysh)
    pending = None if folder is None else read_pending(folder / AT_WORK)
    if folder is not None and pending is not None:
        if pending.boot == boot():
            yield from take_back(vtysh, pending)
        undone(folder, pending)
    return Status.SUCCESS


def undone(folder: Path, pending: Pending) -> None:
    """What was at work is no more; nor does it wait to be confirmed, if it did alone."""
    waits = read_pending(folder / PENDING)
    if waits is not None and (waits.commit, waits.back_to) == (pending.commit, pending.back_to):
        (folder / PENDING).unlink(missing_ok=True)
    (folder / AT_WORK).unlink(missing_ok=True)
