"""`pyvtysh --processes`: one process a daemon, watched and restarted; and process 1's duties."""

import fcntl
import os
import signal
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from pyvtysh.host.daemonsfile import read_daemons
from pyvtysh.host.errors import StartError
from pyvtysh.host.notify import Notify
from pyvtysh.host.watchfrr.intervals import intervals_of
from tests.pyvtysh.hosting import BIN, Place, Started, gone
from tests.pyvtysh.notified import Notified
from tests.support.wait import until

DAEMONS = """\
bgpd=yes
bfdd=yes
watchfrr_options="--min-restart-interval 1 --max-restart-interval 4 -t 5"
bgpd_options="   -p 0"
frr_profile="datacenter"
"""
CONFIG = """\
ip route 10.9.0.0/16 blackhole
router bgp 65001
 neighbor 10.0.0.1 remote-as 65002
bfd
 peer 10.0.0.1
"""
NAMES = ("zebra", "staticd", "bgpd", "bfdd")


@dataclass
class Supervised:
    place: Place
    router: Started
    manager: Notified

    def pid(self, name: str) -> int:
        return self.place.pid(name)

    def states(self) -> list[list[str]]:
        lines = self.place.vtysh("show watchfrr").splitlines()
        return [line.split() for line in lines if line.startswith("  ")]

    def kill(self, name: str, number: int = signal.SIGKILL) -> int:
        """Send a signal to a daemon and wait for its successor; the new number."""
        before = self.pid(name)
        os.kill(before, number)
        until(lambda: gone(before), 10, f"{name} is gone")
        until(lambda: self.up_again(name, before), 15, f"{name} is up again")
        return self.pid(name)

    def up_again(self, name: str, before: int) -> bool:
        return [name, "Up"] in self.states() and self.pid(name) != before


@pytest.fixture(scope="module")
def supervised(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Supervised]:
    place = Place(tmp_path_factory.mktemp("supervised"))
    (place.config / "daemons").write_text(DAEMONS)
    (place.config / "frr.conf").write_text(CONFIG)
    name = place.folder / "notify"  # abstract names belong to a network namespace
    env = ("env", f"NOTIFY_SOCKET={name}", "WATCHDOG_USEC=500000")
    argv = place.argv("pyvtysh", "--processes")
    with Notified(name) as manager:
        router = Started("pyvtysh", ["unshare", "-n", *env, *argv], place.folder / "out")
        with router:
            try:
                manager.wait_for("READY=1", 30)
                yield Supervised(place, router, manager)
            finally:
                router.stop()


