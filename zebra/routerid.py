"""The router id: what was configured, else the highest address, of the loopback first.

Addresses of interfaces that are down do not count.
"""

from collections.abc import Iterable

from grammar.base.values import Address, Afi
from zebra.connected import is_host_address
from zebra.interface import Interface


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
