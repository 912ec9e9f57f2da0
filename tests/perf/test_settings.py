"""What a change must not break: large configurations, and many neighbours with nothing to say."""

import pytest

from tests.perf import bigfile, idle
from tests.perf.starts import ASYNCIO, run

pytestmark = pytest.mark.real


def test_a_large_file_costs_less_than_frr_and_grows_with_its_lines() -> None:
    # Measured with 1,100 lines: 0.15 times FRR's CPU to read them, 0.9 times to print them; three
    # times the lines cost 1.5 times the CPU, given by vtysh 2.4 times (FRR: 9 times).
    ours, frr = bigfile.measure("ours", 0.1), bigfile.measure("frr", 0.1)
    assert ours.lines == frr.lines
    assert ours.read <= 0.4 * frr.read, (ours, frr)
    assert ours.shown <= 2 * frr.shown, (ours, frr)
    larger = bigfile.measure("ours", 0.3)
    assert larger.read <= 3 * ours.read, (ours, larger)
    some, more = bigfile.boot("ours", 0.1), bigfile.boot("ours", 0.3)
    assert more <= 3.5 * some, (some, more)


def test_idle_neighbours_cost_little() -> None:
    # Measured with 1,000 and a keepalive each 10 s: 1.8 % of a core and 23 KiB each, FRR 12 % and
    # 720 KiB. A message, sent or received, is a four-hundredth of an import of asyncio.
    unit = min(run(ASYNCIO).cpu for _ in range(3))
    found = idle.measure("ours", 200, 1, 2.0, settling=0.5)
    assert found.kept == 200
    assert found.share / 400 <= unit / 200, (found, unit)
    assert found.memory <= 60, found
