"""What is kept of a neighbour as it came: several paths of a prefix by their ids (RFC 7911)."""

from hypothesis import given
from hypothesis import strategies as st

from bgp.attrs import AttrPool
from bgp.rib.adjin import AdjIn
from bgp.rib.origin import Local
from bgp.rib.path import Path

SOURCE, POOL = Local("test"), AttrPool()
STEPS = st.lists(
    st.tuples(st.booleans(), st.integers(0, 3), st.lists(st.integers(1, 3), max_size=3))
)


def path(path_id: int) -> Path:
    return Path(SOURCE, POOL.make(), None, None, 0, path_id=path_id)


@given(STEPS)
def test_each_id_of_a_prefix_has_its_path_newest_first(
    steps: list[tuple[bool, int, list[int]]],
) -> None:
    kept = AdjIn(by_id=True)
    model: dict[int, dict[int, Path]] = {}
    for announces, path_id, keys in steps:
        if announces:
            news = path(path_id)
            kept.put(keys, news)
            for key in keys:
                model.setdefault(key, {})[path_id] = news
        else:
            kept.withdraw(keys, path_id)
            for key in keys:
                model.get(key, {}).pop(path_id, None)
    left = {key: tuple(reversed(paths.values())) for key, paths in model.items() if paths}
    assert {key: kept.paths(key) for key in range(4) if key in kept} == left
    assert len(kept) == sum(map(len, left.values()))
    assert list(filter(None, kept.walk())) == [
        (key, one) for key in sorted(left) for one in left[key]
    ]
    assert {one: set(keys) for one, keys in next(kept.portions(), {}).items()} == {
        one: {key for key in left if one in left[key]} for paths in left.values() for one in paths
    }


def test_without_ids_a_prefix_has_one_path() -> None:
    kept = AdjIn()
    old, new = path(0), path(0)
    kept.put([1, 2], old)
    kept.put([2], new)
    kept.withdraw([1, 3])
    assert list(filter(None, kept.walk())) == [(2, new)]
