"""The integer keys of flow specification rules: what `Prefix.key` is for prefixes.

A rule has no natural place among others, and FRR lists those that came last first; so a key is a
number that falls with each new rule. The key object carries the rule's bytes, which live as long
as a table, a group or a neighbour's Adj-RIB-In has it.
"""

from collections.abc import Callable
from typing import Final

from bgp.wire.flowspec import split
from grammar.base.values import Afi

SHIFT: Final = 62
"""Keys have so many bits: all rules are in the first shard of a table."""
_SPARE: Final = 1024
"""Rules that are no longer in use and may be remembered beside as many as are."""


class RuleKey(int):
    """A rule in a table; `rule` are its components as they came, without the length."""

    rule: bytes


class RuleKeys:
    """Gives every rule of a table its key. `in_use` tells if a key is in some table still: a rule
    that comes back after it was gone is a new one, and stands first."""

    def __init__(self, afi: Afi, in_use: Callable[[int], bool]) -> None:
        self._afi = afi
        self.in_use = in_use
        self._known: dict[bytes, RuleKey] = {}
        self._next = (1 << SHIFT) - 1

    def read(self, nlri: bytes, addpath: bool = False) -> list[tuple[int, int]]:
        """`(path id, key)` of the rules in a field; raises as `wire.flowspec.split`."""
        found: list[tuple[int, int]] = []
        for path_id, rule in split(nlri, self._afi, addpath):
            found.append((path_id, self._key(rule)))
        if len(self._known) > _SPARE:
            self._prune()
        return found

    def _key(self, rule: bytes) -> RuleKey:
        key = self._known.get(rule)
        if key is None or not self.in_use(key):
            key = self._known[rule] = RuleKey(self._next)
            key.rule = rule
            self._next -= 1
        return key

    def _prune(self) -> None:
        used = {rule: key for rule, key in self._known.items() if self.in_use(key)}
        if 2 * len(used) + _SPARE < len(self._known):
            self._known = used


def rule_of(key: int) -> bytes:
    """The bytes of a rule by its key."""
    assert isinstance(key, RuleKey)
    return key.rule
