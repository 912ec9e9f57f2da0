"""A start with more routes in the kernel than are read at once: clients wait, news are newer."""

from grammar.base.values import Address, Prefix
from tests.zebra.stack import Stack, address, ethernet
from zebra.kernel.api import InstallRoute, KernelNexthop, KernelRoute, RemoveRoute, RouteProtocol
from zebra.reading import AT_ONCE
from zebra.zebra import Zebra

MANY = 2 * AT_ONCE
WAY = KernelNexthop(Address.parse("10.0.1.2"), 2)


def route(number: int, protocol: RouteProtocol) -> KernelRoute:
    prefix = Prefix.parse(f"20.{number >> 8}.{number & 255}.0/24")
    return KernelRoute(prefix, (WAY,), protocol=protocol, metric=20)


def full(protocol: RouteProtocol) -> tuple[Stack, Zebra]:
    """A kernel with many routes, and a zebra on it that has read the first of them."""
    stack = Stack([ethernet(2, "e1")], [address(2, "10.0.1.1/24")], static=False)
    for number in range(MANY):
        assert stack.kernel.change(InstallRoute(route(number, protocol))) == 0
    stack.settle()
    later = Zebra(stack.scheduler, stack.scheduler.clock, stack.log, stack.kernel)
    later.start()
    assert not later.watcher.reading.is_done
    return stack, later


def test_news_of_others_routes_are_newer_than_the_list() -> None:
    stack, later = full(RouteProtocol.BOOT)
    stack.kernel.change(RemoveRoute(route(MANY - 1, RouteProtocol.BOOT)))
    stack.settle()
    assert later.watcher.reading.is_done
    known = {
        str(table.prefix(dest)) for table in later.rib.tables() for dest in table.routes.values()
    }
    last = route(MANY - 1, RouteProtocol.BOOT).prefix
    assert str(route(MANY - 2, RouteProtocol.BOOT).prefix) in known
    assert str(last) not in known


def test_leftovers_go_before_clients_are_served() -> None:
    stack, later = full(RouteProtocol.BGP)
    stack.zebra = later
    stack.client()
    assert later.watcher.reading.is_done
    assert not [one for one in stack.kernel.routes() if one.protocol == RouteProtocol.BGP]
    assert [one.greeted for one in later.clients.all] == [True]


def test_who_waits_is_called_when_all_is_read() -> None:
    stack, later = full(RouteProtocol.BOOT)
    called: list[int] = []
    later.watcher.reading.done(lambda: called.append(1))
    assert not called
    stack.settle()
    later.watcher.reading.done(lambda: called.append(2))
    assert called == [1, 2]
