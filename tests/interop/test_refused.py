"""Routes that the kernel refuses: `r` in the shows, and the reason in the log, as FRR says it."""

import re

import pytest

from tests.support.frr import FrrRouter
from tests.support.namespaces import Lab
from tests.support.ours import OurRouter
from tests.support.router import Router
from tests.support.vty import Vty
from tests.support.wait import until

pytestmark = pytest.mark.real

LINES = {
    "ip route 192.0.3.0/24 224.0.0.5 eth0 onlink": "S>r 192.0.3.0/24",
    "ip route 192.0.4.0/24 10.0.0.255": "S>r 192.0.4.0/24",
    "ip route 192.0.5.0/24 10.0.0.2": "S>* 192.0.5.0/24",
    "ip route 192.0.5.0/24 10.0.0.255": "S>r 192.0.5.0/24",
}
"""What is typed, and the route as it stands then."""
REFUSED = 3
PASSING = (
    (re.compile(r"^.* (\w+): ZEBRA: "), r"\1: "),
    (re.compile(r"seq=\d+, pid=\d+"), "seq, pid"),
    (re.compile(r"Nexthop \(\d+\[(\d+)/\d+\]\)"), "Nexthop (group)"),
    (re.compile(r"Nexthop \(\d+\["), "Nexthop (id["),
)


def refusals(kind: type[Router]) -> tuple[str, list[str]]:
    """The static routes as shown, and what zebra's log says of them."""
    with Lab() as lab:
        node, far = lab.namespace("r"), lab.namespace("p")
        lab.link(node, "eth0", far, "eth0")
        node.ip("address", "add", "10.0.0.1/24", "dev", "eth0")
        files = {"zebra.conf": "log stdout\nlog record-priority\n", "staticd.conf": ""}
        router = kind(node, files)
        router.start("zebra", "staticd")
        zebra = router.processes["zebra"]
        for line, state in LINES.items():
            with Vty(router.run, "staticd") as vty:
                assert [vty.ask(each)[1] for each in ("configure terminal", line)] == [0, 0]
            until(lambda state=state: state in shown(router), 10, line)  # type: ignore[misc]
        routes, log = shown(router), zebra.output()
        router.stop()
    return routes, [masked(line) for line in log.splitlines() if tells(line)]


def shown(router: Router) -> str:
    """The static routes without their ages."""
    with Vty(router.run, "zebra") as vty:
        return re.sub(r", \d\d:\d\d:\d\d", "", vty.ask("show ip route static")[0])


def tells(line: str) -> bool:
    """Whether a line is about a refusal.

    FRR also complains of a folder that an earlier process of the same number has left.
    """
    return "mkdir" not in line and any(
        word in line for word in ("Extended Error", "netlink-dp", "ailed")
    )


def masked(line: str) -> str:
    for pattern, name in PASSING:
        line = pattern.sub(name, line)
    return line


def test_the_log_says_why_a_route_was_refused() -> None:
    theirs, ours = refusals(FrrRouter), refusals(OurRouter)
    assert theirs[0].count("S>r") == REFUSED
    assert ours[0] == theirs[0]
    # FRR has a thread for the kernel: the order of what both say is a matter of chance.
    assert sorted(ours[1]) == sorted(theirs[1])


def without_carrier(kind: type[Router]) -> tuple[str, bool]:
    """A route over a link whose carrier does not count: as shown without it, and if it is back."""
    with Lab() as lab:
        node, far = lab.namespace("r"), lab.namespace("p")
        lab.link(node, "eth0", far, "eth0")
        node.ip("address", "add", "10.0.0.1/24", "dev", "eth0")
        files = {
            "zebra.conf": "interface eth0\n no link-detect\n",
            "staticd.conf": "ip route 192.0.6.0/24 10.0.0.2\n",
        }
        router = kind(node, files)
        router.start("zebra", "staticd")

        def there() -> bool:
            return bool(node.ip("route", "show", "192.0.6.0/24"))

        until(there, 10, "the route")
        far.ip("link", "set", "eth0", "down")
        until(lambda: not there(), 5, "no route without a carrier")
        lost = shown(router)
        far.ip("link", "set", "eth0", "up")
        if not router.is_ours:
            return lost, False
        until(there, 5, "the route back")
        return shown(router), True


def test_a_route_without_carrier_is_put_back() -> None:
    """The kernel drops it, whatever `link-detect` says; FRR shows it, and leaves it out."""
    theirs, ours = without_carrier(FrrRouter), without_carrier(OurRouter)
    assert "S>* 192.0.6.0/24" in theirs[0]
    assert ours == (theirs[0], True)
