"""Classes whose objects have most of their values alike: these are kept once for all of them.

A slot takes eight bytes of each object. A full table has a path, and what was told of it, for each
UPDATE, and all that a neighbour's paths differ in are their attributes; so they have these and one
more slot, for what they share. In pure Python all slots stay, as a property would cost a call.
"""

from collections.abc import Callable
from typing import TypeVar

from bgp.compiled import SPEED, compiled

T = TypeVar("T")

_SHARED = "_shared"


@compiled
def settle(one: T) -> T:
    """An object whose values were set one by one shares them with those that have the same."""
    return one


@compiled
def share(cls: type[object], names: tuple[str, ...]) -> None:
    """Make attributes of these names of what the objects of a class share."""


def folded(*own: str) -> Callable[[type[T]], type[T]]:
    """A class with slots, whose objects share all of them but their `own`.

    Values are the same if they are the same objects. What is set afterwards is of the one object
    alone, until it is settled.
    """

    def fold(cls: type[T]) -> type[T]:
        slots: tuple[str, ...] = cls.__slots__  # type: ignore[attr-defined]
        if not hasattr(SPEED, "share"):
            return cls
        inside = {name: value for name, value in vars(cls).items() if name not in slots}
        inside["__slots__"] = (*own, _SHARED)
        make: Callable[..., type[T]] = type(cls)
        made = make(cls.__name__, cls.__bases__, inside)
        share(made, tuple(name for name in slots if name not in own))
        return made

    return fold
