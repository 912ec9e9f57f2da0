"""Lines of `address-family ipv4|ipv6 vpn` but for those of neighbors, and SRv6.

They are kept and printed: no route of a VPN is announced or used.
"""

from collections.abc import Iterator

from bgp.commands.familynodes import BGP_SRV6, NODE_OF
from bgp.commands.nodes import SCOPES, SRV6, FamilyScopes
from bgp.commands.policy import MAP
from bgp.config import BgpConfig, Family
from bgp.evpnconfig import VpnConfig, VpnNetwork
from bgp.familyconfig import IPV4_VPN, IPV6_VPN
from bgp.wire.distinguisher import distinguisher_text, parse_distinguisher
from grammar.base.errors import CommandError
from grammar.base.values import Afi, Prefix
from grammar.command import Call, Flag, Reply, action, opens
from grammar.scope import Block, Scope, Values


def _scope(family: Family) -> Scope:
    return Scope(
        (NODE_OF[family],),
        find=lambda place, values: place.bgp.vpn[family],
        objects=lambda place: [({}, place.bgp.vpn[family])],
    )


def _key(call: Call) -> tuple[bytes, Prefix]:
    rd = parse_distinguisher(call.values["rd"])
    if rd is None:
        raise CommandError("% Malformed rd")
    return rd, call.values["prefix"].network


def _network(call: Call) -> Reply | None:
    vpn: VpnConfig = call.target()
    key = _key(call)
    if key in vpn.networks:
        return Reply(["% Same network configuration exists\n"])
    vpn.networks[key] = VpnNetwork(call.values["label"], call.values.get("rmap"))
    return None


def _no_network(call: Call) -> Reply | None:
    vpn: VpnConfig = call.target()
    if vpn.networks.pop(_key(call), None) is None:
        return Reply(["% Can't find the route\n"])
    return None


def _network_lines(vpn: VpnConfig, names: Values) -> Iterator[str]:
    for rd, prefix in sorted(vpn.networks, key=lambda key: (key[0], key[1].key)):
        one = vpn.networks[rd, prefix]
        tail = "" if one.route_map is None else f" route-map {one.route_map}"
        yield f"network {prefix} rd {distinguisher_text(rd)} label {one.label}{tail}"


def _declare(scopes: FamilyScopes) -> None:
    networks, retained = _scope(scopes.family), _scope(scopes.family)
    scopes.first.add(networks)
    scopes.last.add(retained)
    token = "A.B.C.D/M" if scopes.family[0] is Afi.IPV4 else "X:X::X:X/M"
    notation = f"network {token}$prefix rd ASN:NN_OR_IP-ADDRESS:NN$rd <tag|label> (0-1048575)$label"
    help = (
        "Announce a network",
        "The network",
        "Route distinguisher",
        "As AS number or address, and a number",
        "Label",
        "Label",
        "Its value",
    )
    action(
        networks,
        f"{notation} [route-map RMAP_NAME$rmap]",
        *help,
        *MAP,
        printer=_network_lines,
    )(_network)
    action(networks, f"no {notation}", "Take a line back", *help)(_no_network)
    Flag(
        retained,
        "bgp retain route-target all",
        "BGP",
        "Routes that are not used here",
        "By their route targets",
        "Keep all",
        field="retain",
        default=True,
    )


for _family in (IPV4_VPN, IPV6_VPN):
    _declare(SCOPES[_family])


# segment-routing srv6

LOCATOR = Block(
    (BGP_SRV6,),
    objects=lambda bgp: [({}, bgp)],
    open_line=lambda values, bgp: "segment-routing srv6",
    before="!",
    skip_empty=True,
)


@opens(SRV6, "segment-routing srv6", "Segment routing", "Over IPv6", into=BGP_SRV6, negatable=True)
def _srv6(call: Call) -> BgpConfig | None:
    bgp: BgpConfig = call.node_object
    if not call.negated:
        return bgp
    bgp.srv6_locator = None
    return None


SRV6.add(LOCATOR)


@action(
    LOCATOR,
    "locator NAME$name",
    "Segments are of this locator",
    "Its name",
    negatable=True,
    printer=lambda bgp, names: [f"locator {bgp.srv6_locator}"] if bgp.srv6_locator else [],
)
def _locator(call: Call) -> None:
    bgp: BgpConfig = call.node_object
    name = call.values["name"]
    if call.negated:
        if bgp.srv6_locator not in (None, name):
            raise CommandError("% No srv6 locator is configured")
        bgp.srv6_locator = None
    elif bgp.srv6_locator is None:
        bgp.srv6_locator = name
    elif bgp.srv6_locator != name:
        raise CommandError("srv6 locator is already configured")
