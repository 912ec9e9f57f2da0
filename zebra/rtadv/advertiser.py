"""When router advertisements go out, and which neighbouring routers they made known.

An interface advertises when a line says so (`no ipv6 nd suppress-ra`) or a client of ZAPI asks for
it, as bgpd does for interface peers. Only such an interface listens. FRR keeps one neighbour for an
interface, the one that spoke last; clients hear of it, and the kernel gets an entry 169.254.0.1
with its Ethernet address.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final, Protocol

from grammar.base.clock import Clock
from grammar.base.scheduler import Handle, Scheduler
from grammar.base.values import Address, Afi, Prefix
from zebra.config import AdvertConfig, AdvertisedPrefix, InterfaceConfig
from zebra.interface import Interface, usable
from zebra.kernel.api import SetNeighbor
from zebra.rtadv import packet
from zebra.zapi.messages import InterfaceNbrAddress, RouterAdvertisement

if TYPE_CHECKING:
    from zebra.clients import Client, Clients
    from zebra.namespace import Namespace

ALL_NODES: Final = Address.parse("ff02::1")
STAND_IN: Final = Address.parse("169.254.0.1")
"""The IPv4 address under which FRR enters a neighbour's Ethernet address."""
_FAST = 4
"""Advertisements in quick succession after an interface came up."""
_MIN_DELAY = 3.0
"""Seconds between multicast advertisements without `ra-fast-retrans` (RFC 4861 sec. 10)."""


class Wire(Protocol):
    """The socket that carries the messages."""

    def join(self, ifindex: int) -> None:
        """Hear what is sent to all routers on an interface."""
        ...

    def leave(self, ifindex: int) -> None:
        """No more."""
        ...

    def send(self, ifindex: int, to: Address, data: bytes) -> None:
        """Send from the interface's link-local address with hop limit 255; OSError."""
        ...


class OpenWire(Wire, Protocol):
    """A socket that was opened for one namespace."""

    def close(self) -> None:
        """The namespace is gone."""
        ...


class Told(Protocol):
    """Who writes debug lines."""

    def debug(self, switch: str, text: str, ident: str = "") -> None:
        """A line for the log if `debug zebra SWITCH` is on."""
        ...


@dataclass(slots=True, eq=False)
class Advertising:
    """What one interface does; `asked` are the intervals in seconds that clients want."""

    interface: Interface
    asked: "dict[Client, int]" = field(default_factory=dict)
    sending: bool = False
    up: bool = False
    fast: int = 0
    """How many are still to follow in quick succession."""
    timer: Handle | None = None
    sent: int = 0
    received: int = 0
    last: float | None = None
    neighbor: Address | None = None

    @property
    def config(self) -> AdvertConfig:
        """The lines of the interface."""
        return self.interface.config.advert

    @property
    def wanted(self) -> bool:
        """Whether it is to advertise."""
        return not self.config.suppress or bool(self.asked)

    @property
    def interval(self) -> int:
        """Milliseconds between advertisements: the line's, else the least that clients want."""
        configured = self.config.interval
        if configured != AdvertConfig().interval or not self.asked:
            return configured
        return min(configured, *(seconds * 1000 for seconds in self.asked.values()))

    @property
    def prefixes(self) -> dict[Prefix, AdvertisedPrefix]:
        """Those of the interface's addresses, and those of lines in their place."""
        found = {
            address.prefix.network: AdvertisedPrefix()
            for address in self.interface.of_afi(Afi.IPV6)
            if usable(address) and not address.prefix.address.is_link_local
        }
        return {**found, **self.config.prefixes}


