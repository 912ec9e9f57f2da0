"""Shows of EVPN, and of labels for VPNs, of which there is nothing here."""

import re
from typing import Final

from bgp.commands.nodes import SHOW
from bgp.policy.communities import community_value
from bgp.wire.distinguisher import parse_distinguisher
from grammar.base.errors import Status
from grammar.base.values import is_address
from grammar.call import Call, Reply
from grammar.common.absent import Nothing, declare

_VNI = "(1-16777215)"
_LIST, _OBJECT = "[\n]", "{\n}"
_NO_ROUTES = '{"numPrefix":0,"numPaths":0}'
_NO_TABLE = ("No prefixes displayed, 0 exist", '{\n  "numPrefix":0,\n  "totalPrefix":0\n}')
_TYPES = "<ead|1|macip|2|multicast|3|es|4|prefix|5>"
_MAC: Final = re.compile("[0-9a-fA-F]{1,2}(:[0-9a-fA-F]{1,2}){5}")
_ESI: Final = re.compile("[0-9a-fA-F]{1,2}(:[0-9a-fA-F]{1,2}){9}")
_LARGE: Final = re.compile("[0-9]+(:[0-9]+){2}")
_WARNED: Final = Status.WARNING

_NOT_THERE = "No EVPN prefixes (of requested type) exist"
_NO_COUNT = '{\n  "numPrefix":0,\n  "numPaths":0\n}'
_ONE_RD = "rd ASN:NN_OR_IP-ADDRESS:NN$rd"
_RD = "rd <ASN:NN_OR_IP-ADDRESS:NN$rd|all$every>"
_SHORT_TYPES = "<ead|1|macip|2|multicast|3>"

_ROUTES = (
    Nothing("route detail [json]", "No EVPN prefixes exist", _NO_ROUTES),
    Nothing(f"route [detail] type {_TYPES} [json]", _NOT_THERE, _NO_ROUTES),
    Nothing(f"route {_ONE_RD} [json]", "", _OBJECT, ("rd", "")),
    Nothing(f"route {_ONE_RD} type {_TYPES} [json]", "", _OBJECT, ("rd", "")),
    Nothing("route rd all [json]", "No EVPN prefixes exist", _NO_COUNT),
    Nothing(f"route rd all type {_TYPES} [json]", _NOT_THERE, _NO_COUNT),
    Nothing(
        f"route {_ONE_RD} mac WORD$mac [ip WORD$host] [json]",
        "% Network not in table",
        _OBJECT,
        ("mac", ""),
    ),
    Nothing(
        "route rd all mac WORD$mac [ip WORD$host] [json]",
        "No Matching EVPN prefixes exist",
        _NO_COUNT,
        ("mac", ""),
    ),
    Nothing("route esi ESI$esi [json]", "ESI not found", _OBJECT, ("esi", "")),
    Nothing("route vni all [detail] [vtep A.B.C.D] [json]", "", _OBJECT),
    Nothing(f"route vni {_VNI} [json]", "VNI not found", _OBJECT),
    Nothing(
        f"route vni {_VNI} <type {_SHORT_TYPES}|vtep A.B.C.D> [json]", "VNI not found", _OBJECT
    ),
    Nothing(
        f"route vni {_VNI} mac WORD$mac [ip WORD$host] [json]",
        "VNI not found",
        _OBJECT,
        ("mac", ""),
    ),
    # FRR says it in words ahead of the object, too.
    Nothing(
        f"route vni {_VNI} multicast A.B.C.D [json]",
        "VNI not found",
        "VNI not found\n{\n}",
    ),
)
_OTHERS = (
    Nothing("import-rt [json]", "", _OBJECT),
    Nothing("vrf-import-rt [json]", "", _OBJECT),
    Nothing("community AA:NN$community [exact-match] [json]", *_NO_TABLE, ("community", "")),
    Nothing("large-community AA:BB:CC$large [exact-match] [json]", *_NO_TABLE, ("large", "")),
    Nothing(f"vni {_VNI}", "VNI not found", None),
    # FRR prints two objects here.
    Nothing(f"vni {_VNI} json", "{}\n{\n}", None),
    Nothing("vni remote-ip-hash", json=None),
    Nothing("vni-svi-hash", json=None),
    Nothing(
        "es [json]",
        "ES Flags: B - bypass, L local, R remote, I inconsistent\n"
        "VTEP Flags: E ESR/Type-4, A active nexthop\n"
        "ESI                            Flags RD                    #VNIs    VTEPs",
        _LIST,
    ),
    Nothing("es detail [json]", "", _LIST),
    Nothing("es NAME$esi [json]", "ESI not found", _OBJECT, ("esi", "")),
    Nothing(
        "es-evi [json]",
        "Flags: L local, R remote, I inconsistent\n"
        "VTEP-Flags: E EAD-per-ES, V EAD-per-EVI\n"
        "VNI      ESI                            Flags VTEPs",
        _LIST,
    ),
    Nothing("es-evi json detail", _LIST, None),
    Nothing("es-evi detail", "", None),
    Nothing(f"es-evi vni {_VNI} [json] [detail]", "VNI not found", _LIST),
    Nothing(
        "es-vrf [json]",
        "ES-VRF Flags: A Active\n"
        "ESI                            VRF             Flags IPv4-NHG IPv6-NHG Ref",
        _LIST,
    ),
    Nothing("es-vrf NAME$esi [json]", "ESI not found", _OBJECT, ("esi", "")),
)


