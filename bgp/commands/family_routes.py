"""Lines of `address-family` on its routes: aggregates, distances, dampening, the way to zebra."""

from collections.abc import Iterator

from bgp.config import (
    Aggregate,
    Dampening,
    Family,
    FamilyConfig,
    PrefixDistance,
)
from bgp.effects import Effect
from grammar.base.errors import CommandError
from grammar.base.values import Afi, Prefix
from grammar.command import Answer, Call, Reply, action
from grammar.scope import Scope, Values


def _classful(value: int) -> int:
    """Mask length of an IPv4 network typed without one."""
    if value == 0:
        return 0
    first = value >> 24
    return 8 if first < 128 else 16 if first < 192 else 24


def typed_prefix(values: Values) -> Prefix:
    """The prefix of a line: with its length, with a mask, or by its class."""
    prefix = values.get("prefix")
    if prefix is None:
        address, typed = values["address"], values.get("mask")
        # As FRR does: a mask counts up to its first zero.
        length = _classful(address.value) if typed is None else _ones(typed.value)
        prefix = Prefix(Afi.IPV4, address.value, length)
    return prefix.network


def _ones(mask: int) -> int:
    return len(f"{mask:032b}".partition("0")[0])


# aggregate-address

_OPTIONS = (
    "[{as-set$as_set|summary-only$summary|route-map RMAP_NAME$rmap"
    "|origin <egp|igp|incomplete>$origin|matching-MED-only$med|suppress-map RMAP_NAME$suppress}]"
)


def _aggregate_lines(family: FamilyConfig, names: Values) -> Iterator[str]:
    for prefix in sorted(family.aggregates, key=lambda prefix: prefix.key):
        one = family.aggregates[prefix]
        parts = [
            "as-set" if one.as_set else "",
            "summary-only" if one.summary_only else "",
            f"route-map {one.route_map}" if one.route_map else "",
            f"origin {one.origin}" if one.origin else "",
            "matching-MED-only" if one.matching_med else "",
            f"suppress-map {one.suppress_map}" if one.suppress_map else "",
        ]
        yield " ".join(["aggregate-address", str(prefix), *filter(None, parts)])


def _aggregate(call: Call) -> Answer:
    family: FamilyConfig = call.target()
    values = call.values
    prefix = typed_prefix(values)
    if call.negated:
        if family.aggregates.pop(prefix, None) is None:
            raise CommandError("% There is no aggregate-address configuration.")
        call.changed(Effect.ORIGINATE, family)
        return None
    if "summary" in values and "suppress" in values:
        raise CommandError("'summary-only' and 'suppress-map' can't be used at the same time")
    known = prefix in family.aggregates
    family.aggregates[prefix] = Aggregate(
        "as_set" in values,
        "summary" in values,
        values.get("rmap"),
        values.get("origin"),
        "med" in values,
        values.get("suppress"),
    )
    call.changed(Effect.ORIGINATE, family)
    return Reply(["There is already same aggregate network.\n"]) if known else None


def aggregate(scope: Scope, family: Family) -> None:
    """`aggregate-address`."""
    four = family[0] is Afi.IPV4
    prefix = "<A.B.C.D/M$prefix|A.B.C.D$address A.B.C.D$mask>" if four else "X:X::X:X/M$prefix"
    action(
        scope,
        f"aggregate-address {prefix} {_OPTIONS}",
        "Announce one route in place of several",
        "Its prefix",
        *(("Its address", "Its mask") if four else ()),
        "With the AS numbers of all of them",
        "Announce none of these",
        "Change it by a route-map",
        "Name of the route-map",
        "With this origin",
        *("Origin",) * 3,
        "Only while all have one MED",
        "Announce only some of these",
        "Those that this route-map permits",
        negatable=True,
        printer=_aggregate_lines,
    )(_aggregate)


# distance

_DISTANCES = (20, 200, 200)


def _distances(call: Call) -> None:
    family: FamilyConfig = call.target()
    typed = call.values
    wanted = None if call.negated else (typed["external"], typed["internal"], typed["local"])
    wanted = None if wanted == _DISTANCES else wanted
    if family.distances != wanted:
        family.distances = wanted
        call.changed(Effect.DISTANCE, family)


