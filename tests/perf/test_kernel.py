"""What a change must not break: what routes on their way into the kernel cost, beside FRR."""

import pytest

from tests.perf.kernel import DAEMONS, PHASES, Figures, measure
from tests.perf.pairs import Pairs

pytestmark = pytest.mark.real
SIZE = 10_000


@pytest.fixture(scope="module")
def pairs() -> Pairs[Figures]:
    return Pairs(lambda kind: measure(kind, SIZE))


@pytest.mark.parametrize(("phase", "bound"), [*zip(PHASES, (1.7, 1.4, 1.1, 0.8), strict=True)])
def test_what_a_phase_costs_beside_frr(pairs: Pairs[Figures], phase: str, bound: float) -> None:
    # Measured 1.3, 1.05, 0.75, 0.4; with 100,000 routes, where what is imported at first use does
    # not count, 0.87, 0.7, 0.52, 0.45. Clocks of processes tick every 0.01 s: some 20 ticks.
    assert pairs.some(
        lambda ours, theirs: ours.phases[phase].cpu <= bound * theirs.phases[phase].cpu + 0.03
    ), pairs


def test_all_phases_together_cost_little_more_than_with_frr(pairs: Pairs[Figures]) -> None:
    # Measured 0.8 to 0.9.
    def whole(figures: Figures) -> float:
        return sum(phase.cpu for phase in figures.phases.values())

    assert pairs.some(lambda ours, theirs: whole(ours) <= 1.15 * whole(theirs)), pairs


def test_memory_with_few_routes_is_little_more_than_that_of_frr(pairs: Pairs[Figures]) -> None:
    # Of so few the interpreters are most; with 100,000 routes it is half of FRR's.
    assert pairs.some(lambda ours, theirs: ours.peak <= 1.2 * theirs.peak), pairs


@pytest.mark.parametrize("daemon", DAEMONS)
def test_daemons_answer_meanwhile(pairs: Pairs[Figures], daemon: str) -> None:
    # Measured 10 to 40; on a busy machine somebody idle waits for his turn, too.
    assert pairs.some(lambda ours, theirs: ours.wait(daemon) <= 100 + ours.late), pairs
