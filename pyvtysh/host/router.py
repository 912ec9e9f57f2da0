"""zebra, staticd and bgpd in one process and one event loop: the program `pyvtysh`.

The three speak through links in memory; their vty sockets and zebra's socket are there as well,
so that vtysh and other daemons work with it as with separate processes.
"""

import asyncio
import sys
from contextlib import AsyncExitStack
from pathlib import Path

from bgp.bgpd import Bgpd
from bgp.zebra import attach_vnc
from grammar.base.log import Level
from pyvtysh.host import configuration
from pyvtysh.host.background import PidFile, limit_descriptors
from pyvtysh.host.bfdd import host_bfdd
from pyvtysh.host.bgp import MakeTransport, check_port, host_bgpd, tcp_transport
from pyvtysh.host.children import Children, own_program
from pyvtysh.host.commits import CommitWatch
from pyvtysh.host.configuration import BadLine
from pyvtysh.host.daemon import within_grace
from pyvtysh.host.daemonsfile import DaemonsFile, daemons_file, hosted_options
from pyvtysh.host.errors import StartError, UsageError, reason
from pyvtysh.host.hosted import Component, Hosted, metrics_of
from pyvtysh.host.laboratory import Laboratory, open_laboratory, reread
from pyvtysh.host.log import DaemonLog, warn
from pyvtysh.host.options import BGP_PORT, CONFIG_DIR, Options, own_run_dir
from pyvtysh.host.signals import Ready, Signals
from pyvtysh.host.staticd import host_staticd
from pyvtysh.host.watchfrr.watchfrr import State, Watchfrr
from pyvtysh.host.wire import Addresses, Network, WireTransport
from pyvtysh.host.zebra import (
    claim_zserv,
    drained,
    host_zebra,
    open_kernel,
    start_zebra,
)
from zebra.kernel.api import Kernel
from zebra.kernel.memory import MemoryKernel
from zebra.staticd.staticd import Staticd
from zebra.zapi.link import PairLink
from zebra.zebra import Zebra

UNPRIVILEGED_PORT = 1790
"""Where BGP listens without the right to use port 179, unless `-p` says otherwise."""


async def serve(options: Options, ready: Ready) -> None:
    """Run the router until a signal, or the end of its shell; StartError."""
    async with AsyncExitStack() as stack:
        router = _Router(options, stack)
        await router.start()
        await router.run(ready)


