"""One component with what it needs from its host: log, own file, vty listeners."""

import os
import socket
from collections.abc import Callable
from pathlib import Path
from typing import Generic, Protocol, TypeVar

from grammar.base.clock import SystemClock
from grammar.base.log import Level
from grammar.common import CommonConfig, LogTarget
from grammar.common.config import VERSION
from grammar.session import Daemon
from pyvtysh.host import configuration
from pyvtysh.host.configuration import BadLine, Elsewhere
from pyvtysh.host.errors import StartError, reason
from pyvtysh.host.log import DaemonLog, warn
from pyvtysh.host.options import Options
from pyvtysh.host.process import HostProcess
from pyvtysh.host.telnet import PORTS, TelnetServer
from pyvtysh.host.vty import ListenError, VtyServer

TAGS = {"zebra": "ZEBRA", "bgpd": "BGP", "staticd": "STATIC"}


class Component(Daemon, Protocol):
    """A daemon as its host sees it."""

    @property
    def common(self) -> CommonConfig:
        """The configuration that every daemon has."""
        ...

    def start(self) -> None:
        """Begin."""
        ...

    def stop(self) -> None:
        """End: others are told."""
        ...


C_co = TypeVar("C_co", bound=Component, covariant=True)


class Hosted(Generic[C_co]):
    """A component in this process.

    It holds only what concerns every daemon; links, kernel and transport are its maker's.
    Order: make, `listen`, `component.start`, `load`; at the end `close`.
    """

    def __init__(self, name: str, options: Options, make: Callable[[DaemonLog], C_co]) -> None:
        self.name = name
        self.options = options
        self.log = DaemonLog(name, TAGS[name], SystemClock())
        self.component = make(self.log)
        self.file = configuration.find(options, name)
        own = options.own_config(name)
        self.process = HostProcess(self.log, own if configuration.there(own) else None)
        self.process.users = lambda: len(self.vty.connections)
        self.vty = VtyServer(self.component, options.vty_path(name))
        self.tcp: TelnetServer | None = None
        self._listening = False
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
        self._listening = True
        port = self.options.vty_port
        address = self.options.vty_address
        if port == 0 or (port is None and not address):
            return
        self.tcp = TelnetServer(self.component, address, port or PORTS[self.name])
        try:
            await self.tcp.start()
        except OSError as error:
            text = f"cannot serve the vty on {self.tcp}: {reason(error)}"
            self.log.write(Level.ERRORS, text)
            warn(f"{self.name}: {text}")

    def starting(self) -> None:
        """The first line of the log."""
        port = self.options.vty_port
        vty = f"vty@{PORTS[self.name] if port is None else port}"
        if self.name == "bgpd":
            where = ",".join(self.options.listen_on) or "<all>"
            vty += f", bgp@{where}:{self.options.bgp_listen_port}"
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
        if (
            named is not None
            and self.options.program == self.name
            and not configuration.there(Path(named))
        ):
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
        if self._listening:  # else the socket is another process's
            self.vty.close()
        if self.tcp is not None:
            self.tcp.close()
        self.log.close()
