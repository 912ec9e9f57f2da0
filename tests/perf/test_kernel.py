"""What a change must not break: what routes on their way into the kernel cost, beside FRR.

Another process that takes the machine for a moment can spoil one measurement: a bound is broken
when three pairs of runs, ours right behind FRR's, break it.
"""

from collections.abc import Callable

import pytest

from tests.perf.kernel import DAEMONS, PHASES, Figures, measure

pytestmark = pytest.mark.real
SIZE = 10_000
PAIRS = 3


class Pairs:
    """Pairs of runs, made when they are needed, and kept for all tests."""

    def __init__(self) -> None:
        self._made: list[tuple[Figures, Figures]] = []

    def some(self, within: Callable[[Figures, Figures], bool]) -> bool:
        """Whether ours and FRR's figures of some pair are within a bound."""
        for number in range(PAIRS):
            if number == len(self._made):
                theirs = measure("frr", SIZE)
                self._made.append((measure("ours", SIZE), theirs))
            if within(*self._made[number]):
                return True
        return False

    def __repr__(self) -> str:
        return "\n".join(f"ours {ours}\nfrr {theirs}" for ours, theirs in self._made)


@pytest.fixture(scope="module")
def pairs() -> Pairs:
    return Pairs()


@pytest.mark.parametrize("phase", PHASES)
def test_a_phase_costs_at_most_twice_as_much_as_with_frr(pairs: Pairs, phase: str) -> None:
    # Measured 0.7 to 1.6. Clocks of processes tick every 0.01 s, and there are some 20 ticks.
    assert pairs.some(
        lambda ours, theirs: ours.phases[phase].cpu <= 2 * theirs.phases[phase].cpu + 0.03
    ), pairs


def test_all_phases_together_cost_at_most_half_as_much_again_as_with_frr(pairs: Pairs) -> None:
    # Measured 0.9 to 1.2, of which what is imported at first use is a tenth.
    def whole(figures: Figures) -> float:
        return sum(phase.cpu for phase in figures.phases.values())

    assert pairs.some(lambda ours, theirs: whole(ours) <= 1.5 * whole(theirs)), pairs


def test_memory_with_few_routes_is_little_more_than_that_of_frr(pairs: Pairs) -> None:
    # Of so few the interpreters are most; with 100,000 routes it is half of FRR's.
    assert pairs.some(lambda ours, theirs: ours.peak <= 1.2 * theirs.peak), pairs


@pytest.mark.parametrize("daemon", DAEMONS)
def test_daemons_answer_meanwhile(pairs: Pairs, daemon: str) -> None:
    assert pairs.some(lambda ours, theirs: ours.wait(daemon) <= 100), pairs