def _check(call: Call, name: str, _: str) -> Reply | None:
    """FRR's complaints about words that are no address, distinguisher, segment or community."""
    rd = call.values.get("rd")
    if rd is not None and parse_distinguisher(str(rd)) is None:
        return Reply(["% Malformed Route Distinguisher\n"], Status.WARNING)
    value = str(call.values.get(name))
    host = call.values.get("host")
    match name:
        case "mac" if _MAC.fullmatch(value) is None:
            complaint = "% Malformed MAC address"
        case "mac" if host is not None and not is_address(str(host)):
            complaint = "% Malformed IP address"
        case "esi" if _ESI.fullmatch(value) is None:
            complaint = "% Malformed ESI"
        case "community" if community_value(value) is None:
            complaint = f"% Community malformed: {value}"
        case "large" if _LARGE.fullmatch(value) is None:
            complaint = "% Large-community malformed"
        case _:
            return None
    return Reply([f"{complaint}\n"], Status.WARNING)


declare(SHOW, "bgp l2vpn evpn", (*_ROUTES, *_OTHERS), _check)
declare(SHOW, "[ip] bgp l2vpn evpn", [Nothing("all overlay [json]", *_NO_TABLE)])
declare(SHOW, "[ip] bgp l2vpn evpn", [Nothing("all tags [json]", *_NO_TABLE)])
declare(
    SHOW,
    "bgp l2vpn evpn",
    [
        Nothing(
            "<A.B.C.D|A.B.C.D/M|X:X::X:X|X:X::X:X/M>", "% Network not in table", None, None, _WARNED
        ),
        Nothing("<A.B.C.D|A.B.C.D/M|X:X::X:X|X:X::X:X/M> json", _OBJECT, None),
    ],
)
declare(SHOW, "bgp evpn", [Nothing("route", "No EVPN prefixes exist", None)])
declare(SHOW, "bgp evpn", [Nothing("import-rt", json=None)])

_NO_VPN = "No BGP prefixes displayed, 0 exist"
declare(
    SHOW,
    "bgp <ipv4|ipv6> vpn",
    [
        Nothing(f"{_RD} [json]", _NO_VPN, "", ("rd", "")),
        Nothing(f"all [{_RD}] [json]", _NO_VPN, "", ("rd", "")),
        Nothing(
            f"{_RD} <A.B.C.D/M|X:X::X:X/M>", "% Network not in table", None, ("rd", ""), _WARNED
        ),
        Nothing(f"{_RD} <A.B.C.D/M|X:X::X:X/M> json", _OBJECT, None, ("rd", "")),
    ],
    _check,
)
