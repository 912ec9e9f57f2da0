"""Peer-groups at work: inheritance, and neighbors that connect from a listen range."""

from dataclasses import dataclass

from bgp import effective
from bgp.bgpd import Bgpd
from bgp.config import IPV4_UNICAST, BgpConfig, PeerConfig, PeerFamilyConfig
from bgp.effects import Effect
from bgp.fsm import State
from grammar.base.log import MemoryLog
from grammar.base.values import Address, Prefix
from grammar.node import CONFIG
from grammar.session import Session
from tests.bgp.network import Network, neighbor, react
from tests.bgp.routers import instance, originate, peer, routes, start

GROUP = "G"
RANGE = Prefix.parse("10.0.0.0/24")


@dataclass
class Hub:
    """Router 10.0.0.1 that listens for members of a group, and others that connect to it."""

    network: Network
    bgpd: Bgpd
    spokes: list[Bgpd]

    @property
    def config(self) -> BgpConfig:
        return self.bgpd.config.instances[None]

    @property
    def known(self) -> set[str]:
        return {str(one) for one in instance(self.bgpd).peers}

    def connect(self) -> None:
        start(self.network, [self.bgpd, *self.spokes])

    def type(self, *lines: str) -> tuple[int, str]:
        """Type lines of `router bgp 65001` into the hub."""
        session = Session(self.bgpd, CONFIG)
        session.execute("router bgp 65001")
        replies = [session.execute(line) for line in lines]
        return int(replies[-1].status), "".join(replies[-1].output)


def hub(*asns: int, remote_as: int | str = "external") -> Hub:
    network = Network()
    bgpd = network.router("10.0.0.1", 65001)
    spokes = []
    for number, asn in enumerate(asns, 2):
        spoke = network.router(f"10.0.0.{number}", asn)
        neighbor(spoke, "10.0.0.1", 65001)
        originate(spoke, f"172.16.{number}.0/24")
        spokes.append(spoke)
    made = Hub(network, bgpd, spokes)
    group = made.config.groups[GROUP] = PeerConfig(GROUP, remote_as)
    group.family(IPV4_UNICAST).activate = True
    made.config.listen_ranges[RANGE] = GROUP
    return made


# Inheritance


def test_a_member_has_its_own_line_else_the_groups() -> None:
    bgp = BgpConfig(65001)
    bgp.groups[GROUP] = PeerConfig(GROUP, 65002, keepalive=5, hold=15, passive=True)
    own = PeerConfig(Address.parse("10.0.0.2"), group=GROUP, connect_retry=7)
    into = PeerConfig(own.name)
    assert effective.resolve(bgp, own, into)
    assert (into.remote_as, into.keepalive, into.hold) == (65002, 5, 15)
    assert (into.passive, into.connect_retry) == (True, 7)
    assert not effective.resolve(bgp, own, into)
    own.keepalive, own.hold = 20, 60
    assert effective.resolve(bgp, own, into)
    assert (into.keepalive, into.hold) == (20, 60)


def test_what_one_line_sets_is_not_mixed_with_the_groups() -> None:
    bgp = BgpConfig(65001)
    bgp.groups[GROUP] = PeerConfig(GROUP, local_as=65100, local_as_no_prepend=True)
    own = PeerConfig("eth0", group=GROUP, local_as=65200)
    into = PeerConfig(own.name)
    effective.resolve(bgp, own, into)
    assert (into.local_as, into.local_as_no_prepend) == (65200, None)


def test_family_lines_are_inherited_and_activation_is_not() -> None:
    bgp = BgpConfig(65001)
    group = bgp.groups[GROUP] = PeerConfig(GROUP)
    group.families[IPV4_UNICAST] = PeerFamilyConfig(activate=True, weight=5, route_map_in="A")
    own = PeerConfig("eth0", group=GROUP)
    own.families[IPV4_UNICAST] = PeerFamilyConfig(activate=False, route_map_in="B")
    into = PeerConfig(own.name)
    effective.resolve(bgp, own, into)
    lines = into.family(IPV4_UNICAST)
    assert (lines.activate, lines.weight, lines.route_map_in) == (False, 5, "B")


