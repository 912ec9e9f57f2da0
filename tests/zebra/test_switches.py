"""Switched paths on their way to the kernel: when it is told, of what, and in which bytes."""

from collections.abc import Sequence

import pytest

from grammar.base.values import Address, Prefix
from tests.zebra.stack import Stack, address, ethernet
from zebra.kernel.api import Change, Done, RouteProtocol, SetSwitch, SwitchWay
from zebra.kernel.encode import HEADER, encode
from zebra.kernel.switches import write_label_switch
from zebra.zapi.allotted import FecRegister, FecUnregister, FecUpdate
from zebra.zapi.constants import RouteFlag, RouteType
from zebra.zapi.messages import Nexthop, Route, RouteAdd, RouteDelete

NEAR, FAR, OVER6 = (Address.parse(text) for text in ("10.0.0.9", "10.0.2.9", "2001:db8::9"))


# What FRR 8.4.4's zebra sent for such lines, behind the header of the message.
@pytest.mark.parametrize(
    ("change", "sent"),
    [
        (
            SetSwitch(100, (SwitchWay(NEAR, 3, (200,)),)),
            "1c140000fec4000100000000080001000006410008001300000c81000a00120002000a0000090000"
            "0800040003000000",
        ),
        (
            SetSwitch(101, (SwitchWay(NEAR, 3),)),
            "1c140000fec400010000000008000100000651000a00120002000a00000900000800040003000000",
        ),
        (
            SetSwitch(103, (SwitchWay(OVER6, 5, (300,)),)),
            "1c140000fec4000100000000080001000006710008001300"
            "0012c100160012000a0020010db80000000000000000000000090000"
            "0800040005000000",
        ),
        (
            SetSwitch(101, (SwitchWay(NEAR, 3), SwitchWay(FAR, 5, (301,)))),
            "1c140000fec40001000000000800010000065100340009801400000003000000"
            "0a00120002000a00000900001c00000005000000080013000012d1000a00120002000a0002090000",
        ),
    ],
)
def test_bytes_are_those_of_frr(change: SetSwitch, sent: str) -> None:
    assert encode(change, 7)[HEADER.size :].hex() == sent


def test_links_take_labels_also_those_that_come_later() -> None:
    stack = Stack([ethernet(3, "e1")])
    why = "Unable to open /proc/sys/net/mpls/conf/e1/input for writing: No such file or directory"
    stack.configure("interface e1", "mpls enable")
    assert stack.log.text.count(why) == 1
    told: list[tuple[str, bool]] = []

    def taken(interface: str, on: bool) -> None:
        told.append((interface, on))

    stack.kernel.take_labels = taken  # type: ignore[method-assign]
    stack.configure("interface e2", "mpls enable", "interface e1", "no mpls enable")
    assert told == [("e2", True), ("e1", False)]
    stack.kernel.set_link(ethernet(4, "e2"))
    stack.kernel.set_link(ethernet(5, "e3"))
    stack.settle()
    assert told[2:] == [("e2", True)]
    assert "Intf change updates:        3\n" in stack.show("show zebra dplane")


def test_labelled_routes_of_clients_make_switched_paths() -> None:
    stack = Stack([ethernet(3, "e1")], [address(3, "10.0.0.1/24")])
    heard: list[Change] = []
    program = stack.kernel.program

    def noted(changes: Sequence[Change], done: Done) -> None:
        heard.extend(one for one in changes if isinstance(one, SetSwitch))
        program(changes, done)

    stack.kernel.program = noted  # type: ignore[method-assign]
    stack.configure("interface e1", "mpls enable")
    client = stack.client()
    prefix = Prefix.parse("10.9.0.0/16")
    route = Route(RouteType.BGP, prefix, (Nexthop.via(NEAR, labels=(300, 400)),), 20, 0)
    assert client.send(FecRegister(prefix, 100)) == [FecUpdate(prefix, 100)]
    client.send(RouteAdd(route))
    way = SwitchWay(NEAR, 3, (300, 400))
    assert heard == [SetSwitch(100, (way,), RouteProtocol.BGP)]
    assert " 100            BGP   10.0.0.9  300/400" in stack.show("show mpls table")
    assert "  Label: 100\n  Client list: bgp(fd " in stack.show("show mpls fec")
    client.heard.clear()
    stack.configure(f"mpls label bind {prefix} 200")
    assert client.heard == [FecUpdate(prefix, 200)]
    assert " 200            BGP   10.0.0.9  300/400" in stack.show("show mpls table")
    client.send(RouteDelete(route))
    assert stack.show("show mpls table") == ""
    client.send(RouteAdd(route), FecUnregister(prefix))
    assert stack.show("show mpls table") == ""


