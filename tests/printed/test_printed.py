"""Lines of configuration as FRR's daemons 8.4.4 took, answered, printed and undid them.

Of all records (`tests.printed.replay`) of bgpd a quarter is replayed, chosen by their text, so the
same ones in every run; `--all-records` replays all, as those of the others always are. The files in
`exceptions` name what differs, and why: nothing else may, and all of it has to.
`python -m tests.printed.report` tells more.
"""

from functools import cache
from zlib import crc32

import pytest

from tests.printed.replay import Replay, names, read
from tests.printed.report import UNEXPLAINED, exceptions
from tests.printed.terminals import DAEMONS

PARTS = {"bgpd": 4}
FLOOR = 99.0
"""Identical records of a hundred; faults of FRR's are not counted."""
FAULT = "FRR: "
"""How the reasons begin that are faults of FRR's, which are not copied."""
NODES = [(daemon, name) for daemon in DAEMONS for name in names(daemon)]

expected = cache(exceptions)


@pytest.mark.parametrize(("daemon", "name"), NODES)
def test_lines_are_taken_answered_printed_and_undone_as_by_frr(
    daemon: str, name: str, request: pytest.FixtureRequest
) -> None:
    replay = read(daemon, name)
    part = 1 if request.config.getoption("--all-records") else PARTS.get(daemon, 1)
    chosen = [each for each in replay.records if not crc32(replay.key(each).encode()) % part]
    found = {each.key: each.text for record in chosen for each in replay.differences(record)}
    unexpected = [text for key, text in found.items() if key not in expected(daemon)]
    assert not unexpected, "\n".join(unexpected)
    keys = {replay.key(record) for record in chosen}
    over = [key for key in expected(daemon) if record_of(key) in keys and key not in found]
    assert not over, f"these do not differ any more: {over}"


def record_of(key: str) -> str:
    """The key of the record that a difference is in."""
    return " | ".join(key.split(" | ")[:3])


@pytest.mark.parametrize(("daemon", "name"), NODES)
def test_nearly_all_lines_of_a_node_are_as_in_frr(daemon: str, name: str) -> None:
    replay = read(daemon, name)
    reasons = expected(daemon).items()
    differing = {record_of(key) for key, why in reasons if not why.startswith(FAULT)}
    identical = sum(replay.key(record) not in differing for record in replay.records)
    assert 100 * identical / len(replay.records) >= FLOOR


@pytest.mark.parametrize("daemon", DAEMONS)
def test_every_exception_has_a_reason_and_a_record(daemon: str) -> None:
    assert UNEXPLAINED not in expected(daemon).values()
    replays: dict[str, Replay] = {name: read(daemon, name) for name in names(daemon)}
    known = {key for replay in replays.values() for key in replay.by_key}
    assert [key for key in expected(daemon) if record_of(key) not in known] == []
