"""Shows of what zebra has none of: segments of EVPN, and PBR.

They answer as FRR's zebra does while there is nothing of the kind.
"""

import re

from grammar.base.errors import Status
from grammar.call import Call, Reply
from grammar.common.absent import Nothing, declare
from grammar.node import ENABLE, VIEW
from grammar.scope import Scope

ABSENT = Scope((VIEW, ENABLE))

_ESI = re.compile(r"(?:[0-9a-fA-F]{2}:){9}[0-9a-fA-F]{2}")
_LIST, _OBJECT = "[\n]", "{\n}"

_EVPN = (
    Nothing(
        "access-vlan [json]", "VLAN  SVI             L2-VNI   VXLAN-IF        # Members", _LIST
    ),
    Nothing("access-vlan detail [json]", "", _LIST),
    Nothing("access-vlan (1-4094)$vlan [json]", "VLAN {vlan} not present", _OBJECT),
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
    Nothing("l2-nh [json]", "VTEP             NH id      #ES", _LIST),
)
_PBR = (
    Nothing("ipset", json=None),
    Nothing("ipset WORD$name", "No IPset {name} found", None),
    Nothing("iptable [WORD]", json=None),
    Nothing("rule", json=None),
)


def _refused(call: Call, name: str, complaint: str) -> Reply | None:
    if _ESI.fullmatch(call.values[name]) is not None:
        return None
    return Reply([f"{complaint}\n"], Status.WARNING)


for _start, _rows in (
    ("evpn", _EVPN),
    ("pbr", _PBR),
):
    declare(ABSENT, _start, _rows, _refused)
