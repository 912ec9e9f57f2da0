"""The merged token graph of one node of the command language.

The graph is a tree of states, each reached by one sequence of labels. A state holds the commands
still possible there as items; its edges are made when it is first visited, so that a command that
nobody types costs one small record. Equal leaves at the same place share an edge, however many
commands they come from (500 commands that start with `show` are one edge).
"""

import re
from bisect import bisect_left
from collections.abc import Mapping
from collections.abc import Sequence as Row
from dataclasses import dataclass, field
from functools import cache

from grammar.language.notation import compile_notation
from grammar.language.tokens import (
    AnyOrder,
    Choice,
    Keyword,
    Label,
    Leaf,
    Optional,
    Sequence,
    Token,
    Variable,
)

Help = Mapping[str, str] | Row[str]
"""Help by the text that `?` shows, or in the order of the notation's leaves."""

_FIRST = re.compile(r"(?:\[no\] )?([a-z][-+_a-zA-Z0-9]*)(?: |\Z)")
_NO = Keyword("no", "no", False, -1)


@dataclass(frozen=True, slots=True, eq=False)
class Entry:
    """One form of one command: `command` is the caller's object, `negated` the form with `no`."""

    command: object
    source: Sequence | str
    help: Help
    negated: bool
    hidden: bool
    added: bool = False

    @property
    def tree(self) -> Sequence:
        """The token tree without the `no` or `[no]` that it may start with."""
        whole = compile_notation(self.source) if isinstance(self.source, str) else self.source
        return Sequence(whole.items[1:]) if _starts_with_no(whole) else whole


@dataclass(frozen=True, slots=True)
class _Later:
    """The tokens behind the first word of an entry whose tree is not needed yet."""

    entry: Entry
    skip: int


Rest = tuple["Token | _Later", "Rest"] | None
"""What is still to be typed: a token and what follows it; None at the end."""

Item = tuple[Entry, Rest, Leaf, int]
"""A command in a state: what remains, the leaf just taken, its item in the state before."""


def _starts_with_no(tree: Sequence) -> bool:
    first = tree.items[0]
    token = first.item if isinstance(first, Optional) else first
    return isinstance(token, Keyword) and token.text == "no"


def _chain(items: tuple[Token, ...], rest: Rest) -> Rest:
    for item in reversed(items):
        rest = (item, rest)
    return rest


def _first(rest: Rest, negated: bool, found: list[tuple[Leaf, Rest]]) -> bool:
    """Add the leaves that may come next, with what follows each; True if the end may come too."""
    while rest is not None:
        element, after = rest
        if isinstance(element, Keyword | Variable):
            found.append((element, after))
            return False
        if isinstance(element, Choice | AnyOrder):
            return _first_of(element, after, negated, found)
        if isinstance(element, Sequence):
            rest = _chain(element.items, after)
        elif isinstance(element, _Later):
            rest = _chain(element.entry.tree.items[element.skip :], after)
        elif isinstance(element, Optional) or negated:
            _first((element.item, after), negated, found)
            rest = after
        else:
            rest = (element.item, after)
    return True


def _first_of(
    element: Choice | AnyOrder, after: Rest, negated: bool, found: list[tuple[Leaf, Rest]]
) -> bool:
    end = False
    for position, item in enumerate(element.items):
        following = after
        if isinstance(element, AnyOrder) and len(element.items) > 1:
            others = element.items[:position] + element.items[position + 1 :]
            following = (Optional(AnyOrder(others)), after)
        end |= _first((item, following), negated, found)
    return end


