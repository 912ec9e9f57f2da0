"""The real kernel, each test in a network namespace of its own that ends with its thread."""

import asyncio
import errno
from dataclasses import replace

import pytest

from grammar.base.values import Address, Afi, Prefix
from tests.zebra.bench import Bench, in_namespace, ip, ip_json
from zebra.kernel.api import (
    AddAddress,
    AddressAdded,
    AddressGone,
    InstallNexthop,
    InstallRoute,
    KernelNexthop,
    KernelRoute,
    LinkAddress,
    LinkChanged,
    LinkGone,
    NexthopAdded,
    NexthopGone,
    NexthopObject,
    RemoveAddress,
    RemoveNexthop,
    RemoveRoute,
    RouteAdded,
    RouteGone,
    RouteKind,
    RouteProtocol,
    SetLink,
)
from zebra.kernel.forms import RouteForm

pytestmark = pytest.mark.real

BGP = KernelRoute(Prefix.parse("172.19.0.100/32"), protocol=RouteProtocol.BGP, metric=20)


def via(gate: str, ifindex: int) -> KernelNexthop:
    return KernelNexthop(Address.parse(gate), ifindex)


@in_namespace
async def test_links_and_addresses_are_listed(bench: Bench) -> None:
    events = list(bench.kernel.dump())
    links = {event.link.name: event.link for event in events if isinstance(event, LinkChanged)}
    assert set(links) == {"lo", "a0", "b0"}
    assert links["lo"].loopback
    assert (links["lo"].mtu, links["lo"].arp_type) == (65536, 772)
    cable = links["a0"]
    assert cable.running
    assert (cable.kind, cable.mtu, cable.speed) == ("veth", 1500, 10000)
    assert cable.link_ifindex == links["b0"].ifindex
    assert len(cable.hw_address) == 6
    addresses = {str(e.address.prefix): e.address for e in events if isinstance(e, AddressAdded)}
    assert set(addresses) >= {"127.0.0.1/8", "192.168.122.1/24", "2001:db8::1/64"}
    assert addresses["192.168.122.1/24"] == LinkAddress(
        cable.ifindex, Prefix.parse("192.168.122.1/24", with_host=True), label="a0"
    )


@in_namespace
async def test_a_route_through_a_next_hop_object(bench: Bench) -> None:
    a0 = bench.ifindex("a0")
    way = via("192.168.122.102", a0)
    assert await bench.program(
        InstallNexthop(NexthopObject(6, way=way)),
        InstallRoute(replace(BGP, nhid=6)),
    ) == [0, 0]
    assert ip("route show").splitlines()[1] == (
        "172.19.0.100 nhid 6 via 192.168.122.102 dev a0 proto bgp metric 20 "
    )
    assert ip("nexthop show") == "id 6 via 192.168.122.102 dev a0 scope link proto zebra \n"
    assert bench.routes() == [replace(BGP, nhid=6, nexthops=(way,))]
    assert NexthopAdded(NexthopObject(6, way=way)) in list(bench.kernel.dump())
    assert await bench.program(
        RemoveRoute(replace(BGP, nhid=6)), RemoveRoute(BGP), RemoveNexthop(6), RemoveNexthop(6)
    ) == [0, errno.ESRCH, 0, errno.ENOENT]
    assert bench.routes() == []
    assert ip("nexthop show") == ""
    assert await bench.own_news() == []


@in_namespace
async def test_several_ways_as_a_group_and_without_objects(bench: Bench) -> None:
    a0, b0 = bench.ifindex("a0"), bench.ifindex("b0")
    ways = via("192.168.122.102", a0), replace(via("10.0.0.2", b0), weight=3)
    plain = replace(BGP, prefix=Prefix.parse("10.9.0.0/16"), nexthops=ways)
    assert await bench.program(
        InstallNexthop(NexthopObject(6, way=ways[0])),
        InstallNexthop(NexthopObject(7, way=replace(ways[1], weight=1))),
        InstallNexthop(NexthopObject(8, group=((6, 1), (7, 3)))),
        InstallRoute(replace(BGP, nhid=8)),
        InstallRoute(plain),
    ) == [0, 0, 0, 0, 0]
    assert "id 8 group 6/7,3 proto zebra" in ip("nexthop show")
    assert sorted(bench.routes(), key=lambda route: route.nhid) == [
        plain,
        replace(BGP, nhid=8, nexthops=ways),
    ]


@in_namespace
async def test_ipv6_and_ipv4_over_ipv6(bench: Bench) -> None:
    a0 = bench.ifindex("a0")
    way = via("2001:db8::2", a0)
    six = replace(BGP, prefix=Prefix.parse("2001:db8:100::/48"))
    local = replace(six, prefix=Prefix.parse("2001:db8:101::/48"), nexthops=(via("fe80::5", a0),))
    mixed = replace(BGP, prefix=Prefix.parse("10.77.0.0/16"), nexthops=(way,))
    assert await bench.program(
        InstallNexthop(NexthopObject(6, Afi.IPV6, way)),
        InstallRoute(replace(six, nhid=6)),
        InstallRoute(local),
        InstallRoute(mixed),
        InstallRoute(local),
    ) == [0, 0, 0, 0, 0]
    assert set(bench.routes()) == {replace(six, nhid=6, nexthops=(way,)), local, mixed}
    assert await bench.program(RemoveRoute(six), RemoveRoute(local)) == [0, 0]
    assert bench.routes() == [mixed]


