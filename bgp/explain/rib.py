"""What zebra was given for a prefix, and what it said of it."""

from typing import TYPE_CHECKING

from bgp.explain.words import joined
from bgp.rib.path import Entry, Origination, best_of
from grammar.output.jsonc import Json
from grammar.output.outline import Point

if TYPE_CHECKING:
    from bgp.config import Family
    from bgp.instance import Instance


def rib_points(
    instance: "Instance", family: "Family", key: int, entry: Entry | None
) -> list[Point]:
    """Whether zebra has the route; zebra itself explains what became of it (`explain ip route`)."""
    text, fields = _given(instance, family, key, entry)
    return [Point(f"To zebra: {text}", fields)]


def _kept(instance: "Instance", family: "Family", entry: Entry | None) -> str:
    best = best_of(entry)
    own = best is not None and best.source.is_local
    if own and best is not None and best.origination is not Origination.AGGREGATE:
        return "nothing is given: routes of this router itself are zebra's, not BGP's"
    name = instance.config.family(family).table_map
    return f"nothing is given: table-map {name} denies it" if name else "nothing is given"


def _given(
    instance: "Instance", family: "Family", key: int, entry: Entry | None
) -> tuple[str, dict[str, Json]]:
    fib = instance.fibs.get(family)
    if fib is None or instance.is_view:
        return "its routes are not for forwarding", {"given": False}
    if instance.zebra.link is None:
        return "there is no connection to zebra", {"given": False}
    if fib.idle:
        return "nothing is given (bgp no-rib, or bgpd -n)", {"given": False}
    if best_of(entry) is None:
        return "no path is used, so nothing is given", {"given": False}
    route = fib.telling(key, entry)
    if route is None:
        return _kept(instance, family, entry), {"given": False}
    hops = joined(str(hop.gate) if hop.gate is not None else "blackhole" for hop in route.nexthops)
    said = f"given with distance {route.distance}, metric {route.metric}, next hops {hops}"
    fields: dict[str, Json] = {
        "given": True,
        "distance": route.distance,
        "metric": route.metric,
        "nextHops": [str(hop.gate) for hop in route.nexthops if hop.gate is not None],
    }
    if key in fib.pending:
        return f"{said}; it is about to be sent", {**fields, "pending": True}
    installed = instance.tables[family].installed
    if installed is None or not installed.on:
        return said, fields
    if key in installed.keys:
        return f"{said}; it is in the kernel", {**fields, "inKernel": True}
    waits = "zebra has not said yet that it is" if key in installed.asked else "it is not"
    return f"{said}; {waits} in the kernel", {**fields, "inKernel": False}
