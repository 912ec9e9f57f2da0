"""Tables, selection and the kernel's copy: what is chosen is what the kernel has."""

from collections.abc import Sequence

from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from grammar.base.log import Level
from grammar.base.values import Address, Afi, Prefix
from tests.zebra.stack import Stack, address, ethernet
from zebra.kernel.api import (
    Change,
    Done,
    InstallRoute,
    KernelNexthop,
    KernelRoute,
    RemoveRoute,
    RouteKind,
    RouteProtocol,
    SetLink,
)
from zebra.show.views import tree_nodes
from zebra.zapi.constants import NotifyNote, RouteFlag, RouteType
from zebra.zapi.messages import Nexthop, Route, RouteAdd, RouteDelete, RouteNotifyOwner

GATE = Address.parse("10.0.1.2")


def lan() -> Stack:
    return Stack(
        [ethernet(2, "e1"), ethernet(3, "e2")],
        [address(2, "10.0.1.1/24"), address(3, "10.0.2.1/24")],
    )


def bgp_route(prefix: str, gate: str = "10.0.1.2", **fields: object) -> Route:
    nexthop = Nexthop.via(Address.parse(gate))
    return Route(RouteType.BGP, Prefix.parse(prefix), (nexthop,), 20, 0, **fields)  # type: ignore[arg-type]


def ours(stack: Stack) -> dict[str, KernelRoute]:
    return {str(r.prefix): r for r in stack.kernel.routes() if r.protocol >= 186}


def test_bgp_route_in_the_kernel() -> None:
    stack = lan()
    client = stack.client()
    client.send(RouteAdd(bgp_route("172.19.0.100/32")))
    route = ours(stack)["172.19.0.100/32"]
    assert (route.protocol, route.metric, route.table) == (RouteProtocol.BGP, 20, 254)
    objects = {found.id: found for found in stack.kernel.nexthops()}
    assert objects[route.nhid].way == KernelNexthop(GATE, 2)
    client.send(RouteDelete(bgp_route("172.19.0.100/32")))
    assert not ours(stack)


def test_groups_are_shared_and_numbered_as_frr_does() -> None:
    stack = Stack([ethernet(2, "e1")], [address(2, "10.0.1.1/24")], static=False)
    client = stack.client()
    client.send(RouteAdd(bgp_route("172.19.0.0/32")), RouteAdd(bgp_route("172.19.0.100/32")))
    # The connected route took 1 before it was looked up and 2 after; the two routes share 4.
    assert {route.nhid for route in ours(stack).values()} == {4}
    assert [group.id for group in stack.zebra.groups] == [2, 4]
    assert stack.zebra.groups.by_id[4].refs == 2


def test_distance_then_metric_then_age() -> None:
    stack = lan()
    client = stack.client()
    stack.static("ip route 10.9.0.0/16 10.0.2.2 30")
    client.send(RouteAdd(bgp_route("10.9.0.0/16")))
    assert stack.routes()[2:] == [
        "B>* 10.9.0.0/16 [20/0] via 10.0.1.2, e1, weight 1",
        "S   10.9.0.0/16 [30/0] via 10.0.2.2, e2, weight 1",
    ]
    stack.static("ip route 10.9.0.0/16 10.0.2.2 5")
    assert stack.routes()[2:] == [
        "S>* 10.9.0.0/16 [5/0] via 10.0.2.2, e2, weight 1",
        "B   10.9.0.0/16 [20/0] via 10.0.1.2, e1, weight 1",
    ]
    assert ours(stack)["10.9.0.0/16"].protocol == RouteProtocol.ZSTATIC


def test_kernel_route_wins_and_goes() -> None:
    stack = lan()
    client = stack.client()
    client.send(RouteAdd(bgp_route("10.9.0.0/16")))
    foreign = KernelRoute(
        Prefix.parse("10.9.0.0/16"), (KernelNexthop(GATE, 2),), protocol=3, metric=100
    )
    stack.kernel.change(InstallRoute(foreign))
    stack.settle()
    assert "K>* 10.9.0.0/16 [0/100] via 10.0.1.2, e1" in stack.routes()
    assert not ours(stack)
    stack.kernel.change(RemoveRoute(foreign))
    stack.settle()
    assert "B>* 10.9.0.0/16 [20/0] via 10.0.1.2, e1, weight 1" in stack.routes()
    assert ours(stack)


