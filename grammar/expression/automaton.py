"""Searching with expressions in time that grows with the length of the text only.

An expression that may be tried in many ways at one place (several repetitions or alternatives) is
run as an automaton whose states are made as they are met (Thompson's construction); a simple one
by Python's `re`, which is faster and cannot be slow with so little to try, and one in between if
the text is short.
"""

import re
from collections.abc import Callable
from functools import lru_cache
from itertools import zip_longest
from typing import Final, Protocol

from grammar.expression.syntax import (
    WORD,
    Chars,
    Either,
    ExpressionError,
    Place,
    Repeat,
    Sequence,
    Tree,
)
from grammar.expression.syntax import parse as _parse

MOST_STEPS: Final = 4096
"""Steps of a program; an expression that would need more, by its repeats, is refused."""
MOST_STATES: Final = 512
"""States that are kept; beyond them all are forgotten and made again as they are met."""

SHORT: Final = 128
"""Characters of a text that a search may try in two ways without taking long."""

_ACCEPTED: Final = -1
_OUTSIDE: Final = ""
"""What stands before the first character and behind the last one."""


class Search(Protocol):
    """An expression that is ready to be searched for."""

    def found(self, text: str) -> bool:
        """True if the expression matches somewhere in the text."""
        ...


@lru_cache(maxsize=1 << 15)
def expression(text: str, *, edges: bool = True) -> Search:
    """A POSIX extended expression; with `edges` `_` is FRR's. `ExpressionError` if it is none."""
    tree = _parse(text, edges=edges)
    ways = _ways(tree)
    if ways <= 1:
        return _Simple(tree)
    return _Short(tree) if ways == 2 else Automaton(tree)


def searching(text: str) -> Callable[[str], object]:
    """What is true of texts that an expression with FRR's `_` is found in, for many questions."""
    search = expression(text)
    return search.search if isinstance(search, _Simple) else search.found


def _ways(tree: Tree) -> int:
    """How many parts of a tree let a search try again."""
    match tree:
        case Sequence(parts):
            return sum(
                0 if _ends_by(part, after) else _ways(part)
                for part, after in zip_longest(parts, parts[1:])
            )
        case Either(choices):
            # `_` is one as well: of its choices only one can be right at a place.
            places = sum(isinstance(choice, Place) for choice in choices)
            return sum(map(_ways, choices)) + int(len(choices) - places > 1)
        case Repeat(inner, _, most):
            return 2 * _ways(inner) + (1 if most is None or most == 1 else 2)
    return 0


def _ends_by(part: Tree, after: Tree | None) -> bool:
    """True for repeated characters that end only where what follows begins: giving some of them
    back, which `re` tries, is of no use at once."""
    if not isinstance(part, Repeat) or not isinstance(part.inner, Chars) or after is None:
        return False
    return all(
        choice is Place.END
        or choice is Place.START
        or (isinstance(choice, Chars) and _apart(part.inner, choice))
        for choice in (after.choices if isinstance(after, Either) else (after,))
    )


def _apart(one: Chars, other: Chars) -> bool:
    if one.negated and other.negated:
        return False
    if one.negated:
        return other.among <= one.among
    return one.among <= other.among if other.negated else not one.among & other.among


class _Simple:
    def __init__(self, tree: Tree) -> None:
        self.search = re.compile(_written(tree), re.ASCII | re.DOTALL).search

    def found(self, text: str) -> bool:
        return self.search(text) is not None


class _Short:
    # With two ways `re` tries no more than some 300,000 steps in so short a text, and mostly about
    # as many as it has characters: a tenth of what the automaton takes.
    def __init__(self, tree: Tree) -> None:
        self._search = re.compile(_written(tree), re.ASCII | re.DOTALL).search
        self._tree = tree
        self._automaton: Automaton | None = None

    def found(self, text: str) -> bool:
        if len(text) <= SHORT:
            return self._search(text) is not None
        if self._automaton is None:
            self._automaton = Automaton(self._tree)
        return self._automaton.found(text)


_PLACES: Final = {
    Place.START: r"\A",
    Place.END: r"\Z",
    Place.WORD_EDGE: r"\b",
    Place.NO_WORD_EDGE: r"\B",
    Place.WORD_START: r"\b(?=\w)",
    Place.WORD_END: r"\b(?<=\w)",
}


def _written(tree: Tree) -> str:
    match tree:
        case Chars(among, negated):
            inside = "".join(map(re.escape, sorted(among)))
            return (f"[^{inside}]" if negated else f"[{inside}]") if inside else "."
        case Place():
            return _PLACES[tree]
        case Sequence(parts):
            return "".join(map(_written, parts))
        case Either(choices):
            return f"(?:{'|'.join(map(_written, choices))})"
        case Repeat(inner, least, most):
            return f"(?:{_written(inner)}){{{least},{'' if most is None else most}}}"


