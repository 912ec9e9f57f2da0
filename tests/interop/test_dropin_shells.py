"""Our vtysh on FRR's daemons beside FRR's own: the same text, prompts, errors and exit status."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.interop.dropin import OURS, SHELLS, frr_with_ospf, run, shell_argv, typed
from tests.support.frr import FrrRouter
from tests.support.golden import assert_same
from tests.support.namespaces import Lab
from tests.support.terminal import Terminal

pytestmark = pytest.mark.real

CONF, OSPF, BGP = "configure terminal", "router ospf", "router bgp 65001"
TYPED: tuple[tuple[str, ...], ...] = (
    # exec lines of daemons that have no language here, and lines that nobody knows
    ("show ip ospf neighbor", "show ip ospf interface", "show ip rip"),
    ("show ip route rip", "show evpn vni", "show bgp l2vpn evpn summary json"),
    ("show ip ospf | include Router",),
    ("show foo",),
    ("show ip",),
    ("show mpls ldp neighbor",),
    ("show bfd peers",),
    ("show watchfrr",),
    ("who",),
    ("echo x",),
    ("terminal length 5",),
    ("show yang module ospfd",),
    ("show error 1",),
    ("show daemons",),
    # blocks of daemons that have no language here
    (CONF, OSPF, "router-id 1.1.1.1", "network 10.0.0.0/8 area 0", "exit", "no ip forwarding"),
    (CONF, OSPF, "passive-interface eth0", "do show ip ospf", "end", "disable"),
    (CONF, OSPF, "foo"),
    (CONF, "foo bar"),
    (CONF, "do show foo"),
    (CONF, OSPF, "ip prefix-list A permit any", BGP, "neighbor 10.0.0.9 remote-as 5"),
    (CONF, "router rip", "network 10.0.0.0/8", OSPF, "redistribute rip", "exit", "exit"),
    (CONF, "router rip", "debug rip packet", "no debug rip packet"),
    (CONF, "key chain K", "key 1", "key-string abc", "exit", "exit", "no key chain K"),
    (CONF, "router ospf6"),
    (CONF, "bfd", "profile P", "exit", "peer 10.0.0.9", "end"),
    (CONF, "mpls ldp", "address-family ipv4", "interface eth0", "exit", "exit", "exit", "exit"),
    # blocks that several kinds of daemons share
    (CONF, "interface eth0", "ip ospf cost 7", "description x", "ip rip split-horizon", "foo"),
    (CONF, "vrf red", "vni 5", "ip route 10.9.0.0/16 blackhole", "no vni 5", "exit-vrf"),
    (CONF, "route-map M permit 10", "set metric 5", "set local-preference 7", "exit"),
    (CONF, "access-list L permit 10.0.0.0/8", "do show ip access-list L", "no access-list L"),
    (CONF, "line vty", "exec-timeout 5 0", "exit"),
    # blocks of daemons of which we know other parts
    (CONF, BGP, "address-family l2vpn evpn", "advertise-all-vni", "vni 5", "rd 1:1", "exit-vni"),
    (CONF, BGP, "address-family ipv4 vpn", "exit-address-family", "exit", "exit"),
    (CONF, "segment-routing", "srv6", "locators", "locator L", "prefix 2001:db8:1::/48", "end"),
    (CONF, BGP, "neighbor 10.0.0.9 capability orf prefix-list both", "rpki"),
    (CONF, BGP, "vnc defaults", "exit-vnc", "bgp wait-for-install", "foo"),
    ("show running-config", "show running-config ospfd", "write terminal bgpd no-header"),
)

FRR_CONF = """\
frr version 8.4.4
frr defaults traditional
log syslog informational
service integrated-vtysh-config
!
key chain KC
 key 1
  key-string secret
 exit
exit
!
vrf red
 vni 100
exit-vrf
!
interface eth0
 description uplink
 ip ospf cost 7
exit
!
router bgp 65001
 bgp router-id 1.1.1.1
 no bgp ebgp-requires-policy
 neighbor 10.0.0.2 remote-as 65002
 !
 address-family ipv4 unicast
  network 10.0.0.0/24
  neighbor 10.0.0.2 route-map RM in
 exit-address-family
 !
 address-family l2vpn evpn
  advertise-all-vni
  vni 5
   rd 1.1.1.1:5
  exit-vni
 exit-address-family
