"""One BGP session as a function of bytes and time: no socket, no clock, no event loop.

The owner (a peer with its transport) tells what happens; each call returns events to be handled:

    session.start(now)                    -> [Connect()]       open a TCP connection
    session.connected(now, ...)           -> []                the OPEN waits in outgoing()
    session.receive(data, now)            -> [OpenReceived(..), Up(..), UpdatesReceived(..), ...]
    session.tick(now)                     -> events of the timers that are due
    session.deadline                      when to call tick next, None if never
    session.outgoing()                    bytes to write, after every call above

After `Close` the owner writes `outgoing()` once more and closes; what the old connection still
reports must not be passed on. A session that was started restarts by itself after the idle
hold time, until `stop`; one that was only given an accepted connection in Idle ends with it.

Collision (RFC 4271 sec. 6.8) needs the other session's state, so it is the owner's: `on_open(open)`
is called with the peer's acceptable OPEN before it is answered. It may stop the other session, or
return the NOTIFICATION that ends this one.
"""

from collections.abc import Callable
from typing import Final

from bgp import fsm
from bgp.events import (
    CapabilityReceived,
    Close,
    Connect,
    Counters,
    Down,
    DownReason,
    Event,
    KeepaliveReceived,
    NotificationReceived,
    OpenReceived,
    RefreshReceived,
    Reset,
    Tap,
    Up,
    UpdatesReceived,
)
from bgp.fsm import Action, Input, State, Timer
from bgp.negotiated import Negotiated
from bgp.negotiation import SessionConfig, hardened, negotiate
from bgp.wire import dynamic
from bgp.wire.errors import Code, Header, Malformed
from bgp.wire.message import HEADER_SIZE, KEEPALIVE, Framer, MessageType, pack
from bgp.wire.notification import Notification
from bgp.wire.open import Open
from bgp.wire.refresh import Refresh

_CONNECTED: Final = (State.OPEN_SENT, State.OPEN_CONFIRM, State.ESTABLISHED)


