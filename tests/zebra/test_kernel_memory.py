"""The kernel in memory answers as Linux does."""

import errno
from collections import deque
from collections.abc import Callable
from dataclasses import replace

import pytest

from grammar.base.values import Address, Afi, Prefix
from zebra.kernel import api
from zebra.kernel.api import (
    AddAddress,
    AddressAdded,
    AddressGone,
    AddressState,
    Event,
    InstallNexthop,
    InstallRoute,
    Kernel,
    KernelNexthop,
    KernelRoute,
    Link,
    LinkAddress,
    LinkChanged,
    LinkGone,
    NexthopObject,
    RemoveAddress,
    RemoveNexthop,
    RemoveRoute,
    RouteAdded,
    RouteGone,
    RouteKind,
    SetLink,
)
from zebra.kernel.memory import ETHERNET, LOOPBACK, MemoryKernel

ETH = Link(2, "eth0", api.IFF_UP | api.IFF_RUNNING | api.IFF_LOWER_UP, kind="veth")
ADDRESS = LinkAddress(2, Prefix.parse("192.168.122.1/24", with_host=True), label="eth0")
GATE = Address.parse("192.168.122.102")
PREFIX = Prefix.parse("172.19.0.100/32")
ROUTE = KernelRoute(PREFIX, (KernelNexthop(GATE, 2),), protocol=api.RouteProtocol.BGP, metric=20)


class Box:
    """A memory kernel, its events and the turns of its loop."""

    def __init__(self) -> None:
        self.turns: deque[Callable[[], None]] = deque()
        self.events: list[Event] = []
        self.kernel = MemoryKernel(self.turns.append, [ETH], [ADDRESS])
        seam: Kernel = self.kernel
        seam.subscribe(self.events.append, lambda: None)

    def run(self) -> list[Event]:
        while self.turns:
            self.turns.popleft()()
        events = list(self.events)
        self.events.clear()
        return events

    def program(self, *changes: api.Change) -> list[int]:
        answers: list[int] = []
        self.kernel.program(changes, answers.extend)
        assert answers == []
        self.run_answers = self.run()
        return answers


@pytest.fixture
def box() -> Box:
    return Box()


def test_the_dump_starts_with_links_and_addresses(box: Box) -> None:
    events = list(box.kernel.dump())
    assert events[:2] == [LinkChanged(LOOPBACK), LinkChanged(ETH)]
    assert AddressAdded(ADDRESS) in events
    assert len(events) == 5


def test_routes_are_installed_replaced_and_removed_without_events(box: Box) -> None:
    assert box.program(InstallRoute(ROUTE)) == [0]
    assert box.run_answers == []
    assert box.kernel.routes() == (ROUTE,)
    other = replace(ROUTE, nexthops=(KernelNexthop(None, 2),))
    assert box.program(InstallRoute(other)) == [0]
    assert box.kernel.routes() == (other,)
    assert box.program(RemoveRoute(other), RemoveRoute(other)) == [0, errno.ESRCH]
    assert box.kernel.routes() == ()


def test_a_next_hop_object_gives_the_ways_of_a_route(box: Box) -> None:
    one, two = KernelNexthop(GATE, 2), KernelNexthop(None, 2)
    assert box.program(
        InstallRoute(replace(ROUTE, nexthops=(), nhid=7)),
        InstallNexthop(NexthopObject(5, way=one)),
        InstallNexthop(NexthopObject(6, way=two)),
        InstallNexthop(NexthopObject(7, group=((5, 1), (6, 3)))),
        InstallRoute(replace(ROUTE, nexthops=(), nhid=7)),
    ) == [errno.EINVAL, 0, 0, 0, 0]
    (route,) = box.kernel.routes()
    assert route.nexthops == (one, replace(two, weight=3))
    box.program(RemoveNexthop(5))
    assert box.kernel.routes()[0].nexthops == (replace(two, weight=3),)
    box.program(RemoveNexthop(6))
    assert (box.kernel.routes(), box.kernel.nexthops()) == ((), ())
    assert box.program(RemoveNexthop(6)) == [errno.ENOENT]


def test_what_cannot_be_is_refused_with_an_errno(box: Box) -> None:
    far = Address.parse("203.0.113.1")
    assert box.program(
        InstallRoute(replace(ROUTE, nexthops=(KernelNexthop(GATE, 9),))),
        InstallRoute(replace(ROUTE, nexthops=(KernelNexthop(far),))),
        InstallRoute(replace(ROUTE, nexthops=())),
        AddAddress(replace(ADDRESS, ifindex=9)),
        AddAddress(ADDRESS),
        SetLink(9, up=True),
        InstallRoute(replace(ROUTE, nexthops=(), type=RouteKind.BLACKHOLE)),
    ) == [
        errno.ENETUNREACH,
        errno.ENETUNREACH,
        errno.EINVAL,
        errno.ENODEV,
        errno.EEXIST,
        errno.ENODEV,
        0,
    ]


def test_it_refuses_what_it_is_told_to(box: Box) -> None:
    box.kernel.refuse = lambda change: (errno.EPERM if isinstance(change, InstallRoute) else 0)
    assert box.program(InstallRoute(ROUTE), SetLink(2, up=True)) == [errno.EPERM, 0]
    assert box.kernel.routes() == ()


