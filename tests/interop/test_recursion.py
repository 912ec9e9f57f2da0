"""Tables of recursive static routes: ours edited at random, FRR's typed from the ground up.

FRR's zebra does not look again at routes whose next hops come to resolve otherwise, so what it has
depends on the order of the lines. It gets the table in the order in which it resolves; ours gets it
by additions and removals in any order, with links that go down and come back, and has to end with
the same routes. The seed stands in the test's name.
"""

import random
import re
from collections.abc import Iterator
from difflib import unified_diff
from functools import partial

import pytest

from tests.support.frr import FrrRouter
from tests.support.namespaces import Lab
from tests.support.ours import OurRouter
from tests.support.router import Router
from tests.support.wait import steady, until
from tests.zebra.test_real_kernel import kernel

pytestmark = pytest.mark.real

LINKS = (1, 2, 3)
DEPTH = 3
WIDTH = 4
EDITS = 6


def build(kind: type[Router], lab: Lab, name: str) -> Router:
    node, far = lab.namespace(name), lab.namespace(f"{name}h")
    for number in LINKS:
        lab.link(node, f"e{number}", far, f"h{number}")
        node.ip("address", "add", f"10.0.{number}.1/24", "dev", f"e{number}")
        node.ip("address", "add", f"2001:db8:{number}::1/64", "dev", f"e{number}")
    router = kind(node, {"zebra.conf": "", "staticd.conf": ""})
    router.start("zebra", "staticd")
    return router


@pytest.fixture(scope="module")
def pair() -> Iterator[tuple[Router, Router]]:
    with Lab() as lab:
        yield build(FrrRouter, lab, "frr"), build(OurRouter, lab, "own")


def lines_of(layer: int) -> list[str]:
    """The lines that may be typed for a layer: each leads over the one below it."""
    lines = []
    for number in range(WIDTH):
        for below in range(WIDTH):
            if layer:
                gates = f"10.{60 + layer}.{below}.1", f"2001:db8:{60 + layer}:{below}::1"
            else:
                gates = f"10.0.{below + 1}.2", f"2001:db8:{below + 1}::2"
            if not layer and below == len(LINKS):
                gates = "blackhole", "blackhole"
            prefixes = f"10.{61 + layer}.{number}.0/24", f"2001:db8:{61 + layer}:{number}::/64"
            for word, prefix, gate in zip(("ip", "ipv6"), prefixes, gates, strict=False):
                lines.append(f"{word} route {prefix} {gate}")
    return lines


def fits(line: str, have: set[str]) -> bool:
    """A black hole takes no next hop beside it."""
    prefix = line.rpartition(" ")[0]
    beside = [other for other in have if other.rpartition(" ")[0] == prefix]
    return not any("blackhole" in one for one in beside) and (not beside or "blackhole" not in line)


def state(router: Router) -> list[str]:
    """The static routes in the kernel and as shown, objects by what they are."""
    found = []
    for line in kernel(router.namespace):
        if "proto static" in line:
            text = re.sub(r"group \S.*? proto static", "group proto static", line)
            found.append(" ".join(sorted(re.split(r"(?= nexthop via)", text))))
    shown = router.vtysh("show ip route static", "show ipv6 route static").stdout
    return [*found, *re.sub(r"\d\d:\d\d:\d\d", "<age>", shown).splitlines()]


@pytest.mark.parametrize("seed", [1, 2])
def test_edits_at_random_end_as_the_table_typed_in_order(
    pair: tuple[Router, Router], seed: int
) -> None:
    chooser = random.Random(seed)
    theirs, ours = pair
    layers = [lines_of(layer) for layer in range(DEPTH)]
    have: set[str] = set()
    for _ in range(2):
        for _ in range(EDITS):
            ours.configure(*edits(chooser, layers, have))
            if chooser.random() < 0.3:
                link = f"e{chooser.choice(LINKS)}"
                for word in ("down", "up"):
                    ours.namespace.ip("link", "set", link, word)
                ours.namespace.ip(*("address", "replace", f"2001:db8:{link[1]}::1/64", "dev", link))
        typed(theirs, layers, have)
        expected = state(theirs)
        until(partial(same, expected, ours), 5.0, f"FRR's {sorted(have)}")
        theirs.configure(*(f"no {line}" for line in sorted(have)))
    ours.configure(*(f"no {line}" for line in sorted(have)))