@in_namespace
async def test_what_drops_packets(bench: Bench) -> None:
    kinds = RouteKind.BLACKHOLE, RouteKind.UNREACHABLE, RouteKind.PROHIBIT
    four = [
        replace(BGP, prefix=Prefix(Afi.IPV4, (10 << 24) + (at << 16), 16), type=kind)
        for at, kind in enumerate(kinds)
    ]
    six = replace(BGP, prefix=Prefix.parse("2001:db8:ff::/48"), type=RouteKind.BLACKHOLE)
    assert await bench.program(*map(InstallRoute, [*four, six])) == [0] * 4
    assert set(bench.routes()) == {*four, six}
    hole = NexthopObject(9, blackhole=True)
    assert await bench.program(InstallNexthop(hole)) == [0]
    assert ip("nexthop show") == "id 9 blackhole proto zebra \n"


@in_namespace
async def test_tables_sources_and_mtu(bench: Bench) -> None:
    a0 = bench.ifindex("a0")
    route = replace(
        BGP,
        nexthops=(replace(via("203.0.113.9", a0), onlink=True),),
        table=1000,
        prefsrc=Address.parse("192.168.122.1"),
        mtu=1400,
    )
    assert await bench.program(InstallRoute(route)) == [0]
    assert bench.routes() == [route]
    (shown,) = ip_json("route show table 1000")
    assert (shown["prefsrc"], shown["flags"]) == ("192.168.122.1", ["onlink"])
    assert shown["metrics"] == [{"mtu": 1400}]
    assert await bench.program(RemoveRoute(replace(route, table=1000))) == [0]


@in_namespace
async def test_the_kernel_says_why_not(bench: Bench) -> None:
    far = replace(BGP, nexthops=(via("203.0.113.9", bench.ifindex("a0")),))
    assert await bench.program(
        InstallRoute(far),
        InstallRoute(BGP),
        InstallRoute(replace(BGP, nexthops=(KernelNexthop(None, 99),))),
        InstallRoute(replace(BGP, nexthops=(KernelNexthop(None, 1, weight=999),) * 2)),
        InstallRoute(replace(BGP, nhid=99)),
        SetLink(99, up=True),
    ) == [errno.ENETUNREACH, errno.EINVAL, errno.ENODEV, errno.EINVAL, errno.EINVAL, errno.ENODEV]


@in_namespace
async def test_others_changes_are_heard(bench: Bench) -> None:
    prefix, way = Prefix.parse("10.50.0.0/16"), via("192.168.122.9", bench.ifindex("a0"))
    ip("route add 10.50.0.0/16 via 192.168.122.9 metric 300")
    # The kernel may still be telling of its own route to an IPv6 address of the bench.
    added = await bench.heard(
        lambda one: isinstance(one, RouteAdded) and one.route.prefix == prefix
    )
    assert isinstance(added, RouteAdded)
    assert added.route == KernelRoute(prefix, (way,), protocol=RouteProtocol.BOOT, metric=300)
    ip("route replace 10.50.0.0/16 via 192.168.122.10 metric 300")
    await bench.heard(lambda event: isinstance(event, RouteAdded) and event.replace)
    ip("route del 10.50.0.0/16")
    await bench.heard(lambda event: isinstance(event, RouteGone))
    ip("nexthop add id 500 via 192.168.122.9 dev a0")
    ip("nexthop del id 500")
    await bench.heard(lambda event: event == NexthopGone(500))
    ip("addr add 192.0.2.1 peer 192.0.2.2/32 dev b0")
    own = Prefix.parse("192.0.2.1/32")
    address = await bench.heard(
        lambda event: isinstance(event, AddressAdded) and event.address.prefix == own
    )
    assert isinstance(address, AddressAdded)
    assert address.address.peer == Address.parse("192.0.2.2")


@in_namespace
async def test_links_come_go_and_change(bench: Bench) -> None:
    ip("link add br0 type bridge")
    made = await bench.heard(lambda event: isinstance(event, LinkChanged))
    assert isinstance(made, LinkChanged)
    assert (made.link.name, made.link.kind, made.link.up) == ("br0", "bridge", False)
    ip("link set b0 down")
    await bench.heard(
        lambda event: isinstance(event, LinkChanged)
        and event.link.name == "a0"
        and event.link.up
        and not event.link.running
    )
    ip("link set b0 master br0")
    await bench.heard(
        lambda event: isinstance(event, LinkChanged) and event.link.master == made.link.ifindex
    )
    ip("link set b0 nomaster")
    ip("link del br0")
    await bench.heard(lambda event: event == LinkGone(made.link.ifindex, "br0"))
    assert [event for event in bench.events if isinstance(event, LinkGone)] == [
        LinkGone(made.link.ifindex, "br0")
    ]


