"""Any sequence of events in any state: the session does what a plain model of RFC 4271 sec. 8 does.

The model knows the state, the connection, the timers and the idle hold time; each step says what
must follow. Every event is tried in every state, and then any of them in any order.
"""

from dataclasses import replace
from typing import Final

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    rule,
    run_state_machine_as_test,
)

from bgp.events import Close, Connect, Down, Event, Up
from bgp.fsm import State, Timer
from bgp.session import Session
from bgp.wire.message import KEEPALIVE, Framer, pack
from bgp.wire.notification import Notification
from bgp.wire.refresh import Refresh
from tests.bgp.sessions import ONE, TWO, opened

S: Final = State
WAITING, TALKING = (S.CONNECT, S.ACTIVE), (S.OPEN_SENT, S.OPEN_CONFIRM, S.ESTABLISHED)
SUBCODE: Final = {S.OPEN_SENT: 1, S.OPEN_CONFIRM: 2, S.ESTABLISHED: 3}
MESSAGES: Final = {
    "OPEN": opened(TWO),
    "OPEN of another AS": opened(replace(TWO, local_as=65009)),
    "OPEN, hold time 0": opened(replace(TWO, hold_time=0)),
    "OPEN, hold time 1": opened(replace(TWO, hold_time=1)),
    "OPEN, hold time 2": opened(replace(TWO, hold_time=2)),
    "OPEN, hold time 3": opened(replace(TWO, hold_time=3)),
    "KEEPALIVE": KEEPALIVE,
    "UPDATE": pack(2, bytes(4)),
    "NOTIFICATION": pack(3, b"\6\4"),
    "ROUTE-REFRESH": pack(5, Refresh(1, 1).encode()),
    "CAPABILITY": pack(6, b"\0\1\4\0\1\0\1"),
    "bad header": bytes(19),
    "type 99": pack(99),
}
REFUSED: Final = {
    "OPEN of another AS": (2, 2),
    "OPEN, hold time 1": (2, 6),
    "OPEN, hold time 2": (2, 6),
    "bad header": (1, 1),
    "type 99": (1, 3),
    "CAPABILITY": (1, 3),
}
"""Code and subcode that answer a message where its kind is expected."""
HOLD: Final = {"OPEN": 180, "OPEN, hold time 0": 0, "OPEN, hold time 3": 3}


