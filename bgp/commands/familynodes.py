"""The nodes `router bgp` and `address-family ...` of it, and those inside the latter."""

from typing import Final

from bgp.config import Family
from bgp.familyconfig import (
    EVPN,
    IPV4_FLOWSPEC,
    IPV4_LABELED,
    IPV4_MULTICAST,
    IPV4_UNICAST,
    IPV4_VPN,
    IPV6_FLOWSPEC,
    IPV6_LABELED,
    IPV6_MULTICAST,
    IPV6_UNICAST,
    IPV6_VPN,
)
from grammar.node import CONFIG, Node

BGP = Node("router bgp", "(config-router)", 25, CONFIG)

WORDS: Final[dict[Family, str]] = {
    IPV4_UNICAST: "ipv4 unicast",
    IPV4_MULTICAST: "ipv4 multicast",
    IPV4_LABELED: "ipv4 labeled-unicast",
    IPV4_VPN: "ipv4 vpn",
    IPV4_FLOWSPEC: "ipv4 flowspec",
    IPV6_UNICAST: "ipv6 unicast",
    IPV6_MULTICAST: "ipv6 multicast",
    IPV6_LABELED: "ipv6 labeled-unicast",
    IPV6_VPN: "ipv6 vpn",
    IPV6_FLOWSPEC: "ipv6 flowspec",
    EVPN: "l2vpn evpn",
}
"""What stands behind `address-family`, in the order in which FRR prints the blocks."""

_NUMBERS: Final = (28, 29, 30, 26, 84, 31, 32, 33, 27, 85, 39)

NODE_OF: Final[dict[Family, Node]] = {
    family: Node(
        f"address-family {words}", "(config-router-af)", number, BGP, ("exit-address-family",)
    )
    for (family, words), number in zip(WORDS.items(), _NUMBERS, strict=True)
}
"""The node of each family."""

FAMILY_NODES: Final = tuple(NODE_OF.values())
"""Address families."""

EVPN_VNI = Node("vni", "(config-router-af-vni)", 82, NODE_OF[EVPN], ("exit-vni",))
BGP_SRV6 = Node("segment-routing srv6", "(config-router-srv6)", 40, BGP)
VRF_POLICY = Node("vrf-policy", "(config-router-vrf-policy)", 34, BGP, ("exit-vrf-policy",))
VNC_DEFAULTS = Node("vnc defaults", "(config-router-vnc-defaults)", 35, BGP, ("exit-vnc",))
VNC_NVE_GROUP = Node("vnc nve-group", "(config-router-vnc-nve-group)", 36, BGP, ("exit-vnc",))
VNC_L2_GROUP = Node("vnc l2-group", "(config-router-vnc-l2-group)", 37, BGP, ("exit-vnc",))

ROUTER_NODES: Final = (
    *FAMILY_NODES,
    EVPN_VNI,
    BGP_SRV6,
    VRF_POLICY,
    VNC_DEFAULTS,
    VNC_NVE_GROUP,
    VNC_L2_GROUP,
)
"""All nodes below `router bgp`."""
