"""zebra's and staticd's configuration beside FRR's: the same lines in, the same lines and routes.

Both routers load one file with each one's own vtysh; what they print, what their kernels hold and
what the sysctls say must be the same, at the start and after each deed.
"""

import difflib
import re
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

import pytest

from tests.support.frr import FrrRouter
from tests.support.masks import AGE, LINK_LOCAL, mask
from tests.support.namespaces import Lab
from tests.support.ours import OurRouter
from tests.support.router import Router
from tests.support.wait import until

pytestmark = pytest.mark.real

CONFIG = """\
ip import-table 100 distance 44
zebra route-map delay-timer 1
allow-external-route-update
zebra nexthop-group keep 60
ip multicast rpf-lookup-mode mrib-only
zebra dplane limit 100
evpn mh startup-delay 60
mpls label bind 10.200.0.0/16 300
mpls label global-block 16000 17000
ip protocol static route-map STATIC
ipv6 protocol static route-map STATIC6
ip nht bgp route-map NEXTHOPS
!
vrf red
 vni 100
 ip nht resolve-via-default
 ip protocol bgp route-map STATIC
 ip route 10.70.0.0/16 10.0.0.9
 ip route 10.70.0.0/16 10.0.0.8 nexthop-vrf default
exit-vrf
!
interface eth0
 description first link
 bandwidth 100
 ipv6 nd ra-interval 30
 ipv6 nd ra-lifetime 90
 ipv6 nd prefix 2001:db8:7::/64 infinite 3600 no-autoconfig
 ipv6 nd prefix 2001:db8::/64 3600 1800 off-link
 ipv6 nd rdnss 2001:db8::53
 ipv6 nd dnssl example.net 60
 link-params
  enable
  metric 7
  admin-grp 0x3
 exit-link-params
exit
!
interface eth1
 ip address 10.1.0.1 peer 10.1.0.2/32
 shutdown
 mpls enable
 no link-detect
exit
!
interface later0
 ip address 10.8.0.1/24
 multicast
exit
!
ip prefix-list HIDDEN permit 10.54.0.0/16
ip prefix-list NINE permit 10.0.0.9/32
!
route-map STATIC deny 5
 match ip address prefix-list HIDDEN
exit
!
route-map STATIC deny 6
 match ip next-hop prefix-list NINE
 match tag 7
exit
!
route-map STATIC permit 10
 set src 10.0.0.77
exit
!
route-map STATIC6 permit 10
 set src 2001:db8::77
exit
!
ip route 10.50.0.0/16 10.0.0.9
ip route 10.51.0.0/16 10.0.0.8 77
ip route 10.51.0.0/16 10.0.0.9 77 tag 5
ip route 10.52.0.0/16 blackhole
ip route 10.53.0.0/16 reject 30
ip route 10.64.0.0/16 eth0 40
ip route 10.54.0.0/16 10.0.0.9
ip route 10.55.0.0/16 10.0.0.9 tag 7
ip route 10.56.0.0/16 10.50.0.1
ip route 10.57.0.0/16 10.0.0.9 eth0 onlink
ip route 10.58.0.0/16 192.168.1.1 eth0 onlink
ip route 10.59.0.0/16 Null0 255
ip route 0.0.0.0/0 10.0.0.254
ip route 10.61.0.0/16 192.0.2.9
ip route 10.62.0.0/16 10.1.0.2
ip mroute 10.63.0.0/16 10.0.0.9 5
ipv6 route 2001:db8:50::/48 2001:db8::9
ipv6 route 2001:db8:51::/48 fe80::9 eth0 9
ipv6 route 2001:db8:53::/48 reject
!
segment-routing
 srv6
  locators
   locator ONE
    prefix 2001:db8:aaaa::/48 func-bits 20
   exit
   !
  exit
  !
 exit
 !
exit
!
pseudowire pw0
 mpls label local 100 remote 200
 neighbor 10.0.0.9
exit
"""
SHOWS = (
    "show running-config",
    "show ip route",
    "show ip route table 42",
    "show ip route table 100",
    "show ipv6 route",
    "show ip protocol",
    "show ip forwarding",
    "show ipv6 forwarding",
)
FAMILIES = ("-4", "-6")


