"""`pyvtysh`: the whole router in one process, in memory and without rights."""

import os
import signal
import sys
from pathlib import Path

import pexpect
import pytest

from pyvtysh.host.daemonsfile import daemons_file
from tests.pyvtysh.hosting import NOBODY, Place, Started, gone, public_place
from tests.support.wait import until

GUIDE = """\
router bgp 65001
neighbor 192.168.122.102 remote-as 64512
no bgp ebgp-requires-policy
debug zebra rib
debug bgp updates in
ip route 10.9.0.0/16 192.168.122.50
"""


@pytest.fixture
def place(tmp_path: Path) -> Place:
    return Place(tmp_path)


def memory(place: Place) -> tuple[str | Path, ...]:
    return ("--memory", "virbr0=192.168.122.1/24", "--wire", place.folder / "wire")


def test_one_process_serves_all_three(place: Place) -> None:
    (place.config / "bgpd.conf").write_text(GUIDE)
    with place.start("pyvtysh", *memory(place), "--no-shell") as router:
        assert place.vtysh("show daemons") == " zebra bgpd staticd\n"
        for daemon in ("zebra", "staticd", "bgpd", "pyvtysh"):
            assert place.pid(daemon) == router.process.pid
        shown = place.vtysh("show running-config")
        for line in GUIDE.splitlines():
            assert f"{line}\n" in shown
        routes = place.vtysh("show ip route")
        assert "C>* 192.168.122.0/24 is directly connected, virbr0," in routes
        assert "S>* 10.9.0.0/16 [1/0] via 192.168.122.50, virbr0," in routes
        assert router.stop() == 0
        assert router.said == ""
    assert [path.name for path in place.run.iterdir()] == []


def test_lines_of_another_daemon_are_still_bad_when_nobody_knows_them(place: Place) -> None:
    path = place.config / "staticd.conf"
    path.write_text("ip route 10.9.0.0/16 blackhole\nfoo\n")
    with place.start("pyvtysh", *memory(place), "--no-shell") as router:
        assert "ip route 10.9.0.0/16 blackhole\n" in place.vtysh("show running-config")
        assert router.stop() == 0
        assert router.said == f"staticd: {path}, line 2: unknown command: foo\n"


def test_staticd_without_a_file_reads_zebras(place: Place) -> None:
    (place.config / "zebra.conf").write_text("ip route 10.9.0.0/16 blackhole\nip forwarding\n")
    with place.start("pyvtysh", *memory(place), "--no-shell") as router:
        assert "ip route 10.9.0.0/16 blackhole\n" in place.vtysh("show running-config")
        assert "IP forwarding is on" in place.vtysh("show ip forwarding")
        assert router.stop() == 0
        assert router.said == ""


def test_the_daemons_file_says_which(tmp_path: Path) -> None:
    assert daemons_file(str(tmp_path)).wanted() == ["zebra", "staticd", "bgpd"]
    file = tmp_path / "daemons"
    file.write_text('# bgpd=yes\nzebra=no\nbgpd=no   # not today\nbgpd_options="-A 127.0.0.1"\n')
    assert daemons_file(str(tmp_path)).wanted() == ["zebra", "staticd"]
    file.write_text('bgpd="yes"\n')
    assert daemons_file(str(tmp_path)).wanted() == ["zebra", "staticd", "bgpd"]


def test_a_daemons_file_of_garbage_is_told(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "daemons").write_bytes(b"# of mine\n\xff\x00\x01 = b\nwhat\nbgpd=no\n")
    assert daemons_file(str(tmp_path)).wanted() == ["zebra", "staticd"]
    assert capsys.readouterr().err == (
        f"pyvtysh: {tmp_path}/daemons, line 2: neither NAME=VALUE nor a comment\n"
    )


def test_a_missing_folder_is_named(place: Place) -> None:
    refused = place.outcome("pyvtysh", "--config_dir", "/nonexistent", "--no-shell")
    assert (refused.returncode, refused.stderr) == (
        1,
        "pyvtysh: there is no configuration folder /nonexistent\n",
    )


