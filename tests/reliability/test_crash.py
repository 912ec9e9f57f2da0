"""The short form of `make crash`: one moment for each of some processes."""

import os

import pytest

from tests.reliability.crash import Crashes
from tests.support.namespaces import Lab

pytestmark = pytest.mark.real

SEED = int(os.environ.get("SEED", "1"))


def test_all_agree_again_whatever_is_killed() -> None:
    with Lab() as lab:
        crashes = Crashes(lab, SEED)
        try:
            crashes.start()
            for victim in ("zebra", "vtysh", "bgpd", "watcher"):
                if victim == "watcher":
                    sessions = crashes.scene.speakers.ask("timing")["sessions"]
                crashes.moment(victim)
            # Sessions, which the daemons keep, outlive their watcher.
            assert crashes.scene.speakers.ask("timing")["sessions"] == sessions
        finally:
            outcome = crashes.close()
    assert outcome.bad == []
    assert outcome.writes
