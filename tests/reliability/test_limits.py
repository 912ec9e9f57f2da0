"""At a limit the rest goes on, and the log names the limit once."""

import pytest

from tests.reliability.limits import crowded, full

pytestmark = pytest.mark.real


def test_without_descriptors_who_connects_is_turned_away() -> None:
    found = crowded("ours", 0.5)
    assert found.turned_away
    assert found.again
    assert found.held >= 5
    assert found.lines <= 4, found.text
    assert "are refused" in found.text


def test_a_full_disk_loses_log_lines_and_nothing_else() -> None:
    found = full("ours")
    assert "No space left on device" in found.refused
    assert "bgpd.conf" in found.refused
    assert found.whole
    assert found.kept.startswith("Configuration saved to ")
    assert found.said.count("cannot log to") == 1
    assert found.said.count("\n") == 1, found.said
    # The line that was cut off does not run into the next one, and the gap is told.
    lines = found.log.splitlines()
    assert any(line.endswith("were lost") for line in lines), found.log
    assert all(line.count(" BGP: ") <= 1 for line in lines)
