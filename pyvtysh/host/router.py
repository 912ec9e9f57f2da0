"""zebra, staticd and bgpd in one process and one event loop: the program `pyvtysh`.

The three speak through links in memory; their vty sockets and zebra's socket are there as well,
so that vtysh and other daemons work with it as with separate processes.
"""

import asyncio
import contextlib
import sys
from collections.abc import Callable
from pathlib import Path

from bgp.bgpd import Bgpd
from bgp.transport import Transport
from grammar.base.values import Address, Prefix
from pyvtysh.host import configuration
from pyvtysh.host.background import PidFile
from pyvtysh.host.configuration import BadLine
from pyvtysh.host.daemon import (
    Ready,
    Signals,
    listen_zserv,
    open_kernel,
    start_zebra,
    stop_zebra,
)
from pyvtysh.host.errors import StartError, reason
from pyvtysh.host.hosted import (
    BGP_PORT,
    Hosted,
    bgp_port,
    check_port,
    host_bgpd,
    host_staticd,
    host_zebra,
    tcp_transport,
)
from pyvtysh.host.log import DaemonLog, warn
from pyvtysh.host.options import DAEMONS, Options
from pyvtysh.host.wire import WireTransport
from zebra.kernel.api import IFF_LOWER_UP, IFF_RUNNING, IFF_UP, Kernel, Link, LinkAddress
from zebra.kernel.memory import MemoryKernel
from zebra.staticd.staticd import Staticd
from zebra.zapi.link import PairLink
from zebra.zapi.server import Server
from zebra.zebra import Zebra

UNPRIVILEGED_PORT = 1790
"""Where BGP listens without the right to use port 179, unless `-p` says otherwise."""


async def serve(options: Options, ready: Ready) -> None:
    """Run the router until a signal, or the end of its shell; StartError."""
    router = _Router(options)
    try:
        await router.start()
        await router.run(ready)
    finally:
        await router.end()


def daemons_wanted(config_dir: str) -> list[str]:
    """zebra, staticd and whatever the `daemons` file does not switch off; no file: all."""
    wanted = dict.fromkeys(DAEMONS, True)
    with contextlib.suppress(OSError):
        for line in Path(config_dir, "daemons").read_text(errors="replace").splitlines():
            name, equals, value = line.partition("#")[0].strip().partition("=")
            if equals and name == "bgpd":
                wanted[name] = value.strip().strip("\"'") == "yes"
    return [name for name in DAEMONS if wanted[name]]