def test_a_running_router_follows_its_file(place: Place, tmp_path: Path) -> None:
    file = tmp_path / "interfaces"
    file.write_text("interface eth0\n address 10.0.0.1/24\n")
    (place.config / "staticd.conf").write_text("ip route 10.9.0.0/16 10.0.0.9\n")
    with place.start("pyvtysh", "--memory", file, "--no-shell") as router:
        until(lambda: "S>* 10.9.0.0/16" in place.vtysh("show ip route"), 10, "the static route")
        file.write_text(
            "interface eth0\n address 10.0.0.1/24\n no carrier\n"
            "interface eth1\n address 10.1.0.1/24\nroute 10.8.0.0/16 via 10.1.0.9 proto dhcp\n"
        )
        os.kill(router.process.pid, signal.SIGHUP)
        until(lambda: "K>* 10.8.0.0/16" in place.vtysh("show ip route"), 10, "the new route")
        shown = place.vtysh("show ip route")
        assert "C>* 10.1.0.0/24 is directly connected, eth1," in shown
        assert "10.0.0.0/24" not in shown
        assert "S>*" not in shown
        file.write_text("interface eth0\n adress 10.0.0.1/24\n")
        os.kill(router.process.pid, signal.SIGHUP)
        said = f"pyvtysh: {file}, line 2: not understood: adress 10.0.0.1/24\n"
        until(lambda: said in router.said, 10, "what is wrong")
        assert "K>* 10.8.0.0/16" in place.vtysh("show ip route")
        assert router.stop() == 0
    outcome = place.outcome("pyvtysh", "--memory", file, "--no-shell")
    assert (outcome.returncode, outcome.stderr) == (1, said)


def test_it_is_usable_when_d_returns_and_starts_once(place: Place) -> None:
    done = place.outcome("pyvtysh", *memory(place), "-d")
    assert (done.returncode, done.stderr) == (0, "")
    pid = place.pid("pyvtysh")
    try:
        assert "frr version" in place.vtysh("show running-config")
        again = place.outcome("pyvtysh", *memory(place), "-d")
        assert again.returncode == 1
        assert again.stderr.startswith(f"pyvtysh: Could not lock pid_file {place.run}/pyvtysh.pid")
        alone = place.outcome("bgpd", "-Z", "-p", "0")
        assert alone.returncode == 1
        assert f"Could not lock pid_file {place.run}/bgpd.pid" in alone.stderr
    finally:
        os.kill(pid, signal.SIGTERM)
        until(lambda: gone(pid), 10, "the router ends")


def test_on_a_terminal_the_shell_is_there_and_its_end_is_the_routers(place: Place) -> None:
    words = [str(word) for word in place.argv("pyvtysh", *memory(place))]
    child = pexpect.spawn(
        words[0],
        words[1:],
        encoding="utf-8",
        timeout=20,
        dimensions=(40, 120),
        env={**os.environ, "TERM": "xterm", "VTYSH_HISTFILE": "/dev/null"},
    )
    try:
        child.expect("Hello, this is FRRouting")
        until(lambda: place.answers("bgpd"), 10, "sockets answer")
        child.expect("#")
        child.send("show ip forwarding\r")
        child.expect("IP forwarding is off")
        child.send("exit\r")
        child.expect(pexpect.EOF)
        child.wait()
        assert child.exitstatus == 0
    finally:
        child.close(force=True)
    assert not (place.run / "pyvtysh.pid").exists()


@pytest.mark.real
def test_without_rights_it_says_so_once_and_works() -> None:
    prefix = ("unshare", "-n", *NOBODY)
    with public_place() as place:
        (place.config / "bgpd.conf").write_text("router bgp 65001\n")
        with place.start("pyvtysh", "--no-shell", prefix=prefix) as router:
            assert "router bgp 65001" in place.vtysh("show running-config")
            assert router.stop() == 0
            assert router.said == (
                "pyvtysh: without the rights of root routes stay in memory and do not reach the"
                " kernel, BGP listens on port 1790 instead of 179.\n"
            )
        refused = place.outcome("pyvtysh", "-p", "179", "--no-shell", prefix=prefix)
    assert refused.returncode == 1
    assert refused.stderr == (
        "pyvtysh: cannot listen for BGP on 0.0.0.0 port 179: Permission denied\n"
    )


def test_the_module_is_the_shell() -> None:
    """What the router starts on a terminal."""
    assert Path(sys.executable).exists()
    from pyvtysh import __main__ as shell

    assert shell.main.__module__ == "pyvtysh.cli"


