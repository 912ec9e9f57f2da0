"""Attributes and sessions in words, and in the values that programs get."""

from collections.abc import Callable, Iterable, Mapping
from typing import TYPE_CHECKING, Any, Final

from bgp.policy.lists import communities_text, extended_texts, large_text
from bgp.rib.path import Origination
from grammar.base.values import Address, Afi
from grammar.output.outline import Fields, Point

if TYPE_CHECKING:
    from bgp.attrs import AttrSet
    from bgp.rib.path import Path, Source

_ORIGINS: Final = ("IGP", "EGP", "incomplete")
_OWN: Final = {
    Origination.STATIC: "this router (network)",
    Origination.REDISTRIBUTED: "this router (redistribute)",
    Origination.AGGREGATE: "this router (aggregate-address)",
    Origination.LEARNT: "this router",
}


def _origin(value: Any) -> str:
    return _ORIGINS[value]


def _router_id(value: Any) -> str:
    return "" if value is None else str(Address(Afi.IPV4, value))


def _plain(value: Any) -> str:
    return "" if value is None else str(value)


def _flag(value: Any) -> str:
    return "yes" if value else ""


def _aggregator(value: Any) -> str:
    return "" if value is None else f"{value.asn} {Address(Afi.IPV4, value.router_id)}"


def _clusters(value: Any) -> str:
    return " ".join(map(_router_id, value))


def _extra(name: str) -> Callable[[Any], str]:
    def text(value: Any) -> str:
        return _plain(getattr(value, name) or None) if value is not None else ""

    return text


NAMES: Final[dict[str, tuple[str, str, Callable[[Any], str]]]] = {
    "origin": ("origin", "origin", _origin),
    "as_path": ("AS path", "asPath", lambda path: path.text),
    "gateway": ("next hop", "nextHop", _plain),
    "link_local": ("link-local next hop", "linkLocalNextHop", _plain),
    "med": ("metric", "metric", _plain),
    "local_pref": ("local preference", "localPreference", _plain),
    "weight": ("weight", "weight", _plain),
    "atomic": ("atomic aggregate", "atomicAggregate", _flag),
    "aggregator": ("aggregator", "aggregator", _aggregator),
    "communities": ("communities", "communities", communities_text),
    "large_communities": ("large communities", "largeCommunities", large_text),
    "ext_communities": ("extended communities", "extendedCommunities", extended_texts),
    "originator_id": ("originator", "originatorId", _router_id),
    "cluster_list": ("cluster list", "clusterList", _clusters),
    "otc": ("only to customer", "onlyToCustomer", _plain),
    "tag": ("tag", "tag", _extra("tag")),
    "distance": ("distance", "distance", _extra("distance")),
    "table": ("table", "table", _extra("table")),
    "gateway_kind": ("next hop is", "nextHopKind", _plain),
    "prefer_global": ("prefer-global", "preferGlobal", _flag),
}
"""Of each attribute: its name for people, its key for programs, its text ("" is none)."""

_EXTRAS: Final = ("tag", "distance", "table")


def flat(values: Mapping[str, object]) -> dict[str, str]:
    """The texts of values by the keys of `NAMES`."""
    found: dict[str, str] = {}
    for name, value in values.items():
        if name == "extras":
            found.update({extra: NAMES[extra][2](value) for extra in _EXTRAS})
        elif name in NAMES:
            found[name] = NAMES[name][2](value)
    return found


def differences(before: Mapping[str, object], after: Mapping[str, object]) -> list[Point]:
    """A point for each value that is another one: `local preference 100 -> 200`."""
    old, new = flat(before), flat(after)
    return [
        Point(
            f"{NAMES[name][0]}: {old.get(name) or 'none'} -> {new.get(name) or 'none'}",
            {"attribute": NAMES[name][1], "before": old.get(name, ""), "after": new.get(name, "")},
        )
        for name in NAMES
        if old.get(name, "") != new.get(name, "")
    ]


def path_values(path: "Path") -> dict[str, object]:
    """What there is to say of a path."""
    return {**attr_values(path.attrs), "gateway": path.gateway, "weight": path.weight}


def attr_values(attrs: "AttrSet") -> dict[str, object]:
    """The attributes of a set but for its next hop."""
    known = (*(name for name in NAMES if name in _OF_SETS), "extras")
    return {name: getattr(attrs, name) for name in known}


_OF_SETS: Final = frozenset(
    {
        *("origin", "as_path", "med", "local_pref", "atomic", "aggregator", "communities"),
        *("large_communities", "ext_communities", "originator_id", "cluster_list", "otc"),
    }
)


def summary(values: Mapping[str, object]) -> str:
    """Values in one line: `AS path 65002 65010, origin IGP, metric 5`."""
    texts = flat(values)
    shown = [(NAMES[name][0], texts[name]) for name in NAMES if texts.get(name)]
    if "as_path" in texts and not texts["as_path"]:
        shown.insert(1, ("AS path", "empty"))
    return ", ".join(f"{name} {text}" for name, text in shown if (name, text) != ("weight", "0"))


def programmed(values: Mapping[str, object]) -> Fields:
    """Values for programs, those that are there."""
    texts = flat(values)
    found: Fields = {}
    for name, text in texts.items():
        value = values.get(name)
        number = value if isinstance(value, int) and name != "origin" else None
        if text:
            found[NAMES[name][1]] = text if number is None else number
    return found


def source_text(source: "Source", path: "Path | None" = None) -> str:
    """Whom a path is from: `192.0.2.2 (AS 65002)`."""
    if source.is_local:
        return _OWN[Origination.LEARNT if path is None else path.origination]
    return f"{source} (AS {source.remote_as})"


def joined(texts: Iterable[str]) -> str:
    """`a, b and c`."""
    *some, last = list(texts) or [""]
    return f"{', '.join(some)} and {last}" if some else last
