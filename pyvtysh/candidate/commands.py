"""The lines of candidate configuration; what they do is in `pyvtysh.candidate.deeds`.

They are lines of the enable node, and of every node in which a candidate is edited.
"""

from typing import TYPE_CHECKING

from grammar.base.errors import CommandError
from grammar.call import Call
from grammar.command import action
from grammar.declared import Language
from grammar.node import ENABLE, Node
from grammar.scope import Scope
from pyvtysh.link import Running

if TYPE_CHECKING:
    from pyvtysh.candidate.editing import Editing
    from pyvtysh.dispatch import Vtysh

CANDIDATE = Node("candidate", "", 0)
"""Stands for all nodes in which a candidate is edited."""

ANYWHERE = Scope((ENABLE, CANDIDATE))

NO_CANDIDATE = "% There is no candidate: `configure private` or `configure exclusive` begins one"
"""Said where there is none."""


def _editing(call: Call) -> "Editing":
    from pyvtysh.candidate.editing import check_place

    vtysh: Vtysh = call.daemon
    check_place(vtysh)
    if vtysh.candidate is None:
        raise CommandError(NO_CANDIDATE)
    return vtysh.candidate


@action(ANYWHERE, "configure private", "Change the configuration", "A candidate of one's own")
def _configure_private(call: Call) -> Running:
    from pyvtysh.candidate.editing import begin

    return begin(call.daemon, exclusive=False)


@action(ANYWHERE, "configure exclusive", "Change the configuration", "A candidate, and the lock")
def _configure_exclusive(call: Call) -> Running:
    from pyvtysh.candidate.editing import begin

    return begin(call.daemon, exclusive=True)


@action(ANYWHERE, "show configuration diff", "Show", "Candidates", "What a commit would change")
def _show_diff(call: Call) -> str:
    return _editing(call).difference()


@action(ANYWHERE, "show configuration candidate", "Show", "Candidates", "As it is now")
def _show_candidate(call: Call) -> str:
    return _editing(call).draft.text()


@action(ANYWHERE, "show configuration commits", "Show", "Candidates", "What was committed")
def _show_commits(call: Call) -> Running:
    from pyvtysh.candidate import history

    return history.show_commits(call.daemon)


@action(
    ANYWHERE,
    "show configuration rollback (0-49)$steps [diff$diff]",
    *("Show", "Candidates", "What was committed", "So many commits ago", "Against what runs"),
)
def _show_rollback(call: Call) -> Running:
    from pyvtysh.candidate import history

    shown = history.show_rollback(call.daemon, call.values["steps"], diff="diff" in call.values)
    return _without_secrets(call, shown) if call.session.read_only else shown


def _without_secrets(call: Call, running: Running) -> Running:
    from grammar.access import without_secrets
    from pyvtysh.dispatch import collect

    text, status = collect(running)
    yield from without_secrets(call, text.splitlines(keepends=True))
    return status


@action(ANYWHERE, "show configuration lock", "Show", "Candidates", "Who may commit")
def _show_lock(call: Call) -> Running:
    from pyvtysh.candidate import history

    return history.show_lock(call.daemon)


@action(ANYWHERE, "commit check", "Put the candidate in force", "Only see whether it could be")
def _commit_check(call: Call) -> Running:
    from pyvtysh.candidate.commit import check

    return check(_editing(call))


@action(
    ANYWHERE,
    "commit [comment LINE...]",
    *("Put the candidate in force", "What it is about", "In words"),
)
def _commit(call: Call) -> Running:
    from pyvtysh.candidate.commit import commit

    return commit(call.daemon, str(call.values.get("line", "")))


@action(
    ANYWHERE,
    "commit confirmed (1-10080)$minutes [comment LINE...]",
    *("Put the candidate in force", "Until it is confirmed", "Minutes to do so"),
    *("What it is about", "In words"),
)
def _commit_confirmed(call: Call) -> Running:
    from pyvtysh.candidate.commit import commit

    _editing(call)
    return commit(call.daemon, str(call.values.get("line", "")), call.values["minutes"])


@action(ANYWHERE, "discard", "Forget the changes of the candidate")
def _discard(call: Call) -> Running:
    return _editing(call).discard()


@action(ANYWHERE, "rebase", "Take what changed meanwhile into the candidate")
def _rebase(call: Call) -> Running:
    return _editing(call).rebase()


@action(
    ANYWHERE, "rollback (0-49)$steps", "Make a former configuration the candidate", "Commits ago"
)
def _rollback(call: Call) -> Running:
    return _editing(call).rollback(call.values["steps"])


@action(
    ANYWHERE,
    "load <merge|replace|override>$how <terminal$terminal|FILE>",
    *("Read lines into the candidate", "Add them", "In place of the same blocks and lists"),
    *("In place of everything", "From this terminal, up to a line with a dot", "A file"),
)
def _load(call: Call) -> Running:
    from pyvtysh.candidate.reading import load

    path = None if "terminal" in call.values else str(call.values["file"])
    return load(_editing(call), str(call.values["how"]), path)


LANGUAGE = Language("vtysh", "VTYSH", [ANYWHERE])
"""The lines of candidate configuration."""
