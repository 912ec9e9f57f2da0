"""What the compiled loops choose by themselves is what the decision process says of each prefix."""

from collections.abc import Iterator

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bgp.attrs import AttrPool, AttrSet
from bgp.choices import news
from bgp.compiled import SPEED, TWINS
from bgp.config import IPV4_UNICAST, IPV6_UNICAST, Family
from bgp.negotiated import Negotiated
from bgp.rib import bestpath, table
from bgp.rib.nexthop import Nexthop
from bgp.rib.path import Dest, Path, paths_of
from bgp.rib.rules import Rules
from bgp.rib.table import Table
from grammar.base.values import Address
from tests.bgp.test_bestpath import Neighbour

pytestmark = pytest.mark.skipif(SPEED is None, reason="nothing compiled is in use")

PEERS = [
    *(Neighbour(router_id=9 - number, remote_as=65001 + number) for number in range(5)),
    Neighbour(router_id=7, sort_address=2, remote_as=65001),
    Neighbour(router_id=7, sort_address=3, remote_as=65002),
    *(Neighbour(router_id=n, sort_address=n, is_ebgp=False, remote_as=65000) for n in (1, 2)),
]
KEYS = {IPV4_UNICAST: [n << 6 | 32 for n in range(4)], IPV6_UNICAST: [n << 70 for n in range(4)]}
RULES = {
    "": Rules(),
    "one way": Rules(maximum_paths=1, maximum_paths_ibgp=1),
    "no length": Rules(as_path_ignore=True),
    "all meds": Rules(always_compare_med=True),
    "router ids": Rules(compare_router_id=True),
}
SAID = st.fixed_dictionaries(
    {
        "hops": st.lists(st.sampled_from((65010, 65011)), max_size=2),
        "stranger": st.sampled_from((False, False, False, True)),
        "med": st.sampled_from((None, 0, 5)),
        "preference": st.sampled_from((100, 100, 100, 90)),
        "origin": st.sampled_from((0, 0, 0, 2)),
        "weight": st.sampled_from((0, 0, 0, 1)),
        "path_id": st.sampled_from((0, 0, 0, 1)),
    }
)
WHOSE = st.integers(0, len(PEERS) - 1)
SOME = st.sets(st.integers(0, 3), min_size=1)
DEEDS = st.one_of(
    *(st.tuples(st.just("put"), WHOSE, SOME, SAID) for _ in range(3)),
    st.tuples(st.just("withdraw"), WHOSE, SOME, st.sampled_from((0, 0, 1))),
    st.tuples(st.just("valid"), WHOSE, st.booleans(), st.integers(0, 1)),
    st.tuples(st.just("take")),
)


def attributes(pool: AttrPool, source: Neighbour, said: dict[str, object]) -> AttrSet:
    """A set as it comes from the wire."""
    hops = said["hops"]
    assert isinstance(hops, list)
    asns = [*([64999 if said["stranger"] else source.remote_as] * source.is_ebgp), *hops]
    path = b"".join(asn.to_bytes(4, "big") for asn in asns)
    path = bytes((2, len(asns))) + path if asns else b""
    raw = bytes((0x40, 1, 1, said["origin"], 0x40, 2, len(path))) + path  # type: ignore[arg-type]
    raw += bytes((0x40, 3, 4, 10, 0, 0, 1))
    if said["med"] is not None:
        raw += bytes((0x80, 4, 4, 0, 0, 0, said["med"]))  # type: ignore[arg-type]
    if not source.is_ebgp:
        raw += bytes((0x40, 5, 4, 0, 0, 0, said["preference"]))  # type: ignore[arg-type]
    found = pool.quick(Negotiated(external=source.is_ebgp))(raw, True)
    assert found is not None
    return found


