"""Methods of dataclasses that are compiled when they are first called, not when the class is made.

A daemon has 200 dataclasses. The standard library writes and compiles five methods for each, which
was half of what its start cost; of these thousand methods a start calls 25.
"""

import dataclasses
from collections.abc import Callable, Mapping
from typing import Any

_MAKER = "_create_fn"
"""What makes a method from its text up to Python 3.12; later ones compile a class at once."""

Maker = Callable[..., Callable[..., Any]]


def defer_methods() -> None:
    """From now on; where this Python's `dataclasses` are made otherwise, nothing changes."""
    make = getattr(dataclasses, _MAKER, None)
    if make is not None and not hasattr(make, "deferring"):
        setattr(dataclasses, _MAKER, deferring(make))


def deferring(make: Maker) -> Maker:
    """The same maker of methods, whose methods put what they do off until they are called."""

    def later(name: str, *text: Any, **options: Any) -> Callable[..., Any]:
        made: Callable[..., Any] | None = None

        def method(self: object, *values: Any, **named: Any) -> Any:
            nonlocal made
            if made is None:
                made = make(name, *text, **options)
                made.__qualname__ = method.__qualname__
                _replace(type(self), name, method, made)
            return made(self, *values, **named)

        method.__name__ = name
        return method

    later.deferring = True  # type: ignore[attr-defined]  # so that it is not put off twice
    return later


def _replace(kind: type, name: str, method: Callable[..., Any], made: Callable[..., Any]) -> None:
    """Put the compiled method where the other one is, in the class or in one above it."""
    for each in kind.__mro__:
        inside: Mapping[str, object] = vars(each)
        if inside.get(name) is method:
            setattr(each, name, made)
            return
