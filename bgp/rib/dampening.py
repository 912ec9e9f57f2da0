"""Route flap dampening (RFC 2439), as FRR computes it: routes that come and go are held back.

A withdrawal costs 1000, a change of attributes 500. Penalties halve with the half-life, in steps of
5 seconds; what is held back is looked at every 10 seconds. Only routes of external neighbours take
part, and only those that flapped cost anything: a `Flap` each.

A route that is not to be used stays in the table, with a `Withheld` in place of its next hop. What
was withdrawn stays as a history entry, which as in FRR goes with a clear only: penalties of routes
that are not held back are worked out when they flap again.
"""

from collections.abc import Callable, Generator, Iterable
from dataclasses import dataclass
from math import ceil, log, log2
from typing import Final

from bgp.familyconfig import Dampening as Settings
from bgp.rib.nexthop import Nexthop
from bgp.rib.path import Path, Source, paths_of
from bgp.rib.table import Table
from grammar.base.values import Address

PENALTY: Final = 1000
"""For a withdrawal; a change of attributes costs half."""
STEP: Final = 5
"""Seconds in which penalties do not change."""
ROUND: Final = 10
"""Seconds between two looks at what is held back."""
_SIZES: Final = 1024
_ROUNDS: Final = 256
CHUNK: Final = 1024

Key = tuple[int, Source, int]
"""Whose penalty it is: the prefix's key, the neighbour and its path id."""


class Withheld(Nexthop):
    """What stands in place of the next hop of a route that must not be used: it never resolves.

    `real` is the next hop itself; `history` tells that the neighbour withdrew the route, `damped`
    that its penalty is too high.
    """

    __slots__ = ("damped", "history", "real")

    def __init__(self, real: Nexthop | None, *, damped: bool = True, history: bool = False) -> None:
        self.real: Nexthop | None = None
        if real is None:
            super().__init__(Address.parse("0.0.0.0"))
        else:
            super().__init__(real.address, real.ifindex, real.connected)
        self.real = real
        self.damped = damped
        self.history = history

    @property
    def paths(self) -> int:
        """Paths that use the next hop itself: it has to be known when they are used again."""
        return 0 if self.real is None else self.real.paths

    @paths.setter
    def paths(self, count: int) -> None:
        if self.real is not None:
            self.real.paths = count


def withheld(path: Path) -> Withheld | None:
    """What keeps a path from being used; None if dampening does not."""
    found = path.nexthop
    return found if type(found) is Withheld else None


def is_history(path: Path) -> bool:
    """True for what its neighbour withdrew, and is remembered for its penalty only."""
    found = path.nexthop
    return type(found) is Withheld and found.history


def reachability(path: Path) -> Nexthop | None:
    """The next hop itself, whether the path may be used or not."""
    found = path.nexthop
    return found.real if type(found) is Withheld else found


def _with(path: Path, nexthop: Nexthop | None) -> Path:
    made = path.revised(path.attrs)
    made.nexthop = nexthop
    return made


@dataclass(slots=True)
class Flap:
    """The penalty of a route; times are in seconds of the daemon's clock."""

    started: int
    penalty: int = 0
    count: int = 0
    updated: int = 0
    suppressed: bool = False
    withdrawn: bool = False
    """The last that was heard of it was a withdrawal."""
    due: int = -1
    """The round in which it is looked at, if it is held back."""


@dataclass(frozen=True, slots=True)
class Report:
    """What is shown of a flap: the penalty by now, how often, for how many seconds, and in how many
    seconds the route may be used again (None if it is not held back)."""

    penalty: int
    count: int
    seconds: int
    reuse: int | None


