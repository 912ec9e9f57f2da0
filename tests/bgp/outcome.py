"""A decoder's result, or the `Malformed` that it raised; any other exception is its bug."""

from collections.abc import Callable
from typing import ParamSpec, TypeVar

from bgp.wire.errors import Malformed

P = ParamSpec("P")
R = TypeVar("R")


def outcome(decode: Callable[P, R], *args: P.args, **kwargs: P.kwargs) -> R | Malformed:
    try:
        return decode(*args, **kwargs)
    except Malformed as error:
        return error
