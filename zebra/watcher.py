"""What the kernel tells, brought into interfaces, connected routes and kernel routes."""

from collections.abc import Iterator
from dataclasses import replace

from grammar.base.clock import Clock
from grammar.base.values import Afi, Prefix
from zebra.connected import connected_addresses, tables_of
from zebra.devices import Devices
from zebra.fib import Fib
from zebra.hardware import offloads
from zebra.interface import Interface, usable
from zebra.kernel.api import (
    LOCAL_TABLE,
    MAIN_TABLE,
    AddressAdded,
    AddressGone,
    Event,
    KernelRoute,
    Link,
    LinkAddress,
    LinkChanged,
    LinkGone,
    NexthopAdded,
    NexthopGone,
    RouteAdded,
    RouteGone,
    RouteKind,
    RouteProtocol,
)
from zebra.kernelroutes import BLACKHOLES, METRIC, OWN_PROTOCOLS, cost_of, hops_of, metric_of
from zebra.leftovers import Leftovers
from zebra.linklines import LinkLines
from zebra.losses import Losses
from zebra.namespace import Namespace
from zebra.news import InterfaceNews
from zebra.nexthop import Groups, Hop
from zebra.reading import Reading
from zebra.resolve import Resolver
from zebra.resync import Resync
from zebra.rib import Rib, RouteEntry
from zebra.select import distance_of
from zebra.speeds import Speeds
from zebra.vrf import Table, Vrf
from zebra.zapi.constants import NexthopType, RouteFlag, RouteType
from zebra.zapi.messages import InterfaceEvent

_LAST_USER_TABLE = 252
_DESTS = 1000
"""Destinations looked at between two pauses."""


