"""What the shards of tables are: dicts by the keys of prefixes, of IPv4 in less memory.

A dict takes some 60 bytes for a key, 32 for the key's number and 64 for two paths of a prefix. The
compiled `Shard` takes 31 with up to two paths, of which the second needs nothing more.
"""

from collections.abc import Mapping
from typing import Final, TypeVar

from bgp.compiled import SPEED, compiled
from bgp.config import Family
from grammar.base.values import Afi, Safi

V = TypeVar("V")

COUNT: Final = 256
"""Shards of a table."""


@compiled
class Shard(dict[int, V]):
    """What stands for keys of less than 48 bits; the twin has those methods of a dict alone that
    are used of shards. A twin with `pairs` keeps a `Dest` of two paths as these two, and makes it
    anew at each question; one with numbers keeps these without objects."""

    __slots__ = ()

    def __init__(self, pairs: bool = False) -> None:
        super().__init__()

    def last(self) -> int:
        """The key that came last of those that are there; -1 if there is none."""
        return next(reversed(self), -1)


@compiled
def ordered(shard: "Mapping[int, V]") -> tuple[list[int], list[V]]:
    """The keys in order, and what they have."""
    keys = sorted(shard)
    return keys, [shard[key] for key in keys]


def shards(family: Family, pairs: bool = False) -> "list[dict[int, V]]":
    """Those of an empty table; `pairs` if its entries may be several paths."""
    if SPEED is not None and family[0] is Afi.IPV4 and family[1] is not Safi.FLOWSPEC:
        return [Shard(pairs) for _ in range(COUNT)]
    # `spread` moves the uppermost addresses of IPv6 beyond the last.
    return [{} for _ in range(COUNT + (family[0] is Afi.IPV6))]


def changes_of(shard: dict[int, V]) -> int:
    """Another number after any change of a compiled shard."""
    found: int = getattr(shard, "changes", 0)
    return found


def last_key(shard: dict[int, V]) -> int:
    """The key that came last of those that are there; -1 if there is none."""
    return shard.last() if isinstance(shard, Shard) else next(reversed(shard), -1)
