"""Router advertisements beside FRR's zebra: the same lines, the same packets and shows."""

import re
import sys
from collections import defaultdict
from collections.abc import Iterator

import pytest

from tests.support.frr import FrrRouter
from tests.support.namespaces import Lab
from tests.support.ours import OurRouter
from tests.support.router import Router
from tests.support.wait import until

pytestmark = pytest.mark.real

LINES = {
    "eth0": (),
    "eth1": (
        "ipv6 nd ra-interval 3",
        "ipv6 nd managed-config-flag",
        "ipv6 nd other-config-flag",
        "ipv6 nd mtu 1400",
        "ipv6 nd ra-lifetime 0",
    ),
    "eth2": (
        "ipv6 nd ra-interval msec 1500",
        "ipv6 nd prefix 2001:db8:3::/64",
        "ipv6 nd prefix 2001:db8:4::/64 3600 1800 off-link no-autoconfig",
        "ipv6 nd prefix 2001:db8:2::/48 infinite infinite",
        "ipv6 nd router-preference high",
        "ipv6 nd reachable-time 30000",
        "ipv6 nd ra-retrans-interval 1000",
        "ipv6 nd ra-hop-limit 32",
    ),
    "eth3": (
        "ipv6 nd ra-interval 4",
        "ipv6 nd rdnss 2001:db8::54 600",
        "ipv6 nd rdnss 2001:db8::53",
        "ipv6 nd dnssl example.com",
        "ipv6 nd dnssl b.test infinite",
    ),
    "eth4": (
        "ipv6 nd ra-interval 5",
        "ipv6 nd home-agent-config-flag",
        "ipv6 nd home-agent-preference 100",
        "ipv6 nd home-agent-lifetime 500",
        "ipv6 nd adv-interval-option",
    ),
    "eth5": (
        "ipv6 nd ra-interval 6",
        "ipv6 nd home-agent-config-flag",
        "ipv6 nd router-preference low",
        "no ipv6 nd ra-fast-retrans",
    ),
}
SNIFFER = """
import socket, sys
heard = socket.socket(socket.AF_PACKET, socket.SOCK_RAW, socket.htons(0x86DD))
print("ready", flush=True)
while True:
    frame, (device, _, kind, _, _) = heard.recvfrom(2048)
    if kind != 4 and frame[20] == 58 and frame[54] in (133, 134):
        source = socket.inet_ntop(socket.AF_INET6, frame[22:38])
        # The kernel adds the checksum and chooses the flow label.
        head = f"{source} {frame[38:54].hex()} {frame[21]} {frame[14] & 15}{frame[15] >> 4}"
        print(device, head, frame[54:56].hex(), frame[58:].hex(), flush=True)
"""
ASK = """
import socket, sys
asks = socket.socket(socket.AF_INET6, socket.SOCK_RAW, socket.IPPROTO_ICMPV6)
index = socket.if_nametoindex(sys.argv[1])
asks.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_MULTICAST_HOPS, 255)
asks.sendto(bytes.fromhex("8500000000000000"), ("ff02::2", 0, 0, index))
"""
NEEDED = 4
"""Advertisements of each interface with quick ones that are waited for."""


class Side:
    """zebra of one kind on six cables, and a host that listens at their other ends."""

    def __init__(self, lab: Lab, kind: type[Router]) -> None:
        name = kind.kind
        self.node, self.host = lab.namespace(name), lab.namespace(f"{name}-host")
        for number, device in enumerate(LINES):
            lab.link(self.node, device, self.host, device)
            for end, last in ((self.node, 1), (self.host, 2)):
                end.ip("link", "set", device, "down")
                end.ip("link", "set", device, "address", f"02:00:00:00:{number:02x}:{last:02x}")
                end.ip("link", "set", device, "up")
        self.node.sysctl("net.ipv6.conf.all.forwarding=1")
        self.node.ip("address", "add", "2001:db8:1::1/64", "dev", "eth0", "nodad")
        self.sniffer = self.host.spawn([sys.executable, "-c", SNIFFER], log="heard")
        until(lambda: "ready" in self.sniffer.output(), 5, "the host listens")
        blocks = [
            f"interface {device}\n no ipv6 nd suppress-ra\n"
            + "".join(f" {line}\n" for line in lines)
            for device, lines in LINES.items()
        ]
        self.router = kind(self.node, {"zebra.conf": "!\n".join(blocks)})

    def heard(self) -> dict[str, list[str]]:
        """What came in, by interface, in order."""
        by_device = defaultdict(list)
        for line in self.sniffer.output().splitlines()[1:]:
            device, _, rest = line.partition(" ")
            by_device[device].append(rest)
        return by_device

    def distinct(self) -> dict[str, list[str]]:
        """The different ones of each interface, in the order of their first."""
        return {device: list(dict.fromkeys(lines)) for device, lines in self.heard().items()}

    def await_advertisements(self) -> None:
        """The quick ones of all interfaces are through."""

        def look() -> bool:
            heard = self.heard()
            return all(
                len(heard[device]) >= (1 if device == "eth5" else NEEDED) for device in LINES
            )

        until(look, 10, "the first advertisements")

    def shown(self, command: str) -> str:
        """What zebra shows; how many were sent depends on the moment."""
        return re.sub(r"sent: \d+ rcvd: \d+", "sent: N rcvd: N", self.router.show(command))


@pytest.fixture(scope="module")
def sides() -> Iterator[tuple[Side, Side]]:
    with Lab() as lab:
        both = Side(lab, FrrRouter), Side(lab, OurRouter)
        for side in both:
            side.router.start("zebra")
        for side in both:
            side.await_advertisements()
        yield both


def test_the_packets_are_frrs(sides: tuple[Side, Side]) -> None:
    frr, ours = sides
    assert ours.distinct() == frr.distinct()
    assert set(ours.distinct()) == set(LINES)


def test_the_shows_are_frrs(sides: tuple[Side, Side]) -> None:
    frr, ours = sides
    for device in LINES:
        theirs = _advertising(frr.shown(f"show interface {device}"))
        assert _advertising(ours.shown(f"show interface {device}")) == theirs
        assert len(theirs) > 5
    command = "show ipv6 nd ra-interfaces"
    assert ours.shown(command) == frr.shown(command)


def _advertising(text: str) -> list[str]:
    lines = text.splitlines()
    start = next(at for at, line in enumerate(lines) if "ND advertised" in line)
    return lines[start:]


def test_a_host_that_asks_is_answered(sides: tuple[Side, Side]) -> None:
    for side in sides:
        before = len(side.heard()["eth0"])
        side.host.run([sys.executable, "-c", ASK, "eth0"])
        until(lambda: len(side.heard()["eth0"]) > before, 5, "an answer")  # noqa: B023


def test_lines_that_change_and_the_end(sides: tuple[Side, Side]) -> None:
    for side in sides:
        side.router.configure("interface eth4", "ipv6 nd ra-hop-limit 9", "ipv6 nd suppress-ra")
        until(lambda: len(side.distinct()["eth4"]) > 1, 5, "it takes leave")  # noqa: B023
    frr, ours = sides
    assert ours.distinct()["eth4"][-1] == frr.distinct()["eth4"][-1]
    for side in sides:
        side.router.stop()
        last = {device: lines[-1] for device, lines in side.heard().items()}
        assert len(last) == len(LINES)
    assert _last(ours) == _last(frr)


def _last(side: Side) -> dict[str, str]:
    until(lambda: len(side.distinct()["eth0"]) > 1, 5, "it takes leave")
    return {device: lines[-1] for device, lines in side.heard().items()}
