"""Shows of EVPN, and of labels for VPNs, of which there is nothing here."""

from bgp.commands.nodes import SHOW
from grammar.common.absent import Nothing, declare

_VNI = "(1-16777215)"
_LIST, _OBJECT = "[\n]", "{\n}"
_NO_ROUTES = '{"numPrefix":0,"numPaths":0}'
_NO_TABLE = ("No prefixes displayed, 0 exist", '{\n  "numPrefix":0,\n  "totalPrefix":0\n}')
_TYPES = "<ead|1|macip|2|multicast|3|es|4|prefix|5>"
_POOL = ("Ledger", "InUse", "Requests", "LabelChunks", "Pending", "Reconnects")

_EVPN = (
    Nothing("route detail [json]", "No EVPN prefixes exist", _NO_ROUTES),
    Nothing(
        f"route [detail] type {_TYPES} [json]",
        "No EVPN prefixes (of requested type) exist",
        _NO_ROUTES,
    ),
    Nothing("route rd ASN:NN_OR_IP-ADDRESS:NN [json]", "", _OBJECT),
    Nothing("route vni all [detail] [json]", "", _OBJECT),
    Nothing(f"route vni {_VNI} [json]", "VNI not found", _OBJECT),
    Nothing("import-rt [json]", "", _OBJECT),
    Nothing("vrf-import-rt [json]", "", _OBJECT),
    Nothing("all <overlay|tags> [json]", *_NO_TABLE),
    Nothing("rd ASN:NN_OR_IP-ADDRESS:NN [json]", *_NO_TABLE),
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
    Nothing(
        "es-evi [json]",
        "Flags: L local, R remote, I inconsistent\n"
        "VTEP-Flags: E EAD-per-ES, V EAD-per-EVI\n"
        "VNI      ESI                            Flags VTEPs",
        _LIST,
    ),
    Nothing(
        "es-vrf [json]",
        "ES-VRF Flags: A Active\n"
        "ESI                            VRF             Flags IPv4-NHG IPv6-NHG Ref",
        _LIST,
    ),
)

declare(SHOW, "bgp l2vpn evpn", _EVPN)
declare(SHOW, "bgp evpn", [Nothing("route", "No EVPN prefixes exist", None)])
declare(SHOW, "bgp evpn", [Nothing("import-rt", json=None)])
declare(
    SHOW,
    "bgp labelpool",
    [
        Nothing(
            "summary [json]",
            "Labelpool Summary\n-----------------\n"
            + "\n".join(f"{name + ':':<13} 0" for name in _POOL),
            "{\n" + ",\n".join(f'  "{n}":0,\n  "{n[0].lower()}{n[1:]}":0' for n in _POOL) + "\n}",
        )
    ],
)
