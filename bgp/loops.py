"""AS paths that must not be taken: this router's own numbers in them, or not the neighbour's."""

from typing import TYPE_CHECKING, Final

from bgp.wire.attributes.aspath import AsPath

if TYPE_CHECKING:
    from bgp.peer import Peer
    from bgp.peerfamily import PeerFamily

SEQUENCE: Final = 2


def has_own(peer: "Peer", state: "PeerFamily", path: AsPath) -> bool:
    """True for a path through this AS, more often than `allowas-in` has it (RFC 4271 sec. 9.1.2).

    As in FRR the number of `local-as` counts too, and may be there once by our own doing;
    `allowas-in origin` speaks of the AS of the instance only.
    """
    config, local_as = peer.instance.config, peer.config.local_as
    allowed = state.config.allowas_in or 0
    if local_as is not None and path.count(local_as) > (allowed or int(peer.prepends_local_as)):
        return True
    asn, whole = peer.instance.asn, config.confederation_id
    if not path.contains(asn) and (whole is None or not path.contains(whole)):
        return False
    if state.config.allowas_in_origin and _last(path) == asn:
        return False
    return path.count(asn) > allowed or (whole is not None and path.count(whole) > allowed)


def _last(path: AsPath) -> int | None:
    # FRR looks at sequences only.
    return next((asns[-1] for kind, asns in reversed(path.segments) if kind == SEQUENCE), None)


def lacks_first(peer: "Peer", remote_as: int, path: AsPath) -> bool:
    """True for a path that breaks `enforce-first-as`: it does not begin with the neighbour's AS."""
    return bool(peer.config.enforce_first_as) and peer.is_ebgp and path.first_as != remote_as
