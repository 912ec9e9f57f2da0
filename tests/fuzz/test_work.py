"""Eight times as many bytes are at most some twelve times the work, and length fields cost nothing.

What is quadratic takes 64 times as long for eight times the bytes. Time is that of the processor,
the least of some tries; what takes less than a few milliseconds is not compared.
"""

import tracemalloc
from time import process_time
from typing import Final

import pytest

from tests.fuzz.shapes import LENGTHS, SHAPES, Shape
from tests.fuzz.streams import STREAMS
from tests.fuzz.targets import DECODERS, Target

TARGETS: Final = {**DECODERS, **STREAMS}
IDS: Final = [f"{name}: {what}" for name, what, _ in SHAPES]
SMALL, LARGE = 8000, 64000
MOST = 24
LITTLE = 0.02


def seconds(target: Target, data: bytes, tries: int) -> float:
    """What a decoder takes."""
    taken = []
    for _ in range(tries):
        start = process_time()
        target(data)
        taken.append(process_time() - start)
    return min(taken)


def growth(target: Target, shape: Shape, tries: int = 1) -> float:
    """How many times the work is for eight times the bytes; 0 for what is too little to tell."""
    large = seconds(target, shape(LARGE), tries)
    return large / max(seconds(target, shape(SMALL), tries), 0.001) if large > LITTLE else 0


@pytest.mark.parametrize(("name", "shape"), [(name, shape) for name, _, shape in SHAPES], ids=IDS)
def test_work_grows_with_the_bytes(name: str, shape: Shape) -> None:
    target = TARGETS[name]
    assert growth(target, shape) < MOST or growth(target, shape, tries=4) < MOST


@pytest.mark.parametrize(("name", "data"), LENGTHS)
def test_memory_does_not_grow_with_what_a_length_says(name: str, data: bytes) -> None:
    target = TARGETS[name]
    target(data)
    tracemalloc.start()
    try:
        target(data)
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert peak < 64_000
