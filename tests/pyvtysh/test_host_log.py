"""Log lines and targets."""

import os
from pathlib import Path

import pytest

from grammar.base.clock import FakeClock
from grammar.base.log import Level
from grammar.common import LogTarget
from pyvtysh.host.log import DaemonLog


@pytest.fixture
def log(monkeypatch: pytest.MonkeyPatch) -> DaemonLog:
    monkeypatch.setenv("TZ", "UTC")
    return DaemonLog("bgpd", "BGP", FakeClock(wall=1_700_000_000.1239))


def to_file(log: DaemonLog, path: Path, level: Level = Level.DEBUGGING) -> None:
    log.common.log_file = LogTarget(level, str(path))
    log.follow()


def test_the_form_of_a_line(log: DaemonLog, tmp_path: Path) -> None:
    path = tmp_path / "log"
    to_file(log, path)
    log.write(Level.ERRORS, "words", "M59KS-A3ZXZ")
    log.common.log_precision = 3
    log.write(Level.ERRORS, "two\nlines")
    log.common.log_record_priority = True
    log.common.log_unique_id = False
    log.write(Level.ERRORS, "words", "M59KS-A3ZXZ")
    lines = path.read_text().splitlines()
    stamps = [line.split(" BGP", 1)[0].split(" errors:")[0] for line in lines]
    assert [len(stamp) for stamp in stamps] == [19, 23, 23]
    assert stamps[1].endswith(".123")
    assert [line[len(stamp) :] for line, stamp in zip(lines, stamps, strict=True)] == [
        " BGP: [M59KS-A3ZXZ] words",
        " BGP: two lines",
        " errors: BGP: words",
    ]


def test_levels_and_filters(log: DaemonLog, tmp_path: Path) -> None:
    to_file(log, tmp_path / "log", Level.WARNINGS)
    log.common.log_filtered = LogTarget(Level.DEBUGGING, str(tmp_path / "filtered"))
    log.common.log_filters["needle"] = None
    log.follow()
    for level in Level:
        log.write(level, f"{level.name} needle" if level > Level.WARNINGS else level.name)
    assert [line.split()[-1] for line in (tmp_path / "log").read_text().splitlines()] == [
        level.name for level in Level if level <= Level.WARNINGS
    ]
    assert len((tmp_path / "filtered").read_text().splitlines()) == 3


def test_the_command_lines_target_gives_way_to_the_configured_one(
    log: DaemonLog, tmp_path: Path
) -> None:
    log.common.command_line["file"] = LogTarget(Level.DEBUGGING, str(tmp_path / "given"))
    log.follow()
    log.write(Level.ERRORS, "one")
    to_file(log, tmp_path / "configured")
    log.write(Level.ERRORS, "two")
    log.common.log_file = None
    log.follow()
    log.write(Level.ERRORS, "three")
    assert [line.split()[-1] for line in (tmp_path / "given").read_text().splitlines()] == [
        "one",
        "three",
    ]
    assert (tmp_path / "configured").read_text().endswith("two\n")


def test_a_relative_path_stays_where_it_was(
    log: DaemonLog, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    to_file(log, Path("here.log"))
    monkeypatch.chdir("/")
    os.rename(tmp_path / "here.log", tmp_path / "old.log")
    log.reopen()
    log.write(Level.ERRORS, "words")
    assert (tmp_path / "here.log").read_text().endswith("words\n")


def test_a_file_that_cannot_be_opened_is_the_callers(log: DaemonLog, tmp_path: Path) -> None:
    with pytest.raises(OSError, match="No such file"):
        to_file(log, tmp_path / "no" / "log")


def test_a_target_that_fails_is_told_once(
    log: DaemonLog, capsys: pytest.CaptureFixture[str]
) -> None:
    to_file(log, Path("/dev/full"))
    for _ in range(3):
        log.write(Level.ERRORS, "words")
    assert capsys.readouterr().err == "bgpd: cannot log to /dev/full: No space left on device\n"
    log.close()


def test_without_targets_nothing_happens(
    log: DaemonLog, capsys: pytest.CaptureFixture[str]
) -> None:
    log.write(Level.EMERGENCIES, "words")
    assert capsys.readouterr() == ("", "")
