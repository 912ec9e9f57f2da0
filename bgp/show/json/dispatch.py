"""The one function that finds a view's renderer."""

from collections.abc import Iterable
from functools import singledispatch


@singledispatch
def json(view: object) -> Iterable[str]:
    """The JSON of a view, in chunks; TypeError for what has none."""
    raise TypeError(f"no JSON for {type(view).__name__}")