class Model(RuleBasedStateMachine):
    """A session and what is expected of it."""

    @initialize(passive=st.booleans(), delay=st.sampled_from([0, 0, 7]))
    def begin(self, passive: bool, delay: int) -> None:
        self.passive, self.delay = passive, delay
        self.session = Session(replace(ONE, passive=passive, delay_open=delay))
        self.now = 1.0
        self.state = S.IDLE
        self.delaying = self.restarts = False
        self.pause, self.hold = 1, 0
        self.answer: tuple[int, int] | None = None

    def _note(self, events: list[Event]) -> list[type[Event]]:
        framer = Framer()
        framer.feed(self.session.outgoing())
        sent = [Notification.decode(body) for kind, body in framer if kind == 3]
        self.answer = (sent[0].code, sent[0].subcode) if sent else None
        assert len(sent) < 2
        assert framer.pending == 0
        return [type(one) for one in events]

    def _end(self, kinds: list[type[Event]], answer: tuple[int, int] | None) -> None:
        """The connection, if there was one, is gone; the session is in Idle."""
        was = self.state
        talked = was in TALKING
        assert self.answer == answer
        assert kinds.count(Down) == talked
        assert Close in kinds
        self.state, self.delaying = S.IDLE, False
        if answer is not None and answer[0] != 6:
            self.pause = min(2 * self.pause, 120)
        if self.restarts:
            assert self.session.due(Timer.IDLE_HOLD) == self.now + self.pause

    @rule()
    def start(self) -> None:
        kinds = self._note(self.session.start(self.now))
        self.restarts = True
        if self.state is S.IDLE:
            self.state = S.ACTIVE if self.passive else S.CONNECT
            assert kinds == ([] if self.passive else [Connect])
        else:
            assert kinds == []

    @rule(
        reason=st.sampled_from([None, Notification(6, 2), Notification(6, 4)]), stays=st.booleans()
    )
    def stop(self, reason: Notification | None, stays: bool) -> None:
        call = self.session.stop if stays else self.session.reset
        kinds = self._note(call(self.now, reason))
        self.restarts = self.restarts and not stays
        if self.state is S.IDLE:
            assert kinds == []
            assert self.answer is None
        else:
            sent = reason is not None and self.state in TALKING
            self._end(kinds, (reason.code, reason.subcode) if sent and reason else None)

    @rule(active=st.booleans())
    def connected(self, active: bool) -> None:
        if self.state in TALKING or self.delaying:
            return  # the owner never has two connections in a session
        kinds = self._note(self.session.connected(self.now, active))
        assert kinds == []
        if self.delay:
            self.state = S.ACTIVE if self.state is S.IDLE else self.state
            self.delaying = True
        else:
            self.state = S.OPEN_SENT

    @rule(failed=st.booleans())
    def lost(self, failed: bool) -> None:
        call = self.session.connect_failed if failed else self.session.closed
        was = self.state
        kinds = self._note(call(self.now))
        assert self.answer is None
        if was in WAITING or (was is S.OPEN_SENT and not failed):
            assert Close in kinds
            assert kinds.count(Down) == (was is S.OPEN_SENT)
            self.state, self.delaying = (S.ACTIVE if self.restarts else S.IDLE), False
        elif was in TALKING and not failed:
            self._end(kinds, None)
        else:
            assert kinds == []

    @rule(name=st.sampled_from(sorted(MESSAGES)))
    def message(self, name: str) -> None:
        was = self.state
        kinds = self._note(self.session.receive(MESSAGES[name], self.now))
        if was not in TALKING and not self.delaying:
            assert kinds == []
            assert self.answer is None
        elif name == "NOTIFICATION":
            self._end(kinds, None)
        elif (answer := self._answer(was, name)) is not None:
            self._end(kinds, answer)
        elif name in HOLD:
            self.state, self.delaying, self.hold = S.OPEN_CONFIRM, False, HOLD[name]
        elif was is S.OPEN_CONFIRM:
            assert kinds == [Up]
            self.state, self.pause = S.ESTABLISHED, 1

    def _answer(self, was: State, name: str) -> tuple[int, int] | None:
        """The NOTIFICATION for a message, if the state or its content asks for one."""
        if name in ("bad header", "type 99"):
            return REFUSED[name]
        if name.startswith("OPEN"):
            expected = was is S.OPEN_SENT or self.delaying
        elif name == "KEEPALIVE":
            expected = was in (S.OPEN_CONFIRM, S.ESTABLISHED)
        else:
            expected = was is S.ESTABLISHED
        return REFUSED.get(name) if expected else (5, SUBCODE.get(was, 0))

    @rule()
    def wait(self) -> None:
        deadline = self.session.deadline
        if deadline is None:
            return
        due = min(timer for timer in Timer if self.session.due(timer) == deadline)
        self.now = max(self.now, deadline)
        kinds = self._note(self.session.tick(self.now))
        match due:
            case Timer.IDLE_HOLD:
                self.state = S.ACTIVE if self.passive else S.CONNECT
            case Timer.CONNECT_RETRY:
                assert Connect in kinds
                self.state, self.delaying = S.CONNECT, False
            case Timer.OPEN_DELAY:
                self.state, self.delaying = S.OPEN_SENT, False
            case Timer.HOLD:
                self._end(kinds, (4, 0))
            case Timer.KEEPALIVE:
                if self.session.state is S.IDLE:  # the hold timer was due as well
                    self._end(kinds, (4, 0))

    @rule(seconds=st.integers(1, 50))
    def pass_time(self, seconds: int) -> None:
        if self.session.deadline is None or self.session.deadline > self.now + seconds:
            self.now += seconds

    @rule()
    def half_a_message(self) -> None:
        """Bytes that are no message yet change nothing, and do not keep the session either."""
        if self.state in TALKING and self.session._framer.pending == 0:
            hold = self.session.due(Timer.HOLD)
            assert self.session.receive(b"\xff" * 16, self.now) == []
            assert self.session.due(Timer.HOLD) == hold
            self._forget_half()

    def _forget_half(self) -> None:
        self.session._framer = type(self.session._framer)(self.session._framer.max_length)

    @invariant()
    def is_as_the_model(self) -> None:
        if not hasattr(self, "session"):
            return
        due = {timer for timer in Timer if self.session.due(timer) is not None}
        assert self.session.state is self.state
        agreed = self.state in (S.OPEN_CONFIRM, S.ESTABLISHED)
        assert (self.session.negotiated is not None) == agreed
        assert self.session.is_connected == (self.state in TALKING or self.delaying)
        assert (Timer.IDLE_HOLD in due) == (self.state is S.IDLE and self.restarts)
        assert (Timer.OPEN_DELAY in due) == self.delaying
        if agreed:
            assert due == ({Timer.HOLD, Timer.KEEPALIVE} if self.hold else set())
            assert self.session.hold_time == self.hold
        elif self.state is S.OPEN_SENT:
            assert due == {Timer.HOLD}
        else:
            assert Timer.HOLD not in due
            assert Timer.KEEPALIVE not in due
        assert all((self.session.due(timer) or 0) > self.now - 1e-9 for timer in due)


WAYS: Final = {
    S.IDLE: (),
    S.CONNECT: ("start",),
    S.ACTIVE: ("start", "lost"),
    S.OPEN_SENT: ("start", "connected"),
    S.OPEN_CONFIRM: ("start", "connected", "OPEN"),
    S.ESTABLISHED: ("start", "connected", "OPEN", "KEEPALIVE"),
}
"""How a session comes into each state."""
EVENTS: Final = ("start", "stop", "connected", "lost", "wait", "half_a_message", *MESSAGES)


def happen(model: Model, event: str) -> None:
    """One event, and what is true behind every one."""
    if event in MESSAGES:
        model.message(event)
    else:
        arguments = {
            "stop": {"reason": Notification(6, 2), "stays": False},
            "connected": {"active": True},
            "lost": {"failed": False},
        }
        getattr(model, event)(**arguments.get(event, {}))
    model.is_as_the_model()


@pytest.mark.parametrize("delay", [0, 7])
@pytest.mark.parametrize("state", S, ids=lambda state: state.name)
def test_each_event_in_each_state(state: State, delay: int) -> None:
    for event in EVENTS:
        model = Model()
        model.begin(passive=False, delay=delay)
        for step in WAYS[state]:
            happen(model, step)
            if step == "connected" and delay:
                happen(model, "wait")
        assert model.state is state
        happen(model, event)
        for _ in range(3):
            happen(model, "wait")


def test_any_events_in_any_order() -> None:
    run_state_machine_as_test(
        Model,
        settings=settings(
            max_examples=40,
            stateful_step_count=25,
            deadline=None,
            derandomize=True,
            database=None,
            suppress_health_check=list(HealthCheck),
        ),
    )
