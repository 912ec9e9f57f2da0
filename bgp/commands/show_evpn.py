"""Show commands of EVPN: there is none of it here, which is said as FRR says it."""

from typing import Any

from bgp.commands.showing import JSON, JSON_HELP, shows
from bgp.show import build

_EVPN_HELP = ("Show", "BGP", "Layer 2 networks", "Ethernet networks")
_VRF_HELP = ("Show", "BGP", "An instance of a VRF", "Its name", *_EVPN_HELP[2:])


@shows(
    "show bgp [vrf VRFNAME$name] l2vpn evpn summary [<established|failed>$only] [terse$terse]"
    f" [wide$wide] {JSON}",
    *_VRF_HELP,
    "Sessions at a glance",
    "Those that are up",
    "Those that are not",
    "With a short head",
    "With more columns",
    JSON_HELP,
)
def _show_summary(
    bgpd: Any,
    name: str | None = None,
    only: str | None = None,
    terse: str | None = None,
    wide: str | None = None,
) -> object:
    return build.evpn.summary(bgpd, name, wide=wide is not None)


@shows(
    f"show bgp evpn summary {JSON}",
    "Show",
    "BGP",
    "Ethernet networks",
    "Sessions at a glance",
    JSON_HELP,
    hidden=True,
)
def _show_old_summary(bgpd: Any) -> object:
    return build.evpn.summary(bgpd, None)


@shows(f"show bgp l2vpn evpn {JSON}", *_EVPN_HELP, JSON_HELP)
def _show_table(bgpd: Any) -> object:
    return build.evpn.NO_TABLE


@shows(f"show bgp l2vpn evpn route {JSON}", *_EVPN_HELP, "Routes", JSON_HELP)
def _show_routes(bgpd: Any) -> object:
    return build.evpn.NO_ROUTES


@shows(f"show bgp l2vpn evpn vni {JSON}", *_EVPN_HELP, "Networks by their number", JSON_HELP)
def _show_vnis(bgpd: Any) -> object:
    return build.evpn.NO_VNIS
