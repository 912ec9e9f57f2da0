"""Tables beside the usual ones: routes of sources, and those of multicast."""

import pytest

from tests.zebra.stack import Stack, address, ethernet
from zebra.carrying import MANY
from zebra.kernel.api import InstallRoute, RemoveRoute, RouteProtocol, SetLink


@pytest.fixture
def stack() -> Stack:
    links = [ethernet(2, "eth0"), ethernet(3, "eth1")]
    addresses = [address(2, "2001:db8::1/64"), address(2, "10.0.0.1/24"), address(3, "10.1.0.1/24")]
    return Stack(links, addresses)


def installed(stack: Stack) -> list[tuple[str, str, int]]:
    return [
        (str(route.prefix), str(route.source), route.nhid)
        for route in stack.kernel.routes()
        if route.protocol is RouteProtocol.ZSTATIC
    ]


def static(stack: Stack, line: str = "show ipv6 route") -> list[str]:
    return [row for row in stack.routes(line) if row[:1] in "SK"]


def test_routes_of_sources_stand_beside_that_of_all(stack: Stack) -> None:
    stack.static(
        "ipv6 route 2001:db8:1::/48 from 2001:db8:b::/48 eth0",
        "ipv6 route 2001:db8:1::/48 from 2001:db8:a::/48 2001:db8::9",
        "ipv6 route 2001:db8:1::/48 from ::/0 blackhole",
    )
    assert static(stack) == [
        "S>* 2001:db8:1::/48 [1/0] unreachable (blackhole), weight 1",
        "S>* 2001:db8:1::/48 from 2001:db8:a::/48 [1/0] via 2001:db8::9, eth0, weight 1",
        "S>* 2001:db8:1::/48 from 2001:db8:b::/48 [1/0] is directly connected, eth0, weight 1",
    ]
    prefix = "2001:db8:1::/48"
    assert sorted(installed(stack)) == [
        (prefix, "2001:db8:a::/48", 0),
        (prefix, "2001:db8:b::/48", 0),
        (prefix, "None", 0),
    ]
    stack.static("no ipv6 route 2001:db8:1::/48 from 2001:db8:a::/48 2001:db8::9")
    assert len(static(stack)) == len(installed(stack)) == 2
    stack.kernel.change(SetLink(2, False))
    stack.settle()
    assert installed(stack) == [(prefix, "None", 0)]


def test_routes_of_sources_that_others_change(stack: Stack) -> None:
    stack.static("ipv6 route 2001:db8:1::/48 from 2001:db8:a::/48 2001:db8::9")
    (route,) = (one for one in stack.kernel.routes() if one.source is not None)
    stack.kernel.change(RemoveRoute(route))
    stack.settle()
    assert installed(stack) == [("2001:db8:1::/48", "2001:db8:a::/48", 0)]
    foreign = type(route)(
        route.prefix, route.nexthops, protocol=RouteProtocol.BOOT, metric=7, source=route.source
    )
    stack.kernel.change(InstallRoute(foreign))
    stack.settle()
    row = "K>* 2001:db8:1::/48 from 2001:db8:a::/48 [0/7] via 2001:db8::9, eth0"
    assert static(stack)[0] == row
    stack.kernel.change(RemoveRoute(foreign))
    stack.settle()
    assert [row[:3] for row in static(stack)] == ["S>*"]


def test_multicast_routes_are_chosen_and_in_no_kernel(stack: Stack) -> None:
    before = stack.kernel.routes()
    stack.static(
        "ip mroute 10.2.0.0/16 eth1 5",
        "ip mroute 10.2.0.0/16 eth0",
        "ip mroute 10.3.0.0/16 10.1.0.9",
    )
    assert stack.routes("show ip rpf") == [
        "C>  10.0.0.0/24 is directly connected, eth0",
        "C>  10.1.0.0/24 is directly connected, eth1",
        "S>  10.2.0.0/16 [1/0] is directly connected, eth0, weight 1",
        "S   10.2.0.0/16 [5/0] is directly connected, eth1, weight 1",
    ]
    assert stack.kernel.routes() == before
    assert "10.1.0.9\n unresolved\n" in stack.show("show ip nht mrib")
    assert "10.1.0.9" not in stack.show("show ip nht")
    stack.static("no ip mroute 10.2.0.0/16 eth0")
    assert "S>  10.2.0.0/16 [5/0] is directly connected, eth1" in stack.show("show ip rpf")
    stack.kernel.change(SetLink(3, False))
    stack.settle()
    assert stack.routes("show ip rpf") == ["C>  10.0.0.0/24 is directly connected, eth0"]


def test_a_gateway_is_not_oneself(stack: Stack) -> None:
    stack.static("ip route 10.9.0.0/16 10.0.0.1", "ip route 10.8.0.0/16 10.0.0.2")
    assert [row.split()[1] for row in static(stack, "show ip route")] == ["10.8.0.0/16"]


def test_a_next_hop_that_a_map_does_not_let_resolve_is_shown_as_filtered(stack: Stack) -> None:
    stack.static("ip route 10.8.0.0/16 10.0.0.2")
    stack.configure("route-map T permit 10", "match tag 7", "ip nht static route-map T")
    assert stack.show("show ip nht").endswith(" Client list: static(fd 14)(filtered)\n")
    stack.configure("no ip nht static route-map T")
    assert stack.show("show ip nht").endswith(" Client list: static(fd 14)\n")


def test_routes_of_sources_follow_next_hops_that_many_share(stack: Stack) -> None:
    stack.static("ipv6 route 2001:db8:f::/64 2001:db8::9")
    stack.static(*(f"ipv6 route 2001:db8:1:{n:x}::/64 2001:db8:f::1" for n in range(MANY + 1)))
    stack.static("ipv6 route 2001:db8:1::/64 from 2001:db8:a::/48 2001:db8:f::1")

    def gate() -> list[str]:
        routes = (route for route in stack.kernel.routes() if route.source is not None)
        return [str(way.gate) for route in routes for way in route.nexthops]

    assert gate() == ["2001:db8::9"]
    stack.static("ipv6 route 2001:db8:f::/64 2001:db8::8")
    stack.static("no ipv6 route 2001:db8:f::/64 2001:db8::9")
    assert gate() == ["2001:db8::8"]
