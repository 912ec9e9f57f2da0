"""zebra and staticd show the same on Linux and in memory, whatever happens to both kernels."""

import asyncio
import difflib
import re
from collections.abc import Callable, Coroutine
from dataclasses import replace
from itertools import chain

import pytest
from hypothesis import given
from hypothesis import strategies as st

from grammar.base.clock import SystemClock
from grammar.base.log import MemoryLog
from grammar.node import CONFIG, ENABLE
from grammar.session import Session
from tests.zebra.kernels import (
    PATIENCE,
    Linux,
    Memory,
    Side,
    drawn,
    in_fresh_namespace,
    short,
    there_is,
)
from tests.zebra.test_kernel_twins import (
    ADDRESSES,
    LINKS,
    PAIRS,
    made_anew,
    objects,
    renamed,
    routes,
    slow_changes,
)
from tests.zebra.test_kernel_twins import Step as KernelStep
from zebra.kernel.api import (
    AddAddress,
    Change,
    InstallNexthop,
    InstallRoute,
    LinkAddress,
    RemoveNexthop,
    RemoveRoute,
    RouteProtocol,
)
from zebra.staticd.staticd import Staticd
from zebra.zapi.link import PairLink
from zebra.zebra import Zebra

pytestmark = pytest.mark.real

SHOWS = (
    "show ip route",
    "show ipv6 route",
    "show ip route summary",
    "show interface",
    "show ip nht",
    "show ipv6 nht",
)
STATIC = (
    "ip route 10.60.0.0/24 10.0.1.9",
    "ip route 10.60.0.0/24 10.0.2.9",
    "ip route 10.60.1.0/24 10.60.0.7",
    "ip route 10.60.2.0/24 e10",
    "ip route 10.60.3.0/24 192.0.2.9 e12 onlink",
    "ip route 10.60.4.0/24 blackhole",
    "ip route 10.60.4.0/24 10.0.1.9 200",
    "ip route 10.60.5.0/24 10.60.1.7",
    "ipv6 route 2001:db8:60::/48 2001:db8:1::9",
    "ipv6 route 2001:db8:61::/48 fe80::9 e10",
    "ipv6 route 2001:db8:62::/48 2001:db8:60::9",
)
ZEBRA = ("shutdown", "no shutdown", "ip address 10.0.7.1/24", "no ip address 10.0.7.1/24",
         "ipv6 address 2001:db8:7::1/64", "no link-detect", "link-detect")  # fmt: skip

Act = Callable[["Router"], Coroutine[None, None, None]]
Step = tuple[str, Act]


class Router:
    """zebra and staticd on a kernel."""

    def __init__(self, side: Linux | Memory) -> None:
        self.side = side
        loop, clock, log = asyncio.get_running_loop(), SystemClock(), MemoryLog()
        self.zebra = Zebra(loop, clock, log, side.kernel)
        self.zebra.start()
        self.staticd = Staticd(loop, clock, log)
        client, server = PairLink.make(loop.call_soon)
        self.zebra.accept(server)
        self.staticd.attach_zebra(client)

    def static(self, line: str) -> None:
        Session(self.staticd, CONFIG).execute(line)

    def interface(self, name: str, line: str) -> None:
        session = Session(self.zebra, CONFIG)
        session.execute(f"interface {name}")
        session.execute(line)

    def shown(self) -> list[str]:
        rows = []
        for line in SHOWS:
            text = "".join(Session(self.zebra, ENABLE).execute(line).output)
            rows += [f"{line}: {_masked(row)}" for row in text.splitlines()]
        rows += sorted(map(_numberless, there_is(self.side.kernel.dump())))
        return [row for row in rows if not _by_chance(row)]


def _masked(row: str) -> str:
    row = re.sub(r"\d\d:\d\d:\d\d|\(fd \d+\)", "...", row)
    return re.sub(r"(Link (?:ups|downs):).*", r"\1", row)


def _by_chance(row: str) -> bool:
    """Which of several links has the network fe80::/64 first: Linux settles them in any order."""
    return "fe80::/64 is directly" in row or bool(re.search("afi=2, way=.*\\(ifindex=", row))


