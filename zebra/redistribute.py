"""Routes of zebra's tables for clients that asked for them."""

from collections.abc import Iterator

from grammar.base.values import Afi, Prefix
from zebra.clients import Client
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

_LOOPBACK4 = Prefix.parse("127.0.0.0/8")
_MULTICAST4 = Prefix.parse("224.0.0.0/3")
_LOOPBACK6 = Prefix.parse("::1/128")
_LINK_LOCAL6 = Prefix.parse("fe80::/10")

Wish = RedistributeAdd | RedistributeDelete | RedistributeDefaultAdd | RedistributeDefaultDelete


def may_leave(prefix: Prefix) -> bool:
    """False for networks that mean something on this host or link only."""
    if prefix.afi is Afi.IPV4:
        return not _LOOPBACK4.covers(prefix) and not _MULTICAST4.covers(prefix)
    return not _LOOPBACK6.covers(prefix) and not _LINK_LOCAL6.covers(prefix)


def route_message(prefix: Prefix, entry: RouteEntry, *, add: bool) -> RedistributeRoute:
    """A route as a client gets it."""
    hops = tuple(hop.to_zapi() for hop in entry.group.hops if hop.active) if add else ()
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
    )
    return RedistributeRoute(add, route)


class Redistribution:
    """Sends each client the selected routes of the types it asked for."""

    def __init__(self, rib: Rib) -> None:
        self._rib = rib

    def handle(self, client: Client, wish: Wish) -> None:
        """A client asks for routes of a type (all there are come in slices), or asks no more."""
        match wish:
            case RedistributeAdd(afi, type, instance):
                if (afi, type, instance) not in client.redistribute:
                    client.redistribute.add((afi, type, instance))
                    steps = self._walk(client, afi, type, instance)
                    self._rib.work.add("redistribute", steps)
            case RedistributeDelete(afi, type, instance):
                client.redistribute.discard((afi, type, instance))
            case RedistributeDefaultAdd(afi):
                client.redistribute_default.add(afi)
                self._send_default(client, afi)
            case RedistributeDefaultDelete(afi):
                client.redistribute_default.discard(afi)

    def _walk(self, client: Client, afi: Afi, kind: RouteType, instance: int) -> Iterator[None]:
        table = self._rib.default.main(afi)
        for key in table.ordered():
            if key is None:
                yield
                continue
            dest = table.routes.get(key)
            entry = dest.selected if dest is not None else None
            if (
                entry is not None
                and entry.installed
                and (kind is RouteType.ALL or (entry.type, entry.instance) == (kind, instance))
            ):
                self._send(client, Prefix.from_key(afi, key), entry, add=True)
            if client.closed or (afi, kind, instance) not in client.redistribute:
                return

    def _send_default(self, client: Client, afi: Afi) -> None:
        dest = self._rib.default.main(afi).routes.get(0)
        if dest is not None and dest.selected is not None and dest.selected.installed:
            self._send(client, Prefix(afi, 0, 0), dest.selected, add=True)

    def selected(
        self,
        clients: list[Client],
        table: Table,
        prefix: Prefix,
        new: RouteEntry | None,
        old: RouteEntry | None,
    ) -> None:
        """The route in use changed: tell those who want the new one, or wanted the old one."""
        if not table.is_main:
            return
        for client in clients:
            if new is not None and _wants(client, prefix, new):
                self._send(client, prefix, new, add=True)
            elif old is not None and _wants(client, prefix, old):
                self._send(client, prefix, old, add=False)

    def _send(self, client: Client, prefix: Prefix, entry: RouteEntry, *, add: bool) -> None:
        if may_leave(prefix):
            client.count(f"redist{prefix.afi}", "add" if add else "delete")
            client.send(route_message(prefix, entry, add=add))


def _wants(client: Client, prefix: Prefix, entry: RouteEntry) -> bool:
    if not client.redistribute and not client.redistribute_default:
        return False
    afi = prefix.afi
    if prefix.length == 0 and afi in client.redistribute_default:
        return True
    return (afi, entry.type, entry.instance) in client.redistribute or (
        afi,
        RouteType.ALL,
        0,
    ) in client.redistribute
