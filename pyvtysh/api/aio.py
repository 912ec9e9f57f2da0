"""The router for asyncio: the same methods, awaited.

The lines of one router run one after another on a thread of its own, so tasks may share it. A task
that is cancelled, or whose time is over, gives its line up: the connections to the daemons are cut,
which ends what they were doing, and the next line makes new ones.
"""

import asyncio
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from types import TracebackType
from typing import Any, Literal, ParamSpec, Self, TypeVar, overload

from pyvtysh.api.errors import Answer
from pyvtysh.api.sync import Configuration, Router, Sockets, opened

_P = ParamSpec("_P")
_T = TypeVar("_T")


def connect_async(
    vty_socket: str = "/var/run/frr",
    *,
    daemon: str | None = None,
    config_dir: str = "/etc/frr",
    timeout: float | None = None,
) -> "AsyncRouter":
    """`async with pyvtysh.connect_async() as router`; arguments and errors as of `connect`."""
    sockets = Sockets(str(vty_socket), timeout)
    return AsyncRouter(sockets, partial(opened, sockets, str(config_dir), daemon))


class AsyncRouter:
    """`Router` for asyncio; connected when it is entered, or by `open`."""

    def __init__(self, sockets: Sockets, make: Callable[[], Router]) -> None:
        self._sockets = sockets
        self._make = make
        self._router: Router | None = None
        self.configuring = asyncio.Lock()
        """Held by the configuration that is entered."""
        self._thread = ThreadPoolExecutor(1, "pyvtysh")

    @property
    def daemons(self) -> tuple[str, ...]:
        """Those that are connected, in vtysh's order."""
        return () if self._router is None else self._router.daemons

    async def open(self) -> Self:
        """Connect; ConnectError."""
        self._router = await self.call(self._make)
        return self

    @overload
    async def show(self, command: str, *, json: Literal[False] = False) -> str: ...

    @overload
    async def show(self, command: str, *, json: Literal[True]) -> Any: ...

    async def show(self, command: str, *, json: bool = False) -> Any:
        """What `show COMMAND` prints, or its JSON (`Router.show`)."""
        show: Callable[..., Any] = self.connected.show
        return await self.call(show, command, json=json)

    async def run(self, line: str) -> Answer:
        """Any one line and its answer; LostError."""
        return await self.call(self.connected.run, line)

    async def execute(self, *lines: str) -> str:
        """Lines of the enable node; RefusedError, LostError."""
        return await self.call(self.connected.execute, *lines)

    async def running_config(self) -> str:
        """`show running-config` of all daemons together."""
        return await self.call(self.connected.running_config)

    def configure(self) -> "AsyncConfiguration":
        """`async with router.configure() as c: await c("router bgp 65001", ...)`."""
        return AsyncConfiguration(self)

    async def close(self) -> None:
        """End the conversation and its thread."""
        if self._router is not None:
            await self.call(self._router.close)
            self._router = None
        self._thread.shutdown(wait=False)

    async def __aenter__(self) -> Self:
        try:
            return await self.open()
        except BaseException:
            self._thread.shutdown(wait=False)
            raise

    async def __aexit__(self, *_: object) -> None:
        await self.close()

    @property
    def connected(self) -> Router:
        """The router that the thread speaks to; RuntimeError if there is none."""
        if self._router is None:
            raise RuntimeError("not connected: use `async with`, or `await router.open()`")
        return self._router

    async def call(self, call: Callable[_P, _T], *args: _P.args, **kwargs: _P.kwargs) -> _T:
        """Run this on the thread."""
        future = self._thread.submit(partial(call, *args, **kwargs))
        try:
            return await asyncio.wrap_future(future)
        except asyncio.CancelledError:
            if not future.cancel():  # it is at work, or was just now
                self._sockets.interrupt()
                if self._router is not None:
                    self._thread.submit(self._router.drop)
            raise


class AsyncConfiguration:
    """`Configuration` for asyncio; a second one waits until the first is left."""

    def __init__(self, router: AsyncRouter) -> None:
        self._router = router
        self._configuration: Configuration | None = None

    async def __call__(self, *lines: str) -> str:
        """Run lines of configuration (`Configuration.__call__`)."""
        if self._configuration is None:
            raise RuntimeError("not entered: use `async with`")
        return await self._router.call(self._configuration, *lines)

    async def __aenter__(self) -> Self:
        made = Configuration(self._router.connected)
        await self._router.configuring.acquire()
        try:
            await self._router.call(made.__enter__)
        except BaseException:
            self._router.configuring.release()
            raise
        self._configuration = made
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        made, self._configuration = self._configuration, None
        if made is not None:
            try:
                await self._router.call(made.__exit__, kind, error, trace)
            finally:
                self._router.configuring.release()
