"""The whole table, cell by cell, against what RFC 4271 and FRR's states say in prose."""

import pytest

from bgp.fsm import FSM_SUBCODE, TRANSITIONS, Action, Input, State
from bgp.session import Session

I, S = Input, State
LOCAL = {I.START, I.START_PASSIVE}
MESSAGES = {I.OPEN, I.UPDATE, I.NOTIFICATION, I.KEEPALIVE, I.ROUTE_REFRESH}
WAITING, TALKING = {S.CONNECT, S.ACTIVE}, {S.OPEN_SENT, S.OPEN_CONFIRM, S.ESTABLISHED}

# The expected next state of every cell; what is missing here must be missing in the table.
EXPECTED: dict[tuple[State, Input], State] = {
    (S.IDLE, I.START): S.CONNECT,
    (S.IDLE, I.START_PASSIVE): S.ACTIVE,
    (S.IDLE, I.STOP): S.IDLE,
    (S.IDLE, I.CONNECTED): S.OPEN_SENT,
    (S.IDLE, I.CONNECTED_DELAYED): S.ACTIVE,
    (S.IDLE, I.CONNECT_FAILED): S.IDLE,
    (S.IDLE, I.CLOSED): S.IDLE,
    **{(state, happened): state for state in WAITING | TALKING for happened in LOCAL},
    **{(state, I.STOP): S.IDLE for state in WAITING | TALKING},
    **{(state, I.MALFORMED): S.IDLE for state in WAITING | TALKING},
    **{(state, I.NOTIFICATION): S.IDLE for state in WAITING | TALKING},
    **{(state, I.CONNECTED): S.OPEN_SENT for state in WAITING},
    **{(state, I.CONNECTED_DELAYED): state for state in WAITING},
    **{(state, I.CONNECT_FAILED): S.ACTIVE for state in WAITING},
    **{(state, I.CLOSED): S.ACTIVE for state in WAITING},
    **{(state, I.OPEN): S.OPEN_CONFIRM for state in WAITING},
    **{(state, I.CONNECT_RETRY_EXPIRED): S.CONNECT for state in WAITING},
    **{(state, I.OPEN_DELAY_EXPIRED): S.OPEN_SENT for state in WAITING},
    **{(state, I.CONNECT_FAILED): state for state in TALKING},
    **{(state, I.HOLD_EXPIRED): S.IDLE for state in TALKING},
    (S.OPEN_SENT, I.CLOSED): S.ACTIVE,
    (S.OPEN_CONFIRM, I.CLOSED): S.IDLE,
    (S.ESTABLISHED, I.CLOSED): S.IDLE,
    (S.OPEN_SENT, I.OPEN): S.OPEN_CONFIRM,
    (S.OPEN_CONFIRM, I.KEEPALIVE): S.ESTABLISHED,
    (S.OPEN_CONFIRM, I.KEEPALIVE_EXPIRED): S.OPEN_CONFIRM,
    (S.ESTABLISHED, I.KEEPALIVE): S.ESTABLISHED,
    (S.ESTABLISHED, I.KEEPALIVE_EXPIRED): S.ESTABLISHED,
    (S.ESTABLISHED, I.UPDATE): S.ESTABLISHED,
    (S.ESTABLISHED, I.ROUTE_REFRESH): S.ESTABLISHED,
}


@pytest.mark.parametrize("happened", list(Input), ids=lambda i: i.name)
@pytest.mark.parametrize("state", list(State), ids=lambda s: s.name)
def test_cell(state: State, happened: Input) -> None:
    cell = TRANSITIONS.get((state, happened))
    assert (cell and cell[1]) == EXPECTED.get((state, happened))


def test_every_action_is_carried_out_somewhere_and_known_to_the_session() -> None:
    assert {action for action, _ in TRANSITIONS.values()} == set(Action)
    assert all(hasattr(Session, f"_{action.value}") for action in Action)


def test_subcodes_of_rfc_6608() -> None:
    assert FSM_SUBCODE == {S.OPEN_SENT: 1, S.OPEN_CONFIRM: 2, S.ESTABLISHED: 3}
    assert MESSAGES - {happened for state, happened in TRANSITIONS if state is S.IDLE} == MESSAGES
