"""Filters that lines of a neighbour name and that do not exist: they let nothing through."""

from collections.abc import Iterator
from typing import TYPE_CHECKING

from bgp.explain.cause import Cause
from grammar.base.values import Afi

if TYPE_CHECKING:
    from bgp.peerfamily import PeerFamily


def missing(state: "PeerFamily", way: str) -> Iterator[Cause]:
    """Of one direction, `in` or `out`."""
    lines, afi = state.config, state.family[0]
    policy = state.peer.instance.bgpd.policy
    filters, lists = policy.filters, policy.sources.lists
    word = "ip" if afi is Afi.IPV4 else "ipv6"
    access = "access-list" if afi is Afi.IPV4 else "ipv6 access-list"
    name = getattr(lines, f"route_map_{way}")
    if name is not None and name not in filters.route_maps:
        yield _missing("route-map", name, way, f"route-map {name} permit 10")
    name = getattr(lines, f"prefix_list_{way}")
    if name is not None and filters.prefix_list(name, afi) is None:
        yield _missing("prefix-list", name, way, f"{word} prefix-list {name} permit any")
    name = getattr(lines, f"distribute_list_{way}")
    if name is not None and filters.access_list(name, afi) is None:
        yield _missing("access-list", name, way, f"{access} {name} permit any")
    name = getattr(lines, f"filter_list_{way}")
    if name is not None and lists.find("as-path", name) is None:
        line = f"bgp as-path access-list {name} permit .*"
        yield _missing("as-path-list", name, way, line)


def _missing(kind: str, name: str, way: str, line: str) -> Cause:
    what = "as-path access-list" if kind == "as-path-list" else kind
    text = f"{what} {name} {way} does not exist: it denies all"
    return Cause(f"no-{kind}", text, (line,))
