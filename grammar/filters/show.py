"""What FRR prints of lists and route-maps; every daemon answers for itself, by its tag."""

from collections.abc import Iterable, Iterator

from grammar.base.values import Address, Afi, Prefix
from grammar.filters.accesslist import wildcard_text
from grammar.filters.model import AccessList, AccessRule, PrefixList, PrefixRule
from grammar.filters.prefixlist import rule_text
from grammar.filters.routemap import Line, MapEntry, RouteMap
from grammar.output.jsonc import Json

# --- prefix-lists ---------------------------------------------------------------------------------


def _counted(number: int, rule: PrefixRule) -> str:
    return f"   seq {number} {rule_text(rule)} (hit count: {rule.hits}, refcount: 0)\n"


def _span(found: PrefixList) -> tuple[int, int]:
    numbers = list(found.rules)
    return (numbers[0], numbers[-1]) if numbers else (0, 0)


def prefix_list(tag: str, found: PrefixList, how: str) -> Iterator[str]:
    """One list; `how` is `normal`, `summary` or `detail`."""
    word = "ip" if found.afi is Afi.IPV4 else "ipv6"
    count = len(found.rules)
    if how == "normal":
        yield f"{tag}: {word} prefix-list {found.name}: {count} entries\n"
    else:
        yield f"{tag}: {word} prefix-list {found.name}:\n"
    if found.description is not None:
        yield f"   Description: {found.description}\n"
    if how == "normal":
        for number, rule in found.rules.items():
            yield f"   seq {number} {rule_text(rule)}\n"
        return
    first, last = _span(found)
    yield f"   count: {count}, range entries: 0, sequences: {first} - {last}\n"
    if how == "detail":
        for number, rule in found.rules.items():
            yield _counted(number, rule)


def prefix_rule(tag: str, found: PrefixList, number: int) -> str:
    """`show ip prefix-list NAME seq N`; FRR ends the line only if there is such a rule."""
    rule = found.rules.get(number)
    return f"{tag}: " if rule is None else f"{tag}: {_counted(number, rule)}"


def looked_up(found: PrefixList, prefix: Prefix, how: str | None) -> Iterator[str]:
    """`show ip prefix-list NAME PREFIX [longer|first-match]`."""
    for number, rule in found.rules.items():
        own = rule.prefix
        if own is None:
            continue
        if how == "longer":
            if prefix.network.covers(own):
                yield f"   seq {number} {rule_text(rule)}\n"
        elif own == prefix.network:
            yield _counted(number, rule)
            if how == "first-match":
                return


def _prefix_rule_json(number: int, rule: PrefixRule, afi: Afi, counted: bool) -> Json:
    any_of = Prefix(afi, 0, 0)
    row: dict[str, Json] = {
        "sequenceNumber": number,
        "type": "permit" if rule.permit else "deny",
        "prefix": str(any_of if rule.prefix is None else rule.prefix),
    }
    if rule.ge is not None:
        row["minimumPrefixLength"] = rule.ge
    le = afi.bits if rule.prefix is None else rule.le
    if le is not None:
        row["maximumPrefixLength"] = le
    if counted:
        row |= {"hitCount": rule.hits, "referenceCount": 0}
    return row


def prefix_list_json(found: PrefixList, how: str) -> Json:
    """The same as JSON."""
    rows = [
        _prefix_rule_json(number, rule, found.afi, how == "detail")
        for number, rule in found.rules.items()
    ]
    value: dict[str, Json] = {"addressFamily": "IPv4" if found.afi is Afi.IPV4 else "IPv6"}
    described = {} if found.description is None else {"description": found.description}
    if how == "normal":
        return value | {"entries": rows} | described
    first, last = _span(found)
    value |= described
    value |= {
        "count": len(rows),
        "rangeEntries": 0,
        "sequenceStart": first,
        "sequenceEnd": last,
    }
    return value | {"entries": rows} if how == "detail" else value


def prefix_rule_json(found: PrefixList, number: int) -> Json:
    """One rule as JSON."""
    rule = found.rules.get(number)
    rows = [] if rule is None else [_prefix_rule_json(number, rule, found.afi, True)]
    return {"entries": rows}


# --- access-lists ---------------------------------------------------------------------------------

_TITLES = {"ip": "IP", "ipv6": "IPv6 ", "mac": "MAC "}


def _type_of(found: AccessList) -> str:
    first = next(iter(found.rules.values()), None)
    if first is None or first.source is None:
        return "Zebra"
    return "Standard" if first.destination is None else "Extended"


def _object(rule: AccessRule) -> str:
    if rule.prefix is not None:
        return str(rule.prefix)
    return "any" if rule.mac is None else rule.mac.lower()


