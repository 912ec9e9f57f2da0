"""Next-hop tracking: prefixes that clients watch, and how each resolves at the moment.

Covers next hops of peers and routes, and the import check of `network` lines; the two differ only
in what the client makes of the answer.
"""

from collections.abc import Callable, Container, Iterator
from dataclasses import replace
from typing import TYPE_CHECKING

from grammar.base.values import Afi, Prefix, Safi
from zebra.nexthop import Group
from zebra.resolve import Around
from zebra.rib import Dest, RouteEntry
from zebra.vrf import Table, Vrf
from zebra.zapi.constants import NexthopType, RouteType
from zebra.zapi.routes import NexthopUpdate, NexthopWatch

if TYPE_CHECKING:
    from zebra.clients import Client


class Tracked:
    """One watched prefix: who watches it and what they were told last."""

    __slots__ = (
        "checks",
        "clients",
        "connected",
        "entry_type",
        "filtered",
        "prefix",
        "told",
        "via_default",
    )

    def __init__(self, prefix: Prefix) -> None:
        self.prefix = prefix
        self.connected = False
        self.via_default = False
        self.clients: list[Client] = []
        self.filtered: set[Client] = set()
        """Those whose route-map does not let it resolve."""
        self.checks: dict[Client, bool] = {}
        """Clients of 8.1 that check whether to import it, and whether they want it exactly."""
        self.told: NexthopUpdate | None = None
        self.entry_type: RouteType | None = None


def unresolved(asked: Prefix, safi: Safi = Safi.UNICAST) -> NexthopUpdate:
    """The answer for a prefix that no route covers."""
    return NexthopUpdate(asked, Prefix(asked.afi, 0, 0), safi=safi)


