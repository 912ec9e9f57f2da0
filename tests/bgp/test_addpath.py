"""Several paths of a prefix from one neighbour, and to one (RFC 7911)."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bgp.bgpd import Bgpd
from bgp.config import IPV4_UNICAST, PeerConfig, PeerFamilyConfig
from bgp.effects import Effect
from bgp.rib.path import Path, paths_of, reason_of
from bgp.rib.rules import Rules
from bgp.rib.table import Table
from bgp.rib.txids import ALL, BEST_PER_AS, TxIds
from grammar.base.values import Address, Prefix
from tests.bgp.network import Network, react
from tests.bgp.routers import P1, P2, instance, originate, peer, session, start
from tests.bgp.test_bestpath import Neighbour, path

KEY = Prefix.parse(P1).key
HUB, SINK = "10.0.0.1", "10.0.0.9"


class Star:
    """A hub that hears of `P1` from several systems, and a neighbour that it tells of it."""

    def __init__(self, kind: str | None, *asns: int, sink: int = 65009) -> None:
        self.network = Network()
        self.hub = self.network.router(HUB, 65001)
        self.spokes = [
            self.network.router(f"10.0.0.{number}", asn) for number, asn in enumerate(asns, 2)
        ]
        self.sink = self.network.router(SINK, sink)
        for each in (*self.spokes, self.sink):
            session(self.hub, each)
        self.lines.addpath_tx = kind
        self.hub.config.instances[None].deterministic_med = kind == BEST_PER_AS
        for each in self.spokes:
            originate(each, P1)
        start(self.network, [self.hub, *self.spokes, self.sink])

    @property
    def own(self) -> PeerConfig:
        return self.hub.config.instances[None].peers[Address.parse(SINK)]

    @property
    def lines(self) -> PeerFamilyConfig:
        return self.own.family(IPV4_UNICAST)

    def react(self, effect: Effect) -> None:
        """The hub's lines for the sink changed."""
        react(self.hub, effect, self.own)
        self.network.advance(1)

    def heard(self) -> dict[int, str]:
        """What the sink has of `P1`: by path id, the AS path."""
        return {one.path_id: one.attrs.as_path.text for one in _paths(self.sink)}

    def accepted(self) -> int:
        return peer(self.sink, HUB).families[IPV4_UNICAST].accepted


def _paths(bgpd: Bgpd) -> tuple[Path, ...]:
    return paths_of(instance(bgpd).tables[IPV4_UNICAST].get(KEY))


def test_all_paths_are_told_each_under_its_id() -> None:
    star = Star(ALL, 65002, 65003, 65002)
    assert star.heard() == {2: "65001 65002", 3: "65001 65003", 4: "65001 65002"}
    assert star.accepted() == 3
    lines = star.spokes[1].config.instances[None].family(IPV4_UNICAST)
    lines.networks.clear()
    react(star.spokes[1], Effect.ORIGINATE, lines)
    star.network.advance(1)
    assert star.heard() == {2: "65001 65002", 4: "65001 65002"}
    assert star.accepted() == 2
    originate(star.spokes[1], P1, P2)
    star.network.advance(1)
    # The lowest number that is free, for a new path of any prefix.
    assert star.heard()[3] == "65001 65003"
    assert star.accepted() == 4


def test_one_path_of_each_neighbouring_system() -> None:
    star = Star(BEST_PER_AS, 65002, 65003, 65002)
    assert sorted(star.heard().values()) == ["65001 65002", "65001 65003"]


def test_without_the_line_the_best_goes_without_an_id() -> None:
    star = Star(None, 65002, 65003)
    assert list(star.heard()) == [0]
    assert not instance(star.hub).tables[IPV4_UNICAST].each_path


def test_the_line_taken_back_ends_the_session_and_the_ids() -> None:
    star = Star(ALL, 65002, 65003)
    star.lines.addpath_tx = None
    star.react(Effect.RESET)
    star.network.advance(300)
    assert list(star.heard()) == [0]
    ids = instance(star.hub).tables[IPV4_UNICAST].tx_ids
    assert not any(ids.of(ALL, KEY, one) for one in _paths(star.hub))


def test_an_own_default_route_has_the_first_id() -> None:
    star = Star(ALL, 65002)
    star.lines.default_originate = True
    star.react(Effect.SOFT_OUT)
    table = instance(star.sink).tables[IPV4_UNICAST]
    assert [one.path_id for one in paths_of(table.get(0))] == [1]


def test_policy_takes_all_paths_back() -> None:
    star = Star(ALL, 65002, 65003)
    assert len(star.heard()) == 2
    star.lines.route_map_out = "NONE"
    star.react(Effect.SOFT_OUT)
    assert not star.heard()


def test_a_lost_session_takes_all_its_paths_along() -> None:
    star = Star(ALL, 65002, 65003)
    star.own.shutdown = True
    star.react(Effect.SHUTDOWN)
    assert not star.heard()
    assert not star.accepted()


@pytest.mark.parametrize("path_id", [0, 7])
def test_withdrawals_name_a_path(path_id: int) -> None:
    table = Table(IPV4_UNICAST)
    source = Neighbour(1, 1)
    kept, gone = _told(source, 3), _told(source, path_id)
    assert table.put([KEY], kept) == table.put([KEY], gone) == 1
    assert table.put([KEY], _told(source, 3, med=5)) == 0
    assert table.withdraw([KEY], source, path_id) == 1
    assert table.withdraw([KEY], source, path_id) == 0
    assert [(one.path_id, one.attrs.med) for one in paths_of(table.get(KEY))] == [(3, 5)]


def _told(source: Neighbour, path_id: int, med: int | None = None) -> Path:
    return path(1, source=source, med=med).with_id(path_id)


def test_the_reason_is_that_of_the_last_comparison_within_a_system() -> None:
    """With one neighbouring system there is no comparison behind those within it."""
    table = Table(IPV4_UNICAST, Rules(deterministic_med=True))
    source = Neighbour(1, 1)
    for path_id in (1, 2):
        table.put([KEY], _told(source, path_id, med=path_id))
    assert reason_of(table.get(KEY)) == "MED"


@given(st.lists(st.tuples(st.integers(1, 3), st.sets(st.integers(1, 5)))))
def test_ids_stay_and_are_used_again(steps: list[tuple[int, set[int]]]) -> None:
    ids = TxIds()
    ids.use([ALL])
    source = Neighbour(1, 1)
    table = Table(IPV4_UNICAST)
    given_out: dict[tuple[int, int], int] = {}
    for key, path_ids in steps:
        for old in [old for old in given_out if old[0] == key and old[1] not in path_ids]:
            table.withdraw([key], source, old[1])
        for path_id in path_ids:
            table.put([key], _told(source, path_id))
        ids.renew(key, table.get(key))
        now = {(key, one.path_id): ids.of(ALL, key, one) for one in paths_of(table.get(key))}
        for name, number in now.items():
            assert given_out.get(name, number) == number
        given_out = {name: n for name, n in given_out.items() if name[0] != key} | now
        assert len(set(given_out.values())) == len(given_out)
        assert all(2 <= number <= 16 for number in given_out.values())
