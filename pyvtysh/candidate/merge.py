"""A candidate's change brought to a running configuration that is another one by now."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from pyvtysh.candidate.draft import Draft
from pyvtysh.candidate.plan import plan
from pyvtysh.candidate.tree import Path, Tree, missing, shown, tree_of, unified

MakeDraft = Callable[[str], Draft]
"""A draft with the configuration of a text."""


@dataclass(frozen=True, slots=True)
class Merged:
    """The configuration with both changes, and a sentence for each line where they meet."""

    text: str
    conflicts: tuple[str, ...] = ()


def merged(make: MakeDraft, base: str, candidate: str, running: str) -> Merged:
    """What the change from `base` to `candidate` makes of `running`; all as a draft prints them.

    The lines of the change are typed into a draft of what runs. Where a line that either side
    brought, or took away, is not as that side left it, they are in conflict; the candidate's wins.
    """
    old, ours, theirs = tree_of(base), tree_of(candidate), tree_of(running)
    if old.keys() == theirs.keys():
        return Merged(candidate)
    draft = make(running)
    reasons: dict[Path, str] = {}
    for typed in plan(make(base), ours).lines:
        before = draft.shell.node.depth
        status, said = draft.take(typed.line)
        if typed.moves and typed.line != "exit" and draft.shell.node.depth == before:
            break
        if status and said:
            reasons[typed.path] = " ".join(said.split()).removeprefix("% ")
    text = draft.text()
    return Merged(text, tuple(_conflicts(old, ours, theirs, tree_of(text), reasons)))


def _conflicts(
    old: Tree, ours: Tree, theirs: Tree, result: Tree, reasons: dict[Path, str]
) -> Iterator[str]:
    for path in missing(old, theirs):
        if path not in result and path not in ours:
            yield f"{shown(path)} came meanwhile, and the candidate takes it away"
    for path in missing(theirs, old):
        if path in result and path in ours:
            yield f"{shown(path)} went meanwhile, and the candidate brings it back"
    for path in missing(old, ours):
        if path not in result:
            why = f" ({reasons[path]})" if path in reasons else ""
            yield f"{shown(path)} of the candidate has no place in what runs now{why}"
    for path in missing(ours, old):
        if path in result:
            yield f"{shown(path)} goes with the candidate, and was made anew meanwhile"


def difference(old: str, new: str) -> str:
    """The difference of two configurations as text."""
    return "".join(f"{line}\n" for line in unified(tree_of(old), tree_of(new)))
