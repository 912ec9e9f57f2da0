"""What netlink loses: news that find no room, and answers to our own changes."""

import asyncio
import errno
import subprocess
from collections.abc import Callable
from dataclasses import replace

import pytest

from grammar.base.values import Address, Prefix
from tests.zebra.bench import Bench, in_namespace
from zebra.kernel.api import (
    Change,
    InstallNexthop,
    InstallRoute,
    KernelNexthop,
    KernelRoute,
    NexthopObject,
    Refused,
    RemoveNexthop,
    RemoveRoute,
    RouteProtocol,
)
from zebra.kernel.sockets import CommandSocket

pytestmark = pytest.mark.real

BGP = KernelRoute(Prefix.parse("172.19.0.100/32"), protocol=RouteProtocol.BGP, metric=20)
MANY = 200


@in_namespace
async def test_a_flood_is_told_as_an_overrun(bench: Bench) -> None:
    bench.kernel.close()
    narrow = Bench()
    monitor = narrow.kernel._monitor._socket
    monitor.setsockopt(1, 33, 4096)
    batch = "".join(
        f"route add 30.{at >> 8}.{at & 255}.0/24 via 192.168.122.9\n" for at in range(2000)
    )
    subprocess.run(["ip", "-batch", "-"], input=batch, check=True, text=True)
    async with asyncio.timeout(5):
        while not narrow.overruns:
            await asyncio.sleep(0.002)
    assert len(narrow.routes(RouteProtocol.BOOT)) == 2000
    narrow.kernel.close()


def changes(bench: Bench) -> tuple[list[Change], list[int]]:
    """An object, and routes over it of which every other one is refused."""
    way = KernelNexthop(Address.parse("10.0.0.2"), bench.ifindex("b0"))
    routes = [
        replace(BGP, prefix=Prefix.parse(f"10.8.{n}.0/24"), nhid=6 if n % 2 else 99)
        for n in range(MANY)
    ]
    made: list[Change] = [InstallNexthop(NexthopObject(6, way=way)), *map(InstallRoute, routes)]
    return made, [0, *(0 if n % 2 else errno.EINVAL for n in range(MANY))]


@in_namespace
async def test_changes_whose_answers_were_lost_are_made_again(bench: Bench) -> None:
    """The answers to the refused ones do not find room: the kernel is asked again."""
    narrow = CommandSocket(buffer=2048)
    told: list[Refused] = []
    narrow.on_refused = told.append
    made, answers = changes(bench)
    try:
        assert narrow.program(made) == answers
        assert narrow._sequence > len(made)  # some were asked twice
        assert len(bench.routes()) == MANY // 2
        assert {one.reason for one in told} == {"Nexthop id does not exist"}
        assert len(told) >= MANY // 2
        gone: list[Change] = [
            RemoveRoute(change.route) for change in made if isinstance(change, InstallRoute)
        ]
        assert set(narrow.program([*gone, RemoveNexthop(6)])) <= {0, errno.ESRCH}
        assert bench.routes() == []
    finally:
        narrow.close()


class Unsteady:
    """A socket on which every send fails that `fails` says so of, by the size of the message."""

    def __init__(self, commands: CommandSocket, fails: Callable[[int], int]) -> None:
        self._whole = commands._socket
        self._fails = fails
        self.recv = self._whole.recv
        self.close = self._whole.close
        commands._socket = self  # type: ignore[assignment]

    def send(self, data: bytes) -> int:
        number = self._fails(len(data))
        if number:
            raise OSError(number, "unsteady")
        return self._whole.send(data)


@pytest.mark.parametrize("number", [errno.ENOBUFS, errno.EAGAIN, errno.EMSGSIZE])
def test_what_cannot_be_sent_at_once_is_sent_one_by_one(number: int) -> None:
    @in_namespace
    async def test(bench: Bench) -> None:
        commands = CommandSocket()
        Unsteady(commands, lambda size: number if size > 1000 else 0)
        made, answers = changes(bench)
        assert commands.program(made) == answers
        assert len(bench.routes()) == MANY // 2
        commands.close()

    test()


@in_namespace
async def test_what_cannot_be_sent_at_all_has_an_error(bench: Bench) -> None:
    commands = CommandSocket()
    Unsteady(commands, lambda size: errno.ENOBUFS)
    assert commands.program([RemoveRoute(BGP), RemoveNexthop(6)]) == [errno.ENOBUFS] * 2
    commands.close()
