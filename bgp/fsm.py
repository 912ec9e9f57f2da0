"""The state machine of a session as a table (RFC 4271 sec. 8, with FRR's states after a failure).

`TRANSITIONS[state, input]` gives the action and the next state. An input that is missing for a
state is an error of the state machine by definition: NOTIFICATION 5 with the subcode of RFC 6608,
then Idle. Only `bgp/session.py` moves a session through the table, and carries out the actions.

    Idle --start--> Connect --connected--> OpenSent --OPEN--> OpenConfirm --KEEPALIVE--> Established
                      |  ^
               failed v  | retry timer
                     Active        (a passive session starts and waits here)
"""

from enum import Enum, IntEnum
from typing import Final

from bgp.wire.message import MessageType

OPEN_HOLD: Final = 240.0
"""Seconds that the peer has for its OPEN (RFC 4271 sec. 8.2.2: a large value, four minutes)."""
IDLE_HOLD: Final = 1.0
IDLE_HOLD_LIMIT: Final = 120.0
"""Seconds in Idle before a new start; each error that this side finds doubles them, as in FRR."""


class State(Enum):
    """States in FRR's words."""

    __hash__ = object.__hash__  # that of `Enum` is a call of Python, for each look at the table

    IDLE = "Idle"
    CONNECT = "Connect"
    ACTIVE = "Active"
    OPEN_SENT = "OpenSent"
    OPEN_CONFIRM = "OpenConfirm"
    ESTABLISHED = "Established"


class Timer(IntEnum):
    """The timers of a session; the order is the one in which timers due at once are run."""

    IDLE_HOLD = 0
    CONNECT_RETRY = 1
    OPEN_DELAY = 2
    KEEPALIVE = 3
    HOLD = 4


class Input(Enum):
    """Everything that can happen to a session."""

    __hash__ = object.__hash__

    START = "start"
    START_PASSIVE = "start, wait for the peer to connect"
    STOP = "stop"
    CONNECTED = "TCP connected"
    CONNECTED_DELAYED = "TCP connected, OPEN is to be delayed"
    CONNECT_FAILED = "TCP connection failed"
    CLOSED = "TCP connection closed"
    MALFORMED = "malformed message"
    OPEN = "OPEN"
    UPDATE = "UPDATE"
    NOTIFICATION = "NOTIFICATION"
    KEEPALIVE = "KEEPALIVE"
    ROUTE_REFRESH = "ROUTE-REFRESH"
    CAPABILITY = "CAPABILITY"
    CONNECT_RETRY_EXPIRED = "connect retry timer expired"
    OPEN_DELAY_EXPIRED = "open delay timer expired"
    KEEPALIVE_EXPIRED = "keepalive timer expired"
    HOLD_EXPIRED = "hold timer expired"


class Action(Enum):
    """What `Session` does on a transition; the methods there have the same names."""

    __hash__ = object.__hash__

    IGNORE = "ignore"
    CONNECT = "connect"
    WAIT = "wait"
    RETRY_LATER = "retry_later"
    SEND_OPEN = "send_open"
    DELAY_OPEN = "delay_open"
    TAKE_OPEN = "take_open"
    TAKE_EARLY_OPEN = "take_early_open"
    ESTABLISH = "establish"
    ALIVE = "alive"
    CAPABILITY = "capability"
    UPDATE = "update"
    REFRESH = "refresh"
    SEND_KEEPALIVE = "send_keepalive"
    STOP = "stop_now"
    REFUSE = "refuse"
    NOTIFIED = "notified"
    LOST = "lost"
    HOLD_TIMEOUT = "hold_timeout"


MESSAGE_INPUT: Final[dict[int, Input]] = {
    MessageType.OPEN: Input.OPEN,
    MessageType.UPDATE: Input.UPDATE,
    MessageType.NOTIFICATION: Input.NOTIFICATION,
    MessageType.KEEPALIVE: Input.KEEPALIVE,
    MessageType.ROUTE_REFRESH: Input.ROUTE_REFRESH,
    MessageType.OLD_REFRESH: Input.ROUTE_REFRESH,
    MessageType.CAPABILITY: Input.CAPABILITY,
}

TIMER_INPUT: Final[dict[Timer, Input]] = {
    Timer.CONNECT_RETRY: Input.CONNECT_RETRY_EXPIRED,
    Timer.OPEN_DELAY: Input.OPEN_DELAY_EXPIRED,
    Timer.KEEPALIVE: Input.KEEPALIVE_EXPIRED,
    Timer.HOLD: Input.HOLD_EXPIRED,
}
"""The idle hold timer has no input of its own: its expiry is START or START_PASSIVE."""

