"""Views to FRR's JSON, byte for byte: keys, their order, and json-c's layouts."""

from bgp.show.json import group, misc, neighbor, route, summary, table
from bgp.show.json.dispatch import json

__all__ = ["group", "json", "misc", "neighbor", "route", "summary", "table"]
