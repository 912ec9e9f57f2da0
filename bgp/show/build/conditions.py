"""Filters of tables: tests on keys and on paths."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from bgp.config import BgpdConfig, Family
from bgp.policy.communities import community_value
from bgp.policy.matches import line_test
from bgp.policy.route import Route
from bgp.rib.path import Path
from bgp.show.build import find
from bgp.show.build.table import Chosen, Judged, stored
from bgp.show.views.misc import Remark
from grammar.base.values import Afi, Prefix, Safi, gathered
from grammar.expression.automaton import expression
from grammar.expression.syntax import ExpressionError

if TYPE_CHECKING:
    from bgp.instance import Instance


@dataclass(frozen=True, slots=True)
class Choice:
    """What of a table is shown: of its keys, of its paths, or of both together."""

    keys: Callable[[int], bool] | None = None
    chosen: Chosen | None = None
    judged: Judged | None = None


EVERYTHING: Final = Choice()
NOTHING: Final = Choice(keys=lambda key: False)
LISTS_OF_PREFIXES: Final = ("prefix-list", "access-list")
_MISSING: Final = {
    "community-list": "% {} community-list not found",
    "large-community-list": "% {} is not a valid large-community-list name",
    "filter-list": "% {} AS-path access-list not found",
    "prefix-list": "% {} prefix-list not found",
    "access-list": "% {} access-list not found",
    "route-map": "% {} route-map not found",
}
"""What FRR says, also where JSON was asked for."""


def check(instance: "Instance", afi: Afi, what: str, name: str) -> None:
    """`Refused` if a filter's list or route-map does not exist."""
    if what in _MISSING and _listed(instance.bgpd.config, afi, what, name) is None:
        raise find.Refused(Remark(_MISSING[what].format(name)))


def choice(
    instance: "Instance", family: Family, what: str, value: object, exact: bool = False
) -> Choice:
    """What a filter lets through: its keyword, its value, and whether no more may be there;
    `Refused` for a community that is none."""
    match what:
        case "":
            return EVERYTHING
        case "cidr-only":
            return Choice(keys=_not_classful)
        case "version" if isinstance(value, int):
            return Choice(keys=_since(instance, family, value))
        case "longer-prefixes" if isinstance(value, Prefix):
            return _within(family, value.network)
        case "community":
            return Choice(chosen=_with_community(None if value is None else str(value), exact))
        case "large-community":
            return Choice(chosen=_with_large(None if value is None else str(value), exact))
        case "regexp":
            return Choice(chosen=value)  # type: ignore[arg-type]
        case _:
            return Choice(judged=_permitted(instance, family, what, str(value), exact))


def _not_classful(key: int) -> bool:
    first, length = key >> 30, key & 63
    return length != (8 if first < 128 else 16 if first < 192 else 24)


def _since(instance: "Instance", family: Family, version: int) -> Callable[[int], bool]:
    rib = instance.tables.get(stored(family))

    def changed(key: int) -> bool:
        return rib is not None and rib.version_of(key) >= version

    return changed


def _within(family: Family, network: Prefix) -> Choice:
    """Those within a prefix; FRR compares bits, also with a prefix of the other family."""
    afi, length = family[0], network.length
    if family[1] is Safi.FLOWSPEC or length > afi.bits:
        return NOTHING
    low = 6 if afi is Afi.IPV4 else 8
    mask, free = (1 << low) - 1, afi.bits - length
    bits = network.value >> (network.afi.bits - length)
    return Choice(keys=lambda key: key & mask >= length and gathered(key >> low) >> free == bits)


def _permitted(instance: "Instance", family: Family, what: str, name: str, exact: bool) -> Judged:
    """Paths that a list or a route-map permits, or that an alias names. Nothing asks registries
    here, and no route is held back."""
    policy = instance.bgpd.policy
    if what == "rpki":
        wanted = name == "notfound"
        return lambda key, path: wanted
    if what == "route-map":
        return lambda key, path: policy.permits(name, _route(instance, family[0], key, path))
    afi = "ip" if family[0] is Afi.IPV4 else "ipv6"
    rows: dict[str, tuple[str, object]] = {
        "community-list": ("community", (name, exact)),
        "large-community-list": ("large-community", (name, exact)),
        "filter-list": ("as-path", name),
        "prefix-list": (f"{afi} address prefix-list", name),
        "access-list": (f"{afi} address", name),
        "alias": ("alias", name),
    }
    clause, argument = rows[what]
    test = line_test(policy.sources, clause, argument)
    return lambda key, path: test(_route(instance, family[0], key, path))


def _listed(config: BgpdConfig, afi: Afi, what: str, name: str) -> object:
    match what:
        case "prefix-list":
            return config.filters.prefix_list(name, afi)
        case "access-list":
            return config.filters.access_list(name, afi)
        case "route-map":
            return config.filters.route_maps.get(name)
        case "filter-list":
            return config.lists.find("as-path", name)
        case _:
            return config.lists.find(what.removesuffix("-list"), name)


def _route(instance: "Instance", afi: Afi, key: int, path: Path) -> Route:
    name = None if path.source.is_local else getattr(path.source, "name", None)
    peer = None if name is None else instance.peers.get(name)
    names = () if peer is None else (peer.config.name, peer.config.group, peer.address)
    return Route.of_path(
        Prefix.from_key(afi, key),
        path,
        instance.asn,
        peer_address=None if peer is None else peer.address,
        peer_names=frozenset(name for name in names if name is not None),
    )


def _with_community(text: str | None, exact: bool) -> Chosen:
    if text is None:
        return lambda path: bool(path.attrs.communities)
    value = community_value(text)
    if value is None:
        raise find.Refused(Remark(f"% Community malformed: {text}"))
    if exact:
        return lambda path: path.attrs.communities == (value,)
    return lambda path: value in path.attrs.communities


def _with_large(text: str | None, exact: bool) -> Chosen:
    if text is None:
        return lambda path: bool(path.attrs.large_communities)
    parts = text.split(":")
    if len(parts) != 3 or not all(part.isdigit() and int(part) < 1 << 32 for part in parts):
        raise find.Refused(Remark("% Large-community malformed"))
    value = (int(parts[0]), int(parts[1]), int(parts[2]))
    if exact:
        return lambda path: path.attrs.large_communities == (value,)
    return lambda path: value in path.attrs.large_communities


def as_path_matches(pattern: str) -> Chosen | None:
    """Paths whose AS path matches an expression, None if it cannot be compiled; `_` stands for
    either end and for all that parts numbers."""
    try:
        search = expression(pattern)
    except ExpressionError:
        return None
    return lambda path: search.found(path.attrs.as_path.text)
