"""What an instance and zebra say to each other: next hops, redistribution, interfaces."""

from collections.abc import Collection
from typing import TYPE_CHECKING

from bgp.config import UNICAST, BgpConfig, Family, PeerName
from bgp.fib import Fib
from bgp.nexthoplog import NexthopLog
from bgp.peer import Peer
from bgp.rib.nexthop import Nexthop, NexthopCache
from bgp.rib.origin import Kind, Origin
from bgp.rib.table import Table
from bgp.unnumbered import Links
from bgp.waiting import Waiting
from bgp.zebra import UNKNOWN_VRF, Interface, ZebraView
from grammar.base.log import Level
from grammar.base.values import Afi
from zebra.zapi.messages import (
    ClientCapabilities,
    ClientCapability,
    NexthopUpdate,
    NexthopWatch,
    RedistributeRoute,
    RouteNotifyOwner,
)

if TYPE_CHECKING:
    from bgp.bgpd import Bgpd
    from bgp.deferral import Deferral
    from bgp.forwarding import Forwarding


class ZebraSide:
    """The part of `Instance` that talks with zebra."""

    bgpd: "Bgpd"
    config: BgpConfig
    zebra: ZebraView
    is_view: bool
    vrf_id: int
    peers: dict[PeerName, Peer]
    tables: dict[Family, Table]
    fibs: dict[Family, Fib]
    origins: dict[Family, Origin]
    nexthops: NexthopCache
    nexthop_log: NexthopLog
    waiting: Waiting
    deferral: "Deferral"
    forwarding: "Forwarding"
    links: Links

    def interface(self, ifindex: int) -> Interface | None:
        """An interface of the instance's VRF by its number."""
        return self.zebra.interfaces.get((self.vrf_id, ifindex))

    @property
    def asks_zebra(self) -> bool:
        """False for a view, and while zebra does not know the VRF."""
        return not self.is_view and self.vrf_id != UNKNOWN_VRF

    @property
    def all_tables(self) -> Collection[Table]:
        """Each table once: labeled routes are in those of unicast."""
        return dict.fromkeys(self.tables.values())

    def watch(self, watch: NexthopWatch) -> None:
        """Ask zebra how a prefix resolves."""
        if not self.asks_zebra:
            return
        self.nexthop_log.watched(watch, True)
        self.zebra.watch(watch, self.vrf_id)

    def unwatch(self, watch: NexthopWatch) -> None:
        """No longer."""
        if not self.asks_zebra:
            return
        self.nexthop_log.watched(watch, False)
        self.zebra.unwatch(watch, self.vrf_id)

    def redistribute(self, afi: Afi, kind: Kind, on: bool) -> None:
        """Ask zebra for the routes of a type and instance."""
        if not self.asks_zebra:
            return
        self.zebra.redistribute(afi, kind, on, self.vrf_id)
        if "zebra" in self.bgpd.config.debugging:
            word, ident = ("add", "RBZV6-DW61Y") if on else ("del", "HJYDB-XAZCA")
            text = (
                f"Tx redistribute {word} VRF {self.vrf_id} afi {int(afi)} {kind[0].word} {kind[1]}"
            )
            self.bgpd.log.write(Level.DEBUGGING, text, ident)

    def end_of_rib(self, family: Family) -> None:
        """A neighbour ended its first announcements: zebra hears of it, as from FRR."""
        if self.deferral.of(family) is None and not self.forwarding.waits_for_peers(family):
            self.tell_updates(family, ClientCapability.UPDATES_COMPLETE)

    def tell_updates(self, family: Family, news: ClientCapability) -> None:
        """Say that routes of a family are still to come after a start, or that all are there."""
        if family in UNICAST and self.asks_zebra:
            message = ClientCapabilities(news, self.vrf_id, afi=family[0], safi=family[1])
            self.zebra.send(message, self.vrf_id)

    def nexthop_changed(self, nexthop: Nexthop, was_valid: bool) -> None:
        """A next hop came, went or costs another metric: choose anew, try or lose sessions."""
        if nexthop.paths:
            stays = was_valid and nexthop.valid and self.zebra.follows
            for table in self.all_tables:
                steps = table.reselect(lambda path: path.nexthop is nexthop, not was_valid, stays)
                self.bgpd.work.add(f"next hop {nexthop.address}", steps)
        if nexthop.peers:
            self.links.sync()
        for peer in list(nexthop.peers):
            if isinstance(peer, Peer):
                if nexthop.valid and not was_valid:
                    peer.retry()
                elif was_valid and not nexthop.valid:
                    peer.nexthop_lost()

    def zebra_up(self) -> None:
        """A connection to zebra is there: ask for everything, and give it all routes."""
        self.nexthops.rewatch()
        self.links.zebra_up()
        self.waiting.zebra_up()
        self.forwarding.zebra_up()
        for origin in self.origins.values():
            origin.ask_again()
        for fib in self.fibs.values():
            fib.begin()

    def nexthop_updated(self, update: NexthopUpdate) -> None:
        """An answer to a watch."""
        log = self.nexthop_log
        log.nexthop(self.nexthops.asked(update), update)
        self.nexthops.take(update, self.bgpd.clock.steady())
        waiting = [one for one in self.origins.values() if update.asked in one.checked]
        for origin in waiting:
            log.import_check(update, origin.networks[update.asked])
            origin.nexthop_updated(update)
        if not waiting:
            log.no_import_check(update)

    def interface_changed(self, interface: Interface) -> None:
        """An interface went down: external neighbours on it are lost at once (fast failover)."""
        self.links.interface_changed(interface)
        if interface.up:
            for peer in self.peers.values():
                peer.interface_changed(interface)
            return
        if self.config.fast_external_failover is False or self.is_view:
            return
        for peer in list(self.peers.values()):
            if peer.single_hop and peer.ifindex == interface.ifindex and peer.running:
                peer.interface_down()

    def route_notified(self, news: RouteNotifyOwner) -> None:
        """What became of a route in the kernel, if that was asked for."""
        self.waiting.notified(news)

    def redistributed(self, message: RedistributeRoute) -> None:
        """A route of a type that was asked for; those of some sources only are none of BGP's."""
        if message.route.source is not None:
            return
        afi = message.route.prefix.afi
        for family, origin in self.origins.items():
            if family[0] is afi:
                origin.redistributed(message.add, message.route)
