"""Dataclasses whose methods are compiled late behave as those of the standard library."""

import dataclasses
from collections.abc import Callable, Iterator
from typing import Any

import pytest

from grammar.base.deferred import deferring

MAKER = "_create_fn"
pytestmark = pytest.mark.skipif(
    not hasattr(dataclasses, MAKER), reason="this Python compiles the methods of a class at once"
)
Kinds = tuple[type[Any], type[Any]]


def kinds() -> Kinds:
    """A dataclass and one that inherits from it."""

    @dataclasses.dataclass(frozen=True, slots=True, order=True)
    class Point:
        """A place."""

        x: int
        y: int = 0
        names: list[str] = dataclasses.field(default_factory=list, compare=False)

    @dataclasses.dataclass(slots=True)
    class Open:
        """May be changed."""

        x: int

        def __post_init__(self) -> None:
            self.x += 1

    class Inherited(Open):
        pass

    return Point, Inherited


@pytest.fixture(params=["at once", "late"])
def made(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> Iterator[Kinds]:
    if request.param == "late":
        monkeypatch.setattr(dataclasses, MAKER, deferring(getattr(dataclasses, MAKER)))
    return kinds()


def test_values(made: Kinds) -> None:
    point, inherited = made
    one, two = point(1, names=["a"]), point(x=1, y=2)
    assert (one.x, one.y, one.names) == (1, 0, ["a"])
    assert one < two <= dataclasses.replace(two, names=["b"])
    assert one == point(1) != two
    assert hash(one) == hash(point(1))
    assert one != 1
    assert repr(two).endswith("Point(x=1, y=2, names=[])")
    assert repr(two) == repr(point(1, 2))
    assert dataclasses.asdict(two) == {"x": 1, "y": 2, "names": []}
    assert inherited(1).x == inherited(1).x == 2


@pytest.mark.parametrize(
    ("wrong", "error"),
    [
        (lambda point: point(), TypeError),
        (lambda point: point(1, z=1), TypeError),
        (lambda point: setattr(point(1), "x", 2), dataclasses.FrozenInstanceError),
        (lambda point: delattr(point(1), "x"), dataclasses.FrozenInstanceError),
        (lambda point: point(1) < 1, TypeError),
    ],
)
def test_refusals(made: Kinds, wrong: Callable[[Any], Any], error: type[Exception]) -> None:
    for _ in range(2):
        with pytest.raises(error):
            wrong(made[0])


def test_a_method_is_compiled_once_and_then_stands_in_its_class(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    compiled: list[str] = []
    original = getattr(dataclasses, MAKER)

    def counting(name: str, *text: Any, **options: Any) -> Any:
        compiled.append(name)
        return original(name, *text, **options)

    monkeypatch.setattr(dataclasses, MAKER, deferring(counting))
    point, inherited = kinds()
    assert compiled == []
    assert point(1) == point(1)
    assert inherited(1).x == inherited(2).x - 1
    assert repr(point(1)) == repr(point(1))
    assert compiled == ["__init__", "__eq__", "__init__", "__repr__"]
