"""What a transport has under way on an asyncio loop."""

import asyncio
from collections.abc import Coroutine

from bgp.transport import Attempt


class _Attempt:
    def __init__(self, task: "asyncio.Task[None]") -> None:
        self._task = task

    def cancel(self) -> None:
        self._task.cancel()


class Tasks:
    """What a transport has under way on its loop, which itself would forget what nobody holds."""

    def __init__(self, loop: asyncio.AbstractEventLoop) -> None:
        self._loop = loop
        self._tasks: set[asyncio.Task[None]] = set()

    def start(self, steps: Coroutine[object, object, None]) -> Attempt:
        """Begin; it ends by itself or is cancelled."""
        task = self._loop.create_task(steps)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)
        return _Attempt(task)
