"""Router advertisements: their bytes, when they go out, and the neighbours they make known."""

from itertools import pairwise

import pytest

from grammar.base.values import Address, Prefix
from tests.zebra.stack import Stack, ethernet
from zebra.config import INFINITE, AdvertConfig, AdvertisedPrefix
from zebra.kernel.api import SetNeighbor
from zebra.rtadv import packet
from zebra.rtadv.advertiser import ALL_NODES
from zebra.zapi.constants import RouteType
from zebra.zapi.link import PairLink
from zebra.zapi.messages import (
    Hello,
    InterfaceNbrAddress,
    InterfaceRequest,
    Message,
    RouterAdvertisement,
)

MAC = bytes.fromhex("02000000aabb")
NEIGHBOR = Address.parse("fe80::ff:fe00:2")
SOLICITED = bytes.fromhex("8500000000000000")
ADVERTISED = bytes.fromhex("86000000400000000000000000000000")

# Recorded from FRR 8.4.4's zebra under these lines; the checksum and the address are ours.
RECORDED = {
    "86000000400007080000000000000000010102000000aabb": AdvertConfig(),
    "8600000040c000000000000000000000010102000000aabb0501000000000578": AdvertConfig(
        interval=3000, lifetime=0, managed=True, other=True, mtu=1400
    ),
    "860000002008000400007530000003e8"
    "030440c000278d0000093a800000000020010db8000300000000000000000000"
    "0304400000000e10000007080000000020010db8000400000000000000000000"
    "030440e0ffffffffffffffff0000000020010db8000500000000000000000000"
    "010102000000aabb": AdvertConfig(
        interval=1500,
        preference="high",
        reachable=30000,
        retransmit=1000,
        hop_limit=32,
        prefixes={
            Prefix.parse("2001:db8:5::/64"): AdvertisedPrefix(
                INFINITE, INFINITE, router_address=True
            ),
            Prefix.parse("2001:db8:3::/64"): AdvertisedPrefix(),
            Prefix.parse("2001:db8:4::/64"): AdvertisedPrefix(
                3600, 1800, on_link=False, autonomous=False
            ),
        },
    ),
    "860000004000000c0000000000000000010102000000aabb"
    "190300000000000c20010db8000000000000000000000053"
    "190300000000025820010db8000000000000000000000054"
    "19030000ffffffff20010db8000000000000000000000055"
    "1f0300000000000c076578616d706c6503636f6d00000000"
    "1f0300000000012c0161076578616d706c65036f72670000"
    "1f020000ffffffff0162047465737400": AdvertConfig(
        interval=4000,
        servers={
            Address.parse("2001:db8::53"): None,
            Address.parse("2001:db8::54"): 600,
            Address.parse("2001:db8::55"): INFINITE,
        },
        domains={"example.com": None, "a.example.org": 300, "b.test": INFINITE},
    ),
    "860000004020000f000000000000000008010000006401f40701000000001388"
    "010102000000aabb": AdvertConfig(
        interval=5000,
        home_agent=True,
        agent_preference=100,
        agent_lifetime=500,
        interval_option=True,
    ),
    "86000000403800120000000000000000010102000000aabb": AdvertConfig(
        interval=6000, home_agent=True, preference="low"
    ),
}


@pytest.mark.parametrize("recorded", RECORDED)
def test_bytes_are_frrs(recorded: str) -> None:
    config = RECORDED[recorded]
    made = packet.encode(config, config.interval, MAC, config.prefixes)
    assert made.hex() == recorded
    assert packet.is_valid(made, 255, NEIGHBOR)


def test_the_last_one_has_no_lifetime() -> None:
    last = packet.encode(AdvertConfig(), 600_000, MAC, {}, ceasing=True)
    assert last[6:8] == b"\0\0"


