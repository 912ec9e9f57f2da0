"""Resolution of next hops, their tracking, and the interfaces and addresses they depend on."""

from grammar.base.values import Address, Prefix
from tests.zebra.stack import Stack, address, ethernet
from zebra.config import name_key
from zebra.kernel.api import AddAddress, RemoveAddress, SetLink
from zebra.zapi.constants import NexthopType, NotifyNote, RouteFlag, RouteType
from zebra.zapi.messages import (
    Message,
    Nexthop,
    NexthopRegister,
    NexthopUnregister,
    NexthopUpdate,
    NexthopWatch,
    Route,
    RouteAdd,
    RouteNotifyOwner,
)


def lan() -> Stack:
    return Stack(
        [ethernet(2, "e1"), ethernet(3, "e2")],
        [address(2, "10.0.1.1/24"), address(3, "10.0.2.1/24")],
    )


def bgp(prefix: str, *gates: str, flags: RouteFlag = RouteFlag.NONE) -> RouteAdd:
    nexthops = tuple(Nexthop.via(Address.parse(gate)) for gate in gates)
    return RouteAdd(Route(RouteType.BGP, Prefix.parse(prefix), nexthops, 20, 0, flags))


def watch(
    text: str, *, connected: bool = False, resolve_via_default: bool = False
) -> NexthopRegister:
    prefix = Prefix.parse(text if "/" in text else f"{text}/32")
    return NexthopRegister((NexthopWatch(prefix, connected, resolve_via_default),))


def updates(heard: list[Message]) -> list[tuple[str, RouteType, int]]:
    return [
        (str(message.resolved), message.type, len(message.nexthops))
        for message in heard
        if isinstance(message, NexthopUpdate)
    ]


NOTHING = ("0.0.0.0/0", RouteType.SYSTEM, 0)


def test_recursion_needs_the_flag() -> None:
    stack = lan()
    stack.static("ip route 10.9.0.0/16 10.0.1.2")
    client = stack.client(notify=True)
    heard = client.send(bgp("10.50.0.0/16", "10.9.0.1"))
    assert [m.note for m in heard if isinstance(m, RouteNotifyOwner)] == [NotifyNote.FAIL_INSTALL]
    assert "B   10.50.0.0/16 [20/0] via 10.9.0.1 inactive, weight 1" in stack.routes()
    heard = client.send(bgp("10.50.0.0/16", "10.9.0.1", flags=RouteFlag.ALLOW_RECURSION))
    assert [m.note for m in heard if isinstance(m, RouteNotifyOwner)] == [NotifyNote.INSTALLED]
    assert stack.routes()[-2:] == [
        "B>  10.50.0.0/16 [20/0] via 10.9.0.1 (recursive), weight 1",
        "  *                       via 10.0.1.2, e1, weight 1",
    ]


def test_not_over_the_default_route_unless_allowed() -> None:
    stack = lan()
    stack.static("ip route 0.0.0.0/0 10.0.1.2", "ip route 10.50.0.0/16 10.9.0.1")
    assert "10.50.0.0/16" not in stack.show("show ip route")
    stack.configure("ip nht resolve-via-default")
    assert "S>  10.50.0.0/16 [1/0] via 10.9.0.1 (recursive), weight 1" in stack.routes()
    stack.configure("no ip nht resolve-via-default")
    assert "10.50.0.0/16" not in stack.show("show ip route")


def test_not_through_itself() -> None:
    stack = lan()
    client = stack.client()
    client.send(bgp("10.9.0.0/16", "10.9.0.1", flags=RouteFlag.ALLOW_RECURSION))
    assert "B   10.9.0.0/16 [20/0] via 10.9.0.1 inactive, weight 1" in stack.routes()


def test_ecmp_with_weights() -> None:
    stack = lan()
    client = stack.client()
    nexthops = tuple(
        Nexthop(NexthopType.IPV4, Address.parse(gate), weight=weight)
        for gate, weight in (("10.0.1.2", 1), ("10.0.2.2", 3))
    )
    client.send(RouteAdd(Route(RouteType.BGP, Prefix.parse("10.9.0.0/16"), nexthops, 20, 0)))
    assert stack.routes()[-2:] == [
        "B>* 10.9.0.0/16 [20/0] via 10.0.1.2, e1, weight 1",
        "  *                    via 10.0.2.2, e2, weight 3",
    ]
    groups = [found for found in stack.kernel.nexthops() if found.group]
    assert [[weight for _, weight in group.group] for group in groups] == [[1, 3]]


