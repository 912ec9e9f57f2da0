"""CAPABILITY messages: families that come and go within a session (draft-ietf-idr-dynamic-cap).

Both sides must have offered `capability dynamic`. As in FRR a family that one side activates is
told without a new session; it is exchanged once the other side has it too.
"""

from dataclasses import replace
from typing import TYPE_CHECKING

from bgp.config import FAMILIES
from bgp.events import CapabilityReceived
from bgp.reasons import DownReason
from bgp.wire.dynamic import Action, told
from bgp.wire.message import MessageType

if TYPE_CHECKING:
    from bgp.peer import Peer


def take(peer: "Peer", event: CapabilityReceived) -> None:
    """Follow the neighbour's message."""
    for action, numbers in event.changes:
        family = next((one for one in FAMILIES if one == numbers), None)
        terms = peer.negotiated
        if family is None or terms is None:
            continue
        heard = terms.heard | {family} if action is Action.SET else terms.heard - {family}
        _use(peer, heard)


def activation_changed(peer: "Peer") -> None:
    """Families were activated or no longer are: by messages, else by a new session."""
    terms = peer.negotiated
    if terms is None or not terms.dynamic or not peer.can_start:
        peer.settings_changed(DownReason.AF_ACTIVATED)
        return
    before = set(terms.offered)
    wanted = {family for family in FAMILIES if peer.offers(family)}
    for family in sorted(wanted ^ before):
        action = Action.SET if family in wanted else Action.UNSET
        peer.main.send(told(action, family), MessageType.CAPABILITY)
    peer.negotiated = replace(terms, offered=frozenset(wanted))
    peer.configure()
    _use(peer, terms.heard)


def _use(peer: "Peer", heard: frozenset[tuple[int, int]]) -> None:
    terms = peer.negotiated
    if terms is None or peer.receiver is None:
        return
    families = frozenset(family for family in terms.offered if family in heard)
    peer.negotiated = peer.receiver.negotiated = replace(terms, heard=heard, families=families)
    peer.main.session.negotiated = peer.negotiated
    for family, state in list(peer.families.items()):
        if family in families and not state.active:
            state.up()
        elif family not in families and state.active:
            state.down()
            peer.graceful.drop(state)
    peer.configure()
