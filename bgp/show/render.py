"""A view to the bytes FRR prints: `Bgpd.render`."""

from collections.abc import Iterable

from bgp.show.json import json
from bgp.show.text import text


def render(view: object, as_json: bool) -> Iterable[str]:
    """The answer of a show command, in chunks made while they are read."""
    return json(view) if as_json else text(view)
