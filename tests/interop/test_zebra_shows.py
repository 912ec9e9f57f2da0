"""What zebra and bgpd show, beside FRR's in the same small network: every line of two lists.

The lists, one line a command, are what FRR's daemons have of shows (those of EVPN, MPLS, PBR and
SRv6 included, of which both have nothing), with names that are there and names that are not. Text
and status byte are compared, as they are on the daemon's own vty socket. bgpd's list holds only
what says that there is nothing: its other shows have tests of their own.
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
router bgp 65001
 bgp router-id 10.0.0.1
 no bgp ebgp-requires-policy
 neighbor 10.0.0.2 remote-as 65002
 neighbor 10.0.0.2 timers connect 1
"""
PEER = """\
router bgp 65002
 bgp router-id 10.0.0.2
 no bgp ebgp-requires-policy
 no bgp network import-check
 neighbor 10.0.0.1 remote-as 65001
 neighbor 10.0.0.1 passive
 address-family ipv4 unicast
  network 172.30.0.0/24
  network 192.0.2.0/24
 exit-address-family
"""
FILES = {"zebra.conf": ZEBRA, "staticd.conf": STATIC, "bgpd.conf": BGP}
PASSING = (
    (re.compile(r"\b\d\d:\d\d:\d\d\b"), "<age>"),
    (re.compile(r"\bfe80::[0-9a-f:]+"), "<ll>"),
    (re.compile(r"\(fd \d+\)"), "(fd)"),
    (re.compile(r"(\d\] |ID: )\(?\d+\)?"), r"\1<nhg>"),
    (re.compile(r"(Depend(?:s|ents): ).*"), r"\1<nhgs>"),
)
"""Ages, link-local addresses, descriptors and numbers of next-hop groups."""


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
            return all(one in shown for one in ("172.30.0.0", "192.0.4.0", "2001:db8:9::"))

        until(there, 20, f"the routes of {router.kind}")
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


@pytest.mark.parametrize("daemon", ["zebra", "bgpd"])
def test_shows_are_the_same_as_frrs(pair: tuple[Router, Router], daemon: str) -> None:
    lines = (SHOWS / f"{daemon}.txt").read_text().splitlines()
    assert len(lines) > 30
    theirs, ours = (answers(router, daemon, lines) for router in pair)
    assert_same(ours, theirs, f"shows of {daemon}", names=("frr", "ours"))
