"""Labels of this router's own, one for each prefix that labeled unicast carries on (RFC 8277).

As in FRR a route of this router is announced with implicit null, and so is one that came without a
label: who is told of it forwards to us without one. Every other prefix has a label from zebra's
label manager, as long as it has a route; until it has it, its route is not told.
"""

from collections.abc import Generator, Iterable
from struct import pack, unpack_from
from typing import TYPE_CHECKING, Final

from bgp.labelpool import LabelPool
from bgp.rib.path import Path, best_of
from grammar.base.values import Prefix, Safi

if TYPE_CHECKING:
    from bgp.rib.export import Profile
    from bgp.rib.table import Table

IMPLICIT_NULL: Final = 3
PREFIX_SID: Final = 40
_INDEX: Final = (1, 7)
"""Type and length of the label index."""
_INDEX_SIZE: Final = 10


class Labels:
    """The labels of one table's prefixes, in the order in which they got them.

    The table is told of a prefix that got its label later than its route.
    """

    def __init__(self, pool: LabelPool, table: "Table") -> None:
        self._pool = pool
        self._table = table
        self._held: dict[int, Path | None] = {}
        self.by_key: dict[int, int] = {}

    def fec(self, key: int) -> Prefix:
        """The prefix of a key: a forwarding equivalence class (RFC 3031 sec. 3.1)."""
        return Prefix.from_key(self._table.afi, key)

    def prefix(self, key: int) -> str:
        """A prefix as text."""
        return str(self.fec(key))

    def of(self, key: int) -> int:
        """The label that a prefix is announced with."""
        return self.by_key.get(key, IMPLICIT_NULL)

    def renew(self, key: int, best: Path | None) -> bool:
        """A prefix has this best path now: it gets a label, keeps it, or gives it back.

        False if it has to wait for one.
        """
        if best is not None and best.label is not None and not best.source.is_local:
            if key not in self.by_key:
                label = self._pool.take((self, key))
                if label is None:
                    return False
                self.by_key[key] = label
        elif key in self.by_key:
            self._pool.give_back(self.by_key.pop(key))
        else:
            self._pool.forget((self, key))
        return True

    def ready(self, changes: Iterable[tuple[int, Path | None]]) -> list[tuple[int, Path | None]]:
        """Of changed prefixes, with the paths told before, those that wait for no label."""
        found = []
        for key, old in changes:
            before = self._held.pop(key, old)
            if self.renew(key, best_of(self._table.get(key))):
                found.append((key, before))
            else:
                self._held[key] = before
        return found

    def fulfil(self, key: int) -> None:
        """There are labels again, for a prefix that waited or lost the one it had."""
        label = self._pool.take((self, key))
        if label is None:
            self.by_key.pop(key, None)
            return
        self.by_key[key] = label
        self._table.touch(key, self._held.get(key))

    def fill(self) -> Generator[None, None, None]:
        """Work: labels for what the table has already."""
        for item in self._table.walk():
            if item is None:
                yield
            else:
                self.renew(item[0], best_of(item[1]))


def passed_on(path: Path, profile: "Profile", reflected: bool) -> int | None:
    """What goes out of a path's own label: the neighbour's where the route keeps its next hop, of
    an own route the label index; None where the router's own label does."""
    if profile.family[1] is not Safi.LABELED_UNICAST:
        return None
    return path.label if path.source.is_local or _kept(path, profile, reflected) else None


def lacks_label(path: Path, profile: "Profile", reflected: bool) -> bool:
    """True for a route that keeps its next hop and has no label from there: it cannot be told."""
    if profile.family[1] is not Safi.LABELED_UNICAST or not _kept(path, profile, reflected):
        return False
    return path.label is None or path.source.is_local


def _kept(path: Path, profile: "Profile", reflected: bool) -> bool:
    special = profile.special
    if special is not None and special.next_hop_unchanged:
        return True
    return reflected and not profile.next_hop_self_force


def label_index(index: int) -> bytes:
    """The attribute that tells the label index of a prefix (RFC 8669 sec. 3.1)."""
    return pack("!BBBBHBHI", 0xC0, PREFIX_SID, 10, *_INDEX, 0, 0, index)


def index_told(data: bytes) -> int | None:
    """The label index in the value of such an attribute; None if something else stands first."""
    if len(data) < _INDEX_SIZE or unpack_from("!BH", data) != _INDEX:
        return None
    index: int = unpack_from("!I", data, 6)[0]
    return index
