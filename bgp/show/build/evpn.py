"""What FRR says of EVPN where there is none."""

from typing import TYPE_CHECKING, Final

from bgp.familyconfig import EVPN
from bgp.show.build import find
from bgp.show.build.summary import Words
from bgp.show.build.summary import summary as summary_of
from bgp.show.views.misc import Fixed, Later, Remark
from grammar.base.values import Address
from grammar.output import jsonc

if TYPE_CHECKING:
    from bgp.bgpd import Bgpd

NO_TABLE: Final = Fixed(
    "No prefixes displayed, 0 exist\n", jsonc.pretty({"numPrefix": 0, "totalPrefix": 0}) + "\n"
)
NO_ROUTES: Final = Fixed("No EVPN prefixes exist\n", '{"numPrefix":0,"numPaths":0}\n')
NO_NEXTHOPS: Final = Fixed(
    f"{'VRF':<15} {'IP':<15} {'RMAC':<17} {'#Paths':<10} Base Path\n", "[\n]\n"
)
NO_VNIS: Final = Fixed(
    "Advertise Gateway Macip: Disabled\n"
    "Advertise SVI Macip: Disabled\n"
    "Advertise All VNI flag: Disabled\n"
    "BUM flooding: Head-end replication\n"
    "VXLAN flooding: Enabled\n"
    "Number of L2 VNIs: 0\n"
    "Number of L3 VNIs: 0\n"
    "Flags: * - Kernel\n"
    f"  {'VNI':<10} {'Type':<4} {'RD':<21} {'Import RT':<25} {'Export RT':<25}"
    f" {'Tenant VRF':<37}\n",
    jsonc.pretty(
        {
            "advertiseGatewayMacip": "Disabled",
            "advertiseSviMacIp": "Disabled",
            "advertiseAllVnis": "Disabled",
            "flooding": "Head-end replication",
            "vxlanFlooding": "Enabled",
            "numVnis": 0,
            "numL2Vnis": 0,
            "numL3Vnis": 0,
        }
    )
    + "\n",
)


def summary(bgpd: "Bgpd", name: str | None, words: Words) -> Later | Remark:
    """The summary of the family."""
    return summary_of(bgpd, "vrf", name, (EVPN,), words, single=True)


def vni(bgpd: "Bgpd", name: str) -> Fixed | Remark:
    """The networks of an instance of a VRF: none."""
    instance = bgpd.instances.get(find.instance_name("vrf", name))
    if instance is None:
        told = '{ "warning": "BGP instance not found" }'
        return Remark(f"BGP instance for VRF {name} not found", told)
    text = (
        f"BGP VRF: {name}\n  Local-Ip: 0.0.0.0\n  L3-VNI: 0\n  Rmac: 00:00:00:00:00:00\n"
        "  VNI Filter: none\n  L2-VNI List:\n    \n  Export-RTs:\n    \n  Import-RTs:\n    \n"
        "  RD: 0:0\n"
    )
    values: dict[str, jsonc.Json] = {
        "vrf": name,
        "local-ip": "0.0.0.0",
        "l3vni": 0,
        "rmac": "00:00:00:00:00:00",
        "vniFilter": "none",
        "l2vnis": [],
        "export-rts": [],
        "import-rts": [],
        "rd": "0:0",
    }
    return Fixed(text, jsonc.pretty(values) + "\n")


_NOT_ACTIVE = "No such neighbor or address family"


def neighbor(bgpd: "Bgpd", name: Address | str) -> Remark:
    """FRR refuses: no neighbor is activated here; of one that is not there it says two things."""
    instance = find.instance(bgpd, None, None)
    try:
        find.peer(instance, name)
    except find.Refused as refused:
        first = refused.remark
        more = '{ "warning": "Malformed address" }'
        return Remark(f"{first.sentence}\nMalformed address: {name}", f"{first.json_text}\n{more}")
    return Remark(f"% {_NOT_ACTIVE}", f'{{ "warning": "{_NOT_ACTIVE}" }}')


def srv6(bgpd: "Bgpd") -> Fixed:
    """SRv6 for VPNs: no instance has a segment."""
    lines = ["locator_name: ", "locator_chunks:", "functions:", "bgps:"]
    for instance in bgpd.instances.values():
        lines.append(f"- name: {find.vrf_name(instance)}")
        lines += [f"  vpn_policy[{afi}].tovpn_sid: none" for afi in ("AFI_IP", "AFI_IP6")]
    text = "\n".join(lines) + "\n"
    return Fixed(text, text)
