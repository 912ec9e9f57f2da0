"""Views to FRR's JSON, byte for byte: keys, their order, and json-c's layouts."""

from bgp.show.json import damped, flowspec, group, misc, neighbor, route, summary, table
from bgp.show.json.dispatch import json

__all__ = ["damped", "flowspec", "group", "json", "misc", "neighbor", "route", "summary", "table"]
