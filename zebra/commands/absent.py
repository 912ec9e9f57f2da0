"""Shows of what zebra has none of: EVPN, MPLS, PBR, router advertisements.

They answer as FRR's zebra does while there is nothing of the kind.
"""

import re

from grammar.base.errors import Status
from grammar.base.values import is_address
from grammar.call import Call, Reply
from grammar.command import action
from grammar.common.absent import Nothing, declare
from grammar.node import ENABLE, VIEW
from grammar.scope import Scope

ABSENT = Scope((VIEW, ENABLE))
FORGOTTEN = Scope((ENABLE,))
ABSENT.add(FORGOTTEN)

_VNI = "(1-16777215)"
_MAC = re.compile(r"(?:[0-9a-fA-F]{1,2}:){5}[0-9a-fA-F]{1,2}")
_ESI = re.compile(r"(?:[0-9a-fA-F]{2}:){9}[0-9a-fA-F]{2}")
_LIST, _OBJECT, _MEMBERS = "[\n]", "{\n}", "{}"

_MALFORMED_MAC = ("mac", "% Malformed MAC address")
_EVPN = (
    Nothing("[json]"),
    Nothing(
        "access-vlan [json]", "VLAN  SVI             L2-VNI   VXLAN-IF        # Members", _LIST
    ),
    Nothing("access-vlan detail [json]", "", _LIST),
    Nothing("access-vlan (1-4094)$vlan [json]", "VLAN {vlan} not present", _OBJECT),
    Nothing(f"arp-cache vni {_VNI} [json]"),
    Nothing(
        f"arp-cache vni {_VNI} ip WORD$address [json]",
        checks=("address", "% Malformed Neighbor address"),
    ),
    Nothing(f"arp-cache vni {_VNI} vtep A.B.C.D [json]"),
    Nothing(f"arp-cache vni {_VNI} duplicate [json]"),
    Nothing("arp-cache vni all [json]"),
    Nothing("arp-cache vni all detail [json]"),
    Nothing("arp-cache vni all duplicate [json]"),
    Nothing(
        "es [json]",
        "Type: B bypass, L local, R remote, N non-DF\n"
        "ESI                            Type ES-IF                 VTEPs",
        _LIST,
    ),
    Nothing("es detail [json]", "", _LIST),
    Nothing("es NAME$esi [json]", "ESI {esi} does not exist", _OBJECT, ("esi", "% Malformed ESI")),
    Nothing(
        "es-evi [json]",
        "Type: L local, R remote\nVNI      ESI                            Type",
        _LIST,
    ),
    Nothing("es-evi detail [json]", "", _LIST),
    Nothing(f"es-evi vni {_VNI}$vni [detail] [json]", "VNI {vni} doesn't exist", _LIST),
    Nothing("l2-nh [json]", "VTEP             NH id      #ES", _LIST),
    Nothing(f"mac vni {_VNI} [json]"),
    Nothing(f"mac vni {_VNI} duplicate [json]"),
    Nothing(f"mac vni {_VNI} mac WORD$mac [json]", checks=_MALFORMED_MAC),
    Nothing(f"mac vni {_VNI} vtep A.B.C.D [json]"),
    Nothing("mac vni all [json]", "", _MEMBERS),
    Nothing("mac vni all detail [json]", "", _MEMBERS),
    Nothing("mac vni all duplicate [json]", "", _MEMBERS),
    Nothing("mac vni all vtep A.B.C.D [json]"),
    Nothing(
        f"next-hops vni {_VNI} ip WORD$address [json]",
        "",
        _MEMBERS,
        ("address", "% Malformed Neighbor address"),
    ),
    Nothing(f"next-hops vni {_VNI} [json]"),
    Nothing("next-hops vni all [json]", "", _MEMBERS),
    Nothing(f"rmac vni {_VNI} mac WORD$mac [json]", "", _MEMBERS, _MALFORMED_MAC),
    Nothing(f"rmac vni {_VNI} [json]"),
    Nothing("rmac vni all [json]", "", _MEMBERS),
    Nothing("vni [json]"),
    Nothing(f"vni {_VNI} [json]"),
    Nothing("vni detail [json]"),
)
_MPLS = (
    Nothing("status", "MPLS support enabled: no (mpls kernel extensions not detected)", None),
    Nothing("table [json]", "", _OBJECT),
    Nothing("table (16-1048575) [json]"),
)
_PBR = (
    Nothing("ipset", json=None),
    Nothing("ipset WORD$name", "No IPset {name} found", None),
    Nothing("iptable [WORD]", json=None),
    Nothing("rule", json=None),
)
_OTHERS = (
    Nothing(
        "ipv6 nd ra-interfaces vrf <NAME|all>",
        "% VRF subcommand only applicable for netns-based vrfs.",
        None,
        status=Status.WARNING,
    ),
)


def _is_well_formed(name: str, word: str) -> bool:
    if name == "address":
        return is_address(word)
    return (_MAC if name == "mac" else _ESI).fullmatch(word) is not None


def _refused(call: Call, name: str, complaint: str) -> Reply | None:
    if _is_well_formed(name, call.values[name]):
        return None
    silent = name == "address" and "json" in call.values
    return Reply([] if silent else [f"{complaint}\n"], Status.WARNING)


for _start, _rows in (
    ("evpn", _EVPN),
    ("mpls", _MPLS),
    ("pbr", _PBR),
    ("", _OTHERS),
):
    declare(ABSENT, _start, _rows, _refused)


@action(
    FORGOTTEN,
    "clear evpn dup-addr vni <all$all|(1-16777215)$vni"
    " [mac X:X:X:X:X:X$mac|ip <A.B.C.D$ip|X:X::X:X$ip>]>",
)
def clear_duplicates(call: Call) -> None:
    """Without EVPN no address was ever found twice, and FRR says nothing of it."""
