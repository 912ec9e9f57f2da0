"""The one function that finds a view's renderer."""

from collections.abc import Iterable
from functools import singledispatch


@singledispatch
def text(view: object) -> Iterable[str]:
    """The text of a view, in chunks; TypeError for what has none."""
    raise TypeError(f"no text for {type(view).__name__}")
