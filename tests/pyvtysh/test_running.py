"""The merged configuration and its files; a crash while writing leaves the old file."""

import os
import signal
import stat
import subprocess
import sys
import textwrap
from collections.abc import Iterable
from pathlib import Path

import pytest

from grammar.common.config import NoProcess
from pyvtysh import files, running
from pyvtysh.dispatch import collect
from pyvtysh.link import LinkLostError, Running
from tests.pyvtysh.farm import Village

ROOT = Path(__file__).resolve().parents[2]


def village_in(tmp_path: Path) -> Village:
    village = Village("zebra", "bgpd", config_dir=tmp_path)
    for line in ("conf t", "debug vrf", "end"):
        village.type(line)
    return village


def test_running_config_is_framed_and_merged(tmp_path: Path) -> None:
    village = village_in(tmp_path)
    text, _ = village.type("show running-config")
    lines = text.splitlines()
    assert lines[:7] == [
        "Building configuration...",
        "",
        "Current configuration:",
        "!",
        "frr version 8.4.4",
        "frr defaults traditional",
        "hostname farm",
    ]
    assert lines[-1] == "end"
    assert village.type("write terminal")[0] == text
    assert village.type("show running-config no-header")[0] == "\n".join(lines[4:]) + "\n"
    village.sent.clear()
    village.type("show running-config bgpd")
    assert village.sent == [("bgpd", "do write terminal")]


def test_own_lines_follow_the_daemons(tmp_path: Path) -> None:
    village = village_in(tmp_path)
    for line in ("conf t", "hostname other", "domainname d", "service integrated-vtysh-config"):
        village.type(line)
    village.type("end")
    lines = village.type("show running-config no-header")[0].splitlines()
    assert lines[2:6] == [
        "hostname farm",
        "hostname other",
        "domainname d",
        "service integrated-vtysh-config",
    ]


def test_write_to_one_file(tmp_path: Path) -> None:
    path = tmp_path / "frr.conf"
    path.write_text("old\n")
    path.chmod(0o604)
    text, status = village_in(tmp_path).type("write")
    assert status == 0
    assert text == (
        "Note: this version of vtysh never writes vtysh.conf\n"
        "\nWarning: attempting direct configuration write without watchfrr.\n"
        "File permissions and ownership may be incorrect, or write may fail.\n\n"
        "Building Configuration...\n"
        f"Integrated configuration saved to {path}\n[OK]\n"
    )
    saved = path.read_text()
    assert saved.startswith("frr version 8.4.4\nfrr defaults traditional\nhostname farm\n!\n")
    assert saved.endswith("!\ndebug vrf\n!\n")
    assert (tmp_path / "frr.conf.sav").read_text() == "old\n"
    assert stat.S_IMODE(path.stat().st_mode) == 0o604
    assert sorted(p.name for p in tmp_path.iterdir()) == ["frr.conf", "frr.conf.sav"]


def test_a_folder_that_vtysh_must_not_look_into_is_watchfrrs(tmp_path: Path) -> None:
    no_folder = tmp_path / "file"
    no_folder.touch()
    assert not running.wants_integrated(village_in(tmp_path).vtysh)
    assert running.wants_integrated(village_in(no_folder).vtysh)


def test_a_new_file_is_not_for_everybody(tmp_path: Path) -> None:
    files.replace_file(tmp_path / "new.conf", "text\n")
    assert stat.S_IMODE((tmp_path / "new.conf").stat().st_mode) == 0o640
    assert not (tmp_path / "new.conf.sav").exists()


def test_owner_and_mode_of_a_file_and_a_link_to_it_stay(tmp_path: Path) -> None:
    path, link = tmp_path / "elsewhere.conf", tmp_path / "frr.conf"
    path.write_text("old\n")
    path.chmod(0o660)
    link.symlink_to(path)
    owner = (65534, 65533) if os.geteuid() == 0 else (os.getuid(), os.getgid())
    os.chown(path, *owner)
    files.replace_file(link, "new\n")
    found = path.stat()
    assert (found.st_uid, found.st_gid, stat.S_IMODE(found.st_mode)) == (*owner, 0o660)
    assert link.is_symlink()
    assert path.read_text() == "new\n"
    kept = path.with_name("elsewhere.conf.sav")
    assert kept.read_text() == "old\n"
    assert stat.S_IMODE(kept.stat().st_mode) == 0o660


def test_a_group_that_cannot_be_kept_gets_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_arguments: object) -> None:
        raise PermissionError(1, "Operation not permitted")

    path = tmp_path / "frr.conf"
    path.write_text("old\n")
    path.chmod(0o660)
    monkeypatch.setattr(files.os, "fchown", refuse)
    files.replace_file(path, "new\n")
    assert stat.S_IMODE(path.stat().st_mode) == 0o600


