"""The short forms of `make soak` and `make crash`, on one scene."""

import os
from collections.abc import Iterator

import pytest

from tests.reliability.crash import COUNT, PREFIXES, Crashes
from tests.reliability.scene import Scene
from tests.reliability.soak import MORE, Run
from tests.support.namespaces import Lab

pytestmark = pytest.mark.real

SEED = int(os.environ.get("SEED", "1"))


@pytest.fixture(scope="module")
def scene() -> Iterator[Scene]:
    with Lab() as lab:
        made = Scene(lab, COUNT, prefixes=PREFIXES, seed=SEED, more=MORE)
        try:
            yield made
        finally:
            made.close()


def test_nothing_is_left_of_what_is_done_and_undone(scene: Scene) -> None:
    """Growth and lateness are for the hour: here the machine does other things."""
    run = Run(scene, SEED)
    soak = run.run(4.0, rate=100, each=1.0)
    left = [text for text in soak.bad if "before and after" in text or "configuration" in text]
    assert left == []
    assert soak.lost["4/0"] == 0
    assert soak.deeds.total() >= 3
    assert scene.watcher.output().count("internal error") == 0


def test_all_agree_again_whatever_is_killed(scene: Scene) -> None:
    crashes = Crashes(scene, SEED)
    for victim in ("zebra", "vtysh", "bgpd"):
        crashes.moment(victim)
    # Sessions, which the daemons keep, outlive their watcher.
    sessions = scene.speakers.ask("timing")["sessions"]
    crashes.moment("watcher")
    assert scene.speakers.ask("timing")["sessions"] == sessions
    assert crashes.outcome.bad == []
    assert crashes.writer.writes
