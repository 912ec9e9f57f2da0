"""Show commands of what a neighbor sent and was told, and what of it is in the tables."""

from typing import Any

from bgp.commands.showing import (
    ALL,
    HEAD,
    INSTANCE,
    JSON,
    NEIGHBOR,
    OLD_FAMILY,
    WIDE,
    Where,
    shows,
)
from bgp.show import build
from grammar.command import fragment


@shows(
    HEAD
    + ALL
    + NEIGHBOR
    + fragment(
        "<advertised-routes|received-routes|filtered-routes>$what [route-map RMAP_NAME$rmap]",
        "What it was told",
        "What it sent",
        "What policy took out",
        "As a route-map would change it",
        "Name of the route-map",
    )
    + WIDE
)
def _show_adjacency(
    where: Where,
    what: str,
    peer: Any,
    all: str | None = None,
    rmap: str | None = None,
    wide: str | None = None,
) -> object:
    instance = where.instance()
    found = build.find.peer(instance, peer)
    if all is not None:
        return build.adjacency.of_all(
            instance, found, where.afi, what, rmap=rmap, wide=wide is not None
        )
    return build.adjacency.of_family(
        instance, found, where.family, what, rmap=rmap, wide=wide is not None
    )


@shows(
    HEAD
    + NEIGHBOR
    + fragment(
        "<flap-statistics|dampened-routes|routes>$what",
        "How often its routes came and went",
        "Its routes that are held back",
        "Its routes in the table",
    )
    + JSON
)
def _show_neighbor_routes(where: Where, what: str, peer: Any) -> object:
    instance = where.instance()
    found = build.find.active_peer(instance, peer, where.family)
    return build.select.of_peer(instance, found, where.family, what)


@shows(HEAD + NEIGHBOR + fragment("bestpath-routes", "Its routes that are the best ones") + WIDE)
def _show_best(where: Where, peer: Any, wide: str | None = None) -> object:
    instance = where.instance()
    found = build.find.active_peer(instance, peer, where.family)
    return build.adjacency.best(instance, found, where.family, wide=wide is not None)


@shows(
    INSTANCE + OLD_FAMILY + NEIGHBOR + fragment("prefix-counts", "Its routes, counted") + JSON,
    hidden=True,
)
def _show_prefix_counts(where: Where, peer: Any) -> object:
    instance = where.instance()
    found = build.find.active_peer(instance, peer, where.family)
    return build.statistics.prefix_counts(instance, found, where.family)


@shows(
    INSTANCE
    + fragment("[<ipv4|ipv6>$afi [unicast$safi]]", "IPv4 routes", "IPv6 routes", "Unicast")
    + NEIGHBOR
    + fragment("received prefix-filter", "What it sent", "The filter that it asked for")
    + JSON
)
def _show_prefix_filter(where: Where, peer: Any) -> object:
    instance = where.instance()
    found = build.find.peer(instance, peer)
    return build.adjacency.prefix_filter(found, where.family)
