"""One daemon in a process of its own: start, background, end, and what keeps it from starting.

bgpd without zebra (`-Z`) stands for all of them here, since it needs no rights and leaves the
kernel alone; zebra itself is tried in a namespace, and by tests/interop.
"""

import os
import signal
import socket
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.pyvtysh.hosting import BIN, LIMIT, NOBODY, Place, Started, gone, public_place
from tests.support.wait import until

ALONE = ("-Z", "-p", "0")


@pytest.fixture
def place(tmp_path: Path) -> Place:
    return Place(tmp_path)


def end(place: Place, program: str = "bgpd") -> None:
    pid = place.pid(program)
    os.kill(pid, signal.SIGTERM)
    until(lambda: gone(pid), 10, "the daemon ends")


def test_in_the_foreground_it_serves_until_sigterm(place: Place) -> None:
    with place.start("bgpd", *ALONE) as bgpd:
        assert place.pid("bgpd") == bgpd.process.pid
        assert "frr version 8.4.4" in place.vtysh("show running-config")
        assert bgpd.stop() == 0
        assert bgpd.said == ""
    assert not (place.run / "bgpd.vty").exists()


def test_in_the_background_it_is_usable_when_the_command_returns(place: Place) -> None:
    (place.config / "bgpd.conf").write_text("router bgp 65001\n neighbor 10.0.0.1 remote-as 1\n")
    done = place.outcome("bgpd", *ALONE, "-d", "--log", "file:here.log")
    try:
        assert (done.returncode, done.stdout, done.stderr) == (0, "", "")
        assert " neighbor 10.0.0.1 remote-as 1\n" in place.vtysh("show running-config")
        proc = Path(f"/proc/{place.pid('bgpd')}")
        assert os.readlink(proc / "cwd") == str(place.folder)
        assert {os.readlink(proc / "fd" / str(number)) for number in (0, 1, 2)} == {"/dev/null"}
        assert "BGP: [T83RR-8SM5G] bgpd 8.4.4 starting" in (place.folder / "here.log").read_text()
    finally:
        end(place)


def test_a_second_start_is_refused(place: Place) -> None:
    with place.start("bgpd", *ALONE):
        for mode in ((), ("-d",)):
            second = place.outcome("bgpd", *ALONE, *mode)
            assert second.returncode == 1
            path = place.run / "bgpd.pid"
            told = (
                f"BGP: [NTCMZ-C8X80][EC 100663303] Could not lock pid_file {path}"
                " (Resource temporarily unavailable), exiting."
                "  Please ensure that the daemon is not already running\n"
            )
            failed = "bgpd failed to start, exited 1\n" if mode else ""
            assert second.stderr.endswith(told + failed)
        other_pid = place.outcome("bgpd", *ALONE, "-i", place.folder / "other.pid")
        assert other_pid.returncode == 1
        assert f"bgpd: cannot listen on {place.run}/bgpd.vty" in other_pid.stderr
        assert place.answers("bgpd")


def test_after_sigkill_the_same_command_starts_it_again(place: Place) -> None:
    assert place.outcome("bgpd", *ALONE, "-d").returncode == 0
    first = place.pid("bgpd")
    os.kill(first, signal.SIGKILL)
    until(lambda: gone(first), 5, "the daemon is dead")
    assert (place.run / "bgpd.vty").exists()
    assert place.outcome("bgpd", *ALONE, "-d").returncode == 0
    assert place.pid("bgpd") != first
    assert place.answers("bgpd")
    end(place)


