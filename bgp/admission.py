"""What is added to routes behind the filters: graceful shutdown, black holes, role, site."""

from typing import TYPE_CHECKING

from bgp.config import UNICAST
from bgp.policy.communities import extended_value
from bgp.rib.path import GRACEFUL_SHUTDOWN, Path
from bgp.roles import mark_in

if TYPE_CHECKING:
    from bgp.peer import Peer
    from bgp.peerfamily import PeerFamily

BLACKHOLE = 0xFFFF029A
NO_EXPORT = 0xFFFFFF01


def adds_marks(peer: "Peer", state: "PeerFamily") -> bool:
    """Whether routes are changed that came without communities."""
    role = peer.config.local_role is not None and state.family in UNICAST
    return role or state.config.soo is not None or bool(peer.instance.pace.shutting_down)


def admitted(peer: "Peer", state: "PeerFamily", path: Path) -> Path:
    """The path as it goes into the table.

    RFC 8326: what an external neighbour is about to stop forwarding has the lowest preference;
    a router that is going down itself marks all of theirs, as FRR does.
    """
    attrs = path.attrs
    changes: dict[str, object] = {}
    if peer.is_ebgp:
        if BLACKHOLE in attrs.communities and NO_EXPORT not in attrs.communities:
            # RFC 7999 sec. 3.2: such routes stay here.
            attrs = attrs.replace(
                peer.instance.bgpd.pool, communities=tuple(sorted((*attrs.communities, NO_EXPORT)))
            )
        if GRACEFUL_SHUTDOWN in attrs.communities:
            if attrs.local_pref != 0:
                changes["local_pref"] = 0
        elif peer.instance.pace.shutting_down:
            changes["communities"] = tuple(sorted((*attrs.communities, GRACEFUL_SHUTDOWN)))
            changes["local_pref"] = 0
    if peer.config.local_role is not None and state.family in UNICAST:
        mark = mark_in(peer.config.local_role, peer.remote_as, attrs)
        if mark is not None:
            changes["otc"] = mark
    site = None if state.config.soo is None else extended_value("soo", state.config.soo)
    if site is not None and site not in attrs.ext_communities:
        changes["ext_communities"] = tuple(sorted((*attrs.ext_communities, site)))
    if changes:
        attrs = attrs.replace(peer.instance.bgpd.pool, **changes)
    return path if attrs is path.attrs else path.revised(attrs)
