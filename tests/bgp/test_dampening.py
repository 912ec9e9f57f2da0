"""Dampening: FRR's numbers, and what becomes of routes that come and go."""

from collections.abc import Callable, Generator

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bgp.config import IPV4_UNICAST, Dampening
from bgp.rib.dampening import Curve, is_history, reachability, withheld
from bgp.rib.dampening import Dampening as Penalties
from bgp.rib.path import best_of, paths_of
from bgp.rib.table import Table
from grammar.base.values import Prefix
from tests.bgp.test_bestpath import Neighbour, path

KEY, OTHER = (Prefix.parse(text).key for text in ("10.0.0.0/8", "10.1.0.0/16"))


# Of bgpd 8.4.4: `bgp dampening`, `bgp dampening 1 750 1400 4`.
@pytest.mark.parametrize(
    ("penalty", "seconds"), [(2000, 1273), (2500, 1563), (3500, 2000), (750, 0), (0, 0)]
)
def test_time_to_reuse(penalty: int, seconds: int) -> None:
    curve = Curve(Dampening())
    assert curve.seconds_to_reuse(penalty) == seconds
    assert curve.ceiling == 12000


@pytest.mark.parametrize(
    ("penalty", "seconds", "left"),
    [(1000, 4, 1000), (1000, 31, 707), (2000, 31, 1414), (1000, 36, 667), (2000, 240, 0)],
)
def test_decay(penalty: int, seconds: int, left: int) -> None:
    assert Curve(Dampening(1, 750, 1400, 4)).decayed(penalty, seconds) == left


class Scene:
    """A table with dampening, a clock, and one neighbour."""

    def __init__(self, settings: Dampening) -> None:
        self.table = Table(IPV4_UNICAST)
        self.now = 1000.0
        self.timers: list[tuple[float, Callable[[], None]]] = []
        self.neighbour = Neighbour()
        self.penalties = Penalties(self.table, settings, lambda: self.now, self.later, _work)

    def later(self, seconds: float, action: Callable[[], None]) -> None:
        self.timers.append((self.now + seconds, action))

    def wait(self, seconds: float) -> None:
        end = self.now + seconds
        while due := sorted((one for one in self.timers if one[0] <= end), key=lambda one: one[0]):
            self.timers.remove(due[0])
            self.now = due[0][0]
            due[0][1]()
        self.now = end

    def put(self, *asns: int, key: int = KEY) -> int:
        return self.penalties.put([key], path(*asns, source=self.neighbour))

    def withdraw(self, key: int = KEY) -> int:
        return self.penalties.withdraw([key], self.neighbour)

    @property
    def used(self) -> bool:
        return best_of(self.table.get(KEY)) is not None

    @property
    def penalty(self) -> int | None:
        (mine,) = paths_of(self.table.get(KEY))
        report = self.penalties.of(KEY, mine)
        return None if report is None else report.penalty


def _work(name: str, steps: Generator[None, None, None]) -> None:
    for _ in steps:
        pass


def test_a_route_that_was_withdrawn_is_remembered_and_used_again() -> None:
    scene = Scene(Dampening())
    assert scene.put(1) == 1
    assert scene.penalty is None
    assert scene.withdraw() == 1
    (entry,) = paths_of(scene.table.get(KEY))
    assert is_history(entry)
    assert not scene.used
    assert scene.withdraw() == 0
    assert scene.penalty == 1000
    assert scene.put(1) == 1
    assert scene.used
    assert scene.penalty == 1000


def test_changes_cost_half_and_equal_announcements_nothing() -> None:
    scene = Scene(Dampening())
    scene.put(1)
    same = path(1, 2, source=scene.neighbour)
    scene.penalties.put([KEY], same)
    assert scene.penalty == 500
    scene.penalties.put([KEY], same)
    assert scene.penalty == 500


def test_what_is_held_back_is_used_when_its_penalty_is_low_enough() -> None:
    scene = Scene(Dampening(1, 1500, 2000, 4))
    for _ in range(2):
        scene.put(1)
        scene.withdraw()
    scene.put(1)
    (mine,) = paths_of(scene.table.get(KEY))
    assert withheld(mine) is not None
    assert reachability(mine) is not None
    assert not scene.used
    # 2000 * 2 ** (-25 / 60) is the first step below 1500: seen in the round behind it.
    scene.wait(20)
    assert not scene.used
    scene.wait(20)
    assert scene.used
    assert scene.penalty in (1259, 1334, 1414)


def test_policy_costs_nothing_and_a_clear_ends_it() -> None:
    scene = Scene(Dampening())
    scene.put(1)
    assert scene.penalties.refuse([KEY], scene.neighbour) == 1
    assert scene.table.get(KEY) is None
    scene.put(1)
    scene.withdraw()
    assert scene.penalties.refuse([KEY], scene.neighbour) == 0
    scene.penalties.clear(OTHER)
    assert scene.table.get(KEY) is not None
    scene.penalties.clear()
    assert scene.table.get(KEY) is None


def test_the_end_of_the_line_lets_what_was_held_back_be_used() -> None:
    scene = Scene(Dampening())
    for asn in range(6):
        scene.put(asn)
    assert not scene.used
    scene.penalties.stop()
    assert scene.used


@given(st.lists(st.tuples(st.sampled_from("pcwrt"), st.sampled_from((KEY, OTHER)))))
def test_as_many_are_counted_as_are_not_history(deeds: list[tuple[str, int]]) -> None:
    scene = Scene(Dampening(1, 750, 2000, 4))
    counted = 0
    for number, (deed, key) in enumerate(deeds):
        match deed:
            case "p":
                counted += scene.put(1, key=key)
            case "c":
                counted += scene.put(1, number + 2, key=key)
            case "w":
                counted -= scene.withdraw(key)
            case "r":
                counted -= scene.penalties.refuse([key], scene.neighbour)
            case "t":
                scene.wait(40)
        there = [one for k in (KEY, OTHER) for one in paths_of(scene.table.get(k))]
        assert counted == sum(not is_history(one) for one in there)
