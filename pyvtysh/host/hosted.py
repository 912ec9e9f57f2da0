"""One component with what it needs from its host: log, own file, vty listeners."""

import asyncio
import os
import socket
from collections.abc import Callable, Sequence
from functools import partial
from typing import TYPE_CHECKING, Generic, Protocol, TypeVar

from grammar.base.clock import SystemClock
from grammar.base.log import Level
from grammar.common import CommonConfig, LogTarget
from grammar.common.config import VERSION
from grammar.node import VIEW
from grammar.secrets import masked
from grammar.session import Daemon, Session
from pyvtysh.host import configuration
from pyvtysh.host.clients import Door
from pyvtysh.host.configuration import BadLine, Elsewhere
from pyvtysh.host.errors import LoggedError, StartError, reason
from pyvtysh.host.log import DaemonLog, warn
from pyvtysh.host.memory import objects_of
from pyvtysh.host.options import TAGS, Options
from pyvtysh.host.process import HostProcess
from pyvtysh.host.pulse import Pulse
from pyvtysh.host.telnet import PORTS, TelnetServer
from pyvtysh.host.vty import ListenError, VtyServer

if TYPE_CHECKING:
    from pyvtysh.host.metrics.server import MetricsServer

_HANGUP = {
    "zebra": ("S6THV-41KZ4", False),
    "bgpd": ("JZRMZ-4AJK8", False),
    "staticd": ("X7F1N-NBX5Z", True),
    "bfdd": ("GNH8G-21Z7N", True),
}
_TERMINATING = {
    "zebra": "XVBTQ-5QTVQ",
    "bgpd": "ZW1GY-R46JE",
    "staticd": "MRN6F-AYZC4",
    "watchfrr": "",
}


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
    Order: make, `listen`, `component.start`, `load`, `accept`; at the end `close`.
    """

    def __init__(self, name: str, options: Options, make: Callable[[DaemonLog], C_co]) -> None:
        self.name = name
        self.options = options
        self.log = DaemonLog(name, TAGS[name], SystemClock())
        self.component = make(self.log)
        self.file = configuration.find(options, name)
        own = options.own_config(name)
        # A file that -f named and that is not there is not made by `write` (FRR).
        written = configuration.there(own) or not self._is_named
        self.process = HostProcess(self.log, own if written else None)
        self.process.users = lambda: self.tcp.users() if self.tcp is not None else ()
        self.process.clients = lambda: len(self.vty.connections)
        self.process.objects = lambda: objects_of(self)
        common = self.component.common
        self.door = Door(common.audit, self._note, SystemClock(), options.view_group)
        warn_of = partial(self.log.write, Level.WARNINGS)
        path = options.vty_path(name)
        self.vty = VtyServer(self.component, path, self._log_line, self.door, warn_of)
        self.tcp: TelnetServer | None = None
        self.metrics: MetricsServer | None = None
        self._listening = False
        self._prepare()

    def _prepare(self) -> None:
        common = self.component.common
        common.system_hostname = socket.gethostname()
        common.kernel_release = os.uname().release
        common.hostname = common.hostname or common.system_hostname
        if self.options.profile is not None:
            common.profile = self.options.profile
        if "command-log-always" in self.options.flags:
            common.log_commands = common.log_commands_always = True
        for kind, path in self.options.log.items():
            common.command_line[kind] = LogTarget(self.options.log_level, path)
        common.process = self.process
        self.log.common = common
        self.log.as_json = self.options.log_json
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
        if self.name not in PORTS or port == 0 or (port is None and not address):
            return
        self.tcp = TelnetServer(
            self.component, address, port or PORTS[self.name], self.door.admit_remote
        )
        try:
            await self.tcp.start()
        except socket.gaierror as error:
            text = f"getaddrinfo failed: {error.strerror}"
            raise LoggedError((text, "WCC83-WA8C2", 100663303)) from None
        except (OSError, OverflowError) as error:
            self._without_tcp(error)

    async def accept(self) -> None:
        """Answer on the vty sockets, now that the configuration is in force."""
        self.process.pulse = Pulse(asyncio.get_running_loop())
        await self.vty.accept()
        if self.tcp is not None:
            try:
                await self.tcp.accept()
            except OSError as error:
                self.tcp.close()
                self._without_tcp(error)
        self.metrics = await metrics_of([self], self.options.metrics)

    def _without_tcp(self, error: Exception) -> None:
        number = error.errno if isinstance(error, OSError) else None
        why = os.strerror(number) if number else "no such port"
        text = f"cannot serve the vty on {self.tcp}: {why}"
        self.tcp = None
        self.log.write(Level.ERRORS, text)
        warn(f"{self.name}: {text}")

    def _log_line(self, where: str, session: Session, line: str) -> None:
        """`log commands`: each line that a user sends."""
        if self.component.common.log_commands:
            node = session.node
            mark = f"{node.prompt}{'>' if node is VIEW else '#'}"
            text = f"vty[{where}@{mark} {masked(line)}"
            self.log.write(Level.NOTIFICATIONS, text, "M7Q4P-46WDR")

    def _note(self, level: Level, text: str) -> None:
        """Lines of the audit are in the log when `--log-audit` asks: FRR's log has none."""
        if "log-audit" in self.options.flags:
            self.log.note(level, text)

    def hangup(self) -> None:
        """SIGHUP: staticd and bfdd read their file again, the others only say that they heard."""
        if self.name not in _HANGUP:
            return
        ident, rereads = _HANGUP[self.name]
        text = "SIGHUP received" if self.name != "bgpd" else "SIGHUP received, ignoring"
        self.log.write(Level.INFORMATIONAL, text, ident)
        if not rereads:
            return
        try:
            self.report(self.load())
        except StartError as error:
            self.log.write(Level.ERRORS, str(error))

    def terminating(self) -> None:
        """The line of the log at the end."""
        if self.name in _TERMINATING:  # bfdd ends without a word
            ident = _TERMINATING[self.name]
            self.log.write(Level.NOTIFICATIONS, "Terminating on signal", ident)

    def gone(self) -> None:
        """The last line of zebra's log."""
        self.log.write(Level.NOTIFICATIONS, "Zebra final shutdown", "QS0NJ-H5QKJ")

    def starting(self) -> None:
        """The first line of the log."""
        port = self.options.vty_port
        vty = f"vty@{PORTS.get(self.name, 0) if port is None else port}"
        if self.name == "bgpd":
            where = ",".join(self.options.listen_on) or "<all>"
            vty += f", bgp@{where}:{self.options.bgp_listen_port}"
        self.log.write(Level.NOTIFICATIONS, f"{self.name} {VERSION} starting: {vty}", "T83RR-8SM5G")

    def load(self, elsewhere: Elsewhere | None = None) -> list[BadLine]:
        """Put the configuration file in force; the lines that were not taken."""
        path = self.file = configuration.find(self.options, self.name)
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

    @property
    def _is_named(self) -> bool:
        """Whether `-f` names the file."""
        return self.options.config_file is not None and self.options.program == self.name

    def _say_missing(self) -> None:
        own = self.options.own_config(self.name)
        named = self._is_named
        if not named and configuration.integrated(self.options) is not None:
            return
        configuration.log_missing(self.log, own, self.options)
        if named:
            text = f"can't open configuration file [{own}]: No such file or directory"
            warn(f"{self.name}: {text}; starting without")

    def report(self, bad: list[BadLine]) -> None:
        """Tell of bad lines, in the log and on standard error."""
        for line in bad:
            line.log(self.log)
            warn(f"{self.name}: {line}")

    def close(self) -> None:
        """Close listeners and files; the component has been stopped."""
        if self.process.pulse is not None:
            self.process.pulse.stop()
        if self._listening:  # else the socket is another process's
            self.vty.close()
        if self.tcp is not None:
            self.tcp.close()
        if self.metrics is not None:
            self.metrics.close()
        self.log.close()


async def metrics_of(
    daemons: "Sequence[Hosted[Component]]", place: tuple[str, int] | None
) -> "MetricsServer | None":
    """Serve the metrics of daemons at an address and port; without it nothing. StartError."""
    if place is None:
        return None
    try:
        from pyvtysh.host.metrics.server import MetricsServer  # with Prometheus' library
    except ImportError:
        more = "pip install 'pyvtysh[metrics]'"
        raise StartError(f"--metrics needs the package prometheus_client ({more})") from None
    server = MetricsServer(daemons, *place)
    try:
        await server.start()
    except OSError as error:
        address, port = place
        why = f"cannot serve metrics on {address} port {port}"
        number = error.errno or 0  # negative where a name was not found
        raise StartError(f"{why}: {os.strerror(number) if number > 0 else error}") from None
    return server
