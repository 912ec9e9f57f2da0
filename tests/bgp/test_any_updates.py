"""Any UPDATEs, whatever comes between the pieces of the work: a plain model says the same."""

from collections.abc import Iterator

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from grammar.base.values import Afi
from tests.bgp.anyupdates import FEEDERS, KEYS, MONITORS, Crossroads, Said


@pytest.fixture(scope="module")
def monkeypatch_module() -> Iterator[pytest.MonkeyPatch]:
    with pytest.MonkeyPatch.context() as monkeypatch:
        yield monkeypatch


SAID = st.builds(
    Said,
    hops=st.integers(0, 2),
    origin=st.sampled_from((0, 0, 1, 2, 7)),
    med=st.sampled_from((None, 0, 5)),
    community=st.integers(1 << 20, (1 << 20) + 2),
    looped=st.sampled_from((False, False, False, False, True)),
)


def some(afi: Afi) -> st.SearchStrategy[dict[int, int]]:
    return st.dictionaries(st.integers(0, len(KEYS[afi]) - 1), st.integers(1, 3), max_size=6)


def updates(afi: Afi) -> st.SearchStrategy[tuple[object, ...]]:
    feeder = st.sampled_from(sorted(FEEDERS))
    return st.tuples(st.just("update"), feeder, st.just(afi), some(afi), some(afi), SAID)


ANYBODY = st.sampled_from(sorted(FEEDERS | MONITORS))
OTHERS = (
    ("clear", st.sampled_from(sorted(MONITORS))),
    ("refresh", st.sampled_from(sorted(MONITORS))),
    ("lose", ANYBODY),
    ("permit", st.sets(st.integers(0, len(KEYS[Afi.IPV4]) - 1), max_size=6)),
)
DEEDS = st.one_of(
    *(updates(Afi.IPV4) for _ in range(5)),
    updates(Afi.IPV6),
    *(st.tuples(st.just(deed), arguments) for deed, arguments in OTHERS),
    st.tuples(st.just("check")),
)


@settings(max_examples=50, deadline=None, suppress_health_check=list(HealthCheck), derandomize=True)
@given(deeds=st.lists(st.tuples(DEEDS, st.integers(0, 12)), max_size=25))
def test_what_is_told_is_what_the_model_says(
    monkeypatch_module: pytest.MonkeyPatch, deeds: list[tuple[tuple[object, ...], int]]
) -> None:
    crossroads = Crossroads(monkeypatch_module)
    for (deed, *arguments), pieces in deeds:
        getattr(crossroads, str(deed))(*arguments)
        crossroads.run(pieces)
    crossroads.check()
