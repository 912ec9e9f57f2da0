"""`explain ip route`: candidates, next hops step by step, the kernel and its refusals."""

import errno
import json

import pytest

from grammar.base.values import Address, Prefix
from tests.zebra.stack import Stack, TestClient, address, ethernet
from zebra.kernel.api import Change, InstallRoute
from zebra.zapi.constants import RouteFlag, RouteType
from zebra.zapi.messages import Nexthop, Route, RouteAdd


def bgp(prefix: str, gateway: str, distance: int = 200, *, near: bool = False) -> RouteAdd:
    """A route as bgpd gives it; `near` that of a neighbour on the link."""
    flags = RouteFlag(0) if near else RouteFlag.ALLOW_RECURSION | RouteFlag.IBGP
    hop = Nexthop.via(Address.parse(gateway))
    return RouteAdd(Route(RouteType.BGP, Prefix.parse(prefix), (hop,), distance, 0, flags=flags))


@pytest.fixture
def stack() -> Stack:
    """zebra with one link, static routes, and routes of bgpd of all kinds."""
    made = Stack([ethernet(2, "e1")], [address(2, "10.0.1.1/24")])
    made.static(
        "ip route 10.20.0.0/16 10.0.1.2",
        "ip route 10.20.0.0/16 10.0.1.3 200",
        "ip route 10.0.1.0/24 Null0",
    )
    client(made).send(
        bgp("10.20.0.0/16", "10.0.1.4"),
        bgp("10.21.0.0/16", "10.20.0.9"),
        bgp("10.22.0.0/16", "10.99.0.1"),
        bgp("10.23.0.0/16", "10.23.0.1"),
        bgp("10.24.0.0/16", "10.0.1.2", 255),
        bgp("10.25.0.0/16", "10.20.0.9", 20, near=True),
    )
    return made


def client(stack: Stack) -> TestClient:
    stack.bgpd = stack.client()  # type: ignore[attr-defined]  # it lives as long as the stack
    return stack.bgpd  # type: ignore[attr-defined,no-any-return]


def lines(stack: Stack, words: str) -> list[str]:
    return [line.strip() for line in stack.show(f"explain ip route {words}").splitlines()]


@pytest.mark.parametrize(
    ("words", "says"),
    [
        ("10.20.0.0/16", "used: the lower distance wins: 1 against 200 of static"),
        ("10.20.0.0/16", "not used: the lower distance wins: 200 against 1 of static"),
        ("10.20.7.7", "next hop via 10.0.1.2, e1: reached over the connected route 10.0.1.0/24"),
        ("10.21.0.0/16", "next hop via 10.20.0.9: recursive, over the static route 10.20.0.0/16"),
        ("10.21.0.0/16", "leads to via 10.0.1.2, e1"),
        ("10.22.0.0/16", "next hop via 10.99.0.1: cannot be used: no route leads to it"),
        ("10.22.0.0/16", "kernel: nothing, since no route is used"),
        ("10.23.0.0/16", "no route to it but this one, over which it must not resolve"),
        ("10.0.1.0/24", "used: connected routes come before all others: connected against static"),
        ("10.0.1.0/24", "kernel: the route is the kernel's own"),
        ("10.24.0.0/16", "not used: distance 255 is never used"),
        (
            "10.25.0.0/16",
            "cannot be used: it is reached over the static route 10.20.0.0/16 only, "
            "and this route wants a connected next hop",
        ),
        ("10.20.0.0/16", "kernel: has it in table 254"),
        ("10.20.128.0/17", "nobody has given zebra a route to it; packets go by 10.20.0.0/16"),
        ("192.0.2.1", "% No route leads to 192.0.2.1"),
        ("vrf red 192.0.2.1", "% VRF red not found"),
    ],
)
def test_a_route_is_explained(stack: Stack, words: str, says: str) -> None:
    assert any(says in line for line in lines(stack, words))


def test_only_the_default_route_is_named(stack: Stack) -> None:
    stack.configure("no ip nht resolve-via-default")
    stack.static("ip route 0.0.0.0/0 10.0.1.2")
    assert any(
        "(`ip nht resolve-via-default` allows)" in each for each in lines(stack, "10.22.0.0/16")
    )


def test_the_kernels_refusal_is_told_with_its_error(stack: Stack) -> None:
    def refuse(change: Change) -> int:
        return errno.ENOMEM if isinstance(change, InstallRoute) else 0

    stack.kernel.refuse = refuse
    stack.static("ip route 10.27.0.0/16 10.0.1.2")
    answer = json.loads(stack.show("explain ip route 10.27.0.0/16 json"))
    assert answer["selected"] == "static"
    assert answer["inKernel"] is False
    assert answer["kernel"] == [
        {
            "text": "kernel: it refused the route: Cannot allocate memory (error 12)",
            "state": "refused",
            "error": errno.ENOMEM,
        }
    ]


def test_a_map_of_a_protocol_is_named(stack: Stack) -> None:
    stack.configure("route-map NONE deny 10", "exit", "ip protocol static route-map NONE")
    stack.static("ip route 10.28.0.0/16 10.0.1.2")
    told = " ".join(lines(stack, "10.28.0.0/16"))
    assert "route-map NONE of `ip protocol static` denies it" in told


def test_programs_get_the_same(stack: Stack) -> None:
    answer = json.loads(stack.show("explain ip route 10.20.0.0/16 json"))
    reasons = [(one["protocol"], one["selected"], one["reason"]) for one in answer["candidates"]]
    assert reasons == [
        ("bgp", False, "distance"),
        ("static", False, "distance"),
        ("static", True, "distance"),
    ]
    assert answer["kernel"][0]["state"] == "installed"
