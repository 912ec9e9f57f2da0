"""VRFs from VRF devices, on the kernel in memory: this needs no kernel that has them."""

import struct
from dataclasses import replace

from grammar.base.values import Address, Afi, Prefix
from tests.zebra.stack import RUNNING, Stack, TestClient, address, ethernet
from zebra.kernel.api import AddAddress, Link, LinkChanged
from zebra.kernel.decode import NetlinkMessage
from zebra.kernel.netlink import _link_event
from zebra.kernel.sockets import LinkSpeeds
from zebra.zapi.constants import RouteType
from zebra.zapi.messages import (
    InterfaceAddress,
    InterfaceRequest,
    InterfaceState,
    Message,
    Nexthop,
    Route,
    RouteAdd,
    RouterIdAdd,
    RouterIdUpdate,
    VrfAdd,
    VrfDelete,
)

RED = Link(10, "red", RUNNING, kind="vrf", table=100, hw_address=bytes((2, 0, 0, 0, 0, 10)))


def with_red() -> Stack:
    """e1 is a port of the VRF device red, whose number is higher, and e2 is in no VRF."""
    links = [replace(ethernet(2, "e1"), master=10), ethernet(3, "e2"), RED]
    return Stack(links, [address(2, "10.0.1.1/24"), address(3, "10.0.2.1/24")])


def in_kernel(stack: Stack, table: int) -> dict[str, str]:
    return {
        str(route.prefix): " ".join(f"{way.gate} {way.ifindex}" for way in route.nexthops)
        for route in stack.kernel.routes()
        if route.table == table
    }


def listener(stack: Stack) -> list[tuple[int, Message]]:
    """What a client that follows interfaces hears, with the VRF."""
    client = TestClient(stack, RouteType.BGP, notify=False)
    heard: list[tuple[int, Message]] = []
    client.link.on_message = lambda message, vrf: heard.append((vrf, message))
    client.link.send(InterfaceRequest())
    stack.settle()
    return heard


def names(heard: list[tuple[int, Message]]) -> list[str]:
    found = []
    for vrf, message in heard:
        match message:
            case InterfaceState(event, name):
                found.append(f"{vrf} {name} {event.name.lower()}")
            case InterfaceAddress(add, prefix=prefix):
                found.append(f"{vrf} {prefix} {'add' if add else 'delete'}")
            case VrfAdd(name, table) | VrfDelete(name, table):
                verb = "add" if isinstance(message, VrfAdd) else "delete"
                found.append(f"{vrf} vrf {name} {table} {verb}")
            case _:
                pass
    return found


def test_ports_are_in_the_vrf_of_their_device() -> None:
    stack = with_red()
    assert stack.show("show vrf") == "vrf red id 10 table 100\n"
    assert stack.routes() == ["C>* 10.0.2.0/24 is directly connected, e2"]
    assert "C>* 10.0.1.0/24 is directly connected, e1" in stack.routes("show ip route vrf red")
    assert "  vrf: red\n" in stack.show("show interface e1 vrf red")


def test_clients_hear_of_vrfs_before_their_interfaces() -> None:
    heard = names(listener(with_red()))
    assert heard[:2] == ["0 vrf default 254 add", "10 vrf red 100 add"]
    assert {"10 e1 add", "10 10.0.1.1/24 add", "10 red add", "0 e2 add"} <= set(heard)


def test_static_routes_go_to_the_table_of_the_vrf() -> None:
    stack = with_red()
    stack.static(
        "ip route 192.0.2.0/24 10.0.1.9 vrf red",
        "ip route 198.51.100.0/24 192.0.2.1 vrf red",
        "ip route 203.0.113.0/24 10.0.1.8",
        "ip route 203.0.113.0/24 10.0.1.8 nexthop-vrf red",
        "vrf red",
        "ip route 192.0.3.0/24 e2",
        "ip route 192.0.4.0/24 e2 nexthop-vrf default",
        "ip route 192.0.5.0/24 blackhole",
    )
    assert in_kernel(stack, 100) == {
        "192.0.2.0/24": "10.0.1.9 2",
        "198.51.100.0/24": "10.0.1.9 2",
        "192.0.4.0/24": "None 3",
        "192.0.5.0/24": "",
    }
    assert in_kernel(stack, 254) == {"203.0.113.0/24": "10.0.1.8 2"}
    assert "S>* 203.0.113.0/24 [1/0] via 10.0.1.8, e1 (vrf red), weight 1" in stack.routes()


def test_an_interface_moves_into_the_vrf_and_back() -> None:
    stack = with_red()
    stack.static("ip route 192.0.2.0/24 10.0.2.9 vrf red", "ip route 192.0.9.0/24 10.0.2.9")
    heard = listener(stack)
    heard.clear()
    stack.kernel.set_link(replace(ethernet(3, "e2"), master=10))
    stack.settle()
    assert names(heard) == [
        "0 10.0.2.1/24 delete",
        "0 e2 delete",
        "10 e2 add",
        "10 10.0.2.1/24 add",
    ]
    assert in_kernel(stack, 100) == {"192.0.2.0/24": "10.0.2.9 3"}
    assert in_kernel(stack, 254) == {}
    stack.kernel.set_link(ethernet(3, "e2"))
    stack.settle()
    assert in_kernel(stack, 100) == {}
    assert in_kernel(stack, 254) == {"192.0.9.0/24": "10.0.2.9 3"}


