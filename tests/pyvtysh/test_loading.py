"""Files of lines: loading and checking, with FRR 8.4.4's messages."""

from io import StringIO
from pathlib import Path

import pytest

from pyvtysh.dispatch import collect
from pyvtysh.link import LocalLink, Running
from pyvtysh.loading import load_file, read_own_file
from pyvtysh.progress import Progress
from tests.pyvtysh.farm import Village

GOOD = "hostname x\nbarn 1\n animal x kind y\n stall s\n  straw\nbarn 2\nend\n!\n# text\n"
BAD = "barn 1\n animal x foo\n animal x kind y\n!\nfoo bar\nbarn\nbarn 13\nlamp\n"


@pytest.fixture
def village() -> Village:
    return Village("zebra", "bgpd")


def written(tmp_path: Path, text: str) -> str:
    path = tmp_path / "lines.conf"
    path.write_text(text)
    return str(path)


def test_a_file_is_sent_as_frr_sends_it(village: Village, tmp_path: Path) -> None:
    assert collect(load_file(village.vtysh, written(tmp_path, GOOD))) == ("", 0)
    assert [line for name, line in village.sent if name == "zebra"] == [
        "enable",
        "configure terminal",
        "XFRR_start_configuration",
        "barn 1\n",
        " animal x kind y\n",
        " stall s\n",
        "  straw\n",
        "barn 2\n",
        "XFRR_end_configuration",
        "end",
        "disable",
    ]
    assert list(village.farms["bgpd"].config.barns) == [1, 2]
    assert village.vtysh.hostname == "x"
    assert village.errors == []


def test_effects_of_a_file_come_once(village: Village, tmp_path: Path) -> None:
    collect(load_file(village.vtysh, written(tmp_path, GOOD)))
    assert [len(farm.reactions) for farm in village.farms.values()] == [1, 1]


def test_bad_lines_are_reported_and_the_good_ones_are_in_force(
    village: Village, tmp_path: Path
) -> None:
    text, status = collect(load_file(village.vtysh, written(tmp_path, BAD)))
    assert text == "% Nobody builds that\n"
    assert "".join(village.errors) == (
        "line 2: % Unknown command[90]:  animal x foo\n"
        "line 5: % Unknown command[90]: foo bar\n"
        "line 6: % Command incomplete[90]: barn\n\n"
        "line 7: Failure to communicate[13] to zebra, line: barn 13\n\n"
        "line 8: % Unknown command[4]: lamp\n"
    )
    assert status == 2
    assert village.farms["zebra"].config.barns[1].animals["x"].kind == "y"


def test_a_missing_file(village: Village, tmp_path: Path) -> None:
    path = str(tmp_path / "none")
    assert collect(load_file(village.vtysh, path))[1] == 11
    assert village.errors == [
        f"Unable to create lock file: {path}, No such file or directory\n",
        f"% Can't open configuration file {path} due to 'No such file or directory'.\n",
    ]
    village.errors.clear()
    assert collect(load_file(village.vtysh, path, check=True))[1] == 11
    assert len(village.errors) == 1


def test_checking_asks_nobody(village: Village, tmp_path: Path) -> None:
    text = "barn 1\n stall s\n  straw\n  foo\nexit\nexit\nbarn 2\n log\n"
    _, status = collect(load_file(village.vtysh, written(tmp_path, text), check=True))
    assert "".join(village.errors) == (
        "line 4: % Unknown command[91]:   foo\nline 8: % Command incomplete[90]:  log\n\n"
    )
    assert status == 4
    assert village.sent == []


def test_vtysh_conf_changes_vtysh_only(village: Village, tmp_path: Path) -> None:
    text = "hostname own\nno service integrated-vtysh-config\nusername u nopassword\nbarn 1\nfoo\n"
    read_own_file(village.vtysh, written(tmp_path, text))
    assert village.vtysh.hostname == "own"
    assert village.vtysh.integrated is False
    assert village.sent == []
    assert village.errors == ["line 5: % Unknown command[4]: foo\n"]


def test_a_long_file_shows_how_far_it_is(tmp_path: Path) -> None:
    """After a second, a few times a second, and nothing is left of it."""
    path = written(tmp_path, "".join(f"line {number}\n" for number in range(1300)))
    now, stream = [0.0], StringIO()
    progress = Progress(stream, lambda: now[0])
    for _ in progress.over(Path(path).read_text().splitlines(), path):
        now[0] += 1 / 1024
    shown = stream.getvalue().split("\r")
    assert shown == ["... 1,025 of 1,300 lines", "... 1,230 of 1,300 lines", " " * 24, ""]


def test_no_progress_is_shown_where_nobody_sees_it(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = written(tmp_path, "a\nb\n")
    now = iter(range(0, 100, 10))
    assert list(Progress(clock=lambda: next(now)).over(["a", "b"], path)) == ["a", "b"]
    assert capsys.readouterr().err == ""


def test_a_file_that_is_interrupted_says_how_far_it_came(
    village: Village, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    run = LocalLink.run

    def interrupted(link: LocalLink, line: str) -> Running:
        if line == "barn 2\n":
            raise KeyboardInterrupt
        return (yield from run(link, line))

    monkeypatch.setattr(LocalLink, "run", interrupted)
    path = written(tmp_path, GOOD)
    with pytest.raises(KeyboardInterrupt):
        collect(load_file(village.vtysh, path))
    says = "lines 1 to 5 were applied, line 6 may have been; what is behind was not"
    assert village.errors == [f"% {path}: interrupted: {says}\n"]
