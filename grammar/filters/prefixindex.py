"""The first of many rules that speaks of a prefix, found by the prefix's bits and not by a walk."""

from bisect import bisect_right
from collections.abc import Iterable
from typing import Generic, Protocol, TypeVar

from grammar.base.values import Afi, Prefix, spread


class Bounded(Protocol):
    """A rule: a prefix (None: any) and the lengths below it that it speaks of."""

    @property
    def prefix(self) -> Prefix | None:
        """Below which prefix."""
        ...

    @property
    def low(self) -> int:
        """The shortest length."""
        ...

    def high(self, afi: Afi) -> int:
        """The longest length."""
        ...


R = TypeVar("R", bound=Bounded)


class Answers(Generic[R], dict[int, R | None]):
    """The first rule by the length of a prefix, of prefixes whose address is in one network, and in
    none of the rules' that is smaller. An answer is worked out when it is first asked for."""

    __slots__ = ("_around", "_rules")

    def __init__(self, rules: list[tuple[int, int, int, R]], around: "Answers[R] | None") -> None:
        self._rules = rules
        self._around = around

    def __missing__(self, length: int) -> R | None:
        first, found = -1, None
        around: Answers[R] | None = self
        while around is not None:
            for position, low, high, rule in around._rules:
                if 0 <= first < position:
                    break
                if low <= length <= high:
                    first, found = position, rule
                    break
            around = around._around
        self[length] = found
        return found


class PrefixIndex(Generic[R]):
    """Rules of one family in their order, ready to be asked.

    The networks of rules cut the addresses into ranges: `starts` are the smallest keys
    (`Prefix.key`) of each, in order, `answers` what is said there; `mask` cuts the length from a
    key. So the rule for a key is `answers[bisect_right(starts, key) - 1][key & mask]`.
    """

    __slots__ = ("answers", "mask", "starts")

    def __init__(self, rules: Iterable[R], afi: Afi) -> None:
        key_bits, self.mask = (6, 63) if afi is Afi.IPV4 else (8, 255)
        networks = _by_network(rules, afi)
        self.starts = [0]
        self.answers = [Answers(networks.pop((0, 0), []), None)]
        open_ends = [spread(1 << afi.bits) << key_bits]
        around = [self.answers[0]]
        for (value, length), listed in sorted(networks.items(), key=lambda item: item[0]):
            start = spread(value) << key_bits
            end = spread(value + (1 << afi.bits - length)) << key_bits
            self._close(start, open_ends, around)
            answers = Answers(listed, around[-1])
            self._open(start, answers)
            open_ends.append(end)
            around.append(answers)
        self._close(open_ends[0] - 1, open_ends, around)

    def _open(self, start: int, answers: Answers[R]) -> None:
        if self.starts[-1] == start:
            self.answers[-1] = answers
        else:
            self.starts.append(start)
            self.answers.append(answers)

    def _close(self, start: int, open_ends: list[int], around: list[Answers[R]]) -> None:
        while open_ends[-1] <= start:
            around.pop()
            self._open(open_ends.pop(), around[-1])

    def first(self, key: int) -> R | None:
        """The first rule that speaks of the prefix with this key (`Prefix.key`)."""
        return self.answers[bisect_right(self.starts, key) - 1][key & self.mask]


def _by_network(
    rules: Iterable[R], afi: Afi
) -> dict[tuple[int, int], list[tuple[int, int, int, R]]]:
    """(position, shortest length, longest length, rule) by address and length of the network."""
    found: dict[tuple[int, int], list[tuple[int, int, int, R]]] = {}
    for position, rule in enumerate(rules):
        prefix = rule.prefix
        network = (0, 0) if prefix is None else (prefix.value, prefix.length)
        low, high = (0, afi.bits) if prefix is None else (rule.low, rule.high(afi))
        found.setdefault(network, []).append((position, max(low, network[1]), high, rule))
    return found
