"""Spare next hops: what a route's owner names to stand in for others (fast reroute).

Linux knows of none: they are resolved, shown and told to those who track next hops, as by FRR.
"""

from dataclasses import replace

from zebra.hop import Hop


def through(found: Hop, leaf: Hop, spares: tuple[Hop, ...]) -> Hop:
    """A next hop found by recursion, with the spare ones of that over which it was."""
    if not leaf.backups:
        return found
    return replace(found, backups=leaf.backups, spares=spares)


def gathered(hops: tuple[Hop, ...], spares: tuple[Hop, ...]) -> tuple[Hop, ...]:
    """The same next hops with all spare ones at the first: their own, and those of recursion."""
    known = list(spares)

    def place(hop: Hop) -> int:
        if hop not in known:
            known.append(hop)
        return known.index(hop)

    def settle(hop: Hop) -> Hop:
        inner = tuple(map(settle_inner, hop.resolved))
        return replace(hop, resolved=inner, spares=()) if inner or hop.spares else hop

    def settle_inner(hop: Hop) -> Hop:
        if not hop.backups:
            return hop
        backups = tuple(place(hop.spares[index]) for index in hop.backups)
        return replace(hop, backups=backups, spares=())

    settled = tuple(map(settle, hops))
    return (replace(settled[0], spares=tuple(known)), *settled[1:])
