"""`monitor bgp updates` and `monitor route`: what happens, as it happens, and no more than that."""

import json
import re
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path

import pytest

from bgp.monitor.updates import UpdateMonitor, Wanted
from grammar.base.feed import MOST, Feed, left_out
from grammar.base.pause import Pause
from grammar.base.values import Afi, Prefix, Safi
from grammar.session import Session
from pyvtysh.testing.router import VirtualRouter
from pyvtysh.testing.topology import Topology
from tests.bgp.announcing import with_neighbors
from tests.pyvtysh.lab import lab

PAGE = (Path(__file__).parents[2] / "docs" / "shell-seeing.md").read_text()
STAMP = re.compile(r"^\d\d:\d\d:\d\d\.\d{3} ", re.MULTILINE)


@pytest.fixture
def us(topology: Topology) -> VirtualRouter:
    return with_neighbors(topology)


class Onlooker:
    """One reader of a daemon's answer without end."""

    def __init__(self, topology: Topology, daemon: object, line: str) -> None:
        self._topology = topology
        self._pieces: Iterator[str] = iter(Session(daemon).execute(line).output)  # type: ignore[arg-type]
        assert isinstance(next(self._pieces), Pause)
        assert isinstance(next(self._pieces), Pause)

    def lines(self, seconds: float = 5) -> list[str]:
        """What comes within so many seconds, without the times."""
        self._topology.advance(seconds)
        return [STAMP.sub("", line.rstrip("\n")) for line in self.now()]

    def now(self) -> Iterator[str]:
        """What has come."""
        pauses = 0
        while pauses < 2:
            piece = next(self._pieces)
            if not isinstance(piece, Pause):
                yield piece
            pauses = pauses + 1 if isinstance(piece, Pause) else 0


def configure(router: VirtualRouter, *lines: str) -> None:
    with router.configure() as config:
        config(*lines)


def test_a_line_for_each_route_with_what_became_of_it(
    us: VirtualRouter, topology: Topology
) -> None:
    all_, one, denied = (
        Onlooker(topology, us.bgpd, f"monitor bgp updates{words}")
        for words in ("", " neighbor 10.0.2.2", " denied")
    )
    two = topology.routers["two"]
    configure(
        two,
        "ip route 172.18.1.0/24 Null0",
        "ip route 198.51.100.0/24 Null0",
        "no ip route 172.17.0.0/16 Null0",
    )
    lines = all_.lines()
    path = "nexthop 10.0.1.2, path 65002 ?, metric 0"
    accepted = f"from 10.0.1.2 accepted 172.18.1.0/24 {path}, changed by policy"
    refused = f"from 10.0.1.2 denied 198.51.100.0/24 (route-map) {path}"
    # The other neighbour's route is told to it then, and comes back.
    loop = "(as-path contains our own AS) nexthop 10.0.1.2, path 65002 65001 65003 ?"
    looped = f"from 10.0.1.2 denied 172.17.0.0/16 {loop}"
    assert set(lines) == {accepted, refused, looped}
    assert one.lines(0) == []
    assert set(denied.lines(0)) == {refused, looped}
    configure(two, "no ip route 198.51.100.0/24 Null0")
    assert all_.lines() == ["from 10.0.1.2 withdrawn 198.51.100.0/24"]
    assert denied.lines(0) == []
    # A soft reset has the neighbour say all of it again.
    us.execute("clear bgp 10.0.2.2 soft in")
    assert len(one.lines()) == 3


def test_prefixes_within_one(us: VirtualRouter, topology: Topology) -> None:
    exact = Onlooker(topology, us.bgpd, "monitor bgp updates prefix 172.16.0.0/12")
    longer = Onlooker(topology, us.bgpd, "monitor bgp updates prefix 172.16.0.0/12 longer")
    routes = ("172.16.0.0/12", "172.31.255.0/24", "172.32.0.0/24", "172.0.0.0/8")
    configure(topology.routers["three"], *(f"ip route {route} Null0" for route in routes))
    assert {line.split()[3] for line in exact.lines()} == {"172.16.0.0/12"}
    found = {line.split()[3] for line in longer.lines(0)}
    assert found == {"172.16.0.0/12", "172.31.255.0/24"}


def test_what_goes_out(us: VirtualRouter, topology: Topology) -> None:
    sent = Onlooker(topology, us.bgpd, "monitor bgp updates sent json")
    three = topology.routers["three"]
    configure(three, "ip route 172.19.0.0/24 Null0")
    configure(topology.routers["two"], "no ip route 172.16.5.0/24 Null0")
    topology.advance(5)
    found = {(one["action"], one["prefix"]): one for one in map(json.loads, sent.now())}
    configure(us, "router bgp 65001", "address-family ipv4", "neighbor 10.0.2.2 route-map OUT out")
    topology.advance(5)
    found |= {(one["action"], one["prefix"]): one for one in map(json.loads, sent.now())}
    told = found["announced", "172.16.5.0/24"]
    assert told.pop("time").endswith("Z")
    assert told == {
        "prefix": "172.16.5.0/24",
        "neighbor": "10.0.2.2",
        "direction": "sent",
        "action": "announced",
        "family": "ipv4Unicast",
        "nexthop": "10.0.2.1",
        "path": "65001 65003",
        "origin": "incomplete",
        "metric": 5,
    }


