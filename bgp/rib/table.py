"""The flat table of one family: prefix key to its path, or its paths (Loc-RIB).

256 dicts by leading bits: a dict of a million grows in one long pause, shards bound that, and let
an ordered walk begin with few keys. Keys are `Prefix.key`, so they sort in FRR's order.

`put` and `withdraw` take all prefixes of an UPDATE at once. What becomes of a prefix depends only
on its old entry, so the choice is made once per distinct old entry and not once per prefix: a
second full table of a million routes makes far fewer comparisons than that.
"""

from collections.abc import Callable, Generator, Iterable, Iterator
from typing import Protocol, TypeVar

from bgp.config import Family
from bgp.labels import Labels
from bgp.rib.bandwidth import bandwidth
from bgp.rib.bestpath import choose
from bgp.rib.content import differs, same_content
from bgp.rib.installed import Installed
from bgp.rib.loops import enter, leave
from bgp.rib.path import NOTHING, Dest, Entry, Path, Source, best_of, paths_of, reason_of
from bgp.rib.rulekeys import SHIFT, RuleKeys
from bgp.rib.rules import Rules
from bgp.rib.shards import shards
from bgp.rib.txids import TxIds
from grammar.base.values import Afi, Prefix, Safi
from grammar.base.work import in_order

_Item = TypeVar("_Item")

SLICE = 4096
"""Entries that a sweep looks at between two yields (about 1 ms)."""

Step = tuple[Entry | None, tuple[Path, ...], Path | None, bool]
"""What an old entry becomes: the new entry, the paths that it lost, the best path it had, and
whether those who follow the table have to hear of it."""


Choice = tuple[Path | None, tuple[Path, ...]]
"""The path that was best, and those that were used beside it."""


class Watch(Protocol):
    """Is told of choices, before and after paths came or went."""

    def before(self, keys: Iterable[int], now_valid: bool | None = None) -> dict[int, Choice]:
        """The choices that are of interest; `now_valid` where the next hop of lone paths changed:
        whether they are valid now."""
        ...

    def after(self, choices: dict[int, Choice]) -> None:
        """What became of them may be told."""
        ...


