"""Show commands of tables: all routes, those that a filter chooses, one route, counts."""

from typing import Any, Final

from bgp.commands.policy_lists import AS_PATH_CHARACTERS
from bgp.commands.showing import (
    ALL,
    FAMILY,
    HEAD,
    INSTANCE,
    IP,
    JSON,
    OLD_FAMILY,
    WIDE,
    Where,
    shows,
)
from bgp.show import build
from grammar.base.errors import CommandError
from grammar.base.values import Safi
from grammar.command import Fragment, fragment

_WELL_KNOWN: Final = (
    "local-AS|no-advertise|no-export|graceful-shutdown|no-peer|blackhole|llgr-stale|no-llgr"
    "|accept-own|accept-own-nexthop|route-filter-v6|route-filter-v4"
    "|route-filter-translated-v6|route-filter-translated-v4"
)
_END: Final = fragment(
    "[<json$json [detail$detail]|wide$wide>]", "As JSON", "Every path in full", "With more room"
)


def _table(
    where: Where,
    what: str = "",
    listed: object = None,
    exact: str | None = None,
    all: str | None = None,
    detail: str | None = None,
    wide: str | None = None,
) -> object:
    instance = where.instance()
    asked = build.select.Filter(what, listed, exact is not None)
    if all is not None:
        of = (where.afi, where.family[0])
        return build.select.all_tables(
            instance, of, asked, wide=wide is not None, detail=detail is not None
        )
    return build.select.table(
        instance, where.family, asked, wide=wide is not None, detail=detail is not None
    )


def _declare(what: str, words: Fragment, *, all: bool = True, end: Fragment = _END) -> None:
    head = HEAD + ALL if all else HEAD

    @shows(head + words + end)
    def show(where: Where, **values: Any) -> object:
        return _table(where, what, **values)


shows(HEAD + ALL + _END)(_table)
_declare("cidr-only", fragment("cidr-only", "Those whose length is not that of their class"))
_declare(
    "community",
    fragment(
        f"community [<AA:NN|{_WELL_KNOWN}>$listed] [exact-match$exact]",
        "Those with communities",
        "A community",
        *("A well-known community" for _ in _WELL_KNOWN.split("|")),
        "Those with no other communities",
    ),
)
_declare(
    "community-list",
    fragment(
        "community-list <(1-500)|COMMUNITY_LIST_NAME>$listed [exact-match$exact]",
        "Those that a list of communities permits",
        "Its number",
        "Its name",
        "Those with no other communities",
    ),
)
_declare(
    "large-community",
    fragment(
        "large-community [AA:BB:CC$listed [exact-match$exact]]",
        "Those with large communities",
        "A large community",
        "Those with no other ones",
    ),
    all=False,
    end=JSON,
)
_declare(
    "large-community-list",
    fragment(
        "large-community-list <(1-500)|LCOMMUNITY_LIST_NAME>$listed [exact-match$exact]",
        "Those that a list of large communities permits",
        "Its number",
        "Its name",
        "Those with no other communities",
    ),
    all=False,
    end=JSON,
)
_declare(
    "filter-list",
    fragment(
        "filter-list AS_PATH_FILTER_NAME$listed", "Those whose AS path a list permits", "Its name"
    ),
)
_declare(
    "prefix-list",
    fragment("prefix-list WORD$listed", "Those that a prefix-list permits", "Its name"),
)
_declare(
    "access-list",
    fragment("access-list ACCESSLIST_NAME$listed", "Those that an access-list permits", "Its name"),
)
_declare(
    "route-map",
    fragment("route-map RMAP_NAME$listed", "Those that a route-map permits", "Its name"),
)
_declare(
    "alias", fragment("alias ALIAS_NAME$listed", "Those with a community of this alias", "Its name")
)
_declare(
    "version",
    fragment(
        "version (1-4294967295)$listed",
        "Those that changed since a version of the table",
        "The version",
    ),
)
_declare(
    "longer-prefixes",
    fragment(
        "<A.B.C.D/M$listed longer-prefixes|X:X::X:X/M$listed longer-prefixes>",
        "A network",
        "All routes in it",
        "A network",
        "All routes in it",
    ),
)
_declare(
    "rpki",
    fragment(
        "rpki <invalid|valid|notfound>$listed",
        "By what the registries say",
        "Not valid",
        "Valid",
        "Not known",
    ),
)
_declare(
    "dampening",
    fragment(
        "dampening <flap-statistics|dampened-paths>$listed",
        "Routes that come and go",
        "How often they did",
        "Those that are held back",
    ),
)


@shows(
    HEAD
    + fragment("regexp REGEX$regex", "Those whose AS path matches", "A regular expression")
    + JSON
)
def _show_regexp(where: Where, regex: str) -> object:
    if not set(regex) <= AS_PATH_CHARACTERS:
        raise CommandError(f"Invalid character in REGEX {regex}")
    chosen = build.conditions.as_path_matches(regex)
    if chosen is None:
        return build.find.remark(f"Can't compile regexp {regex}")
    instance = where.instance(json=False)
    return build.select.table(instance, where.family, build.select.Filter("regexp", chosen))


@shows(
    HEAD
    + fragment(
        "<A.B.C.D|A.B.C.D/M|X:X::X:X|X:X::X:X/M>$asked [<bestpath|multipath>$only]"
        " [rpki <valid|invalid|notfound>$rpki]",
        "An address",
        "A network",
        "An address",
        "A network",
        "Only the best path",
        "Only the paths in use",
        "By what the registries say",
        "Valid",
        "Not valid",
        "Not known",
    )
    + JSON
)
def _show_route(
    where: Where, asked: Any, only: str | None = None, rpki: str | None = None
) -> object:
    return build.route.route(where.instance(), where.family, asked, only)


@shows(
    INSTANCE
    + fragment(
        "[<ipv4|ipv6>$afi flowspec$safi] detail",
        "IPv4 routes",
        "IPv6 routes",
        "Flow specification",
        "In full",
    )
    + JSON
)
def _show_detail(where: Where) -> object:
    return build.route.detail(where.instance(), where.family)


@shows(
    HEAD + ALL + fragment("dampening parameters", "Routes that come and go", "The settings") + JSON
)
def _show_dampening(where: Where, all: str | None = None) -> object:
    instance = where.instance(json=False)
    if all is not None:
        return build.damped.parameters_of_all(instance, where.afi)
    return build.damped.parameters(instance, where.family)


@shows(
    IP
    + fragment(
        "<view|vrf>$kind all",
        "Instances without a VRF",
        "Instances of VRFs",
        "Every instance",
    )
    + FAMILY
    + WIDE
)
def _show_instances(where: Where, wide: str | None = None) -> object:
    return build.table.instances(where.bgpd, where.family, wide=wide is not None)


@shows(HEAD + fragment("statistics", "Counts over the table") + JSON)
def _show_statistics(where: Where) -> object:
    return build.statistics.statistics(where.instance(json=False), (where.family,))


@shows(INSTANCE + fragment("statistics-all", "Counts over all tables") + JSON)
def _show_all_statistics(where: Where) -> object:
    return build.statistics.all_statistics(where.instance(json=False))


@shows(
    INSTANCE
    + OLD_FAMILY
    + fragment("route-leak", "From and to which instances routes are taken")
    + JSON
)
def _show_leaks(where: Where) -> object:
    if where.kind == "view":
        raise build.find.refused("% This command is not applicable to BGP views")
    if where.safi != "unicast":
        raise build.find.refused("% This command is applicable only for unicast ipv4|ipv6")
    return build.misc.leaks(where.instance(), (where.family[0], Safi.UNICAST))
