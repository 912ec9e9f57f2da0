"""`show thread timers` and `show thread poll`: what the event loop of this process waits for.

asyncio offers no public list of either; what its loop keeps is read, and nothing is shown when a
later Python keeps it otherwise.
"""

import asyncio
import resource
from collections.abc import Iterator

_DAY = 86400


def timer_lines() -> Iterator[str]:
    """The timers that run, the next first, with the time that is left."""
    title = "Showing timers for default"
    yield f"\n{title}\n{'-' * len(title)}\n"
    loop = asyncio.get_running_loop()
    now = loop.time()
    handles = [handle for handle in getattr(loop, "_scheduled", ()) if not handle.cancelled()]
    for handle in sorted(handles, key=asyncio.TimerHandle.when):
        left = max(0.0, handle.when() - now) % _DAY
        minutes, seconds = divmod(left, 60)
        span = f"{int(minutes) // 60:02}:{int(minutes) % 60:02}:{int(seconds):02}"
        yield f"  {_name(handle):<50}{span}.{int(left * 1000) % 1000:03}\n"


def poll_lines() -> Iterator[str]:
    """The descriptors that are watched: 1 for reading, 4 for writing, as poll(2) has them."""
    title = "Showing poll FD's for default"
    yield f"\n{title}\n{'-' * len(title)}\n"
    selector = getattr(asyncio.get_running_loop(), "_selector", None)
    keys = list(selector.get_map().values()) if selector is not None else []
    yield f"Count: {len(keys)}/{resource.getrlimit(resource.RLIMIT_NOFILE)[0]}\n"
    for number, key in enumerate(sorted(keys, key=lambda key: key.fd)):
        names = " ".join(_name(handle) for handle in key.data if handle is not None)
        events = (1 if key.events & 1 else 0) | (4 if key.events & 2 else 0)
        yield f"\t{number:6} fd:{key.fd:6} events:{events:2} revents: 0\t\t{names} \n"


def _name(handle: asyncio.Handle) -> str:
    callback = getattr(handle, "_callback", None)
    name: str = getattr(callback, "__qualname__", "")
    return name.replace(".<locals>", "").replace(".<lambda>", "") or type(callback).__name__
