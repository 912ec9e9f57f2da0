"""The life of VRFs: they come with a device or a namespace, are told to clients, and go."""

from collections.abc import Callable, Iterator

from zebra.clients import Client, Clients
from zebra.protocolmaps import ProtocolMaps
from zebra.rib import Rib
from zebra.routerid import RouterIds
from zebra.tracking import Tracker
from zebra.vrf import Table, Vrf
from zebra.zapi.messages import VrfAdd, VrfDelete

_PORTION = 1000
"""Prefixes of a VRF that is gone whose routes are taken between two pauses."""


class Vrfs:
    """Enters VRFs into the RIB and takes them out; `track` makes the tracker of one."""

    def __init__(
        self,
        rib: Rib,
        clients: Clients,
        router_ids: RouterIds,
        maps: ProtocolMaps,
        track: Callable[[Vrf], Tracker],
        debug: Callable[[str, str, str], None],
    ) -> None:
        self._rib = rib
        self._clients = clients
        self._router_ids = router_ids
        self._maps = maps
        self._track = track
        self._debug = debug

    def tell(self, client: Client) -> None:
        """Tell a client all VRFs, by number."""
        for vrf in sorted(self._rib.vrfs.values(), key=lambda one: one.id):
            self._tell(client, vrf)

    def _tell(self, client: Client, vrf: Vrf) -> None:
        client.count("vrf", "add")
        client.send(VrfAdd(vrf.name, vrf.table, vrf.namespace.path), vrf.id)

    def _listeners(self) -> list[Client]:
        return [client for client in self._clients.all if client.greeted and not client.synchronous]

    def appear(self, vrf: Vrf) -> None:
        """A VRF is there, in its namespace: clients hear of it before its interfaces."""
        vrf.tracker = self._track(vrf)
        self._rib.vrfs[vrf.id] = vrf
        # FRR shows VRFs by name.
        ordered = sorted(self._rib.vrfs.values(), key=lambda one: one.name)
        self._rib.vrfs.clear()
        self._rib.vrfs.update((one.id, one) for one in ordered)
        self._debug("events", f"MESSAGE: ZEBRA_VRF_ADD {vrf.name}", "")
        for client in self._listeners():
            self._tell(client, vrf)
        self._maps.configured(vrf.config)
        self._router_ids.update()

    def vanish(self, vrf: Vrf) -> None:
        """A VRF is gone with its routes; its interfaces have gone before."""
        self._debug("events", f"MESSAGE: ZEBRA_VRF_DELETE {vrf.name}", "XC3P3-1DG4D")
        for client in self._listeners():
            client.count("vrf", "delete")
            client.send(VrfDelete(vrf.name, vrf.table, vrf.namespace.path), vrf.id)
        for client in self._clients.all:
            self._forget(client, vrf)
        self._rib.vrfs.pop(vrf.id, None)
        self._maps.forget(vrf.config)
        steps = self._take_routes(vrf)
        if sum(len(table.routes) for table in vrf.all_tables()) > _PORTION:
            self._rib.work.add("VRF", steps)
        else:
            list(steps)

    def _take_routes(self, vrf: Vrf) -> Iterator[None]:
        """All routes of a VRF that is gone go; nobody finds it any more, so no more come."""
        for table in vrf.all_tables():
            keys = list(table.routes)
            for start in range(0, len(keys), _PORTION):
                left = keys[start : start + _PORTION]
                while left := [key for key in left if _has_routes(table, key)]:
                    self._rib.take_many(table, left, lambda entry: True)
                yield

    def _forget(self, client: Client, vrf: Vrf) -> None:
        """What a client asked for in a VRF ends with it: it asks again when the VRF is back."""
        vrf.tracker.forget(client)
        client.router_ids = {wish for wish in client.router_ids if wish[0] != vrf.id}
        client.redistribute = {wish for wish in client.redistribute if wish[0] != vrf.id}
        client.redistribute_default = {
            wish for wish in client.redistribute_default if wish[0] != vrf.id
        }


def _has_routes(table: Table, key: int) -> bool:
    dest = table.routes.get(key)
    return dest is not None and bool(dest.entries)
