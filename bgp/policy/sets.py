"""What the `set` lines of a route-map do to a route, by their keys."""

from collections.abc import Callable
from typing import Any, Final

from bgp.policy.communities import community_text
from bgp.policy.lists import large_text
from bgp.policy.matches import ORIGINS, Sources
from bgp.policy.route import Route
from bgp.rib.bandwidth import community
from bgp.wire.attributes.aggregator import Aggregator
from bgp.wire.attributes.aspath import AsPath
from grammar.base.values import Address, Afi

MAXIMUM: Final = 0xFFFFFFFF

Set = Callable[[Sources, Any, Route], None]


def _adjusted(field: str) -> Set:
    def change(sources: Sources, argument: tuple[str, int | None], route: Route) -> None:
        sign, number = argument
        amount = route.rtt if number is None else number
        now = route.get(field) or 0
        match sign:
            case "+":
                amount = min(now + amount, MAXIMUM)
            case "-":
                amount = max(now - amount, 0)
        route.put(field, amount)

    return change


def _weight(sources: Sources, number: int, route: Route) -> None:
    route.weight = number


def _origin(sources: Sources, word: str, route: Route) -> None:
    route.put("origin", ORIGINS[word])


def _atomic(sources: Sources, argument: object, route: Route) -> None:
    route.put("atomic", True)


def _aggregator(sources: Sources, argument: tuple[int, int], route: Route) -> None:
    route.put("aggregator", Aggregator(*argument))


def _originator(sources: Sources, address: Address, route: Route) -> None:
    route.put("originator_id", address.value)


# --- AS paths ---


def _prepend(sources: Sources, argument: tuple[int, ...] | int, route: Route) -> None:
    path: AsPath = route.get("as_path")
    if isinstance(argument, int):
        first = path.first_as
        argument = () if first is None else (first,) * argument
    route.put("as_path", path.prepend(*argument))


def _exclude(sources: Sources, asns: tuple[int, ...], route: Route) -> None:
    left = (
        (kind, tuple(asn for asn in numbers if asn not in asns))
        for kind, numbers in route.get("as_path").segments
    )
    route.put("as_path", AsPath(segment for segment in left if segment[1]))


def _replace(sources: Sources, wanted: str | int, route: Route) -> None:
    own = route.local_as
    route.put(
        "as_path",
        AsPath(
            (kind, tuple(own if wanted in ("any", asn) else asn for asn in numbers))
            for kind, numbers in route.get("as_path").segments
        ),
    )


# --- communities ---


def _communities(field: str) -> Set:
    def change(sources: Sources, argument: tuple[Any, bool], route: Route) -> None:
        values, additive = argument
        both = (*route.get(field), *values) if additive else values
        route.put(field, tuple(sorted(set(both))))

    return change


def _delete(kind: str, field: str, text: Callable[[Any], str]) -> Set:
    def change(sources: Sources, name: str, route: Route) -> None:
        found = sources.lists.find(kind, name)
        if found is not None:
            kept = tuple(v for v in route.get(field) if not found.deletes(v, text(v)))
            route.put(field, kept)

    return change


def _extended(sources: Sources, values: tuple[int, ...], route: Route) -> None:
    # FRR adds them behind those that are there, a second time too.
    route.put("ext_communities", (*route.get("ext_communities"), *values))


def _no_extended(sources: Sources, argument: object, route: Route) -> None:
    route.put("ext_communities", ())


_MEGABIT: Final = 1000 * 1000 / 8


def _bandwidth(sources: Sources, argument: tuple[int | str, bool], route: Route) -> None:
    amount, non_transitive = argument
    match amount:
        case "cumulative":
            rate: float = route.total
        case "num-multipaths":
            rate = route.ways * _MEGABIT
        case _:
            rate = int(amount) * _MEGABIT
    if not rate:
        return
    value = community(rate, route.local_as, non_transitive, whole=route.whole_rates)
    kept = tuple(v for v in route.get("ext_communities") if v >> 48 != value >> 48)
    route.put("ext_communities", (*kept, value))


# --- next hops ---


def _next_hop(afi: Afi) -> Set:
    def change(sources: Sources, address: Address, route: Route) -> None:
        if route.afi is afi:
            route.gateway, route.gateway_kind = address, "address"

    return change


def _next_hop_kind(sources: Sources, word: str, route: Route) -> None:
    if route.afi is not Afi.IPV4:
        return
    if word == "unchanged":
        route.gateway_kind = word
    else:
        _of_peer(sources, word, route)


def _of_peer(sources: Sources, argument: object, route: Route) -> None:
    if route.outward:
        route.gateway, route.gateway_kind = None, "peer-address"
    elif route.peer_address is not None and route.peer_address.afi is route.afi:
        route.gateway, route.gateway_kind = route.peer_address, "address"


def _of_peer_ipv6(sources: Sources, argument: object, route: Route) -> None:
    if route.outward or route.afi is Afi.IPV6:
        _of_peer(sources, argument, route)


def _link_local(sources: Sources, address: Address, route: Route) -> None:
    route.link_local = address


def _prefer_global(sources: Sources, argument: object, route: Route) -> None:
    route.prefer_global = True


def _tag(sources: Sources, number: int, route: Route) -> None:
    route.note(tag=number)


def _distance(sources: Sources, number: int, route: Route) -> None:
    route.note(distance=number)


def _table(sources: Sources, number: int, route: Route) -> None:
    route.note(table=number)


def _nothing(sources: Sources, argument: object, route: Route) -> None:
    return None


SETS: Final[dict[str, Set]] = {
    "set metric": _adjusted("med"),
    "set local-preference": _adjusted("local_pref"),
    "set weight": _weight,
    "set origin": _origin,
    "set atomic-aggregate": _atomic,
    "set aggregator as": _aggregator,
    "set originator-id": _originator,
    "set as-path prepend": _prepend,
    "set as-path exclude": _exclude,
    "set as-path replace": _replace,
    "set community": _communities("communities"),
    "set large-community": _communities("large_communities"),
    "set comm-list": _delete("community", "communities", community_text),
    "set large-comm-list": _delete(
        "large-community", "large_communities", lambda value: large_text([value])
    ),
    "set extcommunity rt": _extended,
    "set extcommunity soo": _extended,
    "set extcommunity bandwidth": _bandwidth,
    "set extcommunity none": _no_extended,
    "set ip next-hop": _next_hop(Afi.IPV4),
    "set ip next-hop kind": _next_hop_kind,
    "set ipv6 next-hop global": _next_hop(Afi.IPV6),
    "set ipv6 next-hop local": _link_local,
    "set ipv6 next-hop peer-address": _of_peer_ipv6,
    "set ipv6 next-hop prefer-global": _prefer_global,
    "set tag": _tag,
    "set distance": _distance,
    "set table": _table,
    # Kept and shown; what they change has no place here yet.
    "set label-index": _nothing,
    "set sr-te color": _nothing,
    "set ipv4 vpn next-hop": _nothing,
    "set ipv6 vpn next-hop": _nothing,
    "set evpn gateway-ip ipv4": _nothing,
    "set evpn gateway-ip ipv6": _nothing,
    "set l3vpn next-hop encapsulation": _nothing,
}
