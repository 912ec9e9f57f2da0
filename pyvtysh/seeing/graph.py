"""AS paths as a tree: this router at the root, behind each AS those that are reached through it."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from itertools import groupby

DRAWN = ("├── ", "└── ", "│   ", "    ")
"""What stands ahead of a child, of the last one, and of what is below them."""
PLAIN = ("|-- ", "`-- ", "|   ", "    ")
"""For terminals that have ASCII only."""


@dataclass(slots=True)
class Hop:
    """An AS in the tree, by the way that leads there, and what is known of the paths that end."""

    paths: int = 0
    """How many paths lead here or further."""
    best: int = 0
    """How many of them are chosen."""
    ends: list[str] = field(default_factory=list)
    """What is to be said of each path that ends here."""
    origins: int = 0
    """How many paths end here."""
    further: dict[str, "Hop"] = field(default_factory=dict)

    def add(self, path: Iterable[str], *, best: bool, end: str = "") -> None:
        """One path by its ASes, the nearest first."""
        hop = self
        hop._pass(best=best)
        for name in path:
            hop = hop.further.setdefault(name, Hop())
            hop._pass(best=best)
        hop.origins += 1
        if end:
            hop.ends.append(end)

    def _pass(self, *, best: bool) -> None:
        self.paths += 1
        self.best += best


def hops(path: str) -> list[str]:
    """The hops of an AS path as FRR prints it: sets stay whole, repeated ASes are `65001 x3`."""
    words: list[str] = []
    depth = 0
    for word in path.split():
        if depth:
            words[-1] += f" {word}"
        else:
            words.append(word)
        depth += word.count("{") + word.count("(") - word.count("}") - word.count(")")
    counted = ((name, len(list(group))) for name, group in groupby(words))
    return [name if count == 1 else f"{name} x{count}" for name, count in counted]


def tree(root: Hop, name: str, *, counted: bool, drawn: bool) -> Iterator[str]:
    """The lines of a tree, those through which most paths lead first; `counted`: how many."""
    yield f"{name}{_said(root, counted)}\n"
    child_mark, last_mark, beside, empty = DRAWN if drawn else PLAIN
    stack = [("", _ordered(root))]
    while stack:
        ahead, waiting = stack[-1]
        if not waiting:
            stack.pop()
            continue
        name, child = waiting.pop()
        yield f"{ahead}{child_mark if waiting else last_mark}{name}{_said(child, counted)}\n"
        stack.append((ahead + (beside if waiting else empty), _ordered(child)))


def _ordered(hop: Hop) -> list[tuple[str, Hop]]:
    """The first of all is the last one here."""
    return sorted(hop.further.items(), key=lambda item: (item[1].paths, item[1].best, item[0]))


def _said(hop: Hop, counted: bool) -> str:
    if not counted:
        return "  " * bool(hop.ends) + "; ".join(hop.ends)
    paths = f"{hop.paths} path" + "s" * (hop.paths != 1)
    ends = f", {hop.origins} end{'s' * (hop.origins == 1)} here" if hop.origins else ""
    return f"  {paths} ({hop.best} best){ends}"
