"""What has a compiled twin in `bgp._speed`, a C extension that an installation may lack.

A function or class marked `@compiled` is replaced by the twin of its name where that was built.
The twin gives the same results and leaves all that is unusual, and every error, to the pure one.
PYVTYSH_PURE=1 in the environment keeps the pure functions; `bgp._speed` is then not imported.
"""

import os
from collections.abc import Callable
from importlib import import_module
from types import ModuleType
from typing import Final, TypeVar, cast

F = TypeVar("F", bound=Callable[..., object])


def _built() -> ModuleType | None:
    if os.environ.get("PYVTYSH_PURE", "0") not in ("", "0"):
        return None
    try:
        module = import_module("bgp._speed")
    except ImportError:
        return None
    # Without the library its folder of sources is a package of nothing.
    return module if hasattr(module, "twins") else None


SPEED: Final = _built()
"""The compiled module; None where it was not built or is switched off."""

TWINS: Final[dict[str, Callable[..., object]]] = {}
"""The pure functions and classes by name, whether or not they are replaced."""


def compiled(pure: F) -> F:
    """The compiled twin of a function or class, or itself where there is none.

    The name, without leading underscores, is that of the twin; names are unique in the package.
    """
    name = pure.__name__.lstrip("_")
    TWINS[name] = pure
    if SPEED is None:
        return pure
    SPEED.twins[name] = pure
    # A library that is older than its sources may lack one.
    return cast(F, getattr(SPEED, name, pure))


T = TypeVar("T")


@compiled
def maker(cls: type[T], fields: tuple[str, ...], defaults: tuple[object, ...]) -> Callable[..., T]:
    """What makes objects of a class with slots.

    `fields` are the arguments of the class in their order, `defaults` the values of the last ones.
    The twin fills the slots of these names without a call of `__init__`.
    """
    return cls
