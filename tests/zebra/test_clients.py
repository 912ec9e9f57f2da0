"""Conversations with clients: greetings, interfaces, redistribution, news of routes, and ends."""

import pytest

from grammar.base.values import Address, Afi, Prefix
from tests.zebra.stack import Stack, address, ethernet
from zebra.kernel.api import AddAddress, LinkChanged, SetLink
from zebra.zapi import allotted
from zebra.zapi.constants import ErrorCode, NexthopType, NotifyNote, RouteFlag, RouteType
from zebra.zapi.link import PairLink
from zebra.zapi.messages import (
    Capabilities,
    Error,
    Hello,
    InterfaceAddress,
    InterfaceEvent,
    InterfaceRequest,
    InterfaceState,
    InterfaceStatus,
    Message,
    Nexthop,
    NexthopRegister,
    NexthopWatch,
    RedistributeAdd,
    RedistributeDefaultAdd,
    RedistributeDelete,
    RedistributeRoute,
    Route,
    RouteAdd,
    RouteDelete,
    RouteNotifyOwner,
    RouterIdAdd,
    RouterIdUpdate,
    Unknown,
    VrfAdd,
)


def lan(*, static: bool = True) -> Stack:
    return Stack(
        [ethernet(2, "e1"), ethernet(3, "e2")],
        [address(2, "10.0.1.1/24"), address(3, "10.0.2.1/24")],
        static=static,
    )


def bgp(prefix: str, gate: str = "10.0.1.2", **fields: object) -> Route:
    nexthop = Nexthop.via(Address.parse(gate))
    return Route(RouteType.BGP, Prefix.parse(prefix), (nexthop,), 20, 0, **fields)  # type: ignore[arg-type]


def notes(heard: list[Message]) -> list[NotifyNote]:
    return [message.note for message in heard if isinstance(message, RouteNotifyOwner)]


def redistributed(heard: list[Message]) -> list[tuple[bool, str]]:
    return [(m.add, str(m.route.prefix)) for m in heard if isinstance(m, RedistributeRoute)]


def test_hello_is_answered_with_capabilities_and_vrf() -> None:
    stack = lan(static=False)
    heard: list[Message] = []
    link, server = PairLink.make(stack.scheduler.call_soon)
    stack.zebra.accept(server)
    link.on_message = lambda message, vrf: heard.append(message)
    link.on_close = lambda: None
    link.on_writable = lambda: None
    link.send(Hello(RouteType.BGP))
    stack.settle()
    assert heard == [Capabilities(multipath=256, follows=True), VrfAdd("default", 254)]


def test_interfaces_with_their_addresses() -> None:
    stack = lan()
    heard = stack.client().send(InterfaceRequest())
    states = [m for m in heard if isinstance(m, InterfaceState)]
    assert [state.name for state in states] == ["e1", "e2", "lo"]
    assert states[0].status == InterfaceStatus.ACTIVE | InterfaceStatus.LINK_DETECTION
    assert states[2].hw_address == b""
    addresses = [str(m.prefix) for m in heard if isinstance(m, InterfaceAddress)]
    assert addresses == ["10.0.1.1/24", "10.0.2.1/24"]


def test_interface_news() -> None:
    stack = lan()
    client = stack.client()
    client.send(InterfaceRequest())
    client.heard.clear()
    stack.kernel.change(SetLink(3, False))
    stack.settle()
    assert [m.event for m in client.heard if isinstance(m, InterfaceState)] == [InterfaceEvent.DOWN]
    client.heard.clear()
    stack.kernel.change(AddAddress(address(2, "10.0.7.1/24")))
    stack.settle()
    assert [m.add for m in client.heard if isinstance(m, InterfaceAddress)] == [True]
    client.heard.clear()
    stack.kernel.remove_link(3)
    stack.settle()
    events = [m.event for m in client.heard if isinstance(m, InterfaceState)]
    assert events[-1] is InterfaceEvent.DELETE


def test_router_id_prefers_loopback_and_configuration() -> None:
    stack = lan()
    client = stack.client()
    client.send(RouterIdAdd())

    def ids() -> list[str]:
        found = [str(m.prefix) for m in client.heard if isinstance(m, RouterIdUpdate)]
        client.heard.clear()
        return found

    assert ids() == ["10.0.2.1/32"]
    stack.kernel.change(AddAddress(address(1, "1.1.1.1/32")))
    stack.settle()
    assert ids() == ["1.1.1.1/32"]
    stack.configure("router-id 9.9.9.9")
    assert ids() == ["9.9.9.9/32"]
    stack.configure("no router-id 9.9.9.9")
    assert ids() == ["1.1.1.1/32"]


