"""The addresses of an interface in the order in which FRR shows them.

FRR keeps IPv4 addresses by subnet, a list for each, and IPv6 addresses as they came. Loopback
addresses are not shown.
"""

from collections.abc import Iterator
from itertools import groupby
from typing import TYPE_CHECKING

from grammar.base.values import Afi, Prefix
from zebra.show.views.interfaces import InterfaceRow

if TYPE_CHECKING:
    from zebra.kernel.api import LinkAddress

_LOOPBACK = 127
_FURTHER = "+ "


def of_interface(row: InterfaceRow) -> "Iterator[LinkAddress]":
    """All that are shown: IPv4 by subnet, then IPv6."""
    for subnet in _subnets(row):
        yield from subnet
    yield from _ipv6(row)


def brief_lines(row: InterfaceRow) -> Iterator[str]:
    """The column of the list: one address of each IPv4 subnet and one IPv6 address.

    A plus says that there are more in the same subnet, or more of IPv6.
    """
    for subnet in _subnets(row):
        first = next((address for address in subnet if not address.secondary), None)
        if first is not None:
            yield f"{_FURTHER if len(subnet) > 1 else ''}{own_prefix(first)}"
    ipv6 = _ipv6(row)
    first = next((address for address in ipv6 if not address.prefix.address.is_link_local), None)
    if first is not None:
        yield f"{_FURTHER if len(ipv6) > 1 else ''}{own_prefix(first)}"


def brief_json(row: InterfaceRow) -> list[str]:
    """The same list as JSON: all but secondary and IPv6 link-local ones, as they came."""
    return [
        str(own_prefix(address))
        for address in row.addresses
        if not _is_loopback(address)
        and not (address.secondary if _is_ipv4(address) else _is_local(address))
    ]


def own_prefix(address: "LinkAddress") -> Prefix:
    """The own address; alone if there is a far end."""
    prefix = address.prefix
    return prefix if address.peer is None else prefix.address.host_prefix()


def peer_prefix(address: "LinkAddress") -> Prefix | None:
    """The far end and the length of its network."""
    peer = address.peer
    return None if peer is None else Prefix(peer.afi, peer.value, address.prefix.length)


def unnumbered(row: InterfaceRow, address: "LinkAddress") -> bool:
    """Whether an IPv4 address has no network on the link."""
    own = own_prefix(address)
    return own.afi is Afi.IPV4 and own.length == own.afi.bits and not row.link.loopback


def label_of(row: InterfaceRow, address: "LinkAddress") -> str | None:
    """The label of an address where it is not just the interface's name."""
    return address.label if address.label and address.label != row.link.name else None


def _of(row: InterfaceRow, afi: Afi) -> "list[LinkAddress]":
    return [
        address
        for address in row.addresses
        if address.prefix.afi is afi and not _is_loopback(address)
    ]


def _ipv6(row: InterfaceRow) -> "list[LinkAddress]":
    return _of(row, Afi.IPV6)


def _subnets(row: InterfaceRow) -> "list[list[LinkAddress]]":
    def subnet(address: "LinkAddress") -> int:
        return own_prefix(address).network.key

    ordered = sorted(_of(row, Afi.IPV4), key=subnet)
    return [list(group) for _, group in groupby(ordered, subnet)]


def _is_ipv4(address: "LinkAddress") -> bool:
    return address.prefix.afi is Afi.IPV4


def _is_local(address: "LinkAddress") -> bool:
    return address.prefix.address.is_link_local


def _is_loopback(address: "LinkAddress") -> bool:
    prefix = address.prefix
    return prefix.value >> 24 == _LOOPBACK if prefix.afi is Afi.IPV4 else prefix.value == 1
