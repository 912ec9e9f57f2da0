"""The compiled loops over tables leave behind what the pure ones do, for any run of prefixes."""

from collections.abc import Callable, Sequence
from copy import deepcopy
from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bgp.compiled import SPEED, TWINS
from bgp.rib import loops
from bgp.rib.shards import Shard

pytestmark = pytest.mark.skipif(SPEED is None, reason="nothing compiled is in use")

KEYS = st.one_of(
    st.integers(0, 40).map(lambda n: n << 30 | n % 33),
    st.integers(0, 7).map(lambda n: n << 128 | n << 61 | 64),
)
PATHS = st.sampled_from(["a", "b", "c", "d"])
Shards = list[dict[int, object]]


@st.composite
def tables(draw: st.DrawFn) -> tuple[Shards, list[int], int]:
    """A table of IPv4 or of IPv6, keys some of which it has, and its shift."""
    wide = draw(st.booleans())
    shift = 128 if wide else 30
    most = st.integers(0, 255 << shift | 5)
    few = KEYS.filter(lambda key: key >> shift < 256)
    keys = draw(st.lists(st.one_of(few, few, most), max_size=12))
    shards: Shards = [{} for _ in range(256)]
    for key in keys[::2]:
        shards[key >> shift][key] = draw(PATHS)
    return shards, keys, shift


def assert_alike(name: str, *arguments: object) -> None:
    """Both give the same, and leave their arguments the same, with dicts and with shards (IPv4)."""
    results = []
    kinds = (
        (dict,) if any(type(one) is int and one == 128 for one in arguments) else (dict, sharded)
    )
    for function, make in product((TWINS[name], getattr(SPEED, name)), kinds):
        own = [one if callable(one) else copied(one, make) for one in arguments]
        given = function(*own)
        results.append((given, [copied(one, dict) for one in own if not callable(one)]))
    assert all(one == results[0] for one in results)


def copied(argument: object, make: Callable[[dict[int, object]], object]) -> object:
    """An argument with tables of another kind."""
    if isinstance(argument, list) and len(argument) == 256:
        return [make(dict(shard.items())) for shard in argument]
    return deepcopy(argument)


def sharded(content: dict[int, object]) -> dict[int, object]:
    """A shard of this content."""
    made: Shard[object] = Shard(True)
    for key, value in content.items():
        made[key] = value
    return made


def stepper(goes: str) -> Callable[[str], tuple[object, ...]]:
    """What an entry becomes: nothing, the same, or another one, with or without news."""

    def step(old: str) -> tuple[object, ...]:
        if old == goes:
            return None, (old,), old, True
        return old + "'", (old,) if old < "c" else (), old, old != "b"

    return step


@given(tables(), PATHS, st.booleans())
def test_enter(table: tuple[Shards, Sequence[int], int], path: str, valid: bool) -> None:
    shards, keys, shift = table
    changed = dict.fromkeys(keys[::3], "before")
    assert_alike("enter", keys, path, shards, shift, changed, valid, stepper("-"), None)


@given(tables(), PATHS)
def test_leave(table: tuple[Shards, Sequence[int], int], goes: str) -> None:
    shards, keys, shift = table
    assert_alike(
        "leave", keys, shards, shift, dict.fromkeys(keys[::3]), stepper(goes), None, None, 0
    )


@given(tables(), st.lists(st.sampled_from(["a", "b", None]), max_size=12))
def test_chosen(table: tuple[Shards, Sequence[int], int], before: list[str | None]) -> None:
    shards, keys, shift = table
    versions = [{key: 7} if key >> shift == 3 else {} for key in range(256)]

    def is_news(old: str | None, entry: str | None) -> bool | None:
        return None if old == entry else entry is not None

    changes = list(zip(keys, before, strict=False))
    assert_alike("chosen", changes, shards, shift, versions, 41, is_news)


@given(tables(), tables())
def test_tell(
    table: tuple[Shards, Sequence[int], int], told: tuple[Shards, Sequence[int], int]
) -> None:
    shards, keys, shift = table
    values = {"a": "A", "b": "B", "c": None, "d": "A"}
    advertised: Shards = [{} for _ in range(256)]
    for key in [*keys[1::3], *told[1]]:
        if key >> shift < 256:
            advertised[key >> shift][key] = "AB"[key % 2]
    outcomes: dict[object, object] = {"d": "B"}
    assert_alike("tell", keys, shards, shift, advertised, outcomes, {}, [], values.get)


def test_errors_of_what_is_asked_come_out() -> None:
    def broken(*_: object) -> None:
        raise LookupError("no step")

    shards: Shards = [{} for _ in range(256)]
    shards[0][24] = "old"
    for loop, arguments in (
        (loops.enter, ([24], "new", shards, 30, {}, True, broken, None)),
        (loops.leave, ([24], shards, 30, {}, broken, None, None, 0)),
        (loops.chosen, ([(24, None)], shards, 30, [{}] * 256, 1, broken)),
        (loops.tell, ([24], shards, 30, [{}] * 256, {}, {}, [], broken)),
    ):
        with pytest.raises(LookupError, match="no step"):
            loop(*arguments)  # type: ignore[operator]
    assert shards[0] == {24: "old"}


def test_a_key_outside_of_the_table_is_an_error() -> None:
    with pytest.raises(IndexError):
        loops.leave([1 << 60], [{} for _ in range(256)], 30, {}, bool, None, None, 0)  # type: ignore[arg-type]


class Slotted:
    """A class with slots as `maker` wants it."""

    __slots__ = ("a", "b", "c")

    def __init__(self, a: object, b: object = 2, c: object = 3) -> None:
        self.a, self.b, self.c = a, b, c


@pytest.mark.parametrize("values", [(1,), (1, "b"), (1, "b", None), (), (1, 2, 3, 4)])
def test_objects_are_filled(values: tuple[object, ...]) -> None:
    results: list[object] = []
    for maker in (TWINS["maker"], SPEED.maker):  # type: ignore[union-attr]
        make = maker(Slotted, ("a", "b", "c"), (2, 3))
        try:
            one = make(*values)
            assert type(one) is Slotted
            results.append((one.a, one.b, one.c))
        except TypeError:
            results.append(TypeError)
    assert results[0] == results[1]


def test_a_maker_fills_slots_only() -> None:
    assert SPEED is not None
    for name in ("absent", "__init__"):
        with pytest.raises((AttributeError, TypeError)):
            SPEED.maker(Slotted, ("a", name), ())
