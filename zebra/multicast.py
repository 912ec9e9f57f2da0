"""Routes of multicast tables: chosen like others, but for nobody (as in FRR).

The kernel does not have them, clients are not told of them, and no next hop is found in them.
"""

from zebra import select
from zebra.rib import Dest
from zebra.zapi.constants import RouteFlag

_SELECTED = int(RouteFlag.SELECTED)


def choose(dest: Dest) -> None:
    """Choose anew among the routes of a destination, whose groups are up to date."""
    usable = (
        entry for entry in dest.entries if entry.group.valid and entry.distance != select.INFINITE
    )
    chosen, old = select.best(usable), dest.selected
    if old is not None and old is not chosen:
        old.flags &= ~_SELECTED
    if chosen is not None:
        chosen.flags |= _SELECTED
    dest.selected = chosen
