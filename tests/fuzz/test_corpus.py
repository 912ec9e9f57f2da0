"""Every decoder takes what is kept, and anything like it."""

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.fuzz.corpora import inputs
from tests.fuzz.streams import STREAMS
from tests.fuzz.targets import DECODERS

TARGETS = {**DECODERS, **STREAMS}
SLOW = {"router", "vty"}


@pytest.mark.parametrize("name", TARGETS)
def test_what_is_kept_does_no_harm(name: str) -> None:
    target = TARGETS[name]
    for data in inputs(name)[: 40 if name in SLOW else None]:
        target(data)


def changed(name: str) -> st.SearchStrategy[bytes]:
    """Inputs of a target with some bytes changed, cut out or put in."""
    spot = st.tuples(st.integers(0, 5000), st.integers(0, 3), st.binary(max_size=3))

    def change(data: bytes, spots: list[tuple[int, int, bytes]]) -> bytes:
        for place, cut, new in spots:
            at = place % (len(data) + 1)
            data = data[:at] + new + data[at + cut :]
        return data

    return st.builds(change, st.sampled_from(inputs(name)), st.lists(spot, max_size=4))


@pytest.mark.parametrize("name", TARGETS)
def test_anything_like_it_does_no_harm(name: str) -> None:
    target = TARGETS[name]

    @settings(
        max_examples=15 if name in SLOW else 60,
        deadline=None,
        suppress_health_check=list(HealthCheck),
        derandomize=True,
        database=None,
    )
    @given(st.one_of(changed(name), changed(name), st.binary(max_size=64)))
    def run(data: bytes) -> None:
        target(data)

    run()
