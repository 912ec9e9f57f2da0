"""What the `match` lines of a route-map ask of a route, by their keys."""

from collections.abc import Callable
from functools import partial
from random import random
from typing import Any, Final

from bgp.policy.communities import community_text
from bgp.policy.decision import Each
from bgp.policy.lists import BgpLists, extended_texts, large_text
from bgp.policy.prefixes import Listed
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


Match = Callable[[Sources, Any, Route], bool]
Test = Callable[[Route], bool]


def _permits(sources: Sources, kind: str, name: str, address: Address | None, afi: Afi) -> bool:
    if address is None or address.afi is not afi:
        return False
    prefix = address.host_prefix()
    if kind == "prefix-list":
        return sources.filters.prefix_permits(name, prefix)
    return sources.filters.access_permits(name, prefix)


def _address(kind: str, afi: Afi) -> Match:
    def match(sources: Sources, name: str, route: Route) -> bool:
        if route.afi is not afi:
            return False
        if kind == "prefix-list":
            # FRR finds entries by prefix: here a list without rules matches nothing.
            found = sources.filters.prefix_list(name, afi)
            return found is not None and bool(found.rules) and route.asked.ask(Listed(found))
        listed = sources.filters.access_list(name, afi)
        return listed is not None and route.asked.ask(Each(lambda key: _passes(listed, afi, key)))

    return match


def _passes(found: AccessList, afi: Afi, key: int) -> bool:
    return found.permits(Prefix.from_key(afi, key))


def _next_hop(kind: str, afi: Afi) -> Match:
    def match(sources: Sources, name: str, route: Route) -> bool:
        return _permits(sources, kind, name, route.gateway, afi)

    return match


def _route_source(kind: str) -> Match:
    def match(sources: Sources, name: str, route: Route) -> bool:
        if route.afi is not Afi.IPV4:
            return False
        return _permits(sources, kind, name, route.peer_address, Afi.IPV4)

    return match


def _interface(sources: Sources, name: str, route: Route) -> bool:
    ifindex = sources.ifindex(name)
    return ifindex != 0 and route.ifindex == ifindex


def _black_hole(afi: Afi) -> Match:
    # The only type there is: FRR takes for one what has neither an address nor an interface.
    def match(sources: Sources, word: str, route: Route) -> bool:
        return route.afi is afi and route.gateway is None and not route.ifindex

    return match


def _gateway_is(sources: Sources, address: Address, route: Route) -> bool:
    return route.gateway == address


def _peer(sources: Sources, wanted: object, route: Route) -> bool:
    if wanted == "local":
        return route.local
    return wanted in route.peer_names


READERS: Final[dict[str, tuple[str | None, Callable[[Route], str]]]] = {
    "as-path": (None, Route.path_text),
    "community": ("communities", Route.community_text),
    "large-community": (
        "large_communities",
        lambda route: large_text(route.get("large_communities")),
    ),
    "extcommunity": (
        "ext_communities",
        lambda route: extended_texts(route.get("ext_communities")),
    ),
}
"""What lists of a kind look at: the values of a field, and their text."""


def _listed(sources: Sources, key: str, argument: str | tuple[str, bool]) -> Test:
    name, exact = (argument, False) if isinstance(argument, str) else argument
    found = sources.lists.find(key, name)
    if found is None:
        return lambda route: False
    field, text_of = READERS[key]
    if field is None or found.of_texts:
        judge_text = found.judge_texts()
        return lambda route: judge_text(text_of(route))
    judge, name = found.judge(exact), field
    return lambda route: judge(route.get(name), partial(text_of, route))


def _alias(sources: Sources, alias: str, route: Route) -> bool:
    texts = [community_text(value) for value in route.get("communities")]
    texts += [f"{a}:{b}:{c}" for a, b, c in route.get("large_communities")]
    return any(sources.aliases.get(text) == alias for text in texts)


def _metric(sources: Sources, number: int, route: Route) -> bool:
    value = route.get("med")
    if value is None and route.outward:
        value = route.attrs.med  # not announced, but still there to be matched (FRR)
    return bool((value or 0) == number)


def _number(field: str) -> Match:
    def match(sources: Sources, number: int, route: Route) -> bool:
        return bool((route.get(field) or 0) == number)

    return match


def _by_chance(sources: Sources, percent: int, route: Route) -> bool:
    return route.asked.ask(Each(lambda key: _chance() * 100 < percent))


def _chance() -> float:
    return random()  # no secret  # noqa: S311  # nosec B311


_ORIGIN_VALIDATION: Final = 0x4300
"""Type and subtype of the origin validation state (RFC 8097), which is in the last octet."""
_STATES: Final = {"valid": 0, "notfound": 1, "invalid": 2}


def _validation_state(sources: Sources, word: str, route: Route) -> bool:
    values: tuple[int, ...] = route.get("ext_communities")
    for value in values:
        if value >> 48 == _ORIGIN_VALIDATION:
            return value & 0xFF == _STATES[word]
    return False


def _never(sources: Sources, argument: object, route: Route) -> bool:
    return False


_MATCHES: Final[dict[str, Match]] = {
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
    "alias": _alias,
    "local-preference": _number("local_pref"),
    "metric": _metric,
    "origin": lambda sources, word, route: route.get("origin") == ORIGINS[word],
    "tag": lambda sources, number, route: route.tag == number,
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


KEYS: Final = frozenset({*_MATCHES, *READERS})
"""The keys of the `match` lines that bgpd acts on."""


def line_test(sources: Sources, key: str, argument: Any) -> Test:
    """What a line asks of a route, ready to be asked of many while lists stay as they are."""
    if key in READERS:
        return _listed(sources, key, argument)
    return partial(_MATCHES[key], sources, argument)
