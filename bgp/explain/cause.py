"""One thing that is wrong with a session, and the lines to type that mend it."""

from dataclasses import dataclass
from typing import TYPE_CHECKING

from grammar.base.values import Safi
from grammar.output.outline import Point

if TYPE_CHECKING:
    from bgp.config import Family
    from bgp.peer import Peer

_SAFIS = {
    Safi.UNICAST: "unicast",
    Safi.MULTICAST: "multicast",
    Safi.VPN: "vpn",
    Safi.LABELED_UNICAST: "labeled-unicast",
    Safi.FLOWSPEC: "flowspec",
    Safi.EVPN: "evpn",
}


@dataclass(frozen=True, slots=True)
class Cause:
    """`name` is for programs. `mend` are lines from the config node on, or one of the enable node.

    `remedy` is what to do that no line here does.
    """

    name: str
    text: str
    mend: tuple[str, ...] = ()
    remedy: str = ""

    @property
    def point(self) -> Point:
        """The cause as an outline."""
        parts: dict[str, list[Point]] = {"mend": [Point(f"mend: {' / '.join(self.mend)}")]}
        if not self.mend:
            parts = {}
        if self.remedy:
            parts["remedy"] = [Point(self.remedy)]
        return Point(self.text, {"cause": self.name, "lines": list(self.mend)}, parts)


def router(peer: "Peer", *lines: str) -> tuple[str, ...]:
    """Lines of the peer's `router bgp`; `N` in them is the neighbor."""
    instance = peer.instance
    kind = "view" if instance.is_view else "vrf"
    head = f"router bgp {instance.asn}"
    head += f" {kind} {instance.vrf}" if instance.vrf is not None else ""
    return (head, *(line.replace("neighbor N", f"neighbor {peer.name}") for line in lines))


def lines_of(peer: "Peer", field: str, line: str) -> tuple[str, ...]:
    """A line where the setting is: at the neighbour, or at its group; `{}` is `neighbor NAME`."""
    group = peer.config.group
    inherited = getattr(peer.own, field) is None and getattr(peer.config, field) is not None
    name = group if group is not None and inherited else peer.name
    return router(peer, line.format(f"neighbor {name}"))


def in_family(peer: "Peer", family: "Family", *lines: str) -> tuple[str, ...]:
    """Lines of one of its address families."""
    return router(peer, f"address-family {family_words(family)}", *lines)


def family_words(family: "Family") -> str:
    """`ipv4 unicast`, as the configuration has it."""
    safi = _SAFIS.get(family[1], "unicast")
    return "l2vpn evpn" if safi == "evpn" else f"{family[0].word} {safi}"
