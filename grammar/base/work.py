"""Sliced work: long loops over routes run as generators, a few milliseconds at a time.

The loop that owns a `Work` gives it `call_soon`; between two slices timers and sockets have their
turn, which is why keepalives are never late (architecture: "How one UPDATE flows").
"""

from collections import deque
from collections.abc import Callable, Generator, Iterable, Iterator
from heapq import merge

from grammar.base.clock import Clock
from grammar.base.ledger import Ledger

BUDGET = 0.010
"""Seconds that one slice may take; a generator yields at least every 2 ms of its own work."""

PORTION = 2048
"""Keys that `in_order` sorts or gives between two pauses: 1 or 2 ms with what is done to each."""

Steps = Generator[None, None, None] | Iterator[None]


def in_order(keys: Iterable[int]) -> Iterator[int | None]:
    """The keys, smallest first; each None among them is a place to pause.

    Sorting 65,000 keys at once takes 45 ms; here portions are sorted, then merged on the way.
    """
    unsorted = list(keys)
    portions: list[list[int]] = []
    for start in range(0, len(unsorted), PORTION):
        portions.append(sorted(unsorted[start : start + PORTION]))
        yield None
    merged = portions[0] if len(portions) == 1 else merge(*portions)
    for count, key in enumerate(merged, 1):
        yield key
        if count % PORTION == 0:
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
