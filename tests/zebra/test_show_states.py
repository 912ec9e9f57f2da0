"""What shows tell of states that pass: ages of a day, a week and a year, and a slow kernel.

The forms of ages are FRR's, seen on 8.4.4 (and its `frrtime_to_interval` for what is older than a
laboratory): below a day `HH:MM:SS`, below a week `1d02h03m`, then weeks without end.
"""

import json
from collections.abc import Callable, Sequence

import pytest

from grammar.base.values import Address, Prefix
from tests.zebra.stack import Stack, address, ethernet
from zebra.kernel.api import Change, InstallRoute
from zebra.zapi.constants import RouteType
from zebra.zapi.messages import Nexthop, Route, RouteAdd

_MINUTE, _HOUR, _DAY = 60, 3600, 86400
AGES = (
    (59, "00:00:59"),
    (_DAY - 1, "23:59:59"),
    (_DAY, "1d00h00m"),
    (_DAY + 2 * _HOUR + 3 * _MINUTE, "1d02h03m"),
    (7 * _DAY - 1, "6d23h59m"),
    (7 * _DAY, "01w0d00h"),
    (9 * _DAY + 3 * _HOUR, "01w2d03h"),
    (365 * _DAY, "52w1d00h"),
    (800 * _DAY + 5 * _HOUR, "114w2d05h"),
)
BGP = Route(
    RouteType.BGP,
    Prefix.parse("10.9.0.0/16"),
    (Nexthop.via(Address.parse("10.0.1.2")),),
    20,
    0,
)


def stack() -> Stack:
    """zebra with one link, and a static route."""
    made = Stack([ethernet(2, "e1")], [address(2, "10.0.1.1/24")])
    made.static("ip route 10.8.0.0/16 10.0.1.2")
    return made


@pytest.mark.parametrize(("seconds", "text"), AGES)
def test_ages_in_all_shows(seconds: int, text: str) -> None:
    router = stack()
    router.scheduler.advance(seconds)
    route = next(row for row in router.show("show ip route").splitlines() if "10.8." in row)
    assert route == f"S>* 10.8.0.0/16 [1/0] via 10.0.1.2, e1, weight 1, {text}"
    assert f"  Last update {text} ago\n" in router.show("show ip route 10.8.0.0/16")
    told = json.loads(router.show("show ip route 10.8.0.0/16 json"))
    assert told["10.8.0.0/16"][0]["uptime"] == text
    assert f"     Uptime: {text}\n" in router.show("show nexthop-group rib")
    assert f"   uptime: {text}\n" in router.show("show ip zebra route dump")
    assert f"Connect Time: {text} \n" in router.show("show zebra client")
    summary = router.show("show zebra client summary").splitlines()[2]
    assert summary.startswith(f"static    {text:>12}{text:>13}{text:>12}")


class Slow:
    """A kernel that answers the batches with routes when it is told to."""

    def __init__(self, router: Stack) -> None:
        self.waiting: list[Callable[[], None]] = []
        self._program = router.kernel.program
        router.kernel.program = self.program  # type: ignore[method-assign]

    def program(self, changes: Sequence[Change], done: Callable[[Sequence[int]], None]) -> None:
        """Carry routes out later, all else now."""
        if any(isinstance(change, InstallRoute) for change in changes):
            self.waiting.append(lambda: self._program(changes, done))
        else:
            self._program(changes, done)

    def answer(self) -> None:
        """Do all that waits."""
        while self.waiting:
            self.waiting.pop(0)()


def test_a_route_is_queued_until_the_kernel_answers() -> None:
    router = stack()
    client = router.client(notify=True)
    kernel = Slow(router)
    client.send(RouteAdd(BGP))
    assert "B>q 10.9.0.0/16 [20/0] via 10.0.1.2, e1, weight 1" in router.routes()
    assert "  q 10.0.1.2, via e1, weight 1\n" in router.show("show ip route 10.9.0.0/16")
    told = json.loads(router.show("show ip route 10.9.0.0/16 json"))["10.9.0.0/16"][0]
    assert (told["queued"], told["internalStatus"] & 0x38) == (True, 0x08)
    assert "installed" not in told
    kernel.answer()
    router.settle()
    assert "B>* 10.9.0.0/16 [20/0] via 10.0.1.2, e1, weight 1" in router.routes()
    told = json.loads(router.show("show ip route 10.9.0.0/16 json"))["10.9.0.0/16"][0]
    assert (told["installed"], told["internalStatus"]) == (True, 0x10)
    assert told["nexthops"][0]["fib"] is True
