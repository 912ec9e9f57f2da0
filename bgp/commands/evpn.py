"""Lines of `address-family l2vpn evpn` but for those of neighbors, in printed order.

They are kept and printed: no route of EVPN is announced or used.
"""

from collections.abc import Iterator
from typing import Any

from bgp.commands.evpn_announced import announced, networks, own_address
from bgp.commands.familynodes import EVPN_VNI, NODE_OF
from bgp.commands.nodes import GLOBAL, SCOPES
from bgp.commands.targets import (
    NOT_HERE,
    distinguisher,
    refused,
    route_targets,
)
from bgp.config import BgpConfig
from bgp.evpnconfig import EvpnConfig, Vni
from bgp.familyconfig import EVPN
from grammar.base.errors import CommandError
from grammar.command import Call, Flag, action, opens
from grammar.scope import Block, Scope, Values

_HERE = "This command is only supported under the EVPN VRF"


def _scope() -> Scope:
    return Scope(
        (NODE_OF[EVPN],),
        find=lambda place, values: place.bgp.evpn,
        objects=lambda place: [({}, place.bgp.evpn)],
    )


NETWORKS, LINES = _scope(), _scope()
SCOPES[EVPN].first.add(NETWORKS)
SCOPES[EVPN].last.add(LINES)


networks(NETWORKS)


# advertise-all-vni, vni


def _only_one(call: Call, evpn: EvpnConfig) -> None:
    bgp: BgpConfig = call.node_object.bgp
    if not call.negated and bgp.vrf is not None and None in call.daemon.config.instances:
        raise CommandError("% Please unconfigure EVPN in VRF default")


def _where_all(text: str) -> Any:
    """A check for lines that need `advertise-all-vni`; their `no` does not."""

    def check(call: Call, evpn: EvpnConfig) -> None:
        if not call.negated and not evpn.advertise_all_vni:
            raise refused(text)

    return check


Flag(
    LINES,
    "advertise-all-vni",
    "Announce all VNIs of this router",
    field="advertise_all_vni",
    check=_only_one,
)

VNIS = Block(
    (EVPN_VNI,),
    objects=lambda evpn: [({}, vni) for vni in evpn.vnis.values()],
    open_line=lambda values, vni: f"vni {vni.number}",
    close_line="exit-vni",
)


@opens(
    LINES,
    "vni (1-16777215)$vni",
    "A virtual network",
    "Its number",
    into=EVPN_VNI,
    negatable=True,
)
def _vni(call: Call) -> Vni | None:
    evpn: EvpnConfig = call.target()
    number = call.values["vni"]
    if not call.negated:
        return evpn.vnis.setdefault(number, Vni(number))
    if evpn.vnis.pop(number, None) is None:
        raise refused("% Specified VNI does not exist")
    return None


LINES.add(VNIS)


def _of_vni(call: Call) -> None:
    if not any(
        bgp.evpn.advertise_all_vni and bgp.evpn.vnis.get(call.node_object.number) is call.target()
        for bgp in call.daemon.config.instances.values()
    ):
        raise refused(NOT_HERE)


distinguisher(VNIS, "VNI", _of_vni, bare=True)
route_targets(VNIS, "VNI", _of_vni, bare=True)
Flag(
    VNIS,
    "advertise-default-gw",
    "Announce addresses of default gateways",
    field="advertise_default_gw",
)
Flag(VNIS, "advertise-svi-ip", "Announce addresses of bridge interfaces", field="advertise_svi_ip")

Flag(
    LINES,
    "autort rfc8365-compatible",
    "Route targets that are made",
    "As RFC 8365 makes them",
    field="autort",
)
Flag(
    LINES,
    "advertise-default-gw",
    "Announce addresses of default gateways",
    field="advertise_default_gw",
    check=_where_all(_HERE),
)
Flag(
    LINES,
    "advertise-svi-ip",
    "Announce addresses of bridge interfaces",
    field="advertise_svi_ip",
    check=_where_all(NOT_HERE),
)


