"""Nodes of FRR's daemons that no language of ours has: how they are opened, and their prompts.

Lines inside such a node are passed on to its daemons as they are; only what moves between nodes
has to be known here, so that prompt, `exit` and the daemons stay in step. Names, prompts, numbers,
exit words and owners are those that FRR 8.4.4's vtysh shows and the daemons that it asks.
"""

import re
from collections.abc import Container, Iterable, Iterator
from dataclasses import dataclass

from bgp.commands.nodes import BGP
from grammar.command import Call, Command, Opens
from grammar.node import CONFIG, INTERFACE, LINE_VTY, ROUTE_MAP, VRF, Node
from grammar.scope import Scope
from zebra.commands.nodes import (
    LINK_PARAMS,
    LOCATOR,
    LOCATORS,
    PSEUDOWIRE,
    SEGMENT_ROUTING,
    SRV6,
)

_WITH_VRFS = (
    "zebra ripd ripngd ospfd ospf6d isisd pimd nhrpd eigrpd babeld fabricd pbrd vrrpd pim6d"
)
INTERFACES = frozenset(f"{_WITH_VRFS} bgpd".split())
"""Daemons that have the interface node."""

VRFS = frozenset(f"{_WITH_VRFS} staticd".split())
"""Daemons that have the vrf node."""

MAPS = INTERFACES - {"nhrpd", "babeld", "pbrd", "vrrpd", "pim6d"}
"""Daemons that have route-maps."""

SEGMENTS = frozenset({"zebra", "pathd"})
"""Daemons that have the node of segment routing."""

LISTS = frozenset(f"{_WITH_VRFS} bgpd ldpd bfdd".split())
"""Daemons that have prefix and access lists."""

ALL = frozenset(f"{_WITH_VRFS} bgpd ldpd bfdd staticd sharpd pathd".split())
"""Daemons that take what concerns each: `log`, `service`, `line vty`, passwords. Not watchfrr."""

_IPV4_LISTS = frozenset(
    ["zebra", "ripd", "ospfd", "bgpd", "isisd", "pimd", "eigrpd", "babeld", "fabricd"]
)
_IPV6_LISTS = frozenset(
    ["zebra", "ripngd", "ospf6d", "bgpd", "isisd", "babeld", "fabricd", "pim6d"]
)
_LIST = r"(?:ip |ipv6 |mac )?(?:access|prefix)-list\b"
_SHARED = (
    (re.compile(r"(?:no )?interface\b"), INTERFACES),
    (re.compile(r"(?:no )?(?:debug )?vrf(?![\w-])"), VRFS),
    (re.compile(r"segment-routing$"), SEGMENTS),
    (re.compile(r"(?:no |show |clear )?(?:debug )?route-map\b"), MAPS),
    (re.compile(r"(?:(?:show|clear) ip|(?:no )?debug) prefix-list\b"), _IPV4_LISTS),
    (re.compile(r"(?:show|clear) ipv6 prefix-list\b"), _IPV6_LISTS),
    (re.compile(rf"(?:no |show |clear )?{_LIST}"), LISTS),
)


def sharers(node: Node, notation: str, owners: Iterable[str]) -> frozenset[str]:
    """The daemons, of ours or not, that FRR's vtysh asks too for a line that `owners` take."""
    known = set(owners)
    if known >= {"zebra", "bgpd", "staticd"}:
        return ALL
    if node is ROUTE_MAP:
        return MAPS if len(known) > 1 else frozenset()
    if node is INTERFACE:
        return INTERFACES if notation.startswith(("description", "no description")) else frozenset()
    if node.parent is not None:
        # `route-map vpn ...` of a family is no route-map.
        return frozenset()
    for pattern, names in _SHARED:
        if pattern.match(notation):
            return names
    return frozenset()


NODE_OWNERS = {
    INTERFACE: INTERFACES,
    VRF: VRFS,
    ROUTE_MAP: MAPS,
    LINE_VTY: ALL,
    SEGMENT_ROUTING: SEGMENTS,
}
"""The daemons that have a node, for nodes that more than one kind of daemon has."""


@dataclass(frozen=True, slots=True)
class Opening:
    """A line that opens a node, the node, and the daemons that have it."""

    command: Command
    node: Node
    owners: tuple[str, ...]


_openings: list[Opening] = []


def _opens(owners: str, notation: str, node: Node) -> Node:
    assert node.parent is not None
    command = Opens(Scope((node.parent,)), notation, into=node, run=_nothing, negatable=True)
    _openings.append(Opening(command, node, tuple(owners.split())))
    return node


def _nothing(call: Call) -> None:
    """The daemons do it."""


def _node(
    owners: str,
    notation: str,
    prompt: str,
    number: int,
    parent: Node = CONFIG,
    exits: tuple[str, ...] = (),
) -> Node:
    words = re.match(r"[a-z0-9 -]+(?![A-Z])", notation)
    name = words.group().strip() if words else notation
    return _opens(owners, notation, Node(name, f"({prompt})", number, parent, exits))


_node("ripd", "router rip [vrf NAME]", "config-router", 21)
_node("ripngd", "router ripng [vrf NAME]", "config-router", 22)
_node("ospfd", "router ospf [(1-65535)] [vrf NAME]", "config-router", 41)
_node("ospf6d", "router ospf6 [vrf NAME]", "config-ospf6", 42)
_node("eigrpd", "router eigrp (1-65535) [vrf NAME]", "config-router", 24)
_node("babeld", "router babel", "config-router", 23)
_node("isisd", "router isis WORD [vrf NAME]", "config-router", 50)
_node("fabricd", "router openfabric WORD", "config-router", 89)
_node("pbrd", "pbr-map PBRMAP seq (1-700)", "config-pbr-map", 60)
_node("sharpd pbrd", "nexthop-group NHGNAME", "config-nh-group", 18)
_node("bgpd", "rpki", "config-rpki", 83)
_opens("zebra", "pseudowire IFNAME", PSEUDOWIRE)
_opens(" ".join(VRFS), "vrf NAME", VRF)
_opens(" ".join(INTERFACES), "interface IFNAME [vrf NAME]", INTERFACE)
_opens(" ".join(MAPS), "route-map WORD <deny|permit> (1-65535)", ROUTE_MAP)
_opens("zebra", "link-params", LINK_PARAMS)

