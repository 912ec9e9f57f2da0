"""What typing costs on a slow link to the terminal, and that it works there."""

import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.pyvtysh.serving import Served
from tests.pyvtysh.sitting import sit
from tests.support.terminal import Terminal
from tests.support.wait import until

LINE = "animal bear kind bigbigbigbigb"
KEY, WORD = 60, 90
"""Bytes for a key, and for one after which the rest of a word stands behind the cursor.

Measured: 37, and 35 for a blank; 53 with such a rest.
"""
RATE = 300
"""Bytes a second: a modem of 1980."""
PORTION = 15
"""Bytes that are read at a time."""


@pytest.fixture
def served(tmp_path: Path) -> Iterator[Served]:
    with Served(tmp_path, "zebra", "bgpd") as served:
        (tmp_path / "vtysh.conf").write_text("")
        yield served


@pytest.fixture
def terminal(served: Served) -> Iterator[Terminal]:
    with sit(served, rows=24, columns=80) as terminal:
        for line in ("conf t", "barn 2", "animal bear kind big"):
            terminal.enter(line)
        terminal.wait_prompt("farm(config-barn)# ")
        yield terminal


def test_a_key_costs_few_bytes(terminal: Terminal) -> None:
    costs = []
    typed = ""
    before = terminal.heard
    for key in LINE:
        terminal.type(key)
        typed += key
        shown = f"farm(config-barn)# {typed}"
        until(lambda shown=shown: terminal.cursor[1] == len(shown), 10, repr(shown))  # type: ignore[misc]
        terminal.settle()
        costs.append((key, terminal.heard - before))
        before = terminal.heard
    assert all(cost for _, cost in costs)
    assert max(cost for _, cost in costs) <= WORD, costs
    assert sorted(cost for _, cost in costs)[-4] <= KEY, costs


def drip(terminal: Terminal, rate: int, ended: Callable[[], bool]) -> None:
    """Read no faster than so many bytes a second, until something is so."""
    pause, begun, heard = PORTION / rate, time.monotonic(), 0
    while not ended():
        assert time.monotonic() - begun < 60, terminal.seen()
        if heard <= (time.monotonic() - begun) * rate and terminal.sip(PORTION):
            heard += PORTION
        time.sleep(pause / 2)


def test_a_line_is_typed_over_a_slow_link(served: Served, terminal: Terminal) -> None:
    # Ten keys a second are more than the link takes: the screen comes behind.
    keys = list(LINE + "\r")
    begun = time.monotonic()
    animals = served.farms["bgpd"].config.barns[2].animals

    def ended() -> bool:
        if keys and time.monotonic() - begun > 0.1 * (len(LINE) + 1 - len(keys)):
            terminal.type(keys.pop(0))
        return not keys and terminal.seen() == "farm(config-barn)#"

    drip(terminal, RATE, ended)
    until(lambda: animals["bear"].kind == LINE.split()[-1], 10, "the line in the daemon")
