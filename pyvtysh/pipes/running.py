"""A command with filters, run: FRR's `include` as FRR has it, else the filters of this package."""

import re
from collections.abc import Callable, Iterator
from itertools import chain
from typing import TYPE_CHECKING

from grammar.base.errors import Status
from grammar.base.pause import Pause
from grammar.filtering import FilterError, included, split_filter
from grammar.language.match import Match
from grammar.node import ENABLE
from pyvtysh.link import Running
from pyvtysh.passing import UNTAKEN
from pyvtysh.pipes.flow import FilterFaultError, Flow, Json, Lines
from pyvtysh.pipes.stages import Step, lines_from, step
from pyvtysh.pipes.text import lines_of
from pyvtysh.pipes.words import Piped, Stage, may_have_filters, read_filters

if TYPE_CHECKING:
    from pyvtysh.dispatch import Vtysh

Finish = Callable[[Flow], Iterator[str]]

_WATCH = re.compile(r"(?:do\s+)?wat(?:c|ch)?\s")
_SHORT = 4096
"""Characters of an answer that is looked at before it is filtered: a refusal is shown as it is."""
_TAKEN = (Status.SUCCESS, Status.SUCCESS_DAEMON)


def run_piped(vtysh: "Vtysh", text: str, line: str) -> Running:
    """Run a line with a `|` in it; yields text and returns the status."""
    if _WATCH.match(text):  # the filters are those of the watched command
        return (yield from vtysh.execute_plain(text, line))
    try:
        filtered = None
        piped = read_filters(text) if may_have_filters(vtysh, text) else None
        if piped is None:
            filtered = split_filter(text)
    except FilterError as error:
        yield str(error)
        return Status.SUCCESS
    if piped is not None:
        return (yield from _told(vtysh, piped))
    if filtered is None:
        return (yield from vtysh.execute_plain(text, line))
    command, wanted = filtered
    from pyvtysh.dispatch import SAYS  # which imports this

    answer = _Answer(vtysh, command)
    refused, pieces = answer.refusal()
    if answer.status in UNTAKEN:
        yield f"{SAYS[answer.status]}{text}\n"  # FRR names the whole line
        return answer.status
    if refused and answer.status not in _TAKEN and not isinstance(vtysh.find(command)[0], Match):
        yield refused  # to a line of our own, which needs no filter
        return answer.status
    yield from included(chain([refused], pieces), wanted)
    return answer.status


def is_unpaged(text: str) -> bool:
    """Whether a line says `| no-more`."""
    try:
        piped = read_filters(text)
    except FilterError:
        return False
    return piped is not None and any(stage.name == "no-more" for stage in piped.stages)


class _Answer:
    """What a command answers, in pieces; the status when they are through."""

    def __init__(self, vtysh: "Vtysh", command: str) -> None:
        self.status: int = Status.SUCCESS
        self._running = vtysh.execute_plain(command, command)

    def pieces(self) -> Iterator[str]:
        self.status = yield from self._running

    def refusal(self) -> tuple[str, Iterator[str]]:
        """The text of a command that is refused in few words; else "", and the pieces."""
        pieces = self.pieces()
        head: list[str] = []
        for piece in pieces:
            if isinstance(piece, Pause):  # it goes on for longer than anybody waits
                return "", chain(head, pieces)
            head.append(piece)
            if sum(map(len, head)) >= _SHORT:
                return "", chain(head, pieces)
        if self.status in _TAKEN:
            return "", iter(head)
        return "".join(head), iter(())

    def close(self) -> None:
        self._running.close()


def _told(vtysh: "Vtysh", piped: Piped) -> Running:
    """Filters, with what is wrong in one line."""
    try:
        return (yield from _run(vtysh, piped))
    except FilterFaultError as error:
        yield f"% {error}\n"
        return Status.CONFIG_FAILED


def _run(vtysh: "Vtysh", piped: Piped) -> Running:
    *stages, last = piped.stages
    if any(stage.name in ("save", "diff") for stage in stages):
        name = next(stage.name for stage in stages if stage.name in ("save", "diff"))
        raise FilterFaultError(f"{name}: it must be the last filter")
    finish = _finish(vtysh, last, piped.before)
    steps = [step(stage) for stage in stages] + ([step(last)] if finish is None else [])
    command, as_json = _form(vtysh, piped)
    answer = _Answer(vtysh, command)
    try:
        refused, pieces = answer.refusal()
        if refused or answer.status not in _TAKEN:
            if as_json and command != piped.command and answer.status in UNTAKEN:
                answer = _Answer(vtysh, piped.command)
                refused, _ = answer.refusal()
                if not refused:
                    raise FilterFaultError(f"json: `{piped.command}` has no JSON form")
            yield refused
            return answer.status
        flow: Flow = Json(pieces=pieces) if as_json else _lines(vtysh, piped.command, pieces)
        yield from (finish or lines_from)(_through(steps, flow))
        return answer.status if answer.status in _TAKEN else Status.SUCCESS
    finally:
        answer.close()


def _through(steps: list[Step], flow: Flow) -> Flow:
    for each in steps:
        flow = each(flow)
    return flow


def _finish(vtysh: "Vtysh", stage: Stage, before: str) -> Finish | None:
    """What the last filter does with all that comes to it; None if it is one like the others."""
    if stage.name == "save":
        from pyvtysh.pipes.saving import Saving

        saving = Saving(stage.rest)

        def save(flow: Flow) -> Iterator[str]:
            saving.write(lines_from(flow))
            yield f"Saved {saving.lines} lines in {saving.path}\n"

        return save
    if stage.name == "diff":
        from pyvtysh.pipes.earlier import Earlier

        if stage.rest:
            raise FilterFaultError(f"diff: nothing may stand behind it, not '{stage.rest}'")
        if vtysh.seen.earlier is None:
            vtysh.seen.earlier = Earlier()
        earlier = vtysh.seen.earlier
        return lambda flow: earlier.compared(before, "".join(lines_from(flow)))
    return None


def _form(vtysh: "Vtysh", piped: Piped) -> tuple[str, bool]:
    """The command that is run, and whether its answer is JSON for the first filter."""
    names = [stage.name for stage in piped.stages if stage.name != "no-more"]
    if names[:1] != ["json"]:
        return piped.command, False
    found = json_form(vtysh, piped.command)
    return found or piped.command, found is not None


def json_form(vtysh: "Vtysh", command: str) -> str | None:
    """The same command with an answer in JSON; None if it has none.

    Of a command that only daemons of FRR's own know, it is tried.
    """
    if command.split()[-1:] == ["json"]:
        return command
    asked = f"{command} json"
    return asked if not _is_known(vtysh, command) or _is_known(vtysh, asked) else None


def _is_known(vtysh: "Vtysh", command: str) -> bool:
    from pyvtysh import beyond

    found = isinstance(vtysh.find(command)[0], Match)
    return found or beyond.takes(ENABLE, command.removeprefix("do ").split()) is not None


def _lines(vtysh: "Vtysh", command: str, pieces: Iterator[str]) -> Lines:
    def as_json() -> Json | None:
        asked = json_form(vtysh, command)
        if asked is None:
            return None
        refused, found = _Answer(vtysh, asked).refusal()
        return None if refused else Json(pieces=found)

    return Lines(lines_of(pieces), as_json)
