"""Configuration lines of bgpd: order and form of what is printed, effects, refusals."""

from hypothesis import given, settings
from hypothesis import strategies as st

from bgp.config import IPV4_UNICAST, IPV6_UNICAST
from bgp.effects import Effect
from grammar.base.values import Address
from grammar.node import CONFIG
from tests.bgp.commandline import Terminal

GUIDE = """\
router bgp 65001
bgp router-id 192.168.122.1
neighbor 192.168.122.101 remote-as 64512
neighbor 192.168.122.102 remote-as 64512
no bgp ebgp-requires-policy
address-family ipv4 unicast
exit-address-family
debug bgp keepalives
debug bgp updates in
""".splitlines()

GUIDE_PRINTED = """\
debug bgp keepalives
debug bgp updates in
router bgp 65001
 bgp router-id 192.168.122.1
 no bgp ebgp-requires-policy
 neighbor 192.168.122.101 remote-as 64512
 neighbor 192.168.122.102 remote-as 64512
exit
""".splitlines()


def test_the_guide_is_taken_line_by_line_and_printed_as_frr_prints_it() -> None:
    terminal = Terminal()
    for line in GUIDE:
        assert terminal.type(line) == (0, "")
    assert terminal.printed() == GUIDE_PRINTED


def test_families_print_behind_the_neighbors_and_only_with_lines() -> None:
    terminal = Terminal()
    terminal.type(
        "router bgp 65000",
        "neighbor 10.0.0.2 remote-as 65000",
        "address-family ipv6",
        "neighbor 10.0.0.2 activate",
        "exit-address-family",
        "network 10.1.0.0/16",
        "neighbor 10.0.0.2 next-hop-self",
    )
    assert terminal.printed() == [
        "router bgp 65000",
        " neighbor 10.0.0.2 remote-as 65000",
        " !",
        " address-family ipv4 unicast",
        "  network 10.1.0.0/16",
        "  neighbor 10.0.0.2 next-hop-self",
        " exit-address-family",
        " !",
        " address-family ipv6 unicast",
        "  neighbor 10.0.0.2 activate",
        " exit-address-family",
        "exit",
    ]


def test_effects_name_whom_they_are_for() -> None:
    terminal = Terminal()
    terminal.type("router bgp 65000", "neighbor 10.0.0.2 remote-as 65001")
    bgp = terminal.daemon.config.instances[None]
    peer = bgp.peers[Address.parse("10.0.0.2")]
    terminal.daemon.changes.clear()
    terminal.type(
        "neighbor 10.0.0.2 passive",
        "neighbor 10.0.0.2 shutdown",
        "network 10.0.0.0/8",
        "address-family ipv6 unicast",
        "neighbor 10.0.0.2 activate",
        "neighbor 10.0.0.2 weight 5",
    )
    assert [(change.effect, change.target) for change in terminal.daemon.changes] == [
        (Effect.RESET, peer),
        (Effect.SHUTDOWN, peer),
        (Effect.ORIGINATE, bgp.family(IPV4_UNICAST)),
        (Effect.ACTIVATE, peer),
        (Effect.SOFT_IN, (peer, IPV6_UNICAST)),
    ]


def test_a_line_that_says_nothing_new_has_no_effect() -> None:
    terminal = Terminal()
    terminal.type("router bgp 65000", "neighbor 10.0.0.2 remote-as 65001")
    terminal.daemon.changes.clear()
    terminal.type("neighbor 10.0.0.2 remote-as 65001", "no neighbor 10.0.0.2 passive")
    assert terminal.daemon.changes == []


def test_debug_bgp_all_is_taken_though_frr_has_no_such_line() -> None:
    terminal = Terminal()
    assert terminal.type("router bgp 65001", "debug bgp all") == (0, "")
    assert "debug bgp keepalives" in terminal.printed()
    assert terminal.daemon.config.debugs("zebra")
    terminal.type("no debug bgp all")
    assert terminal.printed() == ["router bgp 65001", "exit"]


def test_a_debug_limited_to_a_peer_is_on_for_that_peer_only() -> None:
    terminal = Terminal()
    terminal.type("debug bgp keepalives 10.0.0.2")
    config = terminal.daemon.config
    assert config.debugs("keepalives", Address.parse("10.0.0.2"))
    assert not config.debugs("keepalives", Address.parse("10.0.0.3"))
    terminal.type("debug bgp keepalives")
    assert config.debugs("keepalives", Address.parse("10.0.0.3"))


LINES = (
    "bgp router-id 10.0.0.1",
    "no bgp fast-external-failover",
    "bgp log-neighbor-changes",
    "bgp always-compare-med",
    "no bgp ebgp-requires-policy",
    "no bgp suppress-duplicates",
    "no bgp default ipv4-unicast",
    "bgp default ipv6-unicast",
    "bgp default local-preference 200",
    "bgp cluster-id 10.0.0.9",
    "bgp deterministic-med",
    "bgp graceful-restart stalepath-time 300",
    "bgp graceful-restart",
    "bgp bestpath as-path multipath-relax",
    "bgp bestpath compare-routerid",
    "no bgp network import-check",
    "timers bgp 60 30",
    "bgp minimum-holdtime 30",
    "bgp shutdown",
    "neighbor 10.0.0.2 remote-as 65001",
    "neighbor 10.0.0.2 remote-as internal",
    "neighbor 2001:db8::2 remote-as external",
    "neighbor 10.0.0.2 local-as 65100 no-prepend",
    "neighbor 10.0.0.2 description some  words",
    "neighbor 10.0.0.2 shutdown message for a while",
    "neighbor 10.0.0.2 password secret",
    "neighbor 10.0.0.2 port 1790",
    "neighbor 10.0.0.2 ebgp-multihop 5",
    "neighbor 2001:db8::2 ttl-security hops 2",
    "neighbor 10.0.0.2 update-source lo",
    "neighbor 10.0.0.2 timers 10 30",
    "neighbor 10.0.0.2 timers connect 7",
    "neighbor 10.0.0.2 activate",
    "no neighbor 10.0.0.2 activate",
    "neighbor 10.0.0.2 next-hop-self force",
    "neighbor 10.0.0.2 default-originate route-map RM",
    "neighbor 10.0.0.2 maximum-prefix 100 50 restart 3",
    "neighbor 10.0.0.2 allowas-in origin",
    "neighbor 10.0.0.2 route-map RM in",
    "network 10.1.2.3/16 backdoor",
    "network 10.0.0.0",
    "redistribute static metric 5 route-map RM",
    "redistribute table 7",
    "maximum-paths 4",
    "maximum-paths ibgp 2 equal-cluster-length",
    "address-family ipv6 unicast",
    "network 2001:db8::/32",
    "exit-address-family",
    "no neighbor 10.0.0.2",
)


@settings(max_examples=60, deadline=None)
@given(st.lists(st.sampled_from(LINES), max_size=30))
def test_what_is_printed_loads_as_the_same_configuration(lines: list[str]) -> None:
    first = Terminal()
    first.type("router bgp 65000", *lines)
    printed = first.printed()
    second = Terminal()
    second.session.go(CONFIG)
    for line in printed:
        status, text = second.type(line)
        assert status == 0, (line, text)
    assert second.printed() == printed
