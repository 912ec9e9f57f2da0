"""Routes of zebra's tables for clients that asked for them."""

from collections import deque
from collections.abc import Iterator
from itertools import islice

from grammar.base.values import Afi, Prefix
from zebra.clients import Client
from zebra.nexthop import Group
from zebra.rib import Rib, RouteEntry
from zebra.vrf import Table
from zebra.zapi.constants import RouteFlag, RouteType
from zebra.zapi.messages import (
    RedistributeAdd,
    RedistributeDefaultAdd,
    RedistributeDefaultDelete,
    RedistributeDelete,
    RedistributeRoute,
    Route,
)


def _first_bits(*prefixes: str) -> tuple[tuple[int, int], ...]:
    """By how much to shift an address, and what is left of those of a prefix."""
    found = map(Prefix.parse, prefixes)
    shifts = ((one.afi.bits - one.length, one.value) for one in found)
    return tuple((shift, value >> shift) for shift, value in shifts)


_STAY = {
    Afi.IPV4: _first_bits("127.0.0.0/8", "224.0.0.0/4", "169.254.0.0/16"),
    Afi.IPV6: _first_bits("::1/128", "fe80::/10"),
}

_END = object()
_PORTION = 128
"""Routes sent between two looks at the client."""

Wish = RedistributeAdd | RedistributeDelete | RedistributeDefaultAdd | RedistributeDefaultDelete


def may_leave(prefix: Prefix) -> bool:
    """False for networks that mean something on this host or link only, by their address."""
    value = prefix.value
    return all(value >> shift != bits for shift, bits in _STAY[prefix.afi])


def route_message(
    prefix: Prefix, entry: RouteEntry, source: Prefix | None = None, *, add: bool
) -> RedistributeRoute:
    """A route as a client gets it, `source` if it is for packets from there only."""
    hops = tuple(hop.to_zapi() for hop in entry.group.hops if hop.active)
    route = Route(
        entry.type,
        prefix,
        hops,
        entry.distance,
        entry.metric,
        RouteFlag(entry.flags) | RouteFlag.SELECTED,
        entry.instance,
        tag=entry.tag or None,
        mtu=entry.mtu,
        source=source,
    )
    return RedistributeRoute(add, route)


class _Queue:
    """What a client is still to be told: whole types, and single prefixes that changed meanwhile.

    `changed` has, for each prefix, the route to take back if by then none is in use that the client
    wants; what is told is the state at that time, so a slow client costs an entry per prefix.
    """

    __slots__ = ("changed", "running", "walks")

    def __init__(self) -> None:
        self.walks: deque[Iterator[None]] = deque()
        self.changed: dict[tuple[Table, int], RouteEntry | None] = {}
        self.running = False

    @property
    def empty(self) -> bool:
        return not self.walks and not self.changed


