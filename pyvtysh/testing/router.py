"""A router of a topology: `pyvtysh.Router`, with its daemons in this process."""

from collections.abc import Callable
from copy import copy
from typing import TYPE_CHECKING

from bgp.bgpd import Bgpd
from bgp.zebra import attach_vnc
from grammar.base.log import MemoryLog
from grammar.base.pause import Pause
from grammar.session import Session
from pyvtysh.api.errors import Answer
from pyvtysh.api.sync import Router
from pyvtysh.candidate.archive import Memory
from pyvtysh.candidate.confirm import Timer
from pyvtysh.host.hosted import Component
from pyvtysh.host.laboratory import Laboratory
from pyvtysh.host.statefile import parse_state
from pyvtysh.link import LocalLink, Running, mapped
from pyvtysh.testing.pipes import PipeTransport
from zebra.staticd.staticd import Staticd
from zebra.zapi.link import PairLink
from zebra.zebra import Zebra

if TYPE_CHECKING:
    from pyvtysh.testing.topology import Topology


class _VirtualLink(LocalLink):
    """A daemon whose answers may take time: the routers' clock is moved on."""

    def __init__(self, name: str, session: Session, advance: Callable[[float], None]) -> None:
        super().__init__(name, session)
        self._advance = advance

    def run(self, line: str) -> Running:
        """As `LocalLink.run`."""
        return mapped(super().run(line), self._passed)

    def _passed(self, text: str) -> str:
        if isinstance(text, Pause):
            self._advance(text.seconds)
        return text


class VirtualRouter(Router):
    """Made by `Topology.router`; after each line everything happens that is due at that moment."""

    def __init__(self, topology: "Topology", name: str) -> None:
        scheduler, clock = topology.scheduler, topology.scheduler.clock
        self.name = name
        self.topology = topology
        self.log = MemoryLog()
        """What the daemons write; their `debug` lines turn more of it on."""
        self.laboratory = Laboratory(scheduler, topology.plug_in, name)
        transport = PipeTransport(topology.ether, self.laboratory)
        self.zebra = Zebra(scheduler, clock, self.log, self.laboratory.kernel)
        self.laboratory.attach(self.zebra.namespace.advertiser)
        self.staticd = Staticd(scheduler, clock, self.log)
        self.bgpd = Bgpd(scheduler, clock, self.log, transport, name)
        self._daemons: dict[str, Component] = {
            "zebra": self.zebra,
            "bgpd": self.bgpd,
            "staticd": self.staticd,
        }
        for daemon in self._daemons.values():
            daemon.common.hostname = daemon.common.system_hostname = name
        self.commits = Memory()
        """What was committed."""
        self.confirming = Timer(scheduler, self.beside)
        """What waits to be confirmed."""
        self._start()
        super().__init__(self._link)
        self._shell_ready()

    def _shell_ready(self) -> None:
        """The shell is the router's, and its commits are kept as long as it is."""
        self.shell.hostname = self.name
        self.shell.memory = self.commits
        self.shell.keeper = self.confirming

    def beside(self) -> "VirtualRouter":
        """A second conversation with the same router, as from another shell."""
        other = copy(self)
        super(VirtualRouter, other).__init__(self._link)
        other._shell_ready()
        return other

    def _start(self) -> None:
        self.zebra.start()
        self.staticd.start()
        self.bgpd.start()
        for take in (self.staticd.attach_zebra, self.bgpd.attach_zebra, attach_vnc):
            ours, zebras = PairLink.make(self.topology.scheduler.call_soon)
            self.zebra.accept(zebras)
            take(ours)
        self.topology.settle()

    def _link(self, name: str) -> LocalLink | None:
        daemon = self._daemons.get(name)
        if daemon is None:
            return None
        return _VirtualLink(name, Session(daemon), self.topology.advance)

    def drive(self, line: str, running: Running) -> Answer:
        """Run what the shell does for a line, and what follows from it at once."""
        answer = super().drive(line, running)
        self.topology.settle()
        return answer

    def interfaces(self, text: str) -> None:
        """Make or change interfaces and foreign routes, in the form of `pyvtysh --memory FILE`.

        ValueError for what is not understood or cannot be.
        """
        failed = self.laboratory.apply(parse_state(text, self.name, self.laboratory.state))
        if failed:
            raise ValueError(failed[0])
        self.topology.settle()

    def plug(self, interface: str) -> None:
        """The cable of an interface is plugged in again."""
        self._set_carrier(interface, on=True)

    def unplug(self, interface: str) -> None:
        """The cable of an interface is pulled; the far end keeps its carrier (see `Wire`)."""
        self._set_carrier(interface, on=False)

    def _set_carrier(self, interface: str, *, on: bool) -> None:
        index = self.laboratory.index(interface)
        if not index:
            raise ValueError(f"{self.name} has no interface {interface}")
        self.laboratory.kernel.set_carrier(index, on=on)
        self.topology.settle()

    def stop(self) -> None:
        """End the daemons: neighbours are told, routes leave the kernel."""
        self.bgpd.stop()
        self.staticd.stop()
        self.topology.settle()
        self.zebra.stop()
        self.laboratory.close()
        self.topology.settle()
