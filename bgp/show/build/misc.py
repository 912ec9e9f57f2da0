"""The smaller views from the daemon's state."""

from typing import TYPE_CHECKING

from bgp.config import Family
from bgp.show.build import find
from bgp.show.views.misc import Fixed, Listeners, PeerHash, VrfLine, Vrfs
from grammar.output import jsonc

if TYPE_CHECKING:
    from bgp.bgpd import Bgpd
    from bgp.instance import Instance


def vrfs(bgpd: "Bgpd") -> Vrfs:
    """All instances but views."""
    each = (instance for instance in bgpd.instances.values() if not instance.is_view)
    return Vrfs(tuple(map(_vrf, each)))


def _vrf(instance: "Instance") -> VrfLine:
    peers = list(instance.peers.values())
    return VrfLine(
        "DFLT" if instance.vrf is None else "VRF",
        find.vrf_number(instance),
        find.router_id(instance),
        len(peers),
        sum(peer.status.value == "Established" for peer in peers),
        find.vrf_name(instance),
    )


def listeners(bgpd: "Bgpd") -> Listeners:
    """The listening sockets, which all instances share."""
    if not bgpd.instances:
        return Listeners(())
    places = {"default": bgpd.transport}
    for instance in bgpd.instances.values():
        if instance.transport is not bgpd.transport:
            places[find.vrf_name(instance)] = instance.transport
    return Listeners(
        tuple(
            (name, socket.fd, str(socket.endpoint.address))
            for name, transport in places.items()
            for socket in transport.listeners
        )
    )


def peer_hash(bgpd: "Bgpd") -> PeerHash:
    """Neighbors by instance."""
    return PeerHash(
        tuple(
            (instance.vrf, tuple(str(peer) for peer in instance.sorted_peers()))
            for instance in bgpd.instances.values()
        )
    )


def views(bgpd: "Bgpd") -> Fixed:
    """The default instance and the views."""
    text = "Defined BGP views:\n"
    for instance in bgpd.instances.values():
        if instance.vrf is None or instance.is_view:
            text += f"\t{instance.vrf or '(null)'} (AS{instance.asn})\n"
    return Fixed(text, text)


def leaks(instance: "Instance", family: Family) -> Fixed:
    """`route-leak`: no routes are taken from or given to other instances."""
    name = find.family_name(family)
    text = (
        f"This VRF is not importing {name} routes from any other VRF\n"
        f"This VRF is not exporting {name} routes to any other VRF\n"
    )
    values = {
        "vrf": find.vrf_name(instance),
        "afiSafi": find.family_key(family),
        "importFromVrfs": "none",
        "importRts": "none",
        "exportToVrfs": "none",
        "routeDistinguisher": "none",
        "exportRts": "none",
    }
    return Fixed(text, jsonc.pretty(values) + "\n")
