"""The real kernel in a network namespace of its own that ends with its thread."""

import asyncio
import ctypes
import json
import subprocess
import threading
from collections.abc import Callable, Coroutine
from typing import Any

from zebra.kernel.api import (
    AddressAdded,
    Change,
    Event,
    Kernel,
    KernelRoute,
    LinkChanged,
    NexthopAdded,
    NexthopGone,
    RouteAdded,
    RouteGone,
    RouteProtocol,
)
from zebra.kernel.netlink import NetlinkKernel
from zebra.kernelroutes import OWN_PROTOCOLS

CLONE_NEWNET = 0x40000000


def ip(*words: str) -> str:
    return subprocess.run(
        ["ip", *" ".join(words).split()], check=True, capture_output=True, text=True
    ).stdout


def ip_json(line: str) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = json.loads(ip("-j -d", line) or "[]")
    return found


def _is_own(event: Event) -> bool:
    match event:
        case RouteAdded(route) | RouteGone(route):
            return route.protocol in OWN_PROTOCOLS
        case _:
            return isinstance(event, NexthopAdded | NexthopGone)


class Bench:
    """A kernel under test in a namespace with `a0` and `b0`, the ends of a cable."""

    def __init__(self) -> None:
        self.kernel = NetlinkKernel()
        self.events: list[Event] = []
        self.overruns = 0
        seam: Kernel = self.kernel
        seam.subscribe(self.events.append, self._overrun)

    def _overrun(self) -> None:
        self.overruns += 1

    async def program(self, *changes: Change) -> list[int]:
        answer: asyncio.Future[list[int]] = asyncio.get_running_loop().create_future()
        self.kernel.program(changes, lambda answers: answer.set_result(list(answers)))
        return await asyncio.wait_for(answer, 30)

    async def heard(self, true: Callable[[Event], object]) -> Event:
        async with asyncio.timeout(5):
            while True:
                for event in self.events:
                    if true(event):
                        return event
                await asyncio.sleep(0.002)

    async def own_news(self) -> list[Event]:
        """What came of routes and objects of zebra's until a change of others is heard of."""
        mark = "10.255.255.1/32"
        ip("addr add", mark, "dev lo")
        await self.heard(lambda e: isinstance(e, AddressAdded) and str(e.address.prefix) == mark)
        ip("addr del", mark, "dev lo")
        return [event for event in self.events if _is_own(event)]

    def ifindex(self, name: str) -> int:
        return next(
            event.link.ifindex
            for event in self.kernel.dump()
            if isinstance(event, LinkChanged) and event.link.name == name
        )

    def routes(self, protocol: int = RouteProtocol.BGP) -> list[KernelRoute]:
        return [
            event.route
            for event in self.kernel.dump()
            if isinstance(event, RouteAdded) and event.route.protocol == protocol
        ]


def in_namespace(test: Callable[[Bench], Coroutine[None, None, None]]) -> Callable[[], None]:
    """The test on a thread that has left for a new network namespace."""

    async def with_bench() -> None:
        bench = Bench()
        try:
            await test(bench)
        finally:
            bench.kernel.close()

    def enter() -> None:
        libc = ctypes.CDLL(None, use_errno=True)
        if libc.unshare(CLONE_NEWNET):
            raise OSError(ctypes.get_errno(), "unshare")
        ip("link set lo up")
        ip("link add a0 type veth peer name b0")
        for name, address in (("a0", "192.168.122.1/24"), ("b0", "10.0.0.1/24")):
            ip("link set", name, "addrgenmode none up")
            ip("addr add", address, "dev", name)
        ip("-6 addr add 2001:db8::1/64 nodad dev a0")
        asyncio.run(with_bench())

    def run() -> None:
        errors: list[BaseException] = []

        def body() -> None:
            try:
                enter()
            except BaseException as error:  # noqa: BLE001  carried to the test's own thread
                errors.append(error)

        thread = threading.Thread(target=body)
        thread.start()
        thread.join()
        if errors:
            raise errors[0]

    run.__name__ = test.__name__
    run.__doc__ = test.__doc__
    return run
