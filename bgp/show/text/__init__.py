"""Views to FRR's text, byte for byte. Renderers are generators of chunks and know only views."""

from bgp.show.text import (
    damped,
    flowspec,
    group,
    misc,
    neighbor,
    prefixes,
    route,
    summary,
    table,
    updategroups,
)
from bgp.show.text.dispatch import text

__all__ = [
    "damped",
    "flowspec",
    "group",
    "misc",
    "neighbor",
    "prefixes",
    "route",
    "summary",
    "table",
    "text",
    "updategroups",
]
