"""bfdd's nodes, and how a peer is named in a line."""

from typing import Any

from grammar.node import CONFIG, Node
from grammar.scope import Values
from zebra.bfdd.config import PeerKey

BFD = Node("bfd", "(config-bfd)", 86, CONFIG)
PEER = Node("peer", "(config-bfd-peer)", 87, BFD)
PROFILE = Node("profile", "(config-bfd-profile)", 88, BFD)

_ADDRESS = "<A.B.C.D|X:X::X:X>"
PEER_LINE = (
    f"peer {_ADDRESS}$peer"
    f" [{{multihop$multihop|local-address {_ADDRESS}$local|interface IFNAME$interface"
    "|vrf NAME$vrf}]"
)
PEER_HELP = (
    "A neighbor to watch",
    "Its IPv4 address",
    "Its IPv6 address",
    "More than one hop away",
    "The address to send from",
    "An IPv4 address",
    "An IPv6 address",
    "The interface to send from",
    "Its name",
    "The VRF to send in",
    "Its name",
)


def key_of(values: Values) -> PeerKey:
    """The peer that a line names."""
    found: dict[str, Any] = {name: values.get(name) for name in ("peer", "local", "interface")}
    return PeerKey(**found, multihop="multihop" in values, vrf=values.get("vrf") or "default")
