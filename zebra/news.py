"""Interfaces and addresses as ZAPI messages, and who is told of them."""

from collections.abc import Callable

from grammar.base.values import Afi
from zebra.clients import Client, Clients
from zebra.connected import is_host_address
from zebra.evpn.evpn import Evpn
from zebra.interface import Interface, usable
from zebra.kernel.api import HostEvent, LinkAddress
from zebra.linkparams import told
from zebra.routerid import RouterIds
from zebra.zapi.constants import AddressFlag, InterfaceStatus, LinkLayer
from zebra.zapi.linkparams import InterfaceLinkParams, TrafficParams
from zebra.zapi.messages import InterfaceAddress, InterfaceEvent, InterfaceState

_MARKS = {
    InterfaceEvent.ADD: "R0MNE-C165S",
    InterfaceEvent.DELETE: "NXAHW-290AC",
    InterfaceEvent.UP: "V6YM8-PV4KB",
    InterfaceEvent.DOWN: "SBFM4-2P25V",
}
"""FRR's marks of the lines about them."""


def _params(interface: Interface) -> TrafficParams | None:
    params = interface.config.params
    return told(params) if params is not None else None


def state_message(
    interface: Interface, event: InterfaceEvent, *, new: bool = False
) -> InterfaceState:
    """An interface; one that is `new` or gone is not active yet, or no more."""
    link = interface.link
    active = event is not InterfaceEvent.DELETE and not new
    status = InterfaceStatus.ACTIVE if active else InterfaceStatus.NONE
    if interface.link_detect:
        status |= InterfaceStatus.LINK_DETECTION
    address = link.hw_address if any(link.hw_address) else b""
    return InterfaceState(
        event,
        link.name,
        link.ifindex,
        status,
        link.flags,
        speed=link.speed,
        mtu=link.mtu,
        mtu6=link.mtu,
        bandwidth=interface.config.bandwidth or 0,
        link_ifindex=link.link_ifindex,
        link_layer=LinkLayer.LOOPBACK if link.loopback else LinkLayer.ETHERNET,
        hw_address=address,
        params=_params(interface),
    )


def address_message(interface: Interface, address: LinkAddress, *, add: bool) -> InterfaceAddress:
    """An address that came or went."""
    flags = AddressFlag.NONE
    if address.secondary and address.prefix.afi is Afi.IPV4:
        flags |= AddressFlag.SECONDARY
    if address.peer is not None:
        flags |= AddressFlag.PEER
    return InterfaceAddress(add, interface.ifindex, address.prefix, flags, address.peer)


class InterfaceNews:
    """Tells clients what happens to interfaces, whether or not they asked (as FRR does)."""

    def __init__(
        self,
        clients: Clients,
        router_ids: RouterIds,
        evpn: Evpn,
        debug: Callable[[str, str, str], None],
    ) -> None:
        self._clients = clients
        self._router_ids = router_ids
        self._evpn = evpn
        self._debug = debug
        self._params: dict[Interface, TrafficParams | None] = {}

    def debug(self, switch: str, text: str, ident: str = "") -> None:
        """A line for the log if `debug zebra SWITCH` is on."""
        self._debug(switch, text, ident)

    def interface(self, interface: Interface, event: InterfaceEvent, *, new: bool = False) -> None:
        """An interface came (`new`), went, or changed."""
        where = f"{interface.name} vrf {interface.vrf.label}"
        text = f"MESSAGE: ZEBRA_INTERFACE_{event.name} {where}"
        self._debug("events", text, _MARKS.get(event, ""))
        message = state_message(interface, event, new=new)
        row = "connected" if event in (InterfaceEvent.ADD, InterfaceEvent.DELETE) else "interface"
        gone = event in (InterfaceEvent.DELETE, InterfaceEvent.DOWN)
        # FRR counts twice what it tells of interfaces that come and go, unless it was asked.
        times = 1 if row == "interface" else 2
        for client in self._clients.all:
            if not client.synchronous:
                client.count(row, "delete" if gone else "add", times)
                client.send(message, interface.vrf.id)
        namespace, is_gone = interface.vrf.namespace, event is InterfaceEvent.DELETE
        namespace.advertiser.interface(interface, gone=is_gone)
        if not namespace.path:
            self._evpn.interface(interface, gone=is_gone)
        self._router_ids.update()

    def host(self, event: HostEvent) -> None:
        """A host came, went or moved: that concerns EVPN only."""
        self._evpn.host(event)

    def hosts_lost(self) -> None:
        """Some of what the kernel told of hosts was lost."""
        self._evpn.events_lost()

    def params(self, interface: Interface) -> None:
        """Tell clients the link parameters, if they are others than those told before."""
        params = _params(interface)
        if params == self._params.get(interface):
            return
        self._params[interface] = params
        if params is None:
            return
        for client in self._clients.all:
            if not client.synchronous:
                client.send(InterfaceLinkParams(interface.ifindex, params), interface.vrf.id)

    def changed(self, interface: Interface) -> None:
        """Tell clients what is different of an interface."""
        self.interface(interface, InterfaceEvent.ADD)

    def addresses(self, interface: Interface, *, add: bool) -> None:
        """Tell all addresses of a link again that came up, or take back those of one that went."""
        for address in interface.addresses:
            self._tell_address(interface, address, add=add)

    def address(self, interface: Interface, address: LinkAddress, *, add: bool) -> None:
        """Tell clients of an address, and of the router id that may follow from it."""
        self._router_ids.update()
        self._tell_address(interface, address, add=add)

    def _tell_address(self, interface: Interface, address: LinkAddress, *, add: bool) -> None:
        verb, ident = ("ADD", "NBGDS-5ZDQ9") if add else ("DELETE", "XN0NB-2NSYE")
        where = f"{address.prefix} on {interface.name} vrf {interface.vrf.label}"
        self._debug("events", f"MESSAGE: ZEBRA_INTERFACE_ADDRESS_{verb} {where}", ident)
        if is_host_address(address):
            return
        message = address_message(interface, address, add=add)
        for client in self._clients.all:
            if not client.synchronous:
                # FRR counts each as an addition, too.
                client.count("address", "add")
                client.count("address", "add" if add else "delete")
                client.send(message, interface.vrf.id)

    def send_all(self, client: Client, interface: Interface) -> None:
        """Tell one client an interface, its addresses and the router that was found on it."""
        client.count("connected", "add")
        client.send(state_message(interface, InterfaceEvent.ADD), interface.vrf.id)
        params = _params(interface)
        if params is not None:
            client.send(InterfaceLinkParams(interface.ifindex, params), interface.vrf.id)
        for address in interface.addresses:
            if usable(address) and not is_host_address(address):
                client.count("address", "add")
                client.send(address_message(interface, address, add=True), interface.vrf.id)
        interface.vrf.namespace.advertiser.greet(client, interface)
