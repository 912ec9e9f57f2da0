"""Whether a route-map lets nothing through at all."""

from grammar.filters.model import Filters


def denies(filters: Filters, name: str | None) -> bool:
    """True if the map of that name lets nothing through, whatever the route.

    No name is no filter. A map that does not exist denies everything (FRR).
    """
    if name is None:
        return False
    found = filters.route_maps.get(name)
    return found is None or not any(entry.permit for entry in found.entries.values())
