"""Show commands of bgpd: neighbors and tables. Their notation is FRR's, so that abbreviations mean
the same."""

from typing import Any

from bgp.commands.showing import (
    BGP_HELP,
    FAMILY,
    FAMILY_HELP,
    HEAD_HELP,
    IP,
    JSON,
    JSON_HELP,
    OF,
    OF_HELP,
    PEER,
    PEER_HELP,
    shows,
)
from bgp.config import FAMILIES, Family
from bgp.show import build
from grammar.base.values import Afi, Prefix, Safi

# Summary and neighbors


def _summary_families(
    ip: str | None, afi: str | None, safi: str | None
) -> tuple[tuple[Family, ...] | None, bool]:
    """The families to show, and whether one was named in full."""
    if afi is None:
        return ((FAMILIES[0],) if ip is not None else None), False
    of_afi = Afi.IPV4 if afi == "ipv4" else Afi.IPV6
    if safi is None:
        return tuple(family for family in FAMILIES if family[0] is of_afi), False
    return ((of_afi, build.find.SAFIS[safi]),), True


@shows(
    f"{IP} {OF} {FAMILY} [all$all] summary [<established|failed>$only]"
    " [<neighbor <A.B.C.D|X:X::X:X|WORD>$peer"
    "|remote-as <(1-4294967295)|internal|external>$remote_as>] [terse$terse] [wide$wide]"
    f" {JSON}",
    *HEAD_HELP,
    "All families",
    "Sessions at a glance",
    "Those that are up",
    "Those that are not",
    "One of them",
    *PEER_HELP,
    "Of one autonomous system",
    "Its number",
    "The own one",
    "All others",
    "With a short head",
    "With more columns",
    JSON_HELP,
)
def _show_summary(
    bgpd: Any,
    ip: str | None = None,
    kind: str | None = None,
    name: str | None = None,
    afi: str | None = None,
    safi: str | None = None,
    all: str | None = None,
    only: str | None = None,
    peer: Any = None,
    remote_as: Any = None,
    terse: str | None = None,
    wide: str | None = None,
) -> object:
    families, single = _summary_families(ip, afi, safi)
    return build.summary.summary(
        bgpd,
        kind,
        name,
        families,
        single=single,
        only=only,
        peer=peer,
        remote_as=remote_as,
        terse=terse is not None,
        wide=wide is not None,
    )


@shows(
    f"{IP} {OF} [<ipv4|ipv6>$afi] neighbors [{PEER}] {JSON}",
    *BGP_HELP,
    *OF_HELP,
    *FAMILY_HELP[:2],
    "Neighbors in full",
    *PEER_HELP,
    JSON_HELP,
)
def _show_neighbors(
    bgpd: Any,
    ip: str | None = None,
    kind: str | None = None,
    name: str | None = None,
    afi: str | None = None,
    peer: Any = None,
) -> object:
    return build.neighbor.neighbors(bgpd, kind, name, afi, peer)


_NOT_ACTIVE = "% No such neighbor or address family"


def _adjacent(
    bgpd: Any,
    ip: str | None,
    kind: str | None,
    name: str | None,
    afi: str | None,
    safi: str | None,
    peer: Any,
) -> tuple[Any, Any, Family]:
    """Instance, neighbor and family of a neighbor's tables."""
    instance = build.find.instance(bgpd, kind, name)
    family = build.find.family(ip, afi, safi)
    found = build.find.peer(instance, peer)
    if not build.find.is_active(found, family):
        raise build.find.refused(_NOT_ACTIVE, build.find.warning(_NOT_ACTIVE[2:]))
    return instance, found, family


_NO_SOFT = "Inbound soft reconfiguration not enabled"