def test_switched_paths_follow_next_hops_that_move_together() -> None:
    stack = Stack([ethernet(3, "e1")], [address(3, "10.0.0.1/24")])

    def taken(changes: Sequence[Change], done: Done) -> None:
        stack.scheduler.call_soon(lambda: done([0] * len(changes)))

    stack.kernel.program = taken  # type: ignore[method-assign]
    client = stack.client()
    far = Nexthop.via(Address.parse("10.8.0.1"), labels=(300,))
    prefixes = [Prefix.parse(f"10.9.{n}.0/24") for n in range(250)]
    prefixes += [Prefix.parse(f"10.10.{n}.0/24") for n in range(50)]
    recursive = RouteFlag.ALLOW_RECURSION

    def over(gate: str) -> None:
        near = Nexthop.via(Address.parse(gate), labels=(200,))
        client.send(RouteAdd(Route(RouteType.BGP, Prefix.parse("10.8.0.0/16"), (near,), 20, 0)))

    over("10.0.0.9")
    client.send(FecRegister(prefixes[0], 100))
    client.send(
        *(RouteAdd(Route(RouteType.BGP, one, (far,), 20, 0, recursive)) for one in prefixes)
    )
    assert " 100            BGP   10.0.0.9  200/300" in stack.show("show mpls table")
    over("10.0.0.8")
    assert " 100            BGP   10.0.0.8  200/300" in stack.show("show mpls table")


def test_an_index_gives_a_label_of_the_block() -> None:
    stack = Stack()
    client = stack.client()
    prefix = Prefix.parse("10.9.0.0/16")
    assert client.send(FecRegister(prefix, index=5)) == []
    stack.configure("mpls label global-block 1000 1010")
    stack.configure("mpls label global-block 1000 1004")
    assert client.heard == [FecUpdate(prefix, 1005), FecUpdate(prefix, 0xFFFFFFFF)]


def test_names_of_links_lead_to_no_other_sysctl() -> None:
    with pytest.raises(FileNotFoundError):
        write_label_switch("../../ipv4/conf/lo", on=True)


def test_the_kernel_hears_of_paths_that_lead_somewhere() -> None:
    stack = Stack(
        [ethernet(3, "e1"), ethernet(5, "e2")],
        [address(3, "10.0.0.1/24"), address(5, "10.0.2.1/24")],
    )
    heard: list[Change] = []

    def taken(changes: Sequence[Change], done: Done) -> None:
        heard.extend(changes)
        stack.scheduler.call_soon(lambda: done([0] * len(changes)))

    program, stack.kernel.program = stack.kernel.program, taken  # type: ignore[method-assign]
    stack.configure("interface e1", "mpls enable", "exit", "mpls lsp 100 10.0.0.9 200")
    assert heard == [SetSwitch(100, (SwitchWay(NEAR, 3, (200,)),))]
    stack.configure("mpls lsp 100 10.0.2.9 implicit-null", "mpls lsp 102 10.9.9.9 300")
    assert heard[1:] == [SetSwitch(100, (SwitchWay(NEAR, 3, (200,)), SwitchWay(FAR, 5)))]
    stack.configure("no mpls lsp 102", "no mpls lsp 100")
    assert heard[2:] == [SetSwitch(100)]
    assert "LSP updates:              3\nLSP update errors:        0\n" in stack.show(
        "show zebra dplane"
    )
    stack.kernel.program = program  # type: ignore[method-assign]
    stack.configure("mpls lsp 104 10.0.0.9 200")
    assert "LSP Install Failure: in-label 104" in stack.log.text
    assert "LSP update errors:        1\n" in stack.show("show zebra dplane")
    stack.configure("no mpls lsp 104")
    assert "LSP updates:              4\n" in stack.show("show zebra dplane")
