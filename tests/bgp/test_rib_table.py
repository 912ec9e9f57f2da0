from collections.abc import Generator
from itertools import pairwise
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule

from bgp.config import IPV4_UNICAST, IPV6_UNICAST
from bgp.rib.bestpath import choose
from bgp.rib.path import Path, best_of, paths_of
from bgp.rib.rules import Rules
from bgp.rib.table import Table
from bgp.show.build.trees import table_nodes
from grammar.base.values import Prefix
from grammar.base.work import PORTION
from tests.bgp.test_bestpath import Neighbour, path

KEYS = [Prefix.parse(text).key for text in ("10.0.0.0/8", "10.1.0.0/16", "192.0.2.0/24")]


def keys(*texts: str) -> list[int]:
    return [Prefix.parse(text).key for text in texts]


def test_walk_is_in_the_order_of_prefixes() -> None:
    table = Table(IPV4_UNICAST)
    found = keys("192.0.2.0/24", "10.0.0.0/16", "10.0.0.0/8", "9.0.0.0/8", "200.0.0.0/8")
    table.put(found, path(1))
    assert [key for key, _ in filter(None, table.walk())] == sorted(found)


def test_longest() -> None:
    table = Table(IPV4_UNICAST)
    table.put(keys("10.0.0.0/8", "10.1.0.0/16", "10.1.2.0/24", "11.0.0.0/8"), path(1))
    longest = table.longest(Prefix.parse("10.1.9.9/32"))
    assert longest == Prefix.parse("10.1.0.0/16").key
    assert table.longest(Prefix.parse("12.0.0.1/32")) is None


def test_a_walk_pauses_at_least_once_a_portion() -> None:
    """All keys in one shard, not put in order: what lies between two pauses is short."""
    table = Table(IPV4_UNICAST)
    found = [(10 << 24 | value << 8) << 6 | 24 for value in range(3 * PORTION + 5)]
    table.put(found[::-2] + found[-2::-2], path(1))
    items = list(table.walk())
    assert items[:4] == [None] * 4  # as many sorted portions, before there is a first key
    assert [key for key, _ in filter(None, items)] == found
    pauses = [place for place, item in enumerate(items) if item is None]
    assert max(after - before for before, after in pairwise([*pauses, len(items)])) <= PORTION + 1


def nodes_of(table: Table) -> Generator[None, None, int]:
    """FRR's nodes for a table."""
    return table_nodes(table, set())


def count(steps: Generator[None, None, int]) -> int:
    """What sliced work comes to."""
    while True:
        try:
            next(steps)
        except StopIteration as end:
            return int(end.value)


def test_nodes_are_counted_with_the_branches() -> None:
    table = Table(IPV4_UNICAST)
    table.put(keys("172.19.0.0/32", "172.19.0.100/32"), path(1))
    assert count(nodes_of(table)) == 3  # the reference: two prefixes that differ in one place
    table.put(keys("172.19.0.0/25"), path(1))
    assert count(nodes_of(table)) == 3  # the branch is now a prefix of its own


Bits = tuple[int, int]
"""The leading bits of a prefix as a number, and how many there are."""


def naive(prefixes: set[Bits]) -> set[Bits]:
    """The nodes of their tree."""
    nodes = set(prefixes)
    for a, long in prefixes:
        for b, short in prefixes:
            common = min(long, short)
            rest = ((a >> (long - common)) ^ (b >> (short - common))).bit_length()
            nodes.add((a >> (long - common) >> rest, common - rest))
    return nodes


def bits() -> st.SearchStrategy[Bits]:
    """Prefixes that are near each other."""
    return st.integers(0, 10).flatmap(
        lambda length: st.tuples(st.integers(0, (1 << length) - 1), st.just(length))
    )


@given(st.lists(st.sets(bits(), max_size=12), min_size=1, max_size=5), st.integers(0, 12))
def test_nodes_match_a_tree_built_naively(rounds: list[set[Bits]], within: int) -> None:
    """Also when keys come and go between two looks; `within` puts them into one shard or more."""

    def key(prefix: Bits) -> int:
        return prefix[0] << (32 - within - prefix[1]) << 6 | (prefix[1] + within)

    table = Table(IPV4_UNICAST)
    neighbour = Neighbour()
    there: set[Bits] = set()
    for toggled in rounds:
        table.withdraw([key(each) for each in toggled & there], neighbour)
        table.put([key(each) for each in toggled - there], path(1, source=neighbour))
        there ^= toggled
        assert count(nodes_of(table)) == len(naive(there))
        refused = toggled - there
        steps = table_nodes(table, {key(each) for each in refused})
        assert count(steps) == len(naive(there | refused))


def test_ipv6_keys_find_their_shard() -> None:
    table = Table(IPV6_UNICAST)
    found = keys("2001:db8::/32", "::/0", "ffff::/16", "fe80::1/128")
    table.put(found, path(1))
    assert [key for key, _ in filter(None, table.walk())] == sorted(found)
    assert len(table) == 4


def test_an_equal_path_is_no_change() -> None:
    table = Table(IPV4_UNICAST)
    peer = Neighbour()
    first = path(1, source=peer)
    assert table.put(KEYS, first) == 3
    assert set(table.take_changed()) == set(KEYS)
    again = Path(peer, first.attrs, first.gateway, first.nexthop, 99.0)
    assert table.put(KEYS, again) == 0
    assert table.take_changed() == {}
    assert table.get(KEYS[0]) is again  # its age starts anew


