"""Next-hop groups that a client makes (NHG_ADD, NHG_DEL) and names in its routes, beside FRR's.

The same bytes go to both zebras; what the client hears, the kernel's objects and routes, and what
is shown are compared after each step. `sharpd`, which has such groups, is no part of the package.
"""

import re
from collections.abc import Callable, Iterator
from dataclasses import replace
from difflib import unified_diff
from functools import partial

import pytest

from grammar.base.values import Address, Prefix
from tests.interop.test_allotted import Client
from tests.support.frr import FrrRouter
from tests.support.namespaces import Lab
from tests.support.ours import OurRouter
from tests.support.router import Router
from tests.support.wait import steady, until
from zebra.zapi import messages as zapi
from zebra.zapi.groups import GroupAdd, GroupDelete
from zebra.zapi.routes import Nexthop, Route, RouteAdd, RouteDelete

pytestmark = pytest.mark.real

SHARP, BGP = zapi.RouteType.SHARP, zapi.RouteType.BGP
GROUP = 200_000_001


def via(gate: str, ifindex: int, **more: object) -> Nexthop:
    return replace(Nexthop.via(Address.parse(gate), ifindex), **more)  # type: ignore[arg-type]


ONE, TWO, THREE = via("10.0.1.2", 2), via("10.0.2.2", 3), via("10.0.3.2", 4)
OUTSIDE = via("99.0.0.1", 2)
ONLINK = via("99.0.0.1", 2, onlink=True)
SIX = via("2001:db8:1::2", 2), via("2001:db8:2::2", 3)


def made(number: int, *hops: Nexthop, protocol: zapi.RouteType = SHARP) -> GroupAdd:
    return GroupAdd(protocol, GROUP + number, hops)


def let_go(number: int) -> GroupDelete:
    return GroupDelete(SHARP, GROUP + number)


def route(prefix: str, number: int, *hops: Nexthop) -> RouteAdd:
    return RouteAdd(Route(SHARP, Prefix.parse(prefix), hops, 150, 0, nhg=GROUP + number))


def weighted(prefix: str, *hops: Nexthop) -> RouteAdd:
    """A route with next hops of its own, which is shared unequally."""
    return RouteAdd(Route(SHARP, Prefix.parse(prefix), hops, 150, 0))


def gone(prefix: str) -> RouteDelete:
    return RouteDelete(Route(SHARP, Prefix.parse(prefix)))


STEPS: tuple[tuple[zapi.Message, ...], ...] = (
    (made(0, TWO, ONE),),
    (route("20.0.0.0/24", 0), route("20.0.1.0/24", 0, THREE), route("20.0.2.0/24", 99)),
    (made(0, THREE),),
    (made(0, THREE),),
    (let_go(0), let_go(77)),
    (made(0, replace(ONE, weight=7), replace(THREE, weight=3)),),
    (gone("20.0.0.0/24"),),
    (gone("20.0.1.0/24"),),
    (let_go(0),),
    (made(1, ONE, ONE), made(2, THREE), made(3, ONE, THREE)),
    (made(4, *SIX), made(5, ONE, SIX[1]), made(6, THREE, protocol=BGP)),
    (route("2001:db8:99::/48", 4), route("20.0.3.0/24", 4), route("20.0.4.0/24", 5)),
    (made(7, ONLINK), route("20.0.5.0/24", 7)),
    # Refused: without a gateway, an interface, with backups in use; nowhere.
    (made(10, Nexthop.dev(2)), made(11, via("10.0.1.2", 0)), made(12, Nexthop.drop())),
    (replace(made(13, ONE), backups=(TWO,)), route("20.0.6.0/24", 13)),
    (replace(made(14, replace(ONE, backups=(0,))), backups=(TWO,)), route("20.0.7.0/24", 14)),
    (weighted("20.0.8.0/24", replace(ONE, weight=7), replace(THREE, weight=3)),),
    (weighted("20.0.8.0/24", replace(ONE, weight=255), replace(TWO, weight=1), THREE),),
    (gone("20.0.8.0/24"),),
    (gone("20.0.3.0/24"), gone("20.0.4.0/24"), gone("20.0.5.0/24"), gone("20.0.6.0/24")),
    (gone("2001:db8:99::/48"), let_go(4), let_go(5), let_go(7), let_go(13)),
)