class Tracker:
    """All watched prefixes of a VRF, among its routes of one kind (`of` has the other kind's).

    Among those of multicast nothing is ever found, since they are in no kernel (as in FRR).
    """

    def __init__(
        self,
        vrf: Vrf,
        send: "Callable[[Client, NexthopUpdate, int], None]",
        debug: Callable[[str, str, str], None],
        safi: Safi = Safi.UNICAST,
    ) -> None:
        self._vrf = vrf
        self._safi = safi
        self._multicast: Tracker | None = None
        self._send = send
        self._debug = debug
        self.tracked: dict[Prefix, Tracked] = {}
        self._around: Around[Tracked] = Around()
        self.judge: Callable[[Vrf, RouteType, Prefix, RouteEntry], bool] | None = None
        """What `ip nht` route-maps say of a client's resolving route; None while there are none."""

    def of(self, safi: Safi) -> "Tracker":
        """What watches among the unicast or the multicast routes."""
        if safi is not Safi.MULTICAST:
            return self
        if self._multicast is None:
            self._multicast = Tracker(self._vrf, self._send, self._debug, Safi.MULTICAST)
        return self._multicast

    def _table(self, afi: Afi) -> Table:
        multicast = self._safi is Safi.MULTICAST
        return self._vrf.multicast[afi] if multicast else self._vrf.main(afi)

    def register(self, client: "Client", watch: NexthopWatch) -> None:
        """Watch a prefix for a client, which is told at once how it resolves."""
        prefix = watch.prefix
        tracked = self.tracked.get(prefix)
        if tracked is None:
            text = f"{self._vrf.label}: Add RNH {prefix} for safi: {self._safi:d}"
            self._debug("nht", text, "GBB19-DAH5K")
            tracked = self.tracked[prefix] = Tracked(prefix)
            self._around.add(self._table(prefix.afi), prefix, tracked)
        asked = (watch.connected, watch.resolve_via_default)
        if (tracked.connected, tracked.via_default) != asked:
            tracked.connected, tracked.via_default = asked
            tracked.told = None  # FRR tells all its clients again
        self._evaluate(tracked, force=True)
        if watch.check:
            tracked.checks[client] = watch.exact
            self._check(tracked, client)
            return
        if client not in tracked.clients:
            text = f"{self._vrf.label}: Client {client.name} registers for RNH {prefix}"
            self._debug("nht", text, "HH4KM-EMT5S")
            tracked.clients.append(client)
        self._tell(tracked, client)

    def unregister(self, client: "Client", watch: NexthopWatch) -> None:
        """A client stops watching; the prefix is forgotten with its last client."""
        prefix = watch.prefix
        tracked = self.tracked.get(prefix)
        if tracked is None or client not in (tracked.checks if watch.check else tracked.clients):
            return
        text = f"Client {client.name} unregisters for RNH {self._vrf.label}{prefix}"
        self._debug("nht", text, "TNNZD-C72P4")
        if watch.check:
            del tracked.checks[client]
        else:
            tracked.clients.remove(client)
            tracked.filtered.discard(client)
        if not tracked.clients and not tracked.checks:
            self._debug("nht", f"{self._vrf.label}: Del RNH {prefix}", "JJR1E-4E276")
            del self.tracked[prefix]
            self._around.discard(self._table(prefix.afi), prefix, tracked)

    def forget(self, client: "Client") -> None:
        """A client is gone."""
        for family in ("IPv4", "IPv4", "IPv6", "IPv6") if self._safi is Safi.UNICAST else ():
            text = f"{self._vrf.label}: Client {client.name} RNH cleanup for family {family}"
            self._debug("nht", text, "VXNBJ-M6SG2")  # one line for each kind of routes
        for tracked in list(self.tracked.values()):
            for check in (True, False):
                self.unregister(client, NexthopWatch(tracked.prefix, check=check))
        if self._multicast is not None:
            self._multicast.forget(client)

    def watched(self, table: Table) -> Container[int]:
        """The keys of a table whose routes matter to some client."""
        return self._around.keys(table)

    def route_changed(self, table: Table, key: int) -> None:
        """A route of the main table was installed or is gone."""
        for tracked in self._around.of(table, key):
            self._evaluate(tracked)

    def moved(self, groups: set[Group]) -> None:
        """Groups that are in use have other next hops."""
        for tracked in list(self.tracked.values()):
            told = tracked.told
            if told is not None and told.nexthops:
                dest = self._vrf.main(told.resolved.afi).routes.get(told.resolved.key)
                if dest is not None and dest.selected and dest.selected.group in groups:
                    self._evaluate(tracked)

    def everything_changed(self) -> None:
        """A rule of resolution changed."""
        for tracked in list(self.tracked.values()):
            self._evaluate(tracked)

    def maps_changed(self) -> None:
        """Route-maps that judge resolving routes changed: all clients are told again, as in FRR."""
        for tracked in list(self.tracked.values()):
            for client in tracked.clients:
                self._tell(tracked, client)

    def _tell(self, tracked: Tracked, client: "Client") -> None:
        update = tracked.told
        if update is None:
            return
        if self.judge is not None and update.nexthops:
            prefix = update.resolved
            dest = self._vrf.main(prefix.afi).routes.get(prefix.key)
            entry = dest.selected if dest is not None else None
            if entry is not None and not self.judge(self._vrf, client.protocol, prefix, entry):
                update = unresolved(tracked.prefix)
        tracked.filtered.discard(client)
        if update is not tracked.told:
            tracked.filtered.add(client)
        self._send(client, update, self._vrf.id)

    def _evaluate(self, tracked: Tracked, *, force: bool = False) -> None:
        name = f"{self._vrf.label}:{tracked.prefix}"
        self._debug("nht", f"{name}: Evaluate RNH, {'(force)' if force else ''}", "HFAXM-2790E")
        if not force and self._undecided(tracked):
            return  # what becomes of it brings us here again
        update = self.look_up(tracked)
        if update == tracked.told:
            return
        tracked.told = update
        if update.nexthops or update.type is not RouteType.SYSTEM:
            text = f"{name}: NH resolved over route {update.resolved}"
            self._debug("nht", text, "WP9YA-G5D8G")
        else:
            self._debug("nht", f"{name}: NH has become unresolved", "NX2YQ-WE7T8")
        for client in tracked.clients:
            text = f"{name}: Notifying client {client.name} about NH "
            if update.nexthops:
                self._debug("nht", text, "PE79W-J9QS0")
            else:
                self._debug("nht", f"{text}(unreachable)", "HXW44-Z7HFV")
            self._tell(tracked, client)
        for client in tracked.checks:
            self._check(tracked, client)

    def _undecided(self, tracked: Tracked) -> bool:
        """Whether the route that it resolves over is just being replaced, so that it has one."""
        told = tracked.told
        if told is None or not told.nexthops:
            return False
        dest = self._table(told.resolved.afi).routes.get(told.resolved.key)
        return dest is not None and (dest.awaits or _left(dest))

    def _check(self, tracked: Tracked, client: "Client") -> None:
        """Tell a client of 8.1 whether there is a route to import."""
        update = tracked.told
        assert update is not None  # evaluated before
        if tracked.checks[client] and update.resolved != tracked.prefix:
            update = unresolved(tracked.prefix)
        self._send(client, replace(update, check=True), self._vrf.id)

    def look_up(self, tracked: Tracked) -> NexthopUpdate:
        """How a watched prefix resolves now."""
        for dest, table in self._candidates(tracked):
            entry = dest.selected
            if entry is None or not _useful(dest, entry):
                continue
            if tracked.connected and not _is_connected(entry):
                continue
            return NexthopUpdate(
                tracked.prefix,
                table.prefix(dest),
                entry.type,
                entry.instance,
                entry.distance,
                entry.metric,
                tuple(hop.to_zapi(tracked=True) for hop in entry.group.leaves()),
            )
        return unresolved(tracked.prefix, self._safi)

    def _candidates(self, tracked: Tracked) -> Iterator[tuple[Dest, Table]]:
        prefix = tracked.prefix
        table = self._table(prefix.afi)
        for dest in table.matches(prefix.value, prefix.length):
            if (
                dest.key == 0
                and prefix.length
                and not tracked.via_default
                and prefix.afi not in self._vrf.config.resolve_via_default
            ):
                return
            yield dest, table


def _useful(dest: Dest, entry: RouteEntry) -> bool:
    return dest.installed and not dest.awaits and entry in dest.entries and entry.group.valid


def _left(dest: Dest) -> bool:
    """Its owner took the route away or put another in its place, and nobody has looked yet."""
    return dest.queued and dest.selected is not None and dest.selected not in dest.entries


def _is_connected(entry: RouteEntry) -> bool:
    if entry.type is RouteType.STATIC:
        return any(hop.type is NexthopType.IFINDEX for hop in entry.group.leaves())
    return entry.type in (RouteType.CONNECTED, RouteType.NHRP)


def asking(what: str, client: "Client", watches: tuple[NexthopWatch, ...], vrf: str) -> str:
    """What debugging says of a message that asks for watches or ends them."""
    size = sum(7 + watch.prefix.afi.size for watch in watches)
    return f"rnh_{what} msg from client {client.name}: hdr->length={size} {vrf}"
