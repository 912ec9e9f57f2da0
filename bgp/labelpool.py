"""Labels of this router's own, from zebra's label manager: as FRR's bgpd gets them.

Chunks of labels are asked for when there are none left, each twice as large as the one before. A
prefix for which there is no label waits; it hears when a chunk is there.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from heapq import heappop, heappush
from typing import TYPE_CHECKING, Final

from zebra.zapi.allotted import (
    FecRegister,
    FecUnregister,
    LabelChunk,
    LabelChunkRequest,
    LabelManagerConnect,
)
from zebra.zapi.constants import RouteType
from zebra.zapi.messages import Message

if TYPE_CHECKING:
    from bgp.labels import Labels

SMALLEST: Final = 128
LARGEST: Final = 1 << 15
"""Labels in the first chunk that is asked for, and in the largest."""


@dataclass(slots=True, eq=False)
class Chunk:
    """Labels from first to last; of those below `fresh` the `spare` ones are free."""

    first: int
    last: int
    fresh: int
    spare: list[int] = field(default_factory=list)

    @property
    def free(self) -> int:
        """How many are free."""
        return self.last + 1 - self.fresh + len(self.spare)

    def take(self) -> int:
        """The lowest one that is free."""
        if self.spare:
            return heappop(self.spare)
        self.fresh += 1
        return self.fresh - 1


Wish = tuple["Labels", int]
"""A prefix that waits for a label."""


class LabelPool:
    """All chunks of the daemon, the newest one first; `send` is to zebra, if it is there."""

    def __init__(self, send: Callable[[Message], None]) -> None:
        self._send = send
        self.chunks: list[Chunk] = []
        self.used: dict[int, Wish] = {}
        self.waiting: dict[Wish, None] = {}
        self.pending = 0
        """Labels that zebra was asked for and has not given yet."""
        self.reconnects = 0
        self._size = SMALLEST
        self._anew = False

    def take(self, wish: Wish) -> int | None:
        """A label for a prefix; None if it has to wait."""
        for chunk in self.chunks:
            if chunk.free:
                label = chunk.take()
                self.used[label] = wish
                self._register(label, wish)
                return label
        self.waiting[wish] = None
        if len(self.waiting) > self.pending:
            self._ask()
        return None

    def give_back(self, label: int) -> None:
        """It is not in use any more."""
        wish = self.used.pop(label, None)
        if wish is not None:
            self._send(FecUnregister(wish[0].fec(wish[1])))
        for chunk in self.chunks:
            if chunk.first <= label < chunk.fresh:
                heappush(chunk.spare, label)

    def forget(self, wish: Wish) -> None:
        """A prefix waits no more."""
        self.waiting.pop(wish, None)

    def _ask(self) -> None:
        size = self._size
        self.pending += size
        self._size = min(2 * size, LARGEST)
        self._send(LabelChunkRequest(RouteType.BGP, size=size))

    def connected(self) -> None:
        """zebra is there, maybe another one: it knows of no chunks that were given before."""
        self.pending = 0
        if not self.used and not self.waiting:
            self.chunks.clear()
            return
        self._anew = True
        self.reconnects += 1
        self._send(LabelManagerConnect(RouteType.BGP, asynchronous=True))
        while self._size < min(len(self.used) + len(self.waiting), LARGEST):
            self._size *= 2
        self._ask()

    def arrived(self, told: LabelChunk) -> None:
        """zebra gave a chunk, or has none."""
        if told.labels is None:
            return
        first, last = told.labels
        self.pending = max(0, self.pending - (last + 1 - first))
        chunk = Chunk(first, last, first)
        lost: list[Wish] = []
        if self._anew:
            self._anew = False
            lost = self._keep(chunk)
            for label, wish in self.used.items():
                self._register(label, wish)
        self.chunks.insert(0, chunk)
        wishes = [*lost, *self.waiting]
        self.waiting.clear()
        for labels, key in wishes:
            labels.fulfil(key)

    def _register(self, label: int, wish: Wish) -> None:
        """zebra is to send what comes in with the label where the prefix leads."""
        labels, key = wish
        self._send(FecRegister(labels.fec(key), label))

    def _keep(self, chunk: Chunk) -> list[Wish]:
        """The first chunk of a new zebra: labels within it stay, the others are lost."""
        self.chunks.clear()
        stay = {label for label in self.used if chunk.first <= label <= chunk.last}
        lost = [wish for label, wish in self.used.items() if label not in stay]
        self.used = {label: wish for label, wish in self.used.items() if label in stay}
        chunk.fresh = max(stay, default=chunk.first - 1) + 1
        chunk.spare = [label for label in range(chunk.first, chunk.fresh) if label not in stay]
        return lost
