"""Linux and the kernel in memory side by side: the same changes to both, and what they say.

Linux is a network namespace of a thread's own, which ends with the thread. Its IPv6 looks for
duplicates without waiting, as the kernel in memory does.
"""

import asyncio
import ctypes
import subprocess
import threading
from collections import deque
from collections.abc import Callable, Coroutine, Iterable, Sequence
from dataclasses import dataclass, fields, is_dataclass, replace
from pathlib import Path
from typing import Protocol

from hypothesis import HealthCheck, Phase, settings

from grammar.base.values import Address, Prefix
from zebra.kernel.api import (
    IFF_RUNNING,
    IFF_UP,
    LOCAL_TABLE,
    AddressAdded,
    AddressGone,
    Change,
    Event,
    Link,
    LinkChanged,
    LinkGone,
    NexthopAdded,
    RouteAdded,
    RouteGone,
    RouteProtocol,
    SetLink,
)
from zebra.kernel.memory import ETHERNET, MemoryKernel
from zebra.kernel.netlink import NetlinkKernel
from zebra.kernel.sockets import CommandSocket

_CLONE_NEWNET = 0x40000000
_SYSCTLS = {
    "ipv4/conf/all/promote_secondaries": 0,
    "ipv6/conf/default/accept_dad": 1,
    "ipv6/conf/default/dad_transmits": 0,
    "ipv6/conf/default/router_solicitation_delay": 0,
    "ipv6/conf/default/router_solicitations": 0,
    "ipv6/conf/default/accept_ra": 0,
}
PATIENCE = 30.0
"""Seconds for what Linux does in its own time: carriers, IPv6 addresses that are settled."""


def drawn(scripts: int) -> settings:
    """So many random scripts, the same in every run and each played once."""
    return settings(
        max_examples=scripts,
        deadline=None,
        derandomize=True,
        phases=[Phase.generate],
        database=None,
        suppress_health_check=list(HealthCheck),
    )


def in_fresh_namespace(steps: Callable[[], Coroutine[None, None, None]]) -> None:
    """Run in a thread with a network namespace of its own, which has `lo` up and nothing else."""
    failed: list[BaseException] = []

    def run() -> None:
        try:
            if ctypes.CDLL(None, use_errno=True).unshare(_CLONE_NEWNET):
                raise OSError(ctypes.get_errno(), "unshare")
            for name, value in _SYSCTLS.items():
                Path("/proc/sys/net", name).write_text(f"{value}\n")
            ip("link", "set", "lo", "up")
            asyncio.run(steps())
        except BaseException as error:  # noqa: BLE001  raised again where it can be seen
            failed.append(error)

    thread = threading.Thread(target=run)
    thread.start()
    thread.join(60)
    assert not thread.is_alive()
    if failed:
        raise failed[0]


def ip(*words: str) -> None:
    """`ip WORDS` in this thread's namespace."""
    subprocess.run(["ip", *words], check=True, timeout=10, capture_output=True)


def short(value: object) -> str:
    """A value of the kernel's interface in a few words: only what is not usual."""
    if isinstance(value, Prefix | Address):
        return str(value)
    if isinstance(value, tuple):
        return f"({', '.join(short(each) for each in value)})"
    if isinstance(value, int):
        return f"{value:d}"
    if not is_dataclass(value):
        return str(value)
    parts = [
        f"{each.name}={short(found)}"
        for each in fields(value)
        if (found := getattr(value, each.name)) != each.default
    ]
    return f"{type(value).__name__}({', '.join(parts)})"


# --- what they say -------------------------------------------------------------------------------


def said(events: Iterable[Event]) -> list[str]:
    """What a RIB can see of events, in order; of links only what there is at last."""
    return [text for event in events if (text := _said(event))]


def _said(event: Event) -> str:
    match event:
        case LinkChanged() | LinkGone():
            return ""
        case RouteAdded(route) | RouteGone(route) if not _counts(route.protocol, route.table):
            return ""
        case RouteGone(route):  # of what it was Linux tells the key and not always the ways
            return f"gone {route.prefix} {route.table} {route.metric} {route.protocol}"
        case AddressAdded(address) | AddressGone(address):
            return f"{type(event).__name__} {short(address)}"
        case _:
            return short(event)


def _counts(protocol: int, table: int) -> bool:
    return protocol != RouteProtocol.KERNEL and table != LOCAL_TABLE


def there_is(dump: Iterable[Event]) -> list[str]:
    """What a dump lists, sorted; without the routes that Linux makes itself."""
    return sorted(_listed(event) for event in dump if _listed(event))


def _listed(event: Event) -> str:
    match event:
        case LinkChanged(link):
            flags = link.flags & (IFF_UP | IFF_RUNNING)
            return f"link {link.ifindex} {link.name} {flags:#x} {link.mtu} {link.hw_address.hex()}"
        case RouteAdded(route):
            return short(route) if _counts(route.protocol, route.table) else ""
        case AddressAdded(address):
            return short(address)
        case NexthopAdded(nexthop):
            return short(nexthop)
        case _:
            return ""


# --- the two -------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Pair:
    """A cable: two links with these numbers, each other's far end."""

    one: int
    other: int

    def ends(self) -> tuple[int, int]:
        """Both, the second as Linux makes it first."""
        return self.other, self.one


def name(ifindex: int) -> str:
    """What a link is called until it is renamed."""
    return f"e{ifindex}"


def hw_address(ifindex: int) -> bytes:
    """The Ethernet address of a link."""
    return bytes((2, 0, 0, 0, 0, ifindex))


