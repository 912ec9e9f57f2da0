"""The compiled shard of a table does what a dict does, with pairs of paths and numbers too."""

import gc
from typing import Any
from weakref import ref

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bgp.attrs import AttrSet
from bgp.compiled import SPEED, TWINS
from bgp.rib.path import Choice, Dest
from bgp.rib.shards import changes_of, last_key
from bgp.show.build.trees import nodes_of

pytestmark = pytest.mark.skipif(SPEED is None, reason="nothing compiled is in use")


class Way:
    """Stands for a path; paths are equal to themselves alone."""


WAYS = [Way() for _ in range(4)]
CHOICES = [Choice(0, place, "why") for place in range(20)]

KEYS = st.one_of(st.integers(0, 70), st.integers(0, (1 << 38) - 1))
DESTS = st.builds(
    lambda choice, ways: Dest((choice, *ways)),
    st.sampled_from(CHOICES),
    st.lists(st.sampled_from(WAYS), min_size=1, max_size=3),
)
VALUES = st.one_of(st.sampled_from(WAYS), DESTS, st.integers(-1 << 70, 1 << 70), st.booleans())
STEPS = st.lists(st.tuples(st.sampled_from(["set", "set", "del"]), KEYS, VALUES), max_size=200)


def both(pairs: bool) -> tuple[Any, dict[int, object]]:
    """An empty compiled shard, and the pure one."""
    assert SPEED is not None
    return SPEED.Shard(pairs), TWINS["Shard"](pairs)  # type: ignore[return-value]


@given(st.booleans(), STEPS)
def test_it_is_a_dict(pairs: bool, steps: list[tuple[str, int, object]]) -> None:
    shard, model = both(pairs)
    for what, key, value in steps:
        before = changes_of(shard)
        if what == "set":
            shard[key] = model[key] = value
        elif key in model:
            del shard[key], model[key]
        else:
            with pytest.raises(KeyError):
                del shard[key]
        assert changes_of(shard) > before or what == "del"
        assert (key in shard) == (key in model)
        assert shard.get(key, "no") == model.get(key, "no")
    assert len(shard) == len(model)
    assert bool(shard) == bool(model)
    assert list(shard) == list(shard.keys()) == list(model)
    assert list(shard.items()) == list(model.items())
    assert list(map(type, shard.values())) == list(map(type, model.values()))
    assert last_key(shard) == last_key(model)
    assert SPEED is not None
    assert SPEED.ordered(shard) == SPEED.ordered(model) == TWINS["ordered"](model)


@given(
    st.lists(
        st.tuples(
            st.sampled_from([0, 0xFF << 24, 0xC0A8 << 16]), st.integers(0, 32), st.integers(0)
        ),
        min_size=1,
    )
)
def test_nodes_of_a_tree(prefixes: list[tuple[int, int, int]]) -> None:
    assert SPEED is not None
    shard, model = both(True)
    for base, length, low in prefixes:
        value = base | low & ((1 << 24) - 1)
        key = value >> 32 - length << 32 - length << 6 | length
        shard[key] = model[key] = WAYS[0]
    assert SPEED.nodes_of(shard) == SPEED.nodes_of(model) == nodes_of(model)
    assert TWINS["nodes_of"](shard) == nodes_of(model)


def test_many_come_and_go() -> None:
    shard, model = both(True)
    pairs = [Dest((CHOICES[n % 3], WAYS[n % 4], WAYS[n % 2])) for n in range(12)]
    for key in range(90_000):
        shard[key << 14 | 24] = model[key << 14 | 24] = pairs[key % 12]
    for key in range(0, 90_000, 3):
        del shard[key << 14 | 24], model[key << 14 | 24]
    for key in range(95_000, 89_000, -1):
        shard[key << 14 | 24] = model[key << 14 | 24] = key
    assert list(shard.items()) == list(model.items())
    for key in list(model)[10:]:
        del shard[key], model[key]
    assert list(shard.items()) == list(model.items())
    assert sorted(shard) == sorted(model)


def test_what_it_had_is_let_go() -> None:
    shard, _ = both(True)
    way, choice = Way(), Choice(0, 0, "why")
    seen = ref(way)
    for key in range(100):
        shard[key] = Dest((choice, way, way))
    shard[1] = 5
    for key in range(2, 90):
        del shard[key]
    del way
    assert seen() is not None
    for key in range(90, 100):
        shard[key] = choice
    assert seen() is not None
    del shard[0]
    assert seen() is None


def test_the_collector_sees_through_it() -> None:
    shard, _ = both(True)
    way = Way()
    seen = ref(way)
    way.back = shard  # type: ignore[attr-defined]
    shard[7] = Dest((CHOICES[0], way, way))
    shard[8] = way
    del way, shard
    gc.collect()
    assert seen() is None


@pytest.mark.parametrize("key", [-1, (1 << 48) - 1, 1 << 70])
def test_keys_that_it_cannot_have(key: int) -> None:
    shard, _ = both(False)
    shard[4] = AttrSet
    assert key not in shard
    assert shard.get(key) is None
    with pytest.raises(OverflowError):
        shard[key] = 1
    with pytest.raises(KeyError):
        del shard[key]
    with pytest.raises(TypeError):
        shard["4"] = 1
    assert list(shard) == [4]
