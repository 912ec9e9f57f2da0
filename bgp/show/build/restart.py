"""Graceful restart of a neighbor, from its state."""

from typing import TYPE_CHECKING

from bgp import effective
from bgp.config import FAMILIES, BgpConfig, Family, PeerConfig
from bgp.graceful import RESTART, STALE
from bgp.show.build import find
from bgp.show.views.neighbor import Graceful, GracefulFamily
from bgp.wire.capability import GracefulMode
from grammar.base.values import Safi

if TYPE_CHECKING:
    from bgp.instance import Instance
    from bgp.peer import Peer
    from bgp.peerfamily import PeerFamily
    from bgp.wire.open import Open


def _own_mode(lines: BgpConfig | PeerConfig) -> str | None:
    """The graceful restart mode that lines say: of a neighbor, or of all its instance has."""
    if lines.graceful_restart_disable:
        return "Disable"
    if lines.graceful_restart:
        return "Restart"
    helper = isinstance(lines, PeerConfig) and lines.graceful_restart_helper
    return "Helper" if helper else None


def graceful_of(instance: "Instance", peer: "Peer", theirs: "Open | None", *, up: bool) -> Graceful:
    """What there is to tell of graceful restart; `theirs` is the neighbor's last OPEN."""
    config = instance.config
    local = _own_mode(peer.config) or f"{_own_mode(config) or 'Helper'}*"
    time = config.graceful_restart_restart_time
    configured = 120 if time is None else time
    said = (
        None
        if theirs is None
        else next((cap for cap in theirs.capabilities if cap.code == 64), None)
    )
    received = getattr(said, "restart_time", 0)
    if not up:
        left = peer.graceful.left
        return Graceful(
            local,
            configured_time=configured,
            received_time=received,
            restart_left=left(RESTART),
            stale_left=left(STALE),
        )
    remote = "Disable" if said is None else "Helper"
    if getattr(said, "families", ()):
        remote = "Restart"
    off = local.startswith("Disable")
    return Graceful(
        local,
        "NotApplicable" if off else remote,
        restart_bit=getattr(said, "restarted", False),
        notification_bit=getattr(said, "notification", False) and not off,
        configured_time=configured,
        received_time=received,
        stale_left=peer.graceful.left(STALE),
        families=() if said is None else tuple(_graceful_lines(instance, peer, said, off)),
    )


def _whole(seconds: float | None) -> int | None:
    return None if seconds is None else int(seconds)


_IN_FULL = (Safi.UNICAST, Safi.MULTICAST, Safi.VPN)


def _graceful_lines(
    instance: "Instance", peer: "Peer", said: object, off: bool
) -> list[GracefulFamily]:
    config, deferral = instance.config, instance.deferral
    kept = {(afi, safi) for afi, safi, state in getattr(said, "families", ()) if state}
    restarts = effective.graceful_mode(config, peer.config) is GracefulMode.RESTARTER
    return [
        GracefulFamily(
            find.family_name(family),
            in_full=family[1] in _IN_FULL and not off,
            forwarding=family in kept,
            sent=lines is not None and lines.eor_sent,
            sent_after_update=lines is not None and lines.eor_sent_after_update,
            received=lines is not None and lines.eor_received,
            stalepath_time=effective.stalepath_time(config),
            stale_left=peer.graceful.left(STALE),
            defer_time=deferral.seconds if restarts else None,
            defer_left=_whole(deferral.left(family)),
        )
        for family in FAMILIES
        if find.is_active(peer, family)
        for lines in [_active(peer, family)]
    ]


def _active(peer: "Peer", family: Family) -> "PeerFamily | None":
    """A family that was negotiated; FRR tells of the others, too."""
    lines = peer.families.get(family)
    return lines if lines is not None and lines.active else None
