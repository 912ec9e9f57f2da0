"""`neighbor X maximum-prefix`: a warning at a threshold, the end of the session at the limit."""

from typing import TYPE_CHECKING, Final

from bgp.part import Part
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


class PrefixLimit(Part):
    """The limits of one peer's families."""

    def __init__(self, peer: "Peer") -> None:
        super().__init__(peer)
        self._timer: Handle | None = None
        self._due = 0.0

    @property
    def left(self) -> int | None:
        """Whole seconds until it is tried again, None if an operator has to do that."""
        if self._timer is None:
            return None
        return max(0, int(self._due - self._peer.clock.now()))

    def check(self, state: "PeerFamily", first: int, last: int) -> None:
        """Look at a run of new prefixes: before each of them `first` to `last` others were there.

        As FRR, which looks before it enters a prefix: one more than the limit goes through. With
        `force` those that policy refused count too, where they are kept (`soft-reconfiguration`).
        """
        limit = state.config.maximum_prefix
        if limit is None or last < first:
            return
        near = limit * (state.config.maximum_prefix_threshold or THRESHOLD) // 100 + 1
        if last >= near and max(first, near) <= limit and not state.warned:
            state.warned = True
            self._peer.log.limit_near(state, max(first, near), limit)
        if last <= limit:
            state.passed = False
            return
        if not state.passed:
            state.passed = True
            self._peer.log.limit_passed(state, max(first, limit + 1), limit)
        if not state.config.maximum_prefix_warning_only and not state.over_limit:
            self._close(state, limit)

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