@pytest.mark.real
class TestProcesses:
    def test_all_run_and_have_their_configuration(self, supervised: Supervised) -> None:
        place = supervised.place
        assert place.vtysh("show daemons") == " zebra bgpd watchfrr staticd bfdd\n"
        assert len({supervised.pid(name) for name in (*NAMES, "pyvtysh")}) == 5
        shown = place.vtysh("show running-config")
        assert "frr defaults datacenter\n" in shown
        for line in CONFIG.splitlines():
            assert f"{line}\n" in shown
        assert supervised.states() == [[name, "Up"] for name in NAMES]
        assert "STATUS=zebra up, staticd up, bgpd up, bfdd up" in supervised.manager.heard
        assert f"MAINPID={supervised.pid('pyvtysh')}" in supervised.manager.heard

    def test_it_tells_that_it_is_alive(self, supervised: Supervised) -> None:
        supervised.manager.forget()
        supervised.manager.wait_for("WATCHDOG=1", 5)

    def test_a_dead_daemon_comes_back_with_its_part_of_frr_conf(
        self, supervised: Supervised
    ) -> None:
        others = {name: supervised.pid(name) for name in NAMES if name != "bgpd"}
        supervised.kill("bgpd")
        place = supervised.place
        until(
            lambda: "neighbor 10.0.0.1 remote-as" in place.vtysh("show running-config bgpd"),
            10,
            "bgpd's lines are loaded",
        )
        said = supervised.router.said
        assert "bgpd state -> down : ended by SIGKILL" in said
        assert said.count("bgpd state -> up") == 2
        assert {name: supervised.pid(name) for name in others} == others

    def test_a_daemon_that_hangs_is_ended(self, supervised: Supervised) -> None:
        supervised.kill("bfdd", signal.SIGSTOP)
        assert (
            "bfdd state -> down : no sign of life for 5 seconds, killed" in supervised.router.said
        )

    def test_an_ignored_daemon_stays_down(self, supervised: Supervised) -> None:
        place = supervised.place
        said = place.vtysh("watchfrr ignore staticd")
        assert said == "staticd switching to ignore\n"
        pid = supervised.pid("staticd")
        os.kill(pid, signal.SIGKILL)
        until(lambda: ["staticd", "Down/Ignoring", "Timeout"] in supervised.states(), 10, "down")
        assert place.vtysh("no watchfrr ignore staticd") == "staticd switching to watch\n"

    def test_it_writes_frr_conf_for_vtysh(self, supervised: Supervised) -> None:
        place = supervised.place
        path = place.config / "frr.conf"
        until(lambda: all(state == "Up" for _, state in supervised.states()), 15, "all are up")
        said = until(lambda: place.vtysh("write"), 15, "frr.conf is loaded into all")
        assert said.endswith(
            f"Building Configuration...\nIntegrated configuration saved to {path}\n[OK]\n"
        )
        assert "neighbor 10.0.0.1 remote-as 65002\n" in path.read_text()

    def test_frrs_vtysh_drives_it_as_it_drives_watchfrr(self, supervised: Supervised) -> None:
        place = supervised.place

        def theirs(*commands: str) -> str:
            words = [word for command in commands for word in ("-c", command)]
            folders = ("--vty_socket", place.run, "--config_dir", place.config)
            env = {**os.environ, "VTYSH_HISTFILE": "/dev/null"}
            argv = ["/usr/bin/vtysh", *folders, *words]
            done = subprocess.run(argv, capture_output=True, text=True, timeout=20, env=env)
            assert (done.returncode, done.stderr) == (0, ""), done
            return done.stdout

        assert theirs("show daemons") == " zebra bgpd watchfrr staticd bfdd\n"
        assert theirs("show watchfrr") == place.vtysh("show watchfrr")
        path = place.config / "frr.conf"
        said = f"Building Configuration...\nIntegrated configuration saved to {path}\n[OK]\n"
        assert theirs("conf t", "bfd", "peer 10.0.0.7", "do write integrated") == said
        assert " peer 10.0.0.7\n" in path.read_text()
        assert "not running" not in theirs("show logging")

    def test_a_new_watcher_takes_over_what_a_killed_one_left(self, supervised: Supervised) -> None:
        place, router = supervised.place, supervised.router
        until(lambda: all(state == "Up" for _, state in supervised.states()), 15, "all are up")
        place.vtysh("conf t", "ip route 10.8.0.0/16 blackhole")
        before = {name: supervised.pid(name) for name in NAMES}
        router.process.kill()
        router.process.wait()
        supervised.manager.forget()
        router.again()
        supervised.manager.wait_for("READY=1", 30)
        assert {name: supervised.pid(name) for name in NAMES} == before
        assert router.said.count("it ran already") == len(NAMES)
        assert "ip route 10.8.0.0/16 blackhole" in place.vtysh("show running-config")
        # It watches them: one that dies, and one that hangs.
        assert supervised.kill("bgpd") != before["bgpd"]
        assert "bgpd state -> down : ended" in router.said
        assert supervised.kill("bfdd", signal.SIGSTOP) != before["bfdd"]

    def test_at_the_end_nothing_is_left(self, supervised: Supervised) -> None:
        pids = [supervised.pid(name) for name in NAMES]
        supervised.manager.forget()  # a full queue would keep the last message out
        assert supervised.router.stop() == 0
        supervised.manager.wait_for("STOPPING=1", 5)
        assert all(gone(pid) for pid in pids)
        assert [path.name for path in supervised.place.run.iterdir()] == []


