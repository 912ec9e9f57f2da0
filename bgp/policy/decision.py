"""What filters say of many prefixes with the same attributes, worked out once for each way.

Filters mostly look at attributes; what they ask of the prefix itself, or of chance, is a
`Question`. A `Decision` remembers the questions in the order in which they came, as a tree whose
leaves are the outcomes: a prefix of which all answers came before costs these questions only.
"""

from collections.abc import Callable, Sequence
from typing import Generic, TypeVar

Question = Callable[[int], bool]
"""Asks something about the prefix of a table key."""

T = TypeVar("T")


class Asked:
    """The questions of one evaluation; the first ones may have their answers already."""

    __slots__ = ("_at", "_known", "key", "news")

    def __init__(self, key: int, known: Sequence[bool] = ()) -> None:
        self.key = key
        self._known = known
        self._at = 0
        self.news: list[tuple[Question, bool]] = []
        """Questions that were new, with their answers."""

    def ask(self, question: Question) -> bool:
        """The answer for the prefix at hand."""
        at, self._at = self._at, self._at + 1
        if at < len(self._known):
            return self._known[at]
        answer = question(self.key)
        self.news.append((question, answer))
        return answer


class Leaf(Generic[T]):
    """An outcome."""

    __slots__ = ("value",)

    def __init__(self, value: T) -> None:
        self.value = value


class _Branch(Generic[T]):
    __slots__ = ("no", "question", "yes")

    def __init__(self, question: Question) -> None:
        self.question = question
        self.yes: _Branch[T] | Leaf[T] | None = None
        self.no: _Branch[T] | Leaf[T] | None = None

    def grow(self, answer: bool, below: "_Branch[T] | Leaf[T]") -> None:
        if answer:
            self.yes = below
        else:
            self.no = below


class Decision(Generic[T]):
    """The outcomes for one path. It holds as long as lists and maps stay as they are."""

    __slots__ = ("_root",)

    def __init__(self) -> None:
        self._root: _Branch[T] | Leaf[T] | None = None

    @property
    def for_all(self) -> Leaf[T] | None:
        """The outcome if it is the same for all prefixes; None while that is not known."""
        return self._root if isinstance(self._root, Leaf) else None

    def of(self, key: int, evaluate: Callable[[Asked], T]) -> Leaf[T]:
        """The outcome for a prefix; `evaluate` works out one that did not come before."""
        node, last = self._root, None
        known: list[bool] = []
        while type(node) is _Branch:
            answer = node.question(key)
            known.append(answer)
            last = node
            node = node.yes if answer else node.no
        if node is not None:
            return node  # type: ignore[return-value]
        asked = Asked(key, known)
        leaf = Leaf(evaluate(asked))
        below: _Branch[T] | Leaf[T] = leaf
        for question, answer in reversed(asked.news):
            branch: _Branch[T] = _Branch(question)
            branch.grow(answer, below)
            below = branch
        if last is None:
            self._root = below
        else:
            last.grow(known[-1], below)
        return leaf
