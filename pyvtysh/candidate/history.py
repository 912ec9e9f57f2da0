"""What is kept of a router's commits, and who holds its lock: where it is, and how it is shown."""

import time
from datetime import datetime
from pathlib import Path

from grammar.base.errors import CommandError, Status
from pyvtysh.candidate.archive import Archive, Folder, Memory
from pyvtysh.candidate.lock import Lock
from pyvtysh.candidate.merge import difference
from pyvtysh.dispatch import Vtysh
from pyvtysh.link import Running
from pyvtysh.running import running_config


def folder_of(vtysh: Vtysh) -> Path | None:
    """Where commits are kept; None for a router without files."""
    return Path(vtysh.config_dir) / "commits" if vtysh.config_dir else None


def archive_of(vtysh: Vtysh) -> Archive:
    """The commits of a router."""
    folder = folder_of(vtysh)
    if folder is not None:
        return Archive(Folder(folder))
    if vtysh.memory is None:
        vtysh.memory = Memory()
    return Archive(vtysh.memory)


def lock_of(vtysh: Vtysh) -> Lock:
    """The lock of a router's commits."""
    folder = folder_of(vtysh)
    return Lock(None if folder is None else folder / "lock")


def busy_of(vtysh: Vtysh) -> Lock:
    """The lock of who changes its daemons just now."""
    folder = folder_of(vtysh)
    return Lock(None if folder is None else folder / "busy")


def now_text() -> str:
    """The time as it is kept with a commit."""
    return datetime.fromtimestamp(time.time()).astimezone().isoformat(timespec="seconds")


def show_commits(vtysh: Vtysh) -> Running:
    """A table of the commits, the newest first."""
    rows = [("Ago", "Commit", "Time", "User", "Terminal", "Comment")]
    try:
        for steps, commit in enumerate(archive_of(vtysh).newest_first()):
            said = (commit.time.replace("T", " ")[:19], commit.user, commit.terminal)
            rows.append((str(steps), str(commit.number), *said, commit.comment))
    except OSError as error:
        raise CommandError(f"% {folder_of(vtysh)}: {error.strerror}") from None
    if len(rows) == 1:
        yield "% Nothing was committed\n"
        return Status.SUCCESS
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    for row in rows:
        numbers = (text.rjust(width) for text, width in zip(row[:2], widths[:2], strict=True))
        texts = (text.ljust(width) for text, width in zip(row[2:], widths[2:], strict=True))
        yield "  ".join((*numbers, *texts)).rstrip() + "\n"
    return Status.SUCCESS


def show_rollback(vtysh: Vtysh, steps: int, *, diff: bool) -> Running:
    """A former configuration, or what `rollback` to it would change."""
    try:
        commit = archive_of(vtysh).back(steps)
    except OSError as error:
        raise CommandError(f"% {folder_of(vtysh)}: {error.strerror}") from None
    if commit is None:
        raise CommandError(f"% No configuration is kept of {steps} commits ago")
    if diff:
        yield difference(running_config(vtysh, header=False), commit.text)
    else:
        yield commit.text
    return Status.SUCCESS


def show_lock(vtysh: Vtysh) -> Running:
    """Who holds the lock."""
    try:
        holder = lock_of(vtysh).holder()
    except OSError as error:
        raise CommandError(f"% {folder_of(vtysh)}: {error.strerror}") from None
    yield "The configuration is not locked\n" if holder is None else f"Locked by {holder}\n"
    return Status.SUCCESS
