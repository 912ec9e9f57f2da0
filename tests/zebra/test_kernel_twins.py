"""The kernel in memory does what Linux does: random scripts for both, compared at every step."""

from collections.abc import Callable, Coroutine
from dataclasses import replace
from itertools import chain

import pytest
from hypothesis import given
from hypothesis import strategies as st

from grammar.base.values import Address, Afi, Prefix
from tests.zebra.kernels import Pair, Side, Twins, drawn, in_fresh_namespace, short
from zebra.kernel.api import (
    AddAddress,
    Change,
    InstallNexthop,
    InstallRoute,
    KernelNexthop,
    KernelRoute,
    LinkAddress,
    NexthopObject,
    RemoveAddress,
    RemoveNexthop,
    RemoveRoute,
    RouteKind,
    RouteProtocol,
    SetLink,
    SetNeighbor,
)

pytestmark = pytest.mark.real

PAIRS = (Pair(10, 11), Pair(12, 13))
LINKS = tuple(end for pair in PAIRS for end in (pair.one, pair.other))
NOBODY = 99

ADDRESSES = tuple(
    (Prefix.parse(own, with_host=True), Address.parse(peer) if peer else None)
    for own, peer in (
        ("10.0.1.1/24", ""),
        ("10.0.1.2/24", ""),
        ("10.0.1.1/16", ""),
        ("10.0.2.1/24", ""),
        ("10.0.3.1/31", ""),
        ("10.0.4.1/32", ""),
        ("10.0.5.1/32", "10.0.6.1"),
        ("2001:db8:1::1/64", ""),
        ("2001:db8:1::2/64", ""),
        ("2001:db8:1::1/48", ""),
        ("2001:db8:2::1/64", ""),
        ("2001:db8:4::1/128", ""),
        ("fe80::77/64", ""),
        ("ff02::77/64", ""),
    )
)
GATES = {
    Afi.IPV4: ("10.0.1.9", "10.0.2.9", "10.0.1.1", "10.0.1.255", "10.0.6.1", "10.9.9.9"),
    Afi.IPV6: ("2001:db8:1::9", "2001:db8:2::9", "2001:db8:1::1", "fe80::9", "2001:db8:9::9"),
}
NETWORKS = {
    Afi.IPV4: ("0.0.0.0/0", "10.50.0.0/16", "10.50.1.0/24"),
    Afi.IPV6: ("::/0", "2001:db8:50::/48", "2001:db8:51::/64"),
}
OBJECTS = (1, 2, 3)
GROUPS = (21, 22)

Step = tuple[str, Callable[[Side], Coroutine[None, None, object]]]


# --- what is done --------------------------------------------------------------------------------


def families() -> st.SearchStrategy[Afi]:
    return st.sampled_from(tuple(GATES))


def ifindexes() -> st.SearchStrategy[int]:
    return st.sampled_from((*LINKS, *LINKS[:1] * 4, NOBODY))


def gates(afi: Afi) -> st.SearchStrategy[Address]:
    return st.sampled_from(GATES[afi]).map(Address.parse)


@st.composite
def ways(draw: st.DrawFn, afi: Afi) -> KernelNexthop:
    """Of a route or an object: with gate, with link, with both."""
    family = draw(st.sampled_from((afi, afi, afi, Afi.IPV6)))
    gate = draw(st.none() | gates(family) | gates(family))
    if gate is None:
        return KernelNexthop(None, draw(ifindexes()))
    onlink = draw(st.sampled_from((False, False, False, True)))
    labels = draw(st.sampled_from(((),) * 9 + ((100, 200),)))
    return KernelNexthop(gate, draw(ifindexes() | st.just(0)), onlink=onlink, labels=labels)


@st.composite
def routes(draw: st.DrawFn) -> KernelRoute:
    afi = draw(families())
    route = KernelRoute(
        Prefix.parse(draw(st.sampled_from(NETWORKS[afi]))),
        metric=draw(st.sampled_from((20, 20, 0, 100))),
        table=draw(st.sampled_from((254, 254, 254, 1000))),
        protocol=draw(st.sampled_from((RouteProtocol.BGP, RouteProtocol.STATIC))),
    )
    kind = draw(st.sampled_from(("way", "way", "ways", "object", "group", "nowhere")))
    match kind:
        case "object":
            return replace(route, nhid=draw(st.sampled_from(OBJECTS)))
        case "group":
            return replace(route, nhid=draw(st.sampled_from(GROUPS)))
        case "nowhere":
            kinds = (RouteKind.BLACKHOLE, RouteKind.UNREACHABLE, RouteKind.PROHIBIT)
            return replace(route, type=draw(st.sampled_from(kinds)))
    count = 1 if kind == "way" else 2
    prefer = draw(st.none() | st.none() | st.sampled_from([p.address for p, _ in ADDRESSES]))
    if prefer is not None and prefer.afi is not afi:
        prefer = None
    found = draw(st.lists(ways(afi), min_size=count, max_size=count))
    return replace(route, nexthops=tuple(found), prefsrc=prefer)


