"""Announcements on their way to the members of an update-group."""

from collections.abc import Iterator
from typing import Final

from bgp.policy.decision import Decision
from bgp.rib.announced import Announced
from bgp.rib.path import Entry, Path
from grammar.filters.routemap import MapEntry, RouteMap

Touched = list[RouteMap | MapEntry]
"""What counts being asked."""
Outgoing = tuple[Announced | None, Touched]

CHUNK: Final = 1024
"""Keys looked at between two yields."""
PACK: Final = 16384
"""Keys whose announcements are collected before they are encoded: more of them share messages."""


def chunks(keys: list[int]) -> Iterator[list[int]]:
    """The keys in portions that are looked at between two yields."""
    return (keys[start : start + CHUNK] for start in range(0, len(keys), CHUNK))


class News:
    """Announcements collected until there are enough to be packed well.

    `by_value` are the keys of each, `withdrawn` those that are withdrawn; `outcomes` is what became
    of each entry, or of each path, in a group without filters. `looks` is how often the group had
    decided about prefixes: with what was decided for this news it is that of the group, unless
    another walk has decided meanwhile.
    """

    __slots__ = ("_decisions", "_revision", "by_value", "looks", "outcomes", "size", "withdrawn")

    def __init__(self, looks: int = 0) -> None:
        self.looks = looks
        self.outcomes: dict[Entry, Announced | None] = {}
        self.by_value: dict[Announced, list[int]] = {}
        self.withdrawn: list[int] = []
        self.size = 0
        self._decisions: dict[Path, Decision[Outgoing]] = {}
        self._revision = -1

    def add(self, announced: Announced, key: int) -> None:
        """One prefix of an announcement."""
        self.by_value.setdefault(announced, []).append(key)
        self.size += 1

    def decision(self, path: Path, revision: int) -> Decision[Outgoing]:
        """What filters make of a path, by this revision of the policy."""
        if revision != self._revision:
            self._revision = revision
            self._decisions.clear()
        found = self._decisions.get(path)
        if found is None:
            found = self._decisions[path] = Decision()
        return found
