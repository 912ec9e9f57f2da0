"""The parts of a neighbour, and their way back to it.

A neighbour holds its parts, and each part needs the neighbour. Were both references strong, what
an operator takes away would be freed by a collection of garbage only, which a daemon with a large
table cannot afford: the way back is weak, and the last who holds the neighbour (a route of its that
is on its way out) takes all of it along.
"""

from typing import TYPE_CHECKING
from weakref import ref

if TYPE_CHECKING:
    from bgp.peer import Peer


class Part:
    """Something that belongs to one peer and is held by it alone.

    What a part leaves to others (a timer, work in slices) holds the peer itself or ends with it.
    """

    __slots__ = ("_whole",)

    def __init__(self, peer: "Peer") -> None:
        self._whole = ref(peer)

    @property
    def _peer(self) -> "Peer":
        peer = self._whole()
        assert peer is not None
        return peer
