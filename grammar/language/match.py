"""Words to a command and its values, by FRR's rules for abbreviation and ambiguity.

Every way to read the whole line is compared word by word from the left. At each word a typed
variable (address, prefix, number) comes before a keyword, a keyword before a WORD, and a keyword
typed in full before an abbreviated one. Two ways that compare equal make the line ambiguous. As in
FRR a keyword typed in full does not exclude others when only they lead to a command: `ip route
10.0.0.0`, a word short, is `ip router-id 10.0.0.0`.
"""

import re
from dataclasses import dataclass

from grammar.language.graph import Graph, State
from grammar.language.tokens import Keyword, Kind, Leaf, Variable, read


@dataclass(frozen=True, slots=True)
class Match:
    """A command takes the line; `values` by the names of its leaves (absent: not typed)."""

    command: object
    values: dict[str, object]
    negated: bool


@dataclass(frozen=True, slots=True)
class Ambiguous:
    """The line can be read in several equally good ways; they part at word `index`."""

    index: int


@dataclass(frozen=True, slots=True)
class Incomplete:
    """The line is the beginning of a command."""


@dataclass(frozen=True, slots=True)
class Unknown:
    """No command takes the line; word `index` is the first that none takes."""

    index: int


Result = Match | Ambiguous | Incomplete | Unknown

Path = tuple[State, ...]
"""The states visited, one for each word typed, after the root."""

_WORD = re.compile(r"\S+")

MOST_WORDS = 255
"""Words of a line; FRR knows no line that has more."""


def split_words(line: str) -> list[str]:
    """The words of a line; blanks and tabs part them, quotes mean nothing (as in FRR)."""
    return line.split()


def word_columns(line: str) -> list[int]:
    """The column, from 0, at which each word of the line starts."""
    return [found.start() for found in _WORD.finditer(line)]


def match(graph: Graph, words: list[str]) -> Result:
    """Find the command that takes all words."""
    if len(words) > MOST_WORDS:
        return Unknown(MOST_WORDS)
    search = _Search(words)
    root = graph.root
    paths = search.best([(root, ())], 0)
    if not paths:
        return Incomplete() if search.incomplete else Unknown(search.reached)
    if len(paths) > 1:
        return Ambiguous(_parting(paths[0], paths[1]))
    return _bind(paths[0], words)


class _Search:
    """Depth first through the classes of readings, best class first; ties walk on together."""

    def __init__(self, words: list[str]) -> None:
        self.words = words
        self.reached = 0
        self.incomplete = False

    def best(self, places: list[tuple[State, Path]], index: int) -> list[Path]:
        """The best complete readings that start with one of `places`; several if they tie."""
        while index < len(self.words):
            self.reached = max(self.reached, index)
            classes: tuple[list[tuple[State, Path]], ...] = ([], [], [], [])
            for state, path in places:
                _step(state.open(), path, self.words[index], classes)
            index += 1
            *better, places = [found for found in classes if found] or [[]]
            for candidates in better:
                if found := self.best(candidates, index):
                    return found
            if not places:
                return []
        self.reached = max(self.reached, index)
        complete = [path for state, path in places if state.open().ends and path]
        self.incomplete |= not complete
        return complete


def _step(
    state: State, path: Path, word: str, classes: tuple[list[tuple[State, Path]], ...]
) -> None:
    """Sort the edges that take `word` by precedence: typed, exact keyword, abbreviation, WORD."""
    typed, exact, partial, free = classes
    for variable, following in state.variables:
        if variable.kind in (Kind.WORD, Kind.REST):
            free.append((following, (*path, following)))
        elif read(variable, word) is not None:
            typed.append((following, (*path, following)))
    for text in state.beginning(word):
        following = state.keywords[text]
        (exact if text == word else partial).append((following, (*path, following)))


def _parting(one: Path, other: Path) -> int:
    for index, (left, right) in enumerate(zip(one, other, strict=True)):
        if left is not right:
            return index
    return len(one) - 1


def trace(path: Path, item: int) -> list[Leaf]:
    """The leaf that took each word, for an item of the last state of a path."""
    found: list[Leaf] = []
    for index in range(len(path) - 1, -1, -1):
        _, _, leaf, before = path[index].items[item]
        found.append(leaf)
        if index and path[index - 1] is not path[index]:
            item = before
    return found[::-1]


def _bind(path: Path, words: list[str]) -> Match:
    item = path[-1].ends[0]
    entry = path[-1].items[item][0]
    values: dict[str, object] = {}
    for leaf, word in zip(trace(path, item), words, strict=True):
        if isinstance(leaf, Keyword):
            if leaf.named:
                values[leaf.name] = leaf.text
        elif leaf.repeat:
            _append(values, leaf, word)
        else:
            values[leaf.name] = read(leaf, word)
    return Match(entry.command, values, entry.negated)


def _append(values: dict[str, object], leaf: Variable, word: str) -> None:
    before = values.get(leaf.name)
    if leaf.kind is Kind.REST:
        values[leaf.name] = f"{before} {word}" if isinstance(before, str) else word
    else:
        values[leaf.name] = (*(before if isinstance(before, tuple) else ()), read(leaf, word))
