"""Lines of configuration as the real bgpd 8.4.4 took, answered, printed and undid them.

Of all records (`tests.bgp.printed`) a quarter is replayed, chosen by their text, so the same ones
in every run; `--all-records` replays all. `printed_exceptions.txt` names what differs, and why:
nothing else may, and all of it has to. `python -m tests.bgp.printed_report` tells more.
"""

from zlib import crc32

import pytest

from tests.bgp.printed import Replay, names, read
from tests.bgp.printed_report import UNEXPLAINED, exceptions

PART = 4
FLOOR = 99.0
"""Identical records of a hundred; faults of FRR's are not counted."""
FAULT = "FRR: "
"""How the reasons begin that are faults of FRR's, which are not copied."""
EXPECTED = exceptions()


@pytest.mark.parametrize("name", names())
def test_lines_are_taken_answered_printed_and_undone_as_by_frr(
    name: str, request: pytest.FixtureRequest
) -> None:
    replay = read(name)
    everything = bool(request.config.getoption("--all-records"))
    chosen = [
        record
        for record in replay.records
        if everything or not crc32(replay.key(record).encode()) % PART
    ]
    found = {each.key: each.text for record in chosen for each in replay.differences(record)}
    unexpected = [text for key, text in found.items() if key not in EXPECTED]
    assert not unexpected, "\n".join(unexpected)
    keys = {replay.key(record) for record in chosen}
    over = [key for key in EXPECTED if record_of(key) in keys and key not in found]
    assert not over, f"these do not differ any more: {over}"


def record_of(key: str) -> str:
    """The key of the record that a difference is in."""
    return " | ".join(key.split(" | ")[:3])


@pytest.mark.parametrize("name", names())
def test_nearly_all_lines_of_a_node_are_as_in_frr(name: str) -> None:
    replay = read(name)
    differing = {record_of(key) for key, why in EXPECTED.items() if not why.startswith(FAULT)}
    identical = sum(replay.key(record) not in differing for record in replay.records)
    assert 100 * identical / len(replay.records) >= FLOOR


def test_every_exception_has_a_reason_and_a_record() -> None:
    assert UNEXPLAINED not in EXPECTED.values()
    replays: dict[str, Replay] = {name: read(name) for name in names()}
    known = {key for replay in replays.values() for key in replay.by_key}
    assert [key for key in EXPECTED if record_of(key) not in known] == []