@shows(
    f"{IP} {OF} {FAMILY} [all$all] neighbors {PEER}"
    " <advertised-routes|received-routes|filtered-routes>$what [route-map RMAP_NAME$rmap]"
    " [<json$json|wide$wide>]",
    *HEAD_HELP,
    "All families",
    "Neighbors",
    *PEER_HELP,
    "What it was told",
    "What it sent",
    "What policy took out",
    "As a route-map would change it",
    "Name of the route-map",
    JSON_HELP,
    "With more room",
)
def _show_adjacency(
    bgpd: Any,
    what: str,
    peer: Any,
    ip: str | None = None,
    kind: str | None = None,
    name: str | None = None,
    afi: str | None = None,
    safi: str | None = None,
    all: str | None = None,
    rmap: str | None = None,
    wide: str | None = None,
) -> object:
    instance, found, family = _adjacent(bgpd, ip, kind, name, afi, safi, peer)
    if what == "advertised-routes":
        return build.tables(family).advertised(instance, found, family, wide=wide is not None)
    if not found.config.family(family).soft_reconfiguration:
        raise build.find.refused(f"% {_NO_SOFT}", f'{{ "warning": "{_NO_SOFT}" }}')
    if what == "filtered-routes":
        return build.tables(family).filtered(instance, found, family, wide=wide is not None)
    return build.tables(family).received(instance, found, family, wide=wide is not None)


@shows(
    f"{IP} {OF} {FAMILY} neighbors {PEER} <flap-statistics|dampened-routes|routes>$what {JSON}",
    *HEAD_HELP,
    "Neighbors",
    *PEER_HELP,
    "How often its routes came and went",
    "Its routes that are held back",
    "Its routes in the table",
    JSON_HELP,
)
def _show_neighbor_routes(
    bgpd: Any,
    what: str,
    peer: Any,
    ip: str | None = None,
    kind: str | None = None,
    name: str | None = None,
    afi: str | None = None,
    safi: str | None = None,
) -> object:
    instance, found, family = _adjacent(bgpd, ip, kind, name, afi, safi, peer)
    if what != "routes":
        return build.tables(family).table(instance, family, chosen=build.conditions.none)
    return build.tables(family).table(instance, family, chosen=lambda path: path.source is found)


@shows(
    f"{IP} {OF} {FAMILY} neighbors {PEER} prefix-counts {JSON}",
    *HEAD_HELP,
    "Neighbors",
    *PEER_HELP,
    "Its routes, counted",
    JSON_HELP,
    hidden=True,
)
def _show_prefix_counts(
    bgpd: Any,
    peer: Any,
    ip: str | None = None,
    kind: str | None = None,
    name: str | None = None,
    afi: str | None = None,
    safi: str | None = None,
) -> object:
    instance = build.find.instance(bgpd, kind, name)
    if isinstance(peer, str):
        raise build.find.refused(f"% Malformed address or name: {peer}")
    return build.statistics.prefix_counts(
        instance, build.find.peer(instance, peer), build.find.family(ip, afi, safi)
    )


# Tables and routes


_WELL_KNOWN = (
    "local-AS|no-advertise|no-export|graceful-shutdown|no-peer|blackhole|llgr-stale|no-llgr"
    "|accept-own|accept-own-nexthop|route-filter-v6|route-filter-v4"
    "|route-filter-translated-v6|route-filter-translated-v4"
)


