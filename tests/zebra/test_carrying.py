"""Many routes over one set of next hops: what the kernel is told when these lead elsewhere."""

from collections import Counter

import pytest

from grammar.base.values import Address, Afi, Prefix
from tests.zebra.stack import Stack, TestClient, address, ethernet
from zebra.carrying import MANY
from zebra.kernel.api import (
    Change,
    InstallNexthop,
    InstallRoute,
    KernelRoute,
    RemoveNexthop,
    RouteKind,
    RouteProtocol,
    SetLink,
)
from zebra.zapi.constants import RouteFlag, RouteType
from zebra.zapi.messages import (
    Message,
    Nexthop,
    NexthopRegister,
    NexthopUpdate,
    NexthopWatch,
    RedistributeAdd,
    RedistributeRoute,
    Route,
    RouteAdd,
    RouteDelete,
)

COUNT = 2 * MANY


class Carried(Stack):
    """Three links, `COUNT` routes over 10.255.0.1 or several, and what the kernel is told."""

    def __init__(self) -> None:
        links = [ethernet(number + 1, f"e{number}") for number in (1, 2, 3)]
        addresses = [address(number + 1, f"10.0.{number}.1/24") for number in (1, 2, 3)]
        addresses += [address(number + 1, f"2001:db8:{number}::1/64") for number in (1, 2, 3)]
        super().__init__(links, addresses)
        self.told: list[Change] = []
        self.kernel.refuse = self._spy
        self.bgp = self.client()

    def _spy(self, change: Change) -> int:
        self.told.append(change)
        return 0

    def count(self) -> Counter[type[Change]]:
        """How many changes of each kind the kernel was told since the last call."""
        found = Counter(type(change) for change in self.told)
        self.told.clear()
        return found

    def announce(self, *gates: str, count: int = COUNT, ipv6: bool = False) -> None:
        """Routes by these next hops."""
        hops = tuple(Nexthop.via(Address.parse(gate)) for gate in gates)
        flags = RouteFlag.ALLOW_RECURSION
        self.bgp.send(
            *(
                RouteAdd(Route(RouteType.BGP, prefix(number, ipv6), hops, 20, 0, flags))
                for number in range(count)
            )
        )

    def gates(self, number: int = 0, ipv6: bool = False) -> set[str]:
        """Where the kernel sends packets to one of the routes."""
        route = self.route(number, ipv6)
        return {str(way.gate) for way in route.nexthops}

    def route(self, number: int = 0, ipv6: bool = False) -> KernelRoute:
        """One of the routes in the kernel."""
        wanted = prefix(number, ipv6)
        return next(route for route in self.kernel.routes() if route.prefix == wanted)

    def all_gates(self) -> set[str]:
        """Where all the routes lead, every one of which has to be there."""
        found = [route for route in self.kernel.routes() if route.protocol == RouteProtocol.BGP]
        assert len(found) == COUNT
        return {str(way.gate) for route in found for way in route.nexthops}

    def carried(self) -> bool:
        """All routes name one object."""
        return len({r.nhid for r in self.kernel.routes() if r.protocol == RouteProtocol.BGP}) == 1


def prefix(number: int, ipv6: bool = False) -> Prefix:
    if ipv6:
        return Prefix.parse(f"2001:db8:{0x8000 + number:x}::/48")
    return Prefix.parse(f"20.{number >> 8}.{number & 255}.0/24")


@pytest.mark.parametrize("ipv6", [False, True])
def test_one_object_moves_all_routes(ipv6: bool) -> None:
    stack = Carried()
    a, b, loop, line = (
        ("2001:db8:1::2", "2001:db8:2::2", "2001:db8:ff::1", "ipv6 route 2001:db8:ff::/64 {}")
        if ipv6
        else ("10.0.1.2", "10.0.2.2", "10.255.0.1", "ip route 10.255.0.0/24 {}")
    )
    stack.static(line.format(a))
    stack.announce(loop, ipv6=ipv6)
    assert stack.gates(ipv6=ipv6) == {a}
    stack.count()
    stack.static("no " + line.format(a), line.format(b))
    assert stack.gates(COUNT - 1, ipv6) == {b}
    stack.count()
    stack.static(line.format(a))  # beside the other: ECMP
    assert stack.gates(ipv6=ipv6) == {a, b}
    told = stack.count()
    assert told[InstallRoute] == 1  # the static route's own
    assert told[InstallNexthop] <= 3
    stack.static("no " + line.format(b))
    assert stack.gates(7, ipv6) == {a}
    assert stack.count()[InstallRoute] == 1
    assert stack.carried()


