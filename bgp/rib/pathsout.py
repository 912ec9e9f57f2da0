"""Adj-RIB-Out of neighbours that are told path ids (RFC 7911): several paths of a prefix."""

from collections.abc import Callable, Iterable, Iterator
from typing import Final

from bgp.rib.adjout import UpdateGroup, Work
from bgp.rib.announced import Announced
from bgp.rib.defaults import DEFAULT_ROUTE
from bgp.rib.export import Profile
from bgp.rib.news import News
from bgp.rib.packing import ID_BITS, ID_MASK
from bgp.rib.path import Entry, Path, best_of, paths_of, told_of
from bgp.rib.table import Table
from bgp.rib.txids import ALL, BEST_PER_AS, DEFAULT_ID

_NOTHING: Final[dict[int, Announced]] = {}


class PathsGroup(UpdateGroup):
    """An update-group whose items are `key << 32 | path id`; `advertised` stays empty."""

    def __init__(
        self,
        id: int,
        table: Table,
        profile: Profile,
        created: float,
        run: Callable[[str, Work], None],
        later: Callable[[float, Callable[[], None]], object],
    ) -> None:
        super().__init__(id, table, profile, created, run, later)
        self._by_id: list[dict[int, dict[int, Announced]]] = [{} for _ in table.shards]

    def __len__(self) -> int:
        return sum(len(told) for shard in self._by_id for told in shard.values())

    def walk(self) -> Iterator[tuple[int, Announced] | None]:
        """What was announced, by prefix and id; None for a pause."""
        for index in range(len(self._by_id)):
            for announced, item in self._told_of(index):
                yield item >> ID_BITS, announced
            yield None

    def tells(self, key: int) -> bool:
        """True if some path of a prefix was announced."""
        return key in self._by_id[key >> self.table.shift]

    def tells_path(self, key: int, path: Path, best: bool) -> bool:
        """True if FRR says that a path was announced: a path without an id passes for any other."""
        told = self._by_id[key >> self.table.shift].get(key, _NOTHING)
        path_id = self._id_of(key, path)
        return path_id in told if path_id else bool(told)

    def told(self) -> Iterable[Iterable[int]]:
        """The items of all that was announced until now, in portions."""
        # What stands for a prefix is replaced as a whole: copies of the shards keep this moment.
        return map(_items, [dict(shard) for shard in self._by_id])

    def _told_of(self, index: int) -> Iterator[tuple[Announced, int]]:
        shard = self._by_id[index]
        for key in sorted(shard):
            for path_id, announced in sorted(shard.get(key, _NOTHING).items()):
                yield announced, key << ID_BITS | path_id

    def now_told(self, item: int) -> Announced | None:
        """What was last decided about an item; its members may still have to be told."""
        key = item >> ID_BITS
        return self._by_id[key >> self.table.shift].get(key, _NOTHING).get(item & ID_MASK)

    def _id_of(self, key: int, path: Path) -> int:
        kind = self.profile.paths
        return self.table.tx_ids.of(kind, key, path) if kind in (ALL, BEST_PER_AS) else 0

    def _diff(self, keys: list[int], news: News) -> None:
        shards, shift = self.table.shards, self.table.shift
        for key in keys:
            index = key >> shift
            told = self._by_id[index].get(key, _NOTHING)
            new = self._wanted(key, shards[index].get(key), told, news)
            item = key << ID_BITS
            news.withdrawn += [item | path_id for path_id in told if path_id not in new]
            for path_id, announced in new.items():
                if told.get(path_id) is not announced:
                    news.add(announced, item | path_id)
            if new:
                self._by_id[index][key] = new
            elif told:
                del self._by_id[index][key]
        self._values.sweep(2 * len(keys))

    def _wanted(
        self, key: int, entry: Entry | None, told: dict[int, Announced], news: News
    ) -> dict[int, Announced]:
        if key == DEFAULT_ROUTE:
            default = self._default()
            if default is not None:
                return {DEFAULT_ID: default}
        found: dict[int, Announced] = {}
        best = best_of(entry)
        for path in paths_of(entry):
            path_id = self._id_of(key, path)
            if path is not best and not (path_id and path.valid):
                continue
            shown = told_of(entry) if path is best else None
            new = self._of_path(shown or path, key, told.get(path_id), news)
            if new is not None:
                found[path_id] = new
        return found


def _items(shard: dict[int, dict[int, Announced]]) -> list[int]:
    return [key << ID_BITS | path_id for key, told in shard.items() for path_id in told]
