"""Debug lines of next-hop tracking and of UPDATEs, in the words of FRR's log.

The lines compared with are those of shared logs of 8.4.4, with these names and addresses.
"""

from bgp.bgpd import Bgpd
from bgp.clearing import Clear
from bgp.config import IPV4_UNICAST, Family
from bgp.config import Network as NetworkLine
from bgp.rib.announced import Announced
from grammar.base.values import Address, Afi, Prefix, Safi
from tests.bgp.network import Network, neighbor
from tests.bgp.routers import instance, originate, peer, session, withdraw
from tests.bgp.zserv import Zserv, attach
from zebra.zapi.allotted import LabelChunk
from zebra.zapi.constants import RouteType


def debugged(network: Network, topic: str, *, zebra: bool = False) -> Bgpd:
    router = network.router("10.0.0.1", 65001, zebra=zebra)
    router.config.debugging[topic] = {}
    return router


def lines(router: Bgpd, *words: str) -> list[str]:
    messages = router.log.messages  # type: ignore[attr-defined]
    return [text for _, text in messages if any(word in text for word in words)]


def test_next_hop_tracking_of_a_neighbor() -> None:
    network = Network()
    router = debugged(network, "nht", zebra=True)
    neighbor(router, "10.0.0.2", 65002)
    zserv: Zserv = attach(router, "10.0.0.1/24")
    router.start()
    network.advance(0.5)
    assert lines(router, "") == [
        "Allocated bnc 10.0.0.2/32(0)(0)(VRF default) peer 0x0",
        "sendmsg_zebra_rnh: sending cmd ZEBRA_NEXTHOP_REGISTER for 10.0.0.2/32 (vrf VRF default)",
        "VRF default(0): Rcvd NH update 10.0.0.0/24(0)0) - metric 0/0 #nhops 1/0 flags Reg Conn ",
        "    nhop via if 2 (0 labels)",
        "NH update for 10.0.0.2/32(0)(0)(VRF default) - flags Valid Reg Conn  "
        "chgflags Changed - evaluate paths",
        "evaluate_paths: Updating peer (10.0.0.2(VRF default)) status with NHT nexthops 1",
        "parse nexthop update(10.0.0.0/24(0)(VRF default)): bnc info not found for import check",
    ]
    zserv.lose("10.0.0.0/24")
    network.advance(0)
    assert lines(router, "evaluate_paths", "NH update for")[-2:] == [
        "NH update for 10.0.0.2/32(0)(0)(VRF default) - flags Reg Conn  "
        "chgflags Changed - evaluate paths",
        "evaluate_paths: Updating peer (10.0.0.2(VRF default)) status with NHT nexthops 0",
    ]


def test_the_import_check_of_a_network() -> None:
    network = Network()
    router = debugged(network, "nht", zebra=True)
    originate(router, "10.11.0.0/16")
    zserv: Zserv = attach(router, "10.0.0.1/24")
    router.start()
    network.advance(0)
    assert lines(router, "") == [
        "Allocated bnc 10.11.0.0/16(0)(0)(VRF default) peer 0x0",
        "sendmsg_zebra_rnh: sending cmd ZEBRA_NEXTHOP_REGISTER for 10.11.0.0/16 (vrf VRF default)",
        "parse nexthop update(0.0.0.0/0(0)(VRF default)): bnc info not found for nexthop cache",
        "VRF default(0): Rcvd NH update 0.0.0.0/0(0)0) - metric 0/0 #nhops 0/0 "
        "flags Reg Static Static Exact ",
        "bgp_process_nexthop_update: Import Check does not resolve to the same prefix for "
        "10.11.0.0/16 received 0.0.0.0/0 or matching route is BGP",
        "NH update for 10.11.0.0/16(0)(0)(VRF default) - flags Reg Static Static Exact  "
        "chgflags Changed - evaluate paths",
    ]
    zserv.route("10.11.0.0/16", zserv.networks[next(iter(zserv.networks))].type)
    network.advance(0)
    assert lines(router, "flags Valid") == [
        "NH update for 10.11.0.0/16(0)(0)(VRF default) - flags Valid Reg Static Static Exact  "
        "chgflags Changed - evaluate paths"
    ]


