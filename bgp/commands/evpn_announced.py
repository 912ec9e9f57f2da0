"""Lines of `address-family l2vpn evpn` on what is announced.

They are kept and printed: no route of EVPN is announced.
"""

import re
from collections.abc import Iterator

from bgp.commands.targets import NOT_HERE, refused, typed_target
from bgp.evpnconfig import Advertise, EvpnConfig, EvpnNetwork
from bgp.wire.distinguisher import distinguisher_text, parse_distinguisher
from grammar.base.errors import CommandError, Status
from grammar.base.values import Prefix
from grammar.command import Answer, Call, Reply, action
from grammar.scope import Scope, Values

_SEGMENT = re.compile(r"[0-9a-fA-F]{2}(:[0-9a-fA-F]{2}){9}")
_MAC = re.compile(r"[0-9a-fA-F]{2}(:[0-9a-fA-F]{2}){5}")
_NETWORK = (
    "network <A.B.C.D/M|X:X::X:X/M>$prefix rd ASN:NN_OR_IP-ADDRESS:NN$rd ethtag WORD$tag"
    " label WORD$label esi WORD$segment gwip <A.B.C.D|X:X::X:X>$gateway"
)
_NETWORK_HELP = (
    "Announce a network",
    "The network",
    "The network",
    "Route distinguisher",
    "Its value",
    "Ethernet tag",
    "Its value",
    "Label",
    "Its value",
    "Ethernet segment",
    "Its identifier",
    "Gateway",
    "Its address",
    "Its address",
)


def _leading(text: str) -> int:
    found = re.match(r"\d+", text)
    return int(found[0]) if found else 0


def _key(call: Call) -> tuple[bytes, int, Prefix]:
    rd = parse_distinguisher(call.values["rd"])
    if rd is None:
        raise CommandError("% Malformed rd")
    return rd, _leading(call.values["tag"]), call.values["prefix"].network


def _network(call: Call) -> Reply | None:
    evpn: EvpnConfig = call.target()
    key, values = _key(call), call.values
    if not _SEGMENT.fullmatch(values["segment"]):
        raise CommandError("% Malformed ESI")
    if not _MAC.fullmatch(values["mac"]):
        raise CommandError("% Malformed Router MAC")
    if values["gateway"].afi is not key[2].afi:
        raise CommandError("% GatewayIp family differs with IP prefix")
    if key in evpn.networks:
        return Reply(["% Same network configuration exists\n"])
    evpn.networks[key] = EvpnNetwork(
        _leading(values["label"]),
        values["segment"].lower(),
        values["gateway"],
        values["mac"].lower(),
    )
    return None


def _no_network(call: Call) -> Reply | None:
    evpn: EvpnConfig = call.target()
    if evpn.networks.pop(_key(call), None) is None:
        return Reply(["% Can't find the route\n"])
    return None


def _network_lines(evpn: EvpnConfig, names: Values) -> Iterator[str]:
    ordered = sorted(evpn.networks, key=lambda key: (key[0], key[1], key[2].key))
    for rd, tag, prefix in ordered:
        one = evpn.networks[rd, tag, prefix]
        yield (
            f"network {prefix} rd {distinguisher_text(rd)} ethtag {tag} label {one.label}"
            f" esi {one.segment} gwip {one.gateway} routermac {one.router_mac}"
        )


def networks(scope: Scope) -> None:
    """`network`, which names its distinguisher, tag, label, segment and gateway."""
    action(
        scope,
        f"{_NETWORK} routermac WORD$mac [route-map RMAP_NAME]",
        *_NETWORK_HELP,
        "MAC address of the router",
        "The address",
        "Change it by a route-map",
        "Name of the route-map",
        printer=_network_lines,
    )(_network)
    action(scope, f"no {_NETWORK}", "Take a line back", *_NETWORK_HELP)(_no_network)


# What is announced and how


def _flooding(call: Call) -> None:
    off = call.values["how"] == "disable" and not call.negated
    call.target().flooding_disabled = True if off else None


def _check_kind(call: Call) -> str:
    if call.values["safi"] != "unicast":
        raise refused("% Only ipv4 unicast or ipv6 unicast are supported")
    return str(call.values["afi"])


def _advertise(call: Call) -> Reply | None:
    evpn: EvpnConfig = call.target()
    afi = _check_kind(call)
    wanted = Advertise("gateway" in call.values, call.values.get("rmap"))
    if evpn.advertised.get(afi) == wanted:
        return Reply((), Status.WARNING)
    evpn.advertised[afi] = wanted
    return None


def _no_advertise(call: Call) -> None:
    call.target().advertised.pop(_check_kind(call), None)