def test_our_route_deleted_by_another_comes_back() -> None:
    stack = lan()
    stack.static("ip route 10.9.0.0/16 10.0.1.2")
    (route,) = ours(stack).values()
    stack.kernel.change(RemoveRoute(route))
    assert not ours(stack)
    stack.settle()
    assert ours(stack)


def test_our_route_that_others_may_delete_is_gone() -> None:
    stack = lan()
    stack.configure("allow-external-route-update")
    client = stack.client(notify=True)
    client.send(RouteAdd(bgp_route("10.9.0.0/16")))
    (route,) = ours(stack).values()
    client.heard.clear()
    stack.kernel.change(RemoveRoute(route))
    stack.settle()
    assert not ours(stack)
    assert not any("10.9.0.0/16" in row for row in stack.routes())
    assert client.heard == [RouteNotifyOwner(NotifyNote.REMOVED, route.prefix)]


def test_refused_by_the_kernel() -> None:
    stack = lan()
    refused = 22
    stack.kernel.refuse = lambda change: refused if isinstance(change, InstallRoute) else 0
    client = stack.client()
    client.send(RouteAdd(bgp_route("10.9.0.0/16")))
    assert "B>r 10.9.0.0/16 [20/0] via 10.0.1.2, e1, weight 1" in stack.routes()
    assert '"failed":true' in stack.show("show ip route 10.9.0.0/16 json")
    stack.kernel.refuse = None
    client.send(RouteAdd(bgp_route("10.9.0.0/16")))
    assert "B>* 10.9.0.0/16 [20/0] via 10.0.1.2, e1, weight 1" in stack.routes()


def test_leftovers_of_an_earlier_zebra_are_removed() -> None:
    stack = lan()
    stack.static("ip route 10.9.0.0/16 10.0.1.2")
    (route,) = ours(stack).values()
    kernel = stack.kernel
    from zebra.zebra import Zebra

    later = Zebra(stack.scheduler, stack.scheduler.clock, stack.log, kernel)
    later.start()
    stack.settle()
    assert route.prefix not in [found.prefix for found in kernel.routes() if found.metric == 20]


def test_stop_takes_everything_out() -> None:
    stack = lan()
    stack.static("ip route 10.9.0.0/16 10.0.1.2", "ip route 10.9.0.0/16 10.0.2.2")
    assert ours(stack)
    stack.zebra.stop()
    stack.settle()
    assert not ours(stack)
    assert not stack.kernel.nexthops()


def test_blackholes() -> None:
    stack = lan()
    stack.static("ip route 10.9.0.0/16 blackhole", "ip route 10.10.0.0/16 reject")
    kinds = {text: route.type for text, route in ours(stack).items()}
    assert kinds == {"10.9.0.0/16": RouteKind.BLACKHOLE, "10.10.0.0/16": RouteKind.UNREACHABLE}


def test_nodes_of_the_tree() -> None:
    def count(*prefixes: str) -> int:
        return tree_nodes([Prefix.parse(text) for text in prefixes], 32)

    assert count() == 1
    assert count("192.168.122.0/24") == 2
    assert count("172.19.0.0/32", "172.19.0.100/32", "192.168.122.0/24") == 6


# --- random sequences: the kernel ends up with what is selected ---

PREFIXES = ["10.9.0.0/16", "10.9.1.0/24", "10.0.1.128/25", "10.8.0.0/16"]
GATES = ["10.0.1.2", "10.0.2.2", "10.9.1.1", "10.8.0.1"]
STEPS = st.one_of(
    st.tuples(st.just("add"), st.sampled_from(PREFIXES), st.sampled_from(GATES)),
    st.tuples(st.just("delete"), st.sampled_from(PREFIXES), st.just("")),
    st.tuples(
        st.sampled_from(["static", "no static"]), st.sampled_from(PREFIXES), st.sampled_from(GATES)
    ),
    st.tuples(st.sampled_from(["up", "down"]), st.sampled_from(["2", "3"]), st.just("")),
    st.tuples(st.sampled_from(["kernel", "no kernel"]), st.sampled_from(PREFIXES), st.just("")),
)


