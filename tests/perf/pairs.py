"""Runs of ours right behind FRR's: a bound is broken when three pairs break it.

Another process that takes the machine for a moment can spoil one measurement.
"""

from collections.abc import Callable
from typing import Generic, TypeVar

F = TypeVar("F")
PAIRS = 3


class Pairs(Generic[F]):
    """Pairs of runs, made by `measure(kind)` when they are needed, and kept for all tests."""

    def __init__(self, measure: Callable[[str], F]) -> None:
        self._measure = measure
        self._made: list[tuple[F, F]] = []

    def some(self, within: Callable[[F, F], bool]) -> bool:
        """Whether ours and FRR's figures of some pair are within a bound."""
        for number in range(PAIRS):
            if number == len(self._made):
                theirs = self._measure("frr")
                self._made.append((self._measure("ours"), theirs))
            if within(*self._made[number]):
                return True
        return False

    def __repr__(self) -> str:
        return "\n".join(f"ours {ours}\nfrr {theirs}" for ours, theirs in self._made)
