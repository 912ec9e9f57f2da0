"""`show` in the config nodes beside FRR's bgpd: lists, interfaces and route-maps."""

from collections.abc import Iterator

import pytest

from grammar.node import CONFIG
from tests.bgp.commandline import Terminal
from tests.support.realbgpd import RealBgpd, real_bgpd

pytestmark = pytest.mark.real

LINES = """
hostname router
access-list A seq 5 permit 10.0.0.0/8
route-map M permit 10
exit
interface prt0
exit
interface prt1
description of one
exit
ipv6 access-list A6 seq 5 permit any
ip prefix-list Q description text
ip prefix-list Q seq 5 permit any
ipv6 prefix-list Q seq 5 permit any
bgp as-path access-list 5 permit ^1
route-map M permit 10
match ip address prefix-list Q
set metric 5
exit
route-map M deny 20
description not these
exit
router bgp 65000
neighbor 10.0.0.1 remote-as 65001
"""
NODES = (
    ("exit",),
    ("interface prt1",),
    ("exit", "interface prt0"),
    ("exit", "route-map M permit 10"),
    ("no set metric anything",),
    ("exit", "route-map M deny 20"),
    ("exit", "line vty"),
    ("exit", "router bgp 65000", "address-family ipv6 unicast"),
    ("exit", "exit", "no route-map M"),
)


@pytest.fixture
def real() -> Iterator[RealBgpd]:
    with real_bgpd("modelled") as bgpd:
        yield bgpd


def test_show_prints_what_is_kept_in_models(real: RealBgpd) -> None:
    ours = Terminal(CONFIG)
    real.type("configure terminal")
    for line in ("", *LINES.splitlines()):
        assert ours.type(line) == real.type(line), line
        assert ours.type("show") == real.type("show"), line
    for lines in NODES:
        for line in (*lines, "show", "do show configuration running"):
            assert ours.type(line) == real.type(line), (lines, line)
