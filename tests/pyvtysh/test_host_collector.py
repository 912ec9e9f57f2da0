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
