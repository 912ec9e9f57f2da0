"""Routes of clients in zebra, beside FRR's: what other clients hear of them, byte for byte.

The same messages, lines and changes of links go to both zebras; after each step every client has
to have heard the same from both, and where it is asked, both show the same and have the same routes
in the kernel.
"""

import re
from collections.abc import Iterator
from dataclasses import replace

import pytest

from grammar.base.values import Afi, Prefix
from tests.interop.zapi_steps import (
    HARDWARE,
    SHOW,
    STATIC,
    Side,
    Sides,
    Step,
    add,
    gone,
    new,
    play,
    via,
    want,
)
from tests.support.frr import FrrRouter
from tests.support.masks import AGE
from tests.support.namespaces import Lab
from tests.support.ours import OurRouter
from tests.support.wait import until
from zebra.zapi import messages as zapi
from zebra.zapi.constants import BlackholeType, RouteFlag
from zebra.zapi.constants import RouteType as Type

pytestmark = pytest.mark.real


@pytest.fixture(scope="module")
def sides() -> Iterator[Sides]:
    with Lab() as lab:
        both = Side(lab, FrrRouter), Side(lab, OurRouter)
        yield both
        for side in both:
            side.close()


@pytest.fixture(autouse=True)
def alone(sides: Sides) -> Iterator[None]:
    yield
    for side in sides:
        for name in list(side.clients):
            side.do(Step("close", (name,)))
    nodes = [side.node for side in sides]
    until(lambda: not any(node.ip("route", "list", "metric", "20") for node in nodes), 5, "the end")


def test_routes_of_several_instances_and_their_changes(sides: Sides) -> None:
    ospf, other = Type.OSPF, {"instance": 2}
    near, far = via("10.0.0.9"), via("10.1.0.9")
    more = {"distance": 110, "metric": 5}
    play(
        sides,
        new("one", ospf),
        new("two", ospf, 2),
        new("bgp", Type.BGP),
        Step("bgp", (want(ospf), want(ospf, 2)), silent=True),
        Step("one", (add(ospf, "10.20.0.0/16", near, tag=7, **more),)),
        Step("two", (add(ospf, "10.21.0.0/16", near, **other, **more),)),
        Step("two", (add(ospf, "10.20.0.0/16", far, **other, distance=100, metric=5),)),
        SHOW,
        Step("two", (gone(ospf, "10.20.0.0/16", **other),)),
        Step("one", (add(ospf, "10.20.0.0/16", near, distance=110, metric=6, tag=7),)),
        Step("one", (add(ospf, "10.20.0.0/16", near, distance=110, metric=6, tag=8),)),
        Step("one", (add(ospf, "10.20.0.0/16", far, distance=110, metric=6, tag=8),)),
        Step("one", (add(ospf, "10.20.0.0/16", far, distance=110, metric=6, mtu=1400),)),
        SHOW,
        Step("bgp", (zapi.RedistributeDelete(Afi.IPV4, ospf, 2), want(Type.ALL))),
        Step("two", (add(ospf, "10.21.0.0/16", far, **other, **more),)),
        Step("bgp", (zapi.RedistributeDelete(Afi.IPV4, Type.ALL),), silent=True),
        Step("two", (gone(ospf, "10.21.0.0/16", **other),)),
        Step("close", ("one",)),
    )


