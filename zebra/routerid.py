"""The router id: what was configured, else the highest address, of the loopback first.

Addresses of interfaces that are down do not count.
"""

from collections.abc import Iterable
from typing import TYPE_CHECKING

from grammar.base.values import IP, Address, Afi
from zebra.connected import is_host_address
from zebra.interface import Interface
from zebra.rib import Rib
from zebra.vrf import Vrf
from zebra.zapi.messages import RouterIdUpdate

if TYPE_CHECKING:
    from zebra.clients import Client, Clients


def choose(interfaces: Iterable[Interface], configured: Address | None, afi: Afi) -> Address | None:
    """The router id of a family; None when there is no address to take (FRR: 0.0.0.0)."""
    if configured is not None:
        return configured
    loopback: list[Address] = []
    other: list[Address] = []
    for interface in interfaces:
        if not (interface.operative or interface.link.loopback):
            continue
        for known in interface.of_afi(afi):
            address = known.prefix.address
            if is_host_address(known) or address.is_link_local:
                continue
            (loopback if interface.link.loopback else other).append(address)
    return max(loopback or other, default=None)


class RouterIds:
    """The router ids of all VRFs, and who is told of them."""

    def __init__(self, rib: Rib, clients: "Clients") -> None:
        self._rib = rib
        self._clients = clients

    def update(self) -> None:
        """Choose anew everywhere, and tell clients of other ones."""
        for vrf in self._rib.vrfs.values():
            own = vrf.interfaces()
            for afi in IP:
                chosen = choose(own, vrf.config.router_ids.get(afi), afi)
                if chosen != vrf.router_ids[afi]:
                    vrf.router_ids[afi] = chosen
                    self._tell(vrf, afi)

    def _tell(self, vrf: Vrf, afi: Afi) -> None:
        for client in self._clients.all:
            if (vrf.id, afi) in client.router_ids:
                self.send(client, vrf.id, afi)

    def send(self, client: "Client", vrf: int, afi: Afi) -> None:
        """The router id of a family in a VRF, 0.0.0.0 when there is none."""
        address = self._rib.vrfs[vrf].router_ids[afi] or Address(afi, 0)
        client.send(RouterIdUpdate(address.host_prefix()), vrf)
