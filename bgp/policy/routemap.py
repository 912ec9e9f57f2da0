"""Route-maps so far: entries that permit or deny everything, in order of their numbers."""

from collections.abc import Mapping

from bgp.config import RouteMapEntry

RouteMaps = Mapping[str, Mapping[int, RouteMapEntry]]


def denies(maps: RouteMaps, name: str | None) -> bool:
    """True if the map of that name lets nothing through.

    No name is no filter. A map that does not exist denies everything (FRR); without matches the
    lowest entry decides about every route.
    """
    if name is None:
        return False
    entries = maps.get(name)
    return not entries or not entries[min(entries)].permit
