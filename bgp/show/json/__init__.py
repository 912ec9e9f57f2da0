"""Views to FRR's JSON, byte for byte: keys, their order, and json-c's layouts."""

from bgp.show.json import damped, flowspec, group, misc, neighbor, prefixes, route, summary, table
from bgp.show.json.dispatch import json

__all__ = [
    "damped",
    "flowspec",
    "group",
    "json",
    "misc",
    "neighbor",
    "prefixes",
    "route",
    "summary",
    "table",
]