@pytest.mark.parametrize("line", ["write", "write memory", "write file", "copy run start"])
def test_write_to_a_file_of_each_daemon(tmp_path: Path, line: str) -> None:
    village = village_in(tmp_path)
    village.type("conf t")
    village.type("no service integrated-vtysh-config")
    village.type("end")
    village.sent.clear()
    text, status = village.type(line)
    assert status == 0
    assert text == (
        "Note: this version of vtysh never writes vtysh.conf\nBuilding Configuration...\n"
        "Can't save to configuration file, using vtysh.\n"
        "Can't save to configuration file, using vtysh.\n"
    )
    assert village.sent == [("zebra", "do write memory"), ("bgpd", "do write memory")]


def test_a_file_that_a_daemon_cannot_write_is_named(tmp_path: Path) -> None:
    class Unwritable(NoProcess):
        def save(self, lines: Iterable[str]) -> str:
            raise PermissionError(13, "Permission denied", "/etc/frr/zebra.conf")

    village = village_in(tmp_path)
    village.vtysh.integrated = False
    village.farms["zebra"].common.process = Unwritable()
    text, status = village.type("write")
    assert text.endswith(
        "Can't save configuration file /etc/frr/zebra.conf: Permission denied.\n"
        "Can't save to configuration file, using vtysh.\n"
    )
    assert status == 13


def test_write_integrated_is_watchfrrs(tmp_path: Path) -> None:
    village = village_in(tmp_path)
    assert village.type("write integrated") == ("", 16)
    assert village.errors == ["watchfrr is not running\n"]


def test_a_folder_that_cannot_be_written_is_named(tmp_path: Path) -> None:
    village = village_in(tmp_path / "missing")
    text, status = collect(running.write_integrated(village.vtysh))
    assert (text, status) == ("Building Configuration...\n", 13)
    (said,) = village.errors
    assert str(tmp_path / "missing" / "frr.conf") in said
    assert "No such file or directory" in said


@pytest.mark.parametrize("step", ["write", "fsync", "_keep_old", "replace"])
def test_a_failure_at_any_step_leaves_the_old_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, step: str
) -> None:
    path = tmp_path / "frr.conf"
    path.write_text("old\n")

    def fail(*args: object, **kwargs: object) -> None:
        raise OSError(28, "No space left on device")

    match step:
        case "write":
            monkeypatch.setattr(files, "_give", fail)
        case "_keep_old":
            monkeypatch.setattr(files, "_keep_old", fail)
        case _:
            monkeypatch.setattr(files.os, step, fail)
    with pytest.raises(OSError, match="No space left"):
        files.replace_file(path, "new\n")
    assert path.read_text() == "old\n"
    leftovers = {p.name for p in tmp_path.iterdir()} - {"frr.conf.sav"}
    assert leftovers == {"frr.conf"}


def test_a_killed_writer_leaves_the_old_file(tmp_path: Path) -> None:
    path = tmp_path / "frr.conf"
    path.write_text("old\n")
    program = textwrap.dedent(
        """
        import os, sys, time
        from pathlib import Path
        from pyvtysh import files
        def hang(descriptor):
            print("half way", flush=True)
            time.sleep(60)
        os.fsync = hang
        files.replace_file(Path(sys.argv[1]), "new\\n" * 100000)
        """
    )
    with subprocess.Popen(
        [sys.executable, "-c", program, str(path)], cwd=ROOT, stdout=subprocess.PIPE, text=True
    ) as writer:
        assert writer.stdout is not None
        assert writer.stdout.readline() == "half way\n"
        os.kill(writer.pid, signal.SIGKILL)
    assert path.read_text() == "old\n"
    files.replace_file(path, "newer\n")
    assert {found.name for found in tmp_path.iterdir()} == {"frr.conf", "frr.conf.sav"}


def test_a_daemon_that_ends_in_the_middle_keeps_its_part_of_the_file(tmp_path: Path) -> None:
    village = village_in(tmp_path)
    path = tmp_path / "frr.conf"
    path.write_text("router bgp 65001\n")
    link = village.vtysh.links["bgpd"]

    def half(line: str) -> Running:
        yield "half of its an"
        raise LinkLostError(0, "closed by the daemon")

    link.run = half  # type: ignore[method-assign]
    text, status = collect(running.write_integrated(village.vtysh))
    assert (text, status) == ("Building Configuration...\n", 13)
    assert village.errors[-1] == f"% Error: bgpd went away: {path} stays as it was\n"
    assert path.read_text() == "router bgp 65001\n"
