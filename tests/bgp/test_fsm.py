"""The whole table, cell by cell, against what RFC 4271 and FRR's states say in prose."""

import pytest

from bgp.fsm import FSM_SUBCODE, TRANSITIONS, Action, Input, State
from bgp.session import Session

In, S = Input, State
LOCAL = {In.START, In.START_PASSIVE}
MESSAGES = {In.OPEN, In.UPDATE, In.NOTIFICATION, In.KEEPALIVE, In.ROUTE_REFRESH, In.CAPABILITY}
WAITING, TALKING = {S.CONNECT, S.ACTIVE}, {S.OPEN_SENT, S.OPEN_CONFIRM, S.ESTABLISHED}

# The expected next state of every cell; what is missing here must be missing in the table.
EXPECTED: dict[tuple[State, Input], State] = {
    (S.IDLE, In.START): S.CONNECT,
    (S.IDLE, In.START_PASSIVE): S.ACTIVE,
    (S.IDLE, In.STOP): S.IDLE,
    (S.IDLE, In.CONNECTED): S.OPEN_SENT,
    (S.IDLE, In.CONNECTED_DELAYED): S.ACTIVE,
    (S.IDLE, In.CONNECT_FAILED): S.IDLE,
    (S.IDLE, In.CLOSED): S.IDLE,
    **{(state, happened): state for state in WAITING | TALKING for happened in LOCAL},
    **{(state, In.STOP): S.IDLE for state in WAITING | TALKING},
    **{(state, In.MALFORMED): S.IDLE for state in WAITING | TALKING},
    **{(state, In.NOTIFICATION): S.IDLE for state in WAITING | TALKING},
    **{(state, In.CONNECTED): S.OPEN_SENT for state in WAITING},
    **{(state, In.CONNECTED_DELAYED): state for state in WAITING},
    **{(state, In.CONNECT_FAILED): S.ACTIVE for state in WAITING},
    **{(state, In.CLOSED): S.ACTIVE for state in WAITING},
    **{(state, In.OPEN): S.OPEN_CONFIRM for state in WAITING},
    **{(state, In.CONNECT_RETRY_EXPIRED): S.CONNECT for state in WAITING},
    **{(state, In.OPEN_DELAY_EXPIRED): S.OPEN_SENT for state in WAITING},
    **{(state, In.CONNECT_FAILED): state for state in TALKING},
    **{(state, In.HOLD_EXPIRED): S.IDLE for state in TALKING},
    (S.OPEN_SENT, In.CLOSED): S.ACTIVE,
    (S.OPEN_CONFIRM, In.CLOSED): S.IDLE,
    (S.ESTABLISHED, In.CLOSED): S.IDLE,
    (S.OPEN_SENT, In.OPEN): S.OPEN_CONFIRM,
    (S.OPEN_CONFIRM, In.KEEPALIVE): S.ESTABLISHED,
    (S.OPEN_CONFIRM, In.KEEPALIVE_EXPIRED): S.OPEN_CONFIRM,
    (S.ESTABLISHED, In.KEEPALIVE): S.ESTABLISHED,
    (S.ESTABLISHED, In.KEEPALIVE_EXPIRED): S.ESTABLISHED,
    (S.ESTABLISHED, In.UPDATE): S.ESTABLISHED,
    (S.ESTABLISHED, In.ROUTE_REFRESH): S.ESTABLISHED,
    (S.ESTABLISHED, In.CAPABILITY): S.ESTABLISHED,
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