def _not_of_vrf(call: Call, evpn: EvpnConfig) -> None:
    if evpn.is_of_vrf:
        raise refused(NOT_HERE)


Flag(
    LINES,
    "enable-resolve-overlay-index",
    "Resolve gateways of routes over other routes",
    field="resolve_overlay_index",
    check=_not_of_vrf,
)


# What holds for all instances

MULTIHOMING = Scope(
    (NODE_OF[EVPN],),
    find=lambda place, values: place.bgp.evpn.multihoming,
    objects=lambda evpn: [({}, evpn.multihoming)],
)
LINES.add(MULTIHOMING)


def _fragment(call: Call) -> None:
    call.target().ead_fragment = None if call.negated else call.values["limit"]


action(
    MULTIHOMING,
    "ead-es-frag evi-limit (1-1000)$limit",
    "Routes of an Ethernet segment",
    "How many networks one carries",
    "Their number",
    negatable=True,
    printer=lambda all, names: (
        [f"ead-es-frag evi-limit {all.ead_fragment}"] if all.ead_fragment else []
    ),
)(_fragment)
Flag(
    MULTIHOMING,
    "use-es-l3nhg",
    "Next-hop groups for Ethernet segments",
    field="use_es_nexthop_group",
    default=True,
)
for _side, _does in (("rx", "Pass over"), ("tx", "Do not announce")):
    Flag(
        MULTIHOMING,
        f"disable-ead-evi-{_side}",
        f"{_does} routes of Ethernet segments in a network",
        field=f"disable_ead_evi_{_side}",
    )


# Duplicate addresses


def _detection_check(call: Call) -> EvpnConfig:
    evpn: EvpnConfig = call.target()
    if not evpn.advertise_all_vni:
        raise refused(_HERE)
    return evpn


def _detection(call: Call) -> None:
    evpn, values = _detection_check(call), call.values
    if "moves" not in values:
        evpn.detection = False if call.negated else None
        if call.negated:
            evpn.moves = evpn.seconds = evpn.freeze = None
        return
    evpn.detection = None
    default = call.negated or (values["moves"], values["seconds"]) == (5, 180)
    evpn.moves = None if default else values["moves"]
    evpn.seconds = None if default else values["seconds"]


def _freeze(call: Call) -> None:
    evpn = _detection_check(call)
    evpn.detection = None
    seconds = 0 if call.values["freeze"] == "permanent" else call.values["freeze"]
    evpn.freeze = None if call.negated else seconds


def _detection_lines(evpn: EvpnConfig, names: Values) -> Iterator[str]:
    if evpn.detection is False:
        yield "no dup-addr-detection"
        return
    if evpn.moves is not None:
        yield f"dup-addr-detection max-moves {evpn.moves} time {evpn.seconds}"
    if evpn.freeze is not None:
        yield f"dup-addr-detection freeze {evpn.freeze or 'permanent'}"


action(
    LINES,
    "dup-addr-detection [max-moves (2-1000)$moves time (2-1800)$seconds]",
    "Look for addresses that are in two places",
    "How often one may move",
    "Times",
    "Within this time",
    "Seconds",
    negatable=True,
    printer=_detection_lines,
)(_detection)
action(
    LINES,
    "dup-addr-detection freeze <permanent|(30-3600)>$freeze",
    "Look for addresses that are in two places",
    "Leave such an address where it is",
    "Until an operator says otherwise",
    "So many seconds",
    negatable=True,
)(_freeze)


announced(LINES)
own_address(LINES)


def _anywhere(call: Call) -> None:
    """Distinguisher and targets of the instance need nothing else."""


distinguisher(LINES, "VRF", _anywhere, bare=False)


@action(GLOBAL, "no rd", "Take a line back", "Route distinguisher")
def _no_rd(call: Call) -> None:
    evpn: EvpnConfig = call.node_object.evpn
    if evpn.rd is None:
        raise refused("% RD is not configured for this VRF")
    evpn.rd = None


route_targets(LINES, "VRF", _anywhere, bare=False)
