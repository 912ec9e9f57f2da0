"""One component with what it needs from its host: log, own file, vty listeners."""

import asyncio
import os
import socket
from collections.abc import Callable
from pathlib import Path

from bgp.bgpd import Bgpd
from bgp.transport import AsyncTransport, Transport
from grammar.base.clock import SystemClock
from grammar.base.log import Level
from grammar.common import LogTarget
from grammar.common.config import VERSION
from pyvtysh.host import configuration
from pyvtysh.host.configuration import BadLine, Elsewhere
from pyvtysh.host.errors import StartError, reason
from pyvtysh.host.log import DaemonLog, warn
from pyvtysh.host.options import Options, default_vty_port
from pyvtysh.host.process import HostProcess
from pyvtysh.host.telnet import TelnetServer
from pyvtysh.host.vty import ListenError, VtyServer
from zebra.kernel.api import Kernel
from zebra.staticd.staticd import Staticd
from zebra.zebra import Zebra

TAGS = {"zebra": "ZEBRA", "bgpd": "BGP", "staticd": "STATIC"}
BGP_PORT = 179

Component = Bgpd | Zebra | Staticd


class Hosted:
    """A component in this process. Order: make, `listen`, `component.start`, `load`; `close`."""

    def __init__(self, name: str, options: Options, make: Callable[[DaemonLog], Component]) -> None:
        self.name = name
        self.options = options
        self.log = DaemonLog(name, TAGS[name], SystemClock())
        self.component = make(self.log)
        self.file = configuration.find(options, name)
        own = options.own_config(name)
        self.process = HostProcess(self.log, own if own.exists() else None)
        self.process.users = lambda: len(self.vty.connections)
        self.vty = VtyServer(self.component, options.vty_path(name))
        self.tcp: TelnetServer | None = None
        self._prepare()

    def _prepare(self) -> None:
        common = self.component.common
        common.system_hostname = socket.gethostname()
        common.kernel_release = os.uname().release
        common.hostname = common.hostname or common.system_hostname
        if self.options.profile is not None:
            common.profile = self.options.profile
        for kind, path in self.options.log.items():
            common.command_line[kind] = LogTarget(self.options.log_level, path)
        common.process = self.process
        self.log.common = common
        try:
            self.log.follow()
        except OSError as error:
            path = self.options.log.get("file")
            raise StartError(f"cannot open log file {path}: {reason(error)}") from None

    async def listen(self) -> None:
        """Open the vty sockets; StartError."""
        try:
            await self.vty.start()
        except ListenError as error:
            raise StartError(str(error)) from None
        port = self.options.vty_port
        address = self.options.vty_address
        if port == 0 or (port is None and not address):
            return
        self.tcp = TelnetServer(self.component, address, port or default_vty_port(self.name))
        try:
            await self.tcp.start()
        except OSError as error:
            text = f"cannot serve the vty on {self.tcp}: {reason(error)}"
            self.log.write(Level.ERRORS, text)
            warn(f"{self.name}: {text}")

    def starting(self) -> None:
        """The first line of the log."""
        port = self.options.vty_port
        vty = f"vty@{default_vty_port(self.name) if port is None else port}"
        if self.name == "bgpd":
            where = ",".join(self.options.listen_on) or "<all>"
            vty += f", bgp@{where}:{bgp_port(self.options)}"
        self.log.write(Level.NOTIFICATIONS, f"{self.name} {VERSION} starting: {vty}", "T83RR-8SM5G")

    def load(self, elsewhere: Elsewhere | None = None) -> list[BadLine]:
        """Put the configuration file in force; the lines that were not taken."""
        path = self.file
        if path is None:
            self._say_missing()
            return []
        lines = configuration.read(path)
        bad = configuration.load(self.component, path, lines, elsewhere)
        if path.name != "zebra.conf" or self.name != "staticd":
            return bad
        # zebra's file, read for want of an own one: its other lines are zebra's business.
        for line in bad:
            line.log(self.log)
        return []

    def _say_missing(self) -> None:
        named = self.options.config_file
        if named is not None and self.options.program == self.name and not Path(named).exists():
            text = f"can't open configuration file [{named}]"
            self.log.write(Level.ERRORS, f"vty_read_config: {text}", "VDWX6-W8CNF")
            warn(f"{self.name}: {text}: No such file or directory; starting without")

    def report(self, bad: list[BadLine]) -> None:
        """Tell of bad lines, in the log and on standard error."""
        for line in bad:
            line.log(self.log)
            warn(f"{self.name}: {line}")

    def close(self) -> None:
        """Close listeners and files; the component has been stopped."""
        self.vty.close()
        if self.tcp is not None:
            self.tcp.close()
        self.log.close()


def bgp_port(options: Options) -> int:
    """The port BGP listens on, 0 for none."""
    return BGP_PORT if options.bgp_port is None else options.bgp_port


def host_zebra(options: Options, kernel: Kernel) -> Hosted:
    """zebra in the running loop."""
    loop = asyncio.get_running_loop()
    keep = "K" in options.flags
    return Hosted("zebra", options, lambda log: Zebra(loop, SystemClock(), log, kernel, keep=keep))


def host_staticd(options: Options) -> Hosted:
    """staticd in the running loop."""
    loop = asyncio.get_running_loop()
    return Hosted("staticd", options, lambda log: Staticd(loop, SystemClock(), log))


def host_bgpd(options: Options, transport: Callable[[DaemonLog], Transport]) -> Hosted:
    """bgpd in the running loop."""
    loop = asyncio.get_running_loop()

    def make(log: DaemonLog) -> Bgpd:
        made = Bgpd(loop, SystemClock(), log, transport(log), socket.gethostname())
        made.no_zebra = "Z" in options.flags
        return made

    return Hosted("bgpd", options, make)


def tcp_transport(options: Options, port: int) -> Callable[[DaemonLog], Transport]:
    """Makes the transport over TCP that the options ask for."""
    loop = asyncio.get_running_loop()
    return lambda log: AsyncTransport(loop, log, list(options.listen_on), port)


def check_port(options: Options, port: int) -> OSError | None:
    """Why BGP cannot listen on a port, None when it can; addresses are those of `-l` or all."""
    if not port:
        return None
    for address in options.listen_on or ["0.0.0.0", "::"]:
        family = socket.AF_INET6 if ":" in address else socket.AF_INET
        try:
            probe = socket.socket(family, socket.SOCK_STREAM)
        except OSError:
            continue  # no IPv6 here
        try:
            with probe:
                probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
                if family == socket.AF_INET6:
                    probe.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_V6ONLY, 1)
                probe.bind((address, port))
                probe.listen(1)
        except OSError as error:
            where = f"{address} port {port}"
            return OSError(error.errno, f"cannot listen for BGP on {where}: {reason(error)}")
    return None
