"""What the beginning and the end of a session change at a neighbour."""

from typing import TYPE_CHECKING

from bgp.conversation import Conversation
from bgp.events import DownReason
from bgp.familyconfig import GROUPS
from bgp.negotiated import Negotiated
from bgp.peerstate import LastNotification
from bgp.reasons import DownReason as Why
from bgp.receive import Receiver
from grammar.base.values import Address, Afi

if TYPE_CHECKING:
    from bgp.peer import Peer


def up(peer: "Peer", conversation: Conversation, negotiated: Negotiated) -> None:
    """A session is established: it is the neighbour's from now on, whoever opened it."""
    state, now = peer.state, peer.clock.now()
    if conversation is peer.incoming:
        former, peer.main, peer.incoming = peer.main, conversation, None
        state.counters.add(conversation.session.counters)
        conversation.session.counters = state.counters
        former.stop()
        state.reset_reason = Why.NO_FAMILY
        state.times.reset = now
    state.aside = None
    peer.show_connection()
    peer.reach.watch(up=True)
    peer.negotiated = negotiated
    peer.router_id = negotiated.router_id
    state.identity.router_id = Address(Afi.IPV4, negotiated.router_id)
    state.identity.asn = negotiated.peer_as
    state.identity.hostname = negotiated.hostname
    state.identity.domainname = negotiated.domainname
    state.established += 1
    state.times.changed = now
    state.times.established_steady = peer.clock.steady()
    peer.receiver = Receiver(peer, negotiated)
    peer.log.adjacency("Up")
    peer.instance.pace.session_up()
    peer.instance.readonly.session_up(peer)
    peer.graceful.up(negotiated)
    for family in GROUPS:
        if family in negotiated.families and family in peer.families:
            peer.instance.deferral.session_up(peer, family)
            peer.families[family].up()


def down(peer: "Peer", conversation: Conversation, reason: DownReason, established: bool) -> None:
    """A connection ended; `established` if routes had been exchanged."""
    if reason.notification is not None and reason.sent:
        peer.log.notification(reason.notification, sent=True)
    state, session = peer.state, conversation.session
    if conversation is not peer.main:
        state.aside = _last(reason) or state.aside
        if conversation is peer.incoming:
            peer.incoming = None
        return
    state.times.read = session.last_read or state.times.read
    state.times.write = session.last_write or state.times.write
    state.reset_reason = Why(reason.reset.code)
    state.last_notification = _last(reason) or state.last_notification
    if established:
        _lost(peer, reason)
    elif peer.own.dynamic is not None:
        peer.instance.ranges.deleted(peer)
    peer.renew()


def _last(reason: DownReason) -> LastNotification | None:
    n = reason.notification
    if n is None:
        return None
    return LastNotification(not reason.sent, n.code, n.subcode, n.data, n.hard, reason.message)


def _lost(peer: "Peer", reason: DownReason) -> None:
    state, now = peer.state, peer.clock.now()
    if peer.own.dynamic is not None and not peer.graceful.keeps(peer.negotiated, reason):
        peer.instance.ranges.deleted(peer)
        state.reset_reason = Why.NEIGHBOR_DELETED
    peer.log.adjacency(f"Down {state.reset_reason.text}")
    state.dropped += 1
    peer.instance.readonly.session_down(peer)
    state.times.changed = state.times.reset = now
    negotiated, peer.negotiated, peer.receiver = peer.negotiated, None, None
    peer.router_id = 0
    peer.queue.clear()
    for family, of_family in peer.families.items():
        of_family.down()
        peer.instance.deferral.end_of_rib(peer, family)
    peer.epoch += 1
    peer.instance.nexthops.changes += 1
    peer.graceful.lost(negotiated, reason)
    peer.configure()
