"""The flat table of one family: prefix key to its path, or its paths.

256 dicts by leading bits: a dict of a million grows in one long pause, shards bound that, and let
an ordered walk sort one shard at a time. Keys are `Prefix.key`, so they sort in FRR's order.
"""

from collections.abc import Iterator

from bgp.config import Family
from bgp.rib.path import Entry
from grammar.base.values import Afi, Prefix


class Table:
    """One family's routes. `version` rises by one with every prefix whose best path changes.

    `versions` has a dict per shard: the version at which each prefix last changed.
    """

    def __init__(self, family: Family) -> None:
        self.family = family
        self.afi: Afi = family[0]
        self.shift = 30 if self.afi is Afi.IPV4 else 128
        self.shards: list[dict[int, Entry]] = [{} for _ in range(256)]
        self.versions: list[dict[int, int]] = [{} for _ in range(256)]
        self.version = 0

    def __len__(self) -> int:
        return sum(map(len, self.shards))

    def get(self, key: int) -> Entry | None:
        """The entry of exactly this prefix."""
        return self.shards[key >> self.shift].get(key)

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

    def walk(self) -> Iterator[tuple[int, Entry]]:
        """All entries in FRR's order; tolerates changes between steps (each shard is sorted once)."""
        for shard in self.shards:
            for key in sorted(shard):
                entry = shard.get(key)
                if entry is not None:
                    yield key, entry

    def walk_within(self, prefix: Prefix) -> Iterator[tuple[int, Entry]]:
        """The entries that `prefix` covers, itself included, in FRR's order."""
        for key, entry in self.walk():
            if prefix.covers(Prefix.from_key(self.afi, key)):
                yield key, entry
