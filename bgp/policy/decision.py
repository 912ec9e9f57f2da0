"""What filters say of many prefixes with the same attributes, worked out once for each way.

Filters mostly look at attributes; what they ask of the prefix itself, or of chance, is a
`Question`. A `Decision` remembers the questions in the order in which they came, as a tree whose
leaves are the outcomes: prefixes of which all answers came before cost these questions only.
"""

from collections.abc import Callable, Sequence
from typing import Generic, Protocol, TypeVar

T = TypeVar("T")


class Question(Protocol):
    """Asks something about the prefix of a table key; asking may count."""

    def permits_key(self, key: int) -> bool:
        """The answer for one prefix."""
        ...

    def divide(self, keys: list[int]) -> tuple[list[int], list[int]]:
        """Those of which it is true, and the others, in their order; each is asked about once."""
        ...


class Each:
    """A question that is asked about one prefix after the other."""

    __slots__ = ("permits_key",)

    def __init__(self, permits_key: Callable[[int], bool]) -> None:
        self.permits_key = permits_key

    def divide(self, keys: list[int]) -> tuple[list[int], list[int]]:
        """As in `Question`."""
        passed: list[int] = []
        refused: list[int] = []
        for key in keys:
            (passed if self.permits_key(key) else refused).append(key)
        return passed, refused


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
        answer = question.permits_key(self.key)
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

    def below(self, answer: bool) -> "_Branch[T] | Leaf[T] | None":
        return self.yes if answer else self.no


class _Trail(Generic[T]):
    """The last answer on the way to some place of a tree, and those before."""

    __slots__ = ("answer", "before", "branch")

    def __init__(self, branch: _Branch[T], answer: bool, before: "_Trail[T] | None") -> None:
        self.branch = branch
        self.answer = answer
        self.before = before

    def answers(self) -> list[bool]:
        found: list[bool] = []
        trail: _Trail[T] | None = self
        while trail is not None:
            found.append(trail.answer)
            trail = trail.before
        return found[::-1]


class Decision(Generic[T]):
    """The outcomes for one path. It holds as long as lists and maps stay as they are."""

    __slots__ = ("_root",)

    def __init__(self) -> None:
        self._root: _Branch[T] | Leaf[T] | None = None

    @classmethod
    def begun(cls, asked: Asked, value: T) -> "Decision[T]":
        """One that knows the outcome of a first evaluation."""
        made = cls()
        made._root = _chain(asked, Leaf(value))
        return made

    @property
    def for_all(self) -> Leaf[T] | None:
        """The outcome if it is the same for all prefixes; None while that is not known."""
        return self._root if isinstance(self._root, Leaf) else None

    def of(self, key: int, evaluate: Callable[[Asked], T]) -> Leaf[T]:
        """The outcome for a prefix; `evaluate` works out one that did not come before."""
        node, last = self._root, None
        known: list[bool] = []
        while type(node) is _Branch:
            answer = node.question.permits_key(key)
            known.append(answer)
            last = node
            node = node.yes if answer else node.no
        if node is not None:
            return node  # type: ignore[return-value]
        return self._grown(last, known, key, evaluate)

    def divide(self, keys: list[int], evaluate: Callable[[Asked], T]) -> list[tuple[T, list[int]]]:
        """The outcomes for some prefixes with those that have them, in the order of the first ones.

        Each prefix is asked each question on its way once, as by `of`.
        """
        root = self._root
        if type(root) is Leaf:
            return [(root.value, keys)]
        found: dict[Leaf[T], list[int]] = {}
        waiting: list[tuple[_Trail[T] | None, list[int]]] = [(None, keys)]
        while waiting:
            trail, some = waiting.pop()
            node = self._root if trail is None else trail.branch.below(trail.answer)
            if node is None:
                # The first one makes the way for the others.
                known = [] if trail is None else trail.answers()
                last = None if trail is None else trail.branch
                found[self._grown(last, known, some[0], evaluate)] = some[:1]
                if len(some) > 1:
                    waiting.append((trail, some[1:]))
            elif type(node) is _Branch:
                passed, refused = node.question.divide(some)
                for answer, part in ((False, refused), (True, passed)):
                    if part:
                        waiting.append((_Trail(node, answer, trail), part))
            else:
                found.setdefault(node, []).extend(some)  # type: ignore[arg-type]
        if len(found) == 1:
            return [(leaf.value, keys) for leaf in found]
        places = {key: place for place, key in enumerate(keys)}
        ordered = sorted(found.items(), key=lambda item: places[item[1][0]])
        return [(leaf.value, some) for leaf, some in ordered]

    def _grown(
        self,
        last: _Branch[T] | None,
        known: list[bool],
        key: int,
        evaluate: Callable[[Asked], T],
    ) -> Leaf[T]:
        asked = Asked(key, known)
        leaf = Leaf(evaluate(asked))
        below = _chain(asked, leaf)
        if last is None:
            self._root = below
        else:
            last.grow(known[-1], below)
        return leaf


def _chain(asked: Asked, leaf: Leaf[T]) -> _Branch[T] | Leaf[T]:
    below: _Branch[T] | Leaf[T] = leaf
    for question, answer in reversed(asked.news):
        branch: _Branch[T] = _Branch(question)
        branch.grow(answer, below)
        below = branch
    return below