@pytest.mark.parametrize(
    ("data", "hop_limit", "source"),
    [
        (ADVERTISED, 64, NEIGHBOR),
        (ADVERTISED, 255, Address.parse("2001:db8::2")),
        (ADVERTISED[:12], 255, NEIGHBOR),
        (ADVERTISED + b"\x01\x00", 255, NEIGHBOR),
        (ADVERTISED + b"\x01\x02\0\0\0\0\0\0", 255, NEIGHBOR),
    ],
    ids=["from afar", "from a global address", "short", "empty option", "cut option"],
)
def test_what_is_no_advertisement(data: bytes, hop_limit: int, source: Address) -> None:
    assert packet.is_valid(ADVERTISED, 255, NEIGHBOR)
    assert not packet.is_valid(data, hop_limit, source)


class Air:
    """A wire that remembers; `Stack` hears what an advertiser is told."""

    def __init__(self, stack: Stack) -> None:
        self.stack = stack
        self.joined: set[int] = set()
        self.sent: list[tuple[float, int, bytes]] = []
        stack.zebra.namespace.advertiser.attach(self)

    def join(self, ifindex: int) -> None:
        self.joined.add(ifindex)

    def leave(self, ifindex: int) -> None:
        self.joined.discard(ifindex)

    def send(self, ifindex: int, to: Address, data: bytes) -> None:
        assert to == ALL_NODES
        self.sent.append((self.stack.scheduler.time(), ifindex, data))

    def gaps(self) -> list[float]:
        """Seconds between what was sent."""
        return [round(b[0] - a[0], 3) for a, b in pairwise(self.sent)]

    def hear(self, data: bytes, source: Address = NEIGHBOR, hop_limit: int = 255) -> None:
        self.stack.zebra.namespace.advertiser.received(2, source, hop_limit, data)
        self.stack.settle()


def _client(stack: Stack) -> tuple[PairLink, list[Message]]:
    ours, server = PairLink.make(stack.scheduler.call_soon)
    stack.zebra.accept(server)
    heard: list[Message] = []
    ours.on_message = lambda message, vrf: heard.append(message)
    ours.send(Hello(RouteType.BGP))
    ours.send(InterfaceRequest())
    stack.settle()
    heard.clear()
    return ours, heard


@pytest.fixture
def stack() -> Stack:
    return Stack([ethernet(2, "eth0")], static=False)


def test_the_first_ones_come_quickly_then_at_intervals(stack: Stack) -> None:
    air = Air(stack)
    stack.configure("interface eth0", "no ipv6 nd suppress-ra", "ipv6 nd ra-interval 8")
    stack.scheduler.advance(21)
    assert air.joined == {2}
    assert air.gaps() == [1, 1, 1, 1, 8, 8]


def test_without_quick_ones(stack: Stack) -> None:
    air = Air(stack)
    stack.configure(
        "interface eth0",
        "no ipv6 nd ra-fast-retrans",
        "ipv6 nd ra-interval 8",
        "no ipv6 nd suppress-ra",
    )
    stack.scheduler.advance(17)
    assert air.gaps() == [8, 8]
    # A solicitation is answered, but not sooner than three seconds after the last (RFC 4861).
    air.hear(SOLICITED)
    assert len(air.sent) == 3
    stack.scheduler.advance(2)
    assert air.gaps() == [8, 8, 3]


def test_suppressed_again_it_takes_leave(stack: Stack) -> None:
    air = Air(stack)
    stack.configure("interface eth0", "no ipv6 nd suppress-ra")
    stack.scheduler.advance(10)
    count = len(air.sent)
    stack.configure("interface eth0", "ipv6 nd suppress-ra")
    assert air.joined == set()
    stack.scheduler.advance(1000)
    assert len(air.sent) == count + 1
    assert air.sent[-1][2][6:8] == b"\0\0"


def test_a_client_asks_for_them(stack: Stack) -> None:
    air = Air(stack)
    client, _ = _client(stack)
    client.send(RouterAdvertisement(True, 2, 10))
    stack.scheduler.advance(15)
    assert air.gaps() == [1, 1, 1, 1, 10]
    assert "are sent every 10 seconds" in stack.show("show interface eth0")
    client.send(RouterAdvertisement(False, 2, 10))
    stack.settle()
    assert "ND router advertisements" not in stack.show("show interface eth0")
    assert air.sent[-1][2][6:8] == b"\0\0"


