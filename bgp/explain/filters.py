"""What the filters of a neighbour say of a route, entry by entry and line by line."""

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from bgp.explain.deciding import Ruling, of_prefix_list
from bgp.explain.trace import (
    Changed,
    Event,
    ListAsked,
    MapMissing,
    Tested,
    TracedPolicy,
    Tried,
    entries,
)
from bgp.explain.words import differences
from grammar.base.values import Prefix
from grammar.output.outline import Fields, Point

if TYPE_CHECKING:
    from bgp.policy.evaluate import Chain, Policy
    from bgp.policy.route import Route
    from grammar.filters.routemap import MapEntry

_KINDS = {"as-path": "filter-list", "ip address": "distribute-list"}


@dataclass(frozen=True, slots=True)
class Filtered:
    """`reason` is FRR's, None for a route that passes; `points` say what each filter did."""

    reason: str | None
    points: tuple[Point, ...]


def filtered(chain: "Chain", route: "Route") -> Filtered:
    """Run a route, whose questions have to be `Noted`, through the filters of a direction."""
    policy = TracedPolicy(chain.policy)
    traced = replace(chain, policy=policy)
    lists = prefix_lists(chain, Prefix.from_key(route.afi, route.asked.key))
    if traced.bars(route.afi, route.asked):
        return Filtered("filter;", tuple(lists))
    reason = traced.beyond(route)
    return Filtered(reason, (*lists, *points_of(policy.events)))


def mapped(policy: "Policy", name: str, route: "Route") -> Filtered:
    """The same for one route-map."""
    traced = TracedPolicy(policy)
    passed = traced.permits(name, route)
    return Filtered(None if passed else "route-map;", tuple(points_of(traced.events)))


def prefix_lists(chain: "Chain", prefix: Prefix) -> list[Point]:
    """What the prefix-lists of a direction say, which note nothing themselves."""
    found: list[Point] = []
    if chain.received is not None:
        ruling = of_prefix_list(chain.received, "received from the neighbor", prefix)
        found.append(_list_point("ORF prefix-list", ruling, bool(chain.received.rules)))
    name = chain.prefix_list
    if name is not None:
        known = chain.policy.filters.prefix_list(name, prefix.afi)
        ruling = of_prefix_list(known, name, prefix)
        found.append(_list_point("prefix-list", ruling, known is None or bool(known.rules)))
    return found


def _list_point(kind: str, ruling: Ruling, has_rules: bool) -> Point:
    permits = ruling.permit or not has_rules
    said = ruling.text if has_rules else f"{ruling.list_name} is empty and permits all"
    return Point(
        f"{kind}: {'permits' if permits else 'refuses'} it: {said}",
        {"filter": kind, "list": ruling.list_name, "permits": permits, "line": ruling.line},
    )


def points_of(events: list[Event]) -> list[Point]:
    """What was noted, as an outline."""
    found: list[Point] = []
    start = next((n for n, event in enumerate(events) if isinstance(event, Tried)), len(events))
    for event in events[:start]:
        found += _outside(event)
    for entry, inside in entries(events):
        found.append(_entry(entry, inside))
        found += [point for event in inside for point in _outside(event, entry)]
    if found and not _matched(events):
        found.append(Point("no entry matches: the route is denied", {"matched": False}))
    return found


def _outside(event: Event, caller: "MapEntry | None" = None) -> list[Point]:
    """What stands beside the entries of maps."""
    match event:
        case MapMissing(name=name) if caller is not None:
            said = f"it calls route-map {name}, which does not exist: passed over"
            return [Point(said, {"call": name, "missing": True})]
        case MapMissing(name=name):
            said = f"route-map {name} does not exist: it denies all"
            return [Point(said, {"routeMap": name, "missing": True})]
        case ListAsked(kind=kind, name=name, permitted=permitted, ruling=ruling):
            word = _KINDS.get(kind, "distribute-list")
            verb = "permits" if permitted else "refuses"
            why = "" if ruling is None else f": {ruling.text}"
            fields: Fields = {"filter": word, "list": name, "permits": permitted}
            line = None if ruling is None else ruling.line
            return [Point(f"{word} {name}: {verb} it{why}", {**fields, "line": line})]
    return []


def _matched(events: list[Event]) -> bool:
    """Whether the last entry that was tried matched; it is what decides."""
    tried = [n for n, event in enumerate(events) if isinstance(event, Tried)]
    if not tried:
        return True
    return all(event.matched for event in events[tried[-1] :] if isinstance(event, Tested))


def _entry(entry: "MapEntry", inside: list[Event]) -> Point:
    permit = "permit" if entry.permit else "deny"
    name = f"route-map {entry.name} {permit} {entry.sequence}"
    fields: Fields = {"routeMap": entry.name, "action": permit, "sequence": entry.sequence}
    tests = [event for event in inside if isinstance(event, Tested)]
    matched = all(event.matched for event in tests)
    if not matched:
        asked = _tested(tests[-1])
        said = f"{name}: does not match: {asked.text}"
        return Point(said, {**fields, "matched": False}, {"lines": [replace(asked, text="")]})
    verb = "permits" if entry.permit else "denies"
    lines = [_tested(event) for event in tests]
    lines += [_changed(event) for event in inside if isinstance(event, Changed)]
    if entry.permit and entry.call is not None:
        lines.append(Point(f"call {entry.call}", {"line": f"call {entry.call}"}))
    if entry.permit and entry.goto is not None:
        word = "on-match next" if not entry.goto else f"on-match goto {entry.goto}"
        lines.append(Point(f"{word}: goes on", {"line": word}))
    why = "" if tests else ": it matches every route"
    return Point(f"{name}: {verb} it{why}", {**fields, "matched": True}, {"lines": lines})


def _tested(event: Tested) -> Point:
    text = event.line.text
    fields: Fields = {"line": event.line.text, "matched": event.matched}
    if event.ruling is not None:
        text = f"{text}: {event.ruling.text}"
        fields["listLine"] = event.ruling.line
        fields["missing"] = event.ruling.missing
    return Point(text, fields)


def _changed(event: Changed) -> Point:
    changes = differences(event.before, event.after)
    said = "; ".join(point.text for point in changes) or "changes nothing"
    bare = [replace(point, text="") for point in changes]
    return Point(f"{event.line.text}: {said}", {"line": event.line.text}, {"changes": bare})