class Side(Protocol):
    """A kernel that can be driven."""

    def make(self, pair: Pair) -> None:
        """A cable, both ends up (Linux is vague about one that has never had a carrier)."""
        ...

    def delete(self, pair: Pair) -> None:
        """Both ends go."""
        ...

    def rename(self, ifindex: int, to: str) -> None:
        """Give a link another name."""
        ...

    def change(self, change: Change) -> int:
        """As another program."""
        ...

    async def program(self, changes: Sequence[Change]) -> list[int]:
        """As zebra."""
        ...


class Linux:
    """The namespace's kernel as zebra sees it, and a second socket for what others do."""

    def __init__(self) -> None:
        self.kernel = NetlinkKernel()
        self.events: list[Event] = []
        self.kernel.subscribe(self.events.append, lambda: None)
        self._others = CommandSocket()
        self._names: dict[int, str] = {}

    def make(self, pair: Pair) -> None:
        words: list[str] = ["link", "add"]
        for ifindex, more in ((pair.one, ("type", "veth", "peer")), (pair.other, ())):
            self._names[ifindex] = name(ifindex)
            words += ("name", name(ifindex), "index", str(ifindex))
            words += ("address", hw_address(ifindex).hex(":"), *more)
        ip(*words)
        for ifindex in pair.ends():
            self.change(SetLink(ifindex, up=True))

    def delete(self, pair: Pair) -> None:
        ip("link", "del", self._names[pair.other])

    def rename(self, ifindex: int, to: str) -> None:
        ip("link", "set", self._names[ifindex], "name", to)
        self._names[ifindex] = to

    def change(self, change: Change) -> int:
        return self._others.program([change])[0]

    async def program(self, changes: Sequence[Change]) -> list[int]:
        answer: asyncio.Future[Sequence[int]] = asyncio.get_running_loop().create_future()
        self.kernel.program(changes, answer.set_result)
        return list(await answer)

    def close(self) -> None:
        """Free the sockets."""
        self.kernel.close()
        self._others.close()


class Memory:
    """The kernel in memory, with cables between its own links."""

    def __init__(self, call_soon: Callable[[Callable[[], None]], object] | None = None) -> None:
        self._turns: deque[Callable[[], None]] = deque()
        self.kernel = MemoryKernel(call_soon or self._turns.append, link_local=True)
        self.events: list[Event] = []
        self.kernel.subscribe(self.events.append, lambda: None)
        self.kernel.follow(self._plug)
        self._far: dict[int, int] = {}

    def run(self) -> None:
        """Let everything happen that is due."""
        while self._turns:
            self._turns.popleft()()

    def make(self, pair: Pair) -> None:
        self._far |= {pair.one: pair.other, pair.other: pair.one}
        for ifindex in pair.ends():
            link = Link(
                ifindex,
                name(ifindex),
                ETHERNET,
                hw_address=hw_address(ifindex),
                link_ifindex=self._far[ifindex],
                kind="veth",
                speed=10000,
            )
            self.kernel.set_link(link)
            self.kernel.set_carrier(ifindex, on=False)
        for ifindex in pair.ends():
            self.change(SetLink(ifindex, up=True))
            self.kernel.set_carrier(self._far[ifindex], on=True)

    def delete(self, pair: Pair) -> None:
        one, other = pair.ends()
        self.kernel.change(SetLink(one, up=False))
        self.kernel.change(SetLink(other, up=False))
        for ifindex in (one, other):
            self.kernel.remove_link(ifindex)

    def rename(self, ifindex: int, to: str) -> None:
        link = next(each for each in self.kernel.links() if each.ifindex == ifindex)
        self.kernel.set_link(replace(link, name=to))

    def _plug(self) -> None:
        """A link that went up or down gives or takes the far end's carrier."""
        up = {link.ifindex: link.up for link in self.kernel.links()}
        for ifindex, far in self._far.items():
            if ifindex in up and far in up:
                self.kernel.set_carrier(far, on=up[ifindex])

    def change(self, change: Change) -> int:
        return self.kernel.change(change)

    async def program(self, changes: Sequence[Change]) -> list[int]:
        answer: list[int] = []
        self.kernel.program(changes, answer.extend)
        self.run()
        return answer


class Twins:
    """Both kernels; each step is done to both, and compared."""

    def __init__(self) -> None:
        self.linux, self.memory = Linux(), Memory()
        self.done: list[str] = []

    async def step(self, text: str, act: Callable[[Side], Coroutine[None, None, object]]) -> None:
        """Do it; AssertionError when the answers, the events or what is there then differ."""
        self.done.append(text)
        linux, memory = await act(self.linux), await act(self.memory)
        self.memory.run()
        assert memory == linux, self._told(f"answers {memory}, Linux {linux}")
        end = asyncio.get_running_loop().time() + PATIENCE
        while not self._same() and asyncio.get_running_loop().time() < end:
            await asyncio.sleep(0.01)
        assert self._same(), self._told(self._difference())
        self.linux.events.clear()
        self.memory.events.clear()

    def _same(self) -> bool:
        return said(self.memory.events) == said(self.linux.events) and there_is(
            self.memory.kernel.dump()
        ) == there_is(self.linux.kernel.dump())

    def _difference(self) -> str:
        rows = [f"said  memory {row}" for row in said(self.memory.events)]
        rows += [f"said  Linux  {row}" for row in said(self.linux.events)]
        memory, linux = (set(there_is(k.dump())) for k in (self.memory.kernel, self.linux.kernel))
        rows += [f"there memory {row}" for row in sorted(memory - linux)]
        rows += [f"there Linux  {row}" for row in sorted(linux - memory)]
        return "\n".join(rows)

    def _told(self, what: str) -> str:
        return "\n".join(["", *self.done, what])

    def close(self) -> None:
        """Free what the namespace holds."""
        self.linux.close()
