"""`clear bgp`: sessions that begin anew, routes that are decided about or announced again."""

from collections.abc import Collection, Iterable
from enum import Enum
from typing import TYPE_CHECKING, Final

from bgp.config import Family
from bgp.reasons import DownReason
from bgp.wire.errors import Cease, Code
from bgp.wire.notification import Notification

if TYPE_CHECKING:
    from bgp.peer import Peer
    from bgp.peerfamily import PeerFamily

CLEAR_DELAY: Final = 2.05
"""Seconds from `clear bgp` to the new start, as FRR takes them."""


class Clear(Enum):
    """What `clear bgp` does."""

    HARD = "hard"
    SOFT = "soft"
    SOFT_IN = "soft in"
    SOFT_OUT = "soft out"
    FILTERS = "prefix-filter"


def clear(peers: "Iterable[Peer]", how: Clear, families: Collection[Family] | None = None) -> None:
    """`clear bgp ...` for these neighbours; the soft ones for some families, or for all."""
    chosen = list(peers)
    if how is Clear.HARD:
        for peer in chosen:
            _reset(peer)
        return
    states = [
        (peer, state)
        for peer in chosen
        for state in peer.families.values()
        if state.active and (families is None or state.family in families)
    ]
    if how in (Clear.SOFT, Clear.SOFT_OUT):
        # Lists and maps may say something else since: `bgp route-map delay-timer 0`.
        for group in {state.group: None for _, state in states if state.group is not None}:
            group.reconsider()
    for peer, state in states:
        if how is Clear.FILTERS and not state.orf.renew():
            state.request()
        if how in (Clear.SOFT, Clear.SOFT_OUT):
            state.repeat()
        if how in (Clear.SOFT, Clear.SOFT_IN):
            soft_in(peer, state)


def _reset(peer: "Peer") -> None:
    if peer.over_limit:
        peer.limit.lift()
    elif peer.running:
        notification = Notification(Code.CEASE, Cease.ADMINISTRATIVE_RESET)
        peer.reset(notification, DownReason.USER_RESET, CLEAR_DELAY)


def soft_in(peer: "Peer", state: "PeerFamily") -> None:
    """Decide anew about what a neighbour sent: from the stored routes, or by asking it."""
    wanted = bool(state.config.soft_reconfiguration)
    if wanted and state.adj_in is not None and peer.receiver is not None:
        peer.receiver.again(state)
        return
    if wanted:
        state.keep_received()
    else:
        state.adj_in = None
    if peer.negotiated is not None and peer.negotiated.route_refresh:
        state.request()