class Session:
    """One connection to a peer (the module's docstring); `config` may be replaced while Idle."""

    def __init__(
        self,
        config: SessionConfig,
        *,
        counters: Counters | None = None,
        on_open: Callable[[Open], Notification | None] | None = None,
    ) -> None:
        self.config = config
        self.counters = Counters() if counters is None else counters
        self.on_open = on_open
        self.tap: Tap | None = None
        self.state = State.IDLE
        self.negotiated: Negotiated | None = None
        self.peer_open: Open | None = None
        self.local_is_active = True
        self.last_read: float | None = None
        self.last_write: float | None = None
        self.hold_time: float = config.hold_time
        self.keepalive: float = config.keepalive
        self._framer = Framer()
        self._output: list[bytes] = []
        self._timers: dict[Timer, float] = {}
        self._events: list[Event] = []
        self._kind = 0
        self._body = b""
        self._stop: Notification | None = None
        self._stop_reason: DownReason | None = None
        self._error: Malformed | None = None
        self._idle_hold = fsm.IDLE_HOLD
        self._restart = False
        self._now = 0.0

    def start(self, now: float, delay: float = 0.0) -> list[Event]:
        """Begin to connect, or with `passive` to wait, `delay` seconds from now."""
        self._restart = True
        if delay > 0 and self.state is State.IDLE:
            self._timers[Timer.IDLE_HOLD] = now + delay
            return []
        return self._run(self._start_input, now)

    def stop(
        self,
        now: float,
        notification: Notification | None = None,
        reason: DownReason | None = None,
    ) -> list[Event]:
        """Go to Idle and stay there; `notification` is sent if connected, `reason` is what `Down`
        tells, without it the notification."""
        self._restart = False
        return self.reset(now, notification, reason)

    def reset(
        self, now: float, notification: Notification | None = None, reason: DownReason | None = None
    ) -> list[Event]:
        """As `stop`, but start again after the idle hold time (`clear bgp`, changed settings)."""
        self._stop, self._stop_reason = notification, reason
        return self._run(Input.STOP, now)

    def connected(self, now: float, local_is_active: bool = True) -> list[Event]:
        """TCP is up, opened by us or by the peer; the OPEN follows at once or after its delay."""
        self.local_is_active = local_is_active
        self._output.clear()
        delayed = self.config.delay_open > 0
        return self._run(Input.CONNECTED_DELAYED if delayed else Input.CONNECTED, now)

    def connect_failed(self, now: float) -> list[Event]:
        """The attempt asked for by `Connect` came to nothing."""
        return self._run(Input.CONNECT_FAILED, now)

    def closed(self, now: float) -> list[Event]:
        """The peer closed the connection, or it broke."""
        return self._run(Input.CLOSED, now)

    def receive(self, data: bytes, now: float) -> list[Event]:
        """Bytes from the peer; KEEPALIVE and OPEN are answered here, UPDATEs only cut out."""
        if not self.is_connected:
            return []
        self._now = self.last_read = now
        framer = self._framer
        idle = self.state is State.ESTABLISHED and self.tap is None
        if idle and data == KEEPALIVE and not framer.pending:
            self.counters.keepalives_received += 1
            self.hold_extend(now)
            return [KeepaliveReceived()]
        before = framer.pending + len(data)
        framer.feed(data)
        if self.tap is None and self.state is State.ESTABLISHED:
            bodies = framer.updates()
            self.counters.updates_received += len(bodies)
            if bodies:
                self._events.append(UpdatesReceived(bodies))
        try:
            for kind, body in framer if self.tap is None else self.tap.messages(iter(framer)):
                self._message(kind, body)
                if framer is not self._framer:
                    break
        except Malformed as error:
            self._kind, self._body = 0, b""
            self._malformed(error)
        if framer.pending < before:
            # RFC 4271 sec. 4.4: it is messages that keep a session, not bytes without an end.
            self.hold_extend(now)
        return self._take_events()

    @property
    def is_connected(self) -> bool:
        """True while there is a TCP connection that this session uses."""
        return self.state in _CONNECTED or Timer.OPEN_DELAY in self._timers

    def hold_extend(self, now: float) -> None:
        """The peer is alive, though its bytes may still be unread: the hold timer starts anew."""
        if self.negotiated is not None and self.negotiated.hold_time:
            self._timers[Timer.HOLD] = now + self.negotiated.hold_time

    @property
    def deadline(self) -> float | None:
        """The time at which `tick` wants to be called, None if no timer runs."""
        return min(self._timers.values(), default=None)

    def due(self, timer: Timer) -> float | None:
        """When a timer is due, for show commands; None if it does not run."""
        return self._timers.get(timer)

    def tick(self, now: float) -> list[Event]:
        """Run the timers that are due."""
        self._now = now
        self._kind, self._body = 0, b""
        for timer in sorted(self._timers):
            if self._timers.get(timer, now + 1) <= now:
                del self._timers[timer]
                self._step(fsm.TIMER_INPUT.get(timer, self._start_input))
        return self._take_events()

    def outgoing(self) -> bytes:
        """The bytes to write now; they are the transport's from here on."""
        output, self._output = self._output, []
        return b"".join(output)

    def send(
        self, message: bytes, kind: int = MessageType.UPDATE, count: int = 1, now: float = 0.0
    ) -> None:
        """Queue `count` whole messages of one kind behind what waits already, and count them."""
        self._output.append(message)
        self.counters.count_sent(kind, count)
        self.last_write = now or self._now

    def fail(self, error: Malformed, now: float, body: bytes = b"") -> list[Event]:
        """The owner found an UPDATE (`body`) that ends the session."""
        self._now = now
        self._kind, self._body = MessageType.UPDATE, body
        self._malformed(error)
        return self._take_events()

    @property
    def _start_input(self) -> Input:
        return Input.START_PASSIVE if self.config.passive else Input.START

    def _run(self, happened: Input, now: float) -> list[Event]:
        self._now = now
        self._kind, self._body = 0, b""
        self._step(happened)
        return self._take_events()

    def _take_events(self) -> list[Event]:
        events, self._events = self._events, []
        return events

    def _message(self, kind: int, body: bytes) -> None:
        self.counters.count_received(kind)
        self._kind, self._body = kind, body
        self._step(fsm.MESSAGE_INPUT[kind])

    def _step(self, happened: Input) -> None:
        self._advance(happened)
        if self.tap is not None:
            self.tap.moved(self.state)

    def _advance(self, happened: Input) -> None:
        found = fsm.TRANSITIONS.get((self.state, happened))
        if found is None:
            if self.state is not State.IDLE:
                self._notify(Notification(Code.FSM, fsm.FSM_SUBCODE.get(self.state, 0)))
            return
        action, after = found
        before, self.state = self.state, after
        try:
            _ACTIONS[action](self, before)
        except Malformed as error:
            self.state = before
            self._malformed(error)

    def _malformed(self, error: Malformed) -> None:
        self._error = error
        self._step(Input.MALFORMED)

    # The actions of the table; `before` is the state left behind.
    def _ignore(self, before: State) -> None:
        pass

    def _connect(self, before: State) -> None:
        self.local_is_active = True
        self._timers[Timer.CONNECT_RETRY] = self._now + self.config.connect_retry
        self._new_connection()
        if before is State.CONNECT:
            self._events.append(Close())
        self._events.append(Connect())

    def _wait(self, before: State) -> None:
        self._new_connection()

    def _retry_later(self, before: State) -> None:
        self._timers.clear()
        self._new_connection()
        self._events.append(Close())
        if before is State.OPEN_SENT:
            self._events.append(Down(DownReason(Reset.PEER_CLOSED), False))
        if not self._restart:
            self.state = State.IDLE
        elif not self.config.passive:
            self._timers[Timer.CONNECT_RETRY] = self._now + self.config.connect_retry

    def _delay_open(self, before: State) -> None:
        self._timers.clear()
        self._timers[Timer.OPEN_DELAY] = self._now + self.config.delay_open

    def _send_open(self, before: State) -> None:
        self._timers.clear()
        self._timers[Timer.HOLD] = self._now + fsm.OPEN_HOLD
        self.send(pack(MessageType.OPEN, self.config.open().encode()), MessageType.OPEN)

    def _take_early_open(self, before: State) -> None:
        # RFC 4271 event 20: the peer did not wait for our delay, so neither do we.
        if Timer.OPEN_DELAY not in self._timers:
            self._notify(Notification(Code.FSM))
            return
        self._send_open(before)
        self._take_open(before)

    def _take_open(self, before: State) -> None:
        message = Open.decode(self._body)
        terms = negotiate(self.config, message)
        refusal = self.on_open(message) if self.on_open is not None else None
        self.peer_open = message
        if refusal is not None:
            self._notify(refusal)
            return
        self.negotiated = terms
        self.hold_time, self.keepalive = terms.hold_time, terms.keepalive
        self._framer.max_length = terms.max_length
        self._timers.clear()
        self.hold_extend(self._now)
        self._send_keepalive(before)
        self._events.append(OpenReceived(message))

    def _establish(self, before: State) -> None:
        assert self.negotiated is not None  # set on the way to OpenConfirm
        self._idle_hold = fsm.IDLE_HOLD
        self._events.append(Up(self.negotiated))

    def _capability(self, before: State) -> None:
        if self.negotiated is None or not self.negotiated.dynamic:
            raise Malformed(Code.HEADER, Header.BAD_TYPE, bytes([MessageType.CAPABILITY]))
        self._events.append(CapabilityReceived(tuple(dynamic.read(self._body))))

    def _alive(self, before: State) -> None:
        self._events.append(KeepaliveReceived())

    def _update(self, before: State) -> None:
        self._events.append(UpdatesReceived([self._body]))

    def _refresh(self, before: State) -> None:
        self._events.append(RefreshReceived.of(Refresh.decode(self._body)))

    def _send_keepalive(self, before: State) -> None:
        self.send(KEEPALIVE, MessageType.KEEPALIVE)
        if self.keepalive:
            self._timers[Timer.KEEPALIVE] = self._now + self.keepalive

    def _stop_now(self, before: State) -> None:
        if self._stop is not None and before in _CONNECTED:
            self.state = before
            self._notify(self._stop, self._stop_reason)
            return
        self._finish(before, self._stop_reason or DownReason(Reset.NONE))

    def _refuse(self, before: State) -> None:
        assert self._error is not None  # set by the only caller of this input
        self.state = before
        self._notify(Notification.of(self._error))

    def _notified(self, before: State) -> None:
        notification = Notification.decode(self._body)
        self._events.append(NotificationReceived(notification))
        self._finish(before, DownReason(Reset.NOTIFICATION_RECEIVED, notification))

    def _lost(self, before: State) -> None:
        kept = self.negotiated is not None and self.negotiated.restarts_gracefully
        restart = kept and before is State.ESTABLISHED
        self._finish(before, DownReason(Reset.NSF_PEER_CLOSED if restart else Reset.PEER_CLOSED))

    def _hold_timeout(self, before: State) -> None:
        self.state = before
        self._notify(Notification(Code.HOLD_TIMER))

    def _notify(self, notification: Notification, reason: DownReason | None = None) -> None:
        before, self.state = self.state, State.IDLE
        notification = hardened(notification, self.config, self.negotiated)
        body = notification.encode()[: self._framer.max_length - HEADER_SIZE]
        data = pack(MessageType.NOTIFICATION, body)
        self.send(data, MessageType.NOTIFICATION, 0 if notification.is_collision else 1)
        message = pack(self._kind, self._body) if self._kind else b""
        if notification.code != Code.CEASE:
            self._idle_hold = min(self._idle_hold * 2, fsm.IDLE_HOLD_LIMIT)
        self._finish(before, reason or DownReason.sending(notification, message))

    def _finish(self, before: State, reason: DownReason) -> None:
        self._timers.clear()
        self._new_connection()
        if before is not State.IDLE:
            self._events.append(Close())
        if before in _CONNECTED:
            self._events.append(Down(reason, before is State.ESTABLISHED))
        if self._restart:
            self._timers[Timer.IDLE_HOLD] = self._now + self._idle_hold

    def _new_connection(self) -> None:
        self._framer = Framer()
        self._timers.pop(Timer.IDLE_HOLD, None)
        self._kind, self._body = 0, b""
        self.negotiated = None
        self.hold_time, self.keepalive = self.config.hold_time, self.config.keepalive


_ACTIONS: Final[dict[Action, Callable[[Session, State], None]]] = {
    action: getattr(Session, f"_{action.value}") for action in Action
}
