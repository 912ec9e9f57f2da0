"""Link bandwidths: FRR's weights (compared beside it in the topology `link-bandwidth`)."""

from inspect import signature
from struct import pack

from bgp.rib.bandwidth import DEFAULT, IGNORE, SKIP, bandwidth, together, weighted
from bgp.rib.path import Path, Together
from tests.bgp.test_bestpath import path


def told(rate: float | None, kind: int = 0x4004) -> Path:
    """A path with a bandwidth in bytes per second."""
    if rate is None:
        return path(1)
    value = int.from_bytes(pack("!HHf", kind, 65001, rate), "big")
    return path(1, ext_communities=(0x0002_FDE9_0000_0001, value))


def test_the_rate_is_that_of_the_community() -> None:
    assert bandwidth(told(12_500_000)) == 12_500_000
    assert bandwidth(told(1.5, 0x0004)) == 1
    assert [bandwidth(told(rate)) for rate in (None, float("nan"), float("inf"), -1)] == [0] * 4


def test_shares_are_percents_rounded_down() -> None:
    fast, slow = told(100.0), told(50.0)
    assert weighted([fast, slow], None) == [(fast, 66), (slow, 33)]
    assert weighted([fast], None) == [(fast, 0)]
    assert weighted([fast, slow], IGNORE) == [(fast, 0), (slow, 0)]


def test_paths_that_say_nothing() -> None:
    fast, silent = told(100.0), told(None)
    assert weighted([fast, silent], None) == [(fast, 0), (silent, 0)]
    assert weighted([fast, silent], SKIP) == [(fast, 100)]
    assert weighted([fast, silent], DEFAULT) == [(fast, 100), (silent, 1)]
    assert weighted([silent, silent], SKIP) == [(silent, 0), (silent, 0)]


def test_paths_told_together_are_the_first_one_but_for_the_sum() -> None:
    best, other = told(100.0), told(50.0)
    best.epoch, best.path_id, best.hop_set = 3, 7, True
    found = together([best, other], None)
    assert isinstance(found, Together)
    assert (found.count, found.total, found.shared) == (2, 150, True)
    # A next hop that a map chose is kept for neighbours with next-hop-self, as of one path alone.
    changed = [
        name for name in signature(Path).parameters if getattr(found, name) != getattr(best, name)
    ]
    assert changed == []
