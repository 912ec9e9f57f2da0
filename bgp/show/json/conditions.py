"""Conditional advertisement among the members of a neighbor."""

from bgp.show.views.neighbor import NeighborFamily, Timers
from grammar.output import jsonc

Values = dict[str, jsonc.Json]


def search_times(timers: Timers) -> Values:
    """How often conditions are looked at, and when next."""
    values: Values = {"bgpTimerConfiguredConditionalAdvertisementsSec": timers.search}
    if timers.search_due is not None:
        values["bgpTimerUntilConditionalAdvertisementsSec"] = timers.search_due
    return values


def condition(family: NeighborFamily) -> Values:
    """The line `advertise-map`, and what came of it."""
    found = family.condition
    if found is None:
        return {}
    values: Values = {
        "condition": "NON_EXIST" if found.absent else "EXIST",
        "conditionMap": found.condition,
        "advertiseMap": found.name,
        "advertiseStatus": "Withdraw" if found.withholds else "Advertise",
    }
    return {"advertiseMap": values}
