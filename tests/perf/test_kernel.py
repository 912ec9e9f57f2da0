"""What a change must not break: what routes on their way into the kernel cost, beside FRR."""

import pytest

from tests.perf.kernel import DAEMONS, PHASES, Figures, measure
from tests.perf.pairs import Pairs

pytestmark = pytest.mark.real
SIZE = 10_000


@pytest.fixture(scope="module")
def pairs() -> Pairs[Figures]:
    return Pairs(lambda kind: measure(kind, SIZE))


@pytest.mark.parametrize("phase", PHASES)
def test_a_phase_costs_at_most_twice_as_much_as_with_frr(pairs: Pairs[Figures], phase: str) -> None:
    # Measured 0.7 to 1.6. Clocks of processes tick every 0.01 s, and there are some 20 ticks.
    assert pairs.some(
        lambda ours, theirs: ours.phases[phase].cpu <= 2 * theirs.phases[phase].cpu + 0.03
    ), pairs


def test_all_phases_together_cost_at_most_half_as_much_again_as_with_frr(
    pairs: Pairs[Figures],
) -> None:
    # Measured 0.9 to 1.2, of which what is imported at first use is a tenth.
    def whole(figures: Figures) -> float:
        return sum(phase.cpu for phase in figures.phases.values())

    assert pairs.some(lambda ours, theirs: whole(ours) <= 1.5 * whole(theirs)), pairs


def test_memory_with_few_routes_is_little_more_than_that_of_frr(pairs: Pairs[Figures]) -> None:
    # Of so few the interpreters are most; with 100,000 routes it is half of FRR's.
    assert pairs.some(lambda ours, theirs: ours.peak <= 1.2 * theirs.peak), pairs


@pytest.mark.parametrize("daemon", DAEMONS)
def test_daemons_answer_meanwhile(pairs: Pairs[Figures], daemon: str) -> None:
    assert pairs.some(lambda ours, theirs: ours.wait(daemon) <= 100), pairs