SHOWS = (
    "show nexthop-group rib sharp",
    "show nexthop-group rib singleton ip",
    "show ip route",
    "show ipv6 route 2001:db8:99::/48 nexthop-group",
    "show interface e1 nexthop-group",
)


class Side:
    def __init__(self, lab: Lab, kind: type[Router], name: str) -> None:
        node, far = lab.namespace(name), lab.namespace(f"{name}h")
        for number in (1, 2, 3):
            lab.link(node, f"e{number}", far, f"h{number}")
            node.ip("address", "add", f"10.0.{number}.1/24", "dev", f"e{number}")
            six = f"2001:db8:{number}::1/64"
            node.ip("address", "add", six, "dev", f"e{number}", "nodad")
        self.router = kind(node, {"zebra.conf": "", "staticd.conf": ""})
        self.router.start("zebra", "staticd")
        self.client = Client(self.router, SHARP, notify=True)
        self.heard: list[str] = []

    def send(self, *messages: zapi.Message) -> None:
        self.client.send(*messages)
        self.heard.clear()

    def state(self) -> list[str]:
        """What the client heard of the last step, what the kernel has, and what is shown."""
        self.heard += self.client.heard()
        node = self.router.namespace
        lines = sorted(self.heard)
        lines += [one for one in node.ip("nexthop").splitlines() if "proto sharp" in one]
        for family in ("-4", "-6"):
            lines += node.ip(family, "-oneline", "route", "show", "proto", "sharp").splitlines()
        listed, _, rest = self.router.vtysh(*SHOWS).stdout.partition("Codes:")
        return [*lines, *groups(listed), *aged(rest).splitlines()]


def aged(text: str) -> str:
    return re.sub(r"\d\d:\d\d:\d\d", "<age>", text)


def groups(text: str) -> list[str]:
    """The groups, in the order of their numbers."""
    found = re.split(r"(?m)^(?=ID: )", aged(text))
    return sorted(one for one in found if "(sharp)" in one)


@pytest.fixture(scope="module")
def sides() -> Iterator[tuple[Side, Side]]:
    with Lab() as lab:
        both = Side(lab, FrrRouter, "nhgf"), Side(lab, OurRouter, "nhgo")
        yield both
        for side in both:
            side.client.close()


def settled(side: Side) -> list[str]:
    """The state when it stands still."""
    return steady(side.state, 5.0, "a steady state")


def same(expected: list[str], state: Callable[[], list[str]]) -> bool:
    diff = "\n".join(unified_diff(expected, state(), "frr", "ours", lineterm="", n=1))
    assert not diff, diff
    return True


def test_each_step_leads_to_the_same(sides: tuple[Side, Side]) -> None:
    theirs, ours = sides
    for step in STEPS:
        for side in sides:
            side.send(*step)
        settled(theirs)
        until(lambda: same(theirs.state(), ours.state), 10.0, str(step))


def test_a_link_of_theirs_goes_and_comes(sides: tuple[Side, Side]) -> None:
    """FRR's groups stay without what went with the link, and no route comes back."""
    theirs, ours = sides
    for side in sides:
        side.send(made(20, ONE, TWO), made(21, ONE), route("20.1.0.0/24", 20))
        side.send(route("20.1.1.0/24", 21))
    settled(theirs)
    until(lambda: same(theirs.state(), ours.state), 10.0, "two groups")
    for side in sides:
        side.router.namespace.ip("link", "set", "e1", "down")
    until(lambda: len(routes(theirs)) == 1, 5.0, "FRR's kernel without the link")
    until(lambda: routes(ours) == routes(theirs), 5.0, "ours without it")
    until(lambda: " 20.1.1.0/24" in shown_inactive(ours), 5.0, "no way any more")
    for side in sides:
        side.router.namespace.ip("link", "set", "e1", "up")
    until(lambda: len(routes(ours)) == 2, 5.0, "the route again")
    until(lambda: routes(ours)[0].count("nexthop via") == 2, 5.0, "both ways again")


