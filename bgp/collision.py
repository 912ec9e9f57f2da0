"""Which of two connections with one neighbour stays (RFC 4271 sec. 6.8)."""

from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING
from weakref import ref

from bgp.fsm import State
from bgp.wire.errors import Cease, Code
from bgp.wire.notification import Notification
from bgp.wire.open import Open

if TYPE_CHECKING:
    from bgp.conversation import Conversation
    from bgp.peer import Peer


def judge(peer: "Peer", conversation: "Conversation") -> "Callable[[Open], Notification | None]":
    """`decide` for the session of a conversation, which both hold: it must hold neither."""
    return partial(_decide, ref(peer), ref(conversation))


def _decide(whose: "ref[Peer]", talk: "ref[Conversation]", message: Open) -> Notification | None:
    peer, conversation = whose(), talk()
    assert peer is not None
    assert conversation is not None
    return decide(peer, conversation, message)


def decide(peer: "Peer", conversation: "Conversation", message: Open) -> Notification | None:
    """Asked when the OPEN of one of two connections arrived: the NOTIFICATION that refuses it.

    None if it may go on; then the other one has been closed, if both cannot live.
    """
    other = peer.incoming if conversation is peer.main else peer.main
    refusal = Notification(Code.CEASE, Cease.COLLISION)
    if other is None or other is conversation:
        return None
    if other.state is State.ESTABLISHED:
        return refusal
    if other.state not in (State.OPEN_SENT, State.OPEN_CONFIRM):
        return None
    mine = (peer.instance.router_id.value, peer.local_as)
    keep_ours = mine > (message.router_id, message.asn)
    if keep_ours == conversation.session.local_is_active:
        other.stop(refusal)
        if other is peer.incoming:
            peer.incoming = None
        return None
    return refusal