def resolve_over(stack: Carried, *lines: str) -> None:
    """The routes, over a static one that these lines of staticd make."""
    stack.static(*lines)
    stack.announce("10.255.0.1")
    assert stack.carried()
    stack.count()


def move(stack: Carried) -> None:
    """To the other gateway, without a moment between the two in which there is none."""
    stack.static("ip route 10.255.0.0/24 10.0.2.2")
    stack.static("no ip route 10.255.0.0/24 10.0.1.2")


def test_routes_that_came_before_the_many_move_too() -> None:
    stack = Carried()
    stack.static("ip route 10.255.0.0/24 10.0.1.2")
    stack.announce("10.255.0.1", count=MANY - 1)
    few = stack.route().nhid
    assert not next(one for one in stack.kernel.nexthops() if one.id == few).group
    stack.announce("10.255.0.1", count=MANY)
    assert stack.carried()
    assert stack.route().nhid != few
    shown = stack.show(f"show ip route {prefix(0)} nexthop-group")
    assert f"  Nexthop Group ID: {stack.route().nhid}\n" in shown
    assert "Installed" not in shown  # only another number is told


def test_a_link_of_several_goes_and_comes() -> None:
    stack = Carried()
    resolve_over(stack, "ip route 10.255.0.0/24 10.0.1.2", "ip route 10.255.0.0/24 10.0.2.2")
    stack.kernel.change(SetLink(2, False))
    stack.settle()
    assert stack.gates() == {"10.0.2.2"}
    assert stack.count()[InstallRoute] <= 2  # the static one, for each of its next hops
    stack.kernel.change(SetLink(2, True))
    stack.settle()
    assert stack.gates(5) == {"10.0.1.2", "10.0.2.2"}
    assert stack.count()[InstallRoute] <= 2


def test_several_next_hops_of_the_routes_themselves() -> None:
    stack = Carried()
    stack.announce("10.0.1.2", "10.0.2.2")
    stack.count()
    stack.kernel.change(SetLink(2, False))
    stack.settle()
    assert stack.gates() == {"10.0.2.2"}
    assert stack.count()[InstallRoute] == 0
    rows = [row for row in stack.routes() if "10.0.1.2" in row]
    assert rows
    assert all("inactive" in row for row in rows)
    stack.kernel.change(SetLink(2, True))
    stack.settle()
    assert stack.gates(9) == {"10.0.1.2", "10.0.2.2"}
    assert stack.count()[InstallRoute] == 0
    assert not any("inactive" in row for row in stack.routes())


def test_the_only_link_goes() -> None:
    """The kernel drops the object and all routes: they are put back over the other link."""
    stack = Carried()
    resolve_over(stack, "ip route 10.255.0.0/24 10.0.1.2", "ip route 10.255.0.0/24 10.0.2.2 50")
    stack.kernel.change(SetLink(2, False))
    stack.settle()
    assert stack.all_gates() == {"10.0.2.2"}
    told = stack.count()
    assert told[InstallRoute] == COUNT + 1
    assert stack.zebra.fib.counters.errors == 0
    stack.kernel.change(SetLink(2, True))
    stack.settle()
    assert stack.gates() == {"10.0.1.2"}
    assert stack.count()[InstallRoute] == 1


def test_a_link_that_comes_back_at_once() -> None:
    stack = Carried()
    resolve_over(stack, "ip route 10.255.0.0/24 10.0.1.2")
    for up in (False, True):
        stack.kernel.change(SetLink(2, up))
    stack.settle()
    assert stack.all_gates() == {"10.0.1.2"}


def test_into_a_blackhole_and_out() -> None:
    stack = Carried()
    resolve_over(stack, "ip route 10.255.0.0/24 10.0.1.2")
    stack.static("ip route 10.255.0.1/32 blackhole")
    assert stack.route().type is RouteKind.BLACKHOLE
    assert stack.count()[InstallRoute] == 1
    assert "unreachable (blackhole)" in stack.show("show ip route")
    stack.static("no ip route 10.255.0.1/32 blackhole")
    assert stack.gates() == {"10.0.1.2"}
    assert stack.count()[InstallRoute] == 0
    stack.static("ip route 10.255.0.1/32 reject")  # an object cannot say that
    assert stack.route(COUNT - 1).type is RouteKind.UNREACHABLE
    stack.static("no ip route 10.255.0.1/32 reject")
    assert stack.gates() == {"10.0.1.2"}


def test_others_over_the_same_gateway_stay() -> None:
    stack = Carried()
    resolve_over(stack, "ip route 10.255.0.0/24 10.0.1.2", "ip route 30.0.0.0/24 10.0.1.2")
    move(stack)
    assert stack.gates() == {"10.0.2.2"}
    other = next(r for r in stack.kernel.routes() if str(r.prefix) == "30.0.0.0/24")
    assert [str(way.gate) for way in other.nexthops] == ["10.0.1.2"]


