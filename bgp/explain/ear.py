"""Overhearing a neighbour that announces all of its routes again, for what it says of prefixes.

What it sends takes its usual way: accepted routes are in the table already, and refused ones are
refused again. Only what was asked about is kept aside, until the question is answered.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Final, Generic, Protocol, TypeVar

from grammar.base.pause import Pause

if TYPE_CHECKING:
    from bgp.peerfamily import PeerFamily
    from bgp.rib.path import Path

PATIENCE: Final = 5.0
"""Seconds that a neighbour may be silent, if it marks no end."""
MARKED_PATIENCE: Final = 30.0
"""The same, if it marks the end (RFC 7313)."""
LOOK: Final = 0.05
"""Seconds between two looks whether it is done."""


class Hearing(Protocol):
    """Who hears what is received, as it comes."""

    count: int
    """UPDATEs heard."""

    def hear(self, keys: list[int], path: "Path") -> None:
        """Prefixes were announced."""
        ...

    def refuse(self, keys: list[int], path_id: int, fault: str) -> None:
        """Prefixes were announced with attributes that make them withdrawn (RFC 7606)."""
        ...

    @property
    def satisfied(self) -> bool:
        """Nothing more is to be heard."""
        ...


class Ear:
    """What one neighbour says of one prefix: paths, and why some are no paths, by their ids."""

    def __init__(self, key: int) -> None:
        self.key = key
        self.count = 0
        self.heard: dict[int, Path] = {}
        self.faults: dict[int, str] = {}

    def hear(self, keys: list[int], path: "Path") -> None:
        """As in `Hearing`."""
        self.count += 1
        if self.key in keys:
            self.heard[path.path_id] = path

    def refuse(self, keys: list[int], path_id: int, fault: str) -> None:
        """As in `Hearing`."""
        self.count += 1
        if self.key in keys:
            self.faults[path_id] = fault

    @property
    def satisfied(self) -> bool:
        """True once the prefix was said."""
        return bool(self.heard or self.faults)


class AllEars:
    """All that a neighbour announces, by path id and key."""

    def __init__(self) -> None:
        self.count = 0
        self.heard: dict[tuple[int, int], Path] = {}

    def hear(self, keys: list[int], path: "Path") -> None:
        """As in `Hearing`."""
        self.count += 1
        for key in keys:
            self.heard[path.path_id, key] = path

    def refuse(self, keys: list[int], path_id: int, fault: str) -> None:
        """As in `Hearing`."""
        self.count += 1

    satisfied = False


EarT = TypeVar("EarT", bound=Hearing)


class Listening(Generic[EarT]):
    """One request to a neighbour, and whether its answer is over."""

    def __init__(self, state: "PeerFamily", ear: EarT) -> None:
        self.state = state
        self.ear = ear
        self._round = state.round
        self._epoch = state.peer.epoch
        self._heard = 0
        self._since = state.peer.clock.now()

    @property
    def over(self) -> bool:
        """The neighbour marked the end, said what was asked, is silent for long, or is gone."""
        state = self.state
        if not state.active or state.peer.epoch != self._epoch:
            return True
        if state.round > self._round and not state.refreshing:
            return True
        marks = state.peer.enhanced_refresh
        if self.ear.satisfied and not marks:
            return True
        now = state.peer.clock.now()
        if self.ear.count != self._heard or len(state.peer.queue):
            self._heard, self._since = self.ear.count, now
        return now - self._since > (MARKED_PATIENCE if marks else PATIENCE)

    @property
    def end(self) -> str:
        """What is known once it is over and nothing was heard."""
        if not self.state.active:
            return "the session ended meanwhile"
        if self.state.round > self._round:
            return "it was asked for all of its routes, and has none to the prefix"
        return f"it was asked for all of its routes, and sent none to the prefix in {PATIENCE:g} s"


@contextmanager
def listening(
    states: "list[PeerFamily]", make: Callable[[], EarT]
) -> Iterator[list[Listening[EarT]]]:
    """Ask neighbours to announce all again, and listen."""
    found = [Listening(state, make()) for state in states]
    for each in found:
        each.state.ears.append(each.ear)
        each.state.request()
    try:
        yield found
    finally:
        for each in found:
            each.state.ears.remove(each.ear)


def until_over(found: list[Listening[EarT]]) -> Iterator[Pause]:
    """Pauses until all are over."""
    while not all(each.over for each in found):
        yield Pause(LOOK)