class Advertiser:
    """The interfaces of a namespace that advertise.

    Without a `wire` nothing is sent and nobody is found.
    """

    def __init__(
        self,
        scheduler: Scheduler,
        clock: Clock,
        namespace: "Namespace",
        clients: "Clients",
        told: Told,
    ) -> None:
        self.wire: Wire | None = None
        self.states: dict[int, Advertising] = {}
        self._scheduler = scheduler
        self._clock = clock
        self._kernel = namespace.kernel
        self._interfaces = namespace.interfaces
        self._clients = clients
        self._told = told

    # --- what is wanted --------------------------------------------------------------------------

    def attach(self, wire: Wire) -> None:
        """The socket is there."""
        self.wire = wire
        for state in self.states.values():
            if state.sending:
                wire.join(state.interface.ifindex)

    def configured(self, config: InterfaceConfig) -> None:
        """Lines of an interface changed."""
        interface = self._interfaces.by_name.get(config.name)
        if interface is not None:
            self._update(self._state(interface))

    def asked(self, client: "Client", message: RouterAdvertisement) -> None:
        """A client wants an interface to advertise, or no longer."""
        interface = self._interfaces.by_index.get(message.ifindex)
        if interface is None or interface.link.loopback:
            return
        state = self._state(interface)
        if message.enable:
            state.asked[client] = message.interval
        else:
            state.asked.pop(client, None)
        self._update(state)

    def forget(self, client: "Client") -> None:
        """A client is gone, and with it what it asked for."""
        for state in list(self.states.values()):
            if state.asked.pop(client, None) is not None:
                self._update(state)

    def interface(self, interface: Interface, *, gone: bool = False) -> None:
        """An interface is new, or changed in some way, or is gone."""
        state = self.states.get(interface.ifindex)
        if gone:
            self._gone(interface.ifindex)
            return
        if state is None:
            if interface.config.advert.suppress:
                return
            state = self._state(interface)
        came = interface.operative and not state.up
        state.interface, state.up = interface, interface.operative
        self._update(state)
        if came and state.sending:
            state.fast = _FAST if state.config.fast else 1
            self._fire(state)
        elif not state.up:
            self._quiet(state)
            self._forget_neighbor(state, tell=False)

    def _gone(self, ifindex: int) -> None:
        state = self.states.pop(ifindex, None)
        if state is not None:
            self._quiet(state)

    def stop(self) -> None:
        """The end of zebra: hosts learn that this is no router any more."""
        for state in list(self.states.values()):
            if state.sending:
                self._quiet(state)
                self._send(state, ceasing=True, prefixes={})
                self._forget_neighbor(state, tell=False)
        self.states.clear()

    def greet(self, client: "Client", interface: Interface) -> None:
        """Tell a client the neighbour of an interface."""
        state = self.states.get(interface.ifindex)
        if state is not None and state.neighbor is not None:
            message = InterfaceNbrAddress(True, interface.ifindex, state.neighbor.host_prefix())
            client.send(message, interface.vrf.id)

    # --- what is shown ---------------------------------------------------------------------------

    def neighbor(self, ifindex: int) -> Address | None:
        """Who was found on an interface; FRR knows it still when it advertises there no more."""
        state = self.states.get(ifindex)
        return None if state is None else state.neighbor

    def of(self, ifindex: int) -> Advertising | None:
        """The state of an interface that advertises."""
        state = self.states.get(ifindex)
        return state if state is not None and state.sending else None

    def names(self, *, milliseconds: bool = False) -> Iterator[str]:
        """Interfaces that advertise, or those of them whose interval is no whole second."""
        for interface in self._interfaces:
            state = self.of(interface.ifindex)
            if state is not None and (not milliseconds or state.interval % 1000):
                yield interface.name

    # --- sending ---------------------------------------------------------------------------------

    def _state(self, interface: Interface) -> Advertising:
        state = self.states.get(interface.ifindex)
        if state is None:
            state = Advertising(interface, up=interface.operative)
            self.states[interface.ifindex] = state
        return state

    def _update(self, state: Advertising) -> None:
        if state.wanted and not state.sending:
            state.sending = True
            if self.wire is not None:
                self.wire.join(state.interface.ifindex)
            # The one that the interval calls for follows the quick ones.
            state.fast = _FAST + 1 if state.config.fast else 1
            self._arm(state, 0)
        elif not state.wanted and state.sending:
            state.sending = False
            self._quiet(state)
            self._send(state, ceasing=True)
            if self.wire is not None:
                self.wire.leave(state.interface.ifindex)

    def interval_changed(self, config: InterfaceConfig) -> None:
        """`ra-interval` of an interface: the next one goes out at once, as in FRR."""
        interface = self._interfaces.by_name.get(config.name)
        state = None if interface is None else self.of(interface.ifindex)
        if state is not None:
            self._arm(state, 0)

    def _fire(self, state: Advertising) -> None:
        self._quiet(state)
        if not state.up:
            return
        self._send(state)
        state.fast = max(state.fast - 1, 0)
        # FRR's clock ticks each second, or faster once an interval asks for it.
        tick = 0.01 if next(self.names(milliseconds=True), None) is not None else 1.0
        self._arm(state, tick if state.fast else state.interval / 1000)

    def _arm(self, state: Advertising, seconds: float) -> None:
        self._quiet(state)
        when = self._clock.now() + seconds
        state.timer = self._scheduler.call_at(when, lambda: self._fire(state))

    def _quiet(self, state: Advertising) -> None:
        if state.timer is not None:
            state.timer.cancel()
            state.timer = None

    def _send(
        self,
        state: Advertising,
        *,
        ceasing: bool = False,
        prefixes: dict[Prefix, AdvertisedPrefix] | None = None,
    ) -> None:
        if self.wire is None or not state.up:
            return
        link = state.interface.link
        data = packet.encode(
            state.config,
            state.interval,
            link.hw_address,
            state.prefixes if prefixes is None else prefixes,
            ceasing=ceasing,
        )
        where = f"{link.name}({state.interface.vrf.name}:{link.ifindex})"
        text = f"{where}: Tx RA, socket 8"
        try:
            self.wire.send(link.ifindex, ALL_NODES, data)
        except OSError as error:
            text = f"{where}: Tx RA failed: {error.strerror}"
        else:
            state.sent += 1
            state.last = self._clock.now()
        self._told.debug("packet", text, "JY2SR-KEYTH")

    # --- receiving -------------------------------------------------------------------------------

    def received(self, ifindex: int, source: Address, hop_limit: int, data: bytes) -> None:
        """A solicitation or advertisement came in on an interface."""
        state = self.of(ifindex)
        if state is None or not data:
            return
        state.received += 1
        link = state.interface.link
        where = f"{link.name}({state.interface.vrf.name}:{link.ifindex})"
        text = f"{where}: Rx RA/RS len {len(data)} from {source}"
        self._told.debug("packet", text, "KD8RX-618DE")
        if hop_limit != 255:
            kind = "RS" if data[0] == packet.SOLICITATION else "RA"
            text = f"{where}: Rx {kind} - Invalid hoplimit {hop_limit}"
            self._told.debug("packet", text, "GC218-JNS34")
        elif data[0] == packet.SOLICITATION:
            self._answer(state)
        elif data[0] == packet.ADVERTISEMENT and packet.is_valid(data, hop_limit, source):
            self._learn(state, source)

    def _answer(self, state: Advertising) -> None:
        now = self._clock.now()
        earliest = now if state.last is None else state.last + _MIN_DELAY
        if state.config.fast or earliest <= now:
            self._fire(state)
        else:
            self._arm(state, earliest - now)

    def _learn(self, state: Advertising, source: Address) -> None:
        if state.neighbor == source:
            return
        self._forget_neighbor(state, tell=True)
        state.neighbor = source
        self._tell(state, source, add=True)
        self._enter(state, packet.link_address_of(source))

    def _forget_neighbor(self, state: Advertising, *, tell: bool) -> None:
        neighbor, state.neighbor = state.neighbor, None
        if neighbor is None:
            return
        if tell:
            self._tell(state, neighbor, add=False)
        self._enter(state, None)

    def _tell(self, state: Advertising, neighbor: Address, *, add: bool) -> None:
        verb, ident = ("ADD", "GQB2H-1W63E") if add else ("DELETE", "")
        interface, host = state.interface, neighbor.host_prefix()
        text = f"MESSAGE: ZEBRA_INTERFACE_NBR_ADDRESS_{verb} {host} on {interface.name}"
        self._told.debug("events", text, ident)
        message = InterfaceNbrAddress(add, interface.ifindex, host)
        for client in self._clients.all:
            if client.interfaces:
                client.send(message, interface.vrf.id)

    def _enter(self, state: Advertising, link_address: bytes | None) -> None:
        change = SetNeighbor(state.interface.ifindex, STAND_IN, link_address)
        self._kernel.program([change], lambda errors: None)
