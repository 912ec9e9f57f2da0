"""Interfaces as they are shown."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

from zebra.config import name_key

if TYPE_CHECKING:
    from grammar.base.values import Address
    from zebra.config import InterfaceConfig
    from zebra.interface import Interface
    from zebra.kernel.api import Link, LinkAddress
    from zebra.kernel.neighbors import Neighbor
    from zebra.rtadv.advertiser import Advertising
    from zebra.vrf import Vrf
    from zebra.zebra import Zebra


@dataclass(frozen=True, slots=True)
class InterfaceRow:
    """One interface; times are times of day, `parent` the name of the link below, if known."""

    link: "Link"
    config: "InterfaceConfig"
    addresses: "tuple[LinkAddress, ...]"
    link_detect: bool
    ups: int
    downs: int
    last_up: float | None
    last_down: float | None
    vrf: str
    parent: str | None
    advertising: "Advertising | None" = None
    """Its router advertisements, if it sends any."""
    neighbor: "Address | None" = None
    """The router that advertised itself on it."""
    master: str | None = None
    """The bridge or VRF device that it is a port of."""

    @property
    def pseudo(self) -> bool:
        """Whether it is only configured, and the kernel does not have it."""
        return not self.link.ifindex


@dataclass(frozen=True, slots=True)
class InterfaceList:
    """`show interface`; `brief` asks for a line each."""

    rows: tuple[InterfaceRow, ...]
    brief: bool


@dataclass(frozen=True, slots=True)
class DescriptionList:
    """`show interface description`: interfaces by VRF, each with a title unless it is None."""

    vrfs: tuple[tuple[str | None, tuple[InterfaceRow, ...]], ...]


def _row(zebra: "Zebra", interface: "Interface") -> InterfaceRow:
    others = interface.vrf.namespace.interfaces.by_index
    link = interface.link
    parent, master = others.get(link.link_ifindex), others.get(link.master)
    return InterfaceRow(
        link,
        interface.config,
        tuple(interface.addresses),
        interface.link_detect,
        interface.ups,
        interface.downs,
        interface.last_up,
        interface.last_down,
        interface.vrf.name,
        parent.name if parent is not None else None,
        zebra.advertiser.of(interface.ifindex),
        zebra.advertiser.neighbor(interface.ifindex),
        master.name if master is not None else None,
    )


def _interfaces(zebra: "Zebra", vrf: "Vrf", name: str | None) -> Iterator[InterfaceRow]:
    known = vrf.namespace.interfaces.by_name
    names = {each for each, interface in known.items() if interface.vrf is vrf}
    if vrf is zebra.rib.default:
        configs = zebra.config.interfaces
        names |= {
            each
            for each, config in configs.items()
            if config.opened and each not in known and config.vrf == vrf.name
        }
    for each in sorted(names if name is None else names & {name}, key=name_key):
        if each in known:
            yield _row(zebra, known[each])
        else:
            yield _row(zebra, vrf.namespace.interfaces.absent(zebra.config.interfaces[each]))


def interfaces(zebra: "Zebra", vrf: "Vrf | None", name: str | None, brief: bool) -> InterfaceList:
    """All interfaces or one, of all VRFs or one; the default one has those that are not there."""
    vrfs = zebra.rib.vrfs.values() if vrf is None else (vrf,)
    return InterfaceList(tuple(row for one in vrfs for row in _interfaces(zebra, one, name)), brief)


def descriptions(zebra: "Zebra", vrfs: "Iterable[Vrf]", *, titled: bool) -> DescriptionList:
    """State and description of all interfaces of some VRFs."""
    return DescriptionList(
        tuple(
            (f"VRF {vrf.label}" if titled else None, tuple(_interfaces(zebra, vrf, None)))
            for vrf in vrfs
        )
    )


@dataclass(frozen=True, slots=True)
class AdvertisingList:
    """`show ipv6 nd ra-interfaces`: those that advertise, and those of them by milliseconds."""

    vrf: str
    names: tuple[str, ...]
    milliseconds: tuple[str, ...]


def advertising(zebra: "Zebra") -> AdvertisingList:
    """The interfaces that send router advertisements."""
    found = zebra.advertiser
    return AdvertisingList("default", tuple(found.names()), tuple(found.names(milliseconds=True)))


@dataclass(frozen=True, slots=True)
class NeighborList:
    """`show ip neigh`: names of links, with each neighbour and its link-layer address."""

    rows: tuple[tuple[str, "Neighbor"], ...]


def neighbors(zebra: "Zebra") -> NeighborList:
    """The neighbours of all links, by the link's number and the address."""
    rows = []
    for links in {id(vrf.namespace): vrf.namespace for vrf in zebra.rib.vrfs.values()}.values():
        found = sorted(links.kernel.neighbors(), key=lambda one: (one.ifindex, one.address))
        rows += [(links.interfaces.name(one.ifindex), one) for one in found]
    return NeighborList(tuple(rows))