def test_owner_hears_what_became_of_its_routes() -> None:
    stack = lan()
    client = stack.client(notify=True)
    assert notes(client.send(RouteAdd(bgp("10.9.0.0/16")))) == [NotifyNote.INSTALLED]
    assert notes(client.send(RouteAdd(bgp("10.9.0.0/16")))) == [NotifyNote.INSTALLED]
    client.heard.clear()
    stack.static("ip route 10.9.0.0/16 10.0.1.2")
    assert notes(client.heard) == [NotifyNote.BETTER_ADMIN_WON]
    client.heard.clear()
    stack.static("no ip route 10.9.0.0/16 10.0.1.2")
    assert notes(client.heard) == [NotifyNote.INSTALLED]
    assert notes(client.send(RouteDelete(bgp("10.9.0.0/16")))) == [NotifyNote.REMOVED]


def test_redistribution() -> None:
    stack = lan()
    stack.static("ip route 10.9.0.0/16 10.0.1.2", "ip route 0.0.0.0/0 10.0.1.2")
    client = stack.client()
    heard = client.send(RedistributeAdd(Afi.IPV4, RouteType.CONNECTED))
    assert redistributed(heard) == [(True, "10.0.1.0/24"), (True, "10.0.2.0/24")]
    route = next(m.route for m in heard if isinstance(m, RedistributeRoute))
    assert route.flags == RouteFlag.SELECTED
    assert route.nexthops == (Nexthop(NexthopType.IFINDEX, ifindex=2),)
    heard = client.send(RedistributeAdd(Afi.IPV4, RouteType.STATIC))
    assert redistributed(heard) == [(True, "0.0.0.0/0"), (True, "10.9.0.0/16")]
    client.heard.clear()
    stack.static("no ip route 10.9.0.0/16 10.0.1.2")
    assert redistributed(client.heard) == [(False, "10.9.0.0/16")]
    client.send(RedistributeDelete(Afi.IPV4, RouteType.STATIC))
    stack.static("ip route 10.9.0.0/16 10.0.1.2")
    assert redistributed(client.heard) == []


def test_redistribution_follows_the_choice() -> None:
    stack = lan()
    watcher = stack.client(RouteType.OSPF)
    watcher.send(RedistributeAdd(Afi.IPV4, RouteType.BGP))
    stack.client().send(RouteAdd(bgp("10.9.0.0/16")))
    assert redistributed(watcher.heard) == [(True, "10.9.0.0/16")]
    watcher.heard.clear()
    stack.static("ip route 10.9.0.0/16 10.0.1.2")
    assert redistributed(watcher.heard) == [(False, "10.9.0.0/16")]


def test_default_route_for_those_who_ask() -> None:
    stack = lan()
    client = stack.client()
    assert redistributed(client.send(RedistributeDefaultAdd(Afi.IPV4))) == []
    stack.static("ip route 0.0.0.0/0 10.0.1.2", "ip route 10.9.0.0/16 10.0.1.2")
    assert redistributed(client.heard) == [(True, "0.0.0.0/0")]


def test_link_local_networks_do_not_leave() -> None:
    stack = lan()
    stack.kernel.change(AddAddress(address(2, "fe80::1/64")))
    stack.settle()
    heard = stack.client().send(RedistributeAdd(Afi.IPV6, RouteType.CONNECTED))
    assert redistributed(heard) == []


def test_a_client_that_goes_takes_its_routes_along() -> None:
    stack = lan()
    stack.static("ip route 10.8.0.0/16 10.0.1.2")
    client, other = stack.client(), stack.client(RouteType.OSPF)
    watch = NexthopWatch(Prefix.parse("10.0.1.9/32"))
    client.send(RouteAdd(bgp("10.9.0.0/16")), NexthopRegister((watch,)))
    client.link.close()
    stack.settle()
    assert "10.9.0.0" not in stack.show("show ip route")
    assert "S>* 10.8.0.0/16" in stack.show("show ip route")
    assert "10.0.1.9" not in stack.show("show ip nht")
    assert not other.closed


