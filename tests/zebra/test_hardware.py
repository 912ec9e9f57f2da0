"""Hardware beneath the kernel (`--asic-offload`): its marks of routes, forged here."""

import json
from struct import pack_into

import pytest

from grammar.base.values import Address, Prefix
from tests.zebra.stack import Stack, address, ethernet
from zebra.kernel.api import InstallRoute, KernelNexthop, KernelRoute, RouteProtocol
from zebra.kernel.decode import decode_route, messages
from zebra.kernel.encode import RTMSG, encode
from zebra.kernel.kinds import RTM_F_OFFLOAD, RTM_F_OFFLOAD_FAILED, RTM_F_TRAP

HOP = (KernelNexthop(Address.parse("10.0.0.2"), 2),)
# As FRR 8.4.4 shows them, seen with the same bits set in what its zebra read.
MARKS = {
    0: ("*", 8, {}),
    RTM_F_OFFLOAD: ("*", 264, {"offloaded": True}),
    RTM_F_TRAP: ("t", 136, {"trapped": True}),
    RTM_F_OFFLOAD_FAILED: ("o", 520, {"offloaded": False}),
    RTM_F_OFFLOAD | RTM_F_TRAP: ("t", 392, {"trapped": True, "offloaded": True}),
}


@pytest.fixture
def stack() -> Stack:
    return Stack([ethernet(2, "eth0")], [address(2, "10.0.0.1/24")])


def _told(stack: Stack, bits: int, protocol: int = RouteProtocol.BOOT, metric: int = 0) -> None:
    prefix = Prefix.parse("10.99.1.0/24")
    route = KernelRoute(prefix, HOP, protocol=protocol, metric=metric, offload=bits)
    assert stack.kernel.change(InstallRoute(route)) == 0
    stack.settle()


def _shown(stack: Stack) -> dict[str, object]:
    (route,) = json.loads(stack.show("show ip route 10.99.1.0/24 json"))["10.99.1.0/24"]
    assert isinstance(route, dict)
    return route


@pytest.mark.parametrize("bits", MARKS)
def test_the_bits_are_read(bits: int) -> None:
    route = KernelRoute(Prefix.parse("10.99.1.0/24"), HOP)
    (message,) = messages(encode(InstallRoute(route), 1))
    body = bytearray(message.body)
    pack_into("=I", body, RTMSG.size - 4, bits | 0x10)
    decoded = decode_route(bytes(body))
    assert decoded is not None
    assert decoded.offload == bits


@pytest.mark.parametrize("bits", MARKS)
def test_routes_of_the_kernel(stack: Stack, bits: int) -> None:
    mark, flags, words = MARKS[bits]
    _told(stack, RTM_F_TRAP)
    _told(stack, bits)
    shown = _shown(stack)
    assert shown["internalFlags"] == flags
    assert {key: shown[key] for key in ("trapped", "offloaded") if key in shown} == words
    assert "K>* 10.99.1.0/24 [0/0] via 10.0.0.2, eth0" in stack.show("show ip route")
    stack.zebra.losses.hardware = True
    assert f"K>{mark} 10.99.1.0/24 [0/0] via 10.0.0.2, eth0" in stack.show("show ip route")
    assert "ASIC offload                   Used" in stack.show("show zebra")


def test_routes_of_ours_are_queued_until_the_kernel_tells(stack: Stack) -> None:
    stack.static("ip route 10.99.1.0/24 10.0.0.2")
    assert _shown(stack)["internalStatus"] == 16
    _told(stack, RTM_F_TRAP, 196, 20)  # what counts only with the option
    assert _shown(stack)["internalFlags"] == 73
    stack.zebra.losses.hardware = True
    assert "S>q 10.99.1.0/24 [1/0] via 10.0.0.2, eth0" in stack.show("show ip route")
    shown = _shown(stack)
    assert (shown["internalStatus"], shown["internalFlags"], shown["queued"]) == (24, 73, True)
    for bits in (RTM_F_OFFLOAD, RTM_F_TRAP, RTM_F_OFFLOAD_FAILED):
        _told(stack, bits, 196, 20)
        mark, flags, _ = MARKS[bits]
        assert f"S>{mark} 10.99.1.0/24 [1/0]" in stack.show("show ip route")
        assert (_shown(stack)["internalStatus"], _shown(stack)["internalFlags"]) == (16, flags + 65)
    connected = json.loads(stack.show("show ip route 10.0.0.0/24 json"))["10.0.0.0/24"]
    assert [one["internalFlags"] for one in connected] == [264]