class Curve:
    """The arithmetic of penalties for one `bgp dampening` line; times in seconds."""

    def __init__(self, settings: Settings) -> None:
        self.half_life = settings.half_life * 60
        self.reuse = settings.reuse
        self.suppress = settings.suppress
        self.longest = settings.longest * 60
        self.ceiling = int(settings.reuse * 2 ** (self.longest / self.half_life))
        """The highest penalty."""
        self._per_step = 0.5 ** (STEP / self.half_life)
        self._steps = ceil(self.longest / STEP)
        self._rounds = min(ceil(self.longest / ROUND) + 1, _ROUNDS)
        ratio = self.ceiling / self.reuse
        self._scale = _SIZES / (ratio - 1) if ratio > 1 else 0.0

    def decayed(self, penalty: int, seconds: int) -> int:
        """A penalty after some time."""
        steps = seconds // STEP
        if not steps:
            return penalty
        return 0 if steps >= self._steps else int(penalty * self._per_step**steps)

    def seconds_to_reuse(self, penalty: int) -> int:
        """How long it takes until the route may be used again."""
        if penalty <= self.reuse:
            return 0
        return min(int(STEP * log(self.reuse / penalty) / log(self._per_step)), self.longest)

    def rounds_to_reuse(self, penalty: int) -> int:
        """The same in rounds, in the steps of FRR's reuse lists."""
        place = min(int((penalty / self.reuse - 1) * self._scale), _SIZES - 1)
        if place <= 0:
            return 0
        per_double = self.half_life / ROUND
        least = int(per_double * log2(self.reuse))
        return (int(per_double * log2(self.reuse * (1 + place / self._scale))) - least) % (
            self._rounds
        )