Step = Chars | Place | tuple[int, ...] | None
"""A character to read, a place to be at, the steps to go on with (all of them); None: found."""


class Automaton:
    """An expression as a program of steps, and the states that searches met.

    A state is the set of steps that a search may be at and the character before; all starts are
    followed at the same time, so each character of a text is looked at once.
    """

    def __init__(self, tree: Tree) -> None:
        self._steps: list[Step] = []
        self._emit(tree)
        self._steps.append(None)
        self._forget()

    def found(self, text: str) -> bool:
        """True if the expression matches somewhere in the text."""
        following = self._following
        state = 0
        for character in text:
            known = following[state].get(character)
            if known is None:
                known = self._advance(state, character)
                following = self._following
            if known == _ACCEPTED:
                return True
            state = known
        return None in self._reached(state, _OUTSIDE)

    # --- states ----------------------------------------------------------------------------------

    def _forget(self) -> None:
        self._numbers: dict[tuple[frozenset[int], str], int] = {}
        self._states: list[tuple[frozenset[int], str]] = []
        self._following: list[dict[str, int]] = []
        self._number((frozenset({0}), _OUTSIDE))

    def _number(self, state: tuple[frozenset[int], str]) -> int:
        number = self._numbers.get(state)
        if number is None:
            number = self._numbers[state] = len(self._states)
            self._states.append(state)
            self._following.append({})
        return number

    def _advance(self, number: int, character: str) -> int:
        targets = {0}
        for at in self._reached(number, character):
            if at is None:
                self._following[number][character] = _ACCEPTED
                return _ACCEPTED
            step = self._steps[at]
            if isinstance(step, Chars) and step.has(character):
                targets.add(at + 1)
        # What matters of the character before is whether it belongs to a word.
        before = "a" if character in WORD else " "
        following = (frozenset(targets), before)
        if len(self._states) >= MOST_STATES and following not in self._numbers:
            self._forget()
            return self._number(following)
        new = self._number(following)
        self._following[number][character] = new
        return new

    def _reached(self, number: int, after: str) -> set[int | None]:
        """The steps that read a character there, and None if the end of the program is reached."""
        kernel, before = self._states[number]
        seen, found = set(kernel), set[int | None]()
        targets: tuple[int, ...]
        waiting = list(kernel)
        while waiting:
            at = waiting.pop()
            match self._steps[at]:
                case None:
                    found.add(None)
                    continue
                case Chars():
                    found.add(at)
                    continue
                case Place() as place:
                    targets = (at + 1,) if _is_at(place, before, after) else ()
                case fork:
                    targets = fork
            waiting += [one for one in targets if one not in seen]
            seen.update(targets)
        return found

    # --- the program -----------------------------------------------------------------------------

    def _add(self, step: Step) -> int:
        if len(self._steps) >= MOST_STEPS:
            raise ExpressionError("Expression is too large")
        self._steps.append(step)
        return len(self._steps) - 1

    def _emit(self, tree: Tree) -> None:
        match tree:
            case Chars() | Place():
                self._add(tree)
            case Sequence(parts):
                for part in parts:
                    self._emit(part)
            case Either(choices):
                self._emit_either(choices)
            case Repeat(inner, least, most):
                self._emit_repeat(inner, least, most)

    def _emit_either(self, choices: tuple[Tree, ...]) -> None:
        fork = self._add(())
        starts, ends = [], []
        for choice in choices:
            starts.append(len(self._steps))
            self._emit(choice)
            ends.append(self._add(()))
        self._steps[fork] = tuple(starts)
        for end in ends:
            self._steps[end] = (len(self._steps),)

    def _emit_repeat(self, inner: Tree, least: int, most: int | None) -> None:
        for _ in range(least):
            self._emit(inner)
        if most is None:
            fork = self._add(())
            self._emit(inner)
            self._add((fork,))
            self._steps[fork] = (fork + 1, len(self._steps))
            return
        forks = []
        for _ in range(most - least):
            forks.append(self._add(()))
            self._emit(inner)
        for fork in forks:
            self._steps[fork] = (fork + 1, len(self._steps))


def _is_at(place: Place, before: str, after: str) -> bool:
    match place:
        case Place.START:
            return before == _OUTSIDE
        case Place.END:
            return after == _OUTSIDE
    was, will = before in WORD, after in WORD
    match place:
        case Place.WORD_START:
            return will and not was
        case Place.WORD_END:
            return was and not will
        case Place.WORD_EDGE:
            return was is not will
    return was is will
