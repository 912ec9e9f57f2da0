"""Show commands of EVPN: there is none of it here, which is said as FRR says it."""

from typing import Any

from bgp.commands.showing import (
    BGP_HELP,
    IP,
    JSON,
    JSON_HELP,
    OF,
    OF_HELP,
    PEER,
    PEER_HELP,
    shows,
)
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


@shows(
    f"{IP} {OF} l2vpn evpn statistics {JSON}",
    *BGP_HELP,
    *OF_HELP,
    *_EVPN_HELP[2:],
    "Counts over the table",
    JSON_HELP,
)
def _show_statistics(
    bgpd: Any, ip: str | None = None, kind: str | None = None, name: str | None = None
) -> object:
    return build.statistics.evpn(build.find.instance(bgpd, kind, name, json=False))


@shows(f"show bgp l2vpn evpn next-hops {JSON}", *_EVPN_HELP, "Next hops", JSON_HELP)
def _show_nexthops(bgpd: Any) -> object:
    return build.evpn.NO_NEXTHOPS


@shows(
    f"{IP} l2vpn evpn [rd ASN:NN_OR_IP-ADDRESS:NN$rd] neighbors {PEER}"
    f" <advertised-routes|routes>$what {JSON}",
    *BGP_HELP,
    *_EVPN_HELP[2:],
    "Those of a route distinguisher",
    "The distinguisher",
    "Neighbors",
    *PEER_HELP,
    "What it was told",
    "Its routes in the table",
    JSON_HELP,
)
def _show_neighbor_routes(
    bgpd: Any, peer: Any, what: str, ip: str | None = None, rd: str | None = None
) -> object:
    return build.evpn.neighbor(bgpd, peer)


@shows("show bgp segment-routing srv6", *BGP_HELP[::2], "Segment routing", "Over IPv6")
def _show_srv6(bgpd: Any) -> object:
    return build.evpn.srv6(bgpd)
