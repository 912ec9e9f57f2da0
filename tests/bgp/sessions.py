"""Sessions to test with: two of them and the wire between, or one against written messages."""

from dataclasses import replace

from bgp.events import Down, DownReason, Event
from bgp.fsm import State
from bgp.negotiation import EXTERNAL, SessionConfig
from bgp.session import Session
from bgp.wire import capability as cap
from bgp.wire.message import EXTENDED_LENGTH, Framer, pack
from bgp.wire.notification import Notification

V4, V6 = cap.IPV4_UNICAST, cap.IPV6_UNICAST
ONE = SessionConfig(65001, 1, peer_as=65002, hostname="r1", families=(V4, V6))
TWO = SessionConfig(65002, 2, peer_as=EXTERNAL, hostname="r2", families=(V4,))


class Pair:
    """Two sessions and the wire between them."""

    def __init__(self, one: SessionConfig = ONE, two: SessionConfig = TWO) -> None:
        self.now = 100.0
        self.one, self.two = Session(one), Session(two)
        self.log: list[tuple[Session, Event]] = []

    def note(self, session: Session, events: list[Event]) -> None:
        self.log += [(session, event) for event in events]

    def connect(self) -> "Pair":
        self.note(self.one, self.one.start(self.now))
        self.note(self.two, self.two.start(self.now))
        self.note(self.one, self.one.connected(self.now))
        self.note(self.two, self.two.connected(self.now, local_is_active=False))
        self.exchange()
        return self

    def exchange(self) -> None:
        while True:
            to_two, to_one = self.one.outgoing(), self.two.outgoing()
            if not to_two and not to_one:
                return
            if to_two:
                self.note(self.two, self.two.receive(to_two, self.now))
            if to_one:
                self.note(self.one, self.one.receive(to_one, self.now))

    def advance(self, seconds: float, *, lossy: bool = False) -> None:
        end = self.now + seconds
        while True:
            deadlines = [d for d in (self.one.deadline, self.two.deadline) if d is not None]
            if not deadlines or min(deadlines) > end:
                break
            self.now = max(self.now, min(deadlines))
            for session in (self.one, self.two):
                self.note(session, session.tick(self.now))
            if lossy:
                self.one.outgoing(), self.two.outgoing()
            else:
                self.exchange()
        self.now = end

    def events(self, session: Session, kind: type) -> list:
        return [event for owner, event in self.log if owner is session and isinstance(event, kind)]

    def down(self, session: Session) -> DownReason:
        (event,) = self.events(session, Down)
        return event.reason


def established(config: SessionConfig = ONE, peer: SessionConfig = TWO) -> tuple[Session, float]:
    pair = Pair(config, peer).connect()
    assert pair.one.state is State.ESTABLISHED
    return pair.one, pair.now


def answer(config: SessionConfig, *messages: bytes) -> tuple[Session, Notification | None]:
    session = Session(config)
    session.connected(0)
    session.outgoing()
    for message in messages:
        session.receive(message, 1)
    framer = Framer(EXTENDED_LENGTH)
    framer.feed(session.outgoing())
    sent = [Notification.decode(body) for kind, body in framer if kind == 3]
    return session, sent[0] if sent else None


def opened(config: SessionConfig) -> bytes:
    return pack(1, config.open().encode())


OLD = replace(TWO, dont_capability_negotiate=True)
