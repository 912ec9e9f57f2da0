"""Views of route flap dampening: its settings, penalties, and the routes that it holds back."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from bgp.show.views.misc import Fixed
from bgp.show.views.table import RowPath, TableHead


@dataclass(frozen=True, slots=True)
class Damping:
    """What there is to tell of a path that flapped: times in seconds, `began` since 1970.

    `reuse` is None where the path is not held back.
    """

    penalty: int
    count: int
    seconds: int
    began: int
    reuse: int | None = None


@dataclass(frozen=True, slots=True)
class FlapPath:
    """A path that flapped, with its marks."""

    path: RowPath
    damping: Damping


@dataclass(frozen=True, slots=True)
class FlapsView:
    """`show bgp dampening flap-statistics`, or (`held`) `dampened-paths`.

    `rows` are prefixes with their paths, walked once; None among them is a pause. `total` is asked
    after that for the number of paths that were looked at.
    """

    head: TableHead
    rows: Iterable[tuple[str, tuple[FlapPath, ...]] | None]
    total: Callable[[], int]
    held: bool = False


@dataclass(frozen=True, slots=True)
class DampingParameters:
    """`show bgp dampening parameters`: times in seconds."""

    half_life: int
    reuse: int
    suppress: int
    longest: int
    ceiling: int


@dataclass(frozen=True, slots=True)
class AllParameters:
    """`show bgp all dampening parameters`: the views of families by their names.

    `spaced`: of one address family alone FRR leaves a line free below each name.
    """

    families: tuple[tuple[str, DampingParameters | Fixed], ...]
    spaced: bool = False
