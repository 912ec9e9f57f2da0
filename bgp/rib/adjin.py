"""Adj-RIB-In: what a neighbour sent in one family, before policy (soft-reconfiguration inbound)."""

from collections.abc import Iterable, Iterator

from bgp.rib.path import Path
from grammar.base.work import PORTION, in_order

Kept = Path | tuple[Path, ...]


class AdjIn:
    """Prefix keys to the path as it was received, or to several of them, newest first.

    With `by_id` the neighbour tells paths of one prefix apart by their ids (RFC 7911).
    """

    __slots__ = ("_by_id", "_kept")

    def __init__(self, by_id: bool = False) -> None:
        self._by_id = by_id
        self._kept: dict[int, Kept] = {}

    def __len__(self) -> int:
        """Paths in all."""
        if not self._by_id:
            return len(self._kept)
        return sum(len(self.paths(key)) for key in self._kept)

    def __contains__(self, key: object) -> bool:
        return key in self._kept

    def put(self, keys: Iterable[int], path: Path) -> None:
        """These prefixes were announced; a former path of the same id keeps its place."""
        kept = self._kept
        if not self._by_id:
            kept.update(dict.fromkeys(keys, path))
            return
        for key in keys:
            old = self.paths(key)
            if any(one.path_id == path.path_id for one in old):
                kept[key] = tuple(path if one.path_id == path.path_id else one for one in old)
            else:
                kept[key] = (path, *old)

    def withdraw(self, keys: Iterable[int], path_id: int = 0) -> None:
        """These prefixes were withdrawn."""
        kept = self._kept
        if not self._by_id:
            for key in keys:
                kept.pop(key, None)
            return
        for key in keys:
            left = tuple(one for one in self.paths(key) if one.path_id != path_id)
            if left:
                kept[key] = left
            else:
                kept.pop(key, None)

    def paths(self, key: int) -> tuple[Path, ...]:
        """What was received of a prefix, newest first."""
        found = self._kept.get(key, ())
        return (found,) if type(found) is Path else found  # type: ignore[return-value]

    def portions(self) -> Iterator[dict[Path, list[int]]]:
        """All of it, some prefixes of some paths at a time; it may change meanwhile."""
        keys = list(self._kept)
        for start in range(0, len(keys), PORTION):
            found: dict[Path, list[int]] = {}
            for key in keys[start : start + PORTION]:
                for path in self.paths(key):
                    found.setdefault(path, []).append(key)
            yield found

    def keys(self) -> list[int]:
        """The prefixes, in no order."""
        return list(self._kept)

    def walk(self) -> Iterator[tuple[int, Path] | None]:
        """All of it in the order of prefixes; None is a pause. It may change meanwhile."""
        for key in in_order(self._kept):
            if key is None:
                yield None
                continue
            for path in self.paths(key):
                yield key, path
