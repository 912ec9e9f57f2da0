"""A whole table in blocks: what its rows share is made once, and a row costs a few look-ups."""

from collections.abc import Callable, Hashable, Iterable, Iterator
from itertools import compress
from typing import TYPE_CHECKING, TypeVar

from bgp.rib.path import Dest, Entry, Path, paths_of
from bgp.rib.shards import Shard, changes_of, ordered
from bgp.show.views.table import Block, Row, RowPath
from grammar.base.work import sorted_blocks

if TYPE_CHECKING:
    from bgp.rib.table import Table
    from bgp.show.build.table import Chosen, RowMaker

SIZE = 512
"""Prefixes of a block: half a millisecond as text, some 3 as JSON."""

_KEPT = 1 << 15

_Item = TypeVar("_Item")


def shards_in_blocks(
    shards: Iterable[dict[int, _Item]],
) -> Iterator[tuple[int, list[int], list[_Item]] | None]:
    """What shards hold, in the order of keys: the shard's number, some keys and what they have.

    None is a pause. Tolerates changes between steps.
    """
    for number, shard in enumerate(shards):
        pairs = _in_blocks(shard) if isinstance(shard, Shard) else _sorted(shard)
        for keys, items in pairs:
            yield (number, keys, items) if keys else None


def _sorted(shard: dict[int, _Item]) -> Iterator[tuple[list[int], list[_Item]]]:
    for keys in sorted_blocks(shard, SIZE):
        yield _now(shard, keys)


def _in_blocks(shard: "Shard[_Item]") -> Iterator[tuple[list[int], list[_Item]]]:
    # Compiled: 10,000 keys take a millisecond.
    before = changes_of(shard)
    keys, items = ordered(shard)
    for start in range(0, len(keys), SIZE):
        some = keys[start : start + SIZE]
        if changes_of(shard) == before:
            yield some, items[start : start + SIZE]
        else:
            yield _now(shard, some)


def _now(shard: dict[int, _Item], keys: list[int]) -> tuple[list[int], list[_Item]]:
    try:
        return keys, list(map(shard.__getitem__, keys))
    except KeyError:  # some went since their shard was sorted
        keys = [key for key in keys if key in shard]
        return keys, [shard[key] for key in keys]


def blocks(
    maker: "RowMaker",
    chosen: "Chosen | None" = None,
    wanted: Callable[[int], bool] | None = None,
) -> Iterator[Row | Block | None]:
    """The rows of a table, of `wanted` keys and without those whose every path `chosen` leaves out.

    Prefixes whose choice waits or which are hidden by aggregates come in blocks that are made row
    by row.
    """
    table, versions = maker.table, maker.table.versions
    judged = _Judged(chosen) if chosen is not None else None

    def paths(entry: Hashable) -> tuple[RowPath, ...]:
        return maker.shown(entry, chosen)  # type: ignore[arg-type]

    for found in shards_in_blocks(table.shards):
        if found is None:
            yield None
            continue
        number, keys, entries = found
        if wanted is not None:
            maker.counted += _count(entries)
            keys, entries = _only(list(map(wanted, keys)), keys, entries)
            maker.counted -= _count(entries)
        if not _are_plain(table, keys):
            yield from maker.rows(zip(keys, entries, strict=True), chosen)
            continue
        maker.counted += _count(entries)
        if judged is not None:
            keys, entries = _only(judged.all(entries), keys, entries)
        yield Block(maker.afi, keys, entries, paths, versions[number], maker.state())


def _only(
    which: list[bool], keys: list[int], entries: list[Entry]
) -> tuple[list[int], list[Entry]]:
    return list(compress(keys, which)), list(compress(entries, which))


def _are_plain(table: "Table", keys: list[int]) -> bool:
    special: list[dict[int, int] | dict[int, Path | None]] = [table.suppressed, table.deferred]
    if table.held:
        special.append(table.changed)
    return all(not some or some.keys().isdisjoint(keys) for some in special)


def _count(entries: list[Entry]) -> int:
    if Dest in set(map(type, entries)):
        return sum(len(paths_of(entry)) for entry in entries)
    return len(entries)


class _Judged(dict[Entry, bool]):
    """Which entries have a path that is chosen."""

    def __init__(self, chosen: Callable[[Path], bool]) -> None:
        self._chosen = chosen

    def all(self, entries: list[Entry]) -> list[bool]:
        if len(self) > _KEPT:
            self.clear()
        return list(map(self.__getitem__, entries))

    def __missing__(self, entry: Entry) -> bool:
        found = self[entry] = any(map(self._chosen, paths_of(entry)))
        return found
