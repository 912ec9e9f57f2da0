"""At a limit the rest goes on, and the log names the limit once."""

import subprocess

import pytest

from tests.reliability.limits import bgpd, crowded, full

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


def test_a_read_only_disk_keeps_the_file_and_is_named() -> None:
    with bgpd("ours", size=256) as daemon:
        shelf = daemon.folder / "shelf"
        inside = ["nsenter", "--target", str(daemon.pid), "--mount", "sh", "-e", "-c"]
        before = daemon.seen(shelf / "bgpd.conf").read_text()
        # On top of itself: the log is open for writing.
        script = f"mount --bind {shelf} {shelf}; mount -o remount,bind,ro {shelf}"
        subprocess.run([*inside, script], check=True)
        daemon.ask("configure terminal", "router bgp 64600", "neighbor 10.0.0.2 remote-as 2")
        refused = daemon.ask("enable", "write memory")
        assert "Read-only file system" in refused
        assert "bgpd.conf" in refused
        assert refused.count("\n") == 1, refused
        assert daemon.seen(shelf / "bgpd.conf").read_text() == before
        subprocess.run([*inside, f"umount {shelf}"], check=True)
        assert daemon.ask("enable", "write memory").startswith("Configuration saved to ")
        assert "neighbor 10.0.0.2 remote-as 2" in daemon.seen(shelf / "bgpd.conf").read_text()
