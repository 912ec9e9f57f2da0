"""The shell at 80x24 and at 40x15, as recorded in tests/golden/screens; COLUMNS lies."""

import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.support.screens import Recorded, sessions
from tests.support.terminal import Terminal

LAB = [sys.executable, "-m", "tests.pyvtysh.lab"]
SIZES = ["80x24", "40x15"]


@pytest.fixture(scope="module", params=SIZES)
def seat(request: pytest.FixtureRequest) -> Iterator[tuple[str, Terminal]]:
    columns, rows = map(int, request.param.split("x"))
    env = {"NO_COLOR": "", "COLUMNS": "133", "LINES": "77", "PYVTYSH_ALIASES": "/dev/null"}
    with Terminal(LAB, rows=rows, columns=columns, env=env) as terminal:
        terminal.wait_prompt("r1# ", 60)
        yield request.param, terminal


@pytest.mark.parametrize("path", sessions(), ids=lambda path: path.stem)
def test_a_session_is_as_recorded(
    path: Path, seat: tuple[str, Terminal], update_golden: bool
) -> None:
    size, terminal = seat
    recorded = Recorded.read(path)
    recorded.play(terminal, size, record=update_golden)
    if update_golden:
        recorded.write()


def test_all_sizes_are_recorded() -> None:
    assert sessions()
    for path in sessions():
        assert all(list(step.screens) == SIZES for step in Recorded.read(path).steps), path