class _Router:
    """Everything that is opened is put on `stack`, which closes it in the opposite order."""

    def __init__(self, options: Options, stack: AsyncExitStack) -> None:
        self.options = options
        self._stack = stack
        self._zebra: Hosted[Zebra]
        self._signals: Signals
        self._children: Children
        self._file: DaemonsFile
        self._daemons: dict[str, Options] = {}
        self._clients: list[Hosted[Bgpd] | Hosted[Staticd]] = []
        self._others: list[Hosted[Component]] = []
        self._watchfrr: Hosted[Watchfrr] | None = None
        self._hints: list[str] = []
        self._laboratory: Laboratory | None = None

    @property
    def _hosted(self) -> list[Hosted[Component]]:
        return [self._zebra, *self._clients, *self._others]

    async def start(self) -> None:
        """Open and start everything; StartError."""
        options = self.options
        if options.config_dir != CONFIG_DIR and not configuration.there(Path(options.config_dir)):
            raise StartError(f"there is no configuration folder {options.config_dir}")
        self._file = daemons_file(options.config_dir)
        names = self._file.wanted()
        self._daemons = {name: self._options_of(name) for name in names}
        limit_descriptors(self._file.descriptors)
        for name in ("pyvtysh", *names):
            self._stack.callback(PidFile(options.pid_path(name)).close)
        kernel = await self._open_kernel()
        self._stack.callback(kernel.close)
        transport = self._transport() if "bgpd" in names else None
        self._zebra = host_zebra(self._daemons["zebra"], kernel)
        self._stack.callback(self._zebra.close)
        if self._laboratory is not None:
            self._laboratory.attach(self._zebra.component.namespace.advertiser)
        self._clients.append(host_staticd(self._daemons["staticd"]))
        if transport is not None:
            self._clients.append(host_bgpd(self._daemons["bgpd"], transport))
        if "bfdd" in names:
            self._others.append(host_bfdd(self._daemons["bfdd"]))
        for hosted in (*self._clients, *self._others):
            self._stack.callback(hosted.close)
        if self._file.there and self._file.says("watchfrr_enable", default=True):
            self._watchfrr = Hosted("watchfrr", options, self._make_watchfrr)
            self._stack.callback(self._watchfrr.close)
        self._say_hints()
        self._signals = Signals(self._hosted, self._reread)
        self._children = Children()
        if self._watchfrr is not None:
            await self._watchfrr.listen()
        for hosted in self._hosted:
            await hosted.listen()
            hosted.starting()
        await self._start_components(kernel)

    def _options_of(self, name: str) -> Options:
        try:
            return hosted_options(self.options, self._file, name)
        except UsageError as error:
            raise StartError(str(error)) from None

    async def _open_kernel(self) -> Kernel:
        loop = asyncio.get_running_loop()
        if self.options.memory:
            self._laboratory = made = open_laboratory(self.options.memory, self.options.wire)
            self._stack.callback(made.close)
            return made.kernel
        try:
            return await open_kernel()
        except StartError:
            self._hints.append("routes stay in memory and do not reach the kernel")
            return MemoryKernel(loop.call_soon)

    @property
    def _network(self) -> Network:
        return Addresses(()) if self._laboratory is None else self._laboratory

    def _transport(self) -> MakeTransport:
        options = self._daemons["bgpd"]
        port = options.bgp_listen_port
        if options.wire is not None:
            loop, folder, network = asyncio.get_running_loop(), options.wire, self._network
            return lambda log: WireTransport(loop, log, folder, network, port)
        error = check_port(options, port)
        if isinstance(error, PermissionError) and options.bgp_port is None:
            port = UNPRIVILEGED_PORT
            self._hints.append(f"BGP listens on port {port} instead of {BGP_PORT}")
            error = check_port(options, port)
        if error is not None:
            raise StartError(reason(error))
        return tcp_transport(options, port)

    def _make_watchfrr(self, log: DaemonLog) -> Watchfrr:
        """For programs that count on it: it answers, and there is nothing to restart."""

        def written() -> list[str]:
            from pyvtysh.host.integrated import write_here

            daemons = {hosted.name: hosted.component for hosted in self._hosted}
            return write_here(daemons, self.options.config_dir)

        made = Watchfrr(log, [hosted.name for hosted in self._hosted], written)
        for watched in made.watched.values():
            watched.state = State.UP  # they answer as long as it does
        return made

    def _say_hints(self) -> None:
        folder = self.options.vty_dir
        if folder.startswith(own_run_dir()):
            self._hints.append(f"sockets are in {folder} (vtysh --vty_socket {folder})")
        if self._hints:
            warn(f"pyvtysh: without the rights of root {', '.join(self._hints)}.")

    async def _start_components(self, kernel: Kernel) -> None:
        zebra = self._zebra.component
        server = claim_zserv(self.options.zserv_path, zebra)
        self._stack.push_async_callback(lambda: within_grace(server.stop()))
        start_zebra(zebra)
        await server.start()
        for hosted in (*self._clients, *self._others):
            hosted.component.start()
        self._configure()
        call_soon = asyncio.get_running_loop().call_soon
        for client in self._clients:
            takes = [client.component.attach_zebra]
            if client.name == "bgpd":
                takes.append(attach_vnc)
            for take in takes:
                ours, zebras = PairLink.make(call_soon)
                zebra.accept(zebras)
                take(ours)
        self._stack.push_async_callback(self._stop, kernel)
        for hosted in self._hosted:
            await hosted.accept()
        if self._watchfrr is not None:
            await self._watchfrr.accept()
        metrics = await metrics_of(self._hosted, self.options.metrics)
        if metrics is not None:
            self._stack.callback(metrics.close)

    def _configure(self) -> None:
        """Load the files of the daemons, or frr.conf, as FRR's start script has vtysh do it."""
        path = configuration.integrated(self.options)
        if path is None:
            for hosted in self._hosted:
                hosted.report(self._load(hosted))
            return
        from pyvtysh.host.integrated import load  # the shell's language, for such folders only

        for line in load({hosted.name: hosted.component for hosted in self._hosted}, path):
            line.log(self._zebra.log)
            warn(f"pyvtysh: {line}")

    def _load(self, hosted: Hosted[Component]) -> list[BadLine]:
        """Load a daemon's file; a line that it does not know may be another's."""
        takers = [
            configuration.other_daemon(other.component)
            for other in self._hosted
            if other is not hosted
        ]
        bad = hosted.load(lambda line: any(take(line) for take, _ in takers))
        for _, flush in takers:
            flush()
        return bad

    async def _stop(self, kernel: Kernel) -> None:
        """Peers are told, routes leave the kernel."""
        for client in reversed(self._clients):
            client.component.stop()
        await asyncio.sleep(0)
        self._zebra.component.stop(keep_routes="r" in self.options.flags)
        await within_grace(drained(kernel))

    def _reread(self) -> None:
        """SIGHUP: what the files of `--memory` describe now."""
        if self._laboratory is not None:
            for line in reread(self._laboratory, self.options.memory):
                self._zebra.log.write(Level.ERRORS, line)
                warn(f"pyvtysh: {line}")

    async def run(self, ready: Ready) -> None:
        """Serve until the end."""
        watch = CommitWatch(self.options.config_dir, self._children, self._zebra.log.write)
        self._stack.callback(watch.close)
        signals = self._signals
        shell: asyncio.Task[None] | None = None
        if self._interactive():
            signals.ignore_interrupts()
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
        words = ("--vty_socket", options.vty_dir, "--config_dir", options.config_dir)
        try:
            await self._children.run(own_program("pyvtysh", *words))
        except OSError as error:
            warn(f"pyvtysh: cannot start the shell: {reason(error)}")
        signals.end.set()
