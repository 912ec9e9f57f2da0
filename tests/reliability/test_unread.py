"""Who asks for much and reads nothing costs little, and nobody else waits for it."""

import pytest

from tests.reliability.unread import unread


@pytest.mark.real
def test_who_reads_nothing_costs_little() -> None:
    found = unread("ours")
    assert found.answers
    # At most 256 KiB of lines and 64 KiB of an answer wait for a client (docs/reliability.md).
    assert found.tables <= 0.7, found
    assert found.endless <= 0.7, found
    # What a neighbour is not told yet is told of the table once, not of each change.
    assert found.neighbour <= 8, found
