"""zebra's shows in the soft-router scenario against FRR's transcripts (times and numbers masked).

The scenario is played by clients of the test: staticd's, bgpd's (two peers, two routes) and vnc's.
"""

import re

import pytest

from grammar.base.values import IP, Address, Prefix
from tests.support.golden import Transcript, transcripts
from tests.support.masks import mask
from tests.zebra.stack import RUNNING, Stack, address
from zebra.kernel.api import AddAddress, Link
from zebra.zapi.constants import RouteType
from zebra.zapi.messages import (
    InterfaceRequest,
    Nexthop,
    NexthopRegister,
    NexthopWatch,
    Route,
    RouteAdd,
    RouterIdAdd,
)

NODE = Address.parse("192.168.122.102")


@pytest.fixture(scope="module")
def soft_router() -> Stack:
    link = Link(2, "virbr0", RUNNING, 1500, bytes.fromhex("5aadbcd44d5e"), 3, "veth", 10000)
    stack = Stack([link], [address(2, "192.168.122.1/24")], static=False)
    stack.zebra.common.kernel_release = "6.1.0-18-amd64"
    for afi in IP:
        stack.kernel.set_forwarding(afi, True)
    stack.kernel.change(AddAddress(address(2, "fe80::58ad:bcff:fed4:4d5e/64")))
    stack.client(RouteType.STATIC, notify=True)
    bgp = stack.client(RouteType.BGP)
    stack.client(RouteType.VNC)
    bgp.send(InterfaceRequest(), RouterIdAdd())
    for peer in ("192.168.122.101", "192.168.122.102"):
        watch = NexthopWatch(Address.parse(peer).host_prefix(), connected=True)
        bgp.send(NexthopRegister((watch,)))
    for prefix in ("172.19.0.0/32", "172.19.0.100/32"):
        route = Route(RouteType.BGP, Prefix.parse(prefix), (Nexthop.via(NODE),), 20, 0)
        bgp.send(RouteAdd(route))
    stack.scheduler.advance(15)
    return stack


@pytest.mark.parametrize(
    "transcript", transcripts("show-zebra"), ids=lambda transcript: transcript.name
)
def test_show(soft_router: Stack, transcript: Transcript) -> None:
    (command,) = transcript.vtysh_commands
    actual = soft_router.show(command) + "[exit 0]\n"
    expected = transcript.text
    assert further(mask(actual)) == further(mask(expected))


def further(text: str) -> str:
    """Mask all ages, descriptors, the release and how many changes once waited together."""
    text = re.sub(r"\d\d:\d\d:\d\d", "AGE", text)
    text = re.sub(r"\(fd \d+\)", "(fd)", text)
    text = re.sub(r"Linux\(.*\) +", "Linux", text)
    return re.sub(r"queue max: +\d+", "queue max", text)
