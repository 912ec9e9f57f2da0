"""Lines of `interface NAME` beside FRR's zebra: what is answered, and what the kernel then has."""

import json

import pytest

from tests.support.frr import FrrRouter
from tests.support.namespaces import Lab
from tests.support.ours import OurRouter
from tests.support.router import Router
from tests.support.vty import Vty
from tests.support.wait import until

pytestmark = pytest.mark.real

CONFIG = """\
interface a1
 no multicast
exit
interface later
 ip address 10.9.0.1/24
 shutdown
 no multicast
exit
"""
LINES = """\
no multicast
ip address 10.1.0.1/24
ip address 10.1.0.7/24
no ip address 10.1.0.9/24
ip address 10.1.0.8/32
ip address 10.5.0.255/24
ip address 0.0.0.1/8
ip address 127.0.0.9/8
ip address 240.0.0.1/24
ip address 224.0.0.1/24
ipv6 address ::1/128
ipv6 address fe80::77/64
ipv6 address 2001:db8::1/64
no ipv6 address 2001:db8::2/64
ip address 10.6.0.1 peer 10.6.0.2/32
ip address 10.7.0.1/24 label a0:x
ip address 10.8.0.1/31
ip address 10.8.0.4/30
"""
STEPS = (
    ("lines", LINES),
    ("an address of which another one is a secondary", "no ip address 10.1.0.1/24"),
    ("down", "shutdown"),
    ("an address while it is down", "ip address 10.4.0.1/24"),
    ("up: what the kernel took is there again", "no shutdown"),
    ("multicast", "multicast"),
)
MAC = "02:00:00:00:01"


class Side:
    """A zebra, and links whose addresses are fixed."""

    def __init__(self, lab: Lab, kind: type[Router]) -> None:
        self.node = lab.namespace(kind.kind)
        self._make("a0", "a1", "a")
        for name in ("a0", "a1"):
            self.node.ip("link", "set", name, "up")
        self.node.ip("address", "add", "10.1.0.1/24", "dev", "a0")
        self.router = kind(self.node, {"zebra.conf": CONFIG})
        self.router.start("zebra")
        until(self._knows, 5, "the first address")

    def _make(self, one: str, other: str, mac: str) -> None:
        ends = ("address", f"{MAC}:{mac}0", "type", "veth", "peer", "name", other)
        self.node.ip("link", "add", one, *ends, "address", f"{MAC}:{mac}1")

    def _knows(self) -> bool:
        with Vty(self.router.run, "zebra") as vty:
            return "10.1.0.1/24" in vty.ask("show interface a0")[0]

    def type(self, lines: str) -> list[tuple[str, int]]:
        with Vty(self.router.run, "zebra") as vty:
            typed = ["configure terminal", "interface a0", *lines.splitlines()]
            return [vty.ask(line) for line in typed]

    def come(self) -> None:
        """An interface that was only configured."""
        self._make("later", "earlier", "b")

    def has_taken(self) -> bool:
        """It is down as configured, for no multicast, and has no address."""
        return ["later", ["BROADCAST", "M-DOWN"], []] in self.kernel()

    def kernel(self) -> list[object]:
        """Flags and addresses of all links."""
        found: list[object] = []
        for link in json.loads(self.node.ip("-j", "address")):
            keys = ("local", "prefixlen", "broadcast", "address", "label", "secondary")
            addresses = [[one.get(key) for key in keys] for one in link["addr_info"]]
            found.append([link["ifname"], sorted(link["flags"]), sorted(addresses, key=str)])
        return found


def test_lines_of_an_interface_do_what_frrs_do() -> None:
    with Lab() as lab:
        theirs, ours = (Side(lab, kind) for kind in (FrrRouter, OurRouter))
        for what, lines in STEPS:
            expected = theirs.type(lines)
            assert ours.type(lines) == expected, what
            until(lambda: ours.kernel() == theirs.kernel(), 5, f"the same in the kernel: {what}")
        for side in (theirs, ours):
            side.come()
        for side in (theirs, ours):
            until(side.has_taken, 5, "the interface that was configured")