_S, _I, _A = State, Input, Action

_IDLE: Final = {
    _I.START: (_A.CONNECT, _S.CONNECT),
    _I.START_PASSIVE: (_A.WAIT, _S.ACTIVE),
    _I.STOP: (_A.STOP, _S.IDLE),
    # An accepted connection starts its session here; collision is the owner's decision.
    _I.CONNECTED: (_A.SEND_OPEN, _S.OPEN_SENT),
    _I.CONNECTED_DELAYED: (_A.DELAY_OPEN, _S.ACTIVE),
    # What a connection that was dropped still has to say.
    _I.CONNECT_FAILED: (_A.IGNORE, _S.IDLE),
    _I.CLOSED: (_A.IGNORE, _S.IDLE),
}

_WAITING: Final = {
    _I.START: (_A.IGNORE, None),
    _I.START_PASSIVE: (_A.IGNORE, None),
    _I.STOP: (_A.STOP, _S.IDLE),
    _I.CONNECTED: (_A.SEND_OPEN, _S.OPEN_SENT),
    _I.CONNECTED_DELAYED: (_A.DELAY_OPEN, None),
    _I.CONNECT_FAILED: (_A.RETRY_LATER, _S.ACTIVE),
    _I.CLOSED: (_A.RETRY_LATER, _S.ACTIVE),
    _I.MALFORMED: (_A.REFUSE, _S.IDLE),
    # While our own OPEN is delayed the peer's may come.
    _I.OPEN: (_A.TAKE_EARLY_OPEN, _S.OPEN_CONFIRM),
    _I.NOTIFICATION: (_A.NOTIFIED, _S.IDLE),
    _I.CONNECT_RETRY_EXPIRED: (_A.CONNECT, _S.CONNECT),
    _I.OPEN_DELAY_EXPIRED: (_A.SEND_OPEN, _S.OPEN_SENT),
}

_TALKING: Final = {
    _I.START: (_A.IGNORE, None),
    _I.START_PASSIVE: (_A.IGNORE, None),
    _I.STOP: (_A.STOP, _S.IDLE),
    _I.CONNECT_FAILED: (_A.IGNORE, None),
    _I.CLOSED: (_A.LOST, _S.IDLE),
    _I.MALFORMED: (_A.REFUSE, _S.IDLE),
    _I.NOTIFICATION: (_A.NOTIFIED, _S.IDLE),
    _I.HOLD_EXPIRED: (_A.HOLD_TIMEOUT, _S.IDLE),
}

_ROWS: Final[dict[State, dict[Input, tuple[Action, State | None]]]] = {
    _S.IDLE: dict(_IDLE),
    _S.CONNECT: dict(_WAITING),
    _S.ACTIVE: dict(_WAITING),
    _S.OPEN_SENT: {
        **_TALKING,
        # RFC 4271 sec. 8.2.2: a connection that closes here is tried again.
        _I.CLOSED: (_A.RETRY_LATER, _S.ACTIVE),
        _I.OPEN: (_A.TAKE_OPEN, _S.OPEN_CONFIRM),
    },
    _S.OPEN_CONFIRM: {
        **_TALKING,
        _I.KEEPALIVE: (_A.ESTABLISH, _S.ESTABLISHED),
        _I.KEEPALIVE_EXPIRED: (_A.SEND_KEEPALIVE, _S.OPEN_CONFIRM),
    },
    _S.ESTABLISHED: {
        **_TALKING,
        _I.KEEPALIVE: (_A.ALIVE, _S.ESTABLISHED),
        _I.UPDATE: (_A.UPDATE, _S.ESTABLISHED),
        _I.ROUTE_REFRESH: (_A.REFRESH, _S.ESTABLISHED),
        _I.CAPABILITY: (_A.CAPABILITY, _S.ESTABLISHED),
        _I.KEEPALIVE_EXPIRED: (_A.SEND_KEEPALIVE, _S.ESTABLISHED),
    },
}

TRANSITIONS: Final[dict[tuple[State, Input], tuple[Action, State]]] = {
    (state, happened): (action, after or state)
    for state, row in _ROWS.items()
    for happened, (action, after) in row.items()
}

FSM_SUBCODE: Final = {State.OPEN_SENT: 1, State.OPEN_CONFIRM: 2, State.ESTABLISHED: 3}
"""Subcodes of NOTIFICATION 5 for a message the state does not expect (RFC 6608); else 0."""
