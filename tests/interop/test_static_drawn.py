"""Static routes drawn by chance: FRR's staticd and ours, each on FRR's zebra and on ours.

Gateways and interfaces of every kind, tables, a VRF that is not there, tags, distances and black
holes are typed and taken back while links and addresses come and go; what is shown, printed and in
the kernel has to be the same on all four.

A gateway with an interface is used by one destination: FRR's staticd forgets a second one while
the gateway is not resolved, and `onlink` is for destinations of its own: when its link goes down,
it takes the other next hops for `onlink` (docs/differences.md). Routes resolve over the kernel's:
over static ones FRR's zebra would not follow.
"""

import os
import random
import re
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from difflib import unified_diff

import pytest

from tests.support.mixed import MixedRouter
from tests.support.namespaces import Lab
from tests.support.vty import Vty
from tests.support.wait import until

pytestmark = pytest.mark.real

SEED = int(os.environ.get("SEED", "1"))
STEPS = 9
MIXES = ((), ("staticd",), ("zebra",), ("zebra", "staticd"))
LINKS = range(3)
SETTING = """\
ip link add x0 type veth peer name x1
ip link set x0 addrgenmode none up
ip link set x1 addrgenmode none up
ip address add 10.9.0.1/24 dev x0
ip route add 10.77.0.0/16 via 10.0.1.77
ip route add default via 10.0.0.254 metric 5
ip -6 route add 2001:db8:77::/48 via fd01::77
"""
SHOWS = (
    *("show ip route", "show ipv6 route", "show ip route table 100", "show ip route summary"),
    *("show ip nht", "show ipv6 nht"),
)
KERNEL = "for f in -4 -6; do ip $f route show table all proto static | sort; done"
PASSING = r"\d\d:\d\d:\d\d|nhid \d+ |fd \d+|^[!]$\n|^hostname .*\n"


def build(lab: Lab, ours: tuple[str, ...]) -> MixedRouter:
    node = lab.namespace("".join(("r", *(name[0] for name in ours))))
    for number in LINKS:
        near, far = f"d{number}", f"p{number}"
        node.ip("link", "add", near, "type", "veth", "peer", "name", far)
        for end in (near, far):
            node.ip("link", "set", end, "addrgenmode", "none", "up")
        node.ip("address", "add", f"10.0.{number}.1/24", "dev", near)
        node.ip("address", "add", f"fd0{number}::1/64", "dev", near, "nodad")
    node.run(["sh", "-ec", SETTING])
    router = MixedRouter(node, {"zebra.conf": "", "staticd.conf": ""}, ours=ours)
    router.start("zebra", "staticd")
    return router


@pytest.fixture(scope="module")
def routers() -> Iterator[list[MixedRouter]]:
    with Lab() as lab, ThreadPoolExecutor(len(MIXES)) as hands:
        yield list(hands.map(lambda ours: build(lab, ours), MIXES))


def draw(rng: random.Random) -> str:
    """A line; destinations are few, so that they get several next hops and lose them."""
    number, link = rng.randint(1, 12), rng.choice(LINKS)
    onlink, more = "", ""
    four = rng.random() < 0.65
    if four:
        line = f"ip route 10.{100 + number}.0.0/16"
        gates = [f"10.0.{link}.9", f"10.0.{link}.1", "10.77.1.1", "10.98.0.1", "10.9.0.7"]
        with_links = [f"10.50.{link}.{number} d{link}", f"10.0.{link}.{20 + number} d{link}"]
    else:
        line = f"ipv6 route 2001:db8:1{number:02d}::/48"
        gates = [f"fd0{link}::9", "2001:db8:77::5", "fd99::1"]
        with_links = [f"fe80::{number:x}{link} d{link}", f"fd0{link}::{20 + number:x} d{link}"]
    kind = rng.random()
    if kind < 0.15:
        hop = rng.choice(("blackhole", "reject", "Null0"))
    elif kind < 0.3:
        hop = rng.choice((f"d{link}", "lo", "nosuch"))
    elif kind < 0.6:
        hop = rng.choice(with_links)
        if hop.startswith("10.50"):
            line, onlink = f"ip route 10.{120 + number}.0.0/16", " onlink"
    else:
        hop = rng.choice(gates)
    if rng.random() < 0.2:
        more += f" tag {rng.randint(1, 9)}"
    if rng.random() < 0.3:
        more += f" {rng.choice((1, 5, 200, 255))}"
    where = rng.choices(("", " table 100", " nexthop-vrf red", " vrf red"), (7, 1, 1, 1))[0]
    return f"{line} {hop}{more}{'' if onlink else where}{onlink}"


def event(rng: random.Random) -> str:
    """What happens to a link, an address or a route that others resolve over."""
    link = rng.choice(LINKS)
    return rng.choice(
        (
            *(f"link set d{link} down", f"link set d{link} up"),
            f"address del 10.0.{link}.1/24 dev d{link}",
            f"address replace 10.0.{link}.1/24 dev d{link}",
            f"address replace fd0{link}::1/64 dev d{link} nodad",
            *("route replace 10.77.0.0/16 via 10.0.0.77", "route del 10.77.0.0/16"),
        )
    )


def typed(router: MixedRouter, lines: list[str]) -> list[tuple[str, int]]:
    with Vty(router.run, "staticd") as vty:
        return [vty.ask(line) for line in ("configure terminal", *lines)]


def in_order(text: str) -> str:
    """Of several routes to a destination the last one told is the first: often a matter of luck."""
    return "\n".join(sorted(re.split(r"\n(?=[A-Z][> ])", text)))


def state(router: MixedRouter) -> str:
    with Vty(router.run, "zebra") as zebra, Vty(router.run, "staticd") as staticd:
        parts = [in_order(zebra.ask(line)[0]) for line in SHOWS]
        parts.append(staticd.ask("show running-config")[0])
    parts.append(router.namespace.run(["sh", "-c", KERNEL]).stdout)
    return re.sub(PASSING, "", "".join(parts), flags=re.M)


def test_drawn_routes_are_the_same_whoever_has_them(routers: list[MixedRouter]) -> None:
    rng, past = random.Random(SEED), ""
    have: list[str] = []
    with ThreadPoolExecutor(len(routers)) as hands:

        def same() -> bool:
            first, *others = hands.map(state, routers)
            for ours, other in zip(MIXES[1:], others, strict=True):
                lines = unified_diff(first.splitlines(), other.splitlines(), "frr", str(ours), n=1)
                assert first == other, past + "\n".join(lines)
            return True

        for _ in range(STEPS):
            lines = []
            for _ in range(rng.randint(2, 6)):
                if have and rng.random() < 0.35:
                    lines.append(f"no {have.pop(rng.randrange(len(have)))}")
                else:
                    lines.append(draw(rng))
                    have += [lines[-1]] if lines[-1] not in have else []
            past += "\n".join([*lines, ""])
            answers = list(hands.map(lambda router, lines=lines: typed(router, lines), routers))
            assert all(one == answers[0] for one in answers), past
            if rng.random() < 0.4:
                happens = event(rng)
                past += f"{happens}\n"
                for router in routers:  # a link that is down has lost addresses
                    router.namespace.run(["ip", *happens.split()], check=False)
            until(same, 6.0, "the same routes everywhere")
