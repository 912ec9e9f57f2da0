"""`commit` and `commit check`."""

import time
from datetime import datetime

from grammar.base.errors import CommandError, Status
from pyvtysh.candidate import who
from pyvtysh.candidate.apply import ApplyError, put_in_force, running_text
from pyvtysh.candidate.archive import Archive, Commit
from pyvtysh.candidate.commands import NO_CANDIDATE
from pyvtysh.candidate.editing import Editing, check_place
from pyvtysh.candidate.history import archive_of, folder_of
from pyvtysh.candidate.lock import LockedError
from pyvtysh.candidate.merge import Merged, merged
from pyvtysh.candidate.plan import plan
from pyvtysh.candidate.tree import shown, tree_of
from pyvtysh.dispatch import Vtysh
from pyvtysh.link import Running

FOUND = "(found running)"
"""The comment on a configuration that no commit had made."""

_CONFLICTS = "% Not committed: the running configuration changed since the candidate began\n"
_REBASE = (
    "% `rebase` takes that in, and the candidate's lines win; then see `show configuration diff`\n"
)


def commit(vtysh: Vtysh, comment: str, minutes: int | None = None) -> Running:
    """Put the candidate in force in all daemons, or in none; `minutes`: unless it is confirmed."""
    check_place(vtysh)
    editing = vtysh.candidate
    if editing is None:
        raise CommandError(NO_CANDIDATE)
    held = editing.lock.held
    try:
        editing.lock.take("commit")
        with editing.outside():
            return (yield from _commit(editing, comment))
    except LockedError as error:
        raise CommandError(f"% Not committed: the configuration is locked by {error}") from None
    except ApplyError as error:
        raise CommandError(f"% Not committed\n{error}") from None
    except OSError as error:
        where = error.filename or folder_of(vtysh)
        raise CommandError(f"% Not committed: {where}: {error.strerror}") from None
    finally:
        if not held:
            editing.lock.release()


def _commit(editing: Editing, comment: str) -> Running:
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
    if wanted.keys() == tree_of(now).keys():
        yield "Nothing to commit\n"
        return Status.SUCCESS
    archive = archive_of(editing.vtysh)
    made = _keep(archive, now, both.text, comment)
    try:
        notes = put_in_force(editing.vtysh, editing.make, runs, wanted)
    except BaseException:
        for each in made:
            archive.forget(each)
        raise
    _settle(editing, both)
    for note in notes:
        yield f"% {note}\n"
    yield f"Commit {made[0].number} is in force\n"
    return Status.SUCCESS


def _keep(archive: Archive, now: str, text: str, comment: str) -> list[Commit]:
    """Keep what is about to be in force; and what runs now, if no commit made that."""
    when = datetime.fromtimestamp(time.time()).astimezone().isoformat(timespec="seconds")
    kept = []
    last = archive.back(0)
    if last is None or tree_of(last.text).keys() != tree_of(now).keys():
        kept.append(archive.add(when, "-", "-", FOUND, now))
    kept.append(archive.add(when, who.user(), who.terminal(), comment, text))
    return kept[::-1]


def _settle(editing: Editing, both: Merged) -> None:
    """The candidate is what runs now."""
    editing.found = running_text(editing.vtysh)
    if tree_of(both.text).keys() != editing.draft.tree().keys():
        editing.put(editing.make(both.text))
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
