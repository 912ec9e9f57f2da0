"""The story of the guide told by the real FRR and by ours: every answer has to be the same."""

from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor

import pytest

from tests.interop.story import STEPS, tell
from tests.support.golden import assert_same
from tests.support.scenario import UNDER_TEST

pytestmark = pytest.mark.real

Answers = Mapping[tuple[int, int], str]
QUESTIONS = [
    pytest.param(at, number, id=f"{step.name}:{question.title}")
    for at, step in enumerate(STEPS)
    for number, question in enumerate(step.questions)
]


@pytest.fixture(scope="module")
def told() -> Mapping[str, Answers]:
    """What each kind of router answers; "model" is the real FRR, told once more."""
    with ThreadPoolExecutor() as pool:
        running = {kind: pool.submit(tell, kind) for kind in UNDER_TEST}
        running["model"] = pool.submit(tell, "frr")
        return {kind: future.result() for kind, future in running.items()}


@pytest.mark.parametrize("kind", UNDER_TEST)
@pytest.mark.parametrize(("at", "number"), QUESTIONS)
def test_answers_as_frr_does(told: Mapping[str, Answers], kind: str, at: int, number: int) -> None:
    assert_same(
        told[kind][at, number],
        told["model"][at, number],
        f"{STEPS[at].name}: {STEPS[at].questions[number].title}",
        names=("frr", kind),
    )
