"""The router beside the real GoBGP 3.10: what each side's tables hold, through changes and loss."""

import json
from collections.abc import Iterator
from dataclasses import dataclass

import pytest

from tests.support.gobgp import Gobgp, Neighbor
from tests.support.namespaces import Lab
from tests.support.router import Router
from tests.support.scenario import KINDS, UNDER_TEST
from tests.support.wait import until

pytestmark = pytest.mark.real

ROUTER, PEER = "10.0.0.1", "10.0.0.2"
CONFIG = f"""\
router bgp 65001
 bgp router-id {ROUTER}
 no bgp ebgp-requires-policy
 no bgp network import-check
 neighbor {PEER} remote-as 64512
 neighbor {PEER} timers connect 1
 !
 address-family ipv4 unicast
  network 10.20.0.0/16
 exit-address-family
!
"""


@dataclass
class Pair:
    router: Router
    gobgp: Gobgp

    def paths(self, prefix: str) -> list[dict[str, object]]:
        table = json.loads(self.router.show("show ip bgp json"))["routes"]
        found: list[dict[str, object]] = table.get(prefix, [])
        return found

    def kernel(self) -> str:
        return self.router.namespace.ip("route", "list", "proto", "bgp")


@pytest.fixture(scope="module", params=UNDER_TEST)
def pair(request: pytest.FixtureRequest) -> Iterator[Pair]:
    with Lab() as lab:
        router, peer = lab.namespace("router"), lab.namespace("gobgp")
        lab.link(router, "eth0", peer, "eth0")
        router.ip("address", "add", f"{ROUTER}/24", "dev", "eth0")
        peer.ip("address", "add", f"{PEER}/24", "dev", "eth0")
        gobgp = Gobgp(peer, 64512, PEER, [Neighbor(ROUTER, 65001)])
        gobgp.start()
        ours = KINDS[request.param](router, {"bgpd.conf": CONFIG})
        ours.start()
        until(lambda: gobgp.state(ROUTER) == "established", 30, "the session at gobgp")
        yield Pair(ours, gobgp)


def test_session_is_established_on_both_sides_with_the_same_facts(pair: Pair) -> None:
    seen = json.loads(pair.gobgp.run("neighbor", ROUTER, "-j"))["state"]
    assert seen["router_id"] == ROUTER
    shown = json.loads(pair.router.show(f"show ip bgp neighbors {PEER} json"))[PEER]
    assert shown["bgpState"] == "Established"
    assert shown["remoteRouterId"] == PEER
    assert shown["remoteAs"] == 64512
    assert shown["neighborCapabilities"]["4byteAs"] == "advertisedAndReceived"


def test_own_network_arrives_at_gobgp(pair: Pair) -> None:
    until(lambda: "10.20.0.0/16" in pair.gobgp.adj_in(ROUTER), 10, "10.20.0.0/16 at gobgp")
    assert set(pair.gobgp.adj_in(ROUTER)) == {"10.20.0.0/16"}
    listed = pair.gobgp.run("global", "rib", "10.20.0.0/16")
    assert listed.splitlines()[1].split()[2:4] == [ROUTER, "65001"]


def test_announced_routes_are_best_and_in_the_kernel(pair: Pair) -> None:
    pair.gobgp.announce("172.19.0.0/32", "origin", "igp", "med", "10", "community", "64512:7")
    pair.gobgp.announce("172.19.0.100/32", "aspath", "64600,64601")
    until(lambda: pair.kernel().count(f"via {PEER}") == 2, 10, "both in the kernel")
    (first,) = pair.paths("172.19.0.0/32")
    assert (first["path"], first["origin"], first["metric"]) == ("64512", "IGP", 10)
    (second,) = pair.paths("172.19.0.100/32")
    assert (second["path"], second["origin"]) == ("64512 64600 64601", "incomplete")
    assert second["bestpath"] is True
    detail = pair.router.show("show ip bgp 172.19.0.0/32")
    assert "Community: 64512:7" in detail
    assert "metric 20 " in pair.kernel()


def test_soft_clear_in_asks_for_a_refresh_and_keeps_the_session(pair: Pair) -> None:
    def refreshes() -> int:
        state = json.loads(pair.gobgp.run("neighbor", ROUTER, "-j"))["state"]
        return int(state["messages"]["received"].get("refresh", 0))

    before = refreshes()
    established = json.loads(pair.router.show(f"show ip bgp neighbors {PEER} json"))[PEER]
    assert pair.router.vtysh("clear bgp * soft in").exit == 0
    until(lambda: refreshes() == before + 1, 10, "a ROUTE-REFRESH at gobgp")
    after = json.loads(pair.router.show(f"show ip bgp neighbors {PEER} json"))[PEER]
    assert after["connectionsEstablished"] == established["connectionsEstablished"]
    assert len(pair.paths("172.19.0.100/32")) == 1


def test_withdrawn_route_leaves_both_tables(pair: Pair) -> None:
    pair.gobgp.withdraw("172.19.0.100/32")
    until(lambda: "172.19.0.100" not in pair.kernel(), 10, "172.19.0.100 out of the kernel")
    assert pair.paths("172.19.0.100/32") == []
    assert len(pair.paths("172.19.0.0/32")) == 1
    pair.router.configure(
        "router bgp 65001", "address-family ipv4 unicast", "no network 10.20.0.0/16"
    )
    until(lambda: "10.20.0.0/16" not in pair.gobgp.adj_in(ROUTER), 10, "it is gone at gobgp")


def test_loss_of_the_peer_empties_the_table_and_its_return_fills_it(pair: Pair) -> None:
    pair.gobgp.stop()
    until(lambda: pair.kernel() == "", 10, "an empty kernel table")
    assert "No BGP prefixes displayed, 0 exist" in pair.router.show("show ip bgp")
    pair.gobgp.start()
    pair.gobgp.announce("172.19.0.100/32")
    until(lambda: f"via {PEER}" in pair.kernel(), 30, "172.19.0.100 back in the kernel")


def test_hard_clear_resets_the_session_and_it_comes_back(pair: Pair) -> None:
    def facts() -> tuple[str, int]:
        shown = json.loads(pair.router.show(f"show ip bgp neighbors {PEER} json"))[PEER]
        return shown["bgpState"], shown["connectionsEstablished"]

    _, before = facts()
    assert pair.router.vtysh("clear bgp *").exit == 0
    until(lambda: facts() == ("Established", before + 1), 30, "established once more")
    until(lambda: f"via {PEER}" in pair.kernel(), 10, "172.19.0.100 back in the kernel")