def test_a_route_around_its_own_next_hop_has_its_own_way() -> None:
    stack = Carried()
    resolve_over(stack, "ip route 10.255.0.0/24 10.0.1.2", "ip route 10.0.0.0/8 10.0.3.2")
    hops = (Nexthop.via(Address.parse("10.255.0.1")),)
    flags = RouteFlag.ALLOW_RECURSION
    around = Prefix.parse("10.255.0.0/25")
    stack.bgp.send(RouteAdd(Route(RouteType.BGP, around, hops, 20, 0, flags)))
    assert "B   10.255.0.0/25 [20/0] via 10.255.0.1 inactive, weight 1" in stack.routes()
    stack.bgp.send(RouteDelete(Route(RouteType.BGP, around)))
    move(stack)
    assert stack.gates() == {"10.0.2.2"}


def heard(client: TestClient, kind: type[Message]) -> list[Message]:
    return [message for message in client.heard if isinstance(message, kind)]


def test_those_who_watch_and_who_get_the_routes_hear_of_it() -> None:
    stack = Carried()
    resolve_over(stack, "ip route 10.255.0.0/24 10.0.1.2")
    other = stack.client(RouteType.OSPF)
    watched = NexthopRegister((NexthopWatch(Prefix.parse("20.0.1.7/32")),))
    other.send(watched, RedistributeAdd(Afi.IPV4, RouteType.BGP))
    assert len(heard(other, RedistributeRoute)) == COUNT
    other.heard.clear()
    move(stack)
    update = heard(other, NexthopUpdate)[-1]
    assert isinstance(update, NexthopUpdate)
    assert [str(hop.gate) for hop in update.nexthops] == ["10.0.2.2"]
    assert len(heard(other, RedistributeRoute)) == 2 * COUNT  # over both, then over one


def test_routes_over_the_routes_follow() -> None:
    stack = Carried()
    resolve_over(stack, "ip route 10.255.0.0/24 10.0.1.2", "ip route 30.0.0.0/24 20.0.1.7")
    move(stack)
    over = next(r for r in stack.kernel.routes() if str(r.prefix) == "30.0.0.0/24")
    assert [str(way.gate) for way in over.nexthops] == ["10.0.2.2"]


def test_a_refused_object_leaves_no_route_on_the_former_way() -> None:
    stack = Carried()
    resolve_over(stack, "ip route 10.255.0.0/24 10.0.1.2")
    stack.kernel.refuse = lambda change: 22 * (
        isinstance(change, InstallNexthop) and bool(change.nexthop.group)
    )
    move(stack)
    assert not [route for route in stack.kernel.routes() if route.protocol == RouteProtocol.BGP]
    assert any(row.startswith("B>r") for row in stack.routes())


def test_an_object_deleted_by_hand_comes_back_with_its_routes() -> None:
    stack = Carried()
    resolve_over(stack, "ip route 10.255.0.0/24 10.0.1.2")
    stack.kernel.change(RemoveNexthop(stack.route().nhid))
    stack.settle()
    assert stack.all_gates() == {"10.0.1.2"}


def test_routes_refused_because_their_object_had_just_gone_come_back_too() -> None:
    stack = Carried()
    resolve_over(stack, "ip route 10.255.0.0/24 10.0.1.2")
    object_of_all, deleted = stack.route().nhid, 0

    def flushing(change: Change) -> int:
        # `ip nexthop flush` takes the group and its member one after the other.
        nonlocal deleted
        if isinstance(change, InstallRoute) and deleted < 3:
            deleted += 1
            stack.kernel.change(RemoveNexthop(object_of_all))
        return 0

    stack.kernel.refuse = flushing
    stack.kernel.change(RemoveNexthop(object_of_all))
    stack.settle()
    assert deleted == 3
    assert stack.all_gates() == {"10.0.1.2"}
    assert not any(row.startswith("B>r") for row in stack.routes())


def test_nothing_is_left_when_the_routes_go() -> None:
    stack = Carried()
    before = {group.id: group.refs for group in stack.zebra.groups}
    resolve_over(stack, "ip route 10.255.0.0/24 10.0.1.2")
    move(stack)
    stack.bgp.send(*(RouteDelete(Route(RouteType.BGP, prefix(number))) for number in range(COUNT)))
    stack.static("no ip route 10.255.0.0/24 10.0.2.2")
    stack.scheduler.advance(600)
    assert {group.id: group.refs for group in stack.zebra.groups} == before
    assert len(stack.kernel.nexthops()) == sum(group.installed for group in stack.zebra.groups)