def test_updates_that_are_sent() -> None:
    network = Network()
    router = debugged(network, "updates out")
    other = network.router("10.0.0.2", 65002)
    session(router, other)
    originate(router, "10.11.0.0/16")
    originate(other, "10.20.0.0/16", "10.21.0.0/16")
    router.start()
    other.start()
    network.advance(5)
    assert lines(router, "u1:s1") == [
        "u1:s1 send UPDATE w/ attr: nexthop 0.0.0.0, metric 0, path ",
        "u1:s1 send UPDATE 10.11.0.0/16 IPv4 unicast",
        "u1:s1 send UPDATE len 54 (max message len: 65535) numpfx 1",
        "u1:s1 10.0.0.2 send UPDATE w/ nexthop 10.0.0.1",
        "u1:s1 send UPDATE w/ attr: nexthop 0.0.0.0, origin i, path 65002",
        "u1:s1 send UPDATE 10.20.0.0/16 IPv4 unicast",
        "u1:s1 send UPDATE 10.21.0.0/16 IPv4 unicast",
        "u1:s1 send UPDATE len 54 (max message len: 65535) numpfx 2",
        "u1:s1 10.0.0.2 send UPDATE w/ nexthop 10.0.0.1",
    ]
    withdraw(other, "10.21.0.0/16")
    network.advance(0)
    assert lines(router, "u1:s1")[-2:] == [
        "u1:s1 send UPDATE 10.21.0.0/16 IPv4 unicast -- unreachable",
        "u1:s1 send UPDATE (withdraw) len 26 numpfx 1",
    ]
    count = len(lines(router, "u1:s1"))
    instance(router).clear([peer(router, "10.0.0.2")], Clear.SOFT_OUT)
    network.advance(0)
    again = lines(router, "u1:s1")[count:]
    assert again[0] == "u1:s1 announcing routes to 10.0.0.2, combined into 1 peers"
    assert len(again) == 9


def test_many_prefixes_are_told_message_by_message() -> None:
    network = Network()
    router = debugged(network, "updates out")
    other = network.router("10.0.0.2", 65002)
    session(router, other)
    prefixes = [f"10.{n >> 8}.{n & 255}.0/24" for n in range(20000)]
    originate(router, *prefixes)
    router.start()
    other.start()
    network.advance(5)
    ends = lines(router, "numpfx")
    assert len(ends) > 1
    assert sum(int(line.split()[-1]) for line in ends) == 20000


def test_updates_that_say_nothing_new() -> None:
    network = Network()
    router = debugged(network, "updates in")
    other = network.router("10.0.0.2", 65002)
    session(router, other)
    originate(other, "10.20.0.0/16")
    router.start()
    other.start()
    network.advance(5)
    title = "10.0.0.2(r2)"
    assert lines(router, "IPv4 unicast") == [f"{title} rcvd 10.20.0.0/16 IPv4 unicast"]
    theirs = peer(other, "10.0.0.1")
    assert theirs.address == Address.parse("10.0.0.1")
    instance(other).clear([theirs], Clear.SOFT_OUT)
    network.advance(0)
    assert lines(router, "IPv4 unicast")[1:] == [
        f"{title} rcvd 10.20.0.0/16 IPv4 unicast...duplicate ignored"
    ]


LABELED = (Afi.IPV4, Safi.LABELED_UNICAST)
MULTICAST = (Afi.IPV4, Safi.MULTICAST)


def _exchange(family: Family) -> tuple[Network, Bgpd, Bgpd]:
    """Routers that talk of one other family only."""
    network = Network()
    routers: list[Bgpd] = [network.router(f"10.0.0.{n}", 65000 + n) for n in (1, 2)]
    for router, other in zip(routers, reversed(routers), strict=True):
        config = other.config.instances[None]
        lines = neighbor(router, str(config.router_id), config.asn)
        lines.family(IPV4_UNICAST).activate = False
        lines.family(family).activate = True
    routers[0].config.debugging["updates"] = {}
    for router in routers:
        router.zebra.labels.arrived(LabelChunk(RouteType.BGP, labels=(16, 143)))
    return network, routers[0], routers[1]