def _masked(text: str) -> str:
    text = re.sub(LINK_LOCAL, "<link-local>", mask(text))
    text = re.sub("(?m)^hostname .*$", "hostname <host>", text)
    text = re.sub(r"(?m)^.* table local .*\n", "", text)
    text = re.sub(r"nhid \S+ |expires \S+ ", "", re.sub(AGE, "<age>", text))
    found = re.split(r"\n(?!\t)", text)
    return "\n".join("\n\t".join(sorted(route.split("\n\t"))) for route in found)


def _state(router: Router) -> str:
    said = router.vtysh(*SHOWS)
    assert said.exit == 0, said.text
    node = router.namespace
    kernel = [node.ip(family, "route", "list", "table", "all") for family in FAMILIES]
    addresses = re.findall(
        r"^\d+: (\S+)\s+(inet6? \S+(?: peer \S+)?)", node.ip("-o", "address"), re.M
    )
    sysctls = node.run(["sysctl", "net.ipv4.ip_forward", "net.ipv6.conf.all.forwarding"]).stdout
    listed = "\n".join(f"{device} {address}" for device, address in sorted(addresses))
    return _masked("\n".join([said.stdout, *kernel, listed, sysctls]))


@pytest.fixture(scope="module")
def routers() -> Iterator[dict[str, Router]]:
    with Lab() as lab:
        made: dict[str, Router] = {}
        for kind in (FrrRouter, OurRouter):
            node, far = lab.namespace(f"{kind.kind}-z"), lab.namespace(f"{kind.kind}-y")
            for device in ("eth0", "eth1"):
                lab.link(node, device, far, device)
            node.ip("route", "add", "10.90.0.0/16", "dev", "eth0", "table", "100")
            for address in ("10.0.0.1/24", "10.0.0.77/24", "2001:db8::1/64", "2001:db8::77/64"):
                node.ip("address", "add", address, "dev", "eth0")
            made[kind.kind] = kind(node, {"frr.conf": CONFIG})
        with ThreadPoolExecutor() as threads:
            list(threads.map(lambda router: router.start("zebra", "staticd"), made.values()))
        yield made


def _equal(routers: dict[str, Router], what: str) -> str:
    """Wait until both say the same; what they say."""

    def same() -> str:
        frr, ours = (_state(router) for router in routers.values())
        lines = difflib.unified_diff(
            frr.splitlines(), ours.splitlines(), "frr", "ours", lineterm=""
        )
        assert frr == ours, "\n".join(lines)
        return frr

    return until(same, 12, f"the same {what}", interval=0.3)


def _both(routers: dict[str, Router], *lines: str) -> None:
    for router in routers.values():
        router.configure(*lines)


def test_the_file_is_taken_printed_and_carried_out(routers: dict[str, Router]) -> None:
    until(
        lambda: all("src 10.0.0.77" in _state(router) for router in routers.values()),
        10,
        "the source address of static routes in both kernels",
    )
    said = _equal(routers, "after loading the file")
    assert "10.54.0.0/16 dev" not in said
    assert "T[100]>* 10.90.0.0/16 [44/0]" in said


def test_a_route_map_of_a_protocol_changes(routers: dict[str, Router]) -> None:
    _both(routers, "route-map STATIC permit 10", "set src 10.0.0.1")
    until(
        lambda: all(
            "10.50.0.0/16 via 10.0.0.9 dev eth0 proto static src 10.0.0.1 " in _state(r)
            for r in routers.values()
        ),
        10,
        "the other source address",
    )
    _equal(routers, "with another source address")
    _both(routers, "no ip protocol static route-map STATIC")
    said = _equal(routers, "without the route-map")
    assert "10.54.0.0/16 via 10.0.0.9" in said
    _both(routers, "ip protocol static route-map STATIC")
    said = _equal(routers, "with the route-map again")
    assert "10.54.0.0/16 via 10.0.0.9 dev" not in said