def _advertise_line(evpn: EvpnConfig, afi: str) -> Iterator[str]:
    one = evpn.advertised.get(afi)
    if one is not None:
        tail = " gateway-ip" if one.gateway_ip else ""
        tail += "" if one.route_map is None else f" route-map {one.route_map}"
        yield f"advertise {afi} unicast{tail}"


def _advertise_lines(evpn: EvpnConfig, names: Values) -> Iterator[str]:
    yield from _advertise_line(evpn, "ipv4")
    for value in sorted(evpn.multihoming.segment_targets):
        yield f"ead-es-route-target export {value}"
    yield from _advertise_line(evpn, "ipv6")


_KINDS = "advertise <ipv4|ipv6>$afi <unicast|multicast|vpn>$safi"
_KINDS_HELP = ("Announce routes of another family", "IPv4", "IPv6", *("Kind of routes",) * 3)


def _default_lines(evpn: EvpnConfig, names: Values) -> list[str]:
    return [f"default-originate {afi}" for afi in sorted(evpn.default_originate)]


def _flooding_lines(evpn: EvpnConfig, names: Values) -> list[str]:
    return ["flooding disable"] if evpn.flooding_disabled else []


def _segment_target(call: Call) -> None:
    evpn: EvpnConfig = call.target()
    if not evpn.advertise_all_vni:
        raise refused(NOT_HERE)
    value, known = typed_target(call.values["rt"]), evpn.multihoming.segment_targets
    if not call.negated:
        known.add(value)
    elif value in known:
        known.remove(value)
    else:
        raise refused("% RT specified does not match EAD-ES RT configuration")


def _default_originate(call: Call) -> None:
    known = call.target().default_originate
    if call.negated:
        known.pop(call.values["afi"], None)
    else:
        known[call.values["afi"]] = None


def _anycast(call: Call) -> Answer:
    evpn: EvpnConfig = call.target()
    if evpn.advertise_all_vni:
        raise CommandError("This command is supported under L3VNI BGP EVPN VRF")
    address, typed = call.values.get("ip"), call.values.get("mac")
    mac = None if typed is None else str(typed).partition("/")[0].lower()
    if call.negated and address not in (None, evpn.anycast_address):
        raise CommandError("% BGP EVPN PIP IP does not match")
    if call.negated and mac not in (None, evpn.anycast_mac):
        raise CommandError("% BGP EVPN PIP MAC does not match")
    if call.negated:
        evpn.anycast = None if address is not None else False
        evpn.anycast_address = evpn.anycast_mac = None
        return None
    evpn.anycast = None
    evpn.anycast_address, evpn.anycast_mac = address, mac
    return None


def _anycast_lines(evpn: EvpnConfig, names: Values) -> Iterator[str]:
    if not evpn.is_of_vrf:
        return
    if evpn.anycast is False:
        yield "no advertise-pip"
    elif evpn.anycast_address is not None:
        tail = "" if evpn.anycast_mac is None else f" mac {evpn.anycast_mac}"
        yield f"advertise-pip ip {evpn.anycast_address}{tail}"


def announced(scope: Scope) -> None:
    """Flooding, routes of other families, default routes."""
    action(
        scope,
        "flooding <disable|head-end-replication>$how",
        "Packets for all hosts of a network",
        "Send none",
        "Send one to each router",
        negatable=True,
        printer=_flooding_lines,
    )(_flooding)
    action(
        scope,
        f"{_KINDS} [gateway-ip$gateway] [route-map RMAP_NAME$rmap]",
        *_KINDS_HELP,
        "With their next hop as gateway",
        "Change them by a route-map",
        "Name of the route-map",
        printer=_advertise_lines,
    )(_advertise)
    action(scope, f"no {_KINDS}", "Take a line back", *_KINDS_HELP)(_no_advertise)

    action(
        scope,
        "ead-es-route-target export RT$rt",
        "Route target of routes of Ethernet segments",
        "Of what is announced",
        "As AS number or address, and a number",
        negatable=True,
    )(_segment_target)

    action(
        scope,
        "default-originate <ipv4|ipv6>$afi",
        "Announce a default route",
        "Of IPv4",
        "Of IPv6",
        negatable=True,
        printer=_default_lines,
    )(_default_originate)


def own_address(scope: Scope) -> None:
    """`advertise-pip`."""
    action(
        scope,
        "advertise-pip [ip A.B.C.D$ip [mac <X:X:X:X:X:X|X:X:X:X:X:X/M>$mac]]",
        "Announce the address of this router itself",
        "Another address",
        "The address",
        "With a MAC address",
        "The address",
        "The address, with a length that does not count",
        negatable=True,
        printer=_anycast_lines,
    )(_anycast)
