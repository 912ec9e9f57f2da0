"""Which of several routes to one prefix is used (FRR's rib_choose_best)."""

from collections.abc import Iterable
from enum import StrEnum
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
        if chosen is None or compared(entry, chosen)[1]:
            chosen = entry
    return chosen


class Step(StrEnum):
    """What may decide between two routes, in this order."""

    CONNECTED = "connected"
    DISTANCE = "distance"
    METRIC = "metric"
    AGE = "age"


def compared(older: "RouteEntry", newer: "RouteEntry") -> tuple[Step, bool]:
    """What decides between two usable routes, and whether it is for the older one."""
    connected = older.type is RouteType.CONNECTED
    if connected is not (newer.type is RouteType.CONNECTED):
        return Step.CONNECTED, connected
    if not connected and older.distance != newer.distance:
        return Step.DISTANCE, older.distance < newer.distance
    if older.metric != newer.metric:
        return Step.METRIC, older.metric < newer.metric
    return Step.AGE, True
