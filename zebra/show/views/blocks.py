"""Rows of routes, and long tables in blocks: what rows say alike is made once for many."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

from grammar.base.values import Afi
from grammar.base.work import sorted_blocks
from zebra.zapi.constants import RouteType

if TYPE_CHECKING:
    from zebra.nexthop import Hop
    from zebra.rib import Dest, RouteEntry
    from zebra.vrf import Table

SIZE = 512
"""Prefixes of a block."""


@dataclass(slots=True)
class HopRow:
    """A next hop of a route: `level` counts recursion, `fib` that the kernel uses it. Nobody
    changes it, nor a row: frozen ones take three times as long to make."""

    hop: "Hop"
    level: int
    fib: bool
    ifname: str
    vrf: str | None = None
    """The VRF that it is in, where that is to be told."""


@dataclass(slots=True)
class RouteRow:
    """One route to one prefix; `age` in seconds, `status` and `flags` as FRR counts them."""

    prefix: str
    length: int
    type: RouteType
    instance: int
    vrf_id: int
    vrf: str
    selected: bool
    dest_selected: bool
    distance: int
    metric: int
    tag: int
    mtu: int
    table: int
    status: int
    flags: int
    group: int
    installed_group: int
    age: float
    hops: tuple[HopRow, ...]
    opaque: bytes | None = None
    spares: tuple[HopRow, ...] = ()
    mark: str = ""
    """What hardware does with it, where that counts: `t`, `o`, or `q` before anything is known."""


@dataclass(frozen=True, slots=True)
class RouteBlock:
    """Prefixes in order with one route each.

    `rows` say all but the prefix and the age, and are the same object where they say the same.
    `since` are the moments that the ages count from, `now` is the present one.
    """

    afi: Afi
    keys: list[int]
    rows: list[RouteRow]
    since: list[float]
    now: float


Make = Callable[["Dest", "RouteEntry"], RouteRow | None]
"""The row of a route; None for one that is not shown."""


def in_blocks(
    table: "Table", make: Make, pause: Callable[[], float]
) -> "Iterator[RouteBlock | Dest | None]":
    """The routes of a table; destinations with several by themselves, None is a place to pause.

    `pause` is called after each, and gives the present moment.
    """
    routes = table.routes
    for keys in sorted_blocks(routes, SIZE):
        found, now = _Found(make), pause()
        for key in keys:
            dest = routes.get(key)
            if dest is None:
                continue
            if len(dest.entries) == 1:
                found.take(dest, dest.entries[0])
                continue
            if found.keys:
                yield RouteBlock(table.afi, found.keys, found.rows, found.since, now)
            yield dest
            found, now = _Found(make), pause()
        if found.keys:
            yield RouteBlock(table.afi, found.keys, found.rows, found.since, now)
        yield None


class _Found:
    """What a block is made of."""

    def __init__(self, make: Make) -> None:
        self.keys: list[int] = []
        self.rows: list[RouteRow] = []
        self.since: list[float] = []
        self._make = make
        self._known: dict[tuple[object, ...], RouteRow | None] = {}

    def take(self, dest: "Dest", entry: "RouteEntry") -> None:
        """A prefix with one route."""
        content = (
            entry.group,
            entry.status,
            dest.state,
            dest.installed_id,
            entry.installed_id,
            dest.selected is entry,
            dest.fib is entry,
            entry.distance,
            entry.metric,
            entry.tag,
            entry.flags,
            entry.mtu,
            entry.instance,
            id(entry.type),
            entry.opaque,
        )
        known = self._known
        row = (
            known[content]
            if content in known
            else known.setdefault(content, self._make(dest, entry))
        )
        if row is not None:
            self.keys.append(dest.key)
            self.rows.append(row)
            self.since.append(entry.since)