def test_a_dead_member_leaves_the_group() -> None:
    stack = lan()
    stack.client().send(bgp("10.9.0.0/16", "10.0.1.2", "10.0.2.2"))
    stack.kernel.change(SetLink(3, False))
    stack.settle()
    assert stack.routes()[-2:] == [
        "B>* 10.9.0.0/16 [20/0] via 10.0.1.2, e1, weight 1",
        "  *                    via 10.0.2.2 inactive, weight 1",
    ]
    stack.kernel.change(SetLink(3, True))
    stack.settle()
    assert stack.routes()[-1] == "  *                    via 10.0.2.2, e2, weight 1"


def test_tracking_answers_at_once_and_at_each_change() -> None:
    stack = lan()
    client = stack.client()
    assert updates(client.send(watch("10.0.2.7"))) == [("10.0.2.0/24", RouteType.CONNECTED, 1)]
    assert updates(client.send(watch("10.9.0.1"))) == [NOTHING]
    client.heard.clear()
    stack.static("ip route 10.9.0.0/16 10.0.1.2")
    assert updates(client.heard) == [("10.9.0.0/16", RouteType.STATIC, 1)]
    client.heard.clear()
    stack.kernel.change(SetLink(3, False))
    stack.settle()
    assert updates(client.heard) == [NOTHING]
    client.send(NexthopUnregister((NexthopWatch(Prefix.parse("10.9.0.1/32")),)))
    stack.static("no ip route 10.9.0.0/16 10.0.1.2")
    assert updates(client.heard) == []


def test_connected_means_connected() -> None:
    stack = lan()
    stack.static("ip route 10.9.0.0/16 10.0.1.2")
    client = stack.client()
    assert updates(client.send(watch("10.9.0.1", connected=True))) == [NOTHING]
    assert "10.9.0.1(Connected)\n unresolved(Connected)\n" in stack.show("show ip nht")


def test_default_route_counts_for_those_who_take_it() -> None:
    stack = lan()
    stack.static("ip route 0.0.0.0/0 10.0.1.2")
    client = stack.client()
    heard = client.send(watch("10.9.0.1", resolve_via_default=True))
    assert updates(heard) == [("0.0.0.0/0", RouteType.STATIC, 1)]


def test_import_check_of_a_network() -> None:
    stack = lan()
    client = stack.client()
    assert updates(client.send(watch("10.9.0.0/16"))) == [NOTHING]
    stack.static("ip route 10.9.0.0/16 blackhole", "ip route 10.9.1.0/24 blackhole")
    assert updates(client.heard)[-1] == ("10.9.0.0/16", RouteType.STATIC, 1)


def test_addresses_bring_and_take_routes() -> None:
    stack = lan()
    client = stack.client()
    client.send(bgp("10.9.0.0/16", "10.0.3.2"))
    assert "B   10.9.0.0/16 [20/0] via 10.0.3.2 inactive, weight 1" in stack.routes()
    stack.kernel.change(AddAddress(address(3, "10.0.3.1/24")))
    stack.settle()
    assert "C>* 10.0.3.0/24 is directly connected, e2" in stack.routes()
    assert "B>* 10.9.0.0/16 [20/0] via 10.0.3.2, e2, weight 1" in stack.routes()
    stack.kernel.change(RemoveAddress(address(3, "10.0.3.1/24")))
    stack.settle()
    assert "10.0.3.0/24" not in stack.show("show ip route")
    assert "B   10.9.0.0/16 [20/0] via 10.0.3.2 inactive, weight 1" in stack.routes()


def test_groups_stay_for_three_minutes() -> None:
    stack = lan()
    stack.static("ip route 10.9.0.0/16 10.0.1.2")
    gates = [found.way.gate for found in stack.kernel.nexthops()]
    assert Address.parse("10.0.1.2") in gates
    stack.static("no ip route 10.9.0.0/16 10.0.1.2")
    assert "Time to Deletion: 00:03:00" in stack.show("show nexthop-group rib")
    stack.scheduler.advance(170)
    assert [found.way.gate for found in stack.kernel.nexthops()] == gates
    stack.scheduler.advance(20)
    assert Address.parse("10.0.1.2") not in [f.way.gate for f in stack.kernel.nexthops()]


def test_names_in_order() -> None:
    assert sorted(["eth10", "eth2", "lo", "eth0"], key=name_key) == ["eth0", "eth2", "eth10", "lo"]
