"""Events of the kernel that zebra could not take: it finds out all the same what there is."""

import os
import re
import signal
from collections.abc import Callable, Iterator

import pytest

from tests.support.namespaces import Lab
from tests.support.ours import OurRouter
from tests.support.vty import Vty
from tests.support.wait import until

pytestmark = pytest.mark.real

STATIC = """\
ip route 192.0.2.0/24 10.0.0.2
ip route 192.0.3.0/24 10.0.0.2
ip route 192.0.3.0/24 10.0.1.2
ip route 192.0.4.0/24 blackhole
ipv6 route 2001:db8:2::/48 fd00::2
"""
MANY = 3000
BUFFER = 1 << 13


class Router:
    """A zebra with a receive buffer that some dozens of events fill."""

    def __init__(self, lab: Lab) -> None:
        self.node, far = lab.namespace("r"), lab.namespace("p")
        for number in range(2):
            lab.link(self.node, f"eth{number}", far, f"eth{number}")
            self.node.ip("address", "add", f"10.0.{number}.1/24", "dev", f"eth{number}")
        self.node.ip("address", "add", "fd00::1/64", "dev", "eth0", "nodad")
        self.router = OurRouter(self.node, {"staticd.conf": STATIC})
        self.router.options = ["-s", str(BUFFER)]
        self.router.start("zebra")
        self.router.options = []
        self.router.start("staticd")
        self.zebra = self.router.processes["zebra"]
        until(lambda: "S>* 192.0.3.0/24" in self.ask("show ip route"), 10, "static routes")

    def ask(self, line: str) -> str:
        with Vty(self.router.run, "zebra") as vty:
            return vty.ask(line)[0]

    def batch(self, lines: Iterator[str]) -> None:
        """Many lines for ip(8) at once."""
        self.node.run(["ip", "-batch", "-"], stdin="\n".join(lines) + "\n")

    def asleep(self, act: Callable[[], object]) -> None:
        """Something that happens while zebra does nothing, and more than it can hear later."""
        lost = self.lost()
        os.kill(self.zebra.pid, signal.SIGSTOP)
        try:
            act()
        finally:
            os.kill(self.zebra.pid, signal.SIGCONT)
        assert self.lost() > lost

    def lost(self) -> int:
        """Events that found no room."""
        rows = self.node.run(["cat", "/proc/net/netlink"]).stdout.splitlines()[1:]
        return sum(int(row.split()[8]) for row in rows)

    def kernel_routes(self) -> int:
        """How many IPv4 routes of others zebra has."""
        shown = re.search(r"^kernel +(\d+) ", self.ask("show ip route summary"), re.M)
        return int(shown[1]) if shown else 0

    def interfaces(self) -> str:
        """`show interface` without how often links came and went."""
        return re.sub(r"  Link (ups|downs): .*\n", "", self.ask("show interface"))

    def kernel(self) -> str:
        """Our routes with their ways; numbers of objects do not count."""
        words = ("route", "show", "table", "all", "proto")
        shown = "".join(self.node.ip(*words, "196") + self.node.ip("-6", *words, "196"))
        return re.sub(r"nhid \d+ ", "", shown)


@pytest.fixture(scope="module")
def router() -> Iterator[Router]:
    with Lab() as lab:
        yield Router(lab)


def test_routes_of_others_that_came_and_went_unheard(router: Router) -> None:
    """Also the default routes of both families, which have the same key."""
    router.batch(f"route add 172.16.{n >> 8}.{n & 255}/32 dev lo" for n in range(MANY // 2))
    node = router.node
    node.ip("route", "add", "default", "via", "10.0.0.2", "metric", "9")
    node.ip("-6", "route", "add", "default", "via", "fd00::2", "metric", "9")
    until(lambda: router.kernel_routes() == MANY // 2 + 1, 20, "routes of others")
    until(lambda: "K>* ::/0" in router.ask("show ipv6 route"), 5, "the IPv6 route after them")

    def act() -> None:
        router.batch(f"route del 172.16.{n >> 8}.{n & 255}/32" for n in range(0, MANY // 2, 2))
        router.batch(f"route add 172.17.{n >> 8}.{n & 255}/32 dev lo" for n in range(MANY))
        node.ip("route", "del", "default", "metric", "9")

    router.asleep(act)
    until(lambda: router.kernel_routes() == MANY // 4 + MANY, 20, "what the kernel has")
    until(lambda: "K>* ::/0" in router.ask("show ipv6 route"), 5, "the IPv6 route after them")
    assert "0.0.0.0/0" not in router.ask("show ip route")
    router.batch(f"route del 172.17.{n >> 8}.{n & 255}/32" for n in range(MANY))
    until(lambda: router.kernel_routes() == MANY // 4, 20, "heard in time again")


def test_our_own_that_were_deleted_unheard_are_put_back(router: Router) -> None:
    before = router.kernel()

    def act() -> None:
        noise(router)
        router.node.ip("nexthop", "flush")
        router.node.ip("route", "del", "blackhole", "192.0.4.0/24")
        # One that only zebra writes, and no daemon asked for.
        router.node.ip("route", "add", "192.0.9.0/24", "dev", "lo", "proto", "196", "metric", "20")

    router.asleep(act)
    until(lambda: router.kernel() == before, 20, "the same routes of ours")


def test_addresses_and_links_that_changed_unheard(router: Router) -> None:
    before, interfaces = router.kernel(), router.interfaces()
    node = router.node

    def act() -> None:
        noise(router)
        node.ip("link", "set", "eth1", "down")
        node.ip("address", "del", "10.0.0.1/24", "dev", "eth0")
        node.ip("address", "add", "10.0.5.1/24", "dev", "eth0")
        node.ip("link", "add", "late", "type", "veth", "peer", "name", "later")

    router.asleep(act)
    until(lambda: "C>* 10.0.5.0/24" in router.ask("show ip route"), 20, "another address")
    shown = router.ask("show ip route")
    assert "10.0.0.0/24" not in shown
    assert "10.0.1.0/24" not in shown
    assert "Interface late " in router.ask("show interface")

    def back() -> None:
        noise(router)
        node.ip("link", "del", "late")
        node.ip("address", "add", "10.0.0.1/24", "dev", "eth0")
        node.ip("address", "del", "10.0.5.1/24", "dev", "eth0")
        node.ip("link", "set", "eth1", "up")

    router.asleep(back)
    until(lambda: router.kernel() == before, 20, "the routes as before")
    until(lambda: router.interfaces() == interfaces, 5, "the interfaces as before")


def noise(router: Router) -> None:
    """More than the buffer holds, and nothing of it is left."""
    router.batch(
        f"route {verb} 172.18.{n}.0/24 dev lo" for verb in ("add", "del") for n in range(256)
    )
