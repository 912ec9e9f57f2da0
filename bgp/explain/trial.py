"""`test route-map NAME prefix ...`: one route, as it is typed, through a route-map."""

from collections.abc import Callable, Iterator, Mapping
from typing import TYPE_CHECKING, Any, TypeVar

from bgp.explain.filters import mapped
from bgp.explain.quiet import Noted
from bgp.explain.trace import values_of
from bgp.explain.words import differences, summary
from bgp.extras import Extras
from bgp.policy.communities import community_values, large_values
from bgp.policy.matches import ORIGINS
from bgp.policy.route import Route
from bgp.wire.attributes.aspath import AsPath
from grammar.base.errors import CommandError
from grammar.base.values import Address, Prefix
from grammar.output.outline import Fields, Point, rendered

if TYPE_CHECKING:
    from bgp.attrs import AttrSet
    from bgp.bgpd import Bgpd
    from bgp.instance import Instance

T = TypeVar("T")


def run(bgpd: "Bgpd", values: Mapping[str, Any], *, as_json: bool) -> Iterator[str]:
    """What the map makes of the route that the words of a line describe.

    `CommandError` if there is no such map or neighbor, or a word is no value.
    """
    name = str(values["map"])
    require_map(bgpd, name)
    route = _route(bgpd, values)
    before = values_of(route)
    found = mapped(bgpd.policy, name, route)
    point = _point(name, values["prefix"].network, found.reason, before, route, found.points)
    return rendered(point, as_json=as_json)


def require_map(bgpd: "Bgpd", name: str) -> None:
    """`CommandError` if there is no such route-map."""
    if name not in bgpd.config.filters.route_maps:
        raise CommandError(f"% There is no route-map {name}")


def _point(
    name: str,
    prefix: Prefix,
    reason: str | None,
    before: dict[str, object],
    route: Route,
    points: tuple[Point, ...],
) -> Point:
    permits = reason is None
    after = values_of(route)
    fields: Fields = {"routeMap": name, "prefix": str(prefix), "permits": permits}
    said = f"route-map {name} {'permits' if permits else 'denies'} {prefix}"
    parts: dict[str, list[Point]] = {"steps": list(points), "route": [], "changes": []}
    parts["route"].append(Point(f"the route as given: {summary(before)}"))
    if permits:
        changes = differences(before, after)
        parts["changes"] = [Point(f"~ {each.text}", each.fields) for each in changes]
        if not changes:
            parts["route"].append(Point("nothing of it is changed"))
    return Point(said, fields, parts)


def _route(bgpd: "Bgpd", values: Mapping[str, Any]) -> Route:
    prefix: Prefix = values["prefix"].network
    instance = bgpd.instances.get(None)
    address, names = _sender(instance, values.get("peer"))
    gateway: Address | None = values.get("gateway", address)
    return Route(
        prefix,
        _attrs(bgpd, values),
        gateway,
        weight=values.get("weight", 0),
        local="own" in values,
        local_as=0 if instance is None else instance.asn,
        peer_address=address,
        peer_names=names,
        asked=Noted(prefix.key),
    )


def _sender(
    instance: "Instance | None", name: Address | str | None
) -> tuple[Address | None, frozenset[object]]:
    """The address and the names that `match peer` may give a neighbor, configured or not."""
    if name is None:
        return None, frozenset()
    peer = None if instance is None else instance.peers.get(name)
    if peer is not None:
        config = peer.config
        return peer.address, frozenset({config.name, config.group, peer.address} - {None})
    if isinstance(name, Address):
        return name, frozenset({name})
    raise CommandError(f"% There is no neighbor {name}")


def _attrs(bgpd: "Bgpd", values: Mapping[str, Any]) -> "AttrSet":
    tag = values.get("tag")
    return bgpd.pool.make(
        origin=ORIGINS[values.get("origin", "igp")],
        as_path=AsPath.sequence(*values.get("asns", ())),
        med=values.get("med"),
        local_pref=values.get("preference"),
        communities=_values_of(values.get("communities"), community_values, "communities"),
        large_communities=_values_of(values.get("large"), large_values, "large communities"),
        extras=None if tag is None else Extras(tag=tag),
    )


def _values_of(
    words: str | None, read: Callable[[str], tuple[T, ...] | None], name: str
) -> tuple[T, ...]:
    if words is None:
        return ()
    found = read(words)
    if found is None:
        raise CommandError(f"% These are no {name}: {words}")
    return found