class Table:
    """One family's routes. `version` rises by one with every prefix whose best path changes.

    `versions` has a dict per shard: the version at which each prefix last changed. `changed` maps
    the keys touched since the last `take_changed` to the path that was best before. `on_change` is
    called when the first of them is entered. `rule_keys` gives the keys of flow specifications.
    """

    def __init__(self, family: Family, rules: Rules | None = None) -> None:
        self.family = family
        self.afi: Afi = family[0]
        self.shift = 30 if self.afi is Afi.IPV4 else 128
        self.rule_keys: RuleKeys | None = None
        if family[1] is Safi.FLOWSPEC:
            self.shift = SHIFT
            self.rule_keys = RuleKeys(self.afi, lambda key: self.get(key) is not None)
        self.shards: list[dict[int, Entry]] = shards(family, pairs=True)
        self.versions: list[dict[int, int]] = shards(family)
        self.version = 0
        self.rules = rules or Rules()
        self.changed: dict[int, Path | None] = {}
        self.on_change: Callable[[], object] = bool
        self.watch: Watch | None = None
        """Who is told of choices, while some are debugged (`bgp/choicelog.py`)."""
        self.suppressed: dict[int, int] = {}
        """Prefixes that aggregates hide, and how many of these."""
        self.installed: Installed | None = None
        """What the kernel has, while routes wait for it (`bgp suppress-fib-pending`)."""
        self.deferred: dict[int, Path | None] = {}
        """Prefixes whose choice waits for neighbours (`bgp/deferral.py`): what was best before."""
        self.held = False
        """True while what changed is not chosen among (`bgp/holding.py`)."""
        self.labels: Labels | None = None
        """The own labels of the prefixes, where neighbours are told labels."""
        self.unsettled = 0
        """Walks under way that choose anew."""
        self.tx_ids = TxIds()
        self.shares = False
        """Some paths tell their bandwidth: neighbours hear of paths beside the best."""
        self.each_path = False
        """Some neighbour is told of paths that are not the best: each of them counts."""
        self.each_counts = False
        """Aggregates are made of all paths: each that comes is a change."""

    def __len__(self) -> int:
        return sum(map(len, self.shards))

    # --- looking -------------------------------------------------------------------------------

    def get(self, key: int) -> Entry | None:
        """The entry of exactly this prefix."""
        return self.shards[key >> self.shift].get(key)

    def settled(self, key: int, entry: Entry) -> Entry:
        """The entry as shows see it: while choices wait, what came since is not chosen."""
        if key in self.deferred:
            before = self.deferred[key]
        elif self.held and key in self.changed:
            before = self.changed[key]
        else:
            return entry
        paths = paths_of(entry)
        if before not in paths:
            return Dest.of(paths, None, NOTHING)
        return Dest.of(paths, before, reason_of(entry), (before,) if before is not None else ())

    def waits(self, key: int, path: Path) -> bool:
        """True for a route that neighbours are not told of until the kernel has it."""
        if key in self.deferred:
            return True
        return self.installed is not None and self.installed.waits(key, path)

    def version_of(self, key: int) -> int:
        """The table's version when this prefix last changed, 0 if it never did."""
        return self.versions[key >> self.shift].get(key, 0)

    def longest(self, prefix: Prefix) -> int | None:
        """The key of the longest prefix in the table that covers `prefix`."""
        for length in range(prefix.length, -1, -1):
            key = Prefix(self.afi, prefix.value, length).network.key
            if self.get(key) is not None:
                return key
        return None

    def walk(self) -> Iterator[tuple[int, Entry] | None]:
        """All entries in FRR's order, None for a pause; tolerates changes between steps."""
        return walk_shards(self.shards)

    # --- changing ------------------------------------------------------------------------------

    def put(self, keys: Iterable[int], path: Path) -> int:
        """Enter `path` for these prefixes in place of its source's former ones of the same id.

        Returns how many prefixes had none. A path equal to the former one replaces it (its age
        starts anew) without a change being reported.
        """
        if self.watch is None:
            return self._put(keys, path)
        asked = list(keys)
        seen = self.watch.before(asked)
        fresh = self._put(asked, path)
        self.watch.after(seen)
        return fresh

    def _put(self, keys: Iterable[int], path: Path) -> int:
        changed = self.changed
        was_quiet = not changed
        keys = keys if type(keys) is list else list(keys)

        def step_of(old: Entry) -> Step:
            return self._with(old, path)

        fresh, lost = enter(
            keys, path, self.shards, self.shift, changed, path.valid, step_of, self._plain_rules
        )
        _release(lost)
        if path.nexthop is not None:
            path.nexthop.paths += len(keys)
        if was_quiet and changed:
            self.on_change()
        return fresh

    def withdraw(self, keys: Iterable[int], source: Source, path_id: int = 0) -> int:
        """Take away what `source` said of these prefixes with this id; how many there were."""

        def goes(path: Path) -> bool:
            return path.source is source and path.path_id == path_id

        return self._take(keys, goes, source, path_id)

    def _take(
        self,
        keys: Iterable[int],
        goes: Callable[[Path], bool],
        source: Source | None = None,
        path_id: int = 0,
    ) -> int:
        if self.watch is None:
            return self._removed(keys, goes, source, path_id)
        asked = list(keys)
        seen = self.watch.before(asked)
        gone = self._removed(asked, goes, source, path_id)
        self.watch.after(seen)
        return gone

    def _removed(
        self,
        keys: Iterable[int],
        goes: Callable[[Path], bool],
        source: Source | None,
        path_id: int,
    ) -> int:
        changed = self.changed
        was_quiet = not changed
        keys = keys if type(keys) is list else list(keys)
        rules = None if source is None else self._plain_rules

        def step_of(old: Entry) -> Step:
            return self._without(old, goes)

        lost = leave(keys, self.shards, self.shift, changed, step_of, rules, source, path_id)
        _release(lost)
        if was_quiet and changed:
            self.on_change()
        return sum(lost.values())

    def sweep(
        self, source: Source, doomed: Callable[[Path], bool], done: Callable[[int], None]
    ) -> Generator[None, None, None]:
        """Work: withdraw those paths of `source` that are `doomed`; `done(count)` per slice."""

        def goes(path: Path) -> bool:
            return path.source is source and doomed(path)

        for shard in self.shards:
            keys = list(shard)
            for start in range(0, len(keys), SLICE):
                chunk = [key for key in keys[start : start + SLICE] if _has(shard.get(key), goes)]
                if chunk:
                    done(self._take(chunk, goes))
                yield

    def reselect(
        self, affected: Callable[[Path], bool], now_valid: bool = False, stays: bool = False
    ) -> Generator[None, None, None]:
        """Work that has to be run: choose anew for each prefix with an `affected` path.

        `now_valid` says that the affected paths could not be used until now; `stays` that who
        keeps the paths in use is no news.
        """
        # From now on, not from the first slice on: what goes before that has to be told too.
        self.unsettled += 1
        return self._reselecting(affected, now_valid, stays)

    def _reselecting(
        self, affected: Callable[[Path], bool], now_valid: bool, stays: bool
    ) -> Generator[None, None, None]:
        try:
            for shard in self.shards:
                keys = list(shard)
                for start in range(0, len(keys), SLICE):
                    chunk = [
                        key
                        for key in keys[start : start + SLICE]
                        if any(affected(path) for path in paths_of(shard.get(key)))
                    ]
                    seen = {} if self.watch is None else self.watch.before(chunk, now_valid)
                    self._reselect(shard, chunk, now_valid, stays)
                    if self.watch is not None:
                        self.watch.after(seen)
                    yield
        finally:
            self.unsettled -= 1

    def _reselect(
        self, shard: dict[int, Entry], keys: list[int], now_valid: bool, stays: bool
    ) -> None:
        memo: dict[Entry, Entry] = {}
        for key in keys:
            old = shard.get(key)
            if old is None or (stays and type(old) is Path):
                continue
            if type(old) is Path:
                self.touch(key, None if now_valid else old)
                continue
            new = memo.get(old)
            if new is None:
                new = memo[old] = self._select(old.paths, old.best)  # type: ignore[union-attr]
            shard[key] = new
            if not stays or old.use != new.use:  # type: ignore[union-attr]
                self.touch(key, old.best)  # type: ignore[union-attr]

    def touch(self, key: int, best: Path | None) -> None:
        """Report a prefix as changed; `best` is what was chosen until now."""
        changed = self.changed
        if key not in changed:
            changed[key] = best
            if len(changed) == 1:
                self.on_change()

    def take_changed(self) -> dict[int, Path | None]:
        """The changes since the last call; they are forgotten here."""
        changed, self.changed = self.changed, {}
        return changed

    @property
    def _plain_rules(self) -> Rules | None:
        """The rules, where the compiled loops may choose by them."""
        rules = self.rules
        if self.each_path or self.each_counts or self.unsettled or not rules.plain:
            return None
        return rules

    # --- transitions of an entry -----------------------------------------------------------------

    def _with(self, old: Entry, path: Path) -> Step:
        source, path_id = path.source, path.path_id
        best = self._best_before(old)
        paths = paths_of(old)
        for index, other in enumerate(paths):
            if other.source is source and other.path_id == path_id:
                # An implicit withdrawal keeps the path's place, and its being the one in use.
                chosen = path if other is best else best
                replaced = (*paths[:index], path, *paths[index + 1 :])
                entry = self._select(replaced, chosen)
                news = differs(old, entry, best)
                if self.each_path and not same_content(path, other):
                    news = True
                return entry, (other,), best, news
        entry = self._select((path, *paths), best)
        return entry, (), best, self.each_counts or self.each_path or differs(old, entry, best)

    def _without(self, old: Entry, goes: Callable[[Path], bool]) -> Step:
        if type(old) is Path and not self.each_path:
            if not goes(old):
                return old, (), None, False
            before = self._best_before(old)
            return None, (old,), before, before is not None
        best = self._best_before(old)
        lost: list[Path] = []
        rest: list[Path] = []
        for path in paths_of(old):
            (lost if goes(path) else rest).append(path)
        if not lost:
            return old, (), best, False
        entry = self._select(tuple(rest), best) if rest else None
        news = best is not None and (self.each_path or differs(old, entry, best))
        return entry, tuple(lost), best, news

    def _best_before(self, old: Entry) -> Path | None:
        # While next hops are being looked through, a lone path may be announced though it is no
        # longer valid, or not yet: it counts as announced, a withdrawal too many does no harm.
        return old if self.unsettled and type(old) is Path else best_of(old)

    def _select(self, paths: tuple[Path, ...], chosen: Path | None) -> Entry:
        if len(paths) == 1:
            return paths[0]
        dest = choose(paths, chosen, self.rules)
        if dest.sums_up and not self.shares:
            self.shares = self.rules.merged or any(map(bandwidth, dest.multipath))
        return dest


def _release(lost: dict[Path, int]) -> None:
    for path, count in lost.items():
        if path.nexthop is not None:
            path.nexthop.paths -= count


def _has(entry: Entry | None, goes: Callable[[Path], bool]) -> bool:
    if type(entry) is Path:
        return goes(entry)
    return any(goes(path) for path in paths_of(entry))


def walk_shards(shards: Iterable[dict[int, _Item]]) -> Iterator[tuple[int, _Item] | None]:
    """What shards hold, in the order of keys; None is a pause, at least every `PORTION` items."""
    for shard in shards:
        for key in in_order(shard):
            item = None if key is None else shard.get(key)
            if key is None:
                yield None
            elif item is not None:
                yield key, item