_KEYS = _node("ripd ospf6d eigrpd", "key chain WORD", "config-keychain", 13)
_node("ripd ospf6d eigrpd", "key (0-2147483647)", "config-keychain-key", 14, _KEYS)

_BFD = _node("bfdd", "bfd", "config-bfd", 86)
_ADDRESS = "<A.B.C.D|X:X::X:X>"
_PEER = f"peer {_ADDRESS} [{{multihop|local-address {_ADDRESS}|interface IFNAME|vrf NAME}}]"
_node("bfdd", _PEER, "config-bfd-peer", 87, _BFD)
_node("bfdd", "profile BFDPROF", "config-bfd-profile", 88, _BFD)

_LDP = _node("ldpd", "mpls ldp", "config-ldp", 43)
for _family, _number in (("ipv4", 44), ("ipv6", 45)):
    _address_family = f"address-family {_family}"
    _LDP_AF = _node(
        "ldpd", _address_family, "config-ldp-af", _number, _LDP, ("exit-address-family",)
    )
    _node("ldpd", "interface IFNAME", "config-ldp-af-if", _number + 2, _LDP_AF)
_L2VPN = _node("ldpd", "l2vpn WORD type vpls", "config-l2vpn", 48)
_node("ldpd", "member pseudowire IFNAME", "config-l2vpn-pw", 49, _L2VPN)

_opens(" ".join(sorted(SEGMENTS)), "segment-routing", SEGMENT_ROUTING)
_opens("zebra", "srv6", SRV6)
_opens("zebra", "locators", LOCATORS)
_opens("zebra", "locator WORD", LOCATOR)
_TE = _node("pathd", "traffic-eng", "config-sr-te", 68, SEGMENT_ROUTING)
_node("pathd", "segment-list WORD", "config-sr-te-segment-list", 69, _TE)
_POLICY = _node(
    "pathd",
    f"policy color (0-4294967295) endpoint {_ADDRESS}",
    "config-sr-te-policy",
    70,
    _TE,
)
_CANDIDATE = "candidate-path preference (0-4294967295) name WORD dynamic"
_node("pathd", _CANDIDATE, "config-sr-te-candidate", 71, _POLICY)
_PCEP = _node("pathd", "pcep", "config-sr-te-pcep", 72, _TE)
_node("pathd", "pcc", "config-sr-te-pcep-pcc", 75, _PCEP)
_node("pathd", "pce WORD", "config-sr-te-pcep-pce-peer", 74, _PCEP)
_node("pathd", "pce-config WORD", "pcep-sr-te-pcep-pce-config", 73, _PCEP)

_node("bgpd", "bmp targets BMPTARGETS", "config-bgp-bmp", 91, BGP)

OPENINGS = tuple(_openings)
"""Every such line; parents stand before what they lead to."""


class ForeignLanguage:
    """What this module declares, for the cache of compiled notations."""

    def notations(self) -> Iterator[str]:
        """Every notation."""
        for opening in OPENINGS:
            yield opening.command.notation


LANGUAGE = ForeignLanguage()
"""See `ForeignLanguage`."""

HIDDEN = {"router ospf": ("router-id",)}
"""Lines of such nodes that daemons do not list and that a node above takes in another meaning."""

_WORDS = {
    "ospfd": "ip ospf|ospf",
    "ospf6d": "ipv6 ospf6|ospf6",
    "ripd": "ip rip",
    "ripngd": "ipv6 ripng",
    "isisd": "isis",
    "ldpd": "mpls ldp|l2vpn",
    "pimd": "ip (?:pim|igmp|mroute|multicast|msdp|rpf|ssmpingd)",
    "pim6d": "ipv6 (?:pim|mld|mroute|multicast)",
    "nhrpd": "(?:ip |ipv6 )?nhrp|dmvpn",
    "eigrpd": "ip eigrp|eigrp",
    "babeld": "babel",
    "fabricd": "openfabric",
    "pbrd": "pbr(?! rule)",
    "bfdd": "bfd",
    "vrrpd": "vrrp",
    "pathd": "sr-te",
    "watchfrr": "watchfrr",
}
_SPEAKS = {
    name: re.compile(rf"(?:do )?(?:no )?(?:(?:show|clear|debug) )?(?:{words})\b")
    for name, words in _WORDS.items()
}


def absent(text: str, running: Container[str]) -> str | None:
    """The daemon that a line speaks of by its first words, if it does not run."""
    for name, pattern in _SPEAKS.items():
        if name not in running and pattern.match(text):
            return name
    return None


_SAMPLES = (
    (r"\[.*\]", ""),
    (r"<([^|>]*)\|[^>]*>", r"\1"),
    (r"\((\d+)-\d+\)", r"\1"),
    (r"A\.B\.C\.D", "192.0.2.1"),
    (r"\b[A-Z]+\b", "x"),
)


def sample(notation: str) -> list[str]:
    """The words of the shortest line of a notation, to see whether another takes it already."""
    for pattern, put in _SAMPLES:
        notation = re.sub(pattern, put, notation)
    return notation.split()