def test_bad_lines_are_told_and_good_ones_count(place: Place) -> None:
    path = place.config / "bgpd.conf"
    path.write_text(
        "hostname x\nrouter bgp 65001\n foo bar\n neighbor 10.0.0.1 remote-as 1\n"
        " neighbor 10.0.0.9 timers 3 9\n neighbor 10.0.0.1 timers 3\nshow ip bgp\n"
    )
    with place.start("bgpd", *ALONE, "--log", "stdout") as bgpd:
        shown = place.vtysh("show running-config")
        assert bgpd.stop() == 0
        said = bgpd.said
    assert " neighbor 10.0.0.1 remote-as 1\n" in shown
    assert f"bgpd: {path}, line 3: unknown command: foo bar\n" in said
    assert f"bgpd: {path}, line 5: Specify remote-as or peer-group commands first" in said
    assert f"bgpd: {path}, line 6: command incomplete: neighbor 10.0.0.1 timers 3\n" in said
    assert f"bgpd: {path}, line 7: unknown command: show ip bgp\n" in said
    assert "BGP: [SHWNK-NWT5S][EC 100663304] No such command on config line 3:  foo bar\n" in said


def test_frr_conf_keeps_it_from_reading_its_own_file(place: Place) -> None:
    (place.config / "frr.conf").touch()
    (place.config / "bgpd.conf").write_text("router bgp 65001\n")
    with place.start("bgpd", *ALONE):
        assert "router bgp" not in place.vtysh("show running-config")


def test_a_missing_file_is_told(place: Place) -> None:
    with place.start("bgpd", *ALONE, "-f", place.config / "no.conf") as bgpd:
        assert bgpd.stop() == 0
        assert f"can't open configuration file [{place.config}/no.conf]" in bgpd.said


def test_write_needs_an_own_file_and_keeps_the_old_one(place: Place) -> None:
    path = place.config / "bgpd.conf"
    path.write_text("router bgp 65001\n")
    path.chmod(0o640)
    with place.start("bgpd", *ALONE):
        said = place.vtysh("conf t", "router bgp 65001", "bgp router-id 1.2.3.4", "do write")
    assert f"Configuration saved to {path}\n" in said
    assert "router bgp 65001\n bgp router-id 1.2.3.4\n" in path.read_text()
    assert path.with_name("bgpd.conf.sav").read_text() == "router bgp 65001\n"
    assert sorted(file.name for file in place.config.iterdir()) == [
        "bgpd.conf",
        "bgpd.conf.sav",
        "vtysh.conf",
    ]


def test_write_makes_the_own_file_but_not_one_that_was_named(place: Place) -> None:
    own, named = place.config / "bgpd.conf", place.config / "no.conf"
    for options, path, says in (
        ((), own, f"Configuration saved to {own}\n"),
        (("-f", named), named, "Can't save to configuration file, using vtysh.\n"),
    ):
        with place.start("bgpd", *ALONE, *options):
            assert place.vtysh("write").endswith(says)
        assert path.exists() == (path is own)
    assert own.stat().st_mode & 0o777 == 0o640


def test_logs_are_opened_again_on_sigusr1(place: Place) -> None:
    log = place.folder / "bgpd.log"
    with place.start("bgpd", *ALONE):
        place.vtysh("conf t", f"log file {log}")
        pid = place.pid("bgpd")
        os.kill(pid, signal.SIGHUP)
        until(
            lambda: "BGP: [JZRMZ-4AJK8] SIGHUP received, ignoring" in log.read_text(),
            5,
            "it is logged",
        )
        log.rename(place.folder / "old.log")
        os.kill(pid, signal.SIGUSR1)
        until(log.exists, 5, "the file is there again")


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


@pytest.mark.parametrize("mode", [(), ("-d",)])
def test_a_port_in_use_is_named(place: Place, mode: tuple[str, ...]) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        done = place.outcome("bgpd", "-Z", "-l", "127.0.0.1", "-p", str(port), *mode)
    assert done.returncode == 1
    failed = "bgpd failed to start, exited 1\n" if mode else ""
    assert done.stderr == (
        f"bgpd: cannot listen for BGP on 127.0.0.1 port {port}: Address already in use\n{failed}"
    )


def test_it_listens_where_it_is_told(place: Place) -> None:
    (place.config / "bgpd.conf").write_text("router bgp 65001\n")
    port = free_port()
    with place.start("bgpd", "-Z", "-l", "127.0.0.1", "-p", str(port)):
        until(lambda: socket.create_connection(("127.0.0.1", port), 1).close() is None, 5, "BGP")


