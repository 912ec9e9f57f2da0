"""`-C`: a configuration file put before a daemon that does nothing."""

import socket
import sys
from collections.abc import Callable

from bgp.bgpd import Bgpd
from bgp.transport import Attempt, Connection, Dial, Listener
from grammar.base.log import MemoryLog
from grammar.base.scheduler import FakeScheduler
from grammar.base.values import Address
from pyvtysh.host import configuration
from pyvtysh.host.hosted import Component
from pyvtysh.host.options import Options
from zebra.kernel.memory import MemoryKernel
from zebra.staticd.staticd import Staticd
from zebra.zebra import Zebra


def check(options: Options) -> int:
    """0 if every line of the file is taken, else 1; StartError if it cannot be read."""
    path = options.own_config(options.program)
    bad = configuration.load(_component(options.program), path, configuration.read(path))
    for line in bad:
        sys.stderr.write(f"{options.program}: {line}\n")
    return 1 if bad else 0


def _component(name: str) -> Component:
    """A daemon without network: nothing of it ever runs."""
    scheduler = FakeScheduler()
    clock, log = scheduler.clock, MemoryLog()
    match name:
        case "bgpd":
            return Bgpd(scheduler, clock, log, _Nowhere(), socket.gethostname())
        case "zebra":
            return Zebra(scheduler, clock, log, MemoryKernel(scheduler.call_soon))
    return Staticd(scheduler, clock, log)


class _Nowhere:
    """A transport that never connects."""

    def __init__(self) -> None:
        self.listeners: list[Listener] = []

    def listen(self, on_accept: Callable[[Connection], None]) -> None:
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

    def set_password(self, address: Address, password: str | None) -> None:
        pass

    def set_ttl(self, connection: Connection, ttl: int, min_ttl: int) -> None:
        pass


class _NoAttempt:
    def cancel(self) -> None:
        pass
