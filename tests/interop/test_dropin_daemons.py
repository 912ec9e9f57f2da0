"""FRR's own vtysh on our daemons, beside the same vtysh on FRR's: it must not notice."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

import pytest

from tests.interop.dropin import run, shell_argv, typed, with_eth0
from tests.support.golden import assert_same
from tests.support.namespaces import Lab
from tests.support.router import Router
from tests.support.scenario import KINDS, UNDER_TEST
from tests.support.terminal import Terminal
from tests.support.wait import until

pytestmark = pytest.mark.real

CONF, BGP, ETH0 = "configure terminal", "router bgp 65001", "interface eth0"
FAMILY = "address-family ipv4 unicast"
TYPED: tuple[tuple[str, ...], ...] = (
    ("show daemons", "show version", "show logging", "show debugging", "show error 1"),
    ("show running-config", "show running-config zebra", "write terminal bgpd no-header"),
    ("show ip route", "show ip route json", "show ip route summary"),
    ("show interface brief", "show interface description", "show vrf", "show router-id"),
    ("show ip bgp", "show bgp summary json", "show bgp neighbors json", "show bgp vrfs"),
    ("show ip bgp foo",),
    ("show ip",),
    ("who",),
    ("show work-queues staticd", "show modules"),
    (CONF, "foo"),
    (CONF, ETH0, "description abc", "no description", "foo"),
    (CONF, ETH0, "shutdown", "no shutdown", "exit", "exit", "show running-config"),
    (CONF, ETH0, "ip address 10.0.9.1/24", "do show running-config", "no ip address 10.0.9.1/24"),
    (CONF, "no interface eth0"),
    (CONF, "interface none", "description x", "exit", "no interface none", "end"),
    (CONF, "vrf red", "vni 5", "exit-vrf", "do show vrf", "do show running-config", "no vrf red"),
    (CONF, "vrf red", "ip route 10.9.0.0/16 blackhole", "end", "show running-config"),
    (CONF, "vrf red", "no ip route 10.9.0.0/16 blackhole", "exit", "no vrf red"),
    (CONF, "ip route 10.50.0.0/16 10.0.0.77", "ip route 10.51.0.0/16 eth0", "do show run"),
    (CONF, "no ip route 10.50.0.0/16 10.0.0.77", "no ip route 10.51.0.0/16 eth0"),
    (CONF, "ip route 10.50.0.0 10.0.0.77"),
    (CONF, "password x", "enable password y", "do show running-config", "no password"),
    (CONF, "no enable password", "service password-encryption", "no service password-encryption"),
    (CONF, "log syslog", "log stdout", "do show logging", "no log syslog", "no log stdout"),
    (CONF, "log timestamp precision 3", "log record-priority", "end", "show running-config"),
    (CONF, "no log timestamp precision", "no log record-priority", "line vty", "exec-timeout 3 0"),
    (CONF, "line vty", "no exec-timeout", "exit", "hostname abc", "do show version"),
    (CONF, "debug bgp updates", "debug zebra rib", "do show debugging", "do show running-config"),
    (CONF, "no debug bgp updates", "no debug zebra rib", "end", "show debugging"),
    (CONF, BGP, "neighbor 10.0.0.2 remote-as 65002", "neighbor 10.0.0.2 description x"),
    (CONF, BGP, FAMILY, "network 10.0.0.0/24", "exit-address-family", "do show running-config"),
    (CONF, "router bgp 65002"),
    (CONF, BGP, "foo"),
    (CONF, BGP, FAMILY, "foo", "ip route 10.0.0.0/8 Null0"),
    (CONF, BGP, ETH0, "exit", "exit", "exit"),
    (CONF, BGP, FAMILY, "ip forwarding", "no ip forwarding", "end", "disable", "show ip bgp"),
    (CONF, BGP, "do show ip bgp 10.0.0.0/24", "do show bgp summary", "rpki"),
    (CONF, "router ospf", "foo"),
    (CONF, "no router bgp 65001", "no router bgp 65001"),
    ("terminal length 0", "clear bgp *", "show ip bgp summary | include BGP"),
)
FRR_CONF = """\
frr version 8.4.4
frr defaults traditional
hostname HOSTNAME
log syslog informational
service integrated-vtysh-config
!
vrf red
 ip route 10.8.0.0/16 blackhole
exit-vrf
!
interface eth0
 description uplink
exit
!
router bgp 65001
 bgp router-id 1.1.1.1
 no bgp ebgp-requires-policy
 neighbor 10.0.0.2 remote-as 65002
 !
 address-family ipv4 unicast
  network 10.0.0.0/24
 exit-address-family
