"""Which of several routes to one prefix is used (FRR's rib_choose_best)."""

from collections.abc import Iterable
from typing import TYPE_CHECKING

from zebra.zapi.constants import RouteType

if TYPE_CHECKING:
    from zebra.rib import RouteEntry

DISTANCE: dict[RouteType, int] = {
    RouteType.SYSTEM: 0,
    RouteType.KERNEL: 0,
    RouteType.CONNECTED: 0,
    RouteType.STATIC: 1,
    RouteType.NHRP: 10,
    RouteType.EIGRP: 90,
    RouteType.BABEL: 100,
    RouteType.OSPF: 110,
    RouteType.OSPF6: 110,
    RouteType.ISIS: 115,
    RouteType.OPENFABRIC: 115,
    RouteType.RIP: 120,
    RouteType.RIPNG: 120,
    RouteType.TABLE: 150,
    RouteType.SHARP: 150,
    RouteType.BGP: 20,
    RouteType.PBR: 200,
}
"""The administrative distance of a route that comes without one."""

INFINITE = 255
"""A distance at which a route is never used."""


def distance_of(kind: RouteType) -> int:
    """The default administrative distance of a route type."""
    return DISTANCE.get(kind, 150)


def best(entries: "Iterable[RouteEntry]") -> "RouteEntry | None":
    """The route to use among usable ones, given newest first: connected, distance, metric, age."""
    chosen: RouteEntry | None = None
    for entry in entries:
        if chosen is None or _beats(entry, chosen):
            chosen = entry
    return chosen


def _beats(other: "RouteEntry", chosen: "RouteEntry") -> bool:
    # Entries come newest first, so "not worse" lets the oldest win a tie.
    if other.type is RouteType.CONNECTED:
        return chosen.type is not RouteType.CONNECTED or other.metric <= chosen.metric
    if chosen.type is RouteType.CONNECTED:
        return False
    if other.distance != chosen.distance:
        return other.distance < chosen.distance
    return other.metric <= chosen.metric
