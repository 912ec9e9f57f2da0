"""From a table's changes to those who are told: update-groups, zebra, aggregates."""

from collections.abc import Generator
from typing import TYPE_CHECKING, Final

from bgp.compiled import compiled
from bgp.rib.content import same_content
from bgp.rib.loops import chosen
from bgp.rib.path import Entry, Path, best_of
from bgp.rib.table import Table

if TYPE_CHECKING:
    from bgp.instance import Instance

CHUNK: Final = 2048


def choices(instance: "Instance", table: Table) -> Generator[None, None, None]:
    """Work: what changed in a table gets a version, and all who follow the table hear of it."""
    family = table.family
    changes = table.take_changed()
    items = list(changes.items())
    fib, labels = instance.fibs.get(family), table.labels
    waiting = instance.deferral.of(family)
    for start in range(0, len(items), CHUNK):
        part = items[start : start + CHUNK]
        if waiting is not None:
            part = [one for one in part if not waiting.takes(one[0], table.get(one[0]), one[1])]
        if labels is not None:
            part = labels.ready(part)
        each = table.each_path
        if each:
            for key, _ in part:
                table.tx_ids.renew(key, table.get(key))
        moved, beside, there = chosen(
            part, table.shards, table.shift, table.versions, table.version, _any if each else news
        )
        table.version += len(moved)
        if table.shares:
            # Neighbors hear of paths beside the best one, too.
            moved += beside
            there += len(beside)
        for group in instance.followers(family):
            group.changed(moved, there)
        if fib is not None:
            fib.changed(dict(part))
            instance.aggregates[family].changed(key for key, _ in part)
        yield
    instance.defaults.table_changed(family)
    instance.nexthops.release()


@compiled
def news(old: Path | None, entry: Entry | None) -> bool | None:
    """What became of the best path: True for another one, False for none, None for the same."""
    best = best_of(entry)
    if old is best or (old is not None and best is not None and same_content(old, best)):
        return None
    return best is not None


def _any(old: Path | None, entry: Entry | None) -> bool:
    return entry is not None


def holds(instance: "Instance", table: Table, key: int) -> bool:
    """True while a key is in the table, was announced, or is kept as it was received."""
    family = table.family
    if table.get(key) is not None:
        return True
    if any(group.tells(key) for group in instance.groups[family]):
        return True
    states = (peer.families.get(family) for peer in instance.peers.values())
    return any(state is not None and key in (state.adj_in or ()) for state in states)