def test_a_groups_line_resets_only_members_without_their_own() -> None:
    network = Network()
    bgpd = network.router("10.0.0.1", 65001)
    bgp = bgpd.config.instances[None]
    group = bgp.groups[GROUP] = PeerConfig(GROUP, 65002)
    for number in (2, 3):
        other = network.router(f"10.0.0.{number}", 65002)
        neighbor(other, "10.0.0.1", 65001)
        other.start()
        member = neighbor(bgpd, f"10.0.0.{number}", 65002)
        member.remote_as, member.group = None, GROUP
        member.update_source = Address.parse("10.0.0.1") if number == 3 else None
    start(network, [bgpd])
    group.update_source = Address.parse("10.0.0.1")
    react(bgpd, Effect.RESET, group)
    assert peer(bgpd, "10.0.0.2").state.dropped == 1
    assert peer(bgpd, "10.0.0.3").state.dropped == 0


# Dynamic neighbors


def test_who_connects_from_the_range_is_a_member_and_announces() -> None:
    made = hub(65002, 65003)
    made.connect()
    assert made.known == {"10.0.0.2", "10.0.0.3"}
    member = peer(made.bgpd, "10.0.0.2")
    assert (member.status, member.own.group) == (State.ESTABLISHED, GROUP)
    assert set(routes(made.bgpd)) == {"172.16.2.0/24", "172.16.3.0/24"}


def test_a_dynamic_neighbor_goes_with_its_session() -> None:
    made = hub(65002)
    made.connect()
    made.spokes[0].stop()
    made.network.advance(1)
    assert made.known == set()
    assert not routes(made.bgpd)
    assert made.config.dynamic == {}


def test_a_clear_ends_it_and_it_may_come_back() -> None:
    made = hub(65002)
    made.connect()
    first = peer(made.bgpd, "10.0.0.2")
    session = Session(made.bgpd, CONFIG)
    assert session.execute("do clear bgp peer-group G").status == 0
    made.network.advance(130)
    assert first.deleted
    assert peer(made.bgpd, "10.0.0.2") is not first
    assert peer(made.bgpd, "10.0.0.2").status is State.ESTABLISHED


def test_the_limit_holds() -> None:
    made = hub(65002, 65003)
    made.config.listen_limit = 1
    made.bgpd.config.debugging["neighbor-events"] = {}
    made.connect()
    assert len(made.known) == 1
    log = made.bgpd.log
    assert isinstance(log, MemoryLog)
    assert "Dynamic Neighbor 10.0.0.3/32 rejected - at limit 1" in log.text


def test_an_as_number_that_does_not_fit_is_refused() -> None:
    made = hub(65002, 65003, remote_as=65003)
    made.connect()
    assert made.known == {"10.0.0.3"}


def test_a_group_that_is_shut_or_has_no_family_takes_nobody() -> None:
    made = hub(65002)
    made.config.groups[GROUP].shutdown = True
    made.connect()
    assert made.known == set()
    made = hub(65002)
    made.config.groups[GROUP].family(IPV4_UNICAST).activate = False
    made.connect()
    assert made.known == set()


def test_outside_the_range_nobody_is_taken() -> None:
    made = hub(65002)
    made.config.listen_ranges = {Prefix.parse("10.0.0.128/25"): GROUP}
    made.connect()
    assert made.known == set()


def test_without_the_range_or_the_group_they_go() -> None:
    for line in ("no bgp listen range 10.0.0.0/24 peer-group G", "no neighbor G peer-group"):
        made = hub(65002)
        made.connect()
        assert made.type(line) == (0, "")
        made.network.advance(1)
        assert made.known == set()
        assert not routes(made.bgpd)


def test_lines_about_a_dynamic_neighbor_are_refused_and_none_prints() -> None:
    made = hub(65002)
    made.connect()
    refused = (13, "% Operation not allowed on a dynamic neighbor\n")
    for line in (
        "neighbor 10.0.0.2 passive",
        "neighbor 10.0.0.2 remote-as 65002",
        "neighbor 10.0.0.2 peer-group G",
        "no neighbor 10.0.0.2",
        "no neighbor 10.0.0.2 peer-group G",
    ):
        assert made.type(line) == refused
    assert not any("10.0.0.2" in line for line in Session(made.bgpd, CONFIG).config_lines())


def test_the_groups_password_is_that_of_the_range() -> None:
    made = hub(65002)
    made.config.groups[GROUP].password = "secret"
    made.bgpd.start()
    transport = made.bgpd.transport
    assert transport.passwords == {RANGE: "secret"}  # type: ignore[attr-defined]
    assert made.type("no neighbor G password") == (0, "")
    assert transport.passwords == {}  # type: ignore[attr-defined]
