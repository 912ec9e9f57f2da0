"""What is added to a neighbour's routes behind its filters: graceful shutdown, its site."""

from typing import TYPE_CHECKING

from bgp.policy.communities import extended_value
from bgp.rib.path import GRACEFUL_SHUTDOWN, Path

if TYPE_CHECKING:
    from bgp.peer import Peer
    from bgp.peerfamily import PeerFamily


def admitted(peer: "Peer", state: "PeerFamily", path: Path) -> Path:
    """The path as it goes into the table.

    RFC 8326: what an external neighbour is about to stop forwarding has the lowest preference;
    a router that is going down itself marks all of theirs, as FRR does.
    """
    attrs = path.attrs
    changes: dict[str, object] = {}
    if peer.is_ebgp:
        if GRACEFUL_SHUTDOWN in attrs.communities:
            if attrs.local_pref != 0:
                changes["local_pref"] = 0
        elif peer.instance.pace.shutting_down:
            changes["communities"] = tuple(sorted((*attrs.communities, GRACEFUL_SHUTDOWN)))
            changes["local_pref"] = 0
    site = None if state.config.soo is None else extended_value("soo", state.config.soo)
    if site is not None and site not in attrs.ext_communities:
        changes["ext_communities"] = tuple(sorted((*attrs.ext_communities, site)))
    if not changes:
        return path
    made = Path(
        path.source,
        attrs.replace(peer.instance.bgpd.pool, **changes),
        path.gateway,
        path.nexthop,
        path.since,
        link_local=path.link_local,
        weight=path.weight,
        round=path.round,
    )
    made.epoch = path.epoch
    return made
