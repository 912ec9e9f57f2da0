"""What bgpd shows beside FRR's in a small network: every line of a list.

The list holds what says that there is nothing, and tables by lists and maps, with names that are
there and names that are not; `test_bgp_shows` has the others. Text and status byte are compared, as
they are on the daemon's own vty socket.
"""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.support.frr import FrrRouter
from tests.support.golden import assert_same
from tests.support.masks import mask
from tests.support.namespaces import Lab
from tests.support.ours import OurRouter
from tests.support.router import Router
from tests.support.vty import Vty
from tests.support.wait import until

pytestmark = pytest.mark.real

SHOWS = Path(__file__).parent / "shows"
ZEBRA = """\
interface lan
 description to nowhere
 bandwidth 100
exit
ip prefix-list PL seq 5 permit 10.0.0.0/8 le 24
access-list AL seq 5 permit 10.0.0.0/8
route-map RM permit 10
 match ip address prefix-list PL
exit
"""
STATIC = """\
ip route 192.0.2.0/24 10.0.0.2
ip route 192.0.3.0/24 blackhole
ip route 192.0.4.0/24 192.0.2.9 tag 7
ip route 192.0.5.0/24 10.0.0.2
ip route 192.0.5.0/24 10.1.1.2
ip route 192.0.6.0/24 10.0.0.99 200
ip route 192.0.2.128/25 lan
ip route 192.0.7.0/24 10.0.0.2 table 100
ip route 128.0.0.0/8 blackhole
ip route 203.0.113.0/24 9.9.9.9
ipv6 route 2001:db8:9::/48 2001:db8::2
ipv6 route 2001:db8:a::/48 blackhole
"""
BGP = """\
bgp community-list standard CL permit 65002:1
bgp community-list 1 permit 65002:2
bgp large-community-list standard LL permit 65002:1:1
bgp as-path access-list AP permit _65002_
bgp community alias 65002:2 two
bgp community alias 65002:1:1 big
ip prefix-list PL seq 5 permit 172.16.0.0/12 le 32
access-list AL seq 5 permit 172.30.0.0/15
route-map RM permit 10
 match ip address prefix-list PL
 match community CL
exit
route-map SET permit 10
 set metric 55
exit
router bgp 65001
 bgp router-id 10.0.0.1
 no bgp ebgp-requires-policy
 neighbor 10.0.0.2 remote-as 65002
 neighbor 10.0.0.2 timers connect 1
 address-family ipv4 unicast
  network 10.9.0.0/16
  network 192.0.3.0/24
  network 198.51.100.0/24
  redistribute static route-map OUT
  neighbor 10.0.0.2 default-originate
 exit-address-family
 address-family ipv6 unicast
  network 2001:db8:9::/48
  network 2001:db8:a::/48
 exit-address-family
exit
ip prefix-list TAGGED seq 5 permit 192.0.4.0/24
ip prefix-list TAGGED seq 10 permit 192.0.3.0/24
ip prefix-list TAGGED seq 15 permit 192.0.6.0/24
route-map OUT permit 10
 match ip address prefix-list TAGGED
exit
"""
PEER = """\
router bgp 65002
 bgp router-id 10.0.0.2
 no bgp ebgp-requires-policy
 no bgp network import-check
 neighbor 10.0.0.1 remote-as 65001
 neighbor 10.0.0.1 passive
 address-family ipv4 unicast
  network 172.30.0.0/24 route-map BOTH
  network 172.31.0.0/24 route-map ONE
  network 192.0.2.0/24
 exit-address-family
exit
route-map BOTH permit 10
 set community 65002:1 65002:2
 set large-community 65002:1:1
exit
route-map ONE permit 10
 set community 65002:1
exit
"""
FILES = {"zebra.conf": ZEBRA, "staticd.conf": STATIC, "bgpd.conf": BGP}
PASSING = (
    (re.compile(r"\b\d\d:\d\d:\d\d\b"), "<age>"),
    (re.compile(r"\bfe80::[0-9a-f:]+"), "<ll>"),
    (re.compile(r"\(fd \d+\)"), "(fd)"),
    (re.compile(r"(\d\] |ID: )\(?\d+\)?"), r"\1<nhg>"),
    (
        re.compile(r'("version": ?|, version |table version is |"tableVersion": )\d+'),
        r"\1<version>",
    ),
    (re.compile(r"(Depend(?:s|ents): ).*"), r"\1<nhgs>"),
)
"""Ages, link-local addresses, descriptors, numbers of next-hop groups, and versions of tables, in
which routes count in the order of their coming."""


def build(kind: type[Router], lab: Lab) -> Router:
    """The router, and FRR behind its link; all routes are there."""
    node, peer = lab.namespace("r"), lab.namespace("p")
    lab.link(node, "eth0", peer, "eth0")
    lab.link(node, "lan", peer, "lan")
    for address, device in (
        ("10.0.0.1/24", "eth0"),
        ("10.1.1.1/24", "lan"),
        ("10.1.2.1/24", "lan"),
    ):
        node.ip("address", "add", address, "dev", device)
    node.ip("address", "add", "2001:db8::1/64", "dev", "eth0")
    peer.ip("address", "add", "10.0.0.2/24", "dev", "eth0")
    node.ip("route", "add", "198.51.100.0/24", "via", "10.0.0.2", "metric", "50")
    FrrRouter(peer, {"bgpd.conf": PEER}).start("zebra", "bgpd")
    router = kind(node, FILES)
    router.start("zebra", "staticd", "bgpd")
    with Vty(router.run, "zebra") as vty:

        def there() -> bool:
            shown = vty.ask("show ip route")[0] + vty.ask("show ipv6 route")[0]
            routes = ("172.30.0.0", "172.31.0.0", "192.0.4.0", "2001:db8:9::")
            return all(one in shown for one in routes)

        until(there, 20, f"the routes of {router.kind}")
    with Vty(router.run, "bgpd") as vty:

        def told() -> bool:
            line = "show bgp ipv4 unicast neighbors 10.0.0.2 advertised-routes"
            return all(one in vty.ask(line)[0] for one in ("172.31.0.0", "192.0.6.0", "198.51."))

        until(told, 20, f"what {router.kind} tells its neighbor")
    return router


@pytest.fixture(scope="module")
def pair() -> Iterator[tuple[Router, Router]]:
    with Lab() as one, Lab() as other:
        yield build(FrrRouter, one), build(OurRouter, other)


def answers(router: Router, daemon: str, lines: list[str]) -> str:
    """A transcript of all lines."""
    told = []
    with Vty(router.run, daemon) as vty:
        for line in lines:
            text, status = vty.ask(line)
            text = mask(text)
            for pattern, name in PASSING:
                text = pattern.sub(name, text)
            told.append(f"$ {line}\n{text}[status {status}]\n")
    return "\n".join(told)


def test_shows_are_the_same_as_frrs(pair: tuple[Router, Router]) -> None:
    lines = (SHOWS / "bgpd.txt").read_text().splitlines()
    assert len(lines) > 30
    theirs, ours = (answers(router, "bgpd", lines) for router in pair)
    assert_same(ours, theirs, "shows of bgpd", names=("frr", "ours"))
