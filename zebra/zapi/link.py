"""One end of a ZAPI conversation: message objects in and out, in one process or over a stream.

`PairLink` hands the objects over as they are; `zebra.zapi.stream.StreamLink` sends bytes on a unix
socket. Above this seam nothing knows which it has (architecture: "One process or several").
"""

from collections import deque
from collections.abc import Callable, Iterable
from typing import Generic, Protocol, TypeVar

from zebra.zapi.messages import DEFAULT_VRF, Message, Routes

_Item = TypeVar("_Item")

OnMessage = Callable[[Message, int], None]
"""Takes a message and the VRF of its header."""

OnMalformed = Callable[[int | None, str], None]
"""Takes the number of a message's command (None: the link was cut), and what was wrong with it."""

CallSoon = Callable[[Callable[[], None]], object]


class Link(Protocol):
    """One end of a conversation.

    Its user sets the three callbacks in the same turn of the loop in which it gets the link; they
    come from the loop, never from inside `send`, `close` or `resume`. Messages arrive in order.
    """

    on_message: OnMessage
    on_close: Callable[[], None]
    """Called once when the other end is gone or broke the protocol; not after `close`."""
    on_writable: Callable[[], None]
    """Called when `congested` has become False again."""
    on_malformed: OnMalformed
    """Called for each message that was dropped, and once before `on_close` when the link is cut."""
    on_renewed: Callable[[], None]
    """Called when what was sent so far was in a dialect that the other end does not speak."""
    fd: int | None
    """The number of the socket, by which FRR names a client; None in one process."""

    def send(self, message: Message, vrf: int = DEFAULT_VRF) -> None:
        """Queue a message; nothing happens when the link is closed."""
        ...

    def close(self) -> None:
        """End the conversation after what was sent; no callback comes any more."""
        ...

    def pause(self) -> None:
        """Take no messages until `resume`: the other end becomes congested when queues are full."""
        ...

    def resume(self) -> None:
        """Take messages again."""
        ...

    @property
    def congested(self) -> bool:
        """True while so much is queued that bulk senders should wait for `on_writable`."""
        ...

    @property
    def closed(self) -> bool:
        """True after either end closed."""
        ...


# --- both kinds ----------------------------------------------------------------------------------

_SLICE = 256
"""Messages given out in one turn of the loop, so that no turn takes long; a run of routes counts
as many."""
HIGH = 8192
_LOW = 1024
"""Messages waiting in an inbox: the other end is held back from the first to the second."""


def _ignore_message(_message: Message, _vrf: int) -> None:
    pass


def _ignore() -> None:
    pass


def _ignore_malformed(_command: int | None, _text: str) -> None:
    pass


class Inbox(Generic[_Item]):
    """What came and was not given out yet; `_open` turns an item into a message or None."""

    def __init__(self, call_soon: CallSoon) -> None:
        self.on_message: OnMessage = _ignore_message
        self.on_close: Callable[[], None] = _ignore
        self.on_writable: Callable[[], None] = _ignore
        self.on_malformed: OnMalformed = _ignore_malformed
        self.on_renewed: Callable[[], None] = _ignore
        self.fd: int | None = None
        self._call_soon = call_soon
        self._waiting: deque[_Item] = deque()
        self._load = 0
        self._paused = False
        self._scheduled = False
        self._ended = False
        self._closed = False

    @property
    def closed(self) -> bool:
        """True after either end closed."""
        return self._closed or self._ended

    def pause(self) -> None:
        """Take no messages until `resume`."""
        self._paused = True

    def resume(self) -> None:
        """Take messages again."""
        self._paused = False
        self._schedule()

    def _open(self, item: _Item) -> tuple[Message, int] | None:
        raise NotImplementedError

    def _weight(self, item: _Item) -> int:
        """How many messages an item counts for."""
        raise NotImplementedError

    def _ending(self) -> None:
        """All that came was given out, and nothing more will come."""

    def _drained(self) -> None:
        """The inbox fell below `_LOW`."""

    def _arrive(self, items: Iterable[_Item]) -> None:
        for item in items:
            self._waiting.append(item)
            self._load += self._weight(item)
        self._schedule()

    def _end(self) -> None:
        self._ended = True
        self._schedule()

    def _schedule(self) -> None:
        if not self._scheduled and not self._closed and (self._waiting or self._ended):
            self._scheduled = True
            self._call_soon(self._deliver)

    def _deliver(self) -> None:
        self._scheduled = False
        try:
            left = _SLICE
            while left > 0 and self._waiting and not self._paused and not self._closed:
                item = self._waiting.popleft()
                weight = self._weight(item)
                left -= weight
                self._load -= weight
                opened = self._open(item)
                if opened is not None:
                    self.on_message(*opened)
        finally:
            self._after_delivery()

    def _after_delivery(self) -> None:
        if self._closed or self._paused:
            return
        ended = self._ended and not self._waiting
        if ended:
            self._closed = True
        self._schedule()
        if self._load < _LOW:
            self._drained()
        if ended:
            self._ending()
            self.on_close()


# --- in one process ------------------------------------------------------------------------------


class PairLink(Inbox[tuple[Message, int]]):
    """Both ends in one process; the objects themselves are handed over, in later turns."""

    _other: "PairLink"
    _held_back = False

    @classmethod
    def make(cls, call_soon: CallSoon) -> tuple["PairLink", "PairLink"]:
        """Client end and server end."""
        client, server = cls(call_soon), cls(call_soon)
        client._other, server._other = server, client
        return client, server

    def send(self, message: Message, vrf: int = DEFAULT_VRF) -> None:
        """Queue a message; nothing happens when the link is closed."""
        if self.closed:
            return
        self._other._arrive(((message, vrf),))
        if self._other._load >= HIGH:
            self._held_back = True

    @property
    def congested(self) -> bool:
        """True while the other end has much to read."""
        return self._held_back

    def close(self) -> None:
        """End the conversation after what was sent."""
        if not self._closed:
            self._closed = True
            self._waiting.clear()
            self._load = 0
            self._other._end()

    def _open(self, item: tuple[Message, int]) -> tuple[Message, int]:
        return item

    def _weight(self, item: tuple[Message, int]) -> int:
        message = item[0]
        return len(message.keys) if type(message) is Routes else 1

    def _drained(self) -> None:
        if self._other._held_back:
            self._other._held_back = False
            if not self._other.closed:
                self._other.on_writable()
