"""The lines to type to get from one configuration to another, found by trying them on a draft.

New lines come first, since most take the place of old ones (a neighbor's timers, an entry of a
list), so that nothing is gone for a moment and no session is touched twice; what is still there and
unwanted is taken back then. A line that drags others along (`no neighbor X remote-as`), or is only
taken when others are there, shows in what the draft prints, and the next round mends it. So what
comes out has been seen to lead there, and what does not lead anywhere is left out.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field

from pyvtysh.candidate.draft import TAKEN, Draft, reason
from pyvtysh.candidate.tree import Path, Tree, missing

_ROUNDS = 6
_FORMS = 3
"""Ways to take a line back that are tried: the whole line, and without its last words."""

_POLICY = (
    *("ip prefix-list", "ipv6 prefix-list", "access-list", "ipv6 access-list", "mac access-list"),
    *("bgp as-path", "bgp community-list", "bgp large-community-list", "bgp extcommunity-list"),
    *("bgp community alias", "route-map"),
)
"""What others refer to, in the order in which it refers to each other: it is there before them, and
goes after them, so that no route is seen without its filter."""

_HOLLOW = ("interface ", "vrf ", "address-family ", "line vty")
"""Blocks whose lines are taken back one by one: the block stays while the kernel has its object."""


@dataclass(frozen=True, slots=True)
class Typed:
    """One line as it is typed, and what it is about: the path that it makes or takes back.

    `moves`: it goes into a block that is there, or out of one.
    """

    line: str
    path: Path
    moves: bool = False


@dataclass(slots=True)
class Plan:
    """The lines to type; those that cannot be had or got rid of, each with the reason."""

    lines: list[Typed] = field(default_factory=list)
    failed: dict[Path, str] = field(default_factory=dict)


def plan(draft: Draft, wanted: Tree) -> Plan:
    """Bring a draft to a configuration; how. The draft has changed afterwards."""
    return _Planner(draft, wanted).run()


def rank(path: Path) -> int:
    """The place of a top line in the order of `_POLICY`."""
    for place, beginning in enumerate(_POLICY):
        if path[0].startswith(beginning):
            return place
    return len(_POLICY)


def opposite(line: str) -> str:
    """What takes a line back."""
    return line.removeprefix("no ") if line.startswith("no ") else f"no {line}"


class _Planner:
    def __init__(self, draft: Draft, wanted: Tree) -> None:
        self.draft = draft
        self.wanted = wanted
        self.done: list[Typed] = []
        self.reasons: dict[Path, str] = {}
        self._inside: Path = ()
        self._tried: dict[Path, int] = {}

    def run(self) -> Plan:
        """Rounds, until the draft is as wanted or nothing helps any more."""
        draft, wanted = self.draft, self.wanted
        draft.go_up()
        now = draft.tree()
        for _ in range(_ROUNDS):
            before = now
            self._add(sorted(missing(now, wanted), key=rank))
            now = draft.tree()
            self._remove(sorted(missing(wanted, now), key=rank, reverse=True), now)
            now = draft.tree()
            if now.keys() == wanted.keys():
                break
            if now.keys() == before.keys() and not self._has_more(now):
                break
        self._leave(())
        left = [*missing(now, wanted), *missing(wanted, now)]
        return Plan(self.done, {path: self.reasons.get(path, _NO_EFFECT) for path in left})

    def _has_more(self, now: Tree) -> bool:
        """Whether some unwanted line has further forms that were not tried."""
        return any(self._tried.get(path, 0) < _FORMS for path in missing(self.wanted, now))

    # Lines

    def _add(self, paths: Iterable[Path]) -> None:
        refused: set[Path] = set()
        for path in paths:
            if any(path[:size] in refused for size in range(1, len(path))):
                refused.add(path)
                continue
            if not self._enter(path[:-1]) or not self._type(path[-1], path):
                refused.add(path)
            elif self._opens(path):
                self._inside = path

    def _remove(self, paths: list[Path], now: Tree) -> None:
        gone: set[Path] = set()
        for path in paths:
            if any(path[:size] in gone for size in range(1, len(path))):
                continue
            hollow = path[-1].startswith(_HOLLOW) and any(
                other[:-1] == path for other in paths if len(other) == len(path) + 1
            )
            if hollow:
                continue
            if self._enter(path[:-1]) and self._type(self._form(path), path):
                gone.add(path)

    def _form(self, path: Path) -> str:
        """How a line is taken back: whole, and shorter with each further attempt."""
        attempt = self._tried[path] = self._tried.get(path, 0) + 1
        words = opposite(path[-1]).split()
        return " ".join(words[: max(len(words) - attempt + 1, 2)])

    # Moving

    def _enter(self, around: Path) -> bool:
        """Go into a block, which is there; False if that is refused."""
        self._leave(around)
        while len(self._inside) < len(around):
            inner = around[: len(self._inside) + 1]
            if not self._type(inner[-1], inner, moves=True):
                return False
            self._inside = inner
        return True

    def _leave(self, around: Path) -> None:
        """Out of the blocks that are not around a line."""
        while self._inside != around[: len(self._inside)]:
            last = self.done[-1] if self.done else None
            if last == Typed(self._inside[-1], self._inside, moves=True):
                self.done.pop()  # there was nothing to do in the block
                self.draft.take("exit")
            else:
                self._type("exit", self._inside[:-1], moves=True)
            self._inside = self._inside[:-1]

    def _opens(self, path: Path) -> bool:
        return self.draft.shell.node.depth > len(path) - 1

    def _type(self, line: str, path: Path, *, moves: bool = False) -> bool:
        status, said = self.draft.take(line)
        if status in TAKEN:
            self.done.append(Typed(line, path, moves))
            return True
        self.reasons[path] = reason(status, said)
        return False


_NO_EFFECT = "the line has no effect"
