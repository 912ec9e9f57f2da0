"""The end of a conversation that speaks bytes on a transport."""

import asyncio
from collections.abc import Callable

from grammar.base.transport import let_go
from zebra.zapi.codec import DIALECTS, FRR84, Dialect, decode, decode_routes, encode
from zebra.zapi.header import Frame, Framer, ZapiError
from zebra.zapi.link import HIGH, Inbox
from zebra.zapi.messages import DEFAULT_VRF, Message, Unknown
from zebra.zapi.recognise import Recogniser, telling

_OUTPUT_HIGH = 1 << 20
_OUTPUT_LIMIT = 64 << 20
"""Bytes not yet taken by the other end: bulk senders wait above the first; above the second the
other end is taken for dead and the link is cut, so that it cannot eat the memory."""
STALL = 60.0
"""Seconds without the other end taking a single byte of a full queue, until the link is cut."""
_DECIDE = 0.05
"""Seconds from a client's first message until it is taken for one that speaks 8.4: staticd says
nothing that tells, and waits for an answer."""


_READ = 1 << 15
"""Bytes that are read at once: some 700 routes, 5 ms to frame where each stands alone."""
_buffer = memoryview(bytearray(_READ))
"""Where all links read to: what came is copied before another one reads."""


class StreamLink(Inbox[Frame], asyncio.BufferedProtocol):
    """An end that speaks bytes on a transport.

    `accept` is called with the link when it is connected. zebra's end (`server`) finds out which
    dialect the client speaks and keeps back what depends on it until then; a client speaks
    `dialect`. A wrong header cuts the link, as in FRR; a message whose body breaks its layout is
    dropped. `finished` is done when the transport is gone.
    """

    def __init__(
        self, accept: Callable[["StreamLink"], None], *, server: bool, dialect: Dialect = FRR84
    ) -> None:
        super().__init__(asyncio.get_running_loop().call_soon)
        self.dialect = dialect
        self.finished: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._accept = accept
        self._server = server
        self._framer = Framer()
        self._transport: asyncio.Transport | None = None
        self._recogniser = Recogniser() if server else None
        self._timer: asyncio.TimerHandle | None = None
        self._kept_back: list[tuple[Message, int]] = []
        self._output: list[bytes] = []
        self._output_size = 0
        self._written = 0
        self._watch: asyncio.TimerHandle | None = None
        self._held_back = False
        self._reading = True
        self._reason = ""
        self._renewed = False

    def send(self, message: Message, vrf: int = DEFAULT_VRF) -> None:
        """Encode and queue a message; ZapiError if it does not fit (our own mistake)."""
        if self.closed:
            return
        if self._recogniser is not None and (self._kept_back or _differs(message, vrf)):
            self._kept_back.append((message, vrf))
        else:
            self._queue(encode(message, vrf, self.dialect))

    def _queue(self, data: bytes) -> None:
        if not self._output:
            self._call_soon(self._flush)
        self._output.append(data)
        self._output_size += len(data)
        if self._output_size > _OUTPUT_HIGH:
            self._held_back = True

    @property
    def congested(self) -> bool:
        """True while much is on its way to the other end."""
        return self._held_back or self._watch is not None

    def close(self) -> None:
        """End the conversation after what was sent."""
        self._settle(self.dialect)
        if self._transport is not None:
            self._write()
        if self._transport is not None:
            self._transport.close()
        self._closed = True
        self._waiting.clear()
        self._load = 0

    # --- what asyncio calls ----------------------------------------------------------------------

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Take the transport and show the link to its user."""
        assert isinstance(transport, asyncio.Transport)
        transport.set_write_buffer_limits(high=_OUTPUT_HIGH)
        self.fd = transport.get_extra_info("socket").fileno()
        self._transport = transport
        self._accept(self)

    def get_buffer(self, sizehint: int) -> memoryview:
        """Where to put what comes."""
        return _buffer

    def buffer_updated(self, nbytes: int) -> None:
        """Cut bytes into messages; decoding waits until they are given out."""
        if nbytes:
            self._received(bytes(_buffer[:nbytes]))

    def _received(self, data: bytes) -> None:
        if self._ended or self._closed:
            return
        try:
            while frames := self._framer.feed(data):
                if self._recogniser is not None:
                    self._recognise(self._recogniser, frames)
                self._arrive(frames)
                data = b""
        except ZapiError as error:
            self._cut(str(error))
            return
        if self._load >= HIGH and self._reading and self._transport is not None:
            self._reading = False
            self._transport.pause_reading()

    def connection_lost(self, error: Exception | None) -> None:
        """The other end is gone, or we closed."""
        let_go(self._transport)
        self._transport = None
        self._output.clear()
        self._settle(self.dialect)
        self._stop_watching()
        if not self.finished.done():
            self.finished.set_result(None)
        self._end()

    def pause_writing(self) -> None:
        """The transport has `_OUTPUT_HIGH` bytes to write."""
        self._watch_output()

    def resume_writing(self) -> None:
        """It has few left."""
        self._stop_watching()
        self._tell_writable()

    # --- the client's dialect --------------------------------------------------------------------

    def _recognise(self, recogniser: Recogniser, frames: list[Frame]) -> None:
        for frame in frames:
            dialect = recogniser.look(frame)
            if dialect is not None:
                self._settle(dialect)
                return
        if frames and self._timer is None:
            loop = asyncio.get_running_loop()
            self._timer = loop.call_later(_DECIDE, self._settle, self.dialect)

    def _settle(self, dialect: Dialect) -> None:
        """Send what was kept back."""
        self._recogniser = None
        self.dialect = dialect
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None
        kept_back, self._kept_back = self._kept_back, []
        for message, vrf in kept_back:
            self.send(message, vrf)

    def _open(self, item: Frame) -> tuple[Message, int] | None:
        try:
            if item.keys and self._server:
                return decode_routes(item, self.dialect), item.vrf
            message = decode(item.command, item.body, self.dialect, from_client=self._server)
        except ZapiError as error:
            if self._renew(item):
                return self._open(item)
            self.on_malformed(item.command, str(error))
            return None
        if isinstance(message, Unknown) and self._renew(item):
            return self._open(item)
        return message, item.vrf

    def _weight(self, item: Frame) -> int:
        return len(item.keys) or 1

    def _renew(self, frame: Frame) -> bool:
        """Change to the dialect in which a message makes sense that makes none in the present.

        Once: telling everything again costs more than a client's random bytes.
        """
        dialect = None if self._renewed or not self._server else telling(frame)
        if dialect is None or dialect is self.dialect:
            return False
        self._renewed = True
        self.dialect = dialect
        self.on_renewed()
        return True

    # --- reading and writing ---------------------------------------------------------------------

    def _drained(self) -> None:
        if not self._reading and self._transport is not None:
            self._reading = True
            self._transport.resume_reading()

    def _flush(self) -> None:
        self._write()
        self._held_back = False
        self._tell_writable()

    def _write(self) -> None:
        transport = self._transport
        if self._output and transport is not None and not transport.is_closing():
            self._written += self._output_size
            transport.write(b"".join(self._output))
            if transport.get_write_buffer_size() > _OUTPUT_LIMIT:
                self._cut("the other end does not read")
        self._output.clear()
        self._output_size = 0

    def _watch_output(self) -> None:
        """Look again in `STALL` seconds whether the other end took anything meanwhile."""
        taken = self._taken()
        loop = asyncio.get_running_loop()
        self._watch = loop.call_later(STALL, self._look_at_output, taken)

    def _look_at_output(self, taken_before: int) -> None:
        if self._taken() == taken_before:
            self._cut(f"the other end has read nothing for {STALL:g} seconds")
        else:
            self._watch_output()

    def _taken(self) -> int:
        assert self._transport is not None
        return self._written - self._transport.get_write_buffer_size()

    def _stop_watching(self) -> None:
        if self._watch is not None:
            self._watch.cancel()
            self._watch = None

    def _tell_writable(self) -> None:
        if not self.congested and not self.closed:
            self.on_writable()

    def _cut(self, reason: str) -> None:
        if self._transport is not None and not self._ended:
            self._transport.abort()
            self._reason = reason
            self._end()

    def _ending(self) -> None:
        if self._reason:
            self.on_malformed(None, self._reason)


def _differs(message: Message, vrf: int) -> bool:
    """Whether a message has other bytes in another dialect."""
    return len({encode(message, vrf, dialect) for dialect in DIALECTS}) > 1
