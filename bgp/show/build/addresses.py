"""Addresses of this router: those that no next hop may have, and hardware addresses."""

from typing import TYPE_CHECKING

from bgp.show.build import find
from bgp.show.views.misc import Fixed, Remark

if TYPE_CHECKING:
    from bgp.bgpd import Bgpd


def martians(bgpd: "Bgpd", kind: str | None, name: str | None) -> Fixed | Remark:
    """The addresses of this router, with the interfaces that have them."""
    instance = bgpd.instances.get(find.instance_name(kind, name))
    if instance is None:
        return Remark("% No BGP process is configured")
    found: dict[str, list[str]] = {}
    for interface in instance.zebra.interfaces.values():
        for prefix in interface.addresses:
            if not prefix.address.is_link_local:
                found.setdefault(str(prefix.address), []).append(interface.name)
    lines = [
        f"addr: {address}, count: {len(names)} : {''.join(f' {name},' for name in names)}\n"
        for address, names in found.items()
    ]
    text = f"self nexthop database:\n{''.join(lines)}Tunnel-ip database:\n"
    return Fixed(text, text)


def macs(bgpd: "Bgpd") -> Fixed:
    """Hardware addresses with the interfaces that have them; interfaces without one, too."""
    found: dict[str, list[str]] = {}
    for interface in bgpd.zebra.interfaces.values():
        address = (interface.hw_address or bytes(6)).hex(":")
        found.setdefault(address, []).append(interface.name)
    text = "".join(
        f"Mac Address: {address} {''.join(f'{name} ' for name in names)}\n"
        for address, names in found.items()
    )
    return Fixed(text, text)
