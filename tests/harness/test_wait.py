"""`until` returns what it waited for, and tells what it saw when that never came."""

import itertools
import time

import pytest

from tests.support.wait import steady, until


def test_returns_the_first_true_value() -> None:
    numbers = itertools.count()
    assert until(lambda: next(numbers), 5, "a number above zero", interval=0) == 1


def test_an_assertion_inside_means_not_yet() -> None:
    numbers = itertools.count()

    def third() -> bool:
        assert next(numbers) == 2
        return True

    assert until(third, 5, "the third look", interval=0)


def test_failure_names_the_wish_and_the_last_value() -> None:
    with pytest.raises(AssertionError, match=r"(?s)not within 0 s: a unicorn\nlast seen: \[\]"):
        until(list, 0, "a unicorn")


def test_what_stands_still_does_so_for_a_while() -> None:
    begun = time.monotonic()
    looks = itertools.count()
    assert steady(lambda: min(next(looks), 2), 5, "a number that stays", calm=0.1) == 2
    assert time.monotonic() - begun >= 0.1
    with pytest.raises(AssertionError, match="a number that stays"):
        steady(lambda: next(looks), 0, "a number that stays")
