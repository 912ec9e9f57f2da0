"""`neighbor A password`: TCP MD5 (RFC 2385) with the real FRR, whichever side connects."""

import time
from collections.abc import Callable

import pytest

from tests.interop.beside import OURS, THEIRS, beside
from tests.support.scenario import UNDER_TEST
from tests.support.wait import until

pytestmark = pytest.mark.real

PASSIVE = "passive"


@pytest.mark.parametrize("kind", UNDER_TEST)
@pytest.mark.parametrize("waiting", [OURS, THEIRS], ids=["ours-waits", "frr-waits"])
def test_the_same_key_on_both_sides(kind: str, waiting: str) -> None:
    own = f"neighbor {THEIRS} password secret"
    more = f"neighbor {OURS} password secret"
    if waiting == OURS:
        own += f"\n neighbor {THEIRS} {PASSIVE}"
    else:
        more += f"\n neighbor {OURS} {PASSIVE}"
    with beside(kind, own=own, more=more) as pair:
        pair.router.start()
        pair.await_routes()
        # The key is changed on one side only: the session ends and stays down.
        pair.router.configure("router bgp 65001", f"neighbor {THEIRS} password other")
        until(lambda: pair.state() != "Established", 10, "the session is down")
        _stays_down(pair.state)
        pair.frr.configure("router bgp 65002", f"neighbor {OURS} password other")
        pair.await_routes(30)


@pytest.mark.parametrize("kind", UNDER_TEST)
@pytest.mark.parametrize(
    ("ours", "theirs"),
    [("secret", "Secret"), ("secret", None), (None, "secret")],
    ids=["another key", "only ours", "only theirs"],
)
def test_keys_that_differ_let_nothing_through(
    kind: str, ours: str | None, theirs: str | None
) -> None:
    own = f"neighbor {THEIRS} password {ours}" if ours else "!"
    more = f"neighbor {OURS} password {theirs}" if theirs else "!"
    with beside(kind, own=own, more=more) as pair:
        pair.router.start()
        _stays_down(pair.state)
        assert pair.routes() == {}
        # The right key is put right while it runs.
        line = (
            f"neighbor {THEIRS} password {theirs}" if theirs else f"no neighbor {THEIRS} password"
        )
        pair.router.configure("router bgp 65001", line)
        pair.await_routes(30)


def _stays_down(state: Callable[[], str]) -> None:
    end = time.monotonic() + 4
    while time.monotonic() < end:
        assert state() not in ("OpenSent", "OpenConfirm", "Established")
        time.sleep(0.5)
