"""Interfaces and addresses as ZAPI messages."""

from grammar.base.values import Afi
from zebra.interface import Interface
from zebra.kernel.api import LinkAddress
from zebra.zapi.constants import AddressFlag, InterfaceStatus, LinkLayer
from zebra.zapi.messages import InterfaceAddress, InterfaceEvent, InterfaceState


def state_message(interface: Interface, event: InterfaceEvent) -> InterfaceState:
    """An interface; `NONE` status bits but link detection when it is gone."""
    link = interface.link
    status = InterfaceStatus.NONE if event is InterfaceEvent.DELETE else InterfaceStatus.ACTIVE
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
    )


def address_message(interface: Interface, address: LinkAddress, *, add: bool) -> InterfaceAddress:
    """An address that came or went."""
    flags = AddressFlag.NONE
    if address.secondary and address.prefix.afi is Afi.IPV4:
        flags |= AddressFlag.SECONDARY
    if address.peer is not None:
        flags |= AddressFlag.PEER
    return InterfaceAddress(add, interface.ifindex, address.prefix, flags, address.peer)
