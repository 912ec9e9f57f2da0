"""zebra between bfdd and the daemons that watch neighbours by BFD: as FRR's zebra.

First by bytes, the same to FRR's zebra and ours; then two FRR bgpds with FRR's bfdds, one of them
on our zebra: their BFD session comes up, and ends the BGP session when the far bfdd is gone.
"""

import json
import struct
from collections.abc import Iterator
from contextlib import ExitStack
from typing import Any

import pytest

from tests.interop.test_allotted import Client
from tests.support.frr import FrrRouter
from tests.support.mixed import MixedRouter
from tests.support.namespaces import Lab
from tests.support.ours import OurRouter
from tests.support.router import Router
from tests.support.wait import until
from zebra.zapi.constants import RouteType

pytestmark = pytest.mark.real

PROTOCOLS = (
    *(RouteType.BFD, RouteType.BGP, RouteType.ISIS, RouteType.OSPF, RouteType.OSPF6),
    *(RouteType.PIM, RouteType.RIP, RouteType.RIPNG, RouteType.EIGRP, RouteType.STATIC),
    *(RouteType.OPENFABRIC, RouteType.SHARP, RouteType.PBR, RouteType.VRRP, RouteType.LDP),
)
UPDATE, REGISTER, DEREGISTER, REPLAY, CLIENT_REGISTER = 25, 26, 27, 29, 37
DESTINATION = struct.pack(">IH4sIIBBH4sBB", 42, 2, bytes(4), 9, 9, 3, 0, 2, bytes(4), 1, 0)
STEPS: tuple[tuple[RouteType, int, bytes], ...] = (
    *((each, CLIENT_REGISTER, struct.pack(">I", each)) for each in PROTOCOLS),
    (RouteType.BGP, REGISTER, DESTINATION),
    (RouteType.BGP, DEREGISTER, DESTINATION),
    (RouteType.SHARP, REGISTER, DESTINATION),
    (RouteType.BFD, REPLAY, struct.pack(">I", REPLAY)),
    (RouteType.BFD, REPLAY, struct.pack(">I", UPDATE) + DESTINATION),
    (RouteType.BFD, REPLAY, b"\0\0"),
    (RouteType.BFD, REGISTER, DESTINATION),
)


class Side:
    """One zebra with a client of each protocol, and two bfdds."""

    def __init__(self, router: Router) -> None:
        router.start("zebra")
        self.clients = {each: Client(router, each) for each in PROTOCOLS}
        self.second = Client(router, RouteType.BFD)

    def close(self) -> None:
        for client in (*self.clients.values(), self.second):
            client.close()

    def heard(self) -> dict[str, list[str]]:
        found = {each.word: client.heard() for each, client in self.clients.items()}
        return {**found, "second": self.second.heard()}

    def told(self, who: RouteType, command: int, body: bytes) -> dict[str, list[str]]:
        client = self.clients[who]
        data = struct.pack(">HBBIH", 10 + len(body), 254, 6, 0, command) + body
        client.send_bytes(data)
        client_heard = client.heard()
        others = self.heard()
        return {**others, "itself": client_heard}

    def gone(self, who: RouteType) -> dict[str, list[str]]:
        self.clients.pop(who).close()
        heard: dict[str, list[str]] = {}

        def told() -> bool:
            for name, more in self.heard().items():
                heard.setdefault(name, []).extend(more)
            return bool(heard["second"])

        until(told, 10, f"{who.word} is gone")
        told()
        return heard


@pytest.fixture
def sides() -> Iterator[tuple[Side, Side]]:
    with Lab() as lab, ExitStack() as opened:
        made = []
        for kind in (FrrRouter, OurRouter):
            made.append(Side(kind(lab.namespace(f"bfd-{kind.kind}"), {"zebra.conf": ""})))
            opened.callback(made[-1].close)
        yield made[0], made[1]


def test_messages_go_to_who_gets_them_of_frr(sides: tuple[Side, Side]) -> None:
    for step in STEPS:
        told = [side.told(*step) for side in sides]
        assert told[1] == told[0], step
    for who in (RouteType.SHARP, RouteType.BGP, RouteType.RIP, RouteType.PIM, RouteType.STATIC):
        told = [side.gone(who) for side in sides]
        assert told[1] == told[0], who


BGPD = """
router bgp {asn}
 bgp router-id 10.0.0.{own}
 no bgp ebgp-requires-policy
 neighbor 10.0.0.{far} remote-as external
 neighbor 10.0.0.{far} timers connect 1
 neighbor 10.0.0.{far} bfd
"""
FAST = """
bfd
 peer 10.0.0.{far} interface eth0
  receive-interval 50
  transmit-interval 50
"""


def sessions(router: Router) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = json.loads(router.show("show bfd peers json"))
    return found


def state(router: Router, far: int) -> str:
    return str(json.loads(router.show("show bgp neighbors json"))[f"10.0.0.{far}"]["bgpState"])


@pytest.fixture
def pair() -> Iterator[tuple[Router, Router]]:
    """Two routers of FRR's bgpd and bfdd, the first with our zebra."""
    with Lab() as lab:
        nodes = [lab.namespace("bfdone"), lab.namespace("bfdtwo")]
        lab.link(nodes[0], "eth0", nodes[1], "eth0")
        routers = []
        for own, far in ((1, 2), (2, 1)):
            node = nodes[own - 1]
            node.ip("address", "add", f"10.0.0.{own}/24", "dev", "eth0")
            files = {
                "zebra.conf": "",
                "bgpd.conf": BGPD.format(asn=65000 + own, own=own, far=far),
                "bfdd.conf": FAST.format(far=far),
            }
            routers.append(MixedRouter(node, files, ours=("zebra",) if own == 1 else ()))
            routers[-1].start("zebra", "bfdd", "bgpd")
        yield routers[0], routers[1]


def test_sessions_of_bfd_come_up_and_end_those_of_bgp(pair: tuple[Router, Router]) -> None:
    one, two = pair
    for router, far in ((one, 2), (two, 1)):
        until(lambda r=router: [each["status"] for each in sessions(r)] == ["up"], 20, "BFD is up")  # type: ignore[misc]
        until(lambda r=router, f=far: state(r, f) == "Established", 20, "BGP is up")  # type: ignore[misc]
    assert sessions(one)[0]["interface"] == "eth0"
    shown = one.show("show bgp neighbors 10.0.0.2")
    assert "BFD: Type: single hop" in shown
    assert "Status: Up" in shown
    two.stop("bfdd")
    until(lambda: state(one, 2) != "Established", 10, "BGP is down, within its hold time")
    two.start("bfdd")
    until(lambda: state(one, 2) == "Established", 20, "BGP is up again")
    one.vtysh("configure terminal", "bfd", "no peer 10.0.0.2 interface eth0")
    one.vtysh("configure terminal", "router bgp 65001", "no neighbor 10.0.0.2 bfd")
    until(lambda: sessions(one) == [], 10, "nobody wants the session any more")
