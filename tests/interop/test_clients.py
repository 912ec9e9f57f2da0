"""Programs that talk to FRR, on our router: each answer goes through the program's own rules.

No byte on standard error, status 0, the keys and types that are looked for, and on the sockets the
framing that frr_exporter needs: it reads until the last byte of what it got is a NUL.
"""

import json
import os
import re
import socket
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pexpect  # type: ignore[import-untyped]
import pytest

from tests.interop.clients import COMMANDS, EXPORTER
from tests.interop.dropin import SHELLS, shell_argv
from tests.support.frr import FrrRouter
from tests.support.namespaces import Lab
from tests.support.ours import BIN
from tests.support.router import Router
from tests.support.scenario import KINDS
from tests.support.wait import until

pytestmark = pytest.mark.real

TOP = """\
frr version 8.4.4
frr defaults traditional
hostname r
service integrated-vtysh-config
!
"""
BGP = """\
router bgp 65001
 bgp router-id 10.0.0.1
 no bgp ebgp-requires-policy
 neighbor G peer-group
 neighbor 10.0.0.2 remote-as 65002
 neighbor 10.0.0.2 timers connect 1
exit
!
"""
BFD = """\
bfd
 peer 10.0.0.2
 exit
exit
"""
CONFIG = TOP + BGP + BFD
PEER = """\
router bgp 65002
 no bgp ebgp-requires-policy
 no bgp network import-check
 neighbor 10.0.0.1 remote-as 65001
 neighbor 10.0.0.1 passive
 address-family ipv4 unicast
  network 172.30.0.0/24
 exit-address-family
"""
DAEMONS = "bgpd=yes\nbfdd=yes\nvtysh_enable=yes\n"
BUNDLE = Path("/etc/frr/support_bundle_commands.conf")
OTHERS = re.compile(r"ospf|pim|igmp|multicast|mroute")
PROMPT = re.compile(r"[\r\n]?[\w\+\-\.:\/\[\]]+(?:\([^\)]+\)){0,3}(?:[>#]) ?$")
"""What frr.frr's terminal plug-in for Ansible takes for a prompt."""
LINES = (
    *("terminal length 0", "show interface lo", "configure terminal", "router bgp 65001"),
    *("address-family ipv4 unicast", "end", "show daemons"),
)


def build(kind: str, lab: Lab) -> Router:
    """The router with all its daemons, and a session with FRR."""
    node, peer = lab.namespace("r"), lab.namespace("p")
    lab.link(node, "eth0", peer, "eth0")
    node.ip("address", "add", "10.0.0.1/24", "dev", "eth0")
    peer.ip("address", "add", "10.0.0.2/24", "dev", "eth0")
    FrrRouter(peer, {"bgpd.conf": PEER}).start("zebra", "bgpd")
    files = {"zebra.conf": "hostname r\n", "bgpd.conf": BGP, "bfdd.conf": BFD}
    if kind == "embedded":
        files = {"daemons": DAEMONS, "frr.conf": CONFIG}
    router = KINDS[kind](node, files)
    router.start("zebra", "staticd", "bgpd", "bfdd")
    until(lambda: "172.30.0.0/24" in router.show("show ip route bgp"), 20, "the route of FRR")
    return router


@pytest.fixture(scope="module", params=["ours", "embedded"])
def router(request: pytest.FixtureRequest) -> Iterator[Router]:
    with Lab() as lab:
        yield build(request.param, lab)


def ask(router: Router, shell: str, *commands: str) -> subprocess.CompletedProcess[str]:
    words = [word for command in commands for word in ("-c", command)]
    return router.namespace.run([*shell_argv(shell, router), *words], check=False)


@pytest.mark.parametrize("shell", SHELLS)
def test_every_command_is_answered_and_nothing_is_on_standard_error(
    router: Router, shell: str
) -> None:
    for asked in COMMANDS:
        done = ask(router, shell, asked.command)
        assert (done.stderr, done.returncode) == ("", 0), asked
        asked.check(done.stdout)


def read_as_exporter(router: Router, daemon: str, command: str) -> str:
    """frr_exporter's way: no `enable`, and the answer ends where a read ends with a NUL."""
    with socket.socket(socket.AF_UNIX) as client:
        client.settimeout(10)
        client.connect(str(router.run / f"{daemon}.vty"))
        answers = []
        for line in ("enable", command):
            client.sendall(line.encode() + b"\0")
            data = b""
            while not data.endswith(b"\0"):
                piece = client.recv(4096)
                assert piece, command
                data += piece
            answers.append(data.rstrip(b"\0").decode())
        return answers[1]


