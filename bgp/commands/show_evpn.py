"""Show commands of EVPN: there is none of it here, which is said as FRR says it."""

from typing import Any

from bgp.commands.show import SUMMARY
from bgp.commands.showing import BARE, INSTANCE, IP, JSON, NEIGHBOR, Where, shows
from bgp.commands.targets import typed_distinguisher
from bgp.show import build
from grammar.command import fragment

_EVPN = fragment("l2vpn evpn", "Layer 2 networks", "Ethernet networks")
_VRF = fragment("[vrf VRFNAME$name]", "An instance of a VRF", "Its name")


@shows(BARE + _VRF + _EVPN + SUMMARY)
def _show_summary(where: Where, **words: Any) -> object:
    return build.evpn.summary(where.bgpd, where.name, build.summary.Words(**words))


@shows(
    BARE + fragment("evpn summary", "Ethernet networks", "Sessions at a glance") + JSON,
    hidden=True,
)
def _show_old_summary(where: Where) -> object:
    return build.evpn.summary(where.bgpd, None, build.summary.Words())


_RD = fragment("[rd <ASN:NN_OR_IP-ADDRESS:NN|all>$rd]", "Of a distinguisher", "It", "Of all")


def _check(rd: str | None) -> None:
    if rd not in (None, "all"):
        typed_distinguisher(str(rd))


@shows(IP + _EVPN + _RD + JSON)
def _show_table(where: Where, rd: str | None = None) -> object:
    _check(rd)
    return build.evpn.NO_TABLE


@shows(
    IP
    + _EVPN
    + fragment(
        "rd <ASN:NN_OR_IP-ADDRESS:NN|all>$rd <overlay|tags>$what",
        "Of a distinguisher",
        "It",
        "Of all",
        "What they lie over",
        "Their tags",
    )
)
def _show_parts(where: Where, rd: str, what: str) -> object:
    _check(rd)
    return build.evpn.NO_TABLE


@shows(BARE + _EVPN + fragment("route", "Routes") + JSON)
def _show_routes(where: Where) -> object:
    return build.evpn.NO_ROUTES


@shows(BARE + _EVPN + fragment("vni", "Networks by their number") + JSON)
def _show_vnis(where: Where) -> object:
    return build.evpn.NO_VNIS


@shows(INSTANCE + _EVPN + fragment("statistics", "Counts over the table") + JSON)
def _show_statistics(where: Where) -> object:
    return build.statistics.evpn(where.instance(json=False))


@shows(BARE + _EVPN + fragment("next-hops", "Next hops") + JSON)
def _show_nexthops(where: Where) -> object:
    return build.evpn.NO_NEXTHOPS


@shows(
    IP
    + _EVPN
    + _RD
    + NEIGHBOR
    + fragment("<advertised-routes|routes>$what", "What it was told", "Its routes in the table")
    + JSON
)
def _show_neighbor_routes(where: Where, peer: Any, what: str, rd: str | None = None) -> object:
    return build.evpn.neighbor(where.bgpd, peer)


@shows(
    BARE
    + fragment("vrf VRFNAME$name vni", "An instance of a VRF", "Its name", "Its networks")
    + JSON
)
def _show_vni(where: Where) -> object:
    return build.evpn.vni(where.bgpd, str(where.name))


@shows(BARE + fragment("segment-routing srv6", "Segment routing", "Over IPv6"))
def _show_srv6(where: Where) -> object:
    return build.evpn.srv6(where.bgpd)