def test_the_vty_by_tcp_asks_for_the_password(place: Place) -> None:
    (place.config / "bgpd.conf").write_text("password secret\n")
    port = free_port()
    with (
        place.start("bgpd", *ALONE, "-A", "127.0.0.1", "-P", str(port)),
        until(lambda: socket.create_connection(("127.0.0.1", port), 5), 5, "the vty") as client,
    ):
        said = b""
        while b"Password: " not in said:
            said += client.recv(1024)
        client.sendall(b"secret\r\n")
        while b"> " not in said:
            said += client.recv(1024)


def test_a_full_disk_is_named(place: Place) -> None:
    refused = place.outcome("bgpd", *ALONE, prefix=("prlimit", "--fsize=0"))
    assert (refused.returncode, refused.stderr) == (
        1,
        f"bgpd: cannot write {place.run}/bgpd.pid: File too large\n",
    )
    assert list(place.run.iterdir()) == []


def test_the_first_answer_knows_the_configuration(place: Place) -> None:
    lists = [f"ip prefix-list L seq {n} permit 10.0.0.0/8 le {8 + n}" for n in range(1, 24)] * 40
    (place.config / "bgpd.conf").write_text("\n".join([*lists, "router bgp 65001", ""]))
    # To look up the name takes a thread: the unix socket is there some turns of the loop earlier.
    argv = place.argv("bgpd", *ALONE, "-A", "localhost", "-P", str(free_port()))
    with (
        Started("bgpd", argv, place.folder / "bgpd.out") as bgpd,
        socket.socket(socket.AF_UNIX) as client,
    ):
        client.settimeout(LIMIT)
        path = str(place.run / "bgpd.vty")
        until(lambda: client.connect_ex(path) == 0, LIMIT, "a vty", interval=0.005)
        client.sendall(b"enable\0do write terminal\0")
        text = client.recv(65536)
        while len(text) == 4 or not text.endswith(b"\0\0\0\0"):
            text += client.recv(65536)
        assert text.count(b"ip prefix-list L seq ") == 23
        assert b"router bgp 65001\n" in text
        assert bgpd.stop() == 0


@pytest.mark.parametrize(
    ("options", "sentence"),
    [
        (("-Q",), f"{BIN}/bgpd: invalid option -- 'Q'"),
        (("--foo",), f"{BIN}/bgpd: unrecognized option '--foo'"),
        (("-P", "abc"), 'invalid port number "abc" for -P option'),
        (("-N", "a/b"), "slashes or dots are not permitted in the --pathspace option."),
        (("-F", "foo"), 'The "foo" configuration profile is not valid for this FRR version.'),
    ],
)
def test_bad_options_are_named(place: Place, options: tuple[str, ...], sentence: str) -> None:
    done = place.outcome("bgpd", *options)
    assert done.returncode == 1
    assert done.stderr.startswith(f"{sentence}\n")
    assert "Invalid options." in done.stderr


def test_the_version_is_the_third_word(place: Place) -> None:
    done = place.outcome("bgpd", "-v")
    assert done.returncode == 0
    assert done.stdout.split()[:3] == ["bgpd", "version", "8.4.4"]


def test_dryrun_only_checks_the_file(place: Place) -> None:
    path = place.config / "zebra.conf"
    path.write_text("interface eth0\n ip address 10.0.0.1/24\nexit\n")
    assert place.outcome("zebra", "-C").stderr == ""
    path.write_text("interface eth0\n foo\n")
    done = place.outcome("zebra", "-C")
    line = "ZEBRA: [SHWNK-NWT5S][EC 100663304] No such command on config line 2:  foo\n"
    assert done.returncode == 0
    assert done.stderr.endswith(line)
    missing = place.outcome("zebra", "-C", "-f", place.config / "no.conf")
    assert missing.returncode == 0
    assert f"can't open configuration file [{place.config}/no.conf]" in missing.stderr
    assert not place.run.exists()