def _access_rule(rule: AccessRule) -> str:
    word = "permit" if rule.permit else "deny  "
    if rule.source is None:
        exact = " exact-match" if rule.exact else ""
        return f"{word} {_object(rule)}{exact}"
    if rule.destination is not None:
        ends = (rule.source, rule.destination)
        return f"{word} ip " + " ".join(wildcard_text(end, "host ") for end in ends)
    bits = rule.source.bits
    if bits == 0xFFFFFFFF:
        return f"{word} any"
    tail = f", wildcard bits {Address(Afi.IPV4, bits)}" if bits else ""
    return f"{word} {rule.source.address}{tail}"


def access_lists(tag: str, lists: Iterable[AccessList]) -> Iterator[str]:
    """The lists of a kind."""
    yield f"{tag}:\n"
    for found in lists:
        if not found.rules:
            continue
        yield f"{_type_of(found)} {_TITLES[found.kind]} access list {found.name}\n"
        for number, rule in found.rules.items():
            yield f"    seq {number} {_access_rule(rule)}\n"


def _access_rule_json(number: int, rule: AccessRule, afi: Afi) -> Json:
    row: dict[str, Json] = {
        "sequenceNumber": number,
        "filterType": "permit" if rule.permit else "deny",
    }
    if rule.source is None:
        prefix = rule.prefix or Prefix(afi, 0, 0)
        return row | {"prefix": str(prefix), "exact-match": rule.exact}
    mask = str(Address(Afi.IPV4, rule.source.bits))
    if rule.destination is None:
        return row | {"address": str(rule.source.address), "mask": mask}
    return row | {
        "extended": True,
        "sourceAddress": str(rule.source.address),
        "sourceMask": mask,
        "destinationAddress": str(rule.destination.address),
        "destinationMask": str(Address(Afi.IPV4, rule.destination.bits)),
    }


def access_lists_json(tag: str, lists: Iterable[AccessList]) -> Json:
    """The same as JSON."""
    inside: dict[str, Json] = {}
    for found in lists:
        if found.rules:
            afi = Afi.IPV4 if found.kind == "ip" else Afi.IPV6
            inside[found.name] = {
                "type": _type_of(found),
                "addressFamily": "IPv4" if afi is Afi.IPV4 else "IPv6",
                "rules": [_access_rule_json(n, rule, afi) for n, rule in found.rules.items()],
            }
    return {tag: inside}


# --- route-maps -----------------------------------------------------------------------------------

Known = frozenset[str]
"""The keys of the lines that a daemon acts on; it shows no others."""


def _clause(line: Line) -> str:
    text = line.text.split(" ", 1)[1]
    return (
        text.removesuffix(" delete") if text.startswith(("comm-list", "large-comm-list")) else text
    )


def _shown(entry: MapEntry, known: Known, match: bool) -> list[str]:
    return [_clause(line) for line in entry.of_kind(match) if line.key in known]


def _action(entry: MapEntry) -> str:
    if entry.goto is None:
        return "Exit routemap"
    return f"Goto {entry.goto}" if entry.goto else "Continue to next entry"


def _entry(entry: MapEntry, known: Known) -> Iterator[str]:
    kind = "permit" if entry.permit else "deny"
    yield f" {kind}, sequence {entry.sequence} Invoked {entry.invoked}\n"
    if entry.description is not None:
        yield f"  Description:\n    {entry.description}\n"
    for title, match in (("Match", True), ("Set", False)):
        yield f"  {title} clauses:\n"
        for text in _shown(entry, known, match):
            yield f"    {text}\n"
    yield "  Call clause:\n"
    if entry.call is not None:
        yield f"    Call {entry.call}\n"
    yield f"  Action:\n    {_action(entry)}\n"


def _truth(value: bool) -> str:
    return "true" if value else "false"


def route_map(found: RouteMap, known: Known) -> Iterator[str]:
    """One map, its entries by number."""
    optimization = "disabled" if found.optimization is False else "enabled"
    yield (
        f"route-map: {found.name} Invoked: {found.invoked} Optimization: {optimization}"
        f" Processed Change: {_truth(bool(found.changed))}\n"
    )
    for entry in found.sorted():
        yield from _entry(entry, known)


def route_map_json(found: RouteMap, known: Known) -> Json:
    """The same as JSON."""
    rows: list[Json] = []
    for entry in found.sorted():
        row: dict[str, Json] = {
            "sequenceNumber": entry.sequence,
            "type": "permit" if entry.permit else "deny",
            "invoked": entry.invoked,
        }
        if entry.description is not None:
            row["description"] = entry.description
        row["matchClauses"] = _shown(entry, known, True)
        row["setClauses"] = _shown(entry, known, False)
        if entry.call is not None:
            row["callClause"] = entry.call
        row["action"] = _action(entry)
        rows.append(row)
    return {
        "invoked": found.invoked,
        "disabledOptimization": found.optimization is False,
        "processedChange": bool(found.changed),
        "rules": rows,
    }
