"""`neighbor X maximum-prefix`: a warning at a threshold, the end of the session at the limit."""

from typing import TYPE_CHECKING, Final

from bgp.reasons import DownReason
from bgp.wire.errors import Cease, Code
from bgp.wire.message import MessageType, pack
from bgp.wire.notification import Notification
from grammar.base.scheduler import Handle

if TYPE_CHECKING:
    from bgp.peer import Peer
    from bgp.peerfamily import PeerFamily

THRESHOLD: Final = 75
"""Percent of the limit at which FRR warns."""


class PrefixLimit:
    """The limits of one peer's families."""

    def __init__(self, peer: "Peer") -> None:
        self._peer = peer
        self._timer: Handle | None = None
        self._due = 0.0

    @property
    def left(self) -> int | None:
        """Whole seconds until it is tried again, None if an operator has to do that."""
        if self._timer is None:
            return None
        return max(0, int(self._due - self._peer.clock.now()))

    def check(self, state: "PeerFamily") -> None:
        """Look at the count after more prefixes came."""
        limit = state.config.maximum_prefix
        if limit is None:
            return
        log = self._peer.log
        if state.accepted > limit:
            log.limit_near(state, limit)
            log.limit_passed(state, limit)
            if not state.config.maximum_prefix_warning_only and not state.over_limit:
                self._close(state, limit)
        elif state.accepted * 100 >= limit * (state.config.maximum_prefix_threshold or THRESHOLD):
            log.limit_near(state, limit)

    def _close(self, state: "PeerFamily", limit: int) -> None:
        peer = self._peer
        state.over_limit = True
        family = state.family[0].to_bytes(2, "big") + bytes([state.family[1]])
        data = family + limit.to_bytes(4, "big")
        notification = Notification(Code.CEASE, Cease.MAXIMUM_PREFIXES, data)
        receiver = peer.receiver
        message = b"" if receiver is None else pack(MessageType.UPDATE, receiver.body)
        peer.stop(notification, DownReason.NOTIFICATION_SENT, message)
        minutes = state.config.maximum_prefix_restart
        if minutes:
            self._due = peer.clock.now() + 60 * minutes
            self._timer = peer.scheduler.call_at(self._due, self.lift)

    def lift(self) -> None:
        """Try again: the restart time is over, or an operator cleared the neighbour."""
        self.cancel()
        for state in self._peer.families.values():
            state.over_limit = False
        self._peer.start()

    def cancel(self) -> None:
        """No new attempt by itself."""
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None