@pytest.mark.parametrize(
    "message",
    [
        RouteAdd(Route(RouteType.BGP, Prefix.parse("10.9.0.0/16"))),
        RouteDelete(bgp("10.99.0.0/16")),
        NexthopRegister(()),
        Unknown(60, b"\x00\x01"),
    ],
    ids=lambda message: type(message).__name__,
)
def test_odd_messages_harm_nobody(message: Message) -> None:
    stack = lan()
    client, other = stack.client(), stack.client(RouteType.OSPF)
    client.send(message)
    client.send(RouteAdd(bgp("10.8.0.0/16")))
    assert "B>* 10.8.0.0/16" in stack.show("show ip route")
    assert not client.closed
    assert not other.closed


def test_a_bug_in_one_message_is_logged_and_the_rest_goes_on() -> None:
    stack = lan()
    client = stack.client()
    broken = NexthopRegister((None,))  # type: ignore[arg-type]
    client.send(broken)
    assert "ZEBRA_NEXTHOP_REGISTER of client bgp" in stack.log.text
    client.send(RouteAdd(bgp("10.8.0.0/16")))
    assert "B>* 10.8.0.0/16" in stack.show("show ip route")


def test_errors_for_unknown_commands_and_vrfs() -> None:
    stack = lan()
    client = stack.client()
    assert client.send(Unknown(999)) == [Error(ErrorCode.INVALID_COMMAND)]
    client.heard.clear()
    client.link.send(RouteAdd(bgp("10.9.0.0/16")), vrf=77)
    stack.settle()
    assert client.heard == [Error(ErrorCode.NO_VRF)]


def test_a_route_in_another_table() -> None:
    stack = lan()
    stack.client().send(RouteAdd(bgp("10.9.0.0/16", table=100)))
    assert "10.9.0.0/16" not in stack.show("show ip route")
    text = stack.show("show ip route table 100")
    assert "VRF default table 100:\nB>* 10.9.0.0/16 [20/0] via 10.0.1.2, e1, weight 1" in text
    assert [r.table for r in stack.kernel.routes() if r.protocol == 186] == [100]


def test_addresses_of_a_link_that_is_down_make_no_router_id() -> None:
    stack = lan()
    client = stack.client()
    client.send(RouterIdAdd())

    def told() -> list[str]:
        found = [str(m.prefix) for m in client.heard if isinstance(m, RouterIdUpdate)]
        client.heard.clear()
        return found

    assert told() == ["10.0.2.1/32"]
    for ifindex, up, expected in ((3, False, "10.0.1.1"), (2, False, "0.0.0.0"), (3, True, None)):
        stack.kernel.change(SetLink(ifindex, up))
        stack.settle()
        assert told() == [f"{expected or '10.0.2.1'}/32"]


def test_a_default_route_follows_its_own_gateway() -> None:
    """Its prefix holds the next hop, so that what it resolves to is looked up for it alone."""
    stack = lan()
    stack.client().send(RouteAdd(bgp("0.0.0.0/0")))
    assert "B>* 0.0.0.0/0 [20/0] via 10.0.1.2, e1" in stack.show("show ip route")
    stack.kernel.change(SetLink(2, False))
    stack.settle()
    assert "B   0.0.0.0/0 [20/0] via 10.0.1.2 inactive" in stack.show("show ip route")
    stack.kernel.change(SetLink(2, True))
    stack.settle()
    assert "B>* 0.0.0.0/0 [20/0] via 10.0.1.2, e1" in stack.show("show ip route")


def test_a_link_with_another_name_goes_and_comes() -> None:
    stack = lan()
    client = stack.client()
    client.send(InterfaceRequest())
    client.heard.clear()
    stack.zebra.watcher.event(LinkChanged(ethernet(2, "foo0")))
    stack.settle()
    states = [(m.event, m.name) for m in client.heard if isinstance(m, InterfaceState)]
    assert states == [(InterfaceEvent.DELETE, "e1"), (InterfaceEvent.ADD, "foo0")]
    addresses = [(m.add, str(m.prefix)) for m in client.heard if isinstance(m, InterfaceAddress)]
    assert addresses == [(False, "10.0.1.1/24"), (True, "10.0.1.1/24")]
    assert "C>* 10.0.1.0/24 is directly connected, foo0" in stack.show("show ip route")


def test_tables_with_names_are_lent_to_nobody() -> None:
    client = Stack().client()
    asked = [allotted.TableChunkRequest(200), *[allotted.TableChunkRequest(100)] * 2]
    lent = [allotted.TableChunk((1, 200)), allotted.TableChunk((256, 355))]
    assert client.send(*asked) == [*lent, allotted.TableChunk((356, 455))]
