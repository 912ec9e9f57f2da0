"""Which of two connections with one neighbour stays (RFC 4271 sec. 6.8)."""

from typing import TYPE_CHECKING

from bgp.fsm import State
from bgp.wire.errors import Cease, Code
from bgp.wire.notification import Notification
from bgp.wire.open import Open

if TYPE_CHECKING:
    from bgp.conversation import Conversation
    from bgp.peer import Peer


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
