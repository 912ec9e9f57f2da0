"""Interfaces as FRR's text."""

from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING, Any

from grammar.base.values import Afi
from zebra.show import views
from zebra.show.addresses import (
    brief_lines,
    label_of,
    of_interface,
    own_prefix,
    peer_prefix,
    unnumbered,
)
from zebra.show.links import drivers_name, flag_names, slave_name, stamp, type_name
from zebra.show.params import params_text
from zebra.show.text_advert import interface_lines

if TYPE_CHECKING:
    from zebra.kernel.kinds import Vxlan


def interface_list(view: views.InterfaceList) -> Iterator[str]:
    """`show interface` and its brief form."""
    if view.brief:
        yield from _brief(view)
        return
    for row in view.rows:
        yield from _interface(row)


def _state(row: views.InterfaceRow) -> str:
    if not row.link.up:
        return "down"
    if not row.link_detect:
        return "up, line protocol detection is disabled"
    return f"up, line protocol is {'up' if row.link.running else 'down'}"


def _interface(row: views.InterfaceRow) -> Iterator[str]:
    yield f"Interface {row.link.name} is {_state(row)}\n"
    yield f"  Link ups:   {row.ups:>5}    last: {stamp(row.last_up)}\n"
    yield f"  Link downs: {row.downs:>5}    last: {stamp(row.last_down)}\n"
    yield f"  vrf: {row.vrf}\n"
    if row.config.description is not None:
        yield f"  Description: {row.config.description}\n"
    if row.pseudo:
        yield "  pseudo interface\n"
        return
    yield from _link(row)
    yield from interface_lines(row)


def _link(row: views.InterfaceRow) -> Iterator[str]:
    link = row.link
    yield f"  index {link.ifindex} metric 0 mtu {link.mtu} speed {link.speed} \n"
    yield f"  flags: {flag_names(link.flags)}\n"
    if row.config.mpls:
        yield "  MPLS enabled\n"
    yield f"  Type: {type_name(link)}\n"
    if any(link.hw_address):
        yield f"  HWaddr: {link.hw_address.hex(':')}\n"
    if row.config.bandwidth is not None:
        yield f"  bandwidth {row.config.bandwidth} Mbps\n"
    for address in of_interface(row):
        word = "inet" if address.prefix.afi is Afi.IPV4 else "inet6"
        yield f"  {word} {_address(row, address)}\n"
    yield f"  Interface Type {drivers_name(link)}\n"
    yield f"  Interface Slave Type {slave_name(link)}\n"
    yield from _kind(row)
    if row.master is not None and link.slave == "bridge":
        yield f"  Master interface: {row.master}\n"
    if row.config.uplink:
        yield f"  EVPN-MH: uplink ({'up' if row.operative else 'down'})\n"
    yield "  protodown: off \n"
    if link.link_ifindex:
        if row.parent is not None:
            yield f"  Parent interface: {row.parent}\n"
        else:
            yield f"  Parent ifindex: {link.link_ifindex}\n"
    yield from params_text(row.config.params)


def _kind(row: views.InterfaceRow) -> Iterator[str]:
    link = row.link
    match link.kind:
        case "bridge":
            yield f"  Bridge VLAN-aware: {'yes' if link.vlan_aware else 'no'}\n"
        case "vlan":
            yield f"  VLAN Id {link.vlan}\n"
    if link.vxlan is not None:
        yield f"  {_vxlan(row, link.vxlan)}\n"


def _vxlan(row: views.InterfaceRow, vxlan: "Vxlan") -> str:
    text = f"VxLAN Id {vxlan.vni}"
    if vxlan.local is not None:
        text += f" VTEP IP: {vxlan.local}"
    if vxlan.group is not None:
        text += f"  Mcast Group {vxlan.group}"
    if row.link.link_ifindex:
        text += f" Link Interface {row.parent or 'Unknown'}"
    return text


def _address(row: views.InterfaceRow, address: Any) -> str:
    text = str(own_prefix(address))
    if address.peer is not None:
        text += f" peer {peer_prefix(address)}"
    if address.secondary and address.prefix.afi is Afi.IPV4:
        text += " secondary"
    if unnumbered(row, address):
        text += " unnumbered"
    label = label_of(row, address)
    return f"{text} {label}" if label is not None else text


def _brief(view: views.InterfaceList) -> Iterator[str]:
    for rows in view.by_vrf:
        yield from _brief_of(rows) if rows else ("\n",)


def _brief_of(rows: Iterable[views.InterfaceRow]) -> Iterator[str]:
    yield f"{'Interface':<16}{'Status':<8}{'VRF':<16}{'Addresses'}\n"
    yield f"{'---------':<16}{'------':<8}{'---':<16}{'---------'}\n"
    for row in rows:
        status = "up" if row.link.up else "down"
        head = f"{row.link.name:<16}{status:<8}{row.vrf:<16}"
        first, *more = [*brief_lines(row)] or [""]
        yield f"{head}{first}\n"
        for line in more:
            yield f"{'':<40}{line}\n"
    yield "\n"


def description_list(view: views.DescriptionList) -> Iterator[str]:
    """`show interface description`."""
    for title, rows in view.vrfs:
        if title is not None:
            yield f"\n\t{title}\n\n"
        yield "Interface       Status  Protocol  Description\n"
        for row in rows:
            status = "up" if row.link.up else "down"
            if not row.link.up:
                protocol = "down"
            elif not row.link_detect:
                protocol = "unknown"
            else:
                protocol = "up" if row.link.running else "down"
            description = row.config.description or ""
            yield f"{row.link.name:<16}{status:<8}{protocol:<10}{description}\n"


def neighbor_list(view: views.NeighborList) -> Iterator[str]:
    """`show ip neigh`; the rules of PBR that name a neighbour are none."""
    yield f"{'Interface':<20} {'Neighbor':<30} {'MAC':<18} {'#Rules'}\n"
    for name, neighbor in view.rows:
        mac = neighbor.link_address.hex(":")
        yield f"{name:<20} {neighbor.address!s:<30} {mac:<18} 0\n"


def register(render: Any) -> None:
    """Add these renderers to the dispatcher."""
    render.register(views.InterfaceList, interface_list)
    render.register(views.DescriptionList, description_list)
    render.register(views.NeighborList, neighbor_list)