def test_folders_and_log_files_that_cannot_be_made_are_named(place: Place) -> None:
    (place.folder / "file").touch()
    inside = place.folder / "file" / "run"
    done = place.outcome("bgpd", *ALONE, "-i", inside / "bgpd.pid")
    assert (done.returncode, done.stderr) == (
        1,
        f"bgpd: cannot make folder {inside}: Not a directory\n",
    )
    done = place.outcome("bgpd", *ALONE, "--log", f"file:{inside}/x.log")
    assert (done.returncode, done.stderr) == (
        1,
        f"bgpd: cannot open log file {inside}/x.log: Not a directory\n",
    )


@pytest.mark.real
class TestRights:
    @pytest.fixture
    def place(self) -> Iterator[Place]:
        with public_place() as place:
            yield place

    def test_an_unreadable_file_is_named(self, place: Place) -> None:
        path = place.config / "bgpd.conf"
        path.touch(mode=0o600)
        done = place.outcome("bgpd", *ALONE, prefix=NOBODY)
        assert (done.returncode, done.stderr) == (
            1,
            f"bgpd: cannot read {path}: Permission denied\n",
        )

    def test_a_port_without_the_right_is_named(self, place: Place) -> None:
        done = place.outcome("bgpd", "-Z", prefix=NOBODY)
        assert (done.returncode, done.stderr) == (
            1,
            "bgpd: cannot listen for BGP on 0.0.0.0 port 179: Permission denied\n",
        )

    def test_zebra_without_rights_says_so(self, place: Place) -> None:
        done = place.outcome("zebra", prefix=NOBODY)
        assert done.returncode == 1
        assert done.stderr == (
            "zebra: cannot change the kernel's routes: Operation not permitted"
            " (CAP_NET_ADMIN is needed)\n"
        )

    def test_another_user_keeps_the_rights_that_are_needed(self, place: Place) -> None:
        (place.config / "bgpd.conf").write_text("router bgp 65001\n")
        done = place.outcome("bgpd", "-Z", "-u", "nobody", "-d", prefix=("unshare", "-n"))
        modules = Path(os.__file__).parent
        if subprocess.run([*NOBODY, "test", "-r", modules], check=False).returncode != 0:
            sentence = f"bgpd: user nobody may not read Python's own modules in {modules}\n"
            sentence += "bgpd failed to start, exited 1\n"
            assert (done.returncode, done.stderr) == (1, sentence)
            return
        assert (done.returncode, done.stderr) == (0, "")
        status = Path(f"/proc/{place.pid('bgpd')}/status").read_text()
        assert "Uid:\t65534\t65534\t65534\t65534\n" in status
        assert "router bgp 65001" in place.vtysh("show running-config")
        end(place)

    def test_an_unknown_user_is_named(self, place: Place) -> None:
        done = place.outcome("bgpd", "-Z", "-u", "no-such-user")
        assert (done.returncode, done.stderr) == (
            1,
            "privs_init: could not lookup user no-such-user\n",
        )

    def test_zebra_and_its_clients(self, place: Place) -> None:
        """The three back to back; a debug line of zebra's in bgpd.conf reaches zebra."""
        (place.config / "bgpd.conf").write_text("router bgp 65001\ndebug zebra rib\n")
        (place.config / "staticd.conf").write_text("ip route 10.9.0.0/16 blackhole\n")
        script = "\n".join(
            [
                "set -e",
                *(
                    " ".join(map(str, place.argv(name, "-d")))
                    for name in ("zebra", "staticd", "bgpd")
                ),
                "for i in $(seq 100); do ip route | grep -q 10.9 && break; sleep 0.1; done",
                "ip route",
                f"kill $(cat {place.run}/zebra.pid)",
                f"for i in $(seq 100); do [ -e {place.run}/zebra.pid ] || break; sleep 0.1; done",
                "echo after",
                "ip route",
            ]
        )
        path = place.folder / "script"
        path.write_text(script)
        done = subprocess.run(
            ["unshare", "-n", "sh", path], capture_output=True, text=True, timeout=60
        )
        for name in ("staticd", "bgpd"):
            end(place, name)
        before, _, after = done.stdout.partition("after\n")
        assert "blackhole 10.9.0.0/16 proto static metric 20" in before, done
        assert after == ""
        assert done.stderr == ""