@dataclass(slots=True, eq=False)
class State:
    """One place in the tree of labels; the fields are filled by `Graph` at the first visit."""

    items: list[Item]
    repeated: Label | None = None
    keywords: dict[str, "State"] = field(default_factory=dict)
    words: list[str] = field(default_factory=list)
    added: list[str] = field(default_factory=list)
    variables: list[tuple[Variable, "State"]] = field(default_factory=list)
    ends: list[int] = field(default_factory=list)
    is_open: bool = False

    def open(self) -> "State":
        """Make the edges out of this state, once."""
        if self.is_open:
            return self
        self.is_open = True
        edges: dict[Label, list[Item]] = {}
        for index, (entry, rest, _, _) in enumerate(self.items):
            found: list[tuple[Leaf, Rest]] = []
            if _first(rest, entry.negated, found):
                self.ends.append(index)
            for leaf, after in found:
                label = leaf.text if isinstance(leaf, Keyword) else leaf.label
                edges.setdefault(label, []).append((entry, after, leaf, index))
        self._link(edges)
        return self

    def _link(self, edges: dict[Label, list[Item]]) -> None:
        if self.repeated is not None:
            leaf = self.items[0][2]
            if isinstance(leaf, Variable):
                self.variables.append((leaf, self))
        for label, items in edges.items():
            if isinstance(label, str):
                self.keywords[label] = State(items)
            else:
                leaf = items[0][2]
                if isinstance(leaf, Variable):
                    following = State(items, label if leaf.repeat else None)
                    self.variables.append((leaf, following))
        for text in sorted(self.keywords):
            added = all(entry.added for entry, *_ in self.keywords[text].items)
            (self.added if added else self.words).append(text)

    def beginning(self, prefix: str) -> list[str]:
        """The keywords that start with `prefix`, sorted.

        An abbreviation of what is FRR's is never one of what is `added`.
        """
        start = bisect_left(self.words, prefix)
        end = start
        while end < len(self.words) and self.words[end].startswith(prefix):
            end += 1
        found = self.words[start:end]
        if not self.added:
            return found
        if found:
            return [*found, prefix] if prefix in self.added else found
        return [text for text in self.added if text.startswith(prefix)]


class Graph:
    """All commands of a node. Adding is cheap; the states are built as lines are matched."""

    def __init__(self) -> None:
        self._starts: list[tuple[Entry, Rest]] = []
        self._root: State | None = None

    def add(
        self,
        command: object,
        tree: Sequence | str,
        help: Help = (),
        *,
        negatable: bool = False,
        hidden: bool = False,
        added: bool = False,
    ) -> None:
        """Add a command, which the results of matching name again.

        `tree` may be the notation itself; it is then compiled when a line needs it. A notation
        that starts with `[no]` is `negatable` anyway, one that starts with `no` has that form
        only. `hidden` commands match but are not offered by Tab and `?`; those that are `added` to
        FRR's are, where nothing of FRR's is. Of two commands that take the same words, the first
        one wins.
        """
        negative_only = False
        if isinstance(tree, str):
            negatable |= tree.startswith("[no] ")
            negative_only = tree.startswith("no ")
        elif _starts_with_no(tree):
            negative_only = isinstance(tree.items[0], Keyword)
            negatable |= not negative_only
        if not negative_only:
            self._positive(Entry(command, tree, help, False, hidden, added))
        if negatable or negative_only:
            entry = Entry(command, tree, help, True, hidden, added)
            self._starts.append((entry, (_NO, (_Later(entry, 0), None))))
        self._root = None

    def _positive(self, entry: Entry) -> None:
        first = _FIRST.match(entry.source) if isinstance(entry.source, str) else None
        rest: Rest = (_Later(entry, 0), None)
        if first is not None:
            keyword = _keyword(first[1], 1 if first[0].startswith("[") else 0)
            rest = (keyword, (_Later(entry, 1), None))
        self._starts.append((entry, rest))

    @property
    def root(self) -> State:
        """The state before the first word."""
        if self._root is None:
            self._root = State([(entry, rest, _NO, 0) for entry, rest in self._starts])
        return self._root.open()


@cache
def _keyword(text: str, index: int) -> Keyword:
    return Keyword(text, text.replace("-", "_"), False, index)
