"""Conditional advertisement among the lines of a neighbor."""

from collections.abc import Iterator

from bgp.show.views.neighbor import NeighborFamily, Timers


def later_times(timers: Timers) -> Iterator[str]:
    """The delay of the OPEN, the size of segments, when conditions are looked at."""
    if timers.delay_open is not None:
        yield f"  Configured DelayOpenTime is {timers.delay_open} seconds\n"
    if timers.segments is not None:
        configured, synced = timers.segments
        yield f"  Configured tcp-mss is {configured}, synced tcp-mss is {synced}\n"
    if timers.extended_parameters:
        yield "  Extended Optional Parameters Length is enabled\n"
    yield f"  Configured conditional advertisements interval is {timers.search} seconds\n"
    if timers.search_due is not None:
        due = timers.search_due
        yield f"  Time until conditional advertisements begin is {due} seconds\n"


def default_map(family: NeighborFamily) -> str:
    """The map of the default route, ahead of whether that was sent."""
    if family.default_map is None:
        return ""
    name, known = family.default_map
    return f"default route-map {'*' * known}{name}, "


def condition(family: NeighborFamily) -> Iterator[str]:
    """The line `advertise-map`, and what came of it."""
    found = family.condition
    if found is not None:
        kind = "NON_EXIST" if found.absent else "EXIST"
        asked = f"{'*' * found.condition_known}{found.condition}"
        name = f"{'*' * found.known}{found.name}"
        status = "Withdraw" if found.withholds else "Advertise"
        yield f"  Condition {kind}, Condition-map {asked}, Advertise-map {name}, status: {status}\n"