def same(expected: list[str], router: Router) -> bool:
    """Raises with what the difference is, for `until`."""
    diff = "\n".join(unified_diff(expected, state(router), "frr", "ours", lineterm="", n=2))
    assert not diff, diff
    return True


def edits(chooser: random.Random, layers: list[list[str]], have: set[str]) -> list[str]:
    """Some lines to type; `have` follows."""
    typed = []
    for _ in range(6):
        if have and chooser.random() < 0.35:
            line = chooser.choice(sorted(have))
            have.discard(line)
            typed.append(f"no {line}")
        else:
            line = chooser.choice(chooser.choice(layers))
            if line not in have and fits(line, have):
                have.add(line)
                typed.append(line)
    return typed


def typed(router: Router, layers: list[list[str]], have: set[str]) -> None:
    """The table, layer by layer; each is in the kernel before the next one comes."""
    for layer in layers:
        lines = [line for line in layer if line in have]
        if lines:
            router.configure(*lines)
            settle(router)


def settle(router: Router) -> None:
    """Wait until what is shown stands still."""
    steady(partial(state, router), 10.0, "a steady table")


def test_two_routes_over_each_other(pair: tuple[Router, Router]) -> None:
    """They keep each other as long as there is a link beneath; with it both go."""
    direct, one, other = (
        "ip route 10.71.0.0/24 10.0.1.2",
        "ip route 10.71.0.0/24 10.72.0.1",
        "ip route 10.72.0.0/24 10.71.0.1",
    )
    theirs, ours = pair
    for lines in ((direct,), (other,), (one,), (f"no {direct}",)):
        for router in pair:
            router.configure(*lines)
        settle(theirs)
        until(partial(same, state(theirs), ours), 5.0, str(lines))
    # FRR shows them as installed when the link is gone, and the kernel has none of them.
    for router in pair:
        router.namespace.ip("link", "set", "e1", "down")
    until(lambda: not kernel_routes(theirs), 5.0, "FRR's kernel without them")
    until(lambda: "10.71." not in shown(ours), 5.0, "our table without them")
    assert not kernel_routes(ours)
    for router in pair:
        router.namespace.ip("link", "set", "e1", "up")
        router.configure(direct)
    settle(theirs)
    until(lambda: len(kernel_routes(ours)) == 2, 5.0, "both again")
    for router in pair:
        router.configure(f"no {one}", f"no {other}", f"no {direct}")


def kernel_routes(router: Router) -> list[str]:
    listed = router.namespace.ip("-oneline", "route", "show", "proto", "196").splitlines()
    return [line for line in listed if line.startswith("10.7")]


def shown(router: Router) -> str:
    return router.show("show ip route static")


def test_64_ways_and_a_link_of_theirs_that_goes(pair: tuple[Router, Router]) -> None:
    gates = [f"10.0.{1 + number % 3}.{2 + number // 3}" for number in range(64)]
    theirs, ours = pair
    for router in pair:
        router.configure(*(f"ip route 10.90.0.0/16 {gate}" for gate in gates))
    for words in ((), ("link", "set", "e2", "down")):
        for router in pair if words else ():
            router.namespace.ip(*words)
        settle(theirs)
        until(partial(same, state(theirs), ours), 5.0, f"64 ways {words}")
    assert state(ours)[0].count("nexthop via") == 43
    for router in pair:
        router.namespace.ip("link", "set", "e2", "up")
        router.configure(*(f"no ip route 10.90.0.0/16 {gate}" for gate in gates))