def test_links_and_addresses_are_told(box: Box) -> None:
    more = LinkAddress(2, Prefix.parse("2001:db8::1/64", with_host=True))
    assert box.program(AddAddress(more), RemoveAddress(ADDRESS)) == [0, 0]
    unsure = replace(more, flags=AddressState.PERMANENT | AddressState.TENTATIVE)
    assert box.run_answers == [AddressAdded(unsure), AddressAdded(more), AddressGone(ADDRESS)]
    box.program(AddAddress(ADDRESS))
    box.program(SetLink(2, up=False))
    event, gone = box.run_answers
    assert isinstance(event, LinkChanged)
    assert not event.link.up
    assert gone == AddressGone(more)
    box.kernel.remove_link(2)
    assert box.run() == [AddressGone(ADDRESS), LinkGone(2, "eth0")]


def test_a_link_that_goes_down_takes_its_routes_along_in_silence(box: Box) -> None:
    box.program(InstallNexthop(NexthopObject(5, way=KernelNexthop(GATE, 2))))
    hollow = replace(ROUTE, prefix=Prefix.parse("10.0.0.0/8"), nexthops=(), nhid=5)
    box.program(InstallRoute(ROUTE), InstallRoute(hollow))
    box.program(SetLink(2, up=False))
    assert [type(event) for event in box.run_answers] == [LinkChanged]
    assert (box.kernel.routes(), box.kernel.nexthops()) == ((), ())
    plain = replace(ROUTE, nexthops=(KernelNexthop(None, 2),))
    assert box.program(InstallRoute(ROUTE), InstallRoute(plain)) == [
        errno.ENETUNREACH,
        errno.ENETDOWN,
    ]


def test_others_routes_are_told(box: Box) -> None:
    other = replace(ROUTE, nexthops=(KernelNexthop(None, 2),))
    for route in (ROUTE, ROUTE, other):  # that nothing changes is not told
        assert box.kernel.change(InstallRoute(route)) == 0
    assert box.kernel.change(RemoveRoute(other)) == 0
    assert box.run() == [RouteAdded(ROUTE), RouteAdded(other, replace=True), RouteGone(other)]


def test_forwarding_and_the_end(box: Box) -> None:
    assert not box.kernel.forwarding(Afi.IPV4)
    box.kernel.set_forwarding(Afi.IPV4, on=True)
    assert (box.kernel.forwarding(Afi.IPV4), box.kernel.forwarding(Afi.IPV6)) == (True, False)
    box.kernel.change(InstallRoute(ROUTE))
    box.kernel.close()
    assert box.run() == []


def test_a_carrier_takes_objects_and_leaves_routes(box: Box) -> None:
    box.program(InstallNexthop(NexthopObject(5, way=KernelNexthop(GATE, 2))), InstallRoute(ROUTE))
    box.kernel.set_carrier(2, on=False)
    (event,) = box.run()
    assert isinstance(event, LinkChanged)
    assert (event.link.up, event.link.running) == (True, False)
    assert (box.kernel.nexthops(), box.kernel.routes()) == ((), (ROUTE,))
    assert box.kernel.way_to(PREFIX.address) is None
    assert box.program(InstallNexthop(NexthopObject(5, way=KernelNexthop(GATE, 2)))) == [
        errno.ENETDOWN
    ]
    box.kernel.set_carrier(2, on=True)
    assert box.kernel.way_to(PREFIX.address) == KernelNexthop(GATE, 2)


def test_secondary_addresses_go_with_the_first(box: Box) -> None:
    second = LinkAddress(2, Prefix.parse("192.168.122.7/24", with_host=True))
    box.program(AddAddress(second))
    (known,) = [each for each in box.kernel.addresses(2) if each.prefix == second.prefix]
    assert (known.secondary, known.label) == (True, "eth0")
    box.program(RemoveAddress(ADDRESS))
    assert box.run_answers == [AddressGone(known), AddressGone(ADDRESS)]


def test_link_local_addresses_come_with_the_carrier() -> None:
    turns: deque[Callable[[], None]] = deque()
    kernel = MemoryKernel(turns.append, link_local=True)
    hardware = bytes((2, 0, 0, 0, 0, 1))
    kernel.set_link(Link(2, "eth0", ETHERNET, hw_address=hardware))
    kernel.set_carrier(2, on=False)
    kernel.change(SetLink(2, up=True))
    asked = LinkAddress(2, Prefix.parse("2001:db8::1/64", with_host=True))
    kernel.change(AddAddress(asked))
    (waiting,) = kernel.addresses(2)
    assert waiting.flags & AddressState.TENTATIVE
    kernel.set_carrier(2, on=True)
    assert [str(each.prefix) for each in kernel.addresses(2)] == [
        "2001:db8::1/64",
        "fe80::ff:fe00:1/64",
    ]
    assert not any(each.flags & AddressState.TENTATIVE for each in kernel.addresses(2))


def test_ipv6_routes_over_a_link_that_goes_down_are_told(box: Box) -> None:
    route = KernelRoute(Prefix.parse("2001:db8:9::/48"), (KernelNexthop(None, 2),), metric=20)
    box.program(InstallRoute(route))
    box.program(SetLink(2, up=False))
    assert box.run_answers[1:] == [RouteGone(route)]
