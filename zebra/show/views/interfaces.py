"""Interfaces as they are shown."""

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from grammar.base.values import Address
    from zebra.config import InterfaceConfig
    from zebra.kernel.api import Link, LinkAddress
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


@dataclass(frozen=True, slots=True)
class InterfaceList:
    """`show interface`; `brief` asks for a line each."""

    rows: tuple[InterfaceRow, ...]
    brief: bool


@dataclass(frozen=True, slots=True)
class DescriptionList:
    """`show interface description`; `titled` names the VRF above it."""

    rows: tuple[InterfaceRow, ...]
    titled: bool


def _interfaces(zebra: "Zebra", name: str | None) -> tuple[InterfaceRow, ...]:
    rows = []
    for interface in zebra.interfaces:
        if name is not None and interface.name != name:
            continue
        parent = zebra.interfaces.by_index.get(interface.link.link_ifindex)
        rows.append(
            InterfaceRow(
                interface.link,
                interface.config,
                tuple(interface.addresses),
                interface.link_detect,
                interface.ups,
                interface.downs,
                interface.last_up,
                interface.last_down,
                "default",
                parent.name if parent is not None else None,
                zebra.advertiser.of(interface.ifindex),
                zebra.advertiser.neighbor(interface.ifindex),
            )
        )
    return tuple(rows)


def interfaces(zebra: "Zebra", name: str | None, brief: bool) -> InterfaceList:
    """All interfaces, or one."""
    return InterfaceList(_interfaces(zebra, name), brief)


def descriptions(zebra: "Zebra", *, titled: bool = True) -> DescriptionList:
    """State and description of all interfaces."""
    return DescriptionList(_interfaces(zebra, None), titled)


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
