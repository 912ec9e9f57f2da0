"""What happens to a router's kernel and daemons from outside, to FRR's and to ours alike.

After each fault both kernels hold the same routes and all shows are the same.
"""

import os
import random
from collections.abc import Callable, Iterator

import pytest

from tests.interop.faulty import Side, Twins, twins
from tests.support.frr import FrrRouter
from tests.support.ours import OurRouter
from tests.support.vty import Vty

pytestmark = pytest.mark.real

Act = Callable[[Side], object]
SEED = int(os.environ.get("SEED", "1"))
STEPS = 12
AT_ONCE = 3


@pytest.fixture(scope="module")
def pair() -> Iterator[Twins]:
    with twins((FrrRouter, OurRouter)) as made:
        yield made


def ip(*lines: str) -> Act:
    """`ip` in the router, once for each line."""

    def act(side: Side) -> None:
        for line in lines:
            side.ip(*line.split())

    return act


def attempt(*lines: str) -> Act:
    """The same, and what the kernel refuses is refused: a link that is down lost addresses."""

    def act(side: Side) -> None:
        for line in lines:
            side.node.run(["ip", *line.split()], check=False)

    return act


def far(*lines: str) -> Act:
    """`ip` at the other end."""

    def act(side: Side) -> None:
        for line in lines:
            side.far.ip(*line.split())

    return act


def sysctl(*settings: str) -> Act:
    return lambda side: side.node.sysctl(*settings)


def kill(*daemons: str) -> Act:
    return lambda side: side.kill(*daemons)


def start(*daemons: str) -> Act:
    return lambda side: side.router.start(*daemons)


def as_watchfrr(side: Side) -> None:
    """zebra first; FRR's bgpd that outlives it would not tell its routes again."""
    side.router.start("zebra")
    side.kill("staticd", "bgpd")
    side.router.start("staticd", "bgpd")


def typed(*lines: str) -> Act:
    """Lines of zebra's configuration."""

    def act(side: Side) -> None:
        with Vty(side.router.run, "zebra") as vty:
            for line in ("configure terminal", *lines):
                assert vty.ask(line) == ("", 0)

    return act


def flush_bgp(side: Side) -> None:
    """As `ip route flush proto bgp`, which cannot take routes with next-hop objects."""
    for family in ("-4", "-6"):
        listed = side.node.ip(family, "route", "show", "proto", "bgp")
        for line in listed.splitlines():
            if not line.startswith((" ", "\t")):
                side.ip(family, "route", "delete", line.split()[0])


def leave(side: Side) -> None:
    """The far end of eth2 makes room for the near one, which goes there."""
    side.far.ip("link", "set", "eth2", "name", "far2")
    side.ip("link", "set", "eth2", "netns", side.far.netns)


def come_home(side: Side) -> None:
    side.far.ip("link", "set", "eth2", "netns", side.node.netns)
    side.far.ip("link", "set", "far2", "name", "eth2")
    side.ip("link", "set", "eth2", "up")
    side.far.ip("link", "set", "eth2", "up")


def all_links(state: str) -> Act:
    return ip(*(f"link set eth{number} {state}" for number in range(4)))


