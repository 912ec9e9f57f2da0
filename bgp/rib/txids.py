"""Path ids that go out (RFC 7911): the numbers that FRR gives to the paths of a table.

There are two kinds of neighbours, those that are told all paths and those that are told the best
one of each neighbouring AS; each kind has numbers of its own, as long as there is such a neighbour.
"""

from collections.abc import Collection
from heapq import heappop, heappush
from typing import Final

from bgp.rib.path import Entry, Path, paths_of, winners_of

ALL: Final = "all"
BEST_PER_AS: Final = "best-per-as"
ONLY_BEST: Final = "best"
"""One path, but with an id in front of it: the capability is offered for all families at once."""

DEFAULT_ID: Final = 1
"""What goes out with `default-originate`."""
_FIRST: Final = 2

_Identity = tuple[object, int, int]


class _Numbers:
    """The lowest free number first."""

    __slots__ = ("_free", "_next")

    def __init__(self) -> None:
        self._free: list[int] = []
        self._next = _FIRST

    def take(self) -> int:
        if self._free:
            return heappop(self._free)
        self._next += 1
        return self._next - 1

    def give(self, number: int) -> None:
        heappush(self._free, number)


class TxIds:
    """The ids of one table's paths, by kind."""

    def __init__(self) -> None:
        self._numbers: dict[str, _Numbers] = {}
        self._ids: dict[str, dict[int, dict[_Identity, int]]] = {}

    def use(self, kinds: Collection[str]) -> bool:
        """These kinds have neighbours now; True if one of them had none until now."""
        for kind in [kind for kind in self._ids if kind not in kinds]:
            del self._ids[kind], self._numbers[kind]
        fresh = [kind for kind in kinds if kind not in self._ids]
        for kind in fresh:
            self._ids[kind], self._numbers[kind] = {}, _Numbers()
        return bool(fresh)

    def renew(self, key: int, entry: Entry | None) -> None:
        """The paths of a prefix changed: new ones get the ids of those that went, then others."""
        for kind, ids in self._ids.items():
            old = ids.pop(key, {})
            paths = paths_of(entry) if kind == ALL else winners_of(entry)
            wanted = [_identity(path) for path in paths]
            left = [old[each] for each in old if each not in wanted]
            numbers, new = self._numbers[kind], {}
            for each in wanted:
                number = old.get(each)
                if number is None:
                    number = left.pop(0) if left else numbers.take()
                new[each] = number
            for number in left:
                numbers.give(number)
            if new:
                ids[key] = new

    def of(self, kind: str, key: int, path: Path) -> int:
        """The id of a path; 0 if it has none, or none of this kind."""
        ids = self._ids.get(kind)
        if ids is None:
            return 0
        return ids.get(key, {}).get(_identity(path), 0)


def _identity(path: Path) -> _Identity:
    return path.source, path.path_id, path.origination
