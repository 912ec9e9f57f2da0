"""`commit` and `commit check`."""

from collections.abc import Iterator
from contextlib import contextmanager, nullcontext

from grammar.base.errors import CommandError, Status
from pyvtysh.candidate import who
from pyvtysh.candidate.apply import ApplyError, put_in_force, running_text
from pyvtysh.candidate.archive import Archive
from pyvtysh.candidate.commands import NO_CANDIDATE
from pyvtysh.candidate.confirm import (
    Keeper,
    Pending,
    cut_short,
    finished_or_undone,
    keeper_of,
    make_pending,
)
from pyvtysh.candidate.editing import Editing, check_place
from pyvtysh.candidate.history import archive_of, busy_of, folder_of, lock_of, now_text
from pyvtysh.candidate.lock import LockedError
from pyvtysh.candidate.merge import Merged, merged
from pyvtysh.candidate.plan import plan
from pyvtysh.candidate.tree import shown, tree_of
from pyvtysh.dispatch import Vtysh
from pyvtysh.link import Running

FOUND = "(found running)"
"""The comment on a configuration that no commit had made."""

_PATIENCE = 10.0
"""Seconds that are waited for who takes another commit back."""

_CONFLICTS = "% Not committed: the running configuration changed since the candidate began\n"
_REBASE = (
    "% `rebase` takes that in, and the candidate's lines win; then see `show configuration diff`\n"
)


def commit(vtysh: Vtysh, comment: str, minutes: int | None = None) -> Running:
    """Put the candidate in force in all daemons, or in none; `minutes`: unless it is confirmed.

    Without `minutes` what waits to be confirmed is confirmed.
    """
    check_place(vtysh)
    lock = lock_of(vtysh) if vtysh.candidate is None else vtysh.candidate.lock
    held, busy = lock.held, busy_of(vtysh)
    try:
        lock.take("commit")
        busy.take_within(_PATIENCE, "commit")
        with nullcontext() if vtysh.candidate is None else vtysh.candidate.outside():
            yield from cut_short(vtysh)
        return (yield from _locked(vtysh, comment, minutes))
    except LockedError as error:
        raise CommandError(f"% Not committed: the configuration is locked by {error}") from None
    except ApplyError as error:
        raise CommandError(f"% Not committed\n{error}") from None
    except OSError as error:
        where = error.filename or folder_of(vtysh)
        raise CommandError(f"% Not committed: {where}: {error.strerror}") from None
    finally:
        busy.release()
        if not held:
            lock.release()


def _locked(vtysh: Vtysh, comment: str, minutes: int | None) -> Running:
    editing, keeper = vtysh.candidate, keeper_of(vtysh)
    pending = None if keeper is None else keeper.pending()
    if editing is None and pending is None:
        raise CommandError(NO_CANDIDATE)
    if minutes is not None and keeper is None:
        raise CommandError("% Not committed: nobody could take the commit back")
    status: int = Status.SUCCESS
    if editing is not None:
        with editing.outside():
            status = yield from _commit(editing, comment, minutes, keeper)
    if pending is not None and keeper is not None and minutes is None and not status:
        keeper.disarm()
        yield f"Commit {pending.commit} is confirmed\n"
    return status


def _commit(editing: Editing, comment: str, minutes: int | None, keeper: Keeper | None) -> Running:
    runs = running_text(editing.vtysh)
    now = editing.normal(runs)
    both = merged(editing.make, editing.base, editing.draft.text(), now)
    if both.conflicts:
        yield _CONFLICTS
        for conflict in both.conflicts:
            yield f"%   {conflict}\n"
        yield _REBASE
        return Status.CONFIG_FAILED
    wanted = tree_of(both.text)
    if wanted.keys() == tree_of(now).keys() and editing.shell_changed:
        editing.settle()
        yield "The lines of this shell are in force\n"
        return Status.SUCCESS
    if wanted.keys() == tree_of(now).keys():
        yield "Nothing to commit\n"
        return Status.SUCCESS
    with _kept(archive_of(editing.vtysh), now, both.text, comment) as (number, before):
        waits = None
        if minutes is not None and keeper is not None:
            waits = _waiting(editing.vtysh, keeper, number, before, minutes)
        at_work = make_pending(editing.vtysh, number, before, 0)
        with _armed(keeper, waits), finished_or_undone(editing.vtysh, at_work):
            notes = put_in_force(editing.vtysh, editing.make, runs, wanted)
    _settle(editing, number, both)
    for note in notes:
        yield f"% {note}\n"
    yield f"Commit {number} is in force\n"
    yield f"{waits}\n" if waits is not None else ""
    return Status.SUCCESS


def _waiting(vtysh: Vtysh, keeper: Keeper, number: int, before: int, minutes: int) -> Pending:
    """What is pending with this commit; what was pending before is taken back with it."""
    former = keeper.pending()
    back_to = before if former is None else former.back_to
    return make_pending(vtysh, number, back_to, minutes)


@contextmanager
def _armed(keeper: Keeper | None, waits: Pending | None) -> Iterator[None]:
    """From before the first line on, which may cut this shell off; not if that failed."""
    if keeper is None or waits is None:
        yield
        return
    former = keeper.pending()
    keeper.arm(waits)
    try:
        yield
    except BaseException:
        keeper.disarm()
        if former is not None:
            keeper.arm(former)
        raise


@contextmanager
def _kept(archive: Archive, now: str, text: str, comment: str) -> Iterator[tuple[int, int]]:
    """Keep what is about to be in force, and what runs now, if no commit made that.

    Their numbers; what was kept is forgotten when it does not come into force.
    """
    when = now_text()
    made = []
    last = archive.back(0)
    try:
        if last is None or tree_of(last.text).keys() != tree_of(now).keys():
            last = archive.add(when, "-", "-", FOUND, now)
            made.append(last)
        made.append(archive.add(when, who.user(), who.terminal(), comment, text))
        yield made[-1].number, last.number
    except BaseException:
        for commit in made:
            archive.forget(commit)
        raise


def _settle(editing: Editing, number: int, both: Merged) -> None:
    """The candidate, and what is kept of the commit, is what runs now."""
    editing.settle()
    editing.found = running_text(editing.vtysh)
    text = both.text
    if tree_of(editing.found).keys() != tree_of(text).keys():
        text = editing.make(editing.found).text()
        if tree_of(text).keys() != tree_of(both.text).keys():  # a daemon made something else of it
            archive_of(editing.vtysh).correct(number, text)
    if tree_of(text).keys() != editing.draft.tree().keys():
        editing.put(editing.make(text))
    editing.base = editing.draft.text()


def check(editing: Editing) -> Running:
    """Whether the candidate could be committed now, and what the checks of files say of it."""
    with editing.outside():
        try:
            runs = running_text(editing.vtysh)
        except ApplyError as error:
            raise CommandError(str(error)) from None
        now = editing.normal(runs)
        both = merged(editing.make, editing.base, editing.draft.text(), now)
        steps = plan(editing.make(runs), tree_of(both.text))
    for conflict in both.conflicts:
        yield f"% {conflict}\n"
    for path, why in steps.failed.items():
        yield f"% {shown(path)}: {why}\n"
    yield from _lint(now, both.text)
    if both.conflicts or steps.failed:
        return Status.CONFIG_FAILED
    yield "The candidate can be committed\n"
    return Status.SUCCESS


def _lint(now: str, text: str) -> Running:
    """What `vtysh --lint` says of the candidate and did not say of what runs."""
    from pyvtysh.candidate.findings import new_findings

    for said in new_findings(now, text):
        yield f"% {said}\n"
    return Status.SUCCESS
