"""What a daemon's work costs: how often each kind of it ran, and for how long."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from grammar.base.clock import spent

_MOST = 500
_REST = "others"

Marks = tuple[float, float]
"""Seconds of processor and of wall clock when a run began."""


@dataclass(slots=True)
class Cost:
    """All runs of one kind of work; seconds."""

    type: str
    runs: int = 0
    cpu: float = 0.0
    longest_cpu: float = 0.0
    wall: float = 0.0
    longest_wall: float = 0.0

    def add(self, other: "Cost") -> None:
        """Count the runs of another kind with these."""
        self.runs += other.runs
        self.cpu += other.cpu
        self.wall += other.wall
        self.longest_cpu = max(self.longest_cpu, other.longest_cpu)
        self.longest_wall = max(self.longest_wall, other.longest_wall)


class Ledger:
    """Costs by name. A type is one letter of FRR's: R read, W write, T timer, E event, X execute.

    Measuring a run takes about a microsecond; names beyond the first hundreds share one entry.
    """

    def __init__(self, clock: Callable[[], Marks] = spent) -> None:
        self._clock = clock
        self.costs: dict[str, Cost] = {}
        self.queued: Callable[[], Iterable[str]] | None = None
        """The names of what waits to be run; None without a queue."""

    @property
    def waiting(self) -> int:
        """How much waits to be run."""
        return 0 if self.queued is None else sum(1 for _ in self.queued())

    def begin(self) -> Marks:
        """The marks of a run that begins now."""
        return self._clock()

    def end(self, name: str, type_: str, begun: Marks) -> Marks:
        """Enter a run that ends now; the marks of the next."""
        now = self.begin()
        cost = self.costs.get(name)
        if cost is None:
            name = name if len(self.costs) < _MOST else _REST
            cost = self.costs.setdefault(name, Cost(type_))
        cpu, wall = now[0] - begun[0], now[1] - begun[1]
        cost.runs += 1
        cost.cpu += cpu
        cost.wall += wall
        if cpu > cost.longest_cpu:
            cost.longest_cpu = cpu
        if wall > cost.longest_wall:
            cost.longest_wall = wall
        return now

    def clear(self, types: str) -> None:
        """Forget the costs of these types."""
        self.costs = {name: cost for name, cost in self.costs.items() if cost.type not in types}