def test_what_stays_here_and_the_default_route(sides: Sides) -> None:
    ospf, near, near6 = Type.OSPF, via("10.0.0.9"), via("2001:db8::9")
    stay = ("127.5.0.0/16", "224.1.0.0/16", "169.254.1.0/24")
    leave = ("240.0.0.0/8", "0.0.0.0/8", "10.44.1.7/32")
    of6 = ("2001:db8:70::/48", "fe80::/9", "ff00::/8", "fec0::/10")
    default = zapi.RedistributeDefaultAdd(Afi.IPV4)
    play(
        sides,
        new("one", ospf),
        new("bgp", Type.BGP),
        Step("bgp", (want(ospf), want(ospf, afi=Afi.IPV6)), silent=True),
        Step("one", tuple(add(ospf, prefix, near) for prefix in (*stay, *leave))),
        Step("one", tuple(add(ospf, prefix, near6) for prefix in of6)),
        SHOW,
        Step("bgp", (default,), silent=True),
        Step("one", (add(ospf, "0.0.0.0/0", near, distance=110, tag=7),)),
        Step("ip", ("route add default via 10.0.0.7 metric 3",)),
        Step("ip", ("route del default via 10.0.0.7 metric 3",)),
        Step("bgp", (zapi.RedistributeDelete(Afi.IPV4, ospf),), silent=True),
        Step("one", (add(ospf, "0.0.0.0/0", near, distance=110, metric=6),)),
        Step("bgp", (default,)),
        Step("bgp", (zapi.RedistributeDefaultDelete(Afi.IPV4),), silent=True),
        Step("one", (gone(ospf, "0.0.0.0/0"),)),
        Step("bgp", (want(ospf),)),
        Step("close", ("one",)),
    )


def test_interfaces_imported_tables_and_the_kernel(sides: Sides) -> None:
    play(
        sides,
        new("one", Type.OSPF),
        Step("new", ("isis", zapi.Hello(Type.ISIS, synchronous=True)), silent=True),
        new("bgp", Type.BGP),
        Step("bgp", (zapi.InterfaceRequest(),)),
        Step("bgp", (zapi.InterfaceCancel(), want(Type.CONNECTED), want(Type.TABLE, 100))),
        Step("bgp", (want(Type.KERNEL), want(Type.CONNECTED, afi=Afi.IPV6))),
        Step("ip", ("route add 10.61.0.0/16 via 10.0.0.9 metric 7",)),
        Step("ip", ("route add 10.60.0.0/16 via 10.0.0.9 metric 7 table 100",), silent=True),
        Step("type", ("ip import-table 100",)),
        Step("type", ("no ip import-table 100",)),
        Step("ip", ("route del 10.61.0.0/16 via 10.0.0.9 metric 7",)),
        Step("ip", ("address add 10.2.0.1/24 dev eth1",)),
        Step("ip", ("address add 2001:db8:5::1/64 dev eth1 nodad",)),
        Step("link", ("set eth1 mtu 1400",)),
        Step("type", ("interface eth0", "bandwidth 77")),
        Step("link", ("set eth1 down",)),
        Step("link", ("set eth1 up",)),
        Step("ip", ("address del 10.2.0.1/24 dev eth1",)),
        Step("link", (f"add x0 address {HARDWARE}09 type veth peer name x1 address {HARDWARE}19",)),
        Step("close", ("one",)),
        SHOW,
    )