exit
!
router ospf
 ospf router-id 1.1.1.1
 redistribute bgp
 network 10.0.0.0/8 area 0
exit
!
router rip
 network 10.0.0.0/8
exit
!
ip prefix-list PL seq 5 permit 10.0.0.0/8 le 24
!
route-map RM permit 10
 match ip address prefix-list PL
 set local-preference 200
exit
!
ip route 192.0.2.0/24 Null0
!
segment-routing
 srv6
  locators
   locator L1
    prefix 2001:db8:1::/48
   exit
  exit
 exit
exit
!
foo bar
router ospf
 foo
router isis 1
 is-type level-1
exit
neighbor x
!
line vty
 exec-timeout 5 0
exit
!
end
"""


@pytest.fixture(scope="module")
def router() -> Iterator[FrrRouter]:
    with Lab() as lab:
        yield frr_with_ospf(lab, "model")


@pytest.mark.parametrize("lines", TYPED, ids=lambda lines: " / ".join(lines)[:60])
def test_lines_get_the_same_answers(router: FrrRouter, lines: tuple[str, ...]) -> None:
    typed("frr", router, lines)  # once before, so that both meet the same state
    theirs, ours = (typed(shell, router, lines) for shell in SHELLS)
    assert_same(ours, theirs, " / ".join(lines), names=tuple(SHELLS))  # type: ignore[arg-type]


@dataclass
class Booted:
    """What was printed, and the files of the configuration folder, step by step."""

    text: str
    files: dict[str, str]


def boot_and_write(shell: str) -> Booted:
    """Load frr.conf into new daemons, show and write it, together and one file a daemon."""
    with Lab() as lab:
        router = frr_with_ospf(lab, "model")
        router.write("frr.conf", FRR_CONF)
        steps: list[tuple[str | Path, ...]] = [("-b",), ("-c", "show running-config")]
        steps += [("-c", "write"), ("-c", "write integrated"), ("-w",)]
        text = "".join(run(shell, router, *step) for step in steps)
        files = files_of(router.config)
        router.write("vtysh.conf", "no service integrated-vtysh-config\n")
        text += run(shell, router, "-c", "write memory")
        more = router.write("more.conf", "router ospf\n network 9.0.0.0/8 area 1\n zz\n")
        text += run(shell, router, "-f", more)
        lines = "conf t\nrouter ospf\nospf router-id 9.9.9.9\nend\nshow ip ospf\n"
        text += run(shell, router, stdin=lines)
        return Booted(text, {**files, **files_of(router.config)})


def files_of(folder: Path) -> dict[str, str]:
    """Name, mode and owner of each file, and its text."""
    found = {}
    for path in sorted(folder.iterdir()):
        mode = f"{path.stat().st_mode & 0o7777:o} {path.owner()}:{path.group()}"
        found[f"{path.name} {mode}"] = path.read_text()
    return found


def test_a_file_loads_and_is_written_the_same_way() -> None:
    theirs, ours = (boot_and_write(shell) for shell in SHELLS)
    assert_same(ours.text, theirs.text, "-b, show, write", names=("frr", "ours"))
    assert ours.files == theirs.files


def test_the_prompt_follows_into_blocks_of_ospfd(router: FrrRouter) -> None:
    argv = router.namespace.argv(shell_argv("ours", router))
    assert str(OURS) in argv
    with Terminal(argv) as terminal:
        for line, prompt in (
            ("conf t", "model(config)# "),
            ("router ospf", "model(config-router)# "),
            ("ospf router-id 3.3.3.3", "model(config-router)# "),
            ("interface eth0", "model(config-if)# "),
            ("ip ospf hello-interval 7", "model(config-if)# "),
            ("router ospf", "model(config-router)# "),
            ("ip ospf", "model(config-router)# "),
            ("debug ospf event", "model(config)# "),
            ("no debug ospf event", "model(config)# "),
            ("end", "model# "),
        ):
            terminal.enter(line)
            terminal.wait_prompt(prompt)
        terminal.enter("show ip ospf")
        terminal.wait_for("Router ID: 3.3.3.3")
        terminal.type("show ip bgp neighbors ")
        terminal.press("tab", "tab")
        terminal.wait_for("json")