def routes(side: Side) -> list[str]:
    listed = side.router.namespace.ip("-oneline", "route", "show", "proto", "sharp")
    return [line for line in listed.splitlines() if line.startswith("20.1.")]


def shown_inactive(side: Side) -> str:
    shown = side.router.show("show ip route").splitlines()
    return "\n".join(line for line in shown if line.startswith("D  "))


OBJECTS = (
    ("ip route 30.0.0.0/24 10.0.2.2", "no zebra nexthop kernel enable"),
    ("ip route 30.0.1.0/24 10.0.2.2", "ip route 30.0.2.0/24 10.0.3.2"),
    ("ip route 30.0.1.0/24 10.0.3.2",),
    ("ip route 30.0.3.0/24 30.0.1.1", "ip route 30.0.4.0/24 blackhole"),
    ("zebra nexthop kernel enable",),
    ("ip route 30.0.5.0/24 10.0.3.7",),  # FRR takes 10.0.2.2 to be in the kernel
    ("zebra nexthop proto only",),
    ("ip route 30.0.6.0/24 10.0.2.2",),
    ("no ip route 30.0.1.0/24 10.0.3.2",),
    ("no zebra nexthop proto only",),
)


def test_objects_may_be_left_out(sides: tuple[Side, Side]) -> None:
    """Each line counts for what the kernel is told from then on, as in FRR."""

    def state(side: Side) -> list[str]:
        node = side.router.namespace
        listed = node.ip("-oneline", "route", "show", "root", "30.0.0.0/16")
        shown = aged(side.router.show("show ip route static"))
        return [*re.sub(r"nhid \d+", "nhid", listed).splitlines(), *shown.splitlines()]

    theirs, ours = sides
    for lines in OBJECTS:
        for side in sides:
            side.router.configure(*lines)
        running = theirs.router.show("show running-config zebra").splitlines()[7:]
        assert ours.router.show("show running-config zebra").splitlines()[7:] == running
        typed = [line for line in lines if line.startswith("ip route")]
        until(lambda s=theirs, t=typed: all(w.split()[2] in str(state(s)) for w in t), 5.0, "FRR's")  # type: ignore[misc]
        until(lambda: same(state(theirs), partial(state, ours)), 10.0, str(lines))
    for side in sides:  # given while there were no objects, named when there are
        side.router.configure("no zebra nexthop kernel enable")
        side.send(made(40, TWO), route("20.3.0.0/24", 40))
        until(lambda s=side: f"{GROUP + 40:08x}" in "".join(s.client.heard()), 5.0, "taken")  # type: ignore[misc]
        assert f"id {GROUP + 40} " not in side.router.namespace.ip("nexthop")
        side.router.configure("zebra nexthop kernel enable")
    ours.send(made(41, TWO, THREE), route("20.3.1.0/24", 40), route("20.3.2.0/24", 41))
    listed = partial(ours.router.namespace.ip, "route", "show", "proto", "sharp")
    for number in (40, 41):
        until(lambda n=number: f"nhid {GROUP + n} " in listed(), 5.0, "by object")  # type: ignore[misc]


def test_groups_of_a_client_that_leaves_are_dropped(sides: tuple[Side, Side]) -> None:
    for side in sides:
        side.send(made(30, TWO, THREE), route("20.2.0.0/24", 30))
    for side in sides:  # what FRR has not looked at yet would stay when the client is gone
        until(lambda s=side: "20.2.0.0" in str(last_state(s)), 5.0, "the route")  # type: ignore[misc]
        side.client.close()
    until(lambda: "Time to Deletion" in str(last_state(sides[0])), 5.0, "FRR's is to be dropped")
    until(lambda: last_state(sides[1]) == last_state(sides[0]), 5.0, "ours too")


def last_state(side: Side) -> list[str]:
    listed = groups(side.router.show("show nexthop-group rib sharp"))
    rows = [one for one in listed if one.startswith(f"ID: {GROUP + 30} ")]
    return [*rows, *side.router.namespace.ip("route", "show", "proto", "sharp").splitlines()]
