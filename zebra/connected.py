"""The connected routes that follow from addresses of interfaces that carry traffic."""

from collections.abc import Iterator

from grammar.base.values import Afi, Prefix
from zebra.interface import Interface, usable
from zebra.kernel.api import LinkAddress
from zebra.vrf import Table

_LOOPBACK4 = Prefix.parse("127.0.0.0/8")
_LOOPBACK6 = Prefix.parse("::1/128")


def connected_prefix(address: LinkAddress) -> Prefix | None:
    """The network an address connects to; None for host addresses of the loopback."""
    if address.peer is not None:
        prefix = Prefix(address.prefix.afi, address.peer.value, address.prefix.length).network
    else:
        prefix = address.prefix.network
    loopback = _LOOPBACK4 if prefix.afi is Afi.IPV4 else _LOOPBACK6
    return None if loopback.covers(address.prefix.address.host_prefix()) else prefix


def is_host_address(address: LinkAddress) -> bool:
    """True for 127/8 and ::1, which no client is told of."""
    return connected_prefix(address) is None


def connected_addresses(interface: Interface) -> Iterator[tuple[LinkAddress, Prefix]]:
    """The addresses that give a connected route now, with its prefix."""
    if not interface.operative:
        return
    for address in interface.addresses:
        prefix = connected_prefix(address)
        if prefix is not None and usable(address):
            yield address, prefix


def tables_of(interface: Interface, prefix: Prefix) -> tuple[Table, Table]:
    """The tables that a connected route is in: that of packets, and that of multicast."""
    return interface.vrf.main(prefix.afi), interface.vrf.multicast[prefix.afi]