@in_namespace
async def test_addresses_and_links_are_changed(bench: Bench) -> None:
    a0 = bench.ifindex("a0")
    four = LinkAddress(
        a0,
        Prefix.parse("192.0.2.1/24", with_host=True),
        broadcast=Address.parse("192.0.2.255"),
        label="a0:x",
    )
    six = LinkAddress(a0, Prefix.parse("2001:db8:5::1/64", with_host=True))
    assert await bench.program(AddAddress(four), AddAddress(six), AddAddress(four)) == [
        0,
        0,
        errno.EEXIST,
    ]
    await bench.heard(lambda event: event == AddressAdded(four))
    await bench.heard(
        lambda event: isinstance(event, AddressAdded) and event.address.prefix == six.prefix
    )
    assert await bench.program(RemoveAddress(four), RemoveAddress(six)) == [0, 0]
    await bench.heard(lambda event: event == AddressGone(four))
    assert await bench.program(SetLink(a0, up=False)) == [0]
    await bench.heard(
        lambda event: isinstance(event, LinkChanged)
        and event.link.ifindex == a0
        and not event.link.up
    )


@in_namespace
async def test_ten_thousand_routes_are_answered_one_by_one(bench: Bench) -> None:
    a0 = bench.ifindex("a0")
    prefixes = [Prefix(Afi.IPV4, (20 << 24) + (at << 8), 24) for at in range(10_000)]
    routes = [replace(BGP, prefix=prefix, nhid=6) for prefix in prefixes]
    routes[5000] = replace(routes[5000], nhid=7)
    answers = await bench.program(
        InstallNexthop(NexthopObject(6, way=via("192.168.122.102", a0))),
        *map(InstallRoute, routes),
    )
    assert len(answers) == 10_001
    assert [at for at, answer in enumerate(answers) if answer] == [5001]
    assert len(bench.routes()) == 9_999
    answers = await bench.program(*map(RemoveRoute, routes))
    assert [at for at, answer in enumerate(answers) if answer] == [5000]
    assert bench.routes() == []
    assert await bench.own_news() == []


@in_namespace
async def test_forwarding_is_the_sysctl(bench: Bench) -> None:
    for afi, path in ((Afi.IPV4, "ipv4/ip_forward"), (Afi.IPV6, "ipv6/conf/all/forwarding")):
        bench.kernel.set_forwarding(afi, on=True)
        assert bench.kernel.forwarding(afi)
        with open(f"/proc/sys/net/{path}", encoding="ascii") as file:
            assert file.read() == "1\n"
        bench.kernel.set_forwarding(afi, on=False)
        assert not bench.kernel.forwarding(afi)


@in_namespace
async def test_of_routes_of_a_form_those_that_are_refused_are_told(bench: Bench) -> None:
    way = NexthopObject(6, Afi.IPV4, KernelNexthop(Address.parse("10.0.0.2"), bench.ifindex("b0")))
    good, bad = (RouteForm(replace(BGP, nhid=number)) for number in (6, 99))
    keys = [Prefix.parse(f"10.{n}.0.0/16").key for n in range(1, 7)]
    forms = (good, bad, good, good, bad, good)
    routes = [InstallRoute(None, form, key) for form, key in zip(forms, keys, strict=True)]
    wrong = errno.EINVAL
    assert await bench.program(InstallNexthop(way), *routes) == [0, 0, wrong, 0, 0, wrong, 0]
    assert {route.prefix.key for route in bench.routes()} == {keys[n] for n in (0, 2, 3, 5)}
    assert await bench.program(*routes[:2]) == [0, wrong]
    gone = [RemoveRoute(None, good, key) for key in keys]
    assert await bench.program(*gone) == [0, errno.ESRCH, 0, 0, errno.ESRCH, 0]
    assert not bench.routes()


@in_namespace
async def test_an_object_under_many_routes_is_replaced_while_the_loop_goes_on(bench: Bench) -> None:
    """What stands before and behind it in a batch keeps its place."""
    loop, link = asyncio.get_running_loop(), bench.ifindex("b0")
    ways = [
        NexthopObject(n, Afi.IPV4, KernelNexthop(Address.parse(f"10.0.0.{n}"), link))
        for n in (2, 3)
    ]
    over, then = (NexthopObject(9, group=((n, 1),)) for n in (2, 3))
    form = RouteForm(replace(BGP, nhid=9))
    keys = [Prefix.parse(f"20.{n >> 8}.{n & 255}.0/24").key for n in range(5000)]
    routes = [InstallRoute(None, form, key) for key in keys]
    objects = map(InstallNexthop, (*ways, over))
    assert await bench.program(*objects, *routes[1:]) == [0] * (len(keys) + 2)
    turns = 0

    def turn() -> None:
        nonlocal turns
        turns += 1
        loop.call_soon(turn)

    turn()
    batch = (routes[0], InstallNexthop(then), RemoveRoute(None, form, keys[1]), RemoveNexthop(9))
    assert await bench.program(*batch) == [0, 0, 0, 0]
    assert turns > 3  # two without a thread
    assert not bench.routes()