INTEGRATED = """\
frr version 8.4.4
frr defaults traditional
hostname leaf
service integrated-vtysh-config
!
debug zebra rib
debug bgp updates in
!
ip route 10.9.0.0/16 192.168.122.50
foo
!
interface virbr0
 description uplink
exit
!
router bgp 65001
 bgp router-id 192.168.122.1
 neighbor 192.168.122.102 remote-as 64512
 neighbor 192.168.122.9 timers 3 9
 !
 address-family ipv4 unicast
  neighbor 192.168.122.102 next-hop-self
 exit-address-family
exit
!
line vty
!
"""
UNPRINTED = {3, 4, 26}  # vtysh's own lines, and a node that holds none
BAD = {
    10: "unknown command: foo",
    19: "Specify remote-as or peer-group commands first: neighbor 192.168.122.9 timers 3 9",
}


def test_frr_conf_is_loaded_into_all_of_them(place: Place) -> None:
    path = place.config / "frr.conf"
    path.write_text(INTEGRATED)
    (place.config / "bgpd.conf").write_text("router bgp 65999\n")
    with place.start("pyvtysh", *memory(place), "--no-shell") as router:
        shown = place.vtysh("show running-config").splitlines()
        for number, line in enumerate(INTEGRATED.splitlines(), 1):
            assert (line in shown) is (number not in UNPRINTED | BAD.keys()), line
        routes = place.vtysh("show ip route")
        assert "S>* 10.9.0.0/16 [1/0] via 192.168.122.50, virbr0," in routes
        assert router.stop() == 0
        said = "".join(f"pyvtysh: {path}, line {at}: {why}\n" for at, why in BAD.items())
        assert router.said == said


def test_lines_of_frr_conf_for_a_daemon_that_does_not_run(place: Place) -> None:
    (place.config / "daemons").write_text("bgpd=no\n")
    (place.config / "frr.conf").write_text("ip route 10.9.0.0/16 blackhole\nrouter bgp 65001\n")
    with Started(
        "pyvtysh", place.argv("pyvtysh", *memory(place), "--no-shell"), place.folder / "out"
    ) as router:
        until(lambda: place.answers("zebra"), 20, "zebra answers")
        assert "ip route 10.9.0.0/16 blackhole\n" in place.vtysh("show running-config")
        assert router.stop() == 0
        assert router.said == ""  # as `vtysh -b` passes over whom it does not find


def test_with_a_daemons_file_it_is_watchfrr_and_bfdd_too(place: Place) -> None:
    (place.config / "daemons").write_text("bgpd=yes\nbfdd=yes\nbgpd_options='-p 0'\n")
    path = place.config / "frr.conf"
    path.write_text("bfd\n peer 10.0.0.1\n")
    with place.start("pyvtysh", *memory(place), "--no-shell") as router:
        assert place.vtysh("show daemons") == " zebra bgpd watchfrr staticd bfdd\n"
        states = place.vtysh("show watchfrr").splitlines()
        assert [line.split() for line in states if line.startswith("  ")] == [
            [name, "Up"] for name in ("zebra", "staticd", "bgpd", "bfdd")
        ]
        assert "\n peer 10.0.0.1\n" in place.vtysh("show running-config")
        said = place.vtysh("conf t", "router bgp 65001", "do write")
        assert f"Integrated configuration saved to {path}\n[OK]\n" in said
        assert "router bgp 65001\nexit\n" in path.read_text()
        assert router.stop() == 0
        assert router.said == ""
    assert [file.name for file in place.run.iterdir()] == []


def test_write_without_frr_conf_makes_a_file_for_each(place: Place) -> None:
    (place.config / "daemons").write_text("bgpd=yes\nbgpd_options='-p 0'\n")
    with place.start("pyvtysh", *memory(place), "--no-shell"):
        said = place.vtysh("write")
    names = ("zebra.conf", "bgpd.conf", "staticd.conf")
    head = "Note: this version of vtysh never writes vtysh.conf\nBuilding Configuration...\n"
    assert said == head + "".join(
        f"Configuration saved to {place.config / name}\n" for name in names
    )
    assert {file.name for file in place.config.iterdir()} == {"daemons", "vtysh.conf", *names}


def test_wrong_options_in_the_daemons_file_are_named(place: Place) -> None:
    path = place.config / "daemons"
    path.write_text("bgpd_options='-p 0 -Q'\n")
    done = place.outcome("pyvtysh", *memory(place), "--no-shell")
    assert done.returncode == 1
    assert done.stderr == f"pyvtysh: {path}: bgpd_options: bgpd: invalid option -- 'Q'\n"