def step(stack: Stack, client: object, what: str, first: str, second: str) -> None:
    match what:
        case "add":
            flags = RouteFlag.ALLOW_RECURSION
            client.send(RouteAdd(bgp_route(first, second, flags=flags)))  # type: ignore[attr-defined]
        case "delete":
            client.send(RouteDelete(bgp_route(first)))  # type: ignore[attr-defined]
        case "static":
            stack.static(f"ip route {first} {second}")
        case "no static":
            stack.static(f"no ip route {first} {second}")
        case "up" | "down":
            stack.kernel.change(SetLink(int(first), what == "up"))
        case _:
            way = KernelNexthop(Address.parse("10.0.1.2"), 2)
            route = KernelRoute(Prefix.parse(first), (way,), protocol=3, metric=50)
            change = InstallRoute(route) if what == "kernel" else RemoveRoute(route)
            stack.kernel.change(change)
    stack.settle()


ROUND = [
    ("add", "10.9.0.0/16", "10.8.0.1"),
    ("add", "10.8.0.0/16", "10.0.2.2"),
    ("add", "10.8.0.0/16", "10.9.1.1"),
    ("down", "3", ""),
]
"""Ends with two routes that resolve over each other and nothing else."""
KERNELS = [
    ("add", "10.9.0.0/16", "10.8.0.1"),
    ("add", "10.8.0.0/16", "10.0.1.2"),
    ("kernel", "10.9.0.0/16", ""),
    ("down", "2", ""),
]
BETTER = [
    ("add", "10.8.0.0/16", "10.9.1.1"),
    ("add", "10.9.0.0/16", "10.0.1.2"),
    ("static", "10.8.0.0/16", "10.0.1.2"),
    ("down", "2", ""),
]
"""A better route goes with the link, before that is known over which the other one resolves."""


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.lists(STEPS, max_size=25))
@example(ROUND)
@example(KERNELS)
@example(BETTER)
def test_kernel_equals_selected(steps: list[tuple[str, str, str]]) -> None:
    stack = lan()
    client = stack.client()
    for what, first, second in steps:
        step(stack, client, what, first, second)
    table = stack.zebra.rib.default.main(Afi.IPV4)
    expected = {}
    for dest in table.routes.values():
        entry = dest.selected
        if entry is None or entry.is_system:
            continue
        ways = [hop.ifindex for hop in entry.group.leaves()]
        if not any(map(stack.zebra.interfaces.operative, ways)):
            continue  # two that resolve over each other outlive their link; the kernel has neither
        assert dest.installed, table.prefix(dest)
        expected[str(table.prefix(dest))] = entry.group.in_kernel.id
    assert {text: route.nhid for text, route in ours(stack).items()} == expected
    installed = {group.id for group in stack.zebra.groups if group.installed}
    assert installed >= {found.id for found in stack.kernel.nexthops()}
    assert not [text for level, text in stack.log.messages if level <= Level.WARNINGS]


def test_no_more_changes_wait_for_the_kernel_than_is_configured() -> None:
    stack = lan()
    batches = []
    program = stack.kernel.program

    def counted(changes: Sequence[Change], done: Done) -> None:
        batches.append(len(changes))
        program(changes, done)

    stack.kernel.program = counted  # type: ignore[method-assign]
    stack.configure("zebra dplane limit 3")
    assert "Route update queue limit: 3\n" in stack.show("show zebra dplane")
    stack.client().send(*(RouteAdd(bgp_route(f"10.9.{n}.0/24")) for n in range(10)))
    assert max(batches) <= 3
    assert "Route update queue max:   3\n" in stack.show("show zebra dplane")
    stack.configure("no zebra dplane limit")
    batches.clear()
    stack.client().send(*(RouteAdd(bgp_route(f"10.8.{n}.0/24")) for n in range(10)))
    assert max(batches) == 10
