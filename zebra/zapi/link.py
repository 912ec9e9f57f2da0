"""One end of a ZAPI conversation: message objects in and out, in one process or over a stream.

`PairLink` hands the objects over as they are; `StreamLink` sends bytes on a unix socket. Above this
seam nothing knows which it has (architecture: "One process or several").
"""

import asyncio
from collections import deque
from collections.abc import Callable, Iterable
from typing import Generic, Protocol, TypeVar

from zebra.zapi.codec import FRR84, Dialect, decode, encode
from zebra.zapi.header import Frame, Framer, ZapiError
from zebra.zapi.messages import DEFAULT_VRF, Message

_Item = TypeVar("_Item")

OnMessage = Callable[[Message, int], None]
"""Takes a message and the VRF of its header."""

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

_SLICE = 128
"""Messages given out in one turn of the loop, so that no turn takes long."""
_HIGH = 8192
_LOW = 1024
"""Messages waiting in an inbox: the other end is held back from the first to the second."""


def _ignore_message(_message: Message, _vrf: int) -> None:
    pass


def _ignore() -> None:
    pass


def _ignore_text(_text: str) -> None:
    pass


class _Inbox(Generic[_Item]):
    """What came and was not given out yet; `_open` turns an item into a message or None."""

    def __init__(self, call_soon: CallSoon) -> None:
        self.on_message: OnMessage = _ignore_message
        self.on_close: Callable[[], None] = _ignore
        self.on_writable: Callable[[], None] = _ignore
        self._call_soon = call_soon
        self._waiting: deque[_Item] = deque()
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

    def _drained(self) -> None:
        """The inbox fell below `_LOW`."""

    def _arrive(self, items: Iterable[_Item]) -> None:
        self._waiting.extend(items)
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
            for _ in range(_SLICE):
                if self._paused or self._closed or not self._waiting:
                    break
                opened = self._open(self._waiting.popleft())
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
        if len(self._waiting) < _LOW:
            self._drained()
        if ended:
            self.on_close()


# --- in one process ------------------------------------------------------------------------------


class PairLink(_Inbox[tuple[Message, int]]):
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
        if len(self._other._waiting) >= _HIGH:
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
            self._other._end()

    def _open(self, item: tuple[Message, int]) -> tuple[Message, int]:
        return item

    def _drained(self) -> None:
        if self._other._held_back:
            self._other._held_back = False
            if not self._other.closed:
                self._other.on_writable()


# --- over a stream -------------------------------------------------------------------------------

_OUTPUT_HIGH = 1 << 20
_OUTPUT_LIMIT = 64 << 20
"""Bytes not yet taken by the other end: bulk senders wait above the first; above the second the
other end is taken for dead and the link is cut, so that it cannot eat the memory."""


class StreamLink(_Inbox[Frame], asyncio.Protocol):
    """An end that speaks bytes on a transport.

    `accept` is called with the link when it is connected. `on_malformed` gets a sentence on each
    message that was dropped, and on why a link was cut; a wrong header cuts it, as in FRR. `fd` is
    the number of the socket, by which FRR's log and `show zebra client` name a client.
    """

    def __init__(
        self, accept: Callable[["StreamLink"], None], *, server: bool, dialect: Dialect = FRR84
    ) -> None:
        super().__init__(asyncio.get_running_loop().call_soon)
        self.dialect = dialect
        self.on_malformed: Callable[[str], None] = _ignore_text
        self.fd = -1
        self.finished: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._accept = accept
        self._server = server
        self._framer = Framer()
        self._transport: asyncio.Transport | None = None
        self._output: list[bytes] = []
        self._output_size = 0
        self._stalled = False
        self._held_back = False
        self._reading = True

    def send(self, message: Message, vrf: int = DEFAULT_VRF) -> None:
        """Encode and queue a message; ZapiError if it does not fit (our own mistake)."""
        if self.closed:
            return
        data = encode(message, vrf, self.dialect)
        if not self._output:
            self._call_soon(self._flush)
        self._output.append(data)
        self._output_size += len(data)
        if self._output_size > _OUTPUT_HIGH:
            self._held_back = True

    @property
    def congested(self) -> bool:
        """True while much is on its way to the other end."""
        return self._held_back or self._stalled

    def close(self) -> None:
        """End the conversation after what was sent."""
        if self._transport is not None:
            self._write()
            self._transport.close()
        self._closed = True
        self._waiting.clear()

    # what asyncio calls

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Take the transport and show the link to its user."""
        assert isinstance(transport, asyncio.Transport)
        transport.set_write_buffer_limits(high=_OUTPUT_HIGH)
        self.fd = transport.get_extra_info("socket").fileno()
        self._transport = transport
        self._accept(self)

    def data_received(self, data: bytes) -> None:
        """Cut bytes into messages; decoding waits until they are given out."""
        if self._ended or self._closed:
            return
        try:
            frames = self._framer.feed(data)
        except ZapiError as error:
            self._cut(str(error))
            return
        self._arrive(frames)
        if len(self._waiting) >= _HIGH and self._reading and self._transport is not None:
            self._reading = False
            self._transport.pause_reading()

    def connection_lost(self, error: Exception | None) -> None:
        """The other end is gone, or we closed."""
        self._transport = None
        self._output.clear()
        if not self.finished.done():
            self.finished.set_result(None)
        self._end()

    def pause_writing(self) -> None:
        """The transport has `_OUTPUT_HIGH` bytes to write."""
        self._stalled = True

    def resume_writing(self) -> None:
        """It has few left."""
        self._stalled = False
        self._tell_writable()

    def _open(self, item: Frame) -> tuple[Message, int] | None:
        try:
            message = decode(item.command, item.body, self.dialect, from_client=self._server)
        except ZapiError as error:
            self.on_malformed(f"message {item.command} dropped: {error}")
            return None
        return message, item.vrf

    def _drained(self) -> None:
        if not self._reading and self._transport is not None:
            self._reading = True
            self._transport.resume_reading()

    def _flush(self) -> None:
        self._write()
        self._held_back = False
        self._tell_writable()

    def _write(self) -> None:
        if self._output and self._transport is not None:
            self._transport.write(b"".join(self._output))
            if self._transport.get_write_buffer_size() > _OUTPUT_LIMIT:
                self._cut("the other end does not read")
        self._output.clear()
        self._output_size = 0

    def _tell_writable(self) -> None:
        if not self.congested and not self.closed:
            self.on_writable()

    def _cut(self, reason: str) -> None:
        if self._transport is not None:
            self._transport.abort()
        self.on_malformed(f"connection cut: {reason}")
