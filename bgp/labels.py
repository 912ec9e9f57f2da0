"""Labels of this router's own, one for each prefix that labeled unicast carries on (RFC 8277).

As in FRR a route of this router is announced with implicit null, and so is one that came without a
label: who is told of it forwards to us without one. Every other prefix has a label from a range of
this daemon, as long as it has a route.
"""

from collections.abc import Generator
from struct import pack, unpack_from
from typing import TYPE_CHECKING, Final

from bgp.rib.path import Path, best_of
from grammar.base.values import Safi

if TYPE_CHECKING:
    from bgp.rib.export import Profile
    from bgp.rib.table import Table

IMPLICIT_NULL: Final = 3
FIRST: Final = 16
"""Labels below have a meaning of their own (RFC 3032 sec. 2.1)."""
LAST: Final = (1 << 20) - 1
PREFIX_SID: Final = 40
_INDEX: Final = (1, 7)
"""Type and length of the label index."""
_INDEX_SIZE: Final = 10


class LabelPool:
    """The labels of the daemon: a new one each time, and those given back when all were used."""

    def __init__(self) -> None:
        self._next = FIRST
        self._spare: list[int] = []

    def take(self) -> int:
        """A label that is not in use; `LAST` is used again when there is none."""
        if self._next > LAST:
            return self._spare.pop() if self._spare else LAST
        self._next += 1
        return self._next - 1

    def give_back(self, label: int) -> None:
        """It is not in use any more."""
        self._spare.append(label)


class Labels:
    """The labels of one table's prefixes, in the order in which they got them."""

    def __init__(self, pool: LabelPool) -> None:
        self._pool = pool
        self.by_key: dict[int, int] = {}

    def of(self, key: int) -> int:
        """The label that a prefix is announced with."""
        return self.by_key.get(key, IMPLICIT_NULL)

    def renew(self, key: int, best: Path | None) -> None:
        """A prefix has this best path now: it gets a label, keeps it, or gives it back."""
        if best is not None and best.label is not None and not best.source.is_local:
            if key not in self.by_key:
                self.by_key[key] = self._pool.take()
        elif key in self.by_key:
            self._pool.give_back(self.by_key.pop(key))

    def fill(self, table: "Table") -> Generator[None, None, None]:
        """Work: labels for what a table has already."""
        for item in table.walk():
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
