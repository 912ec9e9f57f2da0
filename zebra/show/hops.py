"""How FRR writes one next hop, which several of its tables share."""

from grammar.base.values import Afi
from zebra.show.views import HopRow
from zebra.zapi.constants import BlackholeType, NexthopType

BLACKHOLES = {
    BlackholeType.UNSPECIFIED: "",
    BlackholeType.NULL: " (blackhole)",
    BlackholeType.REJECT: " (ICMP unreachable)",
    BlackholeType.ADMIN_PROHIBITED: " (ICMP admin-prohibited)",
}


_LABELS = {
    0: "IPv4 Explicit Null",
    1: "Router Alert",
    2: "IPv6 Explicit Null",
    3: "implicit-null",
    7: "Entropy Label Indicator",
    13: "Generic Associated Channel",
    14: "OAM Alert",
    15: "Extension",
}
"""FRR's words for the labels of RFC 3032 sec. 2.1 and later."""


def marks(row: HopRow) -> str:
    """What follows the way itself: state, source address and weight."""
    hop = row.hop
    text = "" if row.vrf is None else f" (vrf {row.vrf})"
    if not hop.active:
        text += " inactive"
    if hop.onlink:
        text += " onlink"
    if hop.resolved:
        text += " (recursive)"
    if hop.source is not None and hop.gate is not None:
        text += f", src {hop.source}"
    if hop.labels:
        text += f", label {'/'.join(_LABELS.get(label, str(label)) for label in hop.labels)}"
    if hop.weight:
        text += f", weight {hop.weight}"
    if hop.backups:
        text += f", backup {','.join(map(str, hop.backups))}"
    return text


def detail_marks(row: HopRow) -> str:
    """As `marks`, in the form of `show ip route PREFIX`, which writes the VRF close by."""
    return marks(row).removeprefix(" ") if row.vrf is not None else marks(row)


def way(row: HopRow) -> str:
    """`via 10.0.0.1, eth0`, `is directly connected, eth0` or `unreachable (blackhole)`."""
    hop = row.hop
    if hop.type is NexthopType.BLACKHOLE:
        return f"unreachable{BLACKHOLES[hop.blackhole]}"
    if hop.gate is None:
        return f"is directly connected, {row.ifname}"
    return f"via {hop.gate}, {row.ifname}" if hop.ifindex else f"via {hop.gate}"


def detail_way(row: HopRow) -> str:
    """As `way`, in the form of `show ip route PREFIX`: `10.0.0.1, via eth0`."""
    hop = row.hop
    if hop.type is NexthopType.BLACKHOLE:
        return f"unreachable{BLACKHOLES[hop.blackhole]}"
    if hop.gate is None:
        return f"directly connected, {row.ifname}"
    return f"{hop.gate}, via {row.ifname}" if hop.ifindex else str(hop.gate)


def tracked_way(row: HopRow) -> str:
    """As `way`, in the form of `show ip nht`: with another form for IPv6 and for black holes."""
    hop = row.hop
    if hop.type is NexthopType.BLACKHOLE:
        return "is directly connected, Null0"
    return detail_way(row) if hop.gate is not None and hop.gate.afi is Afi.IPV6 else way(row)