def test_a_vrf_goes_with_its_device_and_comes_back() -> None:
    stack = with_red()
    stack.static("ip route 192.0.2.0/24 10.0.1.9 vrf red")
    heard = listener(stack)
    heard.clear()
    stack.kernel.set_link(ethernet(2, "e1"))
    stack.kernel.remove_link(10)
    stack.settle()
    assert names(heard)[-2:] == ["10 red delete", "10 vrf red 100 delete"]
    assert stack.show("show vrf") == ""
    assert stack.show("show ip route vrf red") == "% VRF red not found\n"
    assert in_kernel(stack, 100) == {}
    stack.kernel.set_link(replace(RED, ifindex=11))
    stack.kernel.set_link(replace(ethernet(2, "e1"), master=11))
    stack.settle()
    assert stack.show("show vrf") == "vrf red id 11 table 100\n"
    assert in_kernel(stack, 100) == {"192.0.2.0/24": "10.0.1.9 2"}


def test_many_routes_of_a_vrf_go_with_it() -> None:
    stack = with_red()
    hops = (replace(Nexthop.via(Address.parse("10.0.1.9")), vrf=10),)
    prefixes = [Prefix(Afi.IPV4, (20 << 24) + (n << 8), 24) for n in range(2500)]
    for kind in (RouteType.BGP, RouteType.OSPF):
        client = stack.client(kind)
        for prefix in prefixes:
            client.link.send(RouteAdd(Route(kind, prefix, hops, 20)), 10)
        stack.settle()
    assert len(in_kernel(stack, 100)) == len(prefixes)
    groups = len(list(stack.zebra.groups))
    stack.kernel.set_link(ethernet(2, "e1"))
    stack.kernel.remove_link(10)
    stack.settle()
    assert in_kernel(stack, 100) == {}
    assert stack.show("show ip route vrf red") == "% VRF red not found\n"
    stack.scheduler.advance(600)
    assert len(list(stack.zebra.groups)) < groups


def test_ports_of_a_renamed_device_are_in_its_new_vrf() -> None:
    stack = with_red()
    stack.kernel.set_link(replace(RED, name="blue"))
    stack.settle()
    assert stack.show("show vrf") == "vrf blue id 10 table 100\n"
    assert "  vrf: blue\n" in stack.show("show interface e1")


def test_lines_of_a_vrf_have_effect_while_it_is_there() -> None:
    stack = with_red()
    client = stack.client()
    heard: list[tuple[int, Message]] = []
    client.link.on_message = lambda message, vrf: heard.append((vrf, message))
    client.link.send(RouterIdAdd(), 10)
    stack.settle()
    stack.configure("ip router-id 192.0.2.1 vrf red")
    ids = [(vrf, str(m.prefix)) for vrf, m in heard if isinstance(m, RouterIdUpdate)]
    assert ids == [(10, "10.0.1.1/32"), (10, "192.0.2.1/32")]
    assert "router-id 192.0.2.1 vrf red" in stack.show("show ip router-id vrf red")
    stack.static(
        "ip route 0.0.0.0/0 10.0.1.9 vrf red", "ip route 192.0.2.0/24 198.51.100.1 vrf red"
    )
    assert in_kernel(stack, 100) == {"0.0.0.0/0": "10.0.1.9 2"}
    stack.configure("vrf red", "ip nht resolve-via-default")
    assert in_kernel(stack, 100)["192.0.2.0/24"] == "10.0.1.9 2"
    stack.configure("vrf red", "ip protocol static route-map NONE")
    stack.configure("route-map NONE deny 10")
    stack.scheduler.advance(10)
    assert in_kernel(stack, 100) == {}
    assert stack.show("show vrf") == "vrf red id 10 table 100 (configured)\n"


def test_kernel_routes_of_a_vrf_are_known_by_its_table() -> None:
    stack = with_red()
    stack.kernel.change(AddAddress(address(2, "10.0.7.1/24")))
    stack.settle()
    rows = stack.routes("show ip route vrf red")
    assert "C>* 10.0.7.0/24 is directly connected, e1" in rows


def _attribute(kind: int, data: bytes) -> bytes:
    size = 4 + len(data)
    return struct.pack("=HH", size, kind) + data + bytes(-size % 4)


def test_a_vrf_device_on_the_wire() -> None:
    """IFLA_LINKINFO (18) with IFLA_INFO_KIND (1) and IFLA_INFO_DATA (2) with IFLA_VRF_TABLE (1)."""
    table = _attribute(1, struct.pack("=I", 100))
    info = _attribute(1, b"vrf\0") + _attribute(2, table)
    head = struct.pack("=BBHiII", 0, 0, 1, 10, RUNNING, 0)
    body = head + _attribute(3, b"red\0") + _attribute(18, info)
    event = _link_event(NetlinkMessage(16, 0, 0, 0, body), LinkSpeeds())
    assert isinstance(event, LinkChanged)
    assert (event.link.kind, event.link.table, event.link.name) == ("vrf", 100, "red")
    assert event.link.ifindex == 10
    port = head.replace(struct.pack("=i", 10), struct.pack("=i", 2))
    body = port + _attribute(3, b"e1\0\0") + _attribute(10, struct.pack("=I", 10))
    event = _link_event(NetlinkMessage(16, 0, 0, 0, body), LinkSpeeds())
    assert isinstance(event, LinkChanged)
    assert event.link.master == 10
