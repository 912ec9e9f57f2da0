"""What becomes of routes: changes on their way to the kernel, who hears of them, and counters."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

from zebra.debug import Journal
from zebra.kernel.api import Change, Kernel
from zebra.nexthop import Group
from zebra.rib import Dest, RouteEntry
from zebra.vrf import Table
from zebra.zapi.constants import NotifyNote, RouteType


class Listener(Protocol):
    """Who hears what became of routes."""

    def hears(self, table: Table, type: RouteType, instance: int) -> bool:
        """False if `selected` and `notify` make no difference for routes of an owner."""
        ...

    def selected(
        self, table: Table, dest: Dest, new: RouteEntry | None, old: RouteEntry | None
    ) -> None:
        """The route in use changed from `old` to `new`, and the kernel has followed."""
        ...

    def told(self, table: Table, dest: Dest) -> None:
        """Everybody has heard of a change: next hops may resolve otherwise now."""
        ...

    def notify(self, table: Table, dest: Dest, entry: RouteEntry, note: NotifyNote) -> None:
        """News for the owner of a route."""
        ...


BATCH = 1000
"""Changes handed to the kernel at once, unless `zebra dplane limit` says less."""


@dataclass(slots=True)
class Counters:
    """What `show zebra` and `show zebra dplane` count."""

    errors: int = 0
    refused: int = 0
    """Routes that a kernel did not take."""
    deepest: int = 0
    address_updates: int = 0
    link_updates: int = 0


class Refusals:
    """With which error the kernel refused routes last, of some thousand prefixes."""

    MOST = 4096

    def __init__(self) -> None:
        self._errors: dict[tuple[Table, int], int] = {}

    def note(self, table: Table, key: int, error: int) -> None:
        """The kernel did not take a route."""
        if len(self._errors) >= self.MOST:
            self._errors.clear()
        self._errors[table, key] = error

    def of(self, table: Table, key: int) -> int | None:
        """The errno of the last refusal; None if it is not known any more."""
        return self._errors.get((table, key))


class Pending:
    """Changes on their way to the kernel, with what their answers concern.

    One of anything, or the changes of one route for many prefixes: `dests` and `olds`, the routes
    that were there before, are as many as `changes` then.
    """

    __slots__ = ("changes", "dests", "entry", "group", "olds", "table")

    def __init__(
        self,
        change: Change | None = None,
        table: Table | None = None,
        dest: Dest | None = None,
        entry: RouteEntry | None = None,
        old: RouteEntry | None = None,
        group: Group | None = None,
    ) -> None:
        self.changes: list[Change] = [] if change is None else [change]
        self.table = table
        self.dests = [] if dest is None else [dest]
        self.entry = entry
        self.olds = [] if dest is None else [old]
        self.group = group


class Waiting:
    """What waits to be handed to one kernel, and how many batches it has not answered."""

    __slots__ = ("batch", "size", "unanswered")

    def __init__(self) -> None:
        self.batch: list[Pending] = []
        self.size = 0
        """Changes in `batch`."""
        self.unanswered = 0

    def take(self) -> list[Pending]:
        """All that waits; nothing waits any more."""
        batch, self.batch, self.size = self.batch, [], 0
        return batch


class Telling:
    """Hands changes to kernels in batches; `Fib` is it."""

    def __init__(self, journal: Journal) -> None:
        self._journal = journal
        self._waiting: dict[Kernel, Waiting] = {}
        self.counters = Counters()
        self.most = BATCH
        """How many changes wait before the kernel is handed them."""

    def begin(self) -> None:
        """Answers are about to be taken in, as a slice of work."""
        raise NotImplementedError

    def answered(self, pending: Pending, errors: Sequence[int]) -> None:
        """What became of changes: an errno for each."""
        raise NotImplementedError

    def queue(self, pending: Pending, kernel: Kernel) -> None:
        """Have a kernel told, soon; `pending` must not change any more."""
        waiting = self._waiting.get(kernel)
        if waiting is None:
            waiting = self._waiting[kernel] = Waiting()
        waiting.batch.append(pending)
        waiting.size += len(pending.changes)
        if waiting.size > self.counters.deepest:
            self.counters.deepest = waiting.size
        if waiting.size >= self.most:
            self.flush()

    def flush(self) -> None:
        """Hand the kernels what has gathered."""
        for kernel, waiting in self._waiting.items():
            if waiting.batch:
                self._hand_over(kernel, waiting)

    def _hand_over(self, kernel: Kernel, waiting: Waiting) -> None:
        batch = waiting.take()
        changes = [change for pending in batch for change in pending.changes]
        self._journal.kernel.programming(kernel, changes)
        waiting.unanswered += 1

        def done(errors: Sequence[int]) -> None:
            waiting.unanswered -= 1
            self._done(batch, errors)

        kernel.program(changes, done)

    @property
    def idle(self) -> bool:
        """The kernels have been told everything, and have answered."""
        return not any(one.batch or one.unanswered for one in self._waiting.values())

    def forget(self, kernel: Kernel) -> None:
        """A namespace is gone, and with its kernel what waits for it."""
        self._waiting.pop(kernel, None)

    def _done(self, batch: list[Pending], errors: Sequence[int]) -> None:
        self.begin()
        at = 0
        for pending in batch:
            end = at + len(pending.changes)
            self.answered(pending, errors[at:end])
            at = end
        self.flush()
