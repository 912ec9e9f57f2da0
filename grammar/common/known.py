"""Values that a configuration already holds, for completion.

vtysh asks `autocomplete TYPE TEXT NAME`: FRR's number of the kind of variable, what `?` shows for
it, and its name in FRR's notation, or in ours.
"""

from collections.abc import Iterable, Iterator
from typing import Any

from grammar.base.values import Address, Afi
from grammar.command import Command, Entries
from grammar.scope import Scope

WORD, IPV4, IPV6 = 1, 3, 5
"""FRR's numbers of the kinds of variables that have values to offer."""

_BY_TEXT = {
    "IFNAME": "interface",
    "INTERFACE": "interface",
    "PGNAME": "peer-group",
    "VIEWVRFNAME": "vrf",
    "RMAP_NAME": "route-map",
    "PREFIXLIST_NAME": "prefix-list",
    "ACCESSLIST_NAME": "access-list",
    "ACCESSLIST4_NAME": "access-list ip",
    "ACCESSLIST6_NAME": "access-list ipv6",
    "ACCESSLIST_MAC_NAME": "access-list mac",
    "AS_PATH_FILTER_NAME": "as-path",
    "COMMUNITY_LIST_NAME": "community",
    "EXTCOMMUNITY_LIST_NAME": "extcommunity",
    "LCOMMUNITY_LIST_NAME": "large-community",
}
_BY_NAME = {
    "neighbor": "peer",
    "neighbors": "peer",
    "peer": "peer",
    "interface": "interface",
    "ifname": "interface",
    "vrf": "vrf",
    "vrf_name": "vrf",
    "route_map": "route-map",
    "rmap": "route-map",
    "prefix_list": "prefix-list",
    "group": "peer-group",
}


def subject_of(text: str, name: str) -> str | None:
    """What a variable names (`peer`, `route-map`, ...), by what `?` shows for it and its name."""
    return _BY_TEXT.get(text) or _BY_NAME.get(name)


def suggestions(daemon: Any, kind: int, text: str, name: str) -> list[str]:
    """What may stand for a variable, in order: `daemon.known(subject)`, else what is configured."""
    subject = subject_of(text, name)
    found: list[str] = []
    if subject is not None:
        found = _of_filters(daemon, subject)
        if hasattr(daemon, "known"):
            found += daemon.known(subject)
    if not found:
        found = known_values(daemon.language.scopes, daemon, name)
    return [value for value in dict.fromkeys(found) if _kind(value) == kind]


def _kind(value: str) -> int:
    try:
        return IPV4 if Address.parse(value).afi is Afi.IPV4 else IPV6
    except ValueError:
        return WORD


def _of_filters(daemon: Any, subject: str) -> list[str]:
    filters = getattr(daemon.config, "filters", None) if hasattr(daemon, "config") else None
    if filters is None:
        return []
    what, _, kind = subject.partition(" ")
    match what:
        case "route-map":
            return sorted(filters.route_maps)
        case "prefix-list":
            return [name for lists in filters.prefix_lists.values() for name in sorted(lists)]
        case "access-list":
            wanted = [kind] if kind else filters.access_lists
            return [name for each in wanted for name in sorted(filters.access_lists[each])]
    return []


def known_values(scopes: Iterable[Scope], root: Any, name: str) -> list[str]:
    """The distinct values of variable `name` among the objects of these scopes, in their order.

    The objects' own names count (`$peer` of each neighbor) and the keys of `Entries`.
    """
    found: dict[str, None] = {}
    for scope in scopes:
        found.update(dict.fromkeys(_of_scope(scope, root, name)))
    return list(found)


def _of_scope(scope: Scope, parent: Any, name: str) -> Iterator[str]:
    for values, target in scope.objects(parent):
        if values.get(name) is not None:
            yield str(values[name])
        for item in scope.items:
            if isinstance(item, Scope):
                yield from _of_scope(item, target, name)
            else:
                yield from _of_command(item, target, name)


def _of_command(command: Command, target: Any, name: str) -> Iterator[str]:
    if isinstance(command, Entries) and command.key == name:
        yield from (str(key) for key in getattr(target, command.into, ()))