def _numberless(row: str) -> str:
    """Without the numbers of objects, which follow from the order in which events came."""
    return re.sub(r"id=\d+|group=.*\)\)", "", row)


def by_others(change: Change) -> Step:
    async def act(router: Router) -> None:
        router.side.change(change)

    return f"others: {short(change)}", act


def static(line: str) -> Step:
    async def act(router: Router) -> None:
        router.static(line)

    return line, act


def interface(ifindex: int, line: str) -> Step:
    async def act(router: Router) -> None:
        router.interface(f"e{ifindex}", line)

    return f"interface e{ifindex}: {line}", act


def of_links(steps: list[KernelStep]) -> list[Step]:
    def wrapped(act: Callable[[Side], Coroutine[None, None, object]]) -> Act:
        async def on_router(router: Router) -> None:
            await act(router.side)

        return on_router

    return [(text, wrapped(act)) for text, act in steps]


def changes() -> st.SearchStrategy[Change]:
    foreign = routes().map(lambda route: replace(route, protocol=RouteProtocol.DHCP))
    own = routes().map(lambda route: replace(route, protocol=RouteProtocol.ZSTATIC))
    return st.one_of(
        foreign.map(InstallRoute),
        foreign.map(InstallRoute),
        foreign.map(RemoveRoute),
        own.map(RemoveRoute),
        objects().map(lambda made: InstallNexthop(replace(made, id=made.id + 1000))),
        st.sampled_from((1001, 1002, 1021)).map(RemoveNexthop),
        slow_changes(),
        slow_changes(),
    )


def scripts() -> st.SearchStrategy[list[Step]]:
    line = st.sampled_from(STATIC)
    portion = st.one_of(
        changes().map(lambda change: [by_others(change)]),
        changes().map(lambda change: [by_others(change)]),
        line.map(lambda text: [static(text)]),
        line.map(lambda text: [static(text)]),
        line.map(lambda text: [static(f"no {text}")]),
        st.builds(interface, st.sampled_from(LINKS), st.sampled_from(ZEBRA)).map(lambda s: [s]),
        st.sampled_from(PAIRS).map(lambda pair: of_links(made_anew(pair))),
        st.builds(renamed, st.sampled_from(LINKS), st.sampled_from(("x1", "x2"))).map(of_links),
    )
    return st.lists(portion, min_size=3, max_size=14).map(lambda found: list(chain(*found)))


async def play(script: list[Step]) -> None:
    linux = Linux()
    memory = Memory(asyncio.get_running_loop().call_soon)
    routers = Router(linux), Router(memory)
    done: list[str] = []
    try:
        begin = [step for pair in PAIRS for step in of_links(made_anew(pair)[1:])]
        for ifindex, at in ((10, 0), (12, 3), (10, 7), (12, 10)):
            prefix, peer = ADDRESSES[at]
            begin.append(by_others(AddAddress(LinkAddress(ifindex, prefix, peer))))
        begin += [static(STATIC[0]), static(STATIC[2])]
        for text, act in (*begin, *script):
            done.append(text)
            for router in routers:
                await act(router)
            await same(*routers, done)
    finally:
        linux.close()


async def same(linux: Router, memory: Router, done: list[str]) -> None:
    """AssertionError when they do not come to show the same."""
    end = asyncio.get_running_loop().time() + PATIENCE
    await asyncio.sleep(0.005)
    while linux.shown() != memory.shown() and asyncio.get_running_loop().time() < end:
        await asyncio.sleep(0.02)
    theirs, own = linux.shown(), memory.shown()
    if theirs != own:
        rows = difflib.unified_diff(theirs, own, "Linux", "memory", n=0, lineterm="")
        raise AssertionError("\n".join(["", *done, *rows]))


@drawn(8)
@given(script=scripts())
def test_zebra_shows_the_same_on_both(script: list[Step]) -> None:
    in_fresh_namespace(lambda: play(script))
