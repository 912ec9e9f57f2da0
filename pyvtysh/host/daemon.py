"""zebra, bgpd or staticd in a process of its own: loop, sockets, signals, end."""

import asyncio
import contextlib
import errno
import gc
import signal
from collections.abc import Callable, Coroutine
from typing import Any

from bgp.bgpd import Bgpd
from grammar.base.log import Level
from grammar.base.values import Prefix
from pyvtysh.host import configuration
from pyvtysh.host.background import PidFile
from pyvtysh.host.errors import StartError, reason
from pyvtysh.host.hosted import (
    Hosted,
    bgp_port,
    check_port,
    host_bgpd,
    host_staticd,
    host_zebra,
    tcp_transport,
)
from pyvtysh.host.log import warn
from pyvtysh.host.options import Options
from zebra.kernel.api import Kernel, KernelRoute, RemoveRoute
from zebra.kernel.netlink import NetlinkKernel
from zebra.staticd.staticd import Staticd
from zebra.zapi.client import Client
from zebra.zapi.server import Server
from zebra.zebra import Zebra

_GRACE = 3.0
"""Seconds that the end may take."""
_COLLECT_EVERY = 10.0
_COLLECT_AT_MOST = 20_000
"""New objects that a collection may look at: some milliseconds."""

Ready = Callable[[], None]


async def serve(options: Options, ready: Ready) -> None:
    """Run the daemon that the options name until a signal ends it; StartError."""
    pid = PidFile(options.pid_path(options.program))
    try:
        await _SERVE[options.program](options, ready)
    finally:
        pid.close()


async def _serve_zebra(options: Options, ready: Ready) -> None:
    kernel = await open_kernel()
    hosted = host_zebra(options, kernel)
    zebra = hosted.component
    assert isinstance(zebra, Zebra)
    server = Server(options.zserv_path, zebra.accept)
    try:
        await hosted.listen()
        hosted.starting()
        start_zebra(zebra)
        hosted.report(hosted.load())
        await listen_zserv(server)
        await _until_signal([hosted], ready)
        await stop_zebra(zebra, kernel, keep_routes="r" in options.flags)
        await server.stop()
    finally:
        hosted.close()
        kernel.close()


async def _serve_client(options: Options, ready: Ready) -> None:
    hosted = _host_client(options)
    component = hosted.component
    assert isinstance(component, Bgpd | Staticd)
    client = Client(options.zserv_path, component.attach_zebra)
    try:
        await hosted.listen()
        hosted.starting()
        component.start()
        bad = hosted.load()
        hosted.report(await configuration.hand_over(bad, options.vty_path("zebra")))
        if "Z" not in options.flags:
            client.start()
        await _until_signal([hosted], ready)
        component.stop()
        await within_grace(client.stop())
    finally:
        hosted.close()


def _host_client(options: Options) -> Hosted:
    if options.program == "staticd":
        return host_staticd(options)
    port = bgp_port(options)
    error = check_port(options, port)
    if error is not None:
        raise StartError(reason(error))
    return host_bgpd(options, tcp_transport(options, port))


_SERVE: dict[str, Callable[[Options, Ready], Coroutine[Any, Any, None]]] = {
    "zebra": _serve_zebra,
    "bgpd": _serve_client,
    "staticd": _serve_client,
}


# --- pieces that the whole router uses too --------------------------------------------------------


async def open_kernel() -> Kernel:
    """The kernel's routing over netlink; StartError without the right to change it."""
    try:
        kernel = NetlinkKernel()
    except OSError as error:
        raise StartError(f"cannot open netlink: {reason(error)}") from None
    nowhere = Prefix.parse("255.255.255.255/32")
    refused = await _program(kernel, RemoveRoute(KernelRoute(nowhere)))
    if refused in (errno.EPERM, errno.EACCES):
        kernel.close()
        raise StartError(
            "cannot change the kernel's routes: Operation not permitted (CAP_NET_ADMIN is needed)"
        )
    return kernel