def test_a_next_hop_that_a_map_chose_is_a_change_even_if_it_is_the_former_one() -> None:
    table = Table(IPV4_UNICAST)
    first = path(1)
    table.put(KEYS, first)
    table.take_changed()
    again = first.with_id(first.path_id)
    again.hop_set = True  # `next-hop-self` leaves it from now on
    table.put(KEYS, again)
    assert set(table.take_changed()) == set(KEYS)


def test_a_replaced_path_keeps_its_place() -> None:
    table = Table(IPV4_UNICAST)
    old, new = Neighbour(1, 1), Neighbour(2, 2)
    table.put(KEYS, path(1, source=old))
    table.put(KEYS, path(2, source=new))
    replaced = path(3, source=old)
    table.put(KEYS, replaced)
    assert [p.source for p in paths_of(table.get(KEYS[0]))] == [new, old]
    assert best_of(table.get(KEYS[0])) is replaced  # it was in use, and they tie


def test_paths_of_a_next_hop_are_counted() -> None:
    table = Table(IPV4_UNICAST)
    peer, other = Neighbour(1, 1), Neighbour(2, 2)
    one, two = path(1, source=peer), path(2, source=other)
    two.nexthop = one.nexthop
    table.put(KEYS, one)
    table.put(KEYS[:1], two)
    assert one.nexthop is not None
    assert one.nexthop.paths == 4
    table.put(KEYS, path(9, source=peer))
    assert one.nexthop.paths == 1
    table.withdraw(KEYS, other)
    assert one.nexthop.paths == 0


def test_a_next_hop_that_comes_and_goes() -> None:
    table = Table(IPV4_UNICAST)
    lone, rival = path(1), path(1, 2, source=Neighbour(9, 9))
    table.put(KEYS, lone)
    table.put(KEYS[:1], rival)
    table.take_changed()
    assert lone.nexthop is not None
    lone.nexthop.valid = False
    for _ in table.reselect(lambda p: p.nexthop is lone.nexthop):
        pass
    assert best_of(table.get(KEYS[0])) is rival
    assert best_of(table.get(KEYS[1])) is None
    assert table.take_changed() == dict.fromkeys(KEYS, lone)
    lone.nexthop.valid = True
    for _ in table.reselect(lambda p: p.nexthop is lone.nexthop, now_valid=True):
        pass
    assert best_of(table.get(KEYS[1])) is lone
    assert table.take_changed()[KEYS[1]] is None


def test_a_path_that_goes_before_its_next_hop_was_looked_through_is_told() -> None:
    table = Table(IPV4_UNICAST)
    lone = path(1)
    table.put(KEYS, lone)
    table.take_changed()
    assert lone.nexthop is not None
    lone.nexthop.valid = False
    walk = table.reselect(lambda p: p.nexthop is lone.nexthop)
    table.withdraw(KEYS, lone.source)
    for _ in walk:
        pass
    assert table.take_changed() == dict.fromkeys(KEYS, lone)


class TableMachine(RuleBasedStateMachine):
    """The table against a plain model: a list of paths per prefix, chosen from scratch."""

    def __init__(self) -> None:
        super().__init__()
        self.table = Table(IPV4_UNICAST)
        self.peers = [Neighbour(n, n, n % 2 == 0) for n in range(4)]
        self.model: dict[int, list[Path]] = {}
        self.best: dict[int, Path | None] = {}
        self.counts = [0, 0, 0, 0]

    @rule(
        who=st.integers(0, 3),
        where=st.lists(st.sampled_from(KEYS), min_size=1),
        length=st.integers(1, 2),
        med=st.integers(0, 1),
    )
    def announce(self, who: int, where: list[int], length: int, med: int) -> None:
        peer = self.peers[who]
        new = path(*range(1, length + 1), med=med, source=peer)
        self.counts[who] += self.table.put(where, new)
        for key in where:
            known = self.model.setdefault(key, [])
            for index, other in enumerate(known):
                if other.source is peer:
                    if self.best.get(key) is other:
                        self.best[key] = new
                    known[index] = new
                    break
            else:
                known.insert(0, new)
            self.best[key] = choose(tuple(known), self.best.get(key), Rules()).best

    @rule(who=st.integers(0, 3), where=st.lists(st.sampled_from(KEYS), min_size=1))
    def withdraw(self, who: int, where: list[int]) -> None:
        peer = self.peers[who]
        self.counts[who] -= self.table.withdraw(where, peer)
        for key in where:
            known = [p for p in self.model.get(key, []) if p.source is not peer]
            self.model[key] = known
            self.best[key] = choose(tuple(known), self.best.get(key), Rules()).best

    @invariant()
    def same_as_the_model(self) -> None:
        for key in KEYS:
            known = self.model.get(key, [])
            assert list(paths_of(self.table.get(key))) == known
            assert best_of(self.table.get(key)) is self.best.get(key)
        for who, peer in enumerate(self.peers):
            held = sum(p.source is peer for known in self.model.values() for p in known)
            assert self.counts[who] == held


TestTableMachine: Any = TableMachine.TestCase
TestTableMachine.settings = settings(max_examples=60, stateful_step_count=20, deadline=None)
