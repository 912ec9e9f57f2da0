"""Overhearing a neighbour that announces all of its routes again, for what it says of a prefix.

What it sends takes its usual way: accepted routes are in the table already, and refused ones are
refused again. Only the routes to the prefix are kept aside, until the question is answered.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

from grammar.base.pause import Pause

if TYPE_CHECKING:
    from bgp.peerfamily import PeerFamily
    from bgp.rib.path import Path

PATIENCE: Final = 5.0
"""Seconds in which a neighbour has to begin, or to say the prefix, if it marks no end."""
MARKED_PATIENCE: Final = 30.0
"""Seconds to wait for the mark of the end (RFC 7313)."""
LOOK: Final = 0.05
"""Seconds between two looks whether it is done."""


@dataclass(slots=True, eq=False)
class Ear:
    """What one neighbour says of one prefix: paths, and why some are no paths, by their ids."""

    key: int
    heard: "dict[int, Path]" = field(default_factory=dict)
    faults: dict[int, str] = field(default_factory=dict)

    def hear(self, keys: list[int], path: "Path") -> None:
        """Prefixes were announced."""
        if self.key in keys:
            self.heard[path.path_id] = path

    def refuse(self, keys: list[int], path_id: int, fault: str) -> None:
        """Prefixes were announced with attributes that make them withdrawn."""
        if self.key in keys:
            self.faults[path_id] = fault

    @property
    def anything(self) -> bool:
        """True once the prefix was said."""
        return bool(self.heard or self.faults)


class Listening:
    """One request to a neighbour, and whether its answer is over."""

    def __init__(self, state: "PeerFamily", key: int) -> None:
        self.state = state
        self.ear = Ear(key)
        self._round = state.round
        self._begun = state.peer.clock.now()
        self._epoch = state.peer.epoch

    @property
    def over(self) -> bool:
        """The neighbour marked the end, said the prefix, took too long, or is gone."""
        state = self.state
        if not state.active or state.peer.epoch != self._epoch:
            return True
        if state.round > self._round and not state.refreshing:
            return True
        marks = state.peer.enhanced_refresh
        if self.ear.anything and not marks:
            return True
        passed = state.peer.clock.now() - self._begun
        return passed > (MARKED_PATIENCE if marks else PATIENCE)

    @property
    def end(self) -> str:
        """What is known once it is over and nothing was heard."""
        if not self.state.active:
            return "the session ended meanwhile"
        if self.state.round > self._round:
            return "it was asked for all of its routes, and has none to the prefix"
        return f"it was asked for all of its routes, and sent none to the prefix in {PATIENCE:g} s"


@contextmanager
def listening(states: "list[PeerFamily]", key: int) -> Iterator[list[Listening]]:
    """Ask neighbours to announce all again, and listen."""
    found = [Listening(state, key) for state in states]
    for each in found:
        each.state.ears.append(each.ear)
        each.state.request()
    try:
        yield found
    finally:
        for each in found:
            each.state.ears.remove(each.ear)


def until_over(found: list[Listening]) -> Iterator[Pause]:
    """Pauses until all are over."""
    while not all(each.over for each in found):
        yield Pause(LOOK)