exit
!
ip route 192.0.2.0/24 Null0
foo bar
router bgp 65001
 foo
 neighbor 10.0.0.3 timers 5
 neighbor 10.0.0.3 timers connect 5
!
line vty
 exec-timeout 5 0
exit
!
end
"""


def started(lab: Lab, kind: str) -> Router:
    """The daemons of one kind on a node that is called as those of the other kinds."""
    router = KINDS[kind](with_eth0(lab, "model"))
    router.start()
    # Only then has pyvtysh, which reads frr.conf itself, looked for it.
    until(lambda: "static" in router.show("show zebra client summary"), 10, "staticd at zebra")
    return router


Pair = tuple[Router, Router]
"""A new router of FRR's daemons and one of ours."""


@pytest.fixture(scope="module", params=UNDER_TEST[:1])
def pair(request: pytest.FixtureRequest) -> Iterator[Pair]:
    with Lab() as theirs, Lab() as ours:
        yield started(theirs, "frr"), started(ours, request.param)


@pytest.fixture(scope="module", params=UNDER_TEST[1:])
def other_pair(request: pytest.FixtureRequest) -> Iterator[Pair]:
    """The same for the router in one process, whose language is the same."""
    with Lab() as theirs, Lab() as ours:
        yield started(theirs, "frr"), started(ours, request.param)


@pytest.mark.parametrize("lines", TYPED, ids=lambda lines: " / ".join(lines)[:60])
def test_frrs_vtysh_gets_the_same_answers(pair: Pair, lines: tuple[str, ...]) -> None:
    compare(pair, lines)


def compare(pair: Pair, lines: tuple[str, ...]) -> None:
    """The same vtysh, once on FRR's daemons and once on ours."""
    theirs, ours = (typed("frr", router, lines) for router in pair)
    assert_same(ours, theirs, " / ".join(lines), names=("frr", pair[1].kind))


def boot_and_write(kind: str) -> str:
    """FRR's `vtysh -b`, `show running-config` and `write` in both forms; what the files hold."""
    with Lab() as lab:
        router = started(lab, kind)
        router.write("frr.conf", FRR_CONF)
        told = [run("frr", router, "-b"), run("frr", router, "-c", "show running-config")]
        told += [run("frr", router, "-c", "write"), (router.config / "frr.conf").read_text()]
        for daemon in ("zebra", "bgpd", "staticd"):
            router.write(f"{daemon}.conf", "")
        more = router.write("more.conf", "router bgp 65001\n neighbor 10.0.0.4 remote-as 4\n zz\n")
        told.append(run("frr", router, "-f", more))
        told.append(run("frr", router, stdin="conf t\nrouter bgp 65001\nend\nshow ip bgp\n"))
        told.append(run("frr", router, "-c", "show running-config bgpd"))
        return "\n".join(told)


def test_frrs_vtysh_loads_and_writes() -> None:
    with ThreadPoolExecutor() as pool:  # most of it is waiting: for starts, for files on the disk
        theirs, *told = pool.map(boot_and_write, ("frr", *UNDER_TEST))
    for kind, ours in zip(UNDER_TEST, told, strict=True):
        assert_same(ours, theirs, "-b, show, write", names=("frr", kind))


@pytest.mark.parametrize("lines", TYPED[::4], ids=lambda lines: " / ".join(lines)[:60])
def test_one_process_answers_as_several(other_pair: Pair, lines: tuple[str, ...]) -> None:
    compare(other_pair, lines)


def test_tab_of_frrs_vtysh_offers_what_our_daemons_know(pair: Pair) -> None:
    theirs, ours = (tabs(router) for router in pair)
    assert ours == theirs


def tabs(router: Router) -> list[str]:
    """What FRR's vtysh shows on a terminal when Tab is pressed where a value stands."""
    config = (CONF, BGP, "bgp router-id 1.1.1.1", "neighbor 10.0.0.2 remote-as 65002")
    typed("frr", router, (*config, "neighbor 2001:db8::2 remote-as 65002"))
    argv = router.namespace.argv(shell_argv("frr", router))
    with Terminal(argv, rows=60) as terminal:
        terminal.wait_prompt("model# ")
        for line in ("show interface ", "show bgp neighbors "):
            tab(terminal, line)
        terminal.enter("conf t")
        terminal.wait_prompt("model(config)# ")
        terminal.enter(BGP)
        terminal.wait_prompt("model(config-router)# ")
        tab(terminal, "no neighbor ")
        return terminal.lines()


def tab(terminal: Terminal, line: str) -> None:
    """Type a line, press Tab twice, and clear it."""
    terminal.type(line)
    terminal.press("tab", "tab")
    terminal.settle()
    terminal.press("^C")
    terminal.settle()
