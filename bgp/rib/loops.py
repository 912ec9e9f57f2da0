"""The loops that every prefix goes through, free of all else; each has a compiled twin.

Tables are lists of dicts, one for each value of a key's leading bits (`key >> shift`). What is
worked out for an entry or a path holds for all prefixes that share it: the functions given here are
called once for each of these and not once for each prefix.
"""

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from bgp.compiled import compiled

if TYPE_CHECKING:
    from bgp.rib.announced import Announced
    from bgp.rib.path import Entry, Path, Source
    from bgp.rib.rules import Rules

    Shards = Sequence[dict[int, Entry]]
    Step = tuple[Entry | None, tuple[Path, ...], Path | None, bool]

_NEVER = object()


@compiled
def enter(
    keys: Sequence[int],
    path: "Path",
    shards: "Shards",
    shift: int,
    changed: "dict[int, Path | None]",
    valid: bool,
    step_of: "Callable[[Entry], Step]",
    rules: "Rules | None",
) -> "tuple[int, dict[Path, int]]":
    """Put a path into a table for some prefixes.

    `step_of` says what becomes of a former entry: the new one, the paths it lost, the best path it
    had, and whether that is news. Gives the number of prefixes that lost no path, and how many lost
    which. `changed` keeps the best path from before for each prefix with news. Where `rules` are
    given the compiled twin chooses by them instead of `step_of` what is simple to choose.
    """
    steps: dict[Entry, Step] = {}
    lost: dict[Path, int] = {}
    fresh = 0
    for key in keys:
        shard = shards[key >> shift]
        old = shard.get(key)
        if old is None:
            fresh += 1
            shard[key] = path
            if valid and key not in changed:
                changed[key] = None
            continue
        step = steps.get(old)
        if step is None:
            step = steps[old] = step_of(old)
        if not step[1]:
            fresh += 1
        _take(step, key, shard, lost, changed)
    return fresh, lost


@compiled
def leave(
    keys: Sequence[int],
    shards: "Shards",
    shift: int,
    changed: "dict[int, Path | None]",
    step_of: "Callable[[Entry], Step]",
    rules: "Rules | None",
    source: "Source | None",
    path_id: int,
) -> "dict[Path, int]":
    """Take paths away from some prefixes; how many lost which.

    As `enter`, but an entry may come to nothing (None). With `rules` it is the paths of `source`
    with this id that go.
    """
    steps: dict[Entry, Step] = {}
    lost: dict[Path, int] = {}
    for key in keys:
        shard = shards[key >> shift]
        old = shard.get(key)
        if old is None:
            continue
        step = steps.get(old)
        if step is None:
            step = steps[old] = step_of(old)
        _take(step, key, shard, lost, changed)
    return lost


def _take(
    step: "Step",
    key: int,
    shard: "dict[int, Entry]",
    lost: "dict[Path, int]",
    changed: "dict[int, Path | None]",
) -> None:
    entry, paths, best, news = step
    for path in paths:
        lost[path] = lost.get(path, 0) + 1
    if entry is None:
        del shard[key]
    else:
        shard[key] = entry
    if news and key not in changed:
        changed[key] = best


@compiled
def chosen(
    changes: "Sequence[tuple[int, Path | None]]",
    shards: "Shards",
    shift: int,
    versions: Sequence[dict[int, int]],
    version: int,
    is_news: "Callable[[Path | None, Entry | None], bool | None]",
) -> tuple[list[int], list[int], int]:
    """Give prefixes whose best path changed a version each, from `version` + 1 on.

    `is_news(best before, entry)` is True if there is another best path, False if there is none any
    more, None if nothing changed. Gives the prefixes with news, those without, and how many of the
    first have a best path.
    """
    moved: list[int] = []
    same: list[int] = []
    there = 0
    last_old: object = _NEVER
    last_entry: object = _NEVER
    news: bool | None = None
    for key, old in changes:
        index = key >> shift
        entry = shards[index].get(key)
        if entry is not last_entry or old is not last_old:
            last_entry, last_old = entry, old
            news = is_news(old, entry)
        if news is None:
            same.append(key)
            continue
        version += 1
        versions[index][key] = version
        moved.append(key)
        if news:
            there += 1
    return moved, same, there


@compiled
def tell(
    keys: Sequence[int],
    shards: "Shards",
    shift: int,
    advertised: "Sequence[dict[int, Announced]]",
    outcomes: "dict[Entry, Announced | None]",
    by_value: "dict[Announced, list[int]]",
    withdrawn: list[int],
    outcome_of: "Callable[[Entry], Announced | None]",
) -> tuple[int, int]:
    """Note what has to be told of some prefixes, and what was told of them (`advertised`).

    `outcomes` are what `outcome_of` said of entries. Prefixes to announce go into `by_value`, those
    to take back into `withdrawn`. Gives the number of the first, and how many lost what was told.
    """
    size = lost = 0
    for key in keys:
        index = key >> shift
        entry = shards[index].get(key)
        if entry is None:
            new = None
        elif entry in outcomes:
            new = outcomes[entry]
        else:
            new = outcomes[entry] = outcome_of(entry)
        told = advertised[index]
        old = told.get(key)
        if new is None:
            if old is not None:
                del told[key]
                withdrawn.append(key)
                lost += 1
        elif old is not new:
            told[key] = new
            same = by_value.get(new)
            if same is None:
                by_value[new] = [key]
            else:
                same.append(key)
            size += 1
            lost += old is not None
    return size, lost