class World:
    """A table, and the next hops of the neighbours that fill it."""

    def __init__(self, pool: AttrPool, family: Family, rules: Rules) -> None:
        self.pool = pool
        self.table = Table(family, rules)
        self.keys = KEYS[family]
        self.hops = [Nexthop(Address.parse(f"10.0.0.{n + 1}")) for n in range(len(PEERS))]
        for hop in self.hops:
            hop.valid = True
        self.taken: dict[int, Path | None] = {}

    def put(self, whose: int, some: set[int], said: dict[str, object]) -> int:
        source, hop = PEERS[whose], self.hops[whose]
        attrs = attributes(self.pool, source, said)
        made = Path(source, attrs, hop.address, hop, 0.0, weight=int(str(said["weight"])))
        path = made.with_id(int(str(said["path_id"])))
        return self.table.put([self.keys[one] for one in sorted(some)], path)

    def withdraw(self, whose: int, some: set[int], path_id: int) -> int:
        keys = [self.keys[one] for one in sorted(some)]
        return self.table.withdraw(keys, PEERS[whose], path_id)

    def valid(self, whose: int, now: bool, metric: int) -> None:
        """A next hop changes; who uses it is looked at anew."""
        hop = self.hops[whose]
        hop.valid, hop.metric = now, metric
        for _ in self.table.reselect(lambda path: path.nexthop is hop, now):
            pass

    def take(self) -> list[object]:
        """What is told of the changes."""
        changes = self.table.take_changed()
        return [(key, news(old, self.table.get(key))) for key, old in changes.items()]

    def seen(self) -> list[object]:
        """All that can be seen of the table."""
        rows: list[object] = [[hop.paths for hop in self.hops]]
        rows.append([(key, said(old)) for key, old in self.table.changed.items()])
        for key in self.keys:
            entry = self.table.get(key)
            rows.append([said(one) for one in paths_of(entry)])
            if isinstance(entry, Dest):
                rows.append(
                    (said(entry.best), entry.reason, [said(one) for one in entry.multipath])
                )
        return rows


def said(path: Path | None) -> object:
    if path is None:
        return None
    return PEERS.index(path.source), path.path_id, path.attrs, path.weight  # type: ignore[arg-type]


@pytest.fixture(scope="module")
def pure() -> Iterator[pytest.MonkeyPatch]:
    with pytest.MonkeyPatch.context() as monkeypatch:
        yield monkeypatch


@pytest.mark.parametrize("name", RULES)
@settings(max_examples=40, deadline=None)
@given(deeds=st.lists(DEEDS, max_size=25))
def test_the_same_is_chosen(
    pure: pytest.MonkeyPatch, name: str, deeds: list[tuple[object, ...]]
) -> None:
    follow(pure, RULES[name], IPV4_UNICAST, deeds)


@settings(max_examples=20, deadline=None)
@given(deeds=st.lists(DEEDS, max_size=25))
def test_the_same_is_chosen_where_tables_are_dicts(
    pure: pytest.MonkeyPatch, deeds: list[tuple[object, ...]]
) -> None:
    follow(pure, RULES[""], IPV6_UNICAST, deeds)


def follow(
    pure: pytest.MonkeyPatch, rules: Rules, family: Family, deeds: list[tuple[object, ...]]
) -> None:
    pool = AttrPool()
    worlds = [World(pool, family, rules) for _ in range(2)]
    for name, *arguments in deeds:
        answers = [getattr(worlds[0], str(name))(*arguments)]
        with pure.context() as slow:
            slow.setattr(table, "enter", TWINS["enter"])
            slow.setattr(table, "leave", TWINS["leave"])
            slow.setitem(globals(), "news", TWINS["news"])
            answers.append(getattr(worlds[1], str(name))(*arguments))
        assert answers[0] == answers[1]
        assert worlds[0].seen() == worlds[1].seen()


def test_the_simple_is_chosen_without_python(monkeypatch: pytest.MonkeyPatch) -> None:
    """Paths of several ASs through them, some of which tie: nobody asks the decision process."""
    world = World(AttrPool(), IPV4_UNICAST, Rules())

    def never(*_: object) -> None:
        raise AssertionError("Python was asked")

    monkeypatch.setattr(table, "choose", never)
    monkeypatch.setattr(bestpath, "judge", never)
    plain = {"stranger": False, "med": 5, "preference": 100, "origin": 0, "weight": 0}
    for whose, hops in enumerate(([65010], [], [], [65010, 65011], [])):
        world.put(whose, {0, 1}, {**plain, "hops": hops, "path_id": 0})
    entry = world.table.get(world.keys[0])
    assert isinstance(entry, Dest)
    assert entry.best is not None
    assert entry.best.source is PEERS[1]  # the first of those that tie: the others came later
    world.withdraw(1, {0, 1}, 0)
    entry = world.table.get(world.keys[0])
    assert isinstance(entry, Dest)
    assert entry.best is not None
    assert entry.best.source is PEERS[4]  # the lowest router id
