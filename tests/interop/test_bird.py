"""The router beside the real BIRD 2: IPv4 and IPv6 sessions, eBGP and iBGP, 4-byte AS numbers."""

import json
from collections.abc import Iterator
from dataclasses import dataclass

import pytest

from tests.support.bird import Bird
from tests.support.namespaces import Lab
from tests.support.router import Router
from tests.support.scenario import KINDS, UNDER_TEST
from tests.support.wait import until

pytestmark = pytest.mark.real

CONFIG = """\
router bgp 65001
 bgp router-id 10.0.0.1
 no bgp ebgp-requires-policy
 no bgp network import-check
 neighbor 10.0.0.2 remote-as 4200000001
 neighbor 10.0.1.2 remote-as 65001
 neighbor 2001:db8::2 remote-as 4200000001
 !
 address-family ipv4 unicast
  network 10.20.0.0/16
  no neighbor 2001:db8::2 activate
 exit-address-family
 !
 address-family ipv6 unicast
  network 2001:db8:20::/48
  neighbor 2001:db8::2 activate
 exit-address-family
!
"""

BIRD = """\
router id 10.0.0.2;
ipv4 table by_ibgp;
protocol device {{}}
protocol static own4 {{ ipv4; {routes4} }}
protocol static own6 {{ ipv6; route 2001:db8:100::/48 blackhole; }}
template bgp hasty {{ connect retry time 1; connect delay time 1; error wait time 1, 2; }}
protocol bgp external4 from hasty {{
  local 10.0.0.2 as 4200000001;
  neighbor 10.0.0.1 as 65001;
  ipv4 {{
    import all;
    export filter {{ if source = RTS_STATIC then {{ bgp_med = {med}; accept; }} reject; }};
  }};
}}
protocol bgp external6 from hasty {{
  local 2001:db8::2 as 4200000001;
  neighbor 2001:db8::1 as 65001;
  ipv6 {{ import all; export where source = RTS_STATIC; }};
}}
protocol bgp internal4 from hasty {{
  local 10.0.1.2 as 65001;
  neighbor 10.0.1.1 as 65001;
  ipv4 {{ table by_ibgp; import all; export none; }};
}}
"""


def bird_config(routes4: str, med: int) -> str:
    return BIRD.format(routes4=routes4, med=med)


ROUTES4 = """
  route 172.19.0.100/32 blackhole { bgp_large_community.add((64512, 1, 2)); };
  route 172.19.7.0/24 blackhole;
"""


@dataclass
class Pair:
    router: Router
    bird: Bird

    def routes(self, family: str) -> dict[str, list[dict[str, object]]]:
        shown = json.loads(self.router.show(f"show bgp {family} unicast json"))
        routes: dict[str, list[dict[str, object]]] = shown.get("routes", {})
        return routes


@pytest.fixture(scope="module", params=UNDER_TEST)
def pair(request: pytest.FixtureRequest) -> Iterator[Pair]:
    with Lab() as lab:
        router, peer = lab.namespace("router"), lab.namespace("bird")
        for device, network in (("eth0", "10.0.0"), ("eth1", "10.0.1")):
            lab.link(router, device, peer, device)
            router.ip("address", "add", f"{network}.1/24", "dev", device)
            peer.ip("address", "add", f"{network}.2/24", "dev", device)
        router.ip("address", "add", "2001:db8::1/64", "dev", "eth0")
        peer.ip("address", "add", "2001:db8::2/64", "dev", "eth0")
        bird = Bird(peer, bird_config(ROUTES4, med=7))
        bird.start()
        ours = KINDS[request.param](router, {"bgpd.conf": CONFIG})
        ours.start()
        sessions = ("external4", "external6", "internal4")
        up = dict.fromkeys(sessions, "Established")
        until(lambda: {name: bird.state(name) for name in sessions} == up, 30, "all sessions up")
        yield Pair(ours, bird)


def test_routes_of_bird_are_in_both_tables_of_the_router(pair: Pair) -> None:
    until(lambda: "172.19.7.0/24" in pair.routes("ipv4"), 10, "172.19.7.0/24 at the router")
    (path,) = pair.routes("ipv4")["172.19.0.100/32"]
    assert (path["path"], path["metric"], path["valid"]) == ("4200000001", 7, True)
    assert "Large Community: 64512:1:2" in pair.router.show("show ip bgp 172.19.0.100/32")
    listed = pair.router.namespace.ip("route", "list", "proto", "bgp")
    assert listed.count("via 10.0.0.2 dev eth0") == 2


def test_ipv6_route_of_bird_is_installed_by_its_link_local_next_hop(pair: Pair) -> None:
    until(lambda: "2001:db8:100::/48" in pair.routes("ipv6"), 10, "the IPv6 route at the router")

    def listed() -> bool:
        shown = pair.router.namespace.ip("-6", "route", "list", "proto", "bgp")
        return "2001:db8:100::/48" in shown and "dev eth0" in shown

    until(listed, 10, "2001:db8:100::/48 in the kernel")


def test_own_networks_arrive_at_bird_by_ebgp(pair: Pair) -> None:
    until(lambda: "10.20.0.0/16" in pair.bird.routes("external4"), 10, "10.20.0.0/16 at bird")
    details = pair.bird.routes("external4")["10.20.0.0/16"]
    for line in ("BGP.origin: IGP", "BGP.as_path: 65001", "BGP.next_hop: 10.0.0.1"):
        assert line in details
    assert "BGP.local_pref: 100" in details
    until(lambda: "2001:db8:20::/48" in pair.bird.routes("external6"), 10, "IPv6 at bird")
    assert "BGP.next_hop: 2001:db8::1" in pair.bird.routes("external6")["2001:db8:20::/48"]


def test_routes_go_on_to_the_ibgp_peer_with_their_next_hop_and_preference(pair: Pair) -> None:
    until(lambda: len(pair.bird.routes("internal4")) == 3, 10, "three routes by iBGP at bird")
    details = pair.bird.routes("internal4")["172.19.0.100/32"]
    for line in (
        "BGP.as_path: 4200000001",
        "BGP.next_hop: 10.0.0.2",
        "BGP.med: 7",
        "BGP.local_pref: 100",
        "BGP.large_community: (64512, 1, 2)",
    ):
        assert line in details
    own = pair.bird.routes("internal4")["10.20.0.0/16"]
    assert "BGP.next_hop: 10.0.1.1" in own


def test_change_of_attributes_and_withdrawal_are_followed(pair: Pair) -> None:
    pair.bird.configure(bird_config("route 172.19.0.100/32 blackhole;", med=8))
    until(lambda: "172.19.7.0/24" not in pair.routes("ipv4"), 10, "172.19.7.0/24 withdrawn")
    until(lambda: pair.routes("ipv4")["172.19.0.100/32"][0]["metric"] == 8, 10, "the new MED")

    def followed() -> bool:
        # the withdrawal and the new MED are UPDATEs of their own, at bird one after the other
        passed_on = pair.bird.routes("internal4")
        return (
            set(passed_on) == {"172.19.0.100/32", "10.20.0.0/16"}
            and "BGP.med: 8" in passed_on["172.19.0.100/32"]
        )

    until(followed, 10, "the same at the iBGP side of bird")
