"""Interfaces as they are shown."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from zebra.config import NO_VRF, name_key

if TYPE_CHECKING:
    from grammar.base.values import Address
    from zebra.config import InterfaceConfig
    from zebra.interface import Interface
    from zebra.kernel.api import Link, LinkAddress
    from zebra.kernel.neighbors import Neighbor
    from zebra.rtadv.advertiser import Advertising
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

    @property
    def operative(self) -> bool:
        """Whether it counts as up; without `link-detect` a carrier is not needed."""
        return self.link.running or (self.link.up and not self.link_detect)


@dataclass(frozen=True, slots=True)
class InterfaceList:
    """`show interface`; `brief` asks for a line each."""

    rows: tuple[InterfaceRow, ...]
    brief: bool
    by_vrf: tuple[tuple[InterfaceRow, ...], ...]
    """The same by VRF, also of those without any."""


@dataclass(frozen=True, slots=True)
class DescriptionList:
    """`show interface description`: interfaces by VRF, each with a title unless it is None."""

    vrfs: tuple[tuple[str | None, tuple[InterfaceRow, ...]], ...]


def _row(zebra: "Zebra", interface: "Interface") -> InterfaceRow:
    namespace = interface.vrf.namespace
    others = namespace.interfaces.by_index
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
        namespace.advertiser.of(interface.ifindex),
        namespace.advertiser.neighbor(interface.ifindex),
        master.name if master is not None else None,
    )


def _interfaces(zebra: "Zebra", vrf: str, name: str | None) -> Iterator[InterfaceRow]:
    there = zebra.rib.named(vrf)
    namespace = zebra.namespace if there is None else there.namespace
    known = namespace.interfaces.by_name
    found = {} if there is None else {one.name: one for one in there.interfaces()}
    for config in zebra.config.interfaces.values():
        awaited = config.opened and config.vrf == vrf
        if awaited and (there is None or config.name not in known):
            found[config.name] = namespace.interfaces.absent(config)
    for each in sorted(found if name is None else found.keys() & {name}, key=name_key):
        yield replace(_row(zebra, found[each]), vrf=vrf)


def vrf_names(zebra: "Zebra") -> list[str]:
    """All VRFs by name, those too that are only configured."""
    return sorted({*(vrf.name for vrf in zebra.rib.vrfs.values()), *zebra.config.vrfs})


def interfaces(zebra: "Zebra", vrf: str | None, name: str | None, brief: bool) -> InterfaceList:
    """All interfaces or one, of all VRFs or one; with those that are not there, only configured."""
    vrfs = vrf_names(zebra) if vrf is None else [vrf]
    groups = tuple(tuple(_interfaces(zebra, one, name)) for one in vrfs)
    return InterfaceList(tuple(row for rows in groups for row in rows), brief, groups)


def descriptions(zebra: "Zebra", vrf: str | None) -> DescriptionList:
    """State and description of the interfaces of a VRF, or of all with their names as titles."""

    def title(name: str) -> str | None:
        there = zebra.rib.named(name)
        number = NO_VRF if there is None else there.id
        return None if vrf is not None else f"VRF {name}({number})"

    names = vrf_names(zebra) if vrf is None else [vrf]
    found = ((title(one), tuple(_interfaces(zebra, one, None))) for one in names)
    return DescriptionList(tuple(found))


@dataclass(frozen=True, slots=True)
class AdvertisingList:
    """`show ipv6 nd ra-interfaces`: those that advertise, and those of them by milliseconds."""

    vrf: str
    names: tuple[str, ...]
    milliseconds: tuple[str, ...]


def advertising(zebra: "Zebra", vrf: str) -> AdvertisingList:
    """The interfaces of the namespace of a VRF that send router advertisements."""
    there = zebra.rib.named(vrf)
    if there is None:
        return AdvertisingList(vrf, (), ())
    found = there.namespace.advertiser
    return AdvertisingList(vrf, tuple(found.names()), tuple(found.names(milliseconds=True)))


@dataclass(frozen=True, slots=True)
class NeighborList:
    """`show ip neigh`: names of links, with each neighbour and its link-layer address."""

    rows: tuple[tuple[str, "Neighbor"], ...]


def neighbors(zebra: "Zebra") -> NeighborList:
    """The neighbours of all links, by the link's number and the address."""
    rows = []
    for links in zebra.rib.namespaces():
        found = sorted(links.kernel.neighbors(), key=lambda one: (one.ifindex, one.address))
        rows += [(links.interfaces.name(one.ifindex), one) for one in found]
    return NeighborList(tuple(rows))