@pytest.mark.real
def test_it_can_be_ended_while_it_loads(tmp_path: Path) -> None:
    place = Place(tmp_path)
    (place.config / "daemons").write_text("bgpd=no\n")
    file = place.config / "frr.conf"
    file.write_text(CONFIG)
    argv = place.argv("pyvtysh", "--processes")
    with (
        file.open() as locked,
        Started("pyvtysh", ["unshare", "-n", *argv], tmp_path / "out") as router,
    ):
        fcntl.flock(locked, fcntl.LOCK_EX)  # `vtysh -b` waits for it, for minutes
        until(lambda: "staticd state -> up" in router.said, 20, "the daemons are up")
        assert router.stop() == 0
        assert "Terminating on signal" in router.said
    assert [path.name for path in place.run.iterdir()] == []


def test_a_daemon_that_cannot_start_is_named(tmp_path: Path) -> None:
    place = Place(tmp_path)
    (place.config / "daemons").write_text('bgpd_options="-M nosuch"\n')
    for mode, failed in ((), ""), (("-d",), "pyvtysh failed to start, exited 1\n"):
        words = ("--processes", "--log", "syslog", *mode)
        done = place.outcome("pyvtysh", *words, prefix=("unshare", "-n"))
        assert done.returncode == 1
        assert "frr_init: loader error: dlopen(nosuch)" in done.stderr
        said = f"pyvtysh: bgpd did not start: ended with status 1\n{failed}"
        assert done.stderr.endswith(said)
        assert [path.name for path in place.run.iterdir()] == []


@pytest.mark.real
def test_process_1_reaps_what_it_inherits_and_ends_in_time(tmp_path: Path) -> None:
    place = Place(tmp_path)
    argv = place.argv("pyvtysh", "--memory", "eth0=10.0.0.1/24", "-p", "0", "--no-shell")
    prefix = ("unshare", "--net", "--pid", "--fork", "--kill-child")
    with Started("pyvtysh", [*prefix, *argv], place.folder / "out") as router:
        until(lambda: place.answers("bgpd"), 20, "it answers")
        unshare = router.process.pid
        children = Path(f"/proc/{unshare}/task/{unshare}/children")
        first = int(children.read_text())
        orphan = "sh -c 'sleep 0.3 & echo started' "
        enter = ["nsenter", "--target", str(first), "--pid", "sh", "-c", f"{orphan}&"]
        subprocess.run(enter, check=True, timeout=10, capture_output=True)
        inherited = Path(f"/proc/{first}/task/{first}/children")
        until(lambda: inherited.read_text() == "", 10, "orphans are reaped")
        os.kill(first, signal.SIGTERM)
        assert router.process.wait(10) == 0


def test_the_words_of_a_daemons_file(tmp_path: Path) -> None:
    text = (
        "bgpd=yes ; bfdd='yes'   # both\n"
        "COMMON='-A 127.0.0.1'\n"
        'frr_global_options="--log-level debug"\n'
        "bgpd_options=\"  $COMMON --log 'file:a b.log' \\\n -p 1790\"\n"
        "zebra_options=-s\\ 90000000\n"
        'frr_profile="datacenter"\nexport MAX_FDS=1024\nvtysh_enable=no\n'
        "what is this\nzebra_options=1 2\n"
    )
    file = read_daemons(tmp_path / "daemons", text)
    assert file.wanted() == ["zebra", "staticd", "bgpd", "bfdd"]
    assert file.words("bgpd") == [
        *("--log-level", "debug", "-F", "datacenter"),
        *("-A", "127.0.0.1", "--log", "file:a b.log", "-p", "1790"),
    ]
    options = file.options("bgpd")
    assert (options.bgp_port, options.log) == (1790, {"file": "a b.log"})
    assert (options.profile, options.vty_address) == ("datacenter", "127.0.0.1")
    assert file.descriptors == 1024
    assert not file.says("vtysh_enable", default=True)
    assert file.says("watchfrr_enable", default=True)
    assert file.bad == (10, 11)


