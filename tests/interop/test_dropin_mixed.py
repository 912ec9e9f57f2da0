"""Routers of FRR's and our daemons under both shells, and two shells that configure at once."""

import fcntl
import os
from collections.abc import Iterator

import pytest

from tests.interop.dropin import SHELLS, run, shell_argv, typed, with_eth0
from tests.support.golden import assert_same
from tests.support.mixed import MixedRouter
from tests.support.namespaces import Lab
from tests.support.router import Router
from tests.support.scenario import KINDS
from tests.support.terminal import Terminal
from tests.support.wait import until

pytestmark = pytest.mark.real

CONF, BGP, GONE = (
    "configure terminal",
    "router bgp 65001",
    "Current configuration object was deleted by another process.",
)
LINES: tuple[tuple[str, ...], ...] = (
    (CONF, "interface eth0", "description x", "exit", "vrf red", "exit-vrf", "no vrf red"),
    (CONF, "ip route 10.5.0.0/16 10.0.0.7", BGP, "neighbor 10.0.0.2 remote-as 65002", "end"),
    (CONF, BGP, "address-family ipv4 unicast", "redistribute static", "network 10.0.0.0/24"),
    (CONF, "route-map M permit 10", "set metric 5", "end", "show ip route static", "show vrf"),
    (CONF, "log syslog", "do show logging", "no log syslog", "line vty", "exec-timeout 3 0"),
    (CONF, "debug bgp updates", "debug zebra rib", "do show debugging", "no debug bgp updates"),
    (CONF, "no debug zebra rib", "do show debugging", "foo"),
    ("show running-config", "show daemons", "show foo"),
)


@pytest.fixture(scope="module", params=["bgpd", "zebra,staticd"])
def mixed(request: pytest.FixtureRequest) -> Iterator[Router]:
    """FRR's daemons but for those named, which are ours."""
    with Lab() as lab:
        router = MixedRouter(with_eth0(lab, "mixed"), ours=request.param.split(","))
        router.start()
        yield router


@pytest.mark.parametrize("lines", LINES, ids=lambda lines: " / ".join(lines)[:60])
def test_both_shells_drive_mixed_daemons(mixed: Router, lines: tuple[str, ...]) -> None:
    typed("frr", mixed, lines)  # once before, so that both meet the same state
    theirs, ours = (typed(shell, mixed, lines) for shell in SHELLS)
    assert_same(ours, theirs, " / ".join(lines), names=("frr", "ours"))


def test_static_routes_reach_bgp_across_the_seam(mixed: Router) -> None:
    until(lambda: "10.5.0.0/16" in mixed.show("show ip bgp"), 15, "the static route in BGP")


def at_once(router: Router) -> list[str]:
    """Two FRR shells in the same block; what the first sees when the second removes it."""
    argv = router.namespace.argv(shell_argv("frr", router))
    inside = ("neighbor 10.0.0.4 remote-as 4", "config-router")
    with Terminal(argv) as one, Terminal(argv) as other:
        for terminal in (one, other):  # what is typed earlier is echoed ahead of the prompt
            terminal.wait_prompt("model# ")
        for terminal, line, node in (
            (one, "conf t", "config"),
            (other, "conf t", "config"),
            (one, BGP, "config-router"),
            (other, BGP, "config-router"),
            (one, "neighbor 10.0.0.2 remote-as 2", "config-router"),
            (other, "neighbor 10.0.0.3 remote-as 3", "config-router"),
            (other, "exit", "config"),
            (one, "do show running-config bgpd no-header", "config-router"),
            (other, "no router bgp 65001", "config"),
            (one, *inside),
            (one, "exit", "config"),
            (one, BGP, "config-router"),
            (one, *inside),
            (one, "do show running-config bgpd no-header", "config-router"),
        ):
            before = terminal.text().count(f"# {line}")
            terminal.enter(line)
            until(lambda t=terminal, n=before, x=line: t.text().count(f"# {x}") > n, 10, line)  # type: ignore[misc]
            terminal.wait_prompt(f"model({node})# ")
        return one.lines()


@pytest.fixture(scope="module")
def frr() -> Iterator[Router]:
    with Lab() as lab:
        yield started(lab, "frr")


@pytest.fixture(scope="module")
def router() -> Iterator[Router]:
    with Lab() as lab:
        yield started(lab, "ours")


def started(lab: Lab, kind: str) -> Router:
    """zebra and bgpd of one kind, on a node that is called the same for each."""
    made = KINDS[kind](with_eth0(lab, "model"))
    made.start("zebra", "bgpd")
    return made


def test_two_shells_configure_at_once_as_with_frr(router: Router, frr: Router) -> None:
    theirs, ours = at_once(frr), at_once(router)
    assert ours == theirs
    assert GONE in theirs


@pytest.mark.parametrize("shell", SHELLS)
def test_a_file_is_loaded_by_one_shell_at_a_time(router: Router, shell: str) -> None:
    path = router.write("lines.conf", "router bgp 65001\n neighbor 10.0.0.9 remote-as 9\n")
    argv = [*shell_argv(shell, router), "-f", path]
    holder = os.open(path, os.O_RDONLY)
    fcntl.flock(holder, fcntl.LOCK_EX)
    waiting = router.namespace.spawn(argv, log="waiting.out")
    until(lambda: waits_for(waiting.pid), 10, "the shell waits for the lock")
    assert "10.0.0.9" not in run("frr", router, "-c", "show running-config")
    os.close(holder)
    assert waiting.popen.wait(10) == 0, waiting.output()
    assert "10.0.0.9" in run("frr", router, "-c", "show running-config")
    typed("frr", router, ("configure terminal", BGP, "no neighbor 10.0.0.9"))


def waits_for(pid: int) -> bool:
    """Whether the process has opened the file and sleeps between two tries to lock it."""
    opened = [os.readlink(f"/proc/{pid}/fd/{fd}") for fd in os.listdir(f"/proc/{pid}/fd")]
    assert any(path.endswith("/lines.conf") for path in opened), opened
    with open(f"/proc/{pid}/wchan", encoding="ascii") as file:
        return "nanosleep" in file.read()