class _Router:
    def __init__(self, options: Options) -> None:
        self.options = options
        self.hosted: dict[str, Hosted] = {}
        self.kernel: Kernel | None = None
        self.server: Server | None = None
        self._pids: list[PidFile] = []
        self._addresses: list[Address] = []

    async def start(self) -> None:
        options = self.options
        names = daemons_wanted(options.config_dir)
        for name in ("pyvtysh", *names):
            self._pids.append(PidFile(options.pid_path(name)))
        self.kernel, hint = await self._open_kernel()
        self.hosted["zebra"] = host_zebra(options, self.kernel)
        self.hosted["staticd"] = host_staticd(options)
        if "bgpd" in names:
            transport, moved = self._transport()
            self.hosted["bgpd"] = host_bgpd(options, transport)
            hint = " and ".join(part for part in (hint, moved) if part)
        if hint:
            warn(f"pyvtysh: without the rights of root, {hint}.")
        for hosted in self.hosted.values():
            await hosted.listen()
            hosted.starting()
        await self._start_components()

    async def _open_kernel(self) -> tuple[Kernel, str]:
        loop = asyncio.get_running_loop()
        if self.options.memory:
            links, addresses = memory_links(self.options.memory)
            self._addresses = [address.prefix.address for address in addresses]
            return MemoryKernel(loop.call_soon, links, addresses), ""
        try:
            return await open_kernel(), ""
        except StartError:
            hint = "routes stay in memory and do not reach the kernel"
            return MemoryKernel(loop.call_soon), hint

    def _transport(self) -> tuple[Callable[[DaemonLog], Transport], str]:
        options = self.options
        port = bgp_port(options)
        if options.wire is not None:
            return self._wire(options.wire, port), ""
        error = check_port(options, port)
        if error is None:
            return tcp_transport(options, port), ""
        if not isinstance(error, PermissionError) or options.bgp_port is not None:
            raise StartError(reason(error))
        error = check_port(options, UNPRIVILEGED_PORT)
        if error is not None:
            raise StartError(reason(error))
        hint = f"BGP listens on port {UNPRIVILEGED_PORT} instead of {BGP_PORT}"
        return tcp_transport(options, UNPRIVILEGED_PORT), hint

    def _wire(self, folder: Path, port: int) -> Callable[[DaemonLog], Transport]:
        loop = asyncio.get_running_loop()
        return lambda log: WireTransport(loop, log, folder, tuple(self._addresses), port)

    async def _start_components(self) -> None:
        zebra = self.hosted["zebra"].component
        assert isinstance(zebra, Zebra)
        start_zebra(zebra)
        self.server = Server(self.options.zserv_path, zebra.accept)
        await listen_zserv(self.server)
        for name in ("staticd", "bgpd"):
            if name in self.hosted:
                self.hosted[name].component.start()
        for hosted in self.hosted.values():
            hosted.report(self._load(hosted))
        for hosted in self.hosted.values():
            self._attach(zebra, hosted)

    def _attach(self, zebra: Zebra, hosted: Hosted) -> None:
        component = hosted.component
        if isinstance(component, Bgpd | Staticd):
            client, server = PairLink.make(asyncio.get_running_loop().call_soon)
            zebra.accept(server)
            component.attach_zebra(client)

    def _load(self, hosted: Hosted) -> list[BadLine]:
        """Load a daemon's file; a line that it does not know may be another's."""
        takers = [
            configuration.other_daemon(other.component)
            for other in self.hosted.values()
            if other is not hosted
        ]
        bad = hosted.load(lambda line: any(take(line) for take, _ in takers))
        for _, flush in takers:
            flush()
        return bad

    async def run(self, ready: Ready) -> None:
        """Serve until the end."""
        signals = Signals(list(self.hosted.values()))
        shell: asyncio.Task[None] | None = None
        if self._interactive():
            shell = asyncio.create_task(self._shell(signals))
        await signals.wait(ready)
        if shell is not None:
            shell.cancel()
            await asyncio.gather(shell, return_exceptions=True)

    def _interactive(self) -> bool:
        options = self.options
        wanted = not options.in_background and "no-shell" not in options.flags
        return wanted and sys.stdin.isatty() and sys.stdout.isatty()

    async def _shell(self, signals: Signals) -> None:
        """vtysh as a child on our sockets; when it ends, so do we."""
        options = self.options
        child = await asyncio.create_subprocess_exec(
            sys.executable,
            *("-m", "pyvtysh", "--vty_socket", options.vty_dir, "--config_dir", options.config_dir),
        )
        try:
            await child.wait()
        finally:
            if child.returncode is None:
                child.terminate()
                await child.wait()
        signals.end.set()

    async def end(self) -> None:
        """Stop what runs: peers are told, routes leave the kernel."""
        for name in ("bgpd", "staticd"):
            if name in self.hosted:
                self.hosted[name].component.stop()
        await asyncio.sleep(0)
        zebra = self.hosted.get("zebra")
        if zebra is not None and self.kernel is not None:
            assert isinstance(zebra.component, Zebra)
            keep = "r" in self.options.flags
            await stop_zebra(zebra.component, self.kernel, keep_routes=keep)
        if self.server is not None:
            await self.server.stop()
        for hosted in self.hosted.values():
            hosted.close()
        if self.kernel is not None:
            self.kernel.close()
        for pid in self._pids:
            pid.close()


def memory_links(texts: list[str]) -> tuple[list[Link], list[LinkAddress]]:
    """The interfaces of `--memory NAME=PREFIX`; StartError."""
    links: dict[str, Link] = {}
    addresses = []
    for text in texts:
        name, _, written = text.partition("=")
        try:
            prefix = Prefix.parse(written, with_host=True)
        except ValueError as error:
            raise StartError(f"--memory {text}: {error}") from None
        if not name or len(name) > 15 or name == "lo":
            raise StartError(f"--memory {text}: not a name for an interface")
        index = len(links) + 2
        flags = IFF_UP | IFF_RUNNING | IFF_LOWER_UP
        address = bytes((2, 0, 0, 0, 0, index & 255))
        link = links.setdefault(name, Link(index, name, flags, hw_address=address))
        addresses.append(LinkAddress(link.ifindex, prefix, label=name))
    return list(links.values()), addresses
