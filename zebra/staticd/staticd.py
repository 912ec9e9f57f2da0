"""The component Staticd: keeps zebra's static routes equal to the configured ones."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from typing import Any

from grammar.base.clock import Clock
from grammar.base.log import Level, Log
from grammar.base.scheduler import Scheduler
from grammar.base.values import Address, Safi
from grammar.command import Change
from grammar.common import CommonConfig
from grammar.declared import Language
from zebra.staticd.config import StaticdConfig, StaticHop, StaticKey, StaticPath, hop_order
from zebra.staticd.effects import Effect
from zebra.zapi.constants import BlackholeType, NexthopType, RouteFlag, RouteType
from zebra.zapi.link import Link
from zebra.zapi.messages import (
    DEFAULT_VRF,
    Capabilities,
    Hello,
    InterfaceAddress,
    InterfaceEvent,
    InterfaceRequest,
    InterfaceState,
    Message,
    Nexthop,
    NexthopRegister,
    NexthopUnregister,
    NexthopUpdate,
    NexthopWatch,
    Route,
    RouteAdd,
    RouteDelete,
    RouterIdAdd,
    VrfAdd,
    VrfDelete,
)

_FLAGS = RouteFlag.ALLOW_RECURSION | RouteFlag.RR_USE_DISTANCE
_DROPS = {
    "reject": BlackholeType.REJECT,
    "blackhole": BlackholeType.NULL,
    "Null0": BlackholeType.NULL,
}

Gate = tuple[int, Safi, Address]
"""A gateway that zebra watches: in which VRF, among which routes, and its address."""

Distance = int

Concerns = Callable[[StaticKey, StaticHop], bool]
"""Which next hops something is about."""


@dataclass(slots=True)
class Known:
    """An interface that zebra told of."""

    name: str
    ifindex: int


class Staticd:
    """staticd: give it its link to zebra with `attach_zebra`, each time there is a new one."""

    name = "staticd"

    def __init__(self, scheduler: Scheduler, clock: Clock, log: Log) -> None:
        self.scheduler = scheduler
        self.clock = clock
        self.log = log
        self.common = CommonConfig()
        self.config = StaticdConfig()
        self.namespaces = False
        """Whether zebra has namespaces for VRFs, in which each may have tables of its own."""
        self.mpls = False
        """Whether zebra takes MPLS for there, by what it said when the link came."""
        self._link: Link | None = None
        self._vrfs: dict[str, int] = {"default": DEFAULT_VRF}
        self._interfaces: dict[tuple[int, int], Known] = {}
        self._own: dict[tuple[int, Address], set[int]] = {}
        self._down: dict[tuple[StaticKey, StaticHop], StaticPath] = {}
        """What has been taken back because a link went down; what is typed later is not in it."""
        self._resolved: set[Gate] = set()
        self._unanswered: set[Gate] = set()
        """What zebra was asked to watch, and has not told of yet."""
        self._watched: dict[Gate, dict[StaticKey, None]] = {}
        self._told: dict[StaticKey, dict[Distance, Route]] = {}
        """For zebra a route is a destination and a distance."""

    def objects(self) -> Iterator[tuple[str, type, int]]:
        """What there is in memory: FRR's word for each kind, its class, and how many."""
        routes = self.config.routes.values()
        yield "Static Path", StaticPath, sum(map(len, routes))
        yield "Static Route Info", StaticKey, len(routes)
        yield "Static Nexthop", StaticHop, sum(map(len, routes))

    @property
    def language(self) -> Language:
        """The commands staticd understands."""
        from zebra.staticd.commands import LANGUAGE

        return LANGUAGE

    def start(self) -> None:
        """Nothing happens before the link to zebra is there."""

    def stop(self) -> None:
        """End: zebra takes the routes away when the link closes."""
        if self._link is not None:
            self._link.close()
        self.detach_zebra()

    def bug(self, where: str, error: Exception) -> None:
        """Log an unexpected exception."""
        self.log.write(Level.ERRORS, f"internal error at {where}: {error!r}")

    def render(self, view: Any, as_json: bool) -> Iterable[str]:
        """staticd has no views of its own."""
        raise TypeError(f"no text for {type(view).__name__}")

    def react(self, changes: list[Change]) -> None:
        """Tell zebra what changed; the last of several changes of a destination counts."""
        for key in {change.target: None for change in changes if change.effect is Effect.ROUTE}:
            self._update(key)

    def known(self, subject: str) -> list[str]:
        """What completion may offer of a kind of things: VRFs."""
        if subject != "vrf":
            return []
        return sorted({*self._vrfs, *self.config.vrfs, *(key.vrf for key in self.config.routes)})

    def vrf_known(self, name: str) -> bool:
        """Whether zebra told of a VRF; before there is a link only the default one counts."""
        return name in self._vrfs

    # --- the link to zebra -----------------------------------------------------------------

    def attach_zebra(self, link: Link) -> None:
        """Talk to zebra over a new link: everything is told anew."""
        self.detach_zebra()
        self._link = link
        link.on_message = self._message
        link.on_close = self.detach_zebra
        link.on_writable = lambda: None
        link.send(Hello(RouteType.STATIC, notify=True))
        link.send(InterfaceRequest())
        link.send(RouterIdAdd())
        link.send(InterfaceRequest())
        for key in list(self.config.routes):
            self._update(key)

    def detach_zebra(self) -> None:
        """There is no zebra (any more)."""
        self._link = None
        self._vrfs = {"default": DEFAULT_VRF}
        self._interfaces.clear()
        self._own.clear()
        self._down.clear()
        self._resolved.clear()
        self._unanswered.clear()
        self._watched.clear()
        self._told.clear()

    def _send(self, message: Message, vrf: int = DEFAULT_VRF) -> None:
        if self._link is not None:
            self._link.send(message, vrf)

    def _message(self, message: Message, vrf: int) -> None:
        try:
            match message:
                case InterfaceState():
                    self._interface(message, vrf)
                case InterfaceAddress():
                    self._address(message, vrf)
                case NexthopUpdate():
                    self._nexthop(message, vrf)
                case Capabilities(vrf_backend=backend):
                    self.namespaces = backend != 0
                    self.mpls = message.mpls
                case VrfAdd(name=name):
                    self._vrf_added(name, vrf)
                case VrfDelete(name=name):
                    self._vrf_gone(name, vrf)
                case _:
                    pass
        except Exception as error:  # noqa: BLE001  zebra's next message must still be heard
            self.bug(type(message).__name__, error)

    def _vrf_added(self, name: str, vrf: int) -> None:
        if self._vrfs.get(name) == vrf:
            return
        self._vrfs[name] = vrf
        self._send(InterfaceRequest(), vrf)
        self._send(RouterIdAdd(), vrf)
        self._update_all(lambda key, hop: name in (key.vrf, hop.nexthop_vrf))

    def _vrf_gone(self, name: str, vrf: int) -> None:
        """With the VRF zebra has forgotten its routes and what was watched there."""
        self._vrfs.pop(name, None)
        self._told = {key: told for key, told in self._told.items() if key.vrf != name}
        for gate in [gate for gate in self._watched if gate[0] == vrf]:
            del self._watched[gate]
            self._resolved.discard(gate)
        for at in [at for at in self._interfaces if at[0] == vrf]:
            del self._interfaces[at]
        self._update_all(lambda key, hop: name == hop.nexthop_vrf)

    def _interface(self, state: InterfaceState, vrf: int) -> None:
        at = (vrf, state.ifindex)
        known = self._interfaces.get(at)
        before = known.name if known is not None else None
        if state.event is InterfaceEvent.DELETE:
            self._interfaces.pop(at, None)
        else:
            self._interfaces[at] = Known(state.name, state.ifindex)
            if before == state.name and state.event is InterfaceEvent.ADD:
                return
        names = {state.name, before or state.name}

        def concerns(key: StaticKey, hop: StaticHop) -> bool:
            return hop.interface in names and self._vrf_of(key, hop) == vrf

        # As with FRR, routes over a link that is down when it is told of, or when they are typed,
        # are zebra's to judge.
        down = state.event is InterfaceEvent.DOWN
        for key, hops in list(self.config.routes.items()):
            of_it = {hop: path for hop, path in hops.items() if concerns(key, hop)}
            for hop, path in of_it.items():
                if down:
                    self._down[key, hop] = path
                else:
                    self._down.pop((key, hop), None)
            if of_it:
                self._update(key, concerns)

    def _address(self, told: InterfaceAddress, vrf: int) -> None:
        there = self._own.setdefault((vrf, told.prefix.address), set())
        (there.add if told.add else there.discard)(told.ifindex)

    def _nexthop(self, update: NexthopUpdate, vrf: int) -> None:
        address = update.asked.address
        gate = (vrf, update.safi, address)
        reachable = update.reachable
        if update.type is RouteType.CONNECTED and self._own.get((vrf, address)):
            reachable = False  # there is no way over oneself
        self._unanswered.discard(gate)
        if reachable:
            self._resolved.add(gate)
        else:
            self._resolved.discard(gate)
        # In the order of prefixes, as FRR walks its table; FRR's zebra looks at a route that
        # resolves over what changed only when the route is told again.
        for key in sorted(self._watched.get(gate, ()), key=lambda key: key.prefix.key):
            self._update(key, lambda key, hop: self._gate(key, hop) == gate)

    def _vrf_of(self, key: StaticKey, hop: StaticHop) -> int | None:
        """The number of the VRF that a next hop is in, if it is there."""
        return self._vrfs.get(hop.nexthop_vrf or key.vrf)

    # --- routes ----------------------------------------------------------------------------

    def _update_all(self, concerns: Concerns) -> None:
        for key, hops in list(self.config.routes.items()):
            if any(concerns(key, hop) for hop in hops):
                self._update(key)

    def _update(self, key: StaticKey, concerns: Concerns | None = None) -> None:
        """Bring zebra's idea of a destination in line with the configuration.

        Routes with next hops that zebra told of are told again, or that they are none.
        """
        if self._link is None:
            return
        hops = self.config.routes.get(key, {})
        self._watch(key, dict.fromkeys(self._gates(key, hops)))
        vrf = self._vrfs.get(key.vrf)
        wanted = dict(self._routes(key, hops)) if vrf is not None else {}
        told = self._told.setdefault(key, {})
        again = self._distances(key, hops, concerns) if concerns is not None else set()
        gone = (told.keys() | again) - wanted.keys()
        if gone:
            # What may take a route's place is not known to resolve yet, nor not to.
            gone -= self._distances(
                key, hops, lambda k, hop: self._gate(k, hop) in self._unanswered
            )
        for distance in sorted(gone):
            told.pop(distance, None)
            self._send(RouteDelete(_route(key, distance, ())), vrf or DEFAULT_VRF)
        for distance, route in wanted.items():
            if distance in again or told.get(distance) != route:
                told[distance] = route
                self._send(RouteAdd(route), vrf or DEFAULT_VRF)
        if not told:
            del self._told[key]

    def _distances(
        self, key: StaticKey, hops: dict[StaticHop, StaticPath], concerns: Concerns
    ) -> set[Distance]:
        return {path.effective_distance for hop, path in hops.items() if concerns(key, hop)}

    def _gate(self, key: StaticKey, hop: StaticHop) -> Gate | None:
        """What is to be watched for a next hop; None without a gateway or a VRF."""
        vrf = self._vrf_of(key, hop)
        return None if hop.gate is None or vrf is None else (vrf, key.safi, hop.gate)

    def _gates(self, key: StaticKey, hops: Iterable[StaticHop]) -> Iterator[Gate]:
        return (gate for hop in hops if (gate := self._gate(key, hop)) is not None)

    def _watch(self, key: StaticKey, gates: dict[Gate, None]) -> None:
        for gate in gates:
            keys = self._watched.setdefault(gate, {})
            if not keys:
                self._unanswered.add(gate)
                self._send(NexthopRegister((_asked(gate),)), gate[0])
            keys[key] = None
        for gate in [g for g, keys in self._watched.items() if key in keys and g not in gates]:
            del self._watched[gate][key]
            if not self._watched[gate]:
                del self._watched[gate]
                self._resolved.discard(gate)
                self._unanswered.discard(gate)
                self._send(NexthopUnregister((_asked(gate),)), gate[0])

    def _routes(
        self, key: StaticKey, hops: dict[StaticHop, StaticPath]
    ) -> Iterator[tuple[Distance, Route]]:
        found: dict[Distance, list[Nexthop]] = {}
        tags: dict[Distance, int | None] = {}
        for hop, path in sorted(hops.items(), key=hop_order):
            nexthop = self._nexthop_of(key, hop, path)
            if nexthop is not None:
                distance = path.effective_distance
                found.setdefault(distance, []).append(nexthop)
                tags[distance] = path.tag
        for distance, nexthops in found.items():
            yield distance, _route(key, distance, tuple(nexthops), tags[distance])

    def _nexthop_of(self, key: StaticKey, hop: StaticHop, path: StaticPath) -> Nexthop | None:
        """The next hop as zebra takes it; None while it cannot be used."""
        vrf = self._vrf_of(key, hop)
        if vrf is None:
            return None
        if hop.drop is not None:
            return replace(Nexthop.drop(_DROPS[hop.drop]), vrf=vrf)
        gate, ifindex = self._gate(key, hop), 0
        if gate in self._unanswered:
            return None
        if hop.interface is not None:
            ifindex = self._ifindex(vrf, hop.interface)
            if not ifindex or self._down.get((key, hop)) is path:
                return None
        elif gate not in self._resolved:
            return None
        if hop.gate is None:
            return Nexthop(NexthopType.IFINDEX, None, ifindex, vrf)
        via = Nexthop.via(hop.gate, ifindex)
        return replace(via, vrf=vrf, onlink=path.onlink, labels=path.labels, color=path.color or 0)

    def _ifindex(self, vrf: int, name: str) -> int:
        for (where, _), known in self._interfaces.items():
            if where == vrf and known.name == name:
                return known.ifindex
        return 0


def _asked(gate: Gate) -> NexthopWatch:
    return NexthopWatch(gate[2].host_prefix(), safi=gate[1])


def _route(
    key: StaticKey, distance: Distance, nexthops: tuple[Nexthop, ...], tag: int | None = None
) -> Route:
    return Route(
        RouteType.STATIC,
        key.prefix,
        nexthops,
        distance,
        flags=_FLAGS,
        safi=key.safi,
        tag=tag,
        table=key.table,
        # A route from everywhere is one without sources: FRR's zebra drops any other.
        source=key.source if key.source is not None and key.source.length else None,
    )
