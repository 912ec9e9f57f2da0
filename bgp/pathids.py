"""What a neighbour that sends path ids said of each prefix (RFC 7911, receiving side).

The table keeps one path of a neighbour for a prefix. With path ids the neighbour may tell several:
all are kept here, the best of them by attributes is in the table, and when it is withdrawn the next
one takes its place. FRR shows all of them.
"""

from collections.abc import Callable, Iterable

from bgp.rib.path import Path

Pairs = Iterable[tuple[int, int]]
"""(path id, prefix key)."""


class PathIds:
    """One family of one session; `usable` tells whether policy lets a path into the table."""

    def __init__(self, usable: Callable[[Path], bool]) -> None:
        self._usable = usable
        self._told: dict[int, dict[int, Path]] = {}

    def put(self, pairs: Pairs, path: Path) -> dict[Path, list[int]]:
        """The neighbour announces; which paths now stand for these prefixes."""
        keys: dict[int, None] = {}
        for path_id, key in pairs:
            self._told.setdefault(key, {})[path_id] = path
            keys[key] = None
        return self._chosen(keys)

    def withdraw(self, pairs: Pairs) -> tuple[list[int], dict[Path, list[int]]]:
        """It withdraws; the prefixes that it no longer has, and what stands for the others."""
        gone: list[int] = []
        left: dict[int, None] = {}
        for path_id, key in pairs:
            told = self._told.get(key)
            if told is None or told.pop(path_id, None) is None:
                continue
            if told:
                left[key] = None
            else:
                del self._told[key]
                left.pop(key, None)
                gone.append(key)
        return gone, self._chosen(left)

    def _chosen(self, keys: Iterable[int]) -> dict[Path, list[int]]:
        found: dict[Path, list[int]] = {}
        for key in keys:
            told = self._told[key].values()
            usable = [path for path in told if self._usable(path)] or list(told)
            # What was repeated in the latest refresh counts before what was not.
            best = min(usable, key=lambda path: (-path.round, path.attrs.rank))
            found.setdefault(best, []).append(key)
        return found
