"""The lines of a plan typed into the real daemons; all of them, or none."""

import signal
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass

from grammar.base.errors import Status
from pyvtysh.candidate.draft import TAKEN, reason
from pyvtysh.candidate.merge import MakeDraft
from pyvtysh.candidate.plan import Typed, plan
from pyvtysh.candidate.tree import Tree, missing, shown, tree_of
from pyvtysh.dispatch import Vtysh, collect
from pyvtysh.running import running_config

_FEW = 100
"""Lines that are typed one by one. More take effect together, as a file does: FRR's daemons need
time for each line that grows with their configuration."""


class ApplyError(Exception):
    """A configuration could not be put in force; the lines of text say why, and what is left."""


@dataclass(frozen=True, slots=True)
class Doubt:
    """A line that was taken with words of warning."""

    typed: Typed
    said: str


def running_text(vtysh: Vtysh) -> str:
    """The configuration in force; ApplyError when a daemon went away over it."""
    names = set(vtysh.links)
    text = running_config(vtysh, header=False)
    if gone := names - set(vtysh.links):
        raise ApplyError(f"% {', '.join(sorted(gone))}: no answer")
    return text


def put_in_force(vtysh: Vtysh, make: MakeDraft, running: str, wanted: Tree) -> list[str]:
    """Lead the daemons from what runs to the wanted configuration; sentences on what to look at.

    ApplyError when that cannot be: everything is as it was then, or the text says what is not.
    """
    steps = plan(make(running), wanted)
    if steps.failed:
        raise ApplyError("".join(_impossible(steps.failed, wanted)))
    try:
        doubts = _type_all(vtysh, steps.lines)
        return list(_left(_reached(vtysh, make, wanted), wanted, doubts))
    except ApplyError as error:
        back = _undo(vtysh, make, running)
        raise ApplyError(f"{error}\n{back}") from None
    except KeyboardInterrupt:
        vtysh.reconnect(anew=True)  # they may be in the midst of an answer
        with _uninterrupted():
            back = _undo(vtysh, make, running)
        raise ApplyError(f"% Interrupted\n{back}") from None
    except Exception:  # what a program's shell raises for a daemon that is gone
        _undo(vtysh, make, running)
        raise


def _reached(vtysh: Vtysh, make: MakeDraft, wanted: Tree) -> Tree:
    """What runs now; as a draft prints it where the daemons print it otherwise."""
    text = running_text(vtysh)
    now = tree_of(text)
    return now if now.keys() == wanted.keys() else make(text).tree()


@contextmanager
def _uninterrupted() -> Iterator[None]:
    """Ctrl-C waits for the end, where it can be told to."""
    try:
        former = signal.signal(signal.SIGINT, signal.SIG_IGN)
    except ValueError:  # not the main thread, which alone is interrupted
        yield
        return
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, former)


def _impossible(failed: dict[tuple[str, ...], str], wanted: Tree) -> Iterator[str]:
    yield "% Nothing was changed: no lines lead to this configuration\n"
    for path, why in failed.items():
        yield f"%   {shown(path)} {'is refused' if path in wanted else 'stays'}: {why}\n"


def _type_all(vtysh: Vtysh, lines: Sequence[Typed]) -> list[Doubt]:
    """Type lines from the config node on; ApplyError at the first that a daemon refuses."""
    names = set(vtysh.links)
    doubts = []
    with _configuring(vtysh, together=len(lines) > _FEW):
        for typed in lines:
            text, status = collect(vtysh.execute(typed.line))
            if gone := names - set(vtysh.links):
                who = ", ".join(sorted(gone))
                raise ApplyError(f"% {who} went away at {shown(typed.path)}")
            if status not in TAKEN:
                why = reason(status, text)
                raise ApplyError(f"% {vtysh.asked} refuses {_where(typed)}: {why}")
            if text or status == Status.WARNING:
                doubts.append(Doubt(typed, " ".join(text.split()).removeprefix("% ")))
    return doubts


@contextmanager
def _configuring(vtysh: Vtysh, *, together: bool) -> Iterator[None]:
    """All daemons in their config node; the lines take effect `together` at the end, or each.

    ApplyError when a daemon fails at the end.
    """
    collect(vtysh.execute("configure terminal"))
    if together:
        collect(vtysh.ask_all("XFRR_start_configuration"))
    try:
        yield
    finally:
        said = collect(vtysh.ask_all("XFRR_end_configuration"))[0] if together else ""
        collect(vtysh.execute("end"))
    if said.startswith("%"):
        raise ApplyError("% refused: " + " ".join(said.split()).removeprefix("% "))


def _where(typed: Typed) -> str:
    """The line as it was typed, and the block."""
    return shown((*typed.path[:-1], typed.line))


def _left(now: Tree, wanted: Tree, doubts: list[Doubt]) -> Iterator[str]:
    """What is not as wanted although every line was taken; ApplyError if a daemon said why."""
    left = [*missing(now, wanted), *missing(wanted, now)]
    for doubt in doubts:
        if doubt.typed.path in left:
            why = doubt.said or "only with a warning, of which nothing is said"
            raise ApplyError(f"% not taken: {_where(doubt.typed)}: {why}")
        if doubt.said:
            yield f"{_where(doubt.typed)}: {doubt.said}"
    for path in left:
        yield f"{shown(path)} is {'not shown' if path in wanted else 'still shown'} as running"


def _undo(vtysh: Vtysh, make: MakeDraft, running: str) -> str:
    """Lead the daemons back as far as they go along; what to say of it."""
    away = vtysh.reconnect()
    gone = f"\n% {', '.join(sorted(away))} cannot be asked what was left there" if away else ""
    if not vtysh.links:
        return f"% No daemon is left to be put back{gone}"
    former = make(running).tree()
    try:
        now = running_text(vtysh)
        lines = plan(make(now), former).lines
        with _configuring(vtysh, together=len(lines) > _FEW):
            for typed in lines:
                collect(vtysh.execute(typed.line))
        reached = make(running_text(vtysh)).tree()
    except ApplyError as error:
        return f"{error}\n% It is not known what was undone{gone}"
    left = [*missing(reached, former), *missing(former, reached)]
    if not left:
        return f"% All {'other ' if away else ''}daemons are as they were{gone}"
    rows = (f"%   {shown(path)} {'is missing' if path in former else 'is left'}" for path in left)
    return "\n".join(["% Not all could be undone:", *rows]) + gone
