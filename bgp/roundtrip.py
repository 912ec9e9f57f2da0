"""`shutdown rtt`: a neighbour whose answers take too long is shut down, as by the line `shutdown`.

FRR looks at the kernel's round trip time whenever a KEEPALIVE comes in, and acts when it was too
long more often than the line says.
"""

from typing import TYPE_CHECKING

from bgp.fsm import State
from bgp.part import Part
from bgp.reasons import DownReason
from bgp.wire.notification import Notification
from grammar.base.log import Level

if TYPE_CHECKING:
    from bgp.peer import Peer


class RoundTrip(Part):
    """Counts how often a neighbour was too slow."""

    def __init__(self, peer: "Peer") -> None:
        super().__init__(peer)
        self._session = 0
        self._seen = 0
        self._slow = 0

    def look(self) -> None:
        """Something came in: look at the time if it was a KEEPALIVE of an established session."""
        peer = self._peer
        if peer.config.shutdown_rtt is None or peer.main.state is not State.ESTABLISHED:
            return
        seen = peer.state.counters.keepalives_received
        if self._session != peer.state.established:
            self._session, self._seen, self._slow = peer.state.established, seen, 0
        elif seen != self._seen:
            self._seen = seen
            self._judge(peer.config.shutdown_rtt)

    def _judge(self, limit: int) -> None:
        peer = self._peer
        connection = peer.main.connection
        told = None if connection is None else connection.tcp_info()
        if told is None:
            return
        if told.rtt <= limit:
            self._slow = max(self._slow - 1, 0)
            return
        self._slow += 1
        if self._slow > (peer.config.shutdown_rtt_count or 0):
            peer.scheduler.call_soon(lambda: self._shut_down(peer, told.rtt, limit))

    @staticmethod
    def _shut_down(peer: "Peer", rtt: int, limit: int) -> None:
        if not peer.running:
            return
        text = f"{peer} shutdown due to high round-trip-time ({rtt}ms > {limit}ms)"
        peer.instance.bgpd.log.write(Level.WARNINGS, text, "TG9PP-KJ0EE")
        peer.own.shutdown = True
        peer.resolve()
        peer.stop(Notification.shutdown(""), DownReason.ADMIN_SHUTDOWN)
