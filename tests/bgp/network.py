"""An in-memory internet for tests: routers on one fake clock whose connections are byte pipes."""

import socket
from collections.abc import Callable

from bgp.bgpd import Bgpd
from bgp.config import BgpConfig, PeerConfig
from bgp.effects import Effect
from bgp.sockets import Endpoint, TcpInfo
from bgp.transport import Attempt, Connection, Dial, Listener, TurnsAway, nobody
from grammar.base.log import MemoryLog
from grammar.base.scheduler import FakeScheduler
from grammar.base.values import Address, Prefix
from grammar.command import Change


def free_port() -> int:
    """A TCP port that nobody listens on now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
    return port


class Pipe:
    """One end of a connection."""

    def __init__(self, scheduler: FakeScheduler, local: Endpoint, remote: Endpoint) -> None:
        self.scheduler = scheduler
        self.local, self.remote = local, remote
        self.fd = 7
        self.other: Pipe | None = None
        self.closed = self.paused = False
        self.buffered = 0
        self.rtt = 0
        self.on_data: Callable[[bytes], None] = lambda data: None
        self.on_close: Callable[[OSError | None], None] = lambda error: None
        self.on_drained: Callable[[], None] = lambda: None
        self._held: list[bytes] = []

    def write(self, data: bytes) -> None:
        if not self.closed and self.other is not None:
            other = self.other
            self.scheduler.call_soon(lambda: other.deliver(data))

    def deliver(self, data: bytes) -> None:
        if self.closed:
            return
        if self.paused:
            self._held.append(data)
        else:
            self.on_data(data)

    def close(self) -> None:
        if not self.closed:
            self.closed = True
            if self.other is not None:
                self.scheduler.call_soon(self.other.hang_up)

    def hang_up(self) -> None:
        if not self.closed:
            self.closed = True
            self.on_close(None)

    def tcp_info(self) -> TcpInfo | None:
        return TcpInfo(1448, self.rtt)

    def pause(self) -> None:
        self.paused = True

    def resume(self) -> None:
        self.paused = False
        held, self._held = self._held, []
        for data in held:
            self.on_data(data)


class MemoryTransport:
    """The transport of one router in a `Network`."""

    def __init__(self, network: "Network", address: Address) -> None:
        self.network, self.address = network, address
        self.listeners: list[Listener] = []
        self.dscp = 0
        self.on_accept: Callable[[Connection], None] | None = None
        self.reachable = True
        self.dialled: list[Dial] = []
        self.passwords: dict[Address | Prefix, str] = {}
        self.of_vrfs: dict[str, MemoryTransport] = {}

    def within(self, vrf: str, netns: str) -> "MemoryTransport":
        made = self.of_vrfs[vrf] = MemoryTransport(self.network, self.address)
        return made

    def listen(
        self, on_accept: Callable[[Connection], None], turns_away: TurnsAway = nobody
    ) -> None:
        self.on_accept = on_accept

    def unlisten(self) -> None:
        self.on_accept = None

    def connect(
        self,
        dial: Dial,
        on_connected: Callable[[Connection], None],
        on_failed: Callable[[OSError], None],
    ) -> Attempt:
        self.dialled.append(dial)
        return self.network.scheduler.call_soon(
            lambda: self.network.join(self, dial, on_connected, on_failed)
        )

    def set_password(self, address: Address | Prefix, password: str | None) -> None:
        if password is None:
            self.passwords.pop(address, None)
        else:
            self.passwords[address] = password

    def set_ttl(self, connection: Connection, ttl: int, min_ttl: int) -> None:
        pass

    def dropped(self) -> dict[str, int]:
        return {}

    def set_mss(self, connection: Connection, mss: int) -> None:
        pass


class Network:
    """Routers by address, on one scheduler."""

    def __init__(self) -> None:
        self.scheduler = FakeScheduler()
        self.transports: dict[Address, MemoryTransport] = {}
        self.pipes: list[Pipe] = []
        self._ports = iter(range(40000, 60000))

    def join(
        self,
        caller: MemoryTransport,
        dial: Dial,
        on_connected: Callable[[Connection], None],
        on_failed: Callable[[OSError], None],
    ) -> None:
        target = self.transports.get(dial.remote.address)
        if target is None or target.on_accept is None or not target.reachable:
            on_failed(ConnectionRefusedError(111, "Connection refused"))
            return
        here = Endpoint(dial.source or caller.address, next(self._ports))
        mine = Pipe(self.scheduler, here, dial.remote)
        theirs = Pipe(self.scheduler, dial.remote, here)
        mine.other, theirs.other = theirs, mine
        self.pipes += [mine, theirs]
        on_connected(mine)
        target.on_accept(theirs)

    def router(self, address: str, asn: int, *, zebra: bool = False) -> Bgpd:
        """A bgpd at that address with a `router bgp`, which is also its router id."""
        here = Address.parse(address)
        transport = self.transports[here] = MemoryTransport(self, here)
        bgpd = Bgpd(
            self.scheduler, self.scheduler.clock, MemoryLog(), transport, f"r{here.value & 255}"
        )
        bgpd.no_zebra = not zebra
        config = BgpConfig(asn, router_id=here, ebgp_requires_policy=False)
        bgpd.config.instances[None] = config
        return bgpd

    def advance(self, seconds: float) -> None:
        self.scheduler.advance(seconds)


def neighbor(bgpd: Bgpd, address: str, remote_as: int | str, **lines: object) -> PeerConfig:
    """Configure a neighbor (before `start`, or followed by `react`)."""
    name = Address.parse(address)
    config = PeerConfig(name, remote_as, **lines)  # type: ignore[arg-type]
    bgpd.config.instances[None].peers[name] = config
    return config


def react(bgpd: Bgpd, effect: Effect, target: object) -> None:
    """What a command line does after it changed the configuration."""
    bgpd.react([Change(effect, target)])
