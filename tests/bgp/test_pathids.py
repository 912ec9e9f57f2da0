"""Several paths of one prefix from one neighbour (RFC 7911): one is chosen, none is lost."""

from hypothesis import given
from hypothesis import strategies as st

from bgp.attrs import AttrPool
from bgp.pathids import PathIds
from bgp.rib.origin import Local
from bgp.rib.path import Path

SOURCE, POOL = Local("test"), AttrPool()


def path(preference: int, *, round: int = 0) -> Path:
    return Path(SOURCE, POOL.make(local_pref=preference), None, None, 0, round=round)


STEPS = st.lists(
    st.tuples(
        st.booleans(), st.integers(0, 3), st.lists(st.integers(1, 3), max_size=3), st.integers(1, 3)
    )
)


@given(STEPS)
def test_what_stands_for_a_prefix_is_the_best_of_what_was_told(
    steps: list[tuple[bool, int, list[int], int]],
) -> None:
    ids = PathIds(lambda path: True)
    told: dict[tuple[int, int], Path] = {}
    table: dict[int, Path] = {}
    for announces, path_id, keys, preference in steps:
        pairs = [(path_id, key) for key in keys]
        if announces:
            news = path(preference)
            told.update(dict.fromkeys(((key, path_id) for key in keys), news))
            chosen = ids.put(pairs, news)
        else:
            for key in keys:
                told.pop((key, path_id), None)
            gone, chosen = ids.withdraw(pairs)
            for key in gone:
                del table[key]
        for one, its_keys in chosen.items():
            table.update(dict.fromkeys(its_keys, one))
        assert set(table) == {key for key, _ in told}
        for key, entry in table.items():
            rivals = [one.attrs.rank for (of, _), one in told.items() if of == key]
            assert entry.attrs.rank == min(rivals)


def test_a_path_that_policy_refuses_gives_way_to_another() -> None:
    good, bad = path(1), path(9)
    ids = PathIds(lambda one: one is not bad)
    assert ids.put([(1, 7)], bad) == {bad: [7]}
    assert ids.put([(2, 7)], good) == {good: [7]}
    assert ids.withdraw([(2, 7)]) == ([], {bad: [7]})


def test_what_was_repeated_in_a_refresh_counts_first() -> None:
    old, new = path(9), path(1, round=1)
    ids = PathIds(lambda one: True)
    ids.put([(1, 7)], old)
    assert ids.put([(2, 7)], new) == {new: [7]}
