"""What the `match` lines of a route-map ask of a route, by their keys."""

from collections.abc import Callable
from random import random
from typing import Any, Final

from bgp.policy.communities import community_text
from bgp.policy.lists import BgpLists, communities_text, extended_texts, large_text
from bgp.policy.route import Route
from grammar.base.values import Address, Afi, Prefix
from grammar.filters.model import AccessList, Filters

ORIGINS: Final = {"igp": 0, "egp": 1, "incomplete": 2}


class Sources:
    """What matches look things up in."""

    def __init__(self, filters: Filters, lists: BgpLists, aliases: dict[str, str]) -> None:
        self.ifindex: Callable[[str], int] = lambda name: 0
        """The number of an interface by its name; 0 if there is none."""
        self.filters = filters
        self.lists = lists
        self.aliases = aliases


Match = Callable[[Sources, Route, Any], bool]


def _permits(sources: Sources, kind: str, name: str, address: Address | None, afi: Afi) -> bool:
    if address is None or address.afi is not afi:
        return False
    prefix = address.host_prefix()
    if kind == "prefix-list":
        return sources.filters.prefix_permits(name, prefix)
    return sources.filters.access_permits(name, prefix)


def _address(kind: str, afi: Afi) -> Match:
    def match(sources: Sources, route: Route, name: str) -> bool:
        if route.prefix.afi is not afi:
            return False
        if kind == "prefix-list":
            # FRR finds entries by prefix: here a list without rules matches nothing.
            found = sources.filters.prefix_list(name, afi)
            return found is not None and bool(found.rules) and route.asked.ask(found.permits_key)
        listed = sources.filters.access_list(name, afi)
        return listed is not None and route.asked.ask(lambda key: _passes(listed, afi, key))

    return match


def _passes(found: AccessList, afi: Afi, key: int) -> bool:
    return found.permits(Prefix.from_key(afi, key))


def _next_hop(kind: str, afi: Afi) -> Match:
    def match(sources: Sources, route: Route, name: str) -> bool:
        return _permits(sources, kind, name, route.gateway, afi)

    return match


def _route_source(kind: str) -> Match:
    def match(sources: Sources, route: Route, name: str) -> bool:
        if route.prefix.afi is not Afi.IPV4:
            return False
        return _permits(sources, kind, name, route.peer_address, Afi.IPV4)

    return match


def _interface(sources: Sources, route: Route, name: str) -> bool:
    ifindex = sources.ifindex(name)
    return ifindex != 0 and route.ifindex == ifindex


def _black_hole(afi: Afi) -> Match:
    # The only type there is: FRR takes for one what has neither an address nor an interface.
    def match(sources: Sources, route: Route, word: str) -> bool:
        return route.prefix.afi is afi and route.gateway is None and not route.ifindex

    return match


def _gateway_is(sources: Sources, route: Route, address: Address) -> bool:
    return route.gateway == address


def _peer(sources: Sources, route: Route, wanted: object) -> bool:
    if wanted == "local":
        return route.local
    return wanted in route.peer_names


def _as_path(sources: Sources, route: Route, name: str) -> bool:
    found = sources.lists.find("as-path", name)
    return found is not None and found.permits((), route.get("as_path").text)


def _listed(kind: str, field: str, text: Callable[[Any], str]) -> Match:
    def match(sources: Sources, route: Route, argument: tuple[str, bool]) -> bool:
        name, exact = argument
        found = sources.lists.find(kind, name)
        values = route.get(field)
        return found is not None and found.permits(values, text(values), exact)

    return match


def _alias(sources: Sources, route: Route, alias: str) -> bool:
    texts = [community_text(value) for value in route.get("communities")]
    texts += [f"{a}:{b}:{c}" for a, b, c in route.get("large_communities")]
    return any(sources.aliases.get(text) == alias for text in texts)


def _metric(sources: Sources, route: Route, number: int) -> bool:
    value = route.get("med")
    if value is None and route.outward:
        value = route.attrs.med  # not announced, but still there to be matched (FRR)
    return bool((value or 0) == number)


def _number(field: str) -> Match:
    def match(sources: Sources, route: Route, number: int) -> bool:
        return bool((route.get(field) or 0) == number)

    return match


def _by_chance(sources: Sources, route: Route, percent: int) -> bool:
    return route.asked.ask(lambda key: random() * 100 < percent)


_ORIGIN_VALIDATION: Final = 0x4300
"""Type and subtype of the origin validation state (RFC 8097), which is in the last octet."""
_STATES: Final = {"valid": 0, "notfound": 1, "invalid": 2}


def _validation_state(sources: Sources, route: Route, word: str) -> bool:
    values: tuple[int, ...] = route.get("ext_communities")
    for value in values:
        if value >> 48 == _ORIGIN_VALIDATION:
            return value & 0xFF == _STATES[word]
    return False


def _never(sources: Sources, route: Route, argument: object) -> bool:
    return False


MATCHES: Final[dict[str, Match]] = {
    "interface": _interface,
    "ip address": _address("access-list", Afi.IPV4),
    "ip address prefix-list": _address("prefix-list", Afi.IPV4),
    "ipv6 address": _address("access-list", Afi.IPV6),
    "ipv6 address prefix-list": _address("prefix-list", Afi.IPV6),
    "ip next-hop": _next_hop("access-list", Afi.IPV4),
    "ip next-hop prefix-list": _next_hop("prefix-list", Afi.IPV4),
    "ip next-hop address": _gateway_is,
    "ip next-hop type": _black_hole(Afi.IPV4),
    "ipv6 next-hop": _next_hop("access-list", Afi.IPV6),
    "ipv6 next-hop prefix-list": _next_hop("prefix-list", Afi.IPV6),
    "ipv6 next-hop address": _gateway_is,
    "ipv6 next-hop type": _black_hole(Afi.IPV6),
    "ip route-source": _route_source("access-list"),
    "ip route-source prefix-list": _route_source("prefix-list"),
    "peer": _peer,
    "as-path": _as_path,
    "community": _listed("community", "communities", communities_text),
    "large-community": _listed("large-community", "large_communities", large_text),
    "extcommunity": _listed("extcommunity", "ext_communities", extended_texts),
    "alias": _alias,
    "local-preference": _number("local_pref"),
    "metric": _metric,
    "origin": lambda sources, route, word: route.get("origin") == ORIGINS[word],
    "tag": lambda sources, route, number: route.tag == number,
    "probability": _by_chance,
    "rpki-extcommunity": _validation_state,
    # Of families and tables that carry no routes here, or that nothing marks:
    "mac address": _never,
    "evpn vni": _never,
    "evpn route-type": _never,
    "evpn rd": _never,
    "evpn default-route": _never,
    "source-vrf": _never,
}
