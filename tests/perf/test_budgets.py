"""What a change must not break: CPU and memory as ratios to the real FRR in the same run."""

import pytest

from tests.perf.load import Figures, measure, policy

SIZE = 40_000


@pytest.fixture(scope="module")
def figures() -> dict[str, Figures]:
    return {kind: measure(kind, SIZE) for kind in ("frr", "ours")}


@pytest.mark.real
def test_load_costs_at_most_three_times_the_cpu_of_frr(figures: dict[str, Figures]) -> None:
    # Measured 1.3 to 1.5; the rest is room for a noisy machine and for coarse clock ticks.
    assert figures["ours"].load <= 3 * figures["frr"].load, figures


@pytest.mark.real
def test_withdrawal_costs_at_most_three_times_the_cpu_of_frr(figures: dict[str, Figures]) -> None:
    assert figures["ours"].withdraw <= 3 * figures["frr"].withdraw, figures


@pytest.mark.real
def test_memory_stays_below_that_of_frr(figures: dict[str, Figures]) -> None:
    assert figures["ours"].memory <= figures["frr"].memory, figures


@pytest.mark.real
def test_the_vty_answers_within_a_quarter_second_under_load(figures: dict[str, Figures]) -> None:
    assert figures["ours"].wait <= 250, figures


@pytest.mark.real
def test_a_route_map_costs_at_most_three_times_the_cpu_of_frr() -> None:
    ours, frr = (measure(kind, SIZE // 2, policy()).load for kind in ("ours", "frr"))
    assert ours <= 3 * frr + 0.05, (ours, frr)


@pytest.mark.real
def test_a_prefix_list_of_thousands_of_lines_costs_little_more() -> None:
    few, many = (measure("ours", SIZE // 2, policy(lines)).load for lines in (20, 5000))
    assert many <= 1.5 * few + 0.1, (few, many)
