"""Labels of this router's own, one for each prefix that labeled unicast carries on (RFC 8277).

As in FRR a route of this router is announced with implicit null: who is told of it forwards to us
without a label. Every other prefix has a label from a range of this daemon, as long as it has a
route.
"""

from struct import pack
from typing import TYPE_CHECKING, Final

from bgp.rib.path import Path
from grammar.base.values import Safi

if TYPE_CHECKING:
    from bgp.rib.export import Profile

IMPLICIT_NULL: Final = 3
FIRST: Final = 16
"""Labels below have a meaning of their own (RFC 3032 sec. 2.1)."""
LAST: Final = (1 << 20) - 1


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
        """The label of a prefix."""
        label = self.by_key.get(key)
        if label is None:
            label = self.by_key[key] = self._pool.take()
        return label

    def renew(self, key: int, best: Path | None) -> None:
        """A prefix has this best path now: own routes and none need no label."""
        if best is not None and not best.source.is_local:
            self.of(key)
        elif key in self.by_key:
            self._pool.give_back(self.by_key.pop(key))


def passed_on(path: Path, profile: "Profile", reflected: bool) -> int | None:
    """What goes out of a path's own label: the neighbour's where the route keeps its next hop, of
    an own route the label index; None where the router's own label does."""
    special = profile.special
    if profile.family[1] is not Safi.LABELED_UNICAST:
        return None
    if path.source.is_local or (special is not None and special.keeps_next_hop(path)):
        return path.label
    return path.label if reflected and not profile.next_hop_self_force else None


def label_index(index: int) -> bytes:
    """The attribute that tells the label index of a prefix (RFC 8669 sec. 3.1)."""
    return pack("!BBBBHBHI", 0xC0, 40, 10, 1, 7, 0, 0, index)