def test_owners_hear_who_won_and_what_failed(sides: Sides) -> None:
    bgp, static, prefix = Type.BGP, Type.STATIC, "10.20.0.0/16"
    first = add(bgp, prefix, via("10.0.0.9"), distance=20, metric=5, tag=7)
    second = add(static, prefix, via("10.1.0.9"), distance=1, flags=STATIC)
    shared = (via("10.0.0.30"), via("10.1.0.30"))
    play(
        sides,
        new("bgp", bgp),
        new("static", static),
        new("ospf", Type.OSPF),
        Step("ospf", (want(Type.ALL),)),
        Step("bgp", (first,)),
        Step("static", (second,)),
        SHOW,
        Step("static", (gone(static, prefix, distance=1, flags=STATIC),)),
        Step("static", (second,)),
        Step("bgp", (gone(bgp, prefix),), silent=True),
        Step("bgp", (first,), silent=True),
        Step("static", (add(static, prefix, via("10.1.0.8"), distance=30, flags=STATIC),), True),
        SHOW,
        Step("static", (gone(static, prefix, distance=1, flags=STATIC),)),
        SHOW,
        Step("bgp", (add(bgp, "10.30.0.0/16", *shared, distance=20),)),
        Step("static", (add(static, "10.30.0.0/16", shared[0], distance=30, flags=STATIC),), True),
        SHOW,
        Step("bgp", (add(bgp, "10.31.0.0/16", via("10.99.0.9"), distance=20),)),
        Step("bgp", (add(bgp, "10.32.0.0/16", via("10.30.0.9"), distance=20),)),
        Step("bgp", (add(bgp, "10.33.0.0/16", via("10.0.0.9"), distance=255),), silent=True),
        Step("static", (add(static, "10.34.0.0/16", via("10.30.0.9"), flags=STATIC),)),
        SHOW,
        Step("static", (gone(static, "10.34.0.0/16", flags=STATIC),), silent=True),
        Step("static", (gone(static, "10.34.0.0/16", distance=1, flags=STATIC),)),
        Step("bgp", (zapi.RouteNotifyRequest(False), add(bgp, "10.35.0.0/16", *shared))),
        Step("close", ("bgp",)),
    )


def test_next_hops_of_every_kind_and_64_ways(sides: Sides) -> None:
    isis = Type.ISIS
    many = [f"10.{number % 2}.0.{9 + number // 2}" for number in range(64)]
    weighed = [via(gate, 1 + number % 7) for number, gate in enumerate(many)]
    drops = zapi.Nexthop.drop(BlackholeType.REJECT)
    play(
        sides,
        new("isis", isis),
        new("ospf", Type.OSPF),
        Step("ospf", (want(isis),), silent=True),
        Step("isis", (add(isis, "10.40.0.0/16", *map(via, many)),)),
        Step("isis", (add(isis, "10.41.0.0/16", *weighed),)),
        Step("isis", (add(isis, "10.42.0.0/16", *(via("10.0.0.9", n) for n in (3, 1, 255))),)),
        Step("isis", (add(isis, "10.43.0.0/16", via("10.0.0.9"), drops),)),
        Step("isis", (add(isis, "10.44.0.0/16", zapi.Nexthop.dev(3), via("10.99.9.9")),)),
        Step("isis", (add(isis, "10.45.0.0/16", via("2001:db8::9")),)),
        Step("isis", (add(isis, "10.46.0.0/16"),), silent=True),
        Step("isis", (add(isis, "10.47.0.0/16", via("10.0.0.9"), table=1000),)),
        SHOW,
        Step("close", ("isis",)),
    )


def test_an_address_that_is_taken_back_and_typed_again_at_once(sides: Sides) -> None:
    lines = ("ip address 10.7.0.1/24", "ip address 10.6.0.1/24")
    play(
        sides,
        new("bgp", Type.BGP),
        Step("bgp", (want(Type.CONNECTED),)),
        Step("type", ("interface eth0", *lines)),
        Step("type", ("interface eth0", f"no {lines[0]}", lines[0])),
        SHOW,
        Step("type", ("interface eth0", *(f"no {line}" for line in lines))),
        SHOW,
    )


def test_routes_that_others_may_take_away(sides: Sides) -> None:
    bgp, static, near = Type.BGP, Type.STATIC, via("10.0.0.9")
    of_staticd = {"flags": STATIC, "distance": 1}
    play(
        sides,
        new("bgp", bgp),
        new("static", static),
        Step("bgp", (add(bgp, "10.60.0.0/16", near), add(bgp, "10.61.0.0/16", near))),
        Step("static", (add(static, "10.62.0.0/16", via("10.1.0.9"), **of_staticd),)),
        Step("ip", ("route del 10.60.0.0/16 proto bgp",)),
        SHOW,
        Step("type", ("allow-external-route-update",), silent=True),
        Step("ip", ("route del 10.60.0.0/16 proto bgp",)),
        Step("ip", ("route del 10.62.0.0/16 proto 196",), silent=True),
        SHOW,
        Step("bgp", (add(bgp, "10.60.0.0/16", near, metric=5),)),
        Step("static", (add(static, "10.62.0.0/16", via("10.1.0.8"), **of_staticd),)),
        SHOW,
        Step("type", ("no allow-external-route-update",), silent=True),
        Step("ip", ("route del 10.60.0.0/16 proto bgp",)),
        SHOW,
    )


