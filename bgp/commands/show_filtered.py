"""Show commands of tables that show what a list or a route-map permits, or what an alias names."""

from typing import Any

from bgp.commands.showing import FAMILY, HEAD_HELP, IP, JSON_HELP, OF, shows
from bgp.show import build

_TABLE = f"{IP} {OF} {FAMILY}"
_END = "[<json$json|wide$wide>]"
_WIDE_HELP = (JSON_HELP, "With more room")


def _table(
    bgpd: Any,
    what: str,
    name: object,
    *,
    ip: str | None = None,
    kind: str | None = None,
    vrf: str | None = None,
    afi: str | None = None,
    safi: str | None = None,
    exact: str | None = None,
    wide: str | None = None,
) -> object:
    instance = build.find.instance(bgpd, kind, vrf)
    family = build.find.family(ip, afi, safi)
    judged = build.conditions.permitted(instance, family, what, str(name), exact is not None)
    return build.tables(family).table(instance, family, judged=judged, wide=wide is not None)


def _declare(what: str, notation: str, *help: str) -> None:
    head = _TABLE.replace("$name", "$vrf")

    @shows(f"{head} {notation} {_END}", *HEAD_HELP, *help, *_WIDE_HELP)
    def show(bgpd: Any, listed: object, **values: Any) -> object:
        return _table(bgpd, what, listed, **values)


_declare(
    "community-list",
    "community-list <(1-500)|COMMUNITY_LIST_NAME>$listed [exact-match$exact]",
    "Those that a list of communities permits",
    "Its number",
    "Its name",
    "Those with no other communities",
)
_declare(
    "large-community-list",
    "large-community-list <(1-500)|LCOMMUNITY_LIST_NAME>$listed [exact-match$exact]",
    "Those that a list of large communities permits",
    "Its number",
    "Its name",
    "Those with no other communities",
)
_declare(
    "filter-list",
    "filter-list AS_PATH_FILTER_NAME$listed",
    "Those whose AS path a list permits",
    "Its name",
)
_declare("prefix-list", "prefix-list WORD$listed", "Those that a prefix-list permits", "Its name")
_declare(
    "access-list",
    "access-list ACCESSLIST_NAME$listed",
    "Those that an access-list permits",
    "Its name",
)
_declare("route-map", "route-map RMAP_NAME$listed", "Those that a route-map permits", "Its name")
_declare("alias", "alias ALIAS_NAME$listed", "Those with a community of this alias", "Its name")
_declare(
    "rpki",
    "rpki <invalid|valid|notfound>$listed",
    "By what the registries say",
    "Not valid",
    "Valid",
    "Not known",
)
_declare(
    "dampening",
    "dampening <flap-statistics|dampened-paths>$listed",
    "Routes that come and go",
    "How often they did",
    "Those that are held back",
)