def test_updates_of_labeled_routes() -> None:
    network, router, other = _exchange(LABELED)
    originate(router, "10.8.0.0/16")
    networks = router.config.instances[None].family(IPV4_UNICAST).networks
    networks[Prefix.parse("10.8.1.0/24")] = NetworkLine(label_index=5)
    originate(other, "10.20.1.0/24", "10.20.3.0/24")
    router.start()
    other.start()
    network.advance(5)
    title = "10.0.0.2(r2)"
    mp_reach = "u1:s1 send MP_REACH for afi/safi IPv4/labeled-unicast"
    hop = "u1:s1 10.0.0.2 send UPDATE w/ nexthop 10.0.0.1"
    assert lines(router, "u1:s1 ") == [
        "u1:s1 send UPDATE w/ attr: nexthop 0.0.0.0, metric 0, path ",
        mp_reach,
        "u1:s1 send UPDATE 10.8.0.0/16 label 3 IPv4 labeled-unicast",
        "u1:s1 send UPDATE len 63 (max message len: 65535) numpfx 1",
        hop,
        "u1:s1 send UPDATE w/ attr: nexthop 0.0.0.0, metric 0, path , label-index 5",
        mp_reach,
        "u1:s1 send UPDATE 10.8.1.0/24 label 3 IPv4 labeled-unicast",
        "u1:s1 send UPDATE len 77 (max message len: 65535) numpfx 1",
        hop,
        "u1:s1 send UPDATE w/ attr: nexthop 0.0.0.0, path 65002",
        mp_reach,
        "u1:s1 send UPDATE 10.20.1.0/24 label 16 IPv4 labeled-unicast",
        "u1:s1 send UPDATE 10.20.3.0/24 label 17 IPv4 labeled-unicast",
        "u1:s1 send UPDATE len 68 (max message len: 65535) numpfx 2",
        hop,
    ]
    received = lines(router, f"{title} rcvd")
    denied = "-- DENIED due to: as-path contains our own AS;"
    for line in (
        f"{title} rcvd UPDATE w/ attr: nexthop 10.0.0.2, metric 0, path 65002",
        f"{title} rcvd 10.20.1.0/24 IPv4 unicast",
        f"{title} rcvd UPDATE w/ attr: nexthop 10.0.0.2, path 65002 65001, label-index 5",
        f"{title} rcvd UPDATE about 10.8.1.0/24 IPv4 unicast {denied}",
    ):
        assert line in received
    withdraw(other, "10.20.1.0/24")
    network.advance(0)
    assert lines(router, "10.20.1.0/24")[-2:] == [
        f"{title} rcvd UPDATE about 10.20.1.0/24 IPv4 unicast -- withdrawn",
        "u1:s1 send UPDATE 10.20.1.0/24 IPv4 labeled-unicast -- unreachable",
    ]
    assert lines(router, "(withdraw)") == ["u1:s1 send UPDATE (withdraw) len 37 numpfx 1"]


def test_updates_of_multicast_routes() -> None:
    network, router, other = _exchange(MULTICAST)
    originate(router, "10.44.0.0/16", family=MULTICAST)
    originate(other, "10.55.0.0/16", family=MULTICAST)
    router.start()
    other.start()
    network.advance(5)
    assert lines(router, "u1:s1 ")[:4] == [
        "u1:s1 send UPDATE w/ attr: nexthop 0.0.0.0, metric 0, path ",
        "u1:s1 send MP_REACH for afi/safi IPv4/multicast",
        "u1:s1 send UPDATE 10.44.0.0/16 IPv4 multicast",
        "u1:s1 send UPDATE len 60 (max message len: 65535) numpfx 1",
    ]
    assert "10.0.0.2(r2) rcvd 10.55.0.0/16 IPv4 multicast" in lines(router, "rcvd")


def test_nothing_is_written_of_what_no_message_has_room_for() -> None:
    network = Network()
    router = debugged(network, "updates out")
    other = network.router("10.0.0.2", 65002)
    session(router, other)
    router.start()
    other.start()
    network.advance(5)
    group = peer(router, "10.0.0.2").families[IPV4_UNICAST].group
    assert group is not None
    assert group.log is not None
    assert group.log.on
    before = lines(router, "")
    announced = Announced(router.pool.make(origin=0))
    group.log.announced(announced, [Prefix.parse("10.0.0.0/8").key], [], b"", group.members)
    assert lines(router, "") == before
