"""The client's end of zebra's socket: connecting, and connecting again."""

import asyncio
from collections.abc import Callable

from zebra.zapi.codec import FRR84, Dialect
from zebra.zapi.stream import StreamLink

RETRY = 1.0
"""Seconds between attempts; FRR's clients wait longer, which only delays a start."""


async def connect(
    path: str, accept: Callable[[StreamLink], None], dialect: Dialect = FRR84
) -> StreamLink:
    """Connect to zebra's socket; OSError if nobody listens.

    `accept` gets the link before any message can come, to set its callbacks.
    """
    loop = asyncio.get_running_loop()
    _transport, link = await loop.create_unix_connection(
        lambda: StreamLink(accept, server=False, dialect=dialect), path
    )
    return link


class Client:
    """Keeps a connection to zebra: tries until it stands, and again when it is lost.

    `connected` gets each new link; the loss of one is told by its `on_close`.
    """

    def __init__(
        self, path: str, connected: Callable[[StreamLink], None], retry: float = RETRY
    ) -> None:
        self._path = path
        self._connected = connected
        self._retry = retry
        self._link: StreamLink | None = None
        self._task: asyncio.Task[None] | None = None

    def start(self) -> None:
        """Begin; the first attempt is made in the next turn of the loop."""
        if self._task is None:
            self._task = asyncio.get_running_loop().create_task(self._run(), name="zapi client")

    async def stop(self) -> None:
        """Close the connection after what was sent, and try no more."""
        if self._task is not None:
            self._task.cancel()
            await asyncio.gather(self._task, return_exceptions=True)
            self._task = None
        if self._link is not None:
            self._link.close()
            await self._link.finished
            self._link = None

    async def _run(self) -> None:
        while True:
            try:
                self._link = await connect(self._path, self._connected)
            except OSError:
                pass
            else:
                await asyncio.shield(self._link.finished)
                self._link = None
            await asyncio.sleep(self._retry)
