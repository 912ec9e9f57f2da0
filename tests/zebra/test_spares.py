"""Spare next hops of clients' routes: looked up, kept apart, shown, and left out of the kernel."""

from dataclasses import replace

from grammar.base.values import Address, Prefix
from tests.zebra.stack import Stack, address, ethernet
from zebra.kernel.api import SetLink
from zebra.zapi.constants import RouteFlag, RouteType
from zebra.zapi.messages import Nexthop, NexthopRegister, NexthopUpdate, NexthopWatch, Route
from zebra.zapi.routes import RouteAdd, RouteDelete


def lan() -> Stack:
    return Stack(
        [ethernet(2, "e1"), ethernet(3, "e2")],
        [address(2, "10.0.1.1/24"), address(3, "10.0.2.1/24")],
    )


def via(gate: str, *backups: int) -> Nexthop:
    return replace(Nexthop.via(Address.parse(gate)), backups=backups)


def add(prefix: str, *hops: Nexthop, spares: tuple[Nexthop, ...] = ()) -> RouteAdd:
    flags = RouteFlag.ALLOW_RECURSION
    route = Route(RouteType.ISIS, Prefix.parse(prefix), hops, 115, 0, flags, backups=spares)
    return RouteAdd(route)


def test_spares_follow_their_links() -> None:
    stack = lan()
    client = stack.client(RouteType.ISIS)
    client.send(add("10.50.0.0/16", via("10.0.1.2", 0), spares=(via("10.0.2.2"),)))
    first = "I>* 10.50.0.0/16 [115/0] via 10.0.1.2, e1, weight 1, backup 0"
    rows = stack.show("show ip route isis").splitlines()
    assert rows[-1] == "  b                        via 10.0.2.2, e2, weight 1"
    assert first in stack.routes()
    stack.kernel.change(SetLink(3, False))
    stack.settle()
    rows = stack.show("show ip route isis").splitlines()
    assert rows[-1] == "  b                        via 10.0.2.2 inactive, weight 1"
    assert first in stack.routes()
    (route,) = (route for route in stack.kernel.routes() if str(route.prefix) == "10.50.0.0/16")
    assert [str(way.gate) for way in route.nexthops] == ["10.0.1.2"]


def test_spares_are_found_through_recursion_and_told_to_who_tracks() -> None:
    stack = lan()
    client = stack.client(RouteType.ISIS)
    spares = (via("10.0.2.2"), via("10.0.2.3"))
    watched = Prefix.parse("10.50.0.1/32")
    client.send(NexthopRegister((NexthopWatch(watched),)))
    told = client.send(add("10.50.0.0/16", via("10.0.1.2", 1), spares=spares))
    (update,) = (one for one in told if isinstance(one, NexthopUpdate))
    assert [hop.backups for hop in update.nexthops] == [(1,)]
    client.send(add("10.60.0.0/16", via("10.50.0.1", 0), spares=(via("10.0.2.9"),)))
    rows = stack.show("show ip route 10.60.0.0/16").splitlines()
    assert rows[-5:-1] == [
        "    10.50.0.1 (recursive), weight 1, backup 0",
        "      b 10.0.2.9, via e2, weight 1",
        "  *   10.0.1.2, via e1, weight 1, backup 1",
        "      b 10.0.2.3, via e2, weight 1",
    ]


def test_groups_of_spares_come_and_go_with_their_routes() -> None:
    stack = lan()
    client = stack.client(RouteType.ISIS)
    before = stack.zebra.groups.by_id.keys() | ()
    made = add("10.50.0.0/16", via("10.0.1.2", 0), via("10.0.1.3"), spares=(via("10.0.2.2"),))
    client.send(made)
    assert "[backup 0]\n" in stack.show("show nexthop-group rib")
    client.send(RouteDelete(made.route))
    for _ in range(2):  # the group, then those it was made of
        stack.scheduler.advance(200)
    assert stack.zebra.groups.by_id.keys() == before


def test_a_route_that_names_a_spare_beyond_the_last_is_not_taken() -> None:
    stack = lan()
    stack.client(RouteType.ISIS).send(
        add("10.50.0.0/16", via("10.0.1.2", 1), spares=(via("10.0.2.2"),))
    )
    assert not any("10.50.0.0/16" in row for row in stack.routes())
