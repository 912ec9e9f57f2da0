"""`ip protocol` route-maps and `ip import-table` in memory: what they leave, when it changes."""

import pytest

from grammar.base.values import Address, Prefix
from tests.zebra.stack import Stack, address, ethernet
from zebra.kernel.api import InstallRoute, KernelNexthop, KernelRoute, RemoveRoute, RouteProtocol

MAP = (
    "ip prefix-list LEFT permit 10.2.0.0/16",
    "route-map M deny 5",
    "match ip address prefix-list LEFT",
    "route-map M permit 10",
    "set src 10.0.0.77",
)


@pytest.fixture
def stack() -> Stack:
    made = Stack([ethernet(2, "eth0")], [address(2, "10.0.0.1/24"), address(2, "10.0.0.77/24")])
    made.static("ip route 10.1.0.0/16 10.0.0.9", "ip route 10.2.0.0/16 10.0.0.9")
    return made


def source(stack: Stack, prefix: str) -> str | None:
    """The source address that the kernel's route has; `absent` if there is no route."""
    for route in stack.kernel.routes():
        if str(route.prefix) == prefix and route.protocol is not RouteProtocol.KERNEL:
            return str(route.prefsrc) if route.prefsrc is not None else None
    return "absent"


def wait(stack: Stack, seconds: float) -> None:
    stack.scheduler.advance(seconds)
    stack.settle()


def test_denied_routes_are_inactive_and_others_have_the_source(stack: Stack) -> None:
    stack.configure(*MAP)
    stack.configure("ip protocol static route-map M")
    assert source(stack, "10.1.0.0/16") == "10.0.0.77"
    assert source(stack, "10.2.0.0/16") == "absent"
    assert "S   10.2.0.0/16 [1/0] via 10.0.0.9, eth0 inactive, weight 1" in stack.routes()
    stack.configure("no ip protocol static")
    assert source(stack, "10.1.0.0/16") is None
    assert source(stack, "10.2.0.0/16") is None


def test_a_changed_map_has_effect_after_the_delay(stack: Stack) -> None:
    stack.configure(*MAP)
    stack.configure("ip protocol static route-map M", "zebra route-map delay-timer 3")
    stack.configure("route-map M permit 10", "set src 10.0.0.1")
    wait(stack, 2.9)
    assert source(stack, "10.1.0.0/16") == "10.0.0.77"
    wait(stack, 0.2)
    assert source(stack, "10.1.0.0/16") == "10.0.0.1"
    stack.configure("no ip prefix-list LEFT", "ip prefix-list LEFT permit 10.1.0.0/16")
    wait(stack, 3.1)
    assert source(stack, "10.1.0.0/16") == "absent"
    assert source(stack, "10.2.0.0/16") == "10.0.0.1"


def test_a_map_that_is_not_there_denies_what_comes(stack: Stack) -> None:
    """As FRR: naming it changes nothing that is there, its removal does."""
    stack.configure("ip protocol static route-map NONE")
    stack.static("ip route 10.3.0.0/16 10.0.0.9")
    assert source(stack, "10.1.0.0/16") is None
    assert source(stack, "10.3.0.0/16") == "absent"
    stack.configure("route-map NONE permit 10")
    wait(stack, 5.1)
    assert source(stack, "10.3.0.0/16") is None
    stack.configure("no route-map NONE")
    wait(stack, 5.1)
    assert source(stack, "10.1.0.0/16") == "absent"


def test_any_stands_for_protocols_without_a_map(stack: Stack) -> None:
    stack.configure(*MAP)
    stack.configure("ip protocol any route-map M")
    assert source(stack, "10.1.0.0/16") is None, "FRR does not look again for `any`"
    stack.static("ip route 10.3.0.0/16 10.0.0.9")
    assert source(stack, "10.3.0.0/16") == "10.0.0.77"


def kernel_route(prefix: str) -> KernelRoute:
    hop = KernelNexthop(Address.parse("10.0.0.9"), 2)
    return KernelRoute(Prefix.parse(prefix), (hop,), 100, RouteProtocol.BOOT, metric=7)


def imported(stack: Stack) -> list[str]:
    return [row for row in stack.routes() if row.startswith("T[100]")]


def test_a_table_is_imported_and_followed(stack: Stack) -> None:
    stack.kernel.change(InstallRoute(kernel_route("10.4.0.0/16")))
    stack.configure("ip import-table 100")
    assert imported(stack) == ["T[100]>* 10.4.0.0/16 [15/7] via 10.0.0.9, eth0"]
    stack.kernel.change(InstallRoute(kernel_route("10.5.0.0/16")))
    stack.settle()
    assert len(imported(stack)) == 2
    stack.kernel.change(RemoveRoute(kernel_route("10.4.0.0/16")))
    stack.configure("ip import-table 100 distance 33")
    assert imported(stack) == ["T[100]>* 10.5.0.0/16 [33/7] via 10.0.0.9, eth0"]
    stack.configure("ip import-table 100 route-map NONE")
    assert imported(stack) == []
    stack.configure("route-map NONE permit 10")
    wait(stack, 5.1)
    assert len(imported(stack)) == 1
    stack.configure("no ip import-table 100")
    assert imported(stack) == []