@st.composite
def objects(draw: st.DrawFn) -> NexthopObject:
    if draw(st.sampled_from((True, False, False))):
        member = st.tuples(st.sampled_from((*OBJECTS, *GROUPS)), st.sampled_from((1, 3, 300)))
        members = draw(st.lists(member, min_size=1, max_size=3))
        return NexthopObject(draw(st.sampled_from((*GROUPS, *GROUPS, 3))), group=tuple(members))
    afi = draw(families())
    number = draw(st.sampled_from((*OBJECTS, *OBJECTS, 21, 0)))
    if draw(st.sampled_from((True, False, False, False, False))):
        return NexthopObject(number, afi, blackhole=True)
    way = draw(ways(afi))
    return NexthopObject(number, afi if way.gate is None else way.gate.afi, way)


@st.composite
def addresses(draw: st.DrawFn) -> LinkAddress:
    prefix, peer = draw(st.sampled_from(ADDRESSES))
    return LinkAddress(draw(ifindexes()), prefix, peer)


def changes() -> st.SearchStrategy[Change]:
    return st.one_of(
        routes().map(InstallRoute),
        routes().map(InstallRoute),
        routes().map(RemoveRoute),
        objects().map(InstallNexthop),
        objects().map(InstallNexthop),
        st.sampled_from((*OBJECTS, *GROUPS)).map(RemoveNexthop),
        st.builds(
            SetNeighbor, ifindexes(), st.just(Address.parse("169.254.0.1")), st.just(bytes(6))
        ),
    )


def slow_changes() -> st.SearchStrategy[Change]:
    """What Linux does not end at once: carriers, and IPv6 addresses that nobody else may have."""
    return st.one_of(
        st.builds(SetLink, ifindexes(), st.booleans()),
        addresses().map(AddAddress),
        addresses().map(AddAddress),
        addresses().map(RemoveAddress),
    )


def by_others(change: Change) -> Step:
    async def act(side: Side) -> int:
        return side.change(change)

    return f"others: {short(change)}", act


def by_zebra(batch: list[Change]) -> Step:
    async def act(side: Side) -> list[int]:
        return await side.program(batch)

    return "\n".join(f"zebra: {short(change)}" for change in batch), act


def made_anew(pair: Pair) -> list[Step]:
    async def delete(side: Side) -> None:
        side.delete(pair)

    async def make(side: Side) -> None:
        side.make(pair)

    return [(f"delete {pair}", delete), (f"make {pair}", make)]


def renamed(ifindex: int, to: str) -> list[Step]:
    async def act(side: Side) -> None:
        side.rename(ifindex, f"{to}-{ifindex}")

    return [(f"rename {ifindex} {to}", act)]


def scripts() -> st.SearchStrategy[list[Step]]:
    portion = st.one_of(
        changes().map(lambda change: [by_others(change)]),
        slow_changes().map(lambda change: [by_others(change)]),
        slow_changes().map(lambda change: [by_zebra([change])]),
        st.lists(changes(), min_size=1, max_size=4).map(lambda batch: [by_zebra(batch)]),
        st.lists(changes(), min_size=1, max_size=4).map(lambda batch: [by_zebra(batch)]),
        st.sampled_from(PAIRS).map(made_anew),
        st.builds(renamed, st.sampled_from(LINKS), st.sampled_from(("x1", "x2"))),
    )
    return st.lists(portion, min_size=1, max_size=12).map(lambda found: list(chain(*found)))


async def play(script: list[Step]) -> None:
    twins = Twins()
    try:
        for pair in PAIRS:
            await twins.step(*made_anew(pair)[1])
        for ifindex, at in ((10, 0), (12, 3), (10, 7), (12, 10)):
            prefix, peer = ADDRESSES[at]
            await twins.step(*by_others(AddAddress(LinkAddress(ifindex, prefix, peer))))
        for step in script:
            await twins.step(*step)
    finally:
        twins.close()


@drawn(15)
@given(script=scripts())
def test_linux_and_memory_do_the_same(script: list[Step]) -> None:
    in_fresh_namespace(lambda: play(script))
