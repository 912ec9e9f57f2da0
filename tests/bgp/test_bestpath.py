from dataclasses import dataclass
from itertools import count, permutations
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bgp.attrs import AttrPool
from bgp.config import Family
from bgp.rib.bestpath import better, choose, judge
from bgp.rib.nexthop import Nexthop
from bgp.rib.path import FIRST, LLGR_STALE, Origination, Path
from bgp.rib.rules import Rules
from bgp.rib.steps import STEPS, TIE_BREAKERS
from bgp.wire.attributes.aspath import AsPath
from grammar.base.values import Address

POOL = AttrPool()
GATEWAYS = count(1)


@dataclass(eq=False)
class Neighbour:
    router_id: int = 1
    sort_address: int = 1
    is_ebgp: bool = True
    is_local: bool = False
    epoch: int = 0
    is_confederation: bool = False
    remote_as: int = 1

    def is_served(self, family: Family) -> bool:
        return False

    def is_client(self, family: Family) -> bool:
        return False


def path(
    *asns: int,
    source: Neighbour | None = None,
    metric: int = 0,
    valid: bool = True,
    weight: int = 0,
    origination: Origination = Origination.LEARNT,
    gateway: Address | None = None,
    **attrs: object,
) -> Path:
    hop = Nexthop(gateway or Address.parse(f"10.0.0.{next(GATEWAYS) % 250}"))
    hop.valid, hop.metric = valid, metric
    values = {"origin": 0, **attrs}
    made = POOL.make(as_path=AsPath.sequence(*asns), **values)
    return Path(
        source or Neighbour(),
        made,
        hop.address,
        hop,
        0.0,
        weight=weight,
        origination=origination,
    )


RULES = Rules()
INTERNAL = Neighbour(is_ebgp=False)

CASES = [
    ("Weight", path(1, weight=500), path(1)),
    ("Local Pref", path(1, local_pref=150), path(1)),
    ("Local Route", path(origination=Origination.STATIC), path()),
    ("AS Path", path(1), path(1, 2)),
    ("Origin", path(1, origin=0), path(1, origin=2)),
    ("MED", path(1, med=10), path(1, med=100)),
    ("Peer Type", path(1), path(1, source=INTERNAL)),
    ("IGP Metric", path(source=INTERNAL), path(source=INTERNAL, metric=300)),
    (
        "Router ID",
        path(1, source=Neighbour(router_id=1, is_ebgp=False)),
        path(1, source=Neighbour(router_id=2, is_ebgp=False)),
    ),
    (
        "Router ID",
        path(originator_id=1, source=Neighbour(router_id=9, is_ebgp=False)),
        path(originator_id=2, source=Neighbour(router_id=8, is_ebgp=False)),
    ),
    (
        "Cluster length",
        path(cluster_list=(1,), source=INTERNAL),
        path(cluster_list=(1, 2), source=INTERNAL),
    ),
    (
        "Neighbor IP",
        path(1, source=Neighbour(sort_address=1, is_ebgp=False)),
        path(1, source=Neighbour(sort_address=2, is_ebgp=False)),
    ),
]


@pytest.mark.parametrize(("reason", "winner", "loser"), CASES, ids=[case[0] for case in CASES])
def test_each_step_decides_and_says_so(reason: str, winner: Path, loser: Path) -> None:
    for order in permutations([winner, loser]):
        dest = choose(order, None, RULES)
        assert dest.best is winner
        assert dest.reason == reason


def test_every_step_has_a_case_or_is_named_here() -> None:
    named = {case[0] for case in CASES} | {"Path Staleness", "Locally configured route", FIRST}
    named |= {"Confederation based AS Path", "Confed Peer Type"}
    assert {step.reason for step in STEPS + TIE_BREAKERS} <= named


def test_what_is_kept_for_long_is_the_last_resort() -> None:
    """RFC 9494 sec. 4.3, before any other step; FRR has no words of its own for it."""
    kept, other = path(1, weight=500), path(1)
    kept.attrs = kept.attrs.replace(POOL, communities=(LLGR_STALE,))
    for order in ((kept, other), (other, kept)):
        dest = choose(order, None, RULES)
        assert (dest.best, dest.reason) == (other, FIRST)


def within(*members: int, **values: object) -> Path:
    """A path of the own confederation."""
    made = path(source=Neighbour(is_ebgp=False, is_confederation=True), **values)  # type: ignore[arg-type]
    made.attrs = made.attrs.replace(POOL, as_path=AsPath([(3, members)]))
    return made


def test_confederations_count_in_the_length_if_asked_to() -> None:
    near, far = within(65501), within(65502, 65503)
    assert choose((far, near), None, RULES).reason != "Confederation based AS Path"
    dest = choose((far, near), None, Rules(count_confederation=True))
    assert (dest.best, dest.reason) == (near, "Confederation based AS Path")


