"""Figures of the model of sessions and of random configurations."""

from collections.abc import Callable

from hypothesis import given
from hypothesis import strategies as st

from bgp.fsm import State
from tests.bgp.test_random_configuration import World
from tests.bgp.test_session_model import (
    EVENTS,
    test_any_events_in_any_order,
    test_each_event_in_each_state,
)
from tests.report import Figure, record
from tests.support.drawn import drawing, left_behind
from tests.test_declarations import Line, lines_of
from tests.zebra.test_random_configuration import BOUNDED, OURS
from tests.zebra.test_random_configuration import World as ZebraWorld

CONFIGURATIONS = 30


def measure() -> None:
    """For `make report`; what is broken raises AssertionError."""
    for state in State:
        for delay in (0, 7):
            test_each_event_in_each_state(state, delay)
    test_any_events_in_any_order()
    record(
        "fsm",
        [
            Figure("states and events tried", 2 * len(State) * len(EVENTS), None, "cells", "each"),
            Figure("random sequences of up to 25 events", 40, None, "", "against a plain model"),
            Figure("steps that the model did not foresee", 0, None, "", ""),
        ],
    )
    rows = []
    how = "drawn from all its commands, put in force with a session up, taken out, twice"
    worlds: dict[str, Callable[[], World | ZebraWorld]] = {
        "bgpd": World,
        "staticd": lambda: ZebraWorld("staticd"),
    }
    for daemon, make in worlds.items():
        typed, left = _configurations(daemon, make)
        rows += [
            Figure(f"configurations of {daemon}", CONFIGURATIONS, None, "", how),
            Figure("lines typed", typed, None, "", "in random order"),
            Figure("objects, timers, routes or lines left behind", left, None, "", ""),
        ]
    record("random-configuration", rows)


def _configurations(daemon: str, make: Callable[[], "World | ZebraWorld"]) -> tuple[int, int]:
    typed = left = 0

    @drawing(CONFIGURATIONS)
    @given(parts=st.lists(lines_of(daemon), min_size=1, max_size=6))
    def run(parts: list[list[Line]]) -> None:
        nonlocal typed, left
        lines = [line for part in parts for line in part]
        typed += 2 * len(lines)
        left += sum(left_behind(make(), lines, OURS, BOUNDED).values())

    run()
    return typed, left
