"""`bgp.health` without turns in between."""

from bgp.bgpd import Bgpd
from bgp.health.snapshot import Health, observed


def snapshot(bgpd: Bgpd) -> Health:
    """What is the case now."""
    steps = observed(bgpd)
    while True:
        try:
            next(steps)
        except StopIteration as end:
            health: Health = end.value
            return health