def test_meds_of_paths_from_within_the_confederation_meet() -> None:
    """In FRR they do whether or not `bgp bestpath med confed` is there."""
    low, high = within(65501, med=1), within(65502, med=9)
    assert choose((high, low), None, RULES).reason == "MED"


def test_another_member_is_nearer_than_the_own_one() -> None:
    member, own = within(65501), path(source=INTERNAL)
    dest = choose((own, member), None, Rules(confederation=True))
    assert (dest.best, dest.reason) == (member, "Confed Peer Type")


def test_meds_of_different_neighbours_do_not_meet() -> None:
    low = path(2, med=1, source=Neighbour(router_id=2))
    high = path(1, med=9, source=Neighbour(router_id=1))
    assert choose((high, low), None, RULES).best is high
    assert choose((high, low), None, Rules(always_compare_med=True)).reason == "MED"


def test_a_missing_med_is_best_unless_it_is_to_be_the_worst() -> None:
    without, with_med = path(1), path(1, med=5)
    assert choose((without, with_med), None, RULES).best is without
    assert choose((without, with_med), None, Rules(missing_as_worst=True)).best is with_med


def test_the_external_path_in_use_stays() -> None:
    # Two eBGP paths that tie: the reference's 10.28.0.0/24 shows "Older Path" for the second.
    old = path(65002, source=Neighbour(router_id=0x02020202))
    new = path(65003, source=Neighbour(router_id=0x01010101))
    dest = choose((new, old), old, RULES)
    assert dest.best is old
    assert dest.reason == "Older Path"
    dest = choose((new, old), old, Rules(compare_router_id=True))
    assert dest.best is new
    assert dest.reason == "Router ID"


def test_the_walk_is_newest_first_and_the_reason_is_of_the_last_comparison() -> None:
    best = path(1, local_pref=200)
    middle = path(1, weight=0, origin=1)
    last = path(1, 2, 3)
    assert choose((middle, best, last), None, RULES).reason == "Local Pref"
    assert choose((last, middle), None, RULES).reason == "AS Path"
    assert choose((best,), None, RULES).reason == "First path received"


def test_deterministic_med_groups_by_neighbour() -> None:
    # The classic of RFC 4451 / Cisco: without grouping the order of arrival decides.
    a = path(1, 9, med=5, source=Neighbour(router_id=10, is_ebgp=False))
    b = path(1, 9, med=3, source=Neighbour(router_id=30, is_ebgp=False))
    c = path(2, 9, med=8, source=Neighbour(router_id=20, is_ebgp=False))
    rules = Rules(deterministic_med=True)
    assert {id(choose(order, None, rules).best) for order in permutations([a, b, c])} == {id(c)}
    without = {id(choose(order, None, RULES).best) for order in permutations([a, b, c])}
    assert len(without) > 1


def test_the_reason_is_that_of_the_last_comparison_for_multipath() -> None:
    """FRR keeps comparing with the best one to find others to use, and shows why that ended."""
    near = path(1, local_pref=200)
    third, second = path(1, 2, local_pref=200), path(1, local_pref=100)
    assert choose((second, near, third), None, RULES).reason == "AS Path"
    assert choose((third, near, second), None, RULES).reason == "Local Pref"
    alone = Rules(maximum_paths=1, maximum_paths_ibgp=1)
    assert choose((third, second, near), None, RULES).reason == "Local Pref"
    assert choose((third, second, near), None, alone).reason == "AS Path"


def test_paths_beside_the_best_are_taken_by_their_next_hops() -> None:
    hops = [Address.parse(f"10.0.0.{n}") for n in (9, 3, 5)]
    best, *others = [
        path(1, gateway=hop, source=Neighbour(sort_address=n)) for n, hop in enumerate(hops)
    ]
    same = path(1, gateway=hops[1], source=Neighbour(sort_address=7))
    both = Rules(maximum_paths=2)
    assert choose((*others, same, best), best, both).multipath == (best, others[0])
    assert choose((*others, same, best), best, RULES).multipath == (best, *others)


def test_kinds_of_neighbours_beside_each_other() -> None:
    """`peer-type multipath-relax`: the kind still tells which is best, whatever the metric is."""
    external = path(1, source=Neighbour(sort_address=1))
    internal = path(1, source=INTERNAL)
    assert choose((internal, external), None, RULES).multipath == (external,)
    relaxed = Rules(peer_type_relax=True)
    dest = choose((internal, external), None, relaxed)
    assert (dest.best, dest.reason) == (external, "Peer Type")
    assert dest.multipath == (external, internal)
    far = path(1, metric=9)
    dest = choose((internal, far), None, relaxed)
    assert (dest.best, dest.reason, dest.multipath) == (far, "Peer Type", (far,))


def test_equally_long_cluster_lists() -> None:
    near, far = (path(1, cluster_list=(1,) * n, source=INTERNAL) for n in (1, 2))
    assert set(choose((far, near), None, RULES).multipath) == {near, far}
    dest = choose((far, near), None, Rules(equal_cluster_length=True))
    assert dest.multipath == (near,)


