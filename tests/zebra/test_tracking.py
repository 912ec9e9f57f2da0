"""What those who watch next hops hear while the route below is being replaced."""

from collections.abc import Callable, Sequence

from grammar.base.values import Address, Afi, Prefix
from tests.zebra.stack import Stack, TestClient, address, ethernet
from zebra.kernel.api import Change, Done
from zebra.vrf import Table
from zebra.zapi.constants import RouteFlag, RouteType
from zebra.zapi.messages import (
    Nexthop,
    NexthopRegister,
    NexthopUpdate,
    NexthopWatch,
    Route,
    RouteAdd,
    RouteDelete,
)

ROUTE = "10.255.0.0/24"
WATCHES = NexthopRegister((NexthopWatch(Prefix.parse("10.255.0.1/32")),))


def static(*gates: str) -> Route:
    hops = tuple(Nexthop.via(Address.parse(gate)) for gate in gates)
    flags = RouteFlag.ALLOW_RECURSION
    return Route(RouteType.STATIC, Prefix.parse(ROUTE), hops, 1, 0, flags)


class Slow(Stack):
    """A client that watches 10.255.0.1, an owner of the route there, a kernel that can be slow."""

    def __init__(self) -> None:
        super().__init__(
            [ethernet(2, "e1"), ethernet(3, "e2")],
            [address(2, "10.0.1.1/24"), address(3, "10.0.2.1/24")],
        )
        self.owner, self.watcher = self.client(RouteType.STATIC), self.client()
        self.owner.send(RouteAdd(static("10.0.1.2", "10.0.2.2")))
        assert gates(self.watcher, WATCHES) == [{"10.0.1.2", "10.0.2.2"}]
        self.watcher.heard.clear()

    def hold(self) -> Callable[[], None]:
        """Keep the kernel's answers until the returned function is called."""
        held: list[Callable[[], None]] = []
        program = self.kernel.program

        def slow(changes: Sequence[Change], done: Done) -> None:
            program(changes, lambda errors: held.append(lambda: done(errors)))

        self.kernel.program = slow  # type: ignore[method-assign]

        def let_go() -> None:
            self.kernel.program = program  # type: ignore[method-assign]
            for answer in held:
                answer()
            self.settle()

        return let_go

    @property
    def table(self) -> Table:
        return self.zebra.rib.vrfs[0].main(Afi.IPV4)

    def look_again(self) -> None:
        """All that is watched is looked at anew, at once."""
        self.zebra.rib.vrfs[0].tracker.everything_changed()


def gates(client: TestClient, *messages: NexthopRegister) -> list[set[str]]:
    heard = client.send(*messages) if messages else client.heard
    return [
        {str(hop.gate) for hop in update.nexthops}
        for update in heard
        if isinstance(update, NexthopUpdate)
    ]


def test_a_replacement_on_its_way_to_the_kernel_is_no_loss() -> None:
    stack = Slow()
    let_go = stack.hold()
    stack.owner.send(RouteAdd(static("10.0.2.2")))
    stack.look_again()
    stack.settle()
    assert gates(stack.watcher) == []
    let_go()
    assert gates(stack.watcher) == [{"10.0.2.2"}]


def test_a_replacement_that_nobody_has_looked_at_is_no_loss() -> None:
    stack = Slow()
    stack.owner.link.send(RouteAdd(static("10.0.2.2")))
    seen: list[bool] = []

    def look_between() -> None:
        (dest,) = stack.table.matches(Prefix.parse(ROUTE).value, 24)
        seen.append(dest.queued and dest.selected not in dest.entries)
        stack.look_again()

    stack.scheduler.call_soon(look_between)
    stack.settle()
    assert seen == [True]
    assert gates(stack.watcher) == [{"10.0.2.2"}]


def test_a_route_that_is_taken_away_is_a_loss_once_it_is_gone() -> None:
    stack = Slow()
    stack.owner.send(RouteDelete(static()))
    assert gates(stack.watcher) == [set()]
    stack.look_again()
    stack.settle()
    assert gates(stack.watcher) == [set()]
