"""What has a compiled twin in `bgp._speed`, a C extension that an installation may lack.

A function or class marked `@compiled` is replaced by the twin of its name where that was built.
The twin gives the same results and leaves all that is unusual, and every error, to the pure one.
PYVTYSH_PURE=1 in the environment keeps the pure functions; `bgp._speed` is then not imported.
"""

import os
import sys
from collections.abc import Callable
from importlib import import_module
from types import ModuleType
from typing import Final, TypeVar, cast

_UNPACKED: Final = 60.0
"""Seconds that an installer may need for the files, in any order."""

F = TypeVar("F", bound=Callable[..., object])


def _built() -> ModuleType | None:
    if os.environ.get("PYVTYSH_PURE", "0") not in ("", "0"):
        return None
    try:
        module = import_module("bgp._speed")
    except ImportError:
        return None
    # Without the library its folder of sources is a package of nothing.
    if not hasattr(module, "twins"):
        return None
    if _is_stale(module.__file__ or "", os.path.join(os.path.dirname(__file__), "_speed")):
        # What it does not share with the modules around it any more would be wrong in silence.
        sys.stderr.write(f"{module.__file__} is older than its sources, and left out: build it\n")
        return None
    return module


def _is_stale(library: str, sources: str) -> bool:
    """True if there are sources that are newer than what was built of them."""
    try:
        built = os.stat(library).st_mtime
        with os.scandir(sources) as found:
            times = [one.stat().st_mtime for one in found if one.name.endswith((".c", ".h"))]
    except OSError:
        return False
    return max(times, default=0.0) > built + _UNPACKED


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
    return cast(F, getattr(SPEED, name, pure))


T = TypeVar("T")


@compiled
def maker(cls: type[T], fields: tuple[str, ...], defaults: tuple[object, ...]) -> Callable[..., T]:
    """What makes objects of a class with slots.

    `fields` are the arguments of the class in their order, `defaults` the values of the last ones.
    The twin fills the slots of these names without a call of `__init__`.
    """
    return cls