def test_the_default_route_resolves_next_hops_when_told_so(routers: dict[str, Router]) -> None:
    _both(routers, "ip nht resolve-via-default")
    said = _equal(routers, "with next hops over the default route")
    assert "S>  10.61.0.0/16" in said
    _both(routers, "no ip nht resolve-via-default")
    _equal(routers, "without")


def test_a_route_map_of_next_hops(routers: dict[str, Router]) -> None:
    """staticd hears that what a map denies does not resolve."""
    # FRR may leave a route inactive that resolves over one that came back meanwhile.
    _both(routers, "no ip route 10.56.0.0/16 10.50.0.1")
    _both(routers, "route-map NOTHING deny 10")
    _both(routers, "ip nht static route-map NOTHING")
    said = _equal(routers, "with no route that may resolve")
    assert "10.50.0.0/16 via" not in said
    assert "10.57.0.0/16 via" in said
    _both(routers, "no route-map NOTHING", "route-map NOTHING permit 20")
    until(
        lambda: all("10.50.0.0/16 via" in _state(router) for router in routers.values()),
        10,
        "the routes that may resolve again",
    )
    _equal(routers, "with routes that may")
    _both(routers, "no ip nht static route-map NOTHING", "no route-map NOTHING")
    _equal(routers, "without the map")


def test_routes_in_another_table(routers: dict[str, Router]) -> None:
    route = "ip route 10.60.0.0/16 10.0.0.9 table 42"
    _both(routers, route, "ip route 10.60.0.0/16 blackhole 20 table 42")
    said = _equal(routers, "with routes in a table")
    assert "10.60.0.0/16 via 10.0.0.9 dev eth0 table 42 proto static" in said
    _both(routers, f"no {route}")
    assert "blackhole 10.60.0.0/16 table 42" in _equal(routers, "with a blackhole in it")


def test_forwarding_drives_the_kernel(routers: dict[str, Router]) -> None:
    for on in ("ip forwarding", "no ip forwarding"):
        _both(routers, on, on.replace("ip ", "ipv6 "))
        wanted = "0" if on.startswith("no") else "1"
        assert f"net.ipv4.ip_forward = {wanted}" in _equal(routers, on)


def test_interfaces_follow_their_lines(routers: dict[str, Router]) -> None:
    _both(routers, "interface eth1", "no shutdown")
    said = _equal(routers, "with the second link up")
    assert "S>  10.62.0.0/16" in said or "S>* 10.62.0.0/16" in said
    _both(routers, "interface eth0", "ip address 10.2.0.1/24", "ipv6 address 2001:db8:2::1/64")
    said = _equal(routers, "with further addresses")
    assert "C>* 10.2.0.0/24" in said
    assert "C>* 2001:db8:2::/64" in said
    _both(routers, "interface eth0", "no ip address 10.2.0.1/24", "no ipv6 nd ra-lifetime")
    assert "10.2.0.0/24" not in _equal(routers, "without one of them")
    for router in routers.values():
        # Without link-local addresses, which come in an order of their own.
        router.namespace.sysctl("net.ipv6.conf.default.disable_ipv6=1")
        router.namespace.ip("link", "add", "later0", "type", "veth", "peer", "name", "later1")
        router.namespace.ip("link", "set", "later1", "up")
        router.namespace.ip("link", "set", "later0", "up")
    until(
        lambda: all("later0 inet 10.8.0.1/24" in _state(r) for r in routers.values()),
        10,
        "the address of the interface that came later",
    )
    _equal(routers, "with an interface that came later")


def test_what_is_printed_loads_to_the_same(routers: dict[str, Router]) -> None:
    for router in routers.values():
        before = router.show("show running-config")
        text = before.partition("!\n")[2]
        path = router.write("again.conf", re.sub("(?m)^mpls label bind .*$", "", text))
        loaded = router.vtysh_run("-f", path)
        assert loaded.exit == 0, loaded.text
        assert router.show("show running-config") == before
