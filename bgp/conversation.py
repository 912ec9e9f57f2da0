"""One session on one TCP connection: carries out what the sans-IO session asks for.

A `Conversation` owns the session's timer, its connection and the attempt to make one. Events that
are about routes or about the session as a whole go to its `Owner`, the peer.
"""

from collections.abc import Callable
from typing import Protocol
from weakref import ref

from bgp.events import Close, Connect, DownReason, Event
from bgp.fsm import State
from bgp.session import Session
from bgp.transport import HIGH_WATER, Attempt, Connection, Dial, Transport
from bgp.wire.message import MessageType
from bgp.wire.notification import Notification
from grammar.base.clock import Clock
from grammar.base.scheduler import Handle, Scheduler


class Owner(Protocol):
    """The peer that a conversation belongs to."""

    clock: Clock
    scheduler: Scheduler

    @property
    def transport(self) -> Transport:
        """Where connections are made."""
        ...

    def dial(self) -> Dial | None:
        """Where to connect to now; None if that cannot be (the next hop does not resolve)."""
        ...

    def session_event(self, conversation: "Conversation", event: Event) -> None:
        """Anything but `Connect` and `Close`."""
        ...

    def connection_changed(self, conversation: "Conversation") -> None:
        """A connection came up, failed or was closed."""
        ...

    def observed(self, conversation: "Conversation") -> None:
        """The session was told something, and did what follows."""
        ...

    def drained(self, conversation: "Conversation") -> None:
        """There is room for UPDATEs again."""
        ...

    def unread(self) -> bool:
        """True while messages that arrived wait to be looked at."""
        ...


class Conversation:
    """A session with its connection."""

    def __init__(self, owner: Owner, session: Session) -> None:
        self._owner = ref(owner)
        self._clock, self._scheduler = owner.clock, owner.scheduler
        self.session = session
        self.connection: Connection | None = None
        self.attempt: Attempt | None = None
        self.failure: OSError | None = None
        """The last error of the socket."""
        self.seen = session.state
        """The state when debug lines were last written."""
        self._stuck: Handle | None = None
        self._timer: Handle | None = None
        self._timer_at: float | None = None

    @property
    def owner(self) -> Owner:
        """Whose it is, who holds it."""
        owner = self._owner()
        assert owner is not None
        return owner

    @property
    def state(self) -> State:
        """The session's."""
        return self.session.state

    @property
    def is_starting(self) -> bool:
        """True while it has begun and there is no connection yet."""
        return self.connection is None and self.state in (State.CONNECT, State.ACTIVE)

    # --- what the peer wants ---------------------------------------------------------------------

    def start(self, delay: float = 0.0) -> None:
        """Begin, after a delay."""
        self._handle(self.session.start(self._now, delay))

    def retry(self) -> None:
        """Connect now: what stood in the way is gone."""
        now = self._now
        self._handle(self.session.stop(now))
        self._handle(self.session.start(now))

    def stop(
        self, notification: Notification | None = None, reason: DownReason | None = None
    ) -> None:
        """End, and do not start again by itself."""
        self._handle(self.session.stop(self._now, notification, reason))

    def reset(
        self, notification: Notification | None = None, reason: DownReason | None = None
    ) -> None:
        """End, and start again after the idle hold time."""
        self._handle(self.session.reset(self._now, notification, reason))

    def accept(self, connection: Connection) -> None:
        """Take a connection that the peer opened."""
        self._use(connection)
        self._handle(self.session.connected(self._now, local_is_active=False))

    def run(self, action: Callable[[float], list[Event]]) -> None:
        """Call a method of the session that gives events, and handle these."""
        self._handle(action(self._now))

    def send(self, message: bytes, kind: int = MessageType.UPDATE, count: int = 1) -> None:
        """Write whole messages at once."""
        self.session.send(message, kind, count, self._now)
        self._write()

    @property
    def congested(self) -> bool:
        """True while UPDATEs should wait for `drained`."""
        return self.connection is not None and self.connection.buffered > HIGH_WATER

    # --- what the session wants ------------------------------------------------------------------

    @property
    def _now(self) -> float:
        return self._clock.now()

    def _handle(self, events: list[Event]) -> None:
        owner = self.owner
        for event in events:
            match event:
                case Connect():
                    self._connect()
                case Close():
                    self._write()
                    self._drop()
                case _:
                    owner.session_event(self, event)
        owner.observed(self)
        self._write()
        self._arm()

    def _write(self) -> None:
        data = self.session.outgoing()
        if data and self.connection is not None:
            self.connection.write(data)
            if self._stuck is None and self.congested and self.session.hold_time:
                when = self._now + 2 * self.session.hold_time
                self._stuck = self._scheduler.call_at(when, self._give_up)

    def _give_up(self) -> None:
        # As FRR (and RFC 9687): who takes nothing for two hold times is not there.
        self._stuck = None
        if self.connection is not None:
            self._drop()
            self._handle(self.session.closed(self._now))

    def _unstuck(self) -> None:
        if self._stuck is not None:
            self._stuck.cancel()
            self._stuck = None

    def _connect(self) -> None:
        self._drop()
        dial = self.owner.dial()
        if dial is None:
            self._handle(self.session.connect_failed(self._now))
            return
        self.attempt = self.owner.transport.connect(dial, self._connected, self._failed)

    def _connected(self, connection: Connection) -> None:
        self.attempt = None
        self._use(connection)
        self._handle(self.session.connected(self._now))

    def _failed(self, error: OSError) -> None:
        self.attempt = None
        # A traceback would hold the frames that hold this one.
        self.failure = error.with_traceback(None)
        self._handle(self.session.connect_failed(self._now))
        self.owner.connection_changed(self)

    def _use(self, connection: Connection) -> None:
        self.connection = connection
        self.failure = None
        connection.on_data = self._received
        connection.on_close = self._closed
        connection.on_drained = self._drained
        self.owner.connection_changed(self)

    def _received(self, data: bytes) -> None:
        self._handle(self.session.receive(data, self._now))

    def _closed(self, error: OSError | None) -> None:
        self._unstuck()
        self.connection = None
        self.failure = None if error is None else error.with_traceback(None)
        self._handle(self.session.closed(self._now))
        self.owner.connection_changed(self)

    def _drained(self) -> None:
        self._unstuck()
        self.owner.drained(self)

    def _drop(self) -> None:
        self._unstuck()
        if self.attempt is not None:
            self.attempt.cancel()
            self.attempt = None
        if self.connection is not None:
            self.connection.close()
            self.connection = None
            self.owner.connection_changed(self)

    # --- time ------------------------------------------------------------------------------------

    def _arm(self) -> None:
        deadline = self.session.deadline
        if deadline is None:
            if self._timer is not None:
                self._timer.cancel()
            self._timer, self._timer_at = None, None
        elif self._timer_at is None or deadline < self._timer_at:
            # A later deadline needs no new timer: the old one finds nothing due and arms anew.
            if self._timer is not None:
                self._timer.cancel()
            self._timer = self._scheduler.call_at(deadline, self._tick)
            self._timer_at = deadline

    def _tick(self) -> None:
        self._timer, self._timer_at = None, None
        if self.owner.unread():
            # The peer spoke in time: its bytes only wait for us.
            self.session.hold_extend(self._now)
        self._handle(self.session.tick(self._now))
