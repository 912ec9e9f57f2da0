"""What may come next: Tab candidates and the lines that `?` prints.

The walk is FRR's for completion, which differs from matching in one thing: a word that some token
takes exactly is never also read as an abbreviation.
"""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace

from grammar.language.graph import Entry, Graph, Help, State
from grammar.language.partial import could_become
from grammar.language.tokens import Leaf, Variable, leaves, read
from grammar.language.words import default_help

Values = Callable[[Variable, str], Iterable[str]]
"""Asks the caller for the existing values of a variable that start with a text."""

Counts = Callable[[Entry], bool]
"""Which commands are offered."""

NO_MATCH = "% There is no matched command."
"""What `?` prints when nothing fits."""


@dataclass(frozen=True, slots=True)
class Candidate:
    """One thing that may be typed: the text as `?` shows it, and its help.

    `values` are existing values that the caller knows for a variable; `is_keyword` is False for
    variables and for `<cr>`.
    """

    text: str
    help: str
    is_keyword: bool = True
    values: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Completions:
    """All candidates in FRR's order; `complete` if the line may end before the partial word."""

    candidates: list[Candidate]
    complete: bool

    @property
    def texts(self) -> list[str]:
        """What Tab may put in place of the partial word: keywords and known values."""
        found = [entry.text for entry in self.candidates if entry.is_keyword]
        found += [value for entry in self.candidates for value in entry.values]
        return sorted(set(found))

    @property
    def help_lines(self) -> list[str]:
        """The lines of `?`: `<cr>` first, then by bytes; one sentence when there is nothing."""
        return help_lines(self)


def complete(
    graph: Graph, words: list[str], partial: str, values: Values | None = None
) -> Completions:
    """What may stand where `partial` (maybe empty) is typed behind complete `words`."""
    states = after(graph, words)
    found = _completions(states, partial, values, _of_frr)
    if not (found.candidates or found.complete) and (words or partial):
        found = _completions(states, partial, values, _added)
    return found if words else replace(found, complete=False)


def _completions(
    states: list[State], partial: str, values: Values | None, counts: Counts
) -> Completions:
    found: dict[str, Candidate] = {}
    for state in states:
        for candidate in _offers(state.open(), partial, values, counts):
            found.setdefault(candidate.text, candidate)
    ends = not partial and any(_may_end(state.open(), counts) for state in states)
    return Completions([found[text] for text in sorted(found)], ends)


def _of_frr(entry: Entry) -> bool:
    return not entry.hidden


def _added(entry: Entry) -> bool:
    return entry.added


def after(graph: Graph, words: Iterable[str]) -> list[State]:
    """The places to which words lead, hidden commands included; they may not be open yet."""
    states = [graph.root]
    for word in words:
        states = _after(states, word)
    return states


def help_lines(completions: Completions) -> list[str]:
    """`?` as FRR prints it: two blanks, the word padded to the widest, two blanks, its help."""
    rows = [(entry.text, entry.help, entry.values) for entry in completions.candidates]
    if completions.complete:
        rows.insert(0, ("<cr>", "", ()))
    if not rows:
        return [NO_MATCH]
    width = max(len(text) for text, _, _ in rows)
    lines: list[str] = []
    for text, help_text, values in rows:
        lines.append(f"  {text:<{width}}  {help_text}")
        if values:
            lines.append("     " + "".join(value + " " for value in values))
    return lines


def _after(states: list[State], word: str) -> list[State]:
    exact: list[State] = []
    partial: list[State] = []
    for state in states:
        state.open()
        for text in state.beginning(word):
            (exact if text == word else partial).append(state.keywords[text])
        exact.extend(
            following for variable, following in state.variables if read(variable, word) is not None
        )
    return exact or partial


def _offers(
    state: State, partial: str, values: Values | None, counts: Counts
) -> Iterator[Candidate]:
    for text in state.beginning(partial):
        for entry, leaf in _shown(state.keywords[text], counts):
            yield Candidate(text, help_of(entry, leaf))
    for variable, following in state.variables:
        if partial and not could_become(variable, partial):
            continue
        known: dict[str, dict[str, None]] = {}
        for _, leaf in _shown(following, counts):
            found = values(leaf, partial) if values and isinstance(leaf, Variable) else ()
            known.setdefault(leaf.text, {}).update(dict.fromkeys(found))
        for entry, leaf in _shown(following, counts):
            texts = tuple(known.pop(leaf.text, ()))
            yield Candidate(leaf.text, help_of(entry, leaf), False, texts)


def _shown(state: State, counts: Counts) -> Iterator[tuple[Entry, Leaf]]:
    """The entries that led to a state, one for each spelling and name of the leaf they came by."""
    seen: set[tuple[str, str]] = set()
    for entry, _, leaf, _ in state.items:
        if counts(entry) and (leaf.text, leaf.name) not in seen:
            seen.add((leaf.text, leaf.name))
            yield entry, leaf


def _may_end(state: State, counts: Counts) -> bool:
    return any(counts(state.items[index][0]) for index in state.ends)


def help_of(entry: Entry, leaf: Leaf) -> str:
    """The help of one leaf of a command: its own text, else the shared one for that word."""
    found = None if leaf.index < 0 else _own_help(entry.help, entry, leaf)
    return default_help(leaf.text) if found is None else found


def _own_help(texts: Help, entry: Entry, leaf: Leaf) -> str | None:
    if not isinstance(texts, tuple | list):
        return texts.get(leaf.text) if hasattr(texts, "get") else None
    tokens = leaves(entry.tree)
    offset = tokens[0].index if tokens else 0
    place = leaf.index - (offset if len(texts) <= len(tokens) else 0)
    return texts[place] if 0 <= place < len(texts) else None
