"""An instance of a VRF that is a namespace (`zebra -n`): our bgpd and zebra beside FRR's."""

import re
from collections.abc import Iterator, Sequence
from contextlib import contextmanager

import pytest

from tests.support.frr import FrrRouter
from tests.support.namespaces import Lab, Namespace
from tests.support.vrfs import VrfHome, VrfRouter
from tests.support.wait import until

pytestmark = pytest.mark.real

CONFIG = """\
hostname router
router bgp 65001
 bgp router-id 10.0.0.1
 no bgp ebgp-requires-policy
 neighbor 10.0.0.2 remote-as 65002
 neighbor 10.0.0.2 timers connect 1
exit
router bgp 65011 vrf red
 bgp router-id 10.5.0.1
 no bgp ebgp-requires-policy
 neighbor 10.5.0.2 remote-as 65012
 neighbor 10.5.0.2 {opens}
 address-family ipv4 unicast
  redistribute connected
 exit-address-family
exit
"""
PEER = """\
router bgp {asn}
 bgp router-id {address}
 no bgp ebgp-requires-policy
 no bgp network import-check
 neighbor {router} remote-as {other}
 neighbor {router} {opens}
 address-family ipv4 unicast
  network 172.16.0.0/24
  network {network}
 exit-address-family
"""
SHOWS = (
    "show bgp vrfs",
    "show bgp vrfs json",
    "show ip bgp",
    "show ip bgp vrf red",
    "show ip bgp vrf red json",
    "show ip bgp vrf red 172.16.0.0/24",
    "show ip bgp vrf red summary",
    "show ip bgp vrf red nexthop",
    "show bgp vrf all summary",
    "show ip route vrf red bgp",
)
_TIMES = re.compile(
    r"\d\d:\d\d:\d\d|\w{3} \w{3} +\d+ |(?<=Epoch\":)\d+|(?<=Msec\":)\d+|(?<= 65012 ) +\d+ +\d+"
    r"|(?<= 65002 ) +\d+ +\d+|(?<=MsgRcvd|MsgSent)\d+"
)
ACTIVE, PASSIVE = "timers connect 1", "passive"


@contextmanager
def routers(ours: Sequence[str], opens: str) -> Iterator[tuple[VrfRouter, Namespace]]:
    other = PASSIVE if opens == ACTIVE else ACTIVE
    with Lab() as lab:
        own, red = lab.namespace("router"), lab.namespace("red")
        home = VrfHome(own)
        home.bind("red", red)
        for place, number in ((own, 0), (red, 5)):
            peer = lab.namespace(f"peer{number}")
            lab.link(place, f"eth{number}", peer, "eth0")
            place.ip("address", "add", f"10.{number}.0.1/24", "dev", f"eth{number}")
            peer.ip("address", "add", f"10.{number}.0.2/24", "dev", "eth0")
            text = PEER.format(
                asn=65002 if number == 0 else 65012,
                address=f"10.{number}.0.2",
                router=f"10.{number}.0.1",
                other=65001 if number == 0 else 65011,
                opens=other if number else ACTIVE,
                network=f"172.16.{number + 1}.0/24",
            )
            FrrRouter(peer, {"bgpd.conf": text}).start("zebra", "bgpd")
        router = VrfRouter(home, {"bgpd.conf": CONFIG.format(opens=opens)}, ours=ours)
        router.start("zebra", "bgpd")
        until(
            lambda: "172.16.6.0/24" in red.ip("route", "list", "proto", "bgp")
            and "172.16.1.0/24" in own.ip("route", "list", "proto", "bgp"),
            30,
            "routes in both tables of the kernel",
        )
        yield router, red


def shown(ours: Sequence[str], opens: str) -> dict[str, str]:
    with routers(ours, opens) as (router, red):
        answers = {line: _TIMES.sub("<>", router.show(line)) for line in SHOWS}
        answers["ip route"] = red.ip("route", "list", "proto", "bgp")
        return answers


@pytest.fixture(scope="module", params=[ACTIVE, PASSIVE])
def by_frr(request: pytest.FixtureRequest) -> tuple[str, dict[str, str]]:
    return request.param, shown([], request.param)


@pytest.mark.parametrize("ours", [["bgpd"], ["zebra"], ["zebra", "bgpd"]])
def test_sessions_and_routes_of_a_vrf(
    by_frr: tuple[str, dict[str, str]], ours: Sequence[str]
) -> None:
    opens, expected = by_frr
    assert shown(ours, opens) == expected
