"""The component Zebra: routes of all owners, the kernel's routing, and the server of ZAPI clients.

It does no I/O of its own: the host gives it a `Kernel`, a scheduler, and a `Link` per client.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import Any

from grammar.base.clock import Clock
from grammar.base.log import Level, Log
from grammar.base.scheduler import Scheduler
from grammar.base.values import IP, Afi
from grammar.base.work import Work
from grammar.command import Change
from grammar.common import CommonConfig
from grammar.declared import Language
from zebra.allotments import Allotments
from zebra.carrying import Carrying
from zebra.clients import Client, Clients
from zebra.config import ZebraConfig
from zebra.debug import Journal
from zebra.devices import Devices
from zebra.evpn.evpn import Evpn
from zebra.fib import Fib
from zebra.graceful import GracefulRestart
from zebra.imports import policies
from zebra.intake import Intake
from zebra.interface import Interface
from zebra.kernel.api import Kernel
from zebra.losses import Losses
from zebra.namespace import Namespace
from zebra.netns import NamespaceVrfs
from zebra.news import InterfaceNews
from zebra.nexthop import Group, Groups
from zebra.reaction import react
from zebra.redistribute import Redistribution, Wish
from zebra.resolve import Resolver
from zebra.rib import Dest, Rib, RouteEntry
from zebra.routerid import RouterIds
from zebra.rtadv.advertiser import Advertiser
from zebra.speeds import Speeds
from zebra.switcher import Switcher
from zebra.tracking import Tracker, asking
from zebra.vrf import Table, Vrf
from zebra.vrfs import Vrfs
from zebra.watcher import Watcher
from zebra.zapi.allotted import Allotted
from zebra.zapi.constants import NotifyNote, RouteType
from zebra.zapi.evpn import EvpnRequest
from zebra.zapi.groups import GroupAdd, GroupDelete
from zebra.zapi.link import Link
from zebra.zapi.messages import (
    DEFAULT_VRF,
    Capabilities,
    ClientCapabilities,
    DuplicateAddrDetection,
    NexthopRegister,
    NexthopUnregister,
    NexthopUpdate,
    Route,
    RouteNotifyOwner,
    RouterAdvertisement,
)

MULTIPATH = 256
"""Next hops that a route may have."""


class Zebra:
    """zebra: `start` it, `accept` clients, `stop` it.

    `keep` are seconds that an earlier zebra's routes stay unclaimed; `multipath` is the most next
    hops of a route. With `open_namespace`, which makes the kernel of a path, VRFs are namespaces.
    """

    name = "zebra"

    def __init__(
        self,
        scheduler: Scheduler,
        clock: Clock,
        log: Log,
        kernel: Kernel,
        *,
        keep: float = 0,
        multipath: int = MULTIPATH,
        open_namespace: Callable[[str], Kernel] | None = None,
    ) -> None:
        self.scheduler = scheduler
        self.clock = clock
        self.log = log
        self.kernel = kernel
        self.keep, self.multipath = keep, multipath
        self.open_wire: Callable[[Namespace], None] = lambda namespace: None
        self.common = CommonConfig()
        self.config = ZebraConfig()
        work = Work(scheduler.call_soon, clock, self.bug, self.common.ledger)
        self.journal = Journal(self.config.debug, log)
        home = Vrf(config=self.config.default)
        self.namespace = Namespace(kernel, self.config, home)
        self.interfaces = self.namespace.interfaces
        self.rib = Rib(clock, work, home, self.journal)
        self.groups = Groups(
            scheduler, lambda group: self.fib.uninstall_group(group), self.config.nexthop_keep
        )
        self.resolver = Resolver(self.rib, self.groups)
        self.fib = Fib(self.rib, self.groups, self.resolver, self)
        self.fib.objects = open_namespace is None
        self.resolver.carrying = self.fib.carrying = Carrying(
            scheduler, self.rib, self.groups, self.fib, self._moved, self.resolver.doubted
        )
        self.losses = Losses(self.rib, self.fib)
        self.tracker = home.tracker = self._track(home)
        self.maps, self.imports = policies(self)
        self.clients = Clients(self, clock)
        self.allotments = Allotments(self.config, self.clients)
        self.redistribution = Redistribution(self.rib)
        self.graceful = GracefulRestart(scheduler, clock, self.rib, self.clients)
        self.router_ids = RouterIds(self.rib, self.clients)
        self.news = self._tell_of_links()
        self.speeds = Speeds(scheduler, self.news.changed)
        self.vrfs = Vrfs(
            self.rib, self.clients, self.router_ids, self.maps, self._track, self.debug
        )
        self.namespaces = None if open_namespace is None else self._namespaces(open_namespace)
        self.watcher = self._watch(self.namespace)
        self.intake = Intake(self)

    def _tell_of_links(self) -> InterfaceNews:
        self.evpn = Evpn(self.kernel, self.interfaces, self.clock)
        self.switcher = Switcher(self.kernel, self.config, self.interfaces, self.journal.complaints)
        self.allotments.fecs.changed = self.switcher.configured
        return InterfaceNews(self.clients, self.router_ids, self.evpn, self.debug)

    def _track(self, vrf: Vrf) -> Tracker:
        return Tracker(vrf, self._send_nexthop, self.debug)

    def _namespaces(self, open_namespace: Callable[[str], Kernel]) -> NamespaceVrfs:
        return NamespaceVrfs(
            open_namespace, self.config, self.rib, self.vrfs, self._follow, self._leave
        )

    def _watch(self, namespace: Namespace) -> Watcher:
        devices = Devices(namespace, self.config, self.vrfs) if self.namespaces is None else None
        namespace.advertiser = Advertiser(self.scheduler, self.clock, namespace, self.clients, self)
        self.open_wire(namespace)
        namespace.watcher = Watcher(
            namespace,
            self.clock,
            self.rib,
            self.groups,
            self.resolver,
            self.fib,
            self.losses,
            self.news,
            self.speeds,
            devices,
        )
        return namespace.watcher

    def _follow(self, namespace: Namespace) -> None:
        self._watch(namespace).start(keep=self.keep > 0)
        self.router_ids.update()

    def _leave(self, namespace: Namespace) -> None:
        namespace.watcher.leave()
        self.fib.forget(namespace.kernel)
        self.allotments.tables.forget(namespace.home.id)

    def objects(self) -> Iterator[tuple[str, type, int]]:
        """What there is in memory: FRR's word for each kind, its class, and how many."""
        tables = list(self.rib.tables())
        yield "Zebra Interface Information", Interface, len(self.interfaces.by_index)
        yield "Nexthop Group Entry", Group, len(self.groups.by_id)
        yield "RIB destination", Dest, sum(len(table.routes) for table in tables)
        yield "RIB table info", Table, len(tables)
        yield "ZEBRA VRF", Vrf, len(self.rib.vrfs)

    @property
    def language(self) -> Language:
        """The commands zebra understands."""
        from zebra.commands import LANGUAGE

        return LANGUAGE

    # --- life ------------------------------------------------------------------------------

    def start(self) -> None:
        """Read the kernel's state and begin to follow it; OSError if it cannot be asked."""
        for afi in IP:
            self.config.forwarding[afi] = self.kernel.forwarding(afi)
        self.watcher.start(keep=self.keep > 0)
        if self.keep:
            self.scheduler.call_at(self.clock.now() + self.keep, self._sweep)
        self.router_ids.update()

    def _sweep(self) -> None:
        steps = self.watcher.leftovers.sweep()
        self.watcher.reading.done(lambda: self.rib.work.add("leftovers", steps))

    def stop(self, keep_routes: bool = False) -> None:
        """End: clients are let go, and our routes leave the kernel unless `keep_routes`."""
        for namespace in self.rib.namespaces():
            namespace.advertiser.stop()
        self.clients.close()
        if not keep_routes:
            self.switcher.remove_all()
            self.fib.remove_all()

    def accept(self, link: Link) -> None:
        """A client connected; it is served when the kernel's routes were read, as by FRR."""
        self.clients.accept(link)
        if not self.watcher.reading.is_done:
            link.pause()
            self.watcher.reading.done(link.resume)

    def bug(self, where: str, error: Exception) -> None:
        """Log an unexpected exception."""
        self.log.write(Level.ERRORS, f"internal error at {where}: {error!r}")

    def debug(self, switch: str, text: str, ident: str = "") -> None:
        """A line for the log if `debug zebra SWITCH` is on (`rib detailed` includes `rib`)."""
        if self.debugs(switch):
            self.log.write(Level.DEBUGGING, text, ident)

    def debugs(self, switch: str) -> bool:
        """Whether `debug zebra SWITCH` is on."""
        words, _, detail = switch.partition(" ")
        set_to = self.config.debug.get(words)
        return set_to is not None and (not detail or set_to == switch)

    def render(self, view: Any, as_json: bool) -> Iterable[str]:
        """The text of a view, in chunks."""
        from zebra.show import json, text

        return json.render(view) if as_json else text.render(view)

    def react(self, changes: list[Change]) -> None:
        """Bring running state in line with the changed configuration."""
        react(self, changes)

    def known(self, subject: str) -> list[str]:
        """What completion may offer of a kind of things."""
        vrfs = [vrf.name for vrf in self.rib.vrfs.values()]
        names = sorted({name for one in self.rib.namespaces() for name in one.interfaces.by_name})
        return {"interface": names, "vrf": vrfs}.get(subject, [])

    # --- what clients ask (`zebra.clients.Services`) -------------------------------------------

    def vrf_known(self, vrf: int) -> bool:
        """Whether there is such a VRF."""
        return vrf in self.rib.vrfs

    def greet(self, client: Client) -> None:
        """Tell a new client what zebra can, and the VRFs."""
        self.journal.clients.greeted(client)
        if client.synchronous:
            return
        mpls, spaces = self.config.switched.enabled, int(self.namespaces is not None)
        client.send(Capabilities(spaces, mpls, self.multipath, follows=True))
        self.vrfs.tell(client)

    def tell_again(self, client: Client) -> None:
        """Tell a client VRFs, interfaces, router ids and routes once more, in another dialect."""
        self.greet(client)
        if client.interfaces:
            self.send_interfaces(client)
        for vrf, afi in sorted(client.router_ids):
            self.send_router_id(client, vrf, afi)
        self.redistribution.tell_again(client)

    def refuse(self, client: Client, text: str) -> None:
        """Log what is wrong with a client's bytes."""
        name = f"{client.name} " if client.greeted else ""
        self.log.write(Level.ERRORS, f"zserv: client {name}(fd {client.number}) {text}")

    def writable(self, client: Client) -> None:
        """A client can take redistributed routes again."""
        self.redistribution.resume(client)

    def send_interfaces(self, client: Client, vrf: int = DEFAULT_VRF) -> None:
        """The interfaces of a VRF with their addresses; with the default one, those of all."""
        for one in self.rib.vrfs.values() if vrf == DEFAULT_VRF else (self.rib.vrfs[vrf],):
            for interface in one.interfaces():
                self.news.send_all(client, interface)

    def send_router_id(self, client: Client, vrf: int, afi: Afi) -> None:
        """The router id of a family in a VRF."""
        self.router_ids.send(client, vrf, afi)

    def routes(
        self, client: Client, add: bool, route: Route, keys: Sequence[int], vrf: int
    ) -> None:
        """Enter a client's routes, or take them away."""
        (self.intake.add if add else self.intake.delete)(client, route, keys, vrf)

    def register(self, client: Client, message: NexthopRegister, vrf: int) -> None:
        """Watch prefixes for a client."""
        self.debug("nht", asking("register", client, message.watches, f"vrf={vrf}"), "MTYF6-A8TRP")
        tracker = self.rib.vrfs[vrf].tracker
        for watch in message.watches:
            client.nht_since = client.nht_since or self.clock.now()
            client.count(f"nht{watch.prefix.afi}", "add")
            tracker.of(watch.safi).register(client, watch)

    def unregister(self, client: Client, message: NexthopUnregister, vrf: int) -> None:
        """Watch prefixes no more."""
        said = asking("unregister", client, message.watches, f"vrf: {vrf}")
        self.debug("nht", said, "Q97PB-AG6PY")
        tracker = self.rib.vrfs[vrf].tracker
        for watch in message.watches:
            client.count(f"nht{watch.prefix.afi}", "delete")
            tracker.of(watch.safi).unregister(client, watch)

    def _send_nexthop(self, client: Client, update: NexthopUpdate, vrf: int) -> None:
        client.nht_last = self.clock.now()
        client.send(update, vrf)

    def advertise(self, client: Client, message: RouterAdvertisement, vrf: int) -> None:
        """Send router advertisements on an interface, or no more."""
        self.rib.vrfs[vrf].namespace.advertiser.asked(client, message)

    def capabilities(self, client: Client, message: ClientCapabilities) -> None:
        """Graceful restart: what becomes of the client's routes when it goes."""
        self.graceful.told(client, message)

    def redistribute(self, client: Client, wish: Wish, vrf: int) -> None:
        """Send a client routes of a type, or no more."""
        self.redistribution.handle(client, wish, vrf)

    def group(self, client: Client, message: GroupAdd | GroupDelete) -> None:
        """A next-hop group of a client's."""
        self.intake.given.told(client, message)

    def allot(self, client: Client, message: Allotted, vrf: int) -> None:
        """Lend labels, tables or an SRv6 locator, or take them back."""
        self.allotments.answer(client, message, self.rib.vrfs[vrf])

    def tell_hosts(self, client: Client, message: EvpnRequest | DuplicateAddrDetection) -> None:
        """Tell hosts and VNIs, or enter those of other routers."""
        self.evpn.request(client, message)

    def client_closed(self, client: Client) -> None:
        """A client is gone: nobody watches for it, and its routes go."""
        self.journal.clients.closing(client)
        for vrf in self.rib.vrfs.values():
            vrf.tracker.forget(client)
            vrf.namespace.advertiser.forget(client)
        self.redistribution.forget(client)
        self.allotments.close(client)
        self.evpn.left(client)
        self.graceful.left(client, self.intake.given.close(client))

    # --- what became of routes (`zebra.outcome.Listener`) --------------------------------------

    def selected(
        self, table: Table, dest: Dest, new: RouteEntry | None, old: RouteEntry | None
    ) -> None:
        """The route in use changed, and the kernel has followed."""
        self.journal.selected(table, dest, new, old)
        prefix = table.prefix(dest)
        self.redistribution.selected(self.clients.all, table, prefix, new, old)
        if not table.is_main:
            self.imports.selected(table, prefix, new)

    def hears(self, table: Table, type: RouteType, instance: int) -> bool:
        """Whether anybody hears of routes of an owner, apart from who watches next hops."""
        if self.journal.heard or not table.is_main or self.allotments.fecs.known:
            return True
        if any(client.redistribute or client.redistribute_default for client in self.clients.all):
            return True
        return (owner := self.clients.owner(type, instance)) is not None and owner.notify

    def told(self, table: Table, dest: Dest) -> None:
        """All have heard of a change: those who watch next hops come last, as in FRR."""
        if table.is_main:
            table.vrf.tracker.route_changed(table, dest.key)
            self.allotments.fecs.route_changed(table, dest.key)

    def _moved(self, groups: set[Group]) -> None:
        self.resolver.moved(groups)
        self.redistribution.moved(self.clients.all, groups)
        self.allotments.fecs.moved(groups)
        for vrf in self.rib.vrfs.values():
            vrf.tracker.moved(groups)
        for table in self.rib.tables():
            if table.source is not None:  # these name no object that moved with the group
                for dest in [one for one in table.routes.values() if one.fib_group in groups]:
                    self.fib.reinstall(table, dest)
        self.fib.flush()

    def notify(self, table: Table, dest: Dest, entry: RouteEntry, note: NotifyNote) -> None:
        """Tell the owner of a route what became of it, if it wants to know."""
        owner = self.clients.owner(entry.type, entry.instance)
        wanted = owner is not None and owner.notify
        self.journal.notifying(table, dest, entry, note, wanted)
        if owner is None or not wanted:
            return
        owner.send(RouteNotifyOwner(note, table.prefix(dest), table.id, table.afi), table.vrf.id)
