"""`-C`: a configuration file put before a daemon that does nothing."""

import socket
import sys
from collections.abc import Callable

from bgp.bgpd import Bgpd
from bgp.transport import Attempt, Connection, Dial, Listener, TurnsAway, nobody
from grammar.base.clock import SystemClock
from grammar.base.log import Level, MemoryLog
from grammar.base.scheduler import FakeScheduler
from grammar.base.values import Address, Prefix
from pyvtysh.host import configuration
from pyvtysh.host.hosted import Component
from pyvtysh.host.log import DaemonLog, early_line
from pyvtysh.host.options import TAGS, Options
from zebra.bfdd.bfdd import Bfdd
from zebra.kernel.memory import MemoryKernel
from zebra.staticd.staticd import Staticd
from zebra.zebra import Zebra


def check(options: Options) -> int:
    """Tell of the lines of the file that are not taken; 0 in any case, as FRR has it.

    StartError if the file is there and cannot be read.
    """
    name = options.program
    path = options.own_config(name)
    log = _EarlyLog(name)
    if not configuration.there(path):
        configuration.log_missing(log, path, options)
        return 0
    for line in configuration.load(component(name), path, configuration.read(path)):
        line.log(log)
    return 0


class _EarlyLog(DaemonLog):
    """Lines on standard error, as FRR writes them there before it has a log."""

    def __init__(self, name: str) -> None:
        super().__init__(name, TAGS[name], SystemClock())

    def write(self, level: Level, text: str, ident: str = "", category: int = 0) -> None:
        """A line on standard error, if it is about something wrong."""
        if level <= Level.WARNINGS:
            sys.stderr.write(f"{early_line(self.tag, text, ident, category)}\n")


def component(name: str) -> Component:
    """A daemon without network: nothing of it ever runs."""
    scheduler = FakeScheduler()
    clock, log = scheduler.clock, MemoryLog()
    match name:
        case "bgpd":
            return Bgpd(scheduler, clock, log, _Nowhere(), socket.gethostname())
        case "zebra":
            return Zebra(scheduler, clock, log, MemoryKernel(scheduler.call_soon))
        case "bfdd":
            return Bfdd(clock, log)
    return Staticd(scheduler, clock, log)


class _Nowhere:
    """A transport that never connects."""

    def __init__(self) -> None:
        self.listeners: list[Listener] = []
        self.dscp = 0

    def listen(
        self, on_accept: Callable[[Connection], None], turns_away: TurnsAway = nobody
    ) -> None:
        pass

    def unlisten(self) -> None:
        pass

    def connect(
        self,
        dial: Dial,
        on_connected: Callable[[Connection], None],
        on_failed: Callable[[OSError], None],
    ) -> Attempt:
        return _NoAttempt()

    def set_password(self, peer: Address | Prefix, password: str | None) -> None:
        pass

    def dropped(self) -> dict[str, int]:
        """As `bgp.transport.Transport`."""
        return {}

    def within(self, vrf: str, netns: str) -> "_Nowhere":
        return self

    def set_ttl(self, connection: Connection, ttl: int, min_ttl: int) -> None:
        pass

    def set_mss(self, connection: Connection, mss: int) -> None:
        pass


class _NoAttempt:
    def cancel(self) -> None:
        pass