def spared(gate: str, *backups: int) -> zapi.Nexthop:
    return replace(via(gate), backups=backups)


def details(side: Side) -> list[str]:
    """Routes one by one, and the next-hop groups without their numbers."""
    prefixes = ("10.71.0.0/16", "10.72.0.0/16", "10.77.0.0/16")
    shown = [
        side.vty.ask(f"show ip route {prefix}{form}")[0]
        for prefix in prefixes
        for form in ("", " json", " nexthop-group")
    ]
    shown += re.split(r"(?m)^(?=ID:)", side.vty.ask("show nexthop-group rib")[0])
    ages = re.compile(rf"{AGE}|(?<=Uptime: )\S+|(?<=update )\S+")
    numbers = re.compile(r"(?<=ID: )\d+|(?<=GroupId\":)\d+|\(\d+\)")
    texts = [numbers.sub("N", ages.sub("<age>", text)) for text in shown]
    return [*texts[:9], *sorted(texts[9:])]


def test_spare_next_hops(sides: Sides) -> None:
    isis, bgp, metric = Type.ISIS, Type.BGP, {"distance": 115, "metric": 10}
    one = {"backups": (via("10.1.0.2"),), **metric}
    two = {"backups": (via("10.1.0.2"), replace(via("10.1.0.3"), labels=(100,))), **metric}
    unresolved = {"backups": (via("10.99.0.2"),), **metric}
    recursive = {"flags": RouteFlag.ALLOW_RECURSION, "distance": 20}
    with_own = {"backups": (via("10.1.0.9"),), **recursive}
    first, far = spared("10.0.0.2", 0), Prefix.parse("10.72.0.1/32")
    added = (
        add(isis, "10.70.0.0/16", first, **one),
        add(isis, "10.71.0.0/16", first, via("10.0.0.3"), **one),
        add(isis, "10.72.0.0/16", spared("10.0.0.2", 0, 1), spared("10.0.0.3", 0), **two),
        add(isis, "10.74.0.0/16", via("10.0.0.2"), **one),
        add(isis, "10.75.0.0/16", spared("10.99.0.2", 0), **one),
        add(isis, "10.76.0.0/16", spared("10.0.0.4", 0), **unresolved),
    )
    play(
        sides,
        new("isis", isis),
        new("bgp", bgp),
        Step("bgp", (zapi.NexthopRegister((zapi.NexthopWatch(far),)), want(isis))),
        *(Step("isis", (route,)) for route in added),
        Step("isis", (add(isis, "10.73.0.0/16", spared("10.0.0.2", 5), **one),), silent=True),
        Step("isis", (gone(isis, "10.75.0.0/16"),), silent=True),  # FRR leaves a mark at it
        Step("bgp", (add(bgp, "10.77.0.0/16", via("10.72.0.1"), **recursive),)),
        Step("bgp", (add(bgp, "10.78.0.0/16", spared("10.72.0.1", 0), **with_own),)),
        SHOW,
    )
    until(lambda: details(sides[0]) == details(sides[1]), 5, "the same details")
    play(
        sides,
        Step("bgp", (gone(bgp, "10.77.0.0/16"), gone(bgp, "10.78.0.0/16"))),
        Step("isis", (add(isis, "10.72.0.0/16", via("10.0.0.2"), **metric),)),
        Step("isis", (gone(isis, "10.70.0.0/16"), gone(isis, "10.71.0.0/16"))),
        SHOW,
    )
