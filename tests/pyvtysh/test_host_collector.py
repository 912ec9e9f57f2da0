"""Garbage collection of a daemon: small portions when it has little to do, else none."""

import asyncio
import gc
import time
import weakref
from collections.abc import Iterator

import pytest

from pyvtysh.host import signals
from pyvtysh.host.signals import Collector


class Knot:
    """Garbage that only a collection finds."""

    def __init__(self) -> None:
        self.itself = self


@pytest.fixture
def collector(monkeypatch: pytest.MonkeyPatch) -> Iterator[Collector]:
    monkeypatch.setattr(signals, "_COLLECT_EVERY", 0.01)
    yield Collector()
    gc.unfreeze()
    gc.enable()
    gc.collect()


@pytest.mark.parametrize(("used", "collected"), [(0.1, True), (0.5, False)])
def test_a_busy_process_looks_for_no_garbage(
    collector: Collector, monkeypatch: pytest.MonkeyPatch, used: float, collected: bool
) -> None:
    clock, freeze = 0.0, gc.freeze
    frozen = asyncio.Event()

    def noted() -> None:
        freeze()
        frozen.set()

    monkeypatch.setattr(time, "process_time", lambda: clock)

    async def run() -> bool:
        nonlocal clock
        collector.start()
        knot = weakref.ref(Knot())
        clock += used
        monkeypatch.setattr(gc, "freeze", noted)
        await asyncio.wait_for(frozen.wait(), 10)
        collector.stop()
        return knot() is None

    assert asyncio.run(run()) is collected


@pytest.mark.parametrize(("most", "collected"), [(1_000_000, True), (10, False)])
def test_all_is_looked_at_now_and_then_unless_that_is_much(
    collector: Collector, monkeypatch: pytest.MonkeyPatch, most: int, collected: bool
) -> None:
    monkeypatch.setattr(signals, "_BUSY", -1.0)
    monkeypatch.setattr(signals, "_ALL_EVERY", 0.05)
    monkeypatch.setattr(signals, "_ALL_AT_MOST", most)
    kept: list[Knot] = []

    async def run() -> bool:
        collector.start()
        knot = weakref.ref(Knot())
        end = time.monotonic() + (10 if collected else 0.3)
        while knot() is not None and time.monotonic() < end:
            kept.extend(Knot() for _ in range(500))
            await asyncio.sleep(0.01)
        collector.stop()
        return knot() is None

    assert asyncio.run(run()) is collected
