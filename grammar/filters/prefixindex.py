"""The first of many rules that speaks of a prefix, found by the prefix's bits and not by a walk."""

from collections.abc import Iterable
from typing import Generic, Protocol, TypeVar

from grammar.base.values import Afi, Prefix


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


class PrefixIndex(Generic[R]):
    """Rules of one family in their order, ready to be asked.

    An answer costs one look for each length that the rules' prefixes have.
    """

    __slots__ = ("_levels", "_mask")

    def __init__(self, rules: Iterable[R], afi: Afi) -> None:
        key_bits, self._mask = (6, 63) if afi is Afi.IPV4 else (8, 255)
        levels: dict[int, dict[int, list[tuple[int, int, int, R]]]] = {}
        for position, rule in enumerate(rules):
            prefix = rule.prefix
            length, value = (0, 0) if prefix is None else (prefix.length, prefix.value)
            place = value >> (afi.bits - length)
            node = levels.setdefault(length, {}).setdefault(place, [])
            low, high = (0, afi.bits) if prefix is None else (rule.low, rule.high(afi))
            node.append((position, low, high, rule))
        shift = key_bits + afi.bits
        self._levels = [(length, shift - length, levels[length]) for length in sorted(levels)]

    def first(self, key: int) -> R | None:
        """The first rule that speaks of the prefix with this key (`Prefix.key`)."""
        length = key & self._mask
        found: R | None = None
        first = -1
        for level, shift, table in self._levels:
            if level > length:
                break
            for position, low, high, rule in table.get(key >> shift, ()):
                if 0 <= first < position:
                    break
                if low <= length <= high:
                    first, found = position, rule
                    break
        return found
