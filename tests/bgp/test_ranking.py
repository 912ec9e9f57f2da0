"""Ranks are a short cut: what they choose is what all comparisons choose."""

from hypothesis import given
from hypothesis import strategies as st

from bgp import attrset
from bgp.compiled import TWINS
from bgp.rib import ranking
from bgp.rib.bestpath import better, choose, judge
from bgp.rib.path import LLGR_STALE, Path
from bgp.rib.rules import Rules
from tests.bgp.test_bestpath import Neighbour, path

AS_PATHS = st.lists(st.integers(1, 3), max_size=3)
DRAWN = st.lists(
    st.builds(
        lambda asns, **values: path(*asns, **values),
        AS_PATHS,
        source=st.builds(
            Neighbour,
            router_id=st.integers(1, 3),
            sort_address=st.integers(1, 9),
            is_ebgp=st.booleans(),
            remote_as=st.integers(1, 2),
        ),
        metric=st.integers(0, 1),
        valid=st.sampled_from([True, True, True, False]),
        weight=st.sampled_from([0, 0, 0, 5]),
        med=st.sampled_from([None, 0, 1, 2]),
        local_pref=st.sampled_from([None, None, 100, 200]),
        communities=st.sampled_from([(), (), (LLGR_STALE,)]),
        origin=st.sampled_from([0, 0, 2]),
    ),
    min_size=1,
    max_size=6,
)
ANY_RULES = st.builds(
    Rules,
    always_compare_med=st.booleans(),
    missing_as_worst=st.booleans(),
    as_path_ignore=st.booleans(),
    compare_router_id=st.booleans(),
    deterministic_med=st.booleans(),
    multipath_relax=st.booleans(),
    peer_type_relax=st.booleans(),
    maximum_paths=st.integers(1, 3),
    maximum_paths_ibgp=st.integers(1, 2),
)


@given(DRAWN, ANY_RULES, st.integers(0, 9))
def test_ranks_change_nothing(paths: list[Path], rules: Rules, before: int) -> None:
    """The choice with ranks is that of all comparisons, one by one, in FRR's order."""
    chosen = paths[before] if before < len(paths) else None
    dest = choose(paths, chosen, rules)
    best = None
    candidates = [one for one in paths if one.valid]
    if rules.deterministic_med:
        candidates = [one for one in candidates if one in dest.winners]
    for one in candidates:
        if best is None or better(one, best, chosen, rules)[0]:
            best = one
    assert dest.best is best
    rivals = [one for one in paths if one.valid and one is not best]
    together = {id(one) for one in rivals if best and judge(one, best, chosen, rules).together}
    assert {id(one) for one in dest.multipath[1:]} <= together
    most = max(rules.maximum_paths, rules.maximum_paths_ibgp)
    if together and min(rules.maximum_paths, rules.maximum_paths_ibgp) > 1:
        assert len(dest.multipath) > 1
    assert len(dest.multipath) <= most
    assert isinstance(dest.reason, str)


@given(DRAWN, ANY_RULES, ANY_RULES)
def test_leaders_are_found_alike(paths: list[Path], rules: Rules, others: Rules) -> None:
    """Whether or not the ranks are known, by these rules or by others."""
    found = []
    for leading in (ranking.leading, TWINS["leading"]):
        for one in paths:
            one.rank = 0
        for given_rules in (rules, others, others, rules):
            serial = 1 + given_rules.serial % ranking._SERIAL
            found.append(leading(paths, serial, lambda one, by=given_rules: ranking.rank(one, by)))
    assert found[:4] == found[4:]
    assert found[1] == found[2]
    assert found[0] == found[3]


@given(st.binary(max_size=12), st.booleans())
def test_marks_are_found_alike(communities: bytes, wide: bool) -> None:
    size = len(communities)
    head = b"\xd0\x08" + size.to_bytes(2, "big") if wide else bytes([0xC0, 8, size])
    for body in (b"", b"\x40\x01\x01\x00" + head + communities):
        assert attrset.marked(body) is TWINS["marked"](body)
