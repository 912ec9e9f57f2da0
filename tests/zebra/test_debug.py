"""The log lines of `debug zebra ...`, in FRR's words; addresses in memory masked."""

import re

from grammar.base.values import Prefix
from tests.zebra.stack import Stack, address, ethernet
from zebra.kernel.api import SetLink
from zebra.zapi.constants import NexthopType, RouteType
from zebra.zapi.messages import Nexthop, Route, RouteAdd


def lines(stack: Stack) -> list[str]:
    text = re.sub(r"0x[0-9a-f]{4,}", "PTR", stack.log.text)
    stack.log.messages.clear()
    return text.splitlines()


def lan(*switches: str) -> Stack:
    stack = Stack([ethernet(2, "e1")], [address(2, "10.0.1.1/24")])
    stack.configure(*(f"debug zebra {switch}" for switch in switches))
    assert [line.split(" ", 2)[2] for line in lines(stack)] == [
        "says hello and bids fair to announce only static routes vrf=0"
    ]
    return stack


def test_rib() -> None:
    stack = lan("rib")
    stack.static("ip route 10.60.0.0/24 blackhole")
    assert lines(stack) == [
        "process_subq_early_route_add: (0:?):10.60.0.0/24: Inserting route rn PTR, re PTR"
        " (static) existing 0x0, same_count 0",
        "default(0:254):10.60.0.0/24: Adding route rn PTR, re PTR (static)",
        "(0:254):10.60.0.0/24(0): Redist update re PTR (static), old 0x0 (None)",
    ]
    stack.static("no ip route 10.60.0.0/24 blackhole")
    assert lines(stack) == [
        "rib_delnode: (0:254):10.60.0.0/24: rn PTR, re PTR, removing",
        "rib_process: (0:254):10.60.0.0/24: rn PTR, removing re PTR",
        "rib_unlink: (0:254):10.60.0.0/24: rn PTR, re PTR",
        "0:25410.60.0.0/24: Redist del: re PTR (0:static), new re 0x0 (0:None)",
        "default(0:254):10.60.0.0/24: Deleting route rn PTR, re PTR (static)",
        "rib_gc_dest: (0:?):10.60.0.0/24: removing dest from table",
    ]


def test_nht() -> None:
    stack = lan("nht")
    stack.static("ip route 10.60.0.0/24 10.0.1.2")
    assert lines(stack) == [
        "rnh_register msg from client static: hdr->length=11 vrf=0",
        "default(0): Add RNH 10.0.1.2/32 for safi: 1",
        "default(0):10.0.1.2/32: Evaluate RNH, (force)",
        "default(0):10.0.1.2/32: NH resolved over route 10.0.1.0/24",
        "default(0): Client static registers for RNH 10.0.1.2/32",
    ]
    stack.kernel.change(SetLink(2, False))
    stack.settle()
    assert lines(stack) == [
        "default(0):10.0.1.2/32: Evaluate RNH, ",
        "default(0):10.0.1.2/32: NH has become unresolved",
        "default(0):10.0.1.2/32: Notifying client static about NH (unreachable)",
    ]
    stack.static("no ip route 10.60.0.0/24 10.0.1.2")
    assert lines(stack) == [
        "rnh_unregister msg from client static: hdr->length=11 vrf: 0",
        "Client static unregisters for RNH default(0)10.0.1.2/32",
        "default(0): Del RNH 10.0.1.2/32",
    ]


def test_kernel_and_packets() -> None:
    stack = lan("kernel", "packet")
    stack.static("ip route 10.60.0.0/24 10.0.1.2")
    number = stack.kernel.nexthops()[-1].id
    assert lines(stack) == [
        "zread_route_add: p=(0:0)10.60.0.0/24, msg flags=0x3, flags=0x41",
        "nexthop_from_zapi: nh=10.0.1.2, vrf_id=0",
        "zapi_read_nexthops: nh=10.0.1.2 if 0, vrf_id=0 ",
        f"netlink_nexthop_msg_encode: ID ({number}): 10.0.1.2, via e1(2) vrf default(0)  ",
        f"netlink_nexthop_msg_encode: RTM_NEWNEXTHOP, id={number}",
        "netlink_route_multipath_msg_encode: RTM_NEWROUTE 10.60.0.0/24 vrf 0(254)",
        f"netlink_route_multipath_msg_encode: 10.60.0.0/24 nhg_id is {number}",
        "Notifying Owner: static about prefix 10.60.0.0/24(254) 2 vrf: 0",
    ]


def test_events() -> None:
    stack = lan("events")
    stack.kernel.change(SetLink(2, False))
    stack.settle()
    assert lines(stack) == [
        "MESSAGE: ZEBRA_INTERFACE_DOWN e1 vrf default(0)",
        "MESSAGE: ZEBRA_INTERFACE_ADDRESS_DELETE 10.0.1.1/24 on e1 vrf default(0)",
    ]


def test_clients_that_come_and_go() -> None:
    stack = lan()
    client = stack.client()
    number = stack.zebra.clients.all[-1].number
    assert lines(stack) == [
        f"client {number} says hello and bids fair to announce only bgp routes vrf=0"
    ]
    hop = Nexthop(NexthopType.IFINDEX, ifindex=2)
    for text in ("10.61.0.0/24", "10.62.0.0/24"):
        client.send(RouteAdd(Route(RouteType.BGP, Prefix.parse(text), (hop,))))
    client.link.close()
    stack.settle()
    assert lines(stack) == [
        "Client 'bgp' encountered an error and is shutting down.",
        f"client {number} disconnected 2 bgp routes removed from the rib",
        f"client {number} disconnected 0 bgp nhgs removed from the rib",
    ]


def test_silent_without_debugging() -> None:
    stack = lan()
    stack.static("ip route 10.60.0.0/24 10.0.1.2", "no ip route 10.60.0.0/24 10.0.1.2")
    assert lines(stack) == []