def _distances_lines(family: FamilyConfig, names: Values) -> list[str]:
    if family.distances is None:
        return []
    return [f"distance bgp {' '.join(map(str, family.distances))}"]


def _prefix_distance(call: Call) -> Answer:
    family: FamilyConfig = call.target()
    prefix: Prefix = call.values["prefix"].network
    distance = call.values["distance"]
    if call.negated:
        known = family.prefix_distances.get(prefix)
        if known is None:
            return Reply(["Can't find specified prefix\n"])
        if known.distance != distance:
            return Reply(["Distance does not match configured\n"])
        del family.prefix_distances[prefix]
    else:
        family.prefix_distances[prefix] = PrefixDistance(distance, call.values.get("list"))
    # As in FRR it has effect on what zebra is told from now on.
    return None


def _prefix_distance_lines(family: FamilyConfig, names: Values) -> Iterator[str]:
    for prefix in sorted(family.prefix_distances, key=lambda prefix: prefix.key):
        line = family.prefix_distances[prefix]
        yield f"distance {line.distance} {prefix} {line.access_list or ''}"


def distance(scope: Scope, family: Family) -> None:
    """`distance`, of routes by their kind or by the neighbor they are from."""
    action(
        scope,
        "distance bgp ![(1-255)$external (1-255)$internal (1-255)$local]",
        "Administrative distance",
        "Of routes of BGP",
        "From external neighbors",
        "From internal neighbors",
        "Own ones",
        negatable=True,
        printer=_distances_lines,
    )(_distances)
    token = "A.B.C.D/M" if family[0] is Afi.IPV4 else "X:X::X:X/M"
    for tail in ("", " WORD$list"):
        action(
            scope,
            f"distance (1-255)$distance {token}$prefix{tail}",
            "Administrative distance",
            "The distance",
            "Of routes of neighbors with such an address",
            *(("That this access-list permits",) if tail else ()),
            negatable=True,
            printer=None if tail else _prefix_distance_lines,
        )(_prefix_distance)


# bgp dampening


def _dampening_lines(family: FamilyConfig, names: Values) -> list[str]:
    one = family.dampening
    if one is None:
        return []
    default = Dampening()
    if one == default:
        return ["bgp dampening"]
    if one == Dampening(one.half_life, longest=one.half_life * 4):
        return [f"bgp dampening {one.half_life}"]
    return [f"bgp dampening {one.half_life} {one.reuse} {one.suppress} {one.longest}"]


def _dampening(call: Call) -> Answer:
    family: FamilyConfig = call.target()
    typed = call.values
    wanted = None
    if not call.negated:
        half_life = typed.get("half", 15)
        wanted = Dampening(
            half_life,
            typed.get("reuse", 750),
            typed.get("suppress", 2000),
            typed.get("longest", half_life * 4),
        )
        if wanted.suppress < wanted.reuse:
            return Reply(["Suppress value cannot be less than reuse value \n"])
    if family.dampening != wanted:
        family.dampening = wanted
        call.changed(Effect.DAMPENING, family)
    return None


def dampening(scope: Scope) -> None:
    """`bgp dampening` (RFC 2439)."""
    action(
        scope,
        "bgp dampening [(1-45)$half [(1-20000)$reuse (1-50000)$suppress (1-255)$longest]]",
        "BGP",
        "Hold back routes that come and go",
        "Half-life of a penalty in minutes",
        "Penalty below which a route is used again",
        "Penalty above which it is held back",
        "Longest time in minutes",
        negatable=True,
        printer=_dampening_lines,
    )(_dampening)


# table-map


def _table_map(call: Call) -> None:
    family: FamilyConfig = call.target()
    wanted = None if call.negated else call.values["name"]
    if family.table_map != wanted:
        family.table_map = wanted
        call.changed(Effect.DISTANCE, family)


def table_map(scope: Scope) -> None:
    """`table-map`: a route-map between the table and zebra."""
    action(
        scope,
        "table-map WORD$name",
        "Change routes on their way to zebra",
        "Name of the route-map",
        negatable=True,
        printer=lambda family, names: [f"table-map {family.table_map}"] if family.table_map else [],
    )(_table_map)
