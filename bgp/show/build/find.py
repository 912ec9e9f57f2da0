"""What a show command speaks of: an instance, a family, a neighbor; or FRR's refusal."""

from typing import TYPE_CHECKING

from bgp.config import IPV4_UNICAST, IPV6_UNICAST, Family
from bgp.familyconfig import EVPN, family_title
from bgp.show.views.misc import Remark
from bgp.show.views.route import NoRoute
from bgp.zebra import UNKNOWN_VRF
from grammar.base.values import Address, Afi, Safi
from grammar.output import jsonc

if TYPE_CHECKING:
    from bgp.bgpd import Bgpd
    from bgp.config import BgpConfig, PeerConfig
    from bgp.instance import Instance
    from bgp.peer import Peer
    from bgp.rib.path import Source

STEP = 2048
"""Entries of a table that are looked at without a pause."""

SAFIS = {
    "unicast": Safi.UNICAST,
    "multicast": Safi.MULTICAST,
    "vpn": Safi.VPN,
    "labeled-unicast": Safi.LABELED_UNICAST,
    "flowspec": Safi.FLOWSPEC,
}
SAFI_ORDER = (
    Safi.UNICAST,
    Safi.MULTICAST,
    Safi.VPN,
    Safi.ENCAP,
    Safi.LABELED_UNICAST,
    Safi.FLOWSPEC,
)
"""As FRR goes through the families of IPv4 and IPv6."""


class Refused(Exception):  # noqa: N818  an answer, not an error of the program
    """The command's answer is a remark."""

    def __init__(self, remark: Remark) -> None:
        super().__init__(remark.sentence)
        self.remark = remark


def remark(sentence: str, json_text: str | None = None) -> Remark:
    """One sentence in place of a result."""
    return Remark(sentence, json_text)


def refused(sentence: str, json_text: str | None = None) -> Refused:
    """That sentence, to be raised."""
    return Refused(Remark(sentence, json_text))


def is_failure(view: object, as_json: bool = False) -> bool:
    """True if a view says that there is nothing to show: the command ends with a warning.

    A route that is not there is no failure as JSON, nor is a neighbor in full that is not there.
    """
    return isinstance(view, Remark) or (isinstance(view, NoRoute) and not as_json)


def warning(sentence: str) -> str:
    """The JSON answer that says the same."""
    return jsonc.pretty({"warning": sentence})


def instance_name(kind: str | None, name: str | None) -> str | None:
    """The key of an instance: None is the default one."""
    return None if kind == "vrf" and name == "default" else name


def instance(bgpd: "Bgpd", kind: str | None, name: str | None, *, json: bool = True) -> "Instance":
    """The instance of a table command; `Refused` if it does not exist.

    Some commands say so in words even where JSON was asked for: `json=False`.
    """
    key = instance_name(kind, name)
    found = bgpd.instances.get(key)
    if found is None and key is None:
        sentence = "Default BGP instance not found"
        raise Refused(Remark(sentence, warning(sentence) if json else None))
    if found is None:
        told = warning("View/Vrf is unknown") if json else None
        raise Refused(Remark(f"View/Vrf {name} is unknown", told))
    return found


def family(ip: str | None, afi: str | None, safi: str | None) -> Family:
    """The family a table command means: with `ip` IPv4, without IPv6, unless it is named."""
    if afi is None:
        return IPV4_UNICAST if ip is not None else IPV6_UNICAST
    return (Afi.IPV4 if afi == "ipv4" else Afi.IPV6, SAFIS[safi or "unicast"])


def family_name(family: Family) -> str:
    """`IPv4 Unicast`."""
    return family_title(family)


def family_key(family: Family) -> str:
    """`ipv4Unicast`."""
    if family == EVPN:
        return "l2VpnEvpn"
    return family[0].word + family_title(family).replace("VPN", "Vpn").replace(" ", "")[4:]


def peer(found: "Instance", name: Address | str) -> "Peer":
    """The neighbor of a table command; `Refused` if there is none."""
    known = found.peers.get(name)
    if known is None and isinstance(name, str):
        told = jsonc.pretty({"malformedAddressOrName": name})
        raise Refused(Remark(f"% Malformed address or name: {name}", told))
    if known is None:
        sentence = "No such neighbor in this view/vrf"
        raise Refused(Remark(sentence, warning(sentence)))
    return known


_NOT_ACTIVE = "No such neighbor or address family"


def require_active(bgp_peer: "Peer", of: Family) -> None:
    """`Refused` if a neighbor is not activated in a family."""
    if not is_active(bgp_peer, of):
        raise Refused(Remark(f"% {_NOT_ACTIVE}", f'{{ "warning": "{_NOT_ACTIVE}" }}'))


def active_peer(found: "Instance", name: Address | str, of: Family) -> "Peer":
    """The neighbor of a command about a family that it has to be activated in."""
    known = peer(found, name)
    require_active(known, of)
    return known


def is_titled(found: "Instance") -> bool:
    """`bgp default show-hostname`."""
    return found.config.on(found.config.default_show_hostname)


def names_nexthops(found: "Instance") -> bool:
    """`bgp default show-nexthop-hostname`."""
    return found.config.on(found.config.default_show_nexthop_hostname)


def vrf_name(found: "Instance") -> str:
    """The name FRR shows for an instance."""
    return found.vrf or "default"


def vrf_number(found: "Instance") -> int:
    """The number FRR shows for the VRF of an instance: -1 while zebra does not know it."""
    return -1 if found.vrf_id == UNKNOWN_VRF else found.vrf_id


def title(found: "Instance") -> str:
    """`VRF default`, `VRF red`, `VIEW lab`."""
    return f"{'VIEW' if found.is_view else 'VRF'} {vrf_name(found)}"


def router_id(found: "Instance") -> str:
    """The router id in use."""
    return str(found.router_id)


def is_active(bgp_peer: "Peer", of: Family) -> bool:
    """True if the neighbor is activated in a family."""
    return is_offered(bgp_peer.instance.config, bgp_peer.config, of)


def is_offered(bgp: "BgpConfig", lines: "PeerConfig", of: Family) -> bool:
    """True if a neighbor or a peer-group is activated in a family."""
    from bgp.effective import activated

    return activated(bgp, lines, of)


def address_text(source: "Source") -> str:
    """The address of the neighbor that told a path, else its name."""
    address = getattr(source, "address", None)
    return str(source) if address is None else str(address)


def interface_of(source: "Source") -> str | None:
    """The interface that names the neighbor that told a path."""
    own = getattr(source, "own", None)
    return str(own.name) if own is not None and own.by_interface else None