def test_daemons_that_are_not_there_are_named() -> None:
    text = 'bgpd=yes\nospfd=yes\nripd=no\nwatchfrr=yes\nisisd=1\nisisd_options="-A ::1"\n'
    file = read_daemons(Path("daemons"), text)
    assert (file.missing(), file.wanted()) == (["ospfd", "isisd"], ["zebra", "staticd", "bgpd"])


def test_wrong_times_of_watchfrr_are_named(tmp_path: Path) -> None:
    file = read_daemons(tmp_path / "daemons", "watchfrr_options='-t soon'\n")
    with pytest.raises(StartError, match="watchfrr_options: -t soon: not a number of seconds"):
        intervals_of(file)
    file = read_daemons(tmp_path / "daemons", "watchfrr_options='-d -t 30 -T 5 -l 7'\n")
    assert (intervals_of(file).silent, intervals_of(file).stop) == (30, 5)


def test_signs_of_life_are_for_whom_the_manager_names() -> None:
    env = {"NOTIFY_SOCKET": "/run/x", "WATCHDOG_USEC": "3000000"}
    assert Notify(env).watchdog == 1.5
    assert Notify({**env, "WATCHDOG_PID": "1"}).watchdog == 0
    assert Notify({**env, "WATCHDOG_PID": str(os.getpid())}).watchdog == 1.5
    assert Notify({"WATCHDOG_USEC": "3000000"}).watchdog == 0
    Notify(env).ready("nobody listens there")


def test_a_single_daemon_tells_its_manager_too(tmp_path: Path) -> None:
    place = Place(tmp_path)
    with Notified(f"@pv-test-{os.getpid()}") as manager:
        prefix = ("env", f"NOTIFY_SOCKET={manager.address}")
        with place.start("bgpd", "-Z", "-p", "0", prefix=prefix) as bgpd:
            manager.wait_for("READY=1")
            assert bgpd.stop() == 0
            manager.wait_for("STOPPING=1")


def test_the_programs_run_without_their_scripts(tmp_path: Path) -> None:
    argv = [BIN / "python", "-m", "pyvtysh.host", "staticd", "-Q"]
    done = subprocess.run(argv, capture_output=True, text=True, timeout=20)
    assert done.returncode == 1
    assert done.stderr.startswith("staticd: invalid option -- 'Q'\n")


@pytest.mark.real
def test_in_the_background_it_is_usable_when_the_command_returns(tmp_path: Path) -> None:
    place = Place(tmp_path)
    log = tmp_path / "watch.log"
    (place.config / "daemons").write_text("bgpd=no\n")
    done = place.outcome(
        "pyvtysh", "--processes", "-d", "--log", f"file:{log}", prefix=("unshare", "-n")
    )
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")
    pids = {name: place.pid(name) for name in ("pyvtysh", "zebra", "staticd")}
    try:
        assert place.vtysh("show daemons") == " zebra watchfrr staticd\n"
        for name, pid in pids.items():
            own = (0, 1, 2) if name == "pyvtysh" else (0, 1)  # 2: to pyvtysh, which hands it on
            files = {os.readlink(f"/proc/{pid}/fd/{number}") for number in own}
            assert files == {"/dev/null"}
        os.kill(pids["pyvtysh"], signal.SIGHUP)
        until(lambda: "STATIC: [X7F1N-NBX5Z] SIGHUP received" in log.read_text(), 10, "passed on")
    finally:
        os.kill(pids["pyvtysh"], signal.SIGTERM)
        until(lambda: all(gone(pid) for pid in pids.values()), 15, "all end")
    assert "ZEBRA: [XVBTQ-5QTVQ] Terminating on signal" in log.read_text()
