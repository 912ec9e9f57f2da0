"""Writing answers to a client: in chunks, no faster than it reads, in slices of a few ms.

The unix vty and the TCP vty share this; they differ in how lines come in and what ends an answer.
"""

import asyncio
import select
from collections.abc import Callable, Iterator

from grammar.base.errors import Status
from grammar.base.ledger import Ledger
from grammar.base.pause import Pause
from grammar.base.transport import let_go
from grammar.session import Session

_CHUNK = 16384
_SLICE = 0.008


class Answering(asyncio.Protocol):
    """One client and its `Session`; subclasses say `take`, `encoded` and `ending`."""

    def __init__(self, session: Session, on_end: Callable[["Answering"], None]) -> None:
        self.session = session
        self._on_end = on_end
        self._transport: asyncio.Transport | None = None
        self._loop = asyncio.get_running_loop()
        self._text: Iterator[str] | None = None
        self._status = Status.SUCCESS
        self._out = bytearray()
        self._writable = True
        self._scheduled = False
        self._dropped = False
        self._says_no_more = False
        common = getattr(session.daemon, "common", None)  # a daemon of a test may have none
        self._ledger = common.ledger if common is not None else Ledger()

    def take(self) -> bool:
        """Begin to answer the next line (`begin`), or come nearer to it; False if nothing is to do.

        One call takes a moment only: what came may be many short lines.
        """
        raise NotImplementedError

    def encoded(self, text: str) -> bytes:
        """Text as bytes for this client."""
        raise NotImplementedError

    def ending(self, status: Status) -> bytes:
        """What follows the text of an answer."""
        raise NotImplementedError

    def begin(self, text: Iterator[str], status: Status = Status.SUCCESS) -> None:
        """From now on this text is written."""
        self._text, self._status = text, status

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """The client is there."""
        assert isinstance(transport, asyncio.Transport)
        self._transport = transport
        if self._dropped:
            transport.abort()

    def connection_lost(self, exc: Exception | None) -> None:
        """The client went away: what it asked for is dropped, what it changed is carried out."""
        let_go(self._transport)
        self._transport = None
        self._text = None
        self.session.unmonitor()
        if self.session.changes:
            self.session.flush()
        self._on_end(self)

    def eof_received(self) -> bool:
        """The client says no more: what it said is still answered, then the connection ends.

        One that is gone altogether reads nothing: the rest of an answer is not worked out for it.
        """
        self._says_no_more = True
        if self._text is not None and _hung_up(self._transport):
            self._text = None
        self.pump()
        return True

    def pause_writing(self) -> None:
        """The client reads slower than we write."""
        self._writable = False

    def resume_writing(self) -> None:
        """The client has caught up."""
        self._writable = True
        self._schedule()

    def abort(self) -> None:
        """Drop the client, even one that is only about to come."""
        self._dropped = True
        if self._transport is not None:
            self._transport.abort()

    def close(self) -> None:
        """End the connection after what was written."""
        if self._transport is not None:
            self._transport.close()

    @property
    def _ended(self) -> bool:
        """True when nothing that is written would arrive."""
        return self._transport is None or self._transport.is_closing()

    def pump(self) -> None:
        """Answer until there is nothing to do, the client is slow or time is up."""
        begun = self._ledger.begin()
        self._pump()
        self._ledger.end("vty", "R", begun)

    def _pump(self) -> None:
        deadline = self._loop.time() + _SLICE
        while not self._ended and self._writable and not self._scheduled:
            if self._text is None and not self.take():
                if self._says_no_more:
                    self.close()
                return
            if not self._writable:
                return
            done = self._text is None or self._write_some(deadline)
            if not done or self._loop.time() >= deadline:
                self._schedule()

    def put(self, data: bytes) -> None:
        """Write bytes outside of answers."""
        self._out += data
        self._flush()

    def _wait(self, seconds: float) -> None:
        """Go on in a while; what there is of the answer leaves now."""
        self._flush()
        self._scheduled = True
        self._loop.call_later(seconds, self._resume)

    def _schedule(self) -> None:
        if not self._scheduled:
            self._scheduled = True
            self._loop.call_soon(self._resume)

    def _resume(self) -> None:
        self._scheduled = False
        self.pump()

    def _write_some(self, deadline: float) -> bool:
        """Write what is ready; False when the time is up before the answer was complete."""
        assert self._text is not None
        try:
            for text in self._text:
                if type(text) is Pause:
                    self._wait(text.seconds)
                    return True
                self._out += self.encoded(text)
                if len(self._out) >= _CHUNK:
                    self._flush()
                    if not self._writable or self._ended:
                        return True
                if self._loop.time() >= deadline:
                    return False  # unwritten: a short answer leaves in one piece (watchfrr asks)
        except Exception as error:  # noqa: BLE001  an answer that fails must not end the daemon
            self.session.daemon.bug("while answering", error)
            self._out += self.encoded("% Internal error while answering\n")
            self._status = Status.WARNING
        self._text = None
        self._out += self.ending(self._status)
        self._flush()
        if self.session.closed:
            self.close()
        return True

    def _flush(self) -> None:
        if self._transport is not None and self._out:
            self._transport.write(bytes(self._out))
        self._out.clear()


def _hung_up(transport: asyncio.Transport | None) -> bool:
    """Whether the other end of a unix socket is closed for reading too."""
    client = transport.get_extra_info("socket") if transport is not None else None
    if client is None:
        return True
    poll = select.poll()
    poll.register(client.fileno(), 0)  # POLLHUP comes unasked
    return any(event & select.POLLHUP for _, event in poll.poll(0))
