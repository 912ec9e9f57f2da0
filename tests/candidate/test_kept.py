"""What is kept beside the configuration: commits, the lock, what is pending."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from pyvtysh.candidate.archive import KEPT, Archive, Folder
from pyvtysh.candidate.confirm import read_pending
from pyvtysh.candidate.lock import Lock, LockedError
from pyvtysh.testing.router import VirtualRouter
from pyvtysh.testing.topology import Topology

TEXT = "! a remark\nhostname r1\n!\nrouter bgp 65001\nexit\n!\nend\n"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "commits"


def test_commits_are_files_that_read_back(folder: Path) -> None:
    archive = Archive(Folder(folder))
    assert archive.back(0) is None
    made = archive.add("2026-11-23T16:44:34+00:00", "alice", "pts/3", "a new\npeer: r9", TEXT)
    found = archive.find(1)
    assert found is not None
    assert (found.text, found.comment, found.user) == (TEXT, "a new peer: r9", "alice")
    assert (folder / "0001.conf").stat().st_mode & 0o777 == 0o640
    assert made.file_text() == (folder / "0001.conf").read_text()


def test_so_many_are_kept(folder: Path) -> None:
    archive = Archive(Folder(folder))
    for number in range(KEPT + 3):
        archive.add("", "", "", f"no. {number}", TEXT)
    (folder / "notes.txt").write_text("mine")
    assert [commit.number for commit in archive.newest_first()] == list(range(KEPT + 3, 3, -1))
    assert sorted(os.listdir(folder))[-1] == "notes.txt"
    assert archive.back(KEPT) is None
    assert archive.next_number() == KEPT + 4


def test_the_lock_names_its_holder_and_dies_with_it(folder: Path) -> None:
    path = folder / "lock"
    program = (
        "import sys; from pathlib import Path; from pyvtysh.candidate.lock import Lock\n"
        "lock = Lock(Path(sys.argv[1])); lock.take('configure exclusive')\n"
        "print('held', flush=True); sys.stdin.read()"
    )
    holder = subprocess.Popen(
        [sys.executable, "-c", program, str(path)], stdin=subprocess.PIPE, stdout=subprocess.PIPE
    )
    assert holder.stdout is not None
    assert holder.stdout.readline() == b"held\n"
    lock = Lock(path)
    with pytest.raises(LockedError, match=rf"process {holder.pid}\) since .*: configure exclusive"):
        lock.take("commit")
    assert str(lock.holder()).endswith("seconds: configure exclusive")
    holder.kill()
    holder.communicate()
    assert lock.holder() is None
    lock.take("commit")
    assert lock.held
    assert str(Lock(path).holder()).endswith(": commit")
    lock.release()
    assert Lock(path).holder() is None


@pytest.mark.parametrize("text", ["", "{", "[]", '{"commit": 1}', "null", "\0"])
def test_what_is_no_pending_commit_is_none(tmp_path: Path, text: str) -> None:
    path = tmp_path / "pending"
    path.write_text(text)
    assert read_pending(path) is None


def test_a_folder_that_cannot_be_written_is_told(topology: Topology, tmp_path: Path) -> None:
    router: VirtualRouter = topology.router("r1")
    file = tmp_path / "etc"
    file.write_text("no folder")
    router.shell.config_dir = str(file)
    router.run("configure private")
    router.run("ip route 10.0.0.0/8 blackhole")
    before = router.running_config()
    said = router.run("commit")
    assert said.text == f"% Not committed: {file}/commits: Not a directory\n"
    assert not said.ok
    assert router.running_config() == before
    said = router.run("load merge /nowhere/file")
    assert said.text == "% /nowhere/file: No such file or directory\n"
    assert router.run("load merge terminal").text == "% There is no terminal to read from\n"


def test_a_viewer_sees_no_secrets_and_changes_nothing(topology: Topology) -> None:
    router = topology.router("r1", "router bgp 65001\n neighbor 10.0.12.2 remote-as 65002\n")
    for line in ("configure private", "router bgp 65001", "neighbor 10.0.12.2 password hush"):
        assert router.run(line).ok
    assert router.run("commit").ok
    router.run("end")
    router.shell.session.read_only = True
    for shown in ("show configuration rollback 0", "show configuration rollback 1 diff"):
        text = router.run(shown).text
        assert "hush" not in text
        assert "password <hidden>" in text
    for line in ("configure private", "commit", "rollback 1", "discard"):
        assert router.run(line).text == f"% This session is read-only: {line}\n"
