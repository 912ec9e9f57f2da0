"""Objects that share most of their slots are told apart from plain ones by their size alone."""

import gc
import sys
from typing import Any
from weakref import ref

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bgp.compiled import SPEED
from bgp.folded import folded, settle

pytestmark = pytest.mark.skipif(SPEED is None, reason="nothing compiled is in use")

NAMES = ("own", "a", "b", "c")


class Plain:
    """What the folded class does, with a slot for each."""

    __slots__ = NAMES


@folded("own")
class Folded:
    """Three of four slots are shared."""

    __slots__ = NAMES


class Further(Folded):
    """A class below it."""

    __slots__ = ("__weakref__", "more")


class Value:
    """Compared by identity."""

    __slots__ = ("__weakref__", "back")


def shared(one: object) -> object:
    """What an object shares."""
    return getattr(one, "_shared")  # noqa: B009  # it is no slot that mypy knows


def made(*values: object) -> Folded:
    """One whose slots have these values, by its maker."""
    assert SPEED is not None
    one: Folded = SPEED.maker(Folded, NAMES, ())(*values)
    return one


STEPS = st.lists(
    st.one_of(
        st.tuples(st.integers(0, 3), st.sampled_from(NAMES), st.integers(0, 2)),
        st.tuples(st.integers(0, 3), st.just("settle"), st.none()),
    ),
    max_size=40,
)


@given(STEPS)
def test_slots_have_what_was_put_there(steps: list[tuple[int, str, int | None]]) -> None:
    models, ours = (
        [Plain() for _ in range(4)],
        [made(0, 0, 0, 0) if n else Folded() for n in range(4)],
    )
    for model in models[1:]:
        for name in NAMES:
            setattr(model, name, 0)
    for number, what, value in steps:
        if what == "settle":
            assert settle(ours[number]) is ours[number]
        else:
            setattr(models[number], what, value)
            setattr(ours[number], what, value)
        for model, one in zip(models, ours, strict=True):
            for name in NAMES:
                assert getattr(model, name, "none") == getattr(one, name, "none")


def test_equal_ones_share() -> None:
    values: list[Any] = [Value() for _ in range(3)]
    one, other = made(1, *values), made(2, *values)
    assert shared(one) is shared(other)
    third = Folded()
    third.own, third.a, third.b, third.c = 3, *values  # type: ignore[attr-defined]
    assert shared(third) is not shared(one)
    assert shared(settle(third)) is shared(one)
    other.b = values[0]  # type: ignore[attr-defined]
    assert one.b is values[1]  # type: ignore[attr-defined]
    assert sys.getsizeof(one) < sys.getsizeof(Plain())


def test_nothing_is_held_that_nobody_has() -> None:
    value = Value()
    one = made(1, value, value, value)
    seen = ref(value)
    del value
    assert seen() is not None
    del one
    assert seen() is None
    value = Value()
    value.back = Further()
    value.back.a = value.back.b = value.back.c = value
    settle(value.back)
    seen = ref(value)
    del value
    gc.collect()
    assert seen() is None


def test_what_is_wrong_is_an_error() -> None:
    assert SPEED is not None
    one = Folded()
    with pytest.raises(AttributeError):
        one.a  # type: ignore[attr-defined]  # noqa: B018
    settle(one)
    one.a = 1  # type: ignore[attr-defined]
    settle(one)
    with pytest.raises(AttributeError):
        del one.a  # type: ignore[attr-defined]
    descriptor = vars(Folded)["a"]
    for stranger in (Plain(), 5):
        with pytest.raises(TypeError):
            descriptor.__get__(stranger)
        with pytest.raises(TypeError):
            descriptor.__set__(stranger, 1)
    with pytest.raises(TypeError):
        SPEED.maker(Folded, ("own", "a", "b"), ())
    with pytest.raises(TypeError):
        SPEED.maker(Folded, ("a", "a", "b"), ())
    with pytest.raises((TypeError, AttributeError)):
        SPEED.settle(Plain())
    shared_before = Folded()
    shared_before._shared = "other"  # type: ignore[attr-defined]
    with pytest.raises(TypeError):
        shared_before.a  # type: ignore[attr-defined]  # noqa: B018
