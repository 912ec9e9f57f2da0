"""Polling: wait until something is so, and say what was seen last when it never was."""

import time
from collections.abc import Callable
from typing import TypeVar

T = TypeVar("T")

SLOW = 3
"""How many times slower a machine may be than the one that the timeouts were thought of on."""
INTERVAL = 0.05
"""Seconds between two looks, the first few of which are closer together: a daemon that starts or a
line that comes is mostly there within a few milliseconds."""
FIRST, GROWTH = 0.01, 1.5


def until(look: Callable[[], T], timeout: float, what: str, *, interval: float = INTERVAL) -> T:
    """Call `look` until it returns something true, and return that.

    AssertionError after `timeout` seconds of a quiet machine, with `what` and the last value (or
    error) seen. An AssertionError or OSError inside `look` counts as "not yet".
    """
    deadline = time.monotonic() + timeout * SLOW
    seen: object = None
    pause = min(FIRST, interval)
    while True:
        try:
            value = look()
            if value:
                return value
            seen = value
        except (AssertionError, OSError) as error:
            seen = error
        if time.monotonic() >= deadline:
            raise AssertionError(
                f"not within {timeout * SLOW} s: {what}\nlast seen: {_shown(seen)}"
            )
        time.sleep(pause)
        pause = min(GROWTH * pause, interval)


def steady(
    look: Callable[[], T],
    timeout: float,
    what: str,
    *,
    calm: float = 0.5,
    interval: float = INTERVAL,
) -> T:
    """Call `look` until it returned the same for `calm` seconds, and return that.

    Otherwise as `until`; what raises inside `look` is not calm.
    """
    last: list[T] = []
    since = 0.0

    def still() -> list[T]:
        nonlocal last, since
        before, last = last, []
        last = [look()]
        now = time.monotonic()
        since = since if before == last else now
        if now - since < calm:
            raise AssertionError(_shown(last[0]))
        return last

    return until(still, timeout, what, interval=interval)[0]


def _shown(value: object) -> str:
    text = str(value) if isinstance(value, str | Exception) else repr(value)
    return text if "\n" not in text else "\n" + text