def test_nobody_listens_when_the_reader_is_gone(us: VirtualRouter, topology: Topology) -> None:
    instance, journal = us.bgpd.instances[None], us.zebra.journal
    watched = Onlooker(topology, us.bgpd, "monitor bgp updates")
    routes = Onlooker(topology, us.zebra, "monitor route")
    assert len(instance.monitors) == len(journal.monitors) == 1
    assert journal.heard
    del watched, routes
    assert not instance.monitors
    assert not journal.monitors
    assert not journal.heard


def test_a_reader_that_is_slow_misses_some_and_is_told_how_many(us: VirtualRouter) -> None:
    """The queue holds what there is room for, and where the others would be their number."""
    instance = us.bgpd.instances[None]
    (peer, *_) = instance.sorted_peers()
    monitor = UpdateMonitor(instance, Wanted())
    family = next(iter(peer.families))
    keys = [(10 << 24 | number << 8) << 6 | 24 for number in range(MOST + 1000)]
    monitor.withdrawn(peer, family, keys, 0, "")
    monitor.withdrawn(peer, family, keys[:7], 0, "")
    stream = monitor.feed.stream(lambda event: [str(key) for key in event.keys], left_out)
    read: list[str] = []
    while len(read) < MOST + 1:
        read += [piece for piece in (next(stream),) if not isinstance(piece, Pause)]
    assert read == [
        *map(str, keys[:MOST]),
        "... 1,007 events left out: they came faster than they were read\n",
    ]
    monitor.withdrawn(peer, family, keys[:2], 0, "")
    read = [piece for piece in (next(stream) for _ in range(3)) if not isinstance(piece, Pause)]
    assert read == list(map(str, keys[:2]))


def test_a_reader_takes_a_part_of_the_time_only() -> None:
    """However much waits, a pause comes every so many lines."""
    feed: Feed[int] = Feed()
    feed.put(0, MOST)
    stream = feed.stream(lambda _: map(str, range(MOST)), left_out)
    pieces = [next(stream) for _ in range(MOST + MOST // 128)]
    pauses = [number for number, piece in enumerate(pieces) if isinstance(piece, Pause)]
    assert max(later - sooner for sooner, later in pairwise(pauses)) <= 129


def test_routes_in_use(us: VirtualRouter, topology: Topology) -> None:
    routes = Onlooker(topology, us.zebra, "monitor route")
    static = Onlooker(topology, us.zebra, "monitor route static json")
    six = Onlooker(topology, us.zebra, "monitor route ipv6")
    configure(topology.routers["two"], "ip route 172.18.1.0/24 Null0")
    assert routes.lines() == ["installed 172.18.1.0/24 bgp [20/0] via 10.0.1.2, two"]
    configure(us, "ip route 172.18.1.0/24 10.0.2.9")
    assert routes.lines() == [
        "replaced 172.18.1.0/24 static [1/0] via 10.0.2.9, three, was bgp [20/0] via 10.0.1.2, two"
    ]
    configure(us, "no ip route 172.18.1.0/24 10.0.2.9")
    configure(topology.routers["two"], "no ip route 172.18.1.0/24 Null0")
    assert routes.lines()[-1] == "withdrawn 172.18.1.0/24 bgp [20/0] via 10.0.1.2, two"
    first, *_ = map(json.loads, static.now())
    assert first["action"] == "replaced"
    assert first["before"]["protocol"] == "bgp"
    assert first["nexthops"] == ["via 10.0.2.9, three"]
    assert six.lines() == []


def test_the_page_is_true() -> None:
    """Its example, but for the times: the same happens, and the same is shown."""
    topology = Topology()
    routers = lab(topology)
    shown = {}
    for line, daemon in (
        ("monitor bgp updates neighbor 10.0.12.2", routers["r1"].bgpd),
        ("monitor route", routers["r1"].zebra),
    ):
        shown[line] = Onlooker(topology, daemon, line)
    lines = ("router bgp 65002", "address-family ipv4", "no network 10.21.0.0/16")
    configure(routers["r2"], "ip route 10.22.0.0/16 Null0", *lines, "network 10.22.0.0/16")
    topology.advance(5)
    for line, onlooker in shown.items():
        block = PAGE.partition(f"r1# {line}\n")[2].partition("\n```")[0]
        assert STAMP.sub("", block).splitlines()[1:] == onlooker.lines(0)
    topology.close()


def test_what_cannot_be_monitored_is_said(us: VirtualRouter) -> None:
    for line, says in (
        ("monitor bgp updates neighbor 10.9.9.9", "% No such neighbor in this view/vrf\n"),
        ("monitor bgp vrf red updates", "% View/Vrf red is unknown\n"),
    ):
        answer = us.run(line)
        assert (answer.text, answer.status) == (says, 13)


@pytest.mark.parametrize("afi", [Afi.IPV4, Afi.IPV6])
def test_a_prefix_and_what_lies_within_it(afi: Afi) -> None:
    texts = {
        Afi.IPV4: ("10.0.0.0/8", "10.0.0.0/7", "10.1.0.0/16", "10.255.255.255/32", "11.0.0.0/8"),
        Afi.IPV6: ("f000::/8", "f000::/7", "f00f::/16", "f0ff::1/128", "f100::/8"),
    }[afi]
    keys = [Prefix.parse(text).key for text in texts]
    family = (afi, Safi.UNICAST)
    prefix = Prefix.parse(texts[0])
    assert Wanted(prefix=prefix).keys(family, keys) == (keys[0],)
    assert Wanted(prefix=prefix, longer=True).keys(family, keys) == [keys[0], *keys[2:4]]