def test_a_client_that_went_asks_no_more(stack: Stack) -> None:
    air = Air(stack)
    client, _ = _client(stack)
    client.send(RouterAdvertisement(True, 2, 10))
    stack.settle()
    client.close()
    stack.settle()
    assert air.joined == set()


def test_a_neighbor_is_told_to_clients_and_the_kernel(stack: Stack) -> None:
    air = Air(stack)
    client, heard = _client(stack)
    changes: list[object] = []
    stack.kernel.refuse = lambda change: changes.append(change) or 0  # type: ignore[func-returns-value]
    client.send(RouterAdvertisement(True, 2, 10))
    stack.settle()
    air.hear(ADVERTISED)
    air.hear(ADVERTISED)
    assert heard == [InterfaceNbrAddress(True, 2, NEIGHBOR.host_prefix())]
    stand_in = Address.parse("169.254.0.1")
    assert changes == [SetNeighbor(2, stand_in, bytes.fromhex("020000000002"))]
    assert "  Neighbor address(s):\n  inet6 fe80::ff:fe00:2/128\n" in stack.show("show interface")
    # Another router takes its place.
    heard.clear()
    other = Address.parse("fe80::ff:fe00:3")
    air.hear(ADVERTISED, other)
    assert heard == [
        InterfaceNbrAddress(False, 2, NEIGHBOR.host_prefix()),
        InterfaceNbrAddress(True, 2, other.host_prefix()),
    ]
    # Who comes later is told too.
    ours, server = PairLink.make(stack.scheduler.call_soon)
    stack.zebra.accept(server)
    late: list[Message] = []
    ours.on_message = lambda message, vrf: late.append(message)
    ours.send(Hello(RouteType.STATIC))
    ours.send(InterfaceRequest())
    stack.settle()
    assert InterfaceNbrAddress(True, 2, other.host_prefix()) in late


def test_only_valid_ones_make_neighbors_and_only_where_we_advertise(stack: Stack) -> None:
    air = Air(stack)
    client, heard = _client(stack)
    air.hear(ADVERTISED)
    client.send(RouterAdvertisement(True, 2, 10))
    stack.settle()
    air.hear(ADVERTISED, hop_limit=64)
    assert heard == []
    assert "sent: 1 rcvd: 1" in stack.show("show interface eth0")


def test_a_link_that_comes_back_starts_quickly_and_has_no_neighbor(stack: Stack) -> None:
    air = Air(stack)
    stack.configure("interface eth0", "no ipv6 nd suppress-ra", "ipv6 nd ra-interval 30")
    stack.scheduler.advance(10)
    air.hear(ADVERTISED)
    stack.kernel.set_link(ethernet(2, "eth0", 0x1003))
    stack.settle()
    assert "Neighbor address" not in stack.show("show interface eth0")
    air.sent.clear()
    stack.scheduler.advance(100)
    assert air.sent == []
    stack.kernel.set_link(ethernet(2, "eth0"))
    stack.scheduler.advance(40)
    assert air.gaps() == [1, 1, 1, 30]


def test_prefixes_of_addresses_are_announced(stack: Stack) -> None:
    air = Air(stack)
    stack.configure("interface eth0", "ipv6 address 2001:db8:7::1/64", "no ipv6 nd suppress-ra")
    stack.scheduler.advance(1)
    option = bytes.fromhex("030440c000278d0000093a800000000020010db8000700000000000000000000")
    assert option in air.sent[-1][2]
    stack.configure("interface eth0", "ipv6 nd prefix 2001:db8:7::/64 60 30")
    stack.scheduler.advance(1)
    assert option not in air.sent[-1][2]
    assert bytes.fromhex("030440c00000003c0000001e") in air.sent[-1][2]


def test_the_shown_list(stack: Stack) -> None:
    Air(stack)
    shown = stack.show("show ipv6 nd ra-interfaces")
    assert shown == "VRF: default\n  Interfaces:\n\n  Interfaces(msec):\n\n"
    stack.configure("interface eth0", "no ipv6 nd suppress-ra", "ipv6 nd ra-interval msec 500")
    shown = stack.show("show ipv6 nd ra-interfaces")
    assert shown == "VRF: default\n  Interfaces:\n    eth0\n\n  Interfaces(msec):\n    eth0\n\n"