def test_two_paths_of_one_neighbour_the_first_one_stays() -> None:
    source = Neighbour(is_ebgp=False)
    old, new = path(1, source=source), path(1, source=source)
    dest = choose((new, old), None, RULES)
    assert (dest.best, dest.reason) == (old, "Nothing left to compare")


def test_invalid_paths_are_never_chosen() -> None:
    bad, good = path(1, weight=999, valid=False), path(1, 2, 3)
    assert choose((bad, good), None, RULES).best is good
    dest = choose((bad,), None, RULES)
    assert dest.best is None
    assert dest.reason == "Nothing to Select"


def test_multipath_needs_the_same_neighbour_as_unless_relaxed() -> None:
    one = path(65003, source=Neighbour(router_id=1, remote_as=65003))
    same = path(65003, source=Neighbour(router_id=2, remote_as=65003))
    other = path(65004, source=Neighbour(router_id=3, remote_as=65004))
    dest = choose((other, same, one), one, RULES)
    assert dest.best is one
    assert set(dest.multipath) == {one, same}
    relaxed = Rules(multipath_relax=True)
    assert set(choose((other, same, one), one, relaxed).multipath) == {one, same, other}
    assert choose((other, same, one), one, Rules(maximum_paths=1)).multipath == (one,)


def test_a_second_path_to_the_same_next_hop_is_no_other_way() -> None:
    gateway = Address.parse("10.0.0.9")
    one = path(65003, source=Neighbour(router_id=1), gateway=gateway)
    same = path(65003, source=Neighbour(router_id=1, sort_address=2), gateway=gateway)
    assert choose((same, one), one, RULES).multipath == (one,)


paths = st.builds(
    lambda asns, med, origin, pref, weight, metric, external, rid, address: path(
        *asns,
        med=med,
        origin=origin,
        local_pref=pref,
        weight=weight,
        metric=metric,
        source=Neighbour(rid, address, external),
    ),
    st.lists(st.integers(1, 3), max_size=3),
    st.none() | st.integers(0, 3),
    st.integers(0, 2),
    st.none() | st.integers(99, 101),
    st.integers(0, 1),
    st.integers(0, 2),
    st.booleans(),
    st.integers(1, 3),
    st.integers(1, 3),
)


@given(paths, paths, paths)
def test_comparison_is_antisymmetric(a: Path, b: Path, chosen: Path) -> None:
    first, reason = better(a, b, chosen, RULES)
    second, same = better(b, a, chosen, RULES)
    assert reason == same
    if reason != "Nothing left to compare" and reason != "Older Path":
        assert first is not second


@given(st.lists(paths, min_size=1, max_size=5))
def test_deterministic_choice_does_not_depend_on_the_order(found: list[Path]) -> None:
    rules = Rules(always_compare_med=True, compare_router_id=True)
    chosen = {_content(choose(order, None, rules).best) for order in permutations(found[:4])}
    assert len(chosen) == 1


def _content(best: Path | None) -> object:
    assert best is not None
    source = best.source
    key = (source.router_id, source.sort_address, source.is_ebgp)
    return (
        best.attrs.rank,
        best.attrs.med or 0,
        best.weight,
        best.nexthop.metric if best.nexthop else 0,
        key,
    )


VALUES: dict[str, st.SearchStrategy[object]] = {
    "weight": st.sampled_from([0, 5]),
    "metric": st.sampled_from([0, 5]),
    "local_pref": st.sampled_from([None, 100, 150]),
    "med": st.sampled_from([None, 0, 7]),
    "origin": st.sampled_from([0, 2]),
    "communities": st.sampled_from([(), (LLGR_STALE,)]),
    "cluster_list": st.sampled_from([(), (1,)]),
    "origination": st.sampled_from([Origination.LEARNT, Origination.STATIC]),
    "source": st.builds(
        Neighbour,
        is_ebgp=st.booleans(),
        is_local=st.booleans(),
        is_confederation=st.booleans(),
        sort_address=st.integers(1, 3),
    ),
}


@given(
    st.fixed_dictionaries(VALUES),
    st.one_of(*[st.fixed_dictionaries({name: VALUES[name]}) for name in VALUES]),
    st.sampled_from(
        [RULES, Rules(equal_cluster_length=True), Rules(confederation=True, multipath_relax=True)]
    ),
)
def test_paths_that_share_what_they_say_are_compared_as_any(
    mine: dict[str, Any], other: dict[str, Any], rules: Rules
) -> None:
    def said(terms: dict[str, Any], as_path: AsPath) -> Path:
        made = path(**terms)
        made.attrs = made.attrs.replace(AttrPool(), as_path=as_path)
        return made

    common = AsPath.sequence(1, 2)
    fast, slow = (
        judge(said(mine, first), said(mine | other, second), None, rules)
        for first, second in ((common, common), (AsPath.sequence(1, 2), AsPath.sequence(1, 2)))
    )
    assert fast == slow
