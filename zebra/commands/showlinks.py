"""Shows about interfaces and their descriptions."""

from typing import Any

from grammar.base.errors import CommandError, Status
from grammar.command import show
from grammar.node import ENABLE, VIEW
from grammar.scope import Scope
from zebra import show as shown
from zebra.commands.show import missing, no_vrf

SHOW_INTERFACE = Scope((VIEW, ENABLE))
_DESCRIPTIONS = Scope((ENABLE,))
SHOW_INTERFACE.add(_DESCRIPTIONS)


def _known(zebra: Any, vrf: str) -> bool:
    """A VRF that is only configured may have interfaces that are only configured, too."""
    return vrf in shown.views.vrf_names(zebra)


@show(
    SHOW_INTERFACE,
    "show interface vrf NAME$vrf [brief$brief] [json$json]",
    "Show",
    "Interfaces",
    "Of a VRF",
    "Its name",
    "A line each",
    "As JSON",
)
def show_interface_vrf(zebra: Any, vrf: str, brief: str | None = None) -> Any:
    """The interfaces of one VRF."""
    if not _known(zebra, vrf):
        return missing(no_vrf(zebra, vrf))
    return shown.views.interfaces(zebra, vrf, None, brief is not None)


@show(
    SHOW_INTERFACE,
    "show interface [vrf all] [brief$brief] [json$json]",
    "Show",
    "Interfaces",
    "Of VRFs",
    "All of them",
    "A line each",
    "As JSON",
)
def show_interfaces(zebra: Any, brief: str | None = None) -> Any:
    """All interfaces."""
    return shown.views.interfaces(zebra, None, None, brief is not None)


@show(
    SHOW_INTERFACE,
    "show interface IFNAME$ifname vrf NAME$vrf [json$json]",
    "Show",
    "Interfaces",
    "One by name",
    "Of a VRF",
    "Its name",
    "As JSON",
)
def show_interface_name_vrf(zebra: Any, ifname: str, vrf: str) -> Any:
    """One interface of a VRF."""
    return _one(zebra, vrf, ifname) if _known(zebra, vrf) else missing(no_vrf(zebra, vrf))


@show(
    SHOW_INTERFACE,
    "show interface IFNAME$ifname [vrf all] [json$json]",
    "Show",
    "Interfaces",
    "One by name",
    "Of VRFs",
    "All of them",
    "As JSON",
)
def show_interface_name(zebra: Any, ifname: str) -> Any:
    """One interface, where no other VRF has one of the same name."""
    if len(shown.views.interfaces(zebra, None, ifname, False).rows) > 1:
        text = f"% There are multiple interfaces with name {ifname}\n"
        return missing(f"{text}% You must specify the VRF name")
    return _one(zebra, None, ifname)


def _one(zebra: Any, vrf: str | None, ifname: str) -> Any:
    found = shown.views.interfaces(zebra, vrf, ifname, False)
    return found if found.rows else missing(f"% Can't find interface {ifname}")


@show(
    _DESCRIPTIONS,
    "show interface description vrf NAME$vrf",
    "Show",
    "Interfaces",
    "Their descriptions",
    "Of a VRF",
    "Its name",
)
def show_descriptions_vrf(zebra: Any, vrf: str) -> Any:
    """The descriptions of one VRF's interfaces."""
    if not _known(zebra, vrf):
        raise CommandError(no_vrf(zebra, vrf), Status.WARNING)
    return shown.views.descriptions(zebra, vrf)


@show(
    _DESCRIPTIONS,
    "show interface description [vrf all]",
    "Show",
    "Interfaces",
    "Their descriptions",
    "Of VRFs",
    "All of them",
)
def show_descriptions(zebra: Any) -> Any:
    """The descriptions of all interfaces."""
    return shown.views.descriptions(zebra, None)


@show(SHOW_INTERFACE, "show ip neigh", "Show", "IPv4", "The neighbours on all links")
def show_neighbors(zebra: Any) -> Any:
    """Neighbours of both families."""
    try:
        return shown.views.neighbors(zebra)
    except OSError as error:
        raise CommandError(f"% The kernel cannot be asked: {error}") from error
