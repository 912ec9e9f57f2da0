"""Options, and the rule for tests that need real peers: skipped without them, failed under CI."""

import gc
import os

import pytest
from hypothesis import HealthCheck, settings

from tests.support import peers

# Without bytecode each of the thousand programs started here would compile all it imports again.
os.environ.pop("PYTHONDONTWRITEBYTECODE", None)

# On a machine that does other things, too, an example may take long for no fault of its own.
settings.register_profile("shared", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("shared")


# What is collected stays to the end: to look through it again and again takes a third of the time.
gc.disable()


def pytest_collection_finish() -> None:
    gc.freeze()
    gc.enable()


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption(
        "--update-golden",
        action="store_true",
        help="rewrite tests/golden from the real FRR instead of comparing with it",
    )
    parser.addoption(
        "--all-records",
        action="store_true",
        help="replay all records of bgpd's lines, not the quarter of every run",
    )


@pytest.hookimpl(tryfirst=True)
def pytest_runtest_setup(item: pytest.Item) -> None:
    mark = item.get_closest_marker("real")
    if mark is None:
        return
    reason = peers.no_namespaces() if mark.args == ("namespaces",) else peers.unavailable()
    if reason is None:
        return
    if os.environ.get("CI") == "true":
        pytest.fail(f"skipped under CI=true: {reason}", pytrace=False)
    pytest.skip(reason)


@pytest.fixture(scope="session")
def update_golden(request: pytest.FixtureRequest) -> bool:
    return bool(request.config.getoption("--update-golden"))
