"""Entries of prefix-lists and route-maps that are never reached."""

from collections.abc import Iterator
from itertools import islice

from grammar.base.values import Afi, Prefix
from grammar.filters.model import PrefixList, PrefixRule
from grammar.filters.routemap import MapEntry, RouteMap
from pyvtysh.lint.reading import Reading
from pyvtysh.lint.report import Finding, Rule, Severity

LIST_ENTRY = Rule(
    "shadowed-prefix-list-entry",
    Severity.WARNING,
    "An entry of a prefix-list all of whose prefixes an earlier entry speaks of.",
)
MAP_ENTRY = Rule(
    "shadowed-route-map-entry",
    Severity.WARNING,
    "An entry of a route-map that no route comes to.",
)
RULES = (LIST_ENTRY, MAP_ENTRY)


def check(reading: Reading) -> Iterator[Finding]:
    """Look at each list and map."""
    filters = reading.bgpd.filters
    for afi, lists in filters.prefix_lists.items():
        for found in lists.values():
            yield from _list(reading, found, afi)
    for route_map in filters.route_maps.values():
        yield from _map(reading, route_map)


Span = tuple[int, int, int, bool]
"""Of an entry: its shortest and longest length, its number, and whether it permits."""


def _list(reading: Reading, found: PrefixList, afi: Afi) -> Iterator[Finding]:
    seen: dict[tuple[int, int], list[Span]] = {}
    start = f"{'ip' if afi is Afi.IPV4 else 'ipv6'} prefix-list "
    for number, rule in found.rules.items():
        prefix = rule.prefix if rule.prefix is not None else Prefix(afi, 0, 0)
        low, high = rule.low, rule.high(afi)
        by = _covering(seen, prefix, low, high)
        if by is not None:
            does = "says the same" if by[3] is rule.permit else "says the opposite"
            entry = f"entry {number} of prefix-list {found.name}"
            line, column = _of_rule(reading, found.name, start, number, rule)
            yield LIST_ENTRY.at(
                line, column, f"{entry} is never reached: entry {by[2]} {does} of all its prefixes"
            )
        seen.setdefault((prefix.length, prefix.value), []).append((low, high, number, rule.permit))


def _covering(
    seen: dict[tuple[int, int], list[Span]], prefix: Prefix, low: int, high: int
) -> Span | None:
    """The first earlier entry that speaks of all that an entry speaks of."""
    bits = prefix.afi.bits
    found: list[Span] = []
    for length in range(prefix.length + 1):
        value = prefix.value >> (bits - length) << (bits - length)
        spans = seen.get((length, value), ())
        found += (span for span in spans if span[0] <= low and span[1] >= high)
    return min(found, key=lambda span: span[2], default=None)


def _of_rule(
    reading: Reading, name: str, start: str, number: int, rule: PrefixRule
) -> tuple[int, int]:
    """The place of an entry; one that was typed without a number is found by what it says."""
    kind = "permit" if rule.permit else "deny"
    best = reading.find(name, like=f"^{start}")
    for statement in reading.saying(name):
        values = statement.values
        if statement.removes or not statement.notation.startswith(start):
            continue
        prefix = values.get("prefix")
        network = prefix.network if isinstance(prefix, Prefix) else None
        says = PrefixRule(rule.permit, network, _int(values.get("ge")), _int(values.get("le")))
        if values.get("kind") == kind and says == rule and values.get("seq", number) == number:
            best = statement
    return best.number, best.column()


def _int(value: object) -> int | None:
    return value if isinstance(value, int) else None


def _map(reading: Reading, route_map: RouteMap) -> Iterator[Finding]:
    entries = route_map.sorted()
    coming = _coming_to(entries)
    jumps = any(entry.goto is not None for entry in entries)
    for index, entry in enumerate(entries):
        by = None
        if index and entry.sequence not in coming:
            by = next((e for e in entries[:index] if _ends_all(e)), None)
            why = "takes every route" if by is not None else "is passed over"
        elif not jumps:
            by = next((e for e in entries[:index] if _wider(e, entry)), None)
            why = "takes all that it would match"
        if by is not None:
            made = reading.find(route_map.name, entry.sequence, like="^route-map ")
            message = f"entry {entry.sequence} of route-map {route_map.name} is never reached"
            text = f"{message}: entry {by.sequence} {why}"
            yield MAP_ENTRY.at(made.number, made.column(), text)


def _ends_all(entry: MapEntry) -> bool:
    """True if no route gets past it."""
    return not entry.of_kind(True) and (entry.goto is None or not entry.permit)


def _coming_to(entries: list[MapEntry]) -> set[int]:
    """The numbers of the entries that a route may come to."""
    coming = {entry.sequence for entry in entries[:1]}
    for index, entry in enumerate(entries):
        if entry.sequence not in coming:
            continue
        behind = entries[index + 1 :]
        if entry.of_kind(True):  # a route that it does not match goes on
            coming.update(next_.sequence for next_ in behind[:1])
        if entry.permit and entry.goto is not None:
            target = (e.sequence for e in behind if e.sequence >= (entry.goto or 0))
            coming.update(islice(target, 1))
    return coming


def _wider(earlier: MapEntry, later: MapEntry) -> bool:
    """True if whatever the later one matches the earlier one matches too."""
    mine = {line.text for line in earlier.of_kind(True)}
    theirs = {line.text for line in later.of_kind(True)}
    # What matches by chance says nothing of the next entry.
    return mine <= theirs and not any("probability" in text for text in mine)
