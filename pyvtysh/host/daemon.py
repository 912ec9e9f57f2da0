"""zebra, bgpd, staticd or bfdd in a process of its own: sockets, links, start and end.

Each process imports only its own component: a laboratory starts thirty of them.
"""

import asyncio
import contextlib
from collections.abc import Callable, Coroutine
from typing import Any, Protocol

from pyvtysh.host import configuration
from pyvtysh.host.background import PidFile
from pyvtysh.host.errors import StartError, reason
from pyvtysh.host.hosted import Component, Hosted
from pyvtysh.host.options import Options
from pyvtysh.host.signals import Ready, Signals
from zebra.zapi.client import Client
from zebra.zapi.link import Link

_GRACE = 3.0
"""Seconds that a step of the end may take."""


async def serve(options: Options, ready: Ready) -> None:
    """Run the daemon that the options name until a signal ends it; StartError."""
    pid = PidFile(options.pid_path(options.program))
    try:
        match options.program:
            case "zebra":
                await _serve_zebra(options, ready)
            case "bgpd":
                from bgp.zebra import attach_vnc

                await _serve_client(_bgpd(options), ready, attach_vnc)
            case "staticd":
                await _serve_client(_staticd(options), ready)
            case "bfdd":
                await _serve_alone(_bfdd(options), ready)
    finally:
        pid.close()


async def attended(signals: Signals, hosted: Hosted[Component], ready: Ready) -> None:
    """Serve until the end."""
    if "t" not in hosted.options.flags:
        await signals.wait(ready)
        return
    from pyvtysh.host.terminal import attended as with_terminal

    await with_terminal(signals, hosted, ready)


async def _serve_zebra(options: Options, ready: Ready) -> None:
    from pyvtysh.host.zebra import claim_zserv, drained, host_zebra, open_kernel, start_zebra

    kernel = await open_kernel(max(options.send_buffer, 0))
    try:
        hosted = host_zebra(options, kernel)
        zebra = hosted.component
        signals = Signals([hosted])
        server = None
        try:
            server = claim_zserv(options.zserv_path, zebra)
            await hosted.listen()
            hosted.starting()
            start_zebra(zebra)
            hosted.report(hosted.load())
            await server.start()
            await hosted.accept()
            await attended(signals, hosted, ready)
            zebra.stop(keep_routes="r" in options.flags)
            await within_grace(drained(kernel))
        finally:
            if server is not None:
                await within_grace(server.stop())
            hosted.gone()
            hosted.close()
    finally:
        kernel.close()


class ZapiClient(Component, Protocol):
    """A component that speaks with zebra."""

    def attach_zebra(self, link: Link) -> None:
        """A connection to zebra is there."""
        ...


async def _serve_client(
    hosted: Hosted[ZapiClient], ready: Ready, *also: Callable[[Link], None]
) -> None:
    """Serve a client of zebra's, which has a connection for each of `also`, too."""
    options, component = hosted.options, hosted.component
    clients = [Client(options.zserv_path, take) for take in (component.attach_zebra, *also)]
    signals = Signals([hosted])
    try:
        await hosted.listen()
        hosted.starting()
        component.start()
        bad = hosted.load()
        hosted.report(await configuration.hand_over(bad, options.vty_path("zebra")))
        if "Z" not in options.flags:
            for client in clients:
                client.start()
        await hosted.accept()
        await attended(signals, hosted, ready)
        component.stop()
        for client in clients:
            await within_grace(client.stop())
    finally:
        hosted.close()


async def _serve_alone(hosted: Hosted[Component], ready: Ready) -> None:
    """Serve a component that needs nobody."""
    signals = Signals([hosted])
    try:
        await hosted.listen()
        hosted.starting()
        hosted.component.start()
        hosted.report(hosted.load())
        await hosted.accept()
        await attended(signals, hosted, ready)
        hosted.component.stop()
    finally:
        hosted.close()


def _bfdd(options: Options) -> Hosted[Component]:
    from pyvtysh.host.bfdd import host_bfdd

    return host_bfdd(options)


def _bgpd(options: Options) -> Hosted[ZapiClient]:
    from pyvtysh.host.bgp import check_port, host_bgpd, tcp_transport

    port = options.bgp_listen_port
    error = check_port(options, port)
    if error is not None:
        raise StartError(reason(error))
    return host_bgpd(options, tcp_transport(options, port))


def _staticd(options: Options) -> Hosted[ZapiClient]:
    from pyvtysh.host.staticd import host_staticd

    return host_staticd(options)


async def within_grace(step: Coroutine[Any, Any, None]) -> None:
    """Run a step of the end, but not for long."""
    with contextlib.suppress(TimeoutError):
        async with asyncio.timeout(_GRACE):
            await step