@shows(
    f"{IP} {OF} {FAMILY} [all$all]"
    f" [<cidr-only$cidr|community$community [<AA:NN|{_WELL_KNOWN}>$value] [exact-match$exact]"
    "|version (1-4294967295)$version"
    "|A.B.C.D/M$within longer-prefixes|X:X::X:X/M$within longer-prefixes>]"
    " [<json$json [detail$detail]|wide$wide>]",
    *HEAD_HELP,
    "All families",
    "Those whose length is not that of their class",
    "Those with communities",
    "A community",
    *("A well-known community" for _ in _WELL_KNOWN.split("|")),
    "Those with no other communities",
    "Those that changed since a version of the table",
    "The version",
    "A network",
    "All routes in it",
    "A network",
    "All routes in it",
    JSON_HELP,
    "Every path in full",
    "With more room",
)
def _show_table(
    bgpd: Any,
    ip: str | None = None,
    kind: str | None = None,
    name: str | None = None,
    afi: str | None = None,
    safi: str | None = None,
    wide: str | None = None,
    all: str | None = None,
    **filters: Any,
) -> object:
    instance = build.find.instance(bgpd, kind, name)
    if all is not None and not filters:
        return build.table.families(instance, afi, wide=wide is not None)
    family = build.find.family(ip, afi, safi)
    if "detail" in filters:
        return build.route.detail(instance, family)
    options: dict[str, Any] = {"wide": wide is not None}
    within: Prefix | None = filters.get("within")
    if within is not None:
        if within.afi is not family[0]:
            return build.route.wrong_family(within.afi)
        options["within"] = within
    elif "cidr" in filters:
        options["keys"] = build.conditions.not_classful
    elif "version" in filters:
        options["keys"] = build.conditions.since(instance, family, filters["version"])
    elif "community" in filters:
        options["chosen"] = build.conditions.with_community(
            filters.get("value"), "exact" in filters
        )
    return build.tables(family).table(instance, family, **options)


@shows(
    f"{IP} {OF} {FAMILY} <A.B.C.D|A.B.C.D/M|X:X::X:X|X:X::X:X/M>$asked"
    f" [<bestpath|multipath>$only] [rpki <valid|invalid|notfound>$rpki] {JSON}",
    *HEAD_HELP,
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
    JSON_HELP,
)
def _show_route(
    bgpd: Any,
    asked: Any,
    ip: str | None = None,
    kind: str | None = None,
    name: str | None = None,
    afi: str | None = None,
    safi: str | None = None,
    only: str | None = None,
    rpki: str | None = None,
) -> object:
    instance = build.find.instance(bgpd, kind, name)
    return build.route.route(instance, build.find.family(ip, afi, safi), asked, only)


@shows(
    f"{IP} {OF} {FAMILY} regexp REGEX$regex {JSON}",
    *HEAD_HELP,
    "Those whose AS path matches",
    "A regular expression",
    JSON_HELP,
)
def _show_regexp(
    bgpd: Any,
    regex: str,
    ip: str | None = None,
    kind: str | None = None,
    name: str | None = None,
    afi: str | None = None,
    safi: str | None = None,
) -> object:
    chosen = build.conditions.as_path_matches(regex)
    if chosen is None:
        return build.find.remark(f"Can't compile regexp {regex}")
    instance = build.find.instance(bgpd, kind, name, json=False)
    family = build.find.family(ip, afi, safi)
    return build.tables(family).table(instance, family, chosen=chosen)


@shows(
    f"{IP} {OF} [<ipv4|ipv6>$afi flowspec] detail {JSON}",
    *BGP_HELP,
    *OF_HELP,
    *FAMILY_HELP[:2],
    "Flow specification",
    "In full",
    JSON_HELP,
)
def _show_detail(
    bgpd: Any,
    ip: str | None = None,
    kind: str | None = None,
    name: str | None = None,
    afi: str | None = None,
) -> object:
    instance = build.find.instance(bgpd, kind, name)
    if afi is not None:
        return build.route.detail(
            instance, (Afi.IPV4 if afi == "ipv4" else Afi.IPV6, Safi.FLOWSPEC)
        )
    return build.route.detail(instance, build.find.family(ip, None, None))


@shows(
    f"{IP} {OF} {FAMILY} [all$all] dampening parameters {JSON}",
    *HEAD_HELP,
    "All families",
    "Routes that come and go",
    "The settings",
    JSON_HELP,
)
def _show_dampening(
    bgpd: Any,
    ip: str | None = None,
    kind: str | None = None,
    name: str | None = None,
    afi: str | None = None,
    safi: str | None = None,
    all: str | None = None,
) -> object:
    build.find.instance(bgpd, kind, name)
    return build.misc.dampening(build.find.family(ip, afi, safi))