class Dampening:
    """The penalties of one table. `now()` is the daemon's clock, `later` its timers, `run` queues
    sliced work."""

    def __init__(
        self,
        table: Table,
        settings: Settings,
        now: Callable[[], float],
        later: Callable[[float, Callable[[], None]], object],
        run: Callable[[str, Generator[None, None, None]], None],
    ) -> None:
        self.settings = settings
        self.curve = Curve(settings)
        self._table = table
        self._now = now
        self._later = later
        self._run = run
        self._begun = now()
        self._flaps: dict[Key, Flap] = {}
        self._rounds: dict[int, dict[Key, None]] = {}
        self._waiting = False
        self._over = False

    # --- what neighbours say ---------------------------------------------------------------------

    def put(self, keys: Iterable[int], path: Path) -> int:
        """Enter a path for these prefixes, as `Table.put`; history entries count as none."""
        usable: list[int] = []
        held: list[int] = []
        fresh = 0
        for key in keys:
            old = _find(self._table, key, path.source, path.path_id)
            who = (key, path.source, path.path_id)
            flap = self._flaps.get(who)
            if old is None:
                self._drop(who)
                may = True
            elif is_history(old):
                fresh += 1
                may = flap is None or self._may_use(who, flap)
            elif _says_the_same(old, path):
                may = flap is None or not flap.suppressed
            else:
                may = self._may_use(who, self._charge(who, flap, PENALTY // 2))
            (usable if may else held).append(key)
        if held:
            self._table.put(held, _with(path, Withheld(path.nexthop)))
        return fresh + self._table.put(usable, path)

    def withdraw(self, keys: Iterable[int], source: Source, path_id: int = 0) -> int:
        """A neighbour withdrew these prefixes: history entries are left; how many there were."""
        gone = 0
        for key in keys:
            old = _find(self._table, key, source, path_id)
            if old is None or is_history(old):
                continue
            who = (key, source, path_id)
            flap = self._charge(who, self._flaps.get(who), PENALTY)
            flap.withdrawn = True
            entry = Withheld(reachability(old), damped=flap.suppressed, history=True)
            self._table.put([key], _with(old, entry))
            gone += 1
        return gone

    def refuse(self, keys: Iterable[int], source: Source, path_id: int = 0) -> int:
        """Policy does not take what a neighbour said of these prefixes: no penalty for it."""
        chosen = []
        for key in keys:
            old = _find(self._table, key, source, path_id)
            if old is not None and not is_history(old):
                self._drop((key, source, path_id))
                chosen.append(key)
        return self._table.withdraw(chosen, source, path_id)

    def _may_use(self, who: Key, flap: Flap) -> bool:
        now = int(self._now())
        flap.withdrawn = False
        flap.penalty = self.curve.decayed(flap.penalty, now - flap.updated)
        flap.updated = now
        if flap.suppressed and flap.penalty < self.curve.reuse:
            self._unlist(who, flap)
        if flap.penalty <= self.curve.reuse / 2:
            self._drop(who)
        return not flap.suppressed

    def _charge(self, who: Key, flap: Flap | None, amount: int) -> Flap:
        now = int(self._now())
        if flap is None:
            flap = self._flaps[who] = Flap(now, updated=now)
        penalty = self.curve.decayed(flap.penalty, now - flap.updated) + amount
        flap.penalty = min(penalty, self.curve.ceiling)
        flap.updated = now
        flap.count += 1
        if flap.suppressed or flap.penalty >= self.curve.suppress:
            self._list(who, flap)
        return flap

    # --- the rounds ------------------------------------------------------------------------------

    def _round(self) -> int:
        return int((self._now() - self._begun) / ROUND)

    def _list(self, who: Key, flap: Flap) -> None:
        self._unlist(who, flap)
        flap.suppressed = True
        flap.due = self._round() + 1 + self.curve.rounds_to_reuse(flap.penalty)
        self._rounds.setdefault(flap.due, {})[who] = None
        self._wait()

    def _unlist(self, who: Key, flap: Flap) -> None:
        flap.suppressed = False
        self._rounds.get(flap.due, {}).pop(who, None)

    def _wait(self) -> None:
        if not self._waiting and not self._over:
            self._waiting = True
            at = self._begun + (self._round() + 1) * ROUND
            self._later(at - self._now(), self._look)

    def _look(self) -> None:
        self._waiting = False
        due = [number for number in self._rounds if number <= self._round()]
        found = [who for number in due for who in self._rounds.pop(number)]
        if found:
            self._run("dampening", self._release(found))
        if self._rounds:
            self._wait()

    def _release(self, found: list[Key]) -> Generator[None, None, None]:
        now = int(self._now())
        for count, who in enumerate(found, 1):
            flap = self._flaps.get(who)
            if flap is not None and not self._over:
                self._reconsider(who, flap, now)
            if count % CHUNK == 0:
                yield

    def _reconsider(self, who: Key, flap: Flap, now: int) -> None:
        flap.penalty = self.curve.decayed(flap.penalty, now - flap.updated)
        flap.updated = now
        if flap.penalty >= self.curve.reuse:
            self._list(who, flap)
            return
        flap.suppressed = False
        if flap.penalty <= self.curve.reuse / 2:
            self._free(who)
        elif not flap.withdrawn:
            self._use(who)

    # --- the end of penalties --------------------------------------------------------------------

    def clear(self, key: int | None = None) -> None:
        """`clear ip bgp dampening`: of one prefix, or of all."""
        found = [who for who in self._flaps if key is None or who[0] == key]
        self._run("dampening cleared", self._free_all(found))

    def stop(self) -> None:
        """The line went, or has other numbers."""
        self._over = True
        self.clear()

    def forget(self, source: Source) -> None:
        """A neighbour is no longer configured: nothing of it is remembered."""
        found = [who for who in self._flaps if who[1] is source]
        self._run("dampening cleared", self._free_all(found))

    def _free_all(self, found: list[Key]) -> Generator[None, None, None]:
        for count, who in enumerate(found, 1):
            self._free(who)
            if count % CHUNK == 0:
                yield

    def _free(self, who: Key) -> None:
        self._drop(who)
        key, source, path_id = who
        old = _find(self._table, key, source, path_id)
        if old is not None and is_history(old):
            self._table.withdraw([key], source, path_id)
        else:
            self._use(who)

    def _use(self, who: Key) -> None:
        key, source, path_id = who
        old = _find(self._table, key, source, path_id)
        if old is not None and withheld(old) is not None:
            self._table.put([key], _with(old, reachability(old)))

    def _drop(self, who: Key) -> None:
        flap = self._flaps.pop(who, None)
        if flap is not None:
            self._unlist(who, flap)

    # --- what show commands ask ------------------------------------------------------------------

    def of(self, key: int, path: Path) -> Report | None:
        """What there is to tell of a path of the table; None if it never flapped."""
        flap = self._flaps.get((key, path.source, path.path_id))
        if flap is None:
            return None
        now = int(self._now())
        penalty = self.curve.decayed(flap.penalty, now - flap.updated)
        held = withheld(path)
        reuse = None
        if held is not None and not held.history:
            reuse = self.curve.seconds_to_reuse(penalty)
        return Report(penalty, flap.count, now - flap.started, reuse)

    def keys(self) -> set[int]:
        """The prefixes with penalties."""
        return {who[0] for who in self._flaps}


def _find(table: Table, key: int, source: Source, path_id: int) -> Path | None:
    for path in paths_of(table.get(key)):
        if path.source is source and path.path_id == path_id:
            return path
    return None


def _says_the_same(old: Path, new: Path) -> bool:
    return (
        old.attrs is new.attrs
        and old.gateway == new.gateway
        and old.link_local == new.link_local
        and old.weight == new.weight
    )
