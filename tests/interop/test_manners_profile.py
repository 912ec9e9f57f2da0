"""`-F datacenter` and `-e` beside FRR's: what the options of a start change in bgpd and zebra."""

import re
from collections.abc import Iterator

import pytest

from tests.support.frr import FrrRouter
from tests.support.namespaces import Lab
from tests.support.ours import OurRouter
from tests.support.router import Router

pytestmark = pytest.mark.real

CONFIG = """\
router bgp 65001
 neighbor 10.0.0.1 remote-as 65002
 neighbor 10.0.0.2 remote-as 65001
 neighbor 10.0.0.2 timers 10 30
exit
"""
OPTIONS = ("-F", "datacenter", "-e", "4")
LINES = (
    ("bgp log-neighbor-changes",),
    ("no bgp log-neighbor-changes",),
    ("bgp deterministic-med",),
    ("no bgp deterministic-med",),
    ("bgp ebgp-requires-policy",),
    ("no bgp ebgp-requires-policy",),
    ("bgp default show-hostname",),
    ("no bgp default show-hostname",),
    ("no bgp default show-nexthop-hostname",),
    ("timers bgp 60 180",),
    ("timers bgp 3 9",),
    ("timers bgp 10 9",),
    ("no timers bgp",),
    ("neighbor 10.0.0.1 timers connect 10",),
    ("neighbor 10.0.0.1 timers connect 120",),
    ("no neighbor 10.0.0.1 timers connect",),
    ("address-family ipv4 unicast", "maximum-paths 5"),
    ("address-family ipv4 unicast", "maximum-paths ibgp 5"),
    ("address-family ipv4 unicast", "maximum-paths 4"),
    ("address-family ipv4 unicast", "maximum-paths 2"),
    ("address-family ipv4 unicast", "maximum-paths ibgp 4"),
)


@pytest.fixture(scope="module")
def routers() -> Iterator[tuple[Router, ...]]:
    with Lab() as lab:
        made: tuple[Router, ...] = tuple(
            kind(lab.namespace(kind.kind), {"frr.conf": CONFIG}) for kind in (FrrRouter, OurRouter)
        )
        for router in made:
            router.options = list(OPTIONS)
            router.start("zebra", "bgpd")
        yield made


def same(routers: tuple[Router, ...], *lines: str) -> str:
    texts = [router.vtysh(*lines).text for router in routers]
    masked = [re.sub(r"^hostname .*$", "hostname <>", text, flags=re.M) for text in texts]
    assert masked[0] == masked[1], lines
    return masked[0]


def test_it_prints_the_profile(routers: tuple[Router, ...]) -> None:
    assert "\nfrr defaults datacenter\n" in same(routers, "show running-config")


def test_the_timers_are_the_profiles(routers: tuple[Router, ...]) -> None:
    # What is in force for 10.0.0.2 changes with FRR's first attempt to connect.
    pattern = re.compile(r"^ *(?:Configured hold|Minimum time|.*Connect Retry).*$", re.M)
    for router in routers:
        shown_first = router.show("show bgp neighbors 10.0.0.1")
        assert "  Hold time is 9 seconds, keepalive interval is 3 seconds\n" in shown_first
    for peer, timers in (("10.0.0.1", "hold time is 9 seconds"), ("10.0.0.2", "is 30 seconds")):
        shown = [router.show(f"show bgp neighbors {peer}") for router in routers]
        theirs, ours = (pattern.findall(text) for text in shown)
        assert theirs == ours
        assert any(timers in line for line in ours)
        assert "BGP Connect Retry Timer in Seconds: 10" in ours
        policy = [text.count("Policy") for text in shown]
        assert policy == [0, 0]


@pytest.mark.parametrize("lines", LINES, ids=lambda lines: lines[-1])
def test_lines_print_against_its_defaults(
    routers: tuple[Router, ...], lines: tuple[str, ...]
) -> None:
    same(routers, "configure terminal", "router bgp 65001", *lines)
    same(routers, "show running-config")


def test_zebra_tells_how_many_next_hops(routers: tuple[Router, ...]) -> None:
    for router in routers:
        assert re.search(r"^ ECMP Maximum +4 *$", router.show("show zebra"), re.M)