V6 = "2001:db8"
MAC = "02:00:00:00:00"
FAULTS: tuple[tuple[str, Act], ...] = (
    (
        "routes deleted by hand",
        ip("route del 192.0.2.0/24", "route del 172.30.1.0/24", f"-6 route del {V6}:2::/48"),
    ),
    ("routes of BGP deleted by hand", flush_bgp),
    (
        "a route replaced by hand",
        ip("route replace 192.0.2.0/24 via 10.0.1.2 metric 20 proto static"),
    ),
    ("that one deleted", ip("route del 192.0.2.0/24 metric 20")),
    (
        "routes of the kernel added",
        ip(
            "route add 198.51.110.0/24 via 10.0.0.2",
            "route add 192.0.3.0/24 via 10.0.0.2 metric 7",
            f"-6 route add {V6}:77::/48 via fd00::2 metric 99",
        ),
    ),
    (
        "changed",
        ip(
            "route change 198.51.110.0/24 via 10.0.1.2",
            "route replace 192.0.3.0/24 via 10.0.1.2 metric 7",
        ),
    ),
    (
        "removed",
        ip(
            "route del 198.51.110.0/24",
            "route del 192.0.3.0/24 metric 7",
            f"-6 route del {V6}:77::/48",
        ),
    ),
    ("an address removed", ip("address del 10.0.1.1/24 dev eth1")),
    ("put back", ip("address add 10.0.1.1/24 dev eth1")),
    (
        "further ones of the same network",
        ip(
            "address add 10.0.1.7/24 dev eth1",
            "address add 10.0.1.8/25 dev eth1",
            "address add fd01::9/64 dev eth1 nodad",
        ),
    ),
    ("the first one removed", ip("address del 10.0.1.1/24 dev eth1")),
    ("put behind", ip("address add 10.0.1.1/24 dev eth1", "address del 10.0.1.8/25 dev eth1")),
    ("an IPv6 address removed", ip("address del fd00::1/64 dev eth0")),
    ("the IPv6 one put back", ip("address add fd00::1/64 dev eth0 nodad")),
    ("an IPv6 address that is still looked for", ip("address add fd03::1/64 dev eth3")),
    ("a link down", ip("link set eth0 down")),
    ("and up", ip("link set eth0 up", "address replace fd00::1/64 dev eth0 nodad")),
    ("a carrier lost", far("link set eth1 down")),
    ("and found", far("link set eth1 up")),
    ("all links down", all_links("down")),
    ("and up again", all_links("up")),
    ("all addresses flushed", ip("address flush dev eth2")),
    ("put there again", ip("address add 10.0.2.1/24 dev eth2", "address add fd02::1/64 dev eth2")),
    ("one of the configuration taken", ip("address del 10.0.2.1/24 dev eth2")),
    ("and typed again", typed("interface eth2", "ip address 10.0.2.1/24")),
    ("another MTU", ip("link set eth0 mtu 1400")),
    ("a link to be renamed", ip("link set eth3 down")),
    ("a link renamed", ip("link set eth3 name lan3")),
    ("a renamed link up", ip("link set lan3 up")),
    ("one with routes to be renamed", ip("link set eth2 down")),
    ("one with routes renamed", ip("link set eth2 name lan2")),
    ("one with routes up", ip("link set lan2 up")),
    ("and down again", ip("link set lan2 down")),
    ("and back", ip("link set lan2 name eth2")),
    ("and up", ip("link set eth2 up")),
    (
        "no forwarding",
        sysctl("net.ipv4.ip_forward=0", "net.ipv6.conf.all.forwarding=0"),
    ),
    ("forwarding", sysctl("net.ipv4.ip_forward=1", "net.ipv6.conf.all.forwarding=1")),
    (
        "a link made",
        ip(
            f"link add v0 address {MAC}:a0 type veth peer name v1 address {MAC}:a1",
            "link set v0 up",
            "link set v1 up",
            "address add 10.7.0.1/24 dev v0",
        ),
    ),
    ("and deleted", ip("link del v0")),
    ("staticd killed", kill("staticd")),
    ("started again", start("staticd")),
    ("bgpd killed", kill("bgpd")),
    ("bgpd started again", start("bgpd")),
    ("a link taken to another namespace", leave),
    ("and home again", come_home),
    ("zebra killed", kill("zebra")),
    ("zebra started again, and its clients", as_watchfrr),
    ("all killed", kill("zebra", "staticd", "bgpd")),
    ("all started again", start("zebra", "staticd", "bgpd")),
    ("a link deleted under routes", ip("link del eth2")),
)


def toggles(rng: random.Random) -> Iterator[tuple[str, Act]]:
    """Faults and repairs by chance, each possible when it comes."""
    gone: set[str] = set()
    pairs = {
        "link": ("link set eth1 down", "link set eth1 up"),
        "other link": ("link set eth0 down", "link set eth0 up"),
        "address": ("address del 10.0.1.1/24 dev eth1", "address add 10.0.1.1/24 dev eth1"),
        "IPv6": ("address del fd01::1/64 dev eth1", "address add fd01::1/64 dev eth1 nodad"),
        "second": ("address add 10.0.1.9/24 dev eth1", "address del 10.0.1.9/24 dev eth1"),
        "host": ("address add 5.5.5.5/32 dev lo", "address del 5.5.5.5/32 dev lo"),
        "route": ("route add 192.0.20.0/24 dev lo", "route del 192.0.20.0/24"),
        "better": ("route add 192.0.4.0/24 dev lo", "route del 192.0.4.0/24 dev lo"),
        "MTU": ("link set eth1 mtu 1300", "link set eth1 mtu 1500"),
    }
    while True:
        lines = []
        for name in rng.sample(sorted(pairs), rng.randint(1, AT_ONCE)):
            lines.append(pairs[name][name in gone])
            gone ^= {name}
        yield "; ".join(lines), attempt(*lines)


def test_faults_by_chance_leave_both_alike(pair: Twins) -> None:
    past: list[str] = []
    for (what, act), _ in zip(toggles(random.Random(SEED)), range(STEPS), strict=False):
        past.append(what)
        pair.both(act)
        pair.compare(" | ".join(past))
    # What follows begins with everything there.
    pair.both(
        attempt(
            "link set eth0 up",
            "link set eth1 up",
            "link set eth1 mtu 1500",
            "address flush dev eth0",
            "address flush dev eth1",
            "address flush dev lo",
        ),
        ip(
            "address add 127.0.0.1/8 dev lo",
            "address add 10.0.0.1/24 dev eth0",
            "address add 10.0.1.1/24 dev eth1",
            "address add fd00::1/64 dev eth0 nodad",
            "address add fd01::1/64 dev eth1 nodad",
            "address add fe80::ff:fe00:1/64 dev eth0 nodad",
            "address add fe80::ff:fe00:101/64 dev eth1 nodad",
        ),
    )
    pair.compare("everything there again", lambda state: "B>* 172.30.2.0" in state)


def test_each_fault_leaves_both_alike(pair: Twins) -> None:
    for what, act in FAULTS:
        pair.both(act)
        pair.compare(what)
