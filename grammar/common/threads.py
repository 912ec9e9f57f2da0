"""`show thread cpu` and `show work-queues`: what this daemon's own work has cost, in FRR's tables.

One thread does everything here; the rows are the kinds of work that its slices are spent on.
"""

from collections import Counter
from collections.abc import Iterable, Iterator

from grammar.base.errors import CommandError, Status
from grammar.base.ledger import Cost, Ledger

TYPES = "RWTEXB"
"""What a filter may consist of: read, write, timer, event, execute, and background of old."""

_SECOND = 1_000_000
_ABOVE = " " * 31 + "CPU (user+system): Real (wall-clock):\n"
_COLUMNS = "Active   Runtime(ms)   Invoked Avg uSec Max uSecs Avg uSec Max uSecs"
_WORK_QUEUES = (
    "      List (ms)   Q. Runs   Yields       Cycle Counts   \n"
    "P    Items  Hold    Total    Total    Best  Gran.    Total   Avg. Name\n"
)


def types_of(text: str | None) -> str:
    """The types that a filter names; CommandError."""
    if text is None:
        return TYPES
    types = "".join(letter for letter in TYPES if letter in text.upper())
    if not types:
        says = f"Invalid filter \"{text}\" specified; must contain at leastone of '{TYPES}'"
        raise CommandError(says, Status.WARNING)
    return types


def show_thread_cpu(ledger: Ledger, types: str) -> Iterator[str]:
    """The lines of `show thread cpu`."""
    title = "Showing statistics for pthread default"
    yield f"\n{title}\n{'-' * len(title)}\n{_ABOVE}"
    yield f"{_COLUMNS}  CPU_Warn Wall_Warn Starv_Warn Type   Thread\n"
    waiting = Counter(ledger.queued() if ledger.queued is not None else ())
    total = Cost("")
    found = ""
    for name, cost in ledger.costs.items():
        if cost.type in types:
            total.add(cost)
            found += cost.type
            yield _row(waiting[name], cost, cost.type, name)
    yield f"\n\nTotal thread statistics\n-------------------------\n{_ABOVE}"
    yield f"{_COLUMNS}  CPU_Warn Wall_Warn  Type  Thread\n"
    if total.runs:
        yield _row(waiting.total(), total, found, "TOTAL")


def _row(active: int, cost: Cost, types: str, name: str) -> str:
    runtime = int(cost.cpu * _SECOND)
    letters = "".join(letter if letter in types else " " for letter in "RWTEX")
    times = (
        runtime // cost.runs,
        int(cost.longest_cpu * _SECOND),
        int(cost.wall * _SECOND) // cost.runs,
        int(cost.longest_wall * _SECOND),
    )
    return (
        f"{active:5} {runtime // 1000:10}.{runtime % 1000:03} {cost.runs:9}"
        f" {times[0]:8} {times[1]:9} {times[2]:8} {times[3]:9}"
        f" {0:9} {0:9} {0:10}  {letters}  {name}\n"
    )


def show_work_queues(ledger: Ledger) -> Iterable[str]:
    """The lines of `show work-queues`: all sliced work is one queue, if there is any."""
    yield _WORK_QUEUES
    if ledger.queued is None:
        return
    sliced = [cost for cost in ledger.costs.values() if cost.type == "E"]
    runs = sum(cost.runs for cost in sliced)
    yield (
        f"  {len(list(ledger.queued())):8} {0:5} {runs:8} {0:8} {1:7} {1:6} {runs:8}"
        f" {1 if runs else 0:6} sliced work\n"
    )
