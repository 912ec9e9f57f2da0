"""UPDATEs, and the marks of a refresh between them, that arrived and wait for their slice of work;
reading pauses while there are many.
"""

from collections import deque
from collections.abc import Generator
from typing import TYPE_CHECKING, Final

from bgp.events import RefreshReceived
from bgp.part import Part
from bgp.wire.errors import Cease, Code, Malformed
from bgp.wire.notification import Notification

if TYPE_CHECKING:
    from bgp.peer import Peer

HIGH: Final = 2048
LOW: Final = 512
"""UPDATEs that may wait before reading pauses, and at which it goes on."""
BATCH: Final = 4096
_EACH: Final = 128
"""Bytes of UPDATEs taken between two yields, and what each counts beside its own: some twenty that
announce something, or one that withdraws a thousand prefixes, take a millisecond."""


class Inbox(Part):
    """The queue of one peer's session; KEEPALIVEs never pass through it."""

    def __init__(self, peer: "Peer") -> None:
        super().__init__(peer)
        self._queue: deque[bytes | RefreshReceived] = deque()
        self._draining = False
        self._paused = False

    def __len__(self) -> int:
        return len(self._queue)

    def clear(self) -> None:
        """The session is gone, and with it what it had still to say."""
        self._queue.clear()
        self._paused = False

    def put(self, arrived: "list[bytes] | list[RefreshReceived]") -> None:
        """Keep UPDATEs or marks until their slice comes; their order is what a mark says."""
        peer, queue = self._peer, self._queue
        queue.extend(arrived)
        if not self._draining:
            self._draining = True
            peer.instance.bgpd.work.add(f"updates of {peer}", self._drain())
        if not self._paused and len(queue) >= HIGH and peer.main.connection is not None:
            self._paused = True
            peer.main.connection.pause()

    def _drain(self) -> Generator[None, None, None]:
        queue, peer = self._queue, self._peer
        try:
            while queue:
                peer.state.times.update = peer.clock.now()
                if peer.receiver is not None:
                    peer.receiver.begin()
                left = BATCH
                # The session may end in the middle; the queue is empty then.
                while queue and left > 0:
                    arrived = queue.popleft()
                    if type(arrived) is bytes:
                        left -= _EACH + len(arrived)
                        self._take(arrived)
                    else:
                        left -= _EACH
                        peer.graceful.marked(arrived)  # type: ignore[arg-type]
                if self._paused and len(queue) <= LOW:
                    self._paused = False
                    if peer.main.connection is not None:
                        peer.main.connection.resume()
                yield
        finally:
            self._draining = False

    def _take(self, body: bytes) -> None:
        peer = self._peer
        if peer.receiver is None:
            return
        try:
            peer.receiver.take(body)
        except Malformed as error:
            failure = error
            peer.log.malformed(failure)
            peer.main.run(lambda now: peer.main.session.fail(failure, now, body))
        except Exception as error:  # noqa: BLE001  a bug costs this session, not the others
            peer.instance.bgpd.bug(f"UPDATE of {peer}", error)
            peer.main.reset(Notification(Code.CEASE, Cease.OUT_OF_RESOURCES))
