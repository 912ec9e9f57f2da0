"""A table of the Internet's kind through FRR's bgpd and ours: what comes of it is the same.

Best paths with all their attributes and in their order, what each kind of neighbour is told, and
the counters, prefix by prefix. Speed that drops a check is a defect, and would be seen here.
"""

import random
from collections.abc import Iterator

import pytest

from grammar.base.values import Afi, key_text
from tests.interop.fulltable import FEEDERS, MONITORS, Both
from tests.perf.stream import mixed_keys

pytestmark = pytest.mark.real

KEYS = mixed_keys(10_000, 1)
FEW = KEYS[:1500]
SIX = mixed_keys(1500, 2, Afi.IPV6)
SOME = [key_text(Afi.IPV4, key) for key in KEYS[:1500:60]]


@pytest.fixture(scope="module")
def started() -> Iterator[Both]:
    with Both() as both:
        both.up("f1", "f2")
        yield both


@pytest.fixture
def both(started: Both) -> Iterator[Both]:
    """Two feeders, and nothing announced."""
    yield started
    started.clear()


def shuffled(keys: list[int], seed: int) -> list[int]:
    return random.Random(seed).sample(keys, len(keys))


def test_load_competition_change_repetition_and_withdrawal(both: Both) -> None:
    both.announce("f1", KEYS, 1)
    both.compare(*SOME)
    both.announce("f2", shuffled(KEYS, 2), 2)
    both.compare(*SOME)
    both.announce("f1", shuffled(KEYS, 3), 3)  # other paths, cut otherwise into messages
    both.compare(*SOME)
    told = [side.told() for side in both.sides]
    both.announce("f1", shuffled(KEYS, 3), 3)  # the same again: nobody is told anything
    more = [
        {name: count - was[name] for name, count in side.told().items()}
        for side, was in zip(both.sides, told, strict=True)
    ]
    assert set(more[0].values()) == set(more[1].values()) == {1}, more
    both.withdraw("f2", shuffled(KEYS, 4)[:5000])
    both.compare(*SOME)
    both.withdraw("f1", shuffled(KEYS, 5)[:7000])
    both.compare(*SOME)
    both.clear()
    found = both.compare()
    assert len(found["heard by internal"]) == 2  # the marks of the feeders


def test_ten_feeders_a_lost_one_and_a_late_monitor(both: Both) -> None:
    more = [name for name in FEEDERS if name not in ("f1", "f2")]
    both.up(*more)
    for number, name in enumerate(FEEDERS):
        both.announce(name, shuffled(FEW, number), 10 + number)
    both.compare(*SOME)
    both.down("f4")
    both.mark("f1")
    both.compare(*SOME)
    both.up("f4", "late")
    both.announce("f4", FEW, 30)
    found = both.compare(*SOME)
    assert len(found["heard by late"]) == len(FEW) + len(FEEDERS)
    both.down("late")
    both.clear()
    for name in more:
        both.down(name)


def test_ipv6(both: Both) -> None:
    prefixes = [key_text(Afi.IPV6, key) for key in SIX[:60:6]]
    both.announce("f1", SIX, 1, Afi.IPV6)
    both.compare(*prefixes)
    both.announce("f2", shuffled(SIX, 1), 2, Afi.IPV6)
    both.compare(*prefixes)
    both.withdraw("f1", shuffled(SIX, 2)[:700], Afi.IPV6)
    both.compare(*prefixes)
    assert MONITORS