def test_the_exporter_reads_its_sockets(router: Router) -> None:
    for daemon, asked in EXPORTER:
        asked.check(read_as_exporter(router, daemon, asked.command))
    for daemon in ("ospfd", "pimd", "vrrpd"):
        assert not (router.run / f"{daemon}.vty").exists()


@pytest.mark.parametrize("shell", SHELLS)
def test_the_support_bundle_can_be_collected(router: Router, shell: str) -> None:
    lines = [line.strip() for line in BUNDLE.read_text().splitlines()]
    commands = [line for line in lines if line.startswith("show ") and not OTHERS.search(line)]
    assert len(commands) > 50
    # vtysh stops at the first line that fails.
    done = ask(router, shell, *commands)
    assert (done.stderr, done.returncode) == ("", 0), done.stdout[-500:]
    assert "Unknown command" not in done.stdout


def test_metallb_finds_the_daemons_and_reloads(router: Router) -> None:
    watched = "watchfrr " if router.kind == "embedded" else ""
    assert router.show("show daemons") == f" zebra bgpd {watched}staticd bfdd\n"
    line = " neighbor 10.0.0.2 description metal\n"
    wanted = router.write(
        "frr.conf", CONFIG.replace(" neighbor 10.0.0.2 timers", f"{line} neighbor 10.0.0.2 timers")
    )
    places: list[str | Path] = [
        *("--bindir", BIN, "--confdir", router.config),
        *("--rundir", router.run, "--vty_socket", router.run),
    ]
    reload: list[str | Path] = ["/usr/lib/frr/frr-reload.py", *places, "--stdout"]
    for mode in (("--test",), ("--reload", "--overwrite")):
        router.namespace.run([*reload, *mode, wanted], timeout=60)
    assert line in router.show("show running-config")
    assert line in wanted.read_text()


def test_the_kernel_shows_routes_as_suzieq_reads_them(router: Router) -> None:
    listed = router.namespace.ip("route", "show", "table", "all")
    assert re.search(r"^172\.30\.0\.0/24 .*via 10\.0\.0\.2 .*proto bgp metric 20", listed, re.M)


def test_netlab_pushes_a_script_and_clears_sessions(router: Router) -> None:
    script = router.write("module.cfg", f"#!{BIN / 'vtysh'} -f\nip prefix-list NL permit any\n")
    for words in (("-f", script), ("-c", "write"), ("-c", "clear bgp *")):
        done = router.vtysh_run(*words)
        assert (done.stderr, done.exit) == ("", 0), words
    assert "ip prefix-list NL seq 5 permit any" in router.show("show running-config")
    state = json.loads(router.show("show bgp neighbors 10.0.0.2 json"))["10.0.0.2"]
    assert state["connectionsDropped"] == 1


def test_a_program_on_a_terminal_reads_no_control_sequences(router: Router) -> None:
    """As Ansible and netmiko drive it: a `vt100`, and the prompt last in what was read."""
    heard = []
    for shell in SHELLS:
        argv = router.namespace.argv(shell_argv(shell, router))
        heard.append(converse(argv))
    assert heard[1] == heard[0]
    assert "\x1b" not in heard[1]


def converse(argv: list[str]) -> str:
    """All that is read of a dialogue in which each line follows a prompt."""
    env = {**os.environ, "TERM": "vt100"}
    child: Any = pexpect.spawn(argv[0], argv[1:], env=env, timeout=10, encoding="utf-8")
    heard = ""
    try:
        for line in LINES:
            child.expect(PROMPT)
            heard += child.before + child.after
            child.sendline(line)
        child.expect(PROMPT)
        return f"{heard}{child.before}{child.after}"
    finally:
        child.close(force=True)


def test_a_simple_terminal_has_help_and_completion(router: Router) -> None:
    argv = router.namespace.argv(shell_argv("ours", router))
    env = {**os.environ, "TERM": "vt100"}
    child: Any = pexpect.spawn(argv[0], argv[1:], env=env, timeout=10, encoding="utf-8")
    try:
        child.expect_exact("r# ")
        child.send("show ip bgp su\t")
        child.expect_exact("show ip bgp summary ")
        child.send("?")
        child.expect_exact("<cr>")
        child.expect_exact("r# show ip bgp summary ")
        child.send("\r")
        child.expect_exact("BGP router identifier")
        child.expect_exact("r# ")
        child.send("show b\t")
        child.expect_exact("bfd\r\nbgp\r\nr# show b")
    finally:
        child.close(force=True)
