"""`clear bgp`: whom it means, what it does to them, and what it refuses with FRR's words."""

import pytest

from bgp.bgpd import Bgpd
from bgp.config import IPV4_UNICAST
from grammar.base.values import Address
from grammar.node import ENABLE
from grammar.session import Session
from tests.bgp.network import Network, neighbor
from tests.bgp.routers import originate

PEER = Address.parse("10.0.0.2")


@pytest.fixture
def pair() -> tuple[Network, Bgpd]:
    network = Network()
    here, there = network.router("10.0.0.1", 65001), network.router("10.0.0.2", 65002)
    neighbor(here, "10.0.0.2", 65002)
    neighbor(there, "10.0.0.1", 65001)
    here.start()
    there.start()
    network.advance(10)
    return network, here


def _type(bgpd: Bgpd, line: str) -> tuple[int, str]:
    reply = Session(bgpd, ENABLE).execute(line)
    return int(reply.status), "".join(reply.output)


@pytest.mark.parametrize("whom", ["*", "10.0.0.2", "65002", "external"])
def test_a_hard_clear_starts_the_session_anew(pair: tuple[Network, Bgpd], whom: str) -> None:
    network, bgpd = pair
    peer = bgpd.instances[None].peers[PEER]
    before = peer.state.established
    assert _type(bgpd, f"clear bgp {whom}") == (0, "")
    network.advance(10)
    assert peer.state.established == before + 1


@pytest.mark.parametrize(
    ("how", "refreshes"), [("soft", 3), ("soft in", 1), ("soft out", 2), ("in", 1), ("out", 2)]
)
def test_a_soft_clear_keeps_the_session(
    pair: tuple[Network, Bgpd], how: str, refreshes: int
) -> None:
    """Inwards one request is sent; outwards begin and end of the refresh (RFC 7313)."""
    network, bgpd = pair
    peer = bgpd.instances[None].peers[PEER]
    before = peer.state.established
    asked = peer.state.counters.route_refresh_sent
    assert _type(bgpd, f"clear ip bgp 10.0.0.2 {how}") == (0, "")
    network.advance(10)
    assert peer.state.established == before
    assert peer.state.counters.route_refresh_sent - asked == refreshes


def test_counters_of_messages_are_set_to_nothing(pair: tuple[Network, Bgpd]) -> None:
    _, bgpd = pair
    assert _type(bgpd, "clear bgp * message-stats") == (0, "")
    assert bgpd.instances[None].peers[PEER].state.sent.total == 0


@pytest.mark.parametrize(
    ("line", "answer"),
    [
        ("clear bgp 10.0.0.9", '% BGP: Unknown neighbor - "10.0.0.9"\n'),
        ("clear ip bgp nosuch", "Malformed address or name: nosuch\n"),
        ("clear bgp peer-group X", "% BGP: No such peer-group X\n"),
        ("clear bgp vrf nosuch *", "Can't find BGP instance nosuch\n"),
        ("clear vrf red all", 'VRF "red" appears not to be configured.\n'),
    ],
)
def test_what_is_not_there_is_refused(pair: tuple[Network, Bgpd], line: str, answer: str) -> None:
    assert _type(pair[1], line) == (1, answer)


@pytest.mark.parametrize(
    ("line", "answer"),
    [
        ("clear bgp 7", "% BGP: No Unknown peer is configured with AS 7\n"),
        ("clear bgp ipv4 unicast 7", "% BGP: No IPv4 Unicast peer is configured with AS 7\n"),
        (
            "clear bgp ipv6 unicast 10.0.0.2",
            "% BGP: Enable IPv6 Unicast address family for the neighbor 10.0.0.2\n",
        ),
        (
            "clear bgp l2vpn evpn 10.0.0.2",
            "% BGP: Enable L2VPN EVPN address family for the neighbor 10.0.0.2\n",
        ),
        ("clear bgp ipv6 10.0.0.2", ""),
        ("clear bgp ipv6 unicast 65002", ""),
    ],
)
def test_remarks_about_families_and_numbers(
    pair: tuple[Network, Bgpd], line: str, answer: str
) -> None:
    line = f"{line} soft"
    assert _type(pair[1], line) == (0, answer)


def test_a_prefix_is_taken_as_new(pair: tuple[Network, Bgpd]) -> None:
    network, bgpd = pair
    originate(bgpd, "10.1.0.0/16")
    network.advance(10)
    table = bgpd.instances[None].tables[IPV4_UNICAST]
    before = table.version
    assert _type(bgpd, "clear bgp prefix 192.0.2.0/24") == (0, "")
    network.advance(1)
    assert table.version == before
    assert _type(bgpd, "clear bgp prefix 10.1.0.0/16") == (0, "")
    network.advance(1)
    assert table.version == before + 1


def test_without_an_instance() -> None:
    bgpd = Network().router("10.0.0.1", 65001)
    assert _type(bgpd, "clear bgp *") == (1, "No BGP process is configured\n")
