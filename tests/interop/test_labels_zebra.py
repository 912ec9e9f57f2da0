"""Multicast routes and next hops with labels between our bgpd and FRR's zebra, and the reverse.

The same router three times: bgpd and zebra both FRR's, and one of each. FRR's zebra shows the same
of either bgpd; ours, which has no table for multicast, shows the same of next hops.
"""

import re
from collections.abc import Iterator

import pytest

from tests.support.frr import FrrRouter
from tests.support.mixed import MixedRouter
from tests.support.namespaces import Lab
from tests.support.wait import until

pytestmark = pytest.mark.real

ROUTER = """
router bgp 65001
 bgp router-id 10.0.0.1
 no bgp ebgp-requires-policy
 no bgp default ipv4-unicast
 neighbor 10.0.0.2 remote-as 65002
 neighbor 10.0.0.2 timers connect 1
 address-family ipv4 multicast
  neighbor 10.0.0.2 activate
 address-family ipv4 labeled-unicast
  neighbor 10.0.0.2 activate
 address-family ipv6 labeled-unicast
  neighbor 10.0.0.2 activate
"""
PEER = """
router bgp 65002
 bgp router-id 10.0.0.2
 no bgp ebgp-requires-policy
 no bgp default ipv4-unicast
 no bgp network import-check
 neighbor 10.0.0.1 remote-as 65001
 neighbor 10.0.0.1 passive
 address-family ipv4 unicast
  network 10.20.0.0/16
 address-family ipv4 multicast
  network 10.30.0.0/16
  neighbor 10.0.0.1 activate
 address-family ipv4 labeled-unicast
  neighbor 10.0.0.1 activate
 address-family ipv6 unicast
  network 2001:db8:20::/48
 address-family ipv6 labeled-unicast
  neighbor 10.0.0.1 activate
"""
UNICAST = ("show ip route bgp", "show ipv6 route bgp")
COMBINATIONS = {"frr": (), "bgpd": ("bgpd",), "zebra": ("zebra",)}
ZEBRA = "interface eth0\n mpls enable\n"
SWITCHED = ("show mpls table", "show mpls table json", "show mpls fec")


def masked(text: str) -> str:
    text = re.sub(r"\d\d:\d\d:\d\d", "<age>", text)
    return re.sub(r"fe80::[0-9a-f:]+", "<link-local>", text)


def await_routes(router: MixedRouter) -> None:
    """Wait until zebra has the unicast routes, and the multicast one where it has a table."""
    wanted = [
        ("show ip route bgp", "B>* 10.20.0.0/16"),
        ("show ipv6 route bgp", "B>* 2001:db8:20::/48"),
        ("show bgp ipv4 multicast", "10.30.0.0/16"),
    ]
    if "zebra" not in router.ours:
        wanted.append(("show ip rpf", "10.30.0.0/16"))
    for command, text in wanted:
        until(lambda c=command, t=text: t in router.show(c), 20, f"{command} has {text}")  # type: ignore[misc]


@pytest.fixture(scope="module")
def routers() -> Iterator[dict[str, MixedRouter]]:
    """All of them at once, each with a peer of its own."""
    with Lab() as lab:
        found = {}
        for name, ours in COMBINATIONS.items():
            node, far = lab.namespace(f"{name}r"), lab.namespace(f"{name}p")
            lab.link(node, "eth0", far, "eth0")
            node.ip("address", "add", "10.0.0.1/24", "dev", "eth0")
            far.ip("address", "add", "10.0.0.2/24", "dev", "eth0")
            for one, address in ((node, "fd00::1/64"), (far, "fd00::2/64")):
                one.ip("address", "add", address, "dev", "eth0", "nodad")
            peer = FrrRouter(far, {"bgpd.conf": PEER})
            peer.start("zebra", "bgpd")
            files = {"zebra.conf": ZEBRA, "bgpd.conf": ROUTER}
            found[name] = MixedRouter(node, files, ours=ours)
            found[name].start("zebra", "bgpd")
        for router in found.values():
            await_routes(router)
        yield found


@pytest.mark.parametrize("command", UNICAST)
@pytest.mark.parametrize("name", ["bgpd", "zebra"])
def test_labels_of_next_hops_are_shown_as_by_frr(
    routers: dict[str, MixedRouter], name: str, command: str
) -> None:
    assert masked(routers[name].show(command)) == masked(routers["frr"].show(command))


@pytest.mark.parametrize("command", SWITCHED)
@pytest.mark.parametrize("name", ["bgpd", "zebra"])
def test_labels_of_prefixes_make_switched_paths_as_by_frr(
    routers: dict[str, MixedRouter], name: str, command: str
) -> None:
    """Which prefix has which label, and how wide columns are, is another time another."""

    def shown(router: MixedRouter) -> list[str]:
        text = re.sub(r"\(fd \d+\)|\b1[67]\b", "<number>", masked(router.show(command)))
        text = re.sub(r"(?<=[ -])[ -]+", "", text)
        return sorted(line.strip(",") for line in text.splitlines())

    assert shown(routers[name]) == shown(routers["frr"])


def test_multicast_routes_are_in_the_multicast_table_of_frr(
    routers: dict[str, MixedRouter],
) -> None:
    wanted = masked(routers["frr"].show("show ip rpf"))
    assert "B>  10.30.0.0/16 [20/0] via 10.0.0.2, eth0, weight 1, <age>" in wanted
    assert masked(routers["bgpd"].show("show ip rpf")) == wanted
    assert "10.30.0.0" not in routers["bgpd"].show("show ip route")


def test_multicast_routes_are_no_unicast_routes(routers: dict[str, MixedRouter]) -> None:
    assert "10.30.0.0" not in routers["zebra"].show("show ip route")