async def _program(kernel: Kernel, *changes: RemoveRoute) -> int:
    answer: asyncio.Future[int] = asyncio.get_running_loop().create_future()
    kernel.program(changes, lambda errors: answer.set_result(errors[0] if errors else 0))
    return await answer


def start_zebra(zebra: Zebra) -> None:
    """Let zebra read the kernel; StartError."""
    try:
        zebra.start()
    except OSError as error:
        raise StartError(f"cannot read the kernel's routes: {reason(error)}") from None


async def listen_zserv(server: Server) -> None:
    """Serve ZAPI clients; StartError."""
    try:
        await server.start()
    except OSError as error:
        raise StartError(reason(error)) from None


async def stop_zebra(zebra: Zebra, kernel: Kernel, *, keep_routes: bool) -> None:
    """Stop zebra and wait until the kernel has done what it was told."""
    zebra.stop(keep_routes)
    await within_grace(_program(kernel))


async def within_grace(step: Coroutine[Any, Any, Any]) -> None:
    """Run a step of the end, but not for long."""
    with contextlib.suppress(TimeoutError):
        async with asyncio.timeout(_GRACE):
            await step


async def _until_signal(hosted: list[Hosted], ready: Ready) -> None:
    await Signals(hosted).wait(ready)


class Signals:
    """What ends a process, and what its logs have to hear."""

    def __init__(self, hosted: list[Hosted]) -> None:
        self._hosted = hosted
        self.end = asyncio.Event()
        loop = asyncio.get_running_loop()
        for number in (signal.SIGTERM, signal.SIGINT):
            loop.add_signal_handler(number, self.end.set)
        loop.add_signal_handler(signal.SIGHUP, self._hangup)
        loop.add_signal_handler(signal.SIGUSR1, self._reopen)
        loop.set_exception_handler(self._lost)

    async def wait(self, ready: Ready) -> None:
        """Say that we are usable, and return when we are to end."""
        collector = Collector()
        collector.start()
        ready()
        await self.end.wait()
        collector.stop()
        for one in self._hosted:
            one.log.write(Level.NOTIFICATIONS, "Terminating on signal", "N5W98-MH4Y6")

    def _hangup(self) -> None:
        for one in self._hosted:
            text = "SIGHUP received: reading the configuration again is not supported"
            one.log.write(Level.WARNINGS, text)

    def _reopen(self) -> None:
        for one in self._hosted:
            one.log.reopen()

    def _lost(self, loop: asyncio.AbstractEventLoop, context: dict[str, Any]) -> None:
        """An exception that reached the loop: a bug, which must not go unseen."""
        error = context.get("exception")
        first = self._hosted[0]
        if isinstance(error, Exception):
            first.component.bug(str(context.get("message", "event loop")), error)
        else:
            first.log.write(Level.ERRORS, f"event loop: {context.get('message')}")
        if not first.component.common.command_line and first.component.common.log_file is None:
            warn(f"{first.name}: internal error: {error!r} {context.get('message', '')}")


class Collector:
    """Garbage collection without stalls: what lives at the start is frozen, what comes later is
    looked at only in small portions, and then frozen too (the core makes no cycles)."""

    def __init__(self) -> None:
        self._timer: asyncio.TimerHandle | None = None

    def start(self) -> None:
        """Switch automatic collection off."""
        gc.collect()
        gc.freeze()
        gc.disable()
        self._arm()

    def stop(self) -> None:
        """Leave the timer."""
        if self._timer is not None:
            self._timer.cancel()

    def _arm(self) -> None:
        self._timer = asyncio.get_running_loop().call_later(_COLLECT_EVERY, self._collect)

    def _collect(self) -> None:
        if gc.get_count()[0] <= _COLLECT_AT_MOST:
            gc.collect(0)
        gc.freeze()
        self._arm()
