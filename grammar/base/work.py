"""Sliced work: long loops over routes run as generators, a few milliseconds at a time.

The loop that owns a `Work` gives it `call_soon`; between two slices timers and sockets have their
turn, which is why keepalives are never late (architecture: "How one UPDATE flows").
"""

from collections import deque
from collections.abc import Callable, Generator, Iterable, Iterator
from heapq import merge
from itertools import islice

from grammar.base.clock import Clock
from grammar.base.ledger import Ledger

BUDGET = 0.005
"""Seconds that one slice may take; a generator yields at least every 2 ms of its own work."""

PORTION = 2048
"""Keys that `in_order` sorts or gives between two pauses: 1 or 2 ms with what is done to each."""

_MERGED = 65536
"""Keys from which on runs are merged one by one, which costs more for each, but never long."""

Steps = Generator[None, None, None] | Iterator[None]


def sorted_blocks(keys: Iterable[int], size: int = PORTION) -> Iterator[list[int]]:
    """The keys in order, in lists of at most `size`; an empty list among them is a place to pause.

    Sorting 65,000 keys at once takes 45 ms; here portions are sorted, then merged on the way.
    """
    unsorted = list(keys)
    runs: list[list[int]] = []
    for start in range(0, len(unsorted), PORTION):
        run = sorted(unsorted[start : start + PORTION])
        if len(unsorted) > PORTION:
            yield []
        while runs and len(runs[-1]) <= len(run) < _MERGED:
            run = _both(runs.pop(), run)
        runs.append(run)
    while len(runs) > 1 and len(runs[-2]) < _MERGED:
        runs.append(_both(runs.pop(), runs.pop()))
        yield []
    if len(runs) > 1:
        merged = merge(*runs)
        while block := list(islice(merged, size)):
            yield block
    for start in range(0, len(runs[0]) if len(runs) == 1 else 0, size):
        yield runs[0][start : start + size]


def _both(left: list[int], right: list[int]) -> list[int]:
    """Two sorted lists as one, with as many comparisons as there are keys."""
    both = left + right
    both.sort()
    return both


def in_order(keys: Iterable[int]) -> Iterator[int | None]:
    """The keys, smallest first; each None among them is a place to pause."""
    for block in sorted_blocks(keys):
        yield from block
        if not block or len(block) == PORTION:
            yield None


class Work:
    """A queue of generators, run round robin within the budget of each slice.

    `call_soon(f)` must run `f` once, later, on the same thread. The time of each run goes into
    `ledger`. An exception that leaves a
    generator ends that generator only and is given to `on_error(name, exception)`.
    """

    def __init__(
        self,
        call_soon: Callable[[Callable[[], None]], object],
        clock: Clock,
        on_error: Callable[[str, Exception], None],
        ledger: Ledger | None = None,
    ) -> None:
        self._call_soon = call_soon
        self._clock = clock
        self._on_error = on_error
        self._queue: deque[tuple[str, Steps]] = deque()
        self._scheduled = False
        self._ledger = ledger or Ledger()
        self._ledger.queued = lambda: [name for name, _ in self._queue]

    def add(self, name: str, steps: Steps) -> None:
        """Queue a generator; `name` is what logs and statistics call it."""
        self._queue.append((name, steps))
        if not self._scheduled:
            self._scheduled = True
            self._call_soon(self.run_slice)

    @property
    def idle(self) -> bool:
        """True when nothing is queued."""
        return not self._queue

    def run_slice(self) -> None:
        """Run queued work for `BUDGET` seconds, then ask for another turn if some is left."""
        self._scheduled = False
        deadline = self._clock.now() + BUDGET
        begun = self._ledger.begin()
        while self._queue:
            name, steps = self._queue[0]
            if not self._step(name, steps):
                self._queue.popleft()
            elif self._clock.now() < deadline:
                continue
            else:
                self._queue.rotate(-1)
            begun = self._ledger.end(name, "E", begun)
            if self._clock.now() >= deadline:
                break
        if self._queue and not self._scheduled:
            self._scheduled = True
            self._call_soon(self.run_slice)

    def run_all(self) -> None:
        """Run everything to its end at once (tests, and the end of a process)."""
        while self._queue:
            name, steps = self._queue[0]
            if not self._step(name, steps):
                self._queue.popleft()

    def _step(self, name: str, steps: Steps) -> bool:
        try:
            next(steps)
        except StopIteration:
            return False
        except Exception as error:  # noqa: BLE001  one walk's bug must not end the daemon
            self._on_error(name, error)
            return False
        return True