class Redistribution:
    """Sends each client the selected routes of the types it asked for.

    A client that does not keep up (`Link.congested`) is sent nothing more until it does.
    """

    def __init__(self, rib: Rib) -> None:
        self._rib = rib
        self._queues: dict[Client, _Queue] = {}

    def handle(self, client: Client, wish: Wish, vrf: int) -> None:
        """A client asks for a VRF's routes of a type (they come in slices), or asks no more."""
        match wish:
            case RedistributeAdd(afi, type, instance):
                if (vrf, afi, type, instance) not in client.redistribute:
                    client.redistribute.add((vrf, afi, type, instance))
                    self._begin(client, vrf, afi, type, instance)
            case RedistributeDelete(afi, type, instance):
                client.redistribute.discard((vrf, afi, type, instance))
            case RedistributeDefaultAdd(afi):
                client.redistribute_default.add((vrf, afi))
                self._send_default(client, vrf, afi)
            case RedistributeDefaultDelete(afi):
                client.redistribute_default.discard((vrf, afi))

    def tell_again(self, client: Client) -> None:
        """All that a client asked for, once more."""
        for vrf, afi in sorted(client.redistribute_default):
            self._send_default(client, vrf, afi)
        for vrf, afi, type, instance in sorted(client.redistribute):
            self._begin(client, vrf, afi, type, instance)

    def resume(self, client: Client) -> None:
        """The client can take more."""
        queue = self._queues.get(client)
        if queue is not None and not queue.empty and not queue.running:
            queue.running = True
            self._rib.work.add("redistribute", self._drain(client, queue))

    def forget(self, client: Client) -> None:
        """The client is gone."""
        self._queues.pop(client, None)

    def _begin(self, client: Client, vrf: int, afi: Afi, kind: RouteType, instance: int) -> None:
        found = self._rib.vrfs.get(vrf)
        if found is None:
            return
        queue = self._queues.setdefault(client, _Queue())
        main = found.main(afi)
        for table in (main, *main.sources.values()):
            queue.walks.append(self._walk(client, table, kind, instance))
        self.resume(client)

    def _drain(self, client: Client, queue: _Queue) -> Iterator[None]:
        try:
            while not queue.empty and not client.closed:
                if client.link.congested:
                    return  # `resume` goes on
                if queue.walks:
                    if next(queue.walks[0], _END) is _END:
                        queue.walks.popleft()
                else:
                    self._send_changed(client, queue)
                yield
        finally:
            queue.running = False

    def _walk(self, client: Client, table: Table, kind: RouteType, instance: int) -> Iterator[None]:
        """Sends as it goes; yields often enough to look at the client."""
        wish = (table.vrf.id, table.afi, kind, instance)
        sent = 0
        for key in table.ordered():
            if key is None:
                yield
                continue
            dest = table.routes.get(key)
            entry = dest.selected if dest is not None else None
            if (
                dest is not None
                and entry is not None
                and dest.installed
                and (kind is RouteType.ALL or (entry.type, entry.instance) == (kind, instance))
            ):
                self._send(client, table, table.prefix(dest), entry, add=True)
                sent += 1
                if sent % _PORTION == 0:
                    yield
            if client.closed or wish not in client.redistribute:
                return

    def _send_changed(self, client: Client, queue: _Queue) -> None:
        for table, key in list(islice(queue.changed, _PORTION)):
            gone = queue.changed.pop((table, key))
            prefix = Prefix.from_key(table.afi, key)
            dest = table.routes.get(key)
            entry = dest.selected if dest is not None else None
            if (
                dest is not None
                and entry is not None
                and dest.installed
                and _wants(client, table.vrf.id, prefix, entry)
            ):
                self._send(client, table, prefix, entry, add=True)
            elif gone is not None:
                self._send(client, table, prefix, gone, add=False)

    def _send_default(self, client: Client, vrf: int, afi: Afi) -> None:
        found = self._rib.vrfs.get(vrf)
        if found is None:
            return
        table = found.main(afi)
        dest = table.routes.get(0)
        if dest is not None and dest.selected is not None and dest.installed:
            self._send(client, table, Prefix(afi, 0, 0), dest.selected, add=True)

    def selected(
        self,
        clients: list[Client],
        table: Table,
        prefix: Prefix,
        new: RouteEntry | None,
        old: RouteEntry | None,
    ) -> None:
        """The route in use changed: tell those who want the new one, or wanted the old one."""
        if table.id != table.vrf.table or table.multicast:
            return
        for client in clients:
            if new is not None and _wants(client, table.vrf.id, prefix, new):
                self._tell(client, table, prefix, new, add=True)
            elif old is not None and _wants(client, table.vrf.id, prefix, old):
                self._tell(client, table, prefix, old, add=False)

    def moved(self, clients: list[Client], groups: set[Group]) -> None:
        """Groups that are in use have other next hops: who gets their routes gets them again."""
        if any(client.redistribute or client.redistribute_default for client in clients):
            self._rib.work.add("redistribute", self._tell_moved(clients, groups))

    def _tell_moved(self, clients: list[Client], groups: set[Group]) -> Iterator[None]:
        for table in self._rib.tables():
            for count, dest in enumerate(list(table.routes.values())):
                entry = dest.selected
                if entry is not None and entry.group in groups:
                    self.selected(clients, table, table.prefix(dest), entry, entry)
                if count % _PORTION == _PORTION - 1:
                    yield

    def _tell(
        self, client: Client, table: Table, prefix: Prefix, entry: RouteEntry, *, add: bool
    ) -> None:
        queue = self._queues.get(client)
        if client.link.congested or (queue is not None and queue.changed):
            queue = self._queues.setdefault(client, _Queue())
            before = queue.changed.get((table, prefix.key))
            queue.changed[table, prefix.key] = before if add else entry
        else:
            self._send(client, table, prefix, entry, add=add)

    def _send(
        self, client: Client, table: Table, prefix: Prefix, entry: RouteEntry, *, add: bool
    ) -> None:
        if may_leave(prefix):
            # FRR takes connected routes back from the multicast table, too.
            times = 1 if add or entry.type is not RouteType.CONNECTED else 2
            client.count(f"redist{prefix.afi}", "add" if add else "delete", times)
            message = route_message(prefix, entry, table.source, add=add)
            for _ in range(times):
                client.send(message, table.vrf.id)


def _wants(client: Client, vrf: int, prefix: Prefix, entry: RouteEntry) -> bool:
    if not client.redistribute and not client.redistribute_default:
        return False
    afi = prefix.afi
    if prefix.length == 0 and (vrf, afi) in client.redistribute_default:
        return True
    return (vrf, afi, entry.type, entry.instance) in client.redistribute or (
        vrf,
        afi,
        RouteType.ALL,
        0,
    ) in client.redistribute
