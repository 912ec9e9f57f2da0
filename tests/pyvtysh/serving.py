"""Toy daemons behind real vty sockets, in a thread with an event loop of its own."""

import asyncio
import threading
from pathlib import Path
from types import TracebackType
from typing import Self

from pyvtysh.host.vty import VtyServer
from tests.grammar.toy import Farm


class Served:
    """Serves toy daemons of these names in `directory` while it is entered."""

    def __init__(self, directory: Path, *names: str) -> None:
        self.directory = directory
        self.farms = {name: Farm() for name in names}
        self.servers: dict[str, VtyServer] = {}
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, daemon=True)

    def __enter__(self) -> Self:
        self._thread.start()
        asyncio.run_coroutine_threadsafe(self._start(), self._loop).result(5)
        return self

    async def _start(self) -> None:
        for name, farm in self.farms.items():
            server = VtyServer(farm, str(self.directory / f"{name}.vty"))
            await server.start()
            await server.accept()
            self.servers[name] = server

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.drop()
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join(5)
        self._loop.close()

    def drop(self) -> None:
        """End the daemons."""
        asyncio.run_coroutine_threadsafe(self._stop(), self._loop).result(5)

    async def _stop(self) -> None:
        for server in self.servers.values():
            server.close()
        await asyncio.sleep(0.05)