class Watcher:
    """Follows the kernel's events; `sweep` collects what an earlier zebra left at the start."""

    def __init__(
        self,
        namespace: Namespace,
        clock: Clock,
        rib: Rib,
        groups: Groups,
        resolver: Resolver,
        fib: Fib,
        losses: Losses,
        news: InterfaceNews,
        speeds: Speeds,
        devices: Devices | None = None,
    ) -> None:
        self._namespace = namespace
        self._kernel = kernel = namespace.kernel
        self._clock = clock
        self._interfaces = namespace.interfaces
        self._rib = rib
        self._groups = groups
        self._resolver = resolver
        self._fib = fib
        self._losses = losses
        self._news = news
        self._speeds = speeds
        self._devices = devices
        self._starting = self._keep = False
        self.reading = Reading(kernel, rib.work, self._read, self._all_read)
        self.leftovers = Leftovers(kernel, rib, groups, self._tables, self._adopt)
        self._resync = Resync(
            namespace,
            rib,
            groups,
            fib,
            self._tables,
            self.event,
            self._delete_kernel,
            self.leftovers.take_out,
        )
        self.lines = LinkLines(namespace, fib.counters, rib.journal.complaints)
        self._told = rib.journal.kernel.follow(namespace)

    def start(self, *, keep: bool) -> None:
        """Read all that there is, and remove former routes of ours, or enter them (`keep`)."""
        self._keep = keep
        self._kernel.on_refused = self._rib.journal.complaints.refused
        self._kernel.subscribe(self.event, self.overrun)
        self.reading.start()

    def _read(self, event: Event) -> None:
        self._starting = True
        self._follow(event)
        self._starting = False

    def _all_read(self) -> Iterator[None]:
        if not self.reading.is_done:  # a link may have gone down meanwhile
            yield from self._dead_kernel_routes()
        yield from self.leftovers.keep() if self._keep else self.leftovers.remove()

    def event(self, event: Event) -> None:
        """One thing that happened."""
        self.reading.heard(event)
        self._resync.heard(event)
        self._told.heard(event, self._namespace, self._table)
        self._follow(event)

    def _follow(self, event: Event) -> None:
        match event:
            case LinkChanged(link):
                self._link(link)
            case LinkGone(ifindex):
                self._link_gone(ifindex)
            case AddressAdded(address):
                self._address(address)
            case AddressGone(address):
                self._address_gone(address)
            case RouteAdded(route):
                self._route(route)
            case RouteGone(route):
                self._route_gone(route)
            case NexthopAdded(nexthop):
                if self._starting and nexthop.protocol == RouteProtocol.ZEBRA:
                    self.leftovers.nexthops.append(nexthop.id)
            case NexthopGone(id):
                self._fib.carrying.group_lost(id)
            case _:
                self._news.host(event)

    def overrun(self) -> None:
        """Events were lost: compare everything with what the kernel has now."""
        self._rib.journal.complaints.overrun(self._namespace.path)
        self.reading.done(self._resync.begin)
        self._news.hosts_lost()

    # --- links -----------------------------------------------------------------------------

    def _link(self, link: Link) -> None:
        known = self._interfaces.by_index.get(link.ifindex)
        if known is not None and (
            known.name != link.name or self._interfaces.vrf_of(link) is not known.vrf
        ):
            self._afresh(known, link)
            return
        if self._devices is not None:
            self._devices.came(link)
        was = known is not None and known.operative
        interface, before = self._interfaces.put(link, late=not self._starting)
        if before is None:
            self._speeds.come(interface)
            self._news.interface(interface, InterfaceEvent.ADD, new=True)
            self.lines.configure(interface.config, new=True)
        if not self._starting and before is not None:
            self._count(interface, before, was)
        if before is not None and before.running and not link.running:
            self._fib.carrying.link_lost(interface.vrf, link.ifindex)
        back = before is not None and link.running and not before.running
        if back:
            self._fib.carrying.link_back()
        self.recheck(interface, changed=back or interface.operative is not was or before is None)
        if before is not None and before.up and not link.up:
            self._drop_dead_kernel_routes()
        if before is None and interface.ifindex in self._interfaces.devices:
            self._bring_home()

    def _bring_home(self) -> None:
        """A VRF device is new, or gone: its ports are in another VRF now."""
        for interface in self._devices.strayed() if self._devices is not None else ():
            self._afresh(interface, interface.link)

    def _afresh(self, interface: Interface, link: Link) -> None:
        """As FRR has it: the interface goes, and one of the new name or VRF comes as it is."""
        addresses = list(interface.addresses)
        self._link_gone(link.ifindex)
        self._link(link)
        for address in addresses:
            self._address(replace(address, label=link.name))

    def _count(self, interface: Interface, before: Link, was: bool) -> None:
        now = interface.operative
        if now is not was or (before.up is not interface.link.up and not now):
            self._turn(interface)
        elif before != interface.link:
            event = InterfaceEvent.UP if now else InterfaceEvent.ADD
            self._news.interface(interface, event)

    def _turn(self, interface: Interface) -> None:
        """An interface went up or down."""
        up = interface.operative
        if up:
            interface.ups += 1
            interface.last_up = self._clock.wall()
        else:
            interface.downs += 1
            interface.last_down = self._clock.wall()
        self._told.turned(interface)
        self._news.interface(interface, InterfaceEvent.UP if up else InterfaceEvent.DOWN)
        self._news.addresses(interface, add=up)

    def detect(self, interface: Interface) -> None:
        """The carrier of an interface counts from now on, or does not (`link-detect`)."""
        link = interface.link
        was = link.up if interface.link_detect else link.running
        if interface.operative is not was:
            self._turn(interface)
            self.recheck(interface)

    def recheck(self, interface: Interface, *, changed: bool = True) -> None:
        """Bring connected routes, and routes over the interface, in line with its state."""
        self.update_connected(interface)
        if changed:
            self._resolver.interface_changed(interface.vrf, interface.ifindex)

    def _link_gone(self, ifindex: int) -> None:
        interface = self._interfaces.by_index.get(ifindex)
        if interface is None:
            return
        for address in list(interface.addresses):
            self._address_gone(address)
        self._interfaces.drop(ifindex)
        self.lines.forget(ifindex)
        self._told.gone(interface)
        self._news.interface(interface, InterfaceEvent.DELETE)
        self._resolver.interface_changed(interface.vrf, ifindex)
        self._drop_dead_kernel_routes()
        vrf = None if self._devices is None else self._devices.went(ifindex)
        if self._devices is not None and vrf is not None:
            self._bring_home()
            self._devices.vanish(vrf)

    def leave(self) -> None:
        """The namespace is gone, and with it all links."""
        self._told.leave(self._namespace)
        self.reading.end()
        for ifindex in list(self._interfaces.by_index):
            self._link_gone(ifindex)

    # --- addresses -------------------------------------------------------------------------

    def _address(self, address: LinkAddress) -> None:
        interface = self._interfaces.by_index.get(address.ifindex)
        if interface is None or not usable(address):
            return
        if interface.put(address):
            self._news.address(interface, address, add=True)
        self.update_connected(interface)

    def _address_gone(self, address: LinkAddress) -> None:
        interface = self._interfaces.by_index.get(address.ifindex)
        known = interface.drop(address) if interface is not None else None
        if interface is None or known is None:
            return
        self._news.address(interface, known, add=False)
        self.update_connected(interface)

    def update_connected(self, interface: Interface) -> None:
        """Make the connected routes of an interface those its addresses call for."""
        wanted = {prefix: address for address, prefix in connected_addresses(interface)}
        for prefix in sorted(interface.connected - wanted.keys()):
            self._connected_gone(interface, prefix)
        for prefix in wanted:
            if prefix not in interface.connected:
                self._connected(interface, prefix)

    def _connected(self, interface: Interface, prefix: Prefix) -> None:
        interface.connected.add(prefix)
        hop = Hop(NexthopType.IFINDEX, ifindex=interface.ifindex, vrf=interface.vrf.id)
        for table in tables_of(interface, prefix):
            self._rib.add(table, prefix, self._entry(RouteType.CONNECTED, prefix.afi, (hop,), 0))

    def _connected_gone(self, interface: Interface, prefix: Prefix) -> None:
        interface.connected.discard(prefix)
        ifindex = interface.ifindex
        for table in tables_of(interface, prefix):
            self._rib.delete(
                table,
                prefix,
                lambda entry: entry.type is RouteType.CONNECTED
                and entry.wanted.hops[0].ifindex == ifindex,
            )

    def _entry(self, kind: RouteType, afi: Afi, hops: tuple[Hop, ...], metric: int) -> RouteEntry:
        wanted = self._resolver.want(afi, hops)
        group = self._groups.find(afi, hops)
        entry = RouteEntry(kind, wanted, group, self._clock.now(), metric=metric)
        self._fib.hold_group(entry)
        return entry

    # --- routes ----------------------------------------------------------------------------

    def _table(self, route: KernelRoute) -> Table | None:
        if route.type not in (RouteKind.UNICAST, *BLACKHOLES):
            return None
        if route.table == LOCAL_TABLE or _LAST_USER_TABLE < route.table < MAIN_TABLE:
            return None
        return self._vrf(route).get_table(route.afi, route.table).under(route.source)

    def _vrf(self, route: KernelRoute) -> Vrf:
        """Whose table a route is in: a VRF device's, or one of the namespace's own VRF."""
        for vrf in self._interfaces.devices.values():
            if vrf.table == route.table:
                return vrf
        return self._namespace.home

    def _tables(self) -> Iterator[Table]:
        return (t for t in self._rib.tables() if t.vrf.namespace is self._namespace)

    def _hops(self, route: KernelRoute) -> tuple[Hop, ...]:
        """Its next hops, each in the VRF of its interface."""
        return tuple(map(self._placed, hops_of(route)))

    def _placed(self, hop: Hop) -> Hop:
        interface = self._interfaces.by_index.get(hop.ifindex)
        vrf = self._namespace.home if interface is None else interface.vrf
        return hop if hop.vrf == vrf.id else replace(hop, vrf=vrf.id)

    def _route(self, route: KernelRoute) -> None:
        if route.protocol in (RouteProtocol.KERNEL, RouteProtocol.REDIRECT):
            return
        if route.protocol in OWN_PROTOCOLS and self._starting:
            self.leftovers.routes.append(route)
            return
        table, hops = self._table(route), self._hops(route)
        if table is None or route.tos or not hops:
            return
        if route.protocol in OWN_PROTOCOLS:
            self._losses.offloaded(table, route)
            return
        distance, metric = cost_of(route.metric)
        entry = self._entry(RouteType.KERNEL, route.afi, hops, metric)
        entry.distance, entry.mtu, entry.flags = distance, route.mtu, offloads(route)
        dest = table.routes.get(route.prefix.key)
        known = [e for e in dest.entries if entry.same_route(e)] if dest is not None else []
        if known and known[0].wanted is entry.wanted and known[0].flags == entry.flags:
            self._rib.release(entry, 1)  # told again, as after a change of link flags
            return
        self._rib.add(table, route.prefix, entry)

    def _adopt(self, route: KernelRoute, kind: RouteType) -> None:
        """A route of an earlier zebra's becomes that of an owner who is to come."""
        table = self._table(route)
        hops = tuple(replace(hop, weight=0) for hop in self._hops(route))
        if table is not None and hops:
            entry = self._entry(kind, route.afi, hops, route.metric)
            entry.distance = distance_of(kind)
            entry.flags |= RouteFlag.SELF_ROUTE
            self._rib.add(table, route.prefix, entry)

    def _route_gone(self, route: KernelRoute) -> None:
        table = self._table(route)
        if table is None:
            return
        if route.protocol in OWN_PROTOCOLS:
            dest = table.routes.get(route.prefix.key)
            if dest is not None and route.metric == METRIC:
                self._losses.lost(table, dest)
        elif route.protocol not in (RouteProtocol.KERNEL, RouteProtocol.REDIRECT):
            self._delete_kernel(table, route.prefix, route.metric)

    def _delete_kernel(self, table: Table, prefix: Prefix, metric: int) -> None:
        self._rib.delete(
            table,
            prefix,
            lambda entry: entry.type is RouteType.KERNEL and metric_of(entry) == metric,
        )

    def _drop_dead_kernel_routes(self) -> None:
        # The kernel does not tell of IPv4 routes that it drops with an interface.
        steps = self._dead_kernel_routes()
        if sum(len(table.foreign) for table in self._tables()) > _DESTS:
            self._rib.work.add("dead kernel routes", steps)
        else:
            list(steps)

    def _dead_kernel_routes(self) -> Iterator[None]:
        for table in self._tables():
            for count, (key, entries) in enumerate(table.routes_of_kernel(), 1):
                for entry in entries:
                    if not any(map(self._leads, entry.wanted.hops)):
                        prefix = Prefix.from_key(table.afi, key)
                        self._delete_kernel(table, prefix, metric_of(entry))
                if count % _DESTS == 0:
                    yield

    def _leads(self, hop: Hop) -> bool:
        return hop.type is NexthopType.BLACKHOLE or self._interfaces.up(hop.ifindex)
