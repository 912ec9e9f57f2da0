"""Routers of one test, the wires between them, and the clock of all.

Nothing happens while the test does something else: `settle` lets happen what is due at this moment,
`advance` lets time pass, and `until` as much as it takes, at no more cost than what is done in it.
"""

from collections.abc import Callable
from ipaddress import ip_network

from bgp.transport import Transport
from grammar.base.scheduler import FakeScheduler
from grammar.base.values import Address
from pyvtysh.host.segment import End, OnPacket
from pyvtysh.host.wire import Addresses
from pyvtysh.testing.cables import Cable
from pyvtysh.testing.pipes import Ether, PipeTransport
from pyvtysh.testing.router import VirtualRouter


class Topology:
    """Routers by name; the fixture `topology`."""

    def __init__(self) -> None:
        self.scheduler = FakeScheduler()
        """What a client of a test takes for its event loop: `call_soon`, `call_at`, `time`."""
        self.ether = Ether(self.scheduler)
        self.routers: dict[str, VirtualRouter] = {}
        self._cables: dict[str, Cable] = {}

    def router(self, name: str, config: str = "", *, interfaces: str = "") -> VirtualRouter:
        """A further router, which is on from now on.

        `config` is a configuration as in frr.conf, `interfaces` are described as in a file of
        `pyvtysh --memory`. ValueError, RefusedError.
        """
        if name in self.routers:
            raise ValueError(f"there is a router {name} already")
        made = self.routers[name] = VirtualRouter(self, name)
        if interfaces:
            made.interfaces(interfaces)
        if config:
            made.load(config)
        return made

    def wire(self, one: VirtualRouter, other: VirtualRouter, network: str = "") -> Cable:
        """A wire between two routers; at each its interface has the other's name.

        Of `network` (IPv4 or IPv6; none: link-local addresses only) `one` has the first address
        for a host and `other` the second. ValueError.
        """
        name = f"{one.name}-{other.name}"
        hosts: list[str] = []
        if network:
            block = ip_network(network)
            first = int(block.num_addresses > 2)
            hosts = [f"{block[first + each]}/{block.prefixlen}" for each in range(2)]
        for number, (router, far) in enumerate(((one, other), (other, one))):
            address = f" address {hosts[number]}\n" if hosts else ""
            router.interfaces(f"interface {far.name}\n wire {name}\n{address}")
        return self.cable(name)

    def cable(self, name: str) -> Cable:
        """The wire that descriptions of interfaces call so (`wire NAME`)."""
        return self._cables.setdefault(name, Cable(self.scheduler))

    def plug_in(
        self, wire: str, mac: str, on_carrier: Callable[[], None], on_packet: OnPacket
    ) -> End:
        """`pyvtysh.host.segment.Plug` of this topology."""
        return self.cable(wire).plug_in(on_carrier, on_packet)

    def transport(self, *addresses: str, port: int = 0) -> Transport:
        """Where a BGP speaker of the test is, by its addresses; it listens on `port` unless 0."""
        own = tuple(Address.parse(address) for address in addresses)
        return PipeTransport(self.ether, Addresses(own), port)

    # --- time ------------------------------------------------------------------------------------

    @property
    def now(self) -> float:
        """Seconds on the clock of the routers."""
        return self.scheduler.time()

    def settle(self) -> None:
        """Let everything happen that is due now."""
        self.scheduler.settle()

    def advance(self, seconds: float) -> None:
        """Let time pass."""
        self.scheduler.advance(seconds)

    def until(
        self, condition: Callable[[], object], *, within: float = 120.0, every: float = 1.0
    ) -> float:
        """Let time pass until `condition()` is true; how many seconds it took.

        It is asked `every` so many seconds; AssertionError when it is not true `within` its time.
        """
        begin = self.now
        self.settle()
        while not condition():
            if self.now - begin >= within:
                raise AssertionError(f"not true within {within:g} seconds of the routers' time")
            self.advance(every)
        return self.now - begin

    def close(self) -> None:
        """Forget all routers; nothing outside of this process knows of them."""
        self.routers.clear()
        self._cables.clear()
        self.ether.listening.clear()
        self.scheduler.clear()
