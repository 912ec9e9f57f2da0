"""Routes of multicast tables: chosen like others, but for nobody (as in FRR).

The kernel does not have them, clients are not told of them, and no next hop is found in them.
"""

from zebra import select
from zebra.rib import Dest


def choose(dest: Dest) -> None:
    """Choose anew among the routes of a destination, whose groups are up to date."""
    usable = (
        entry for entry in dest.entries if entry.group.valid and entry.distance != select.INFINITE
    )
    dest.selected = select.best(usable)
