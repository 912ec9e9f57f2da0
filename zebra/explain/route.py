"""`explain ip route`: the routes to a prefix, which is used and why, and what the kernel has."""

from collections.abc import Iterator
from os import strerror
from typing import TYPE_CHECKING

from grammar.base.errors import CommandError, Status
from grammar.base.values import Address, Prefix
from grammar.output.outline import Fields, Point, plural, rendered
from grammar.output.time import route_uptime
from zebra import select
from zebra.entry import SYSTEM_TYPES, RouteStatus
from zebra.explain.hops import hop_points
from zebra.zapi.constants import RouteType

if TYPE_CHECKING:
    from zebra.rib import Dest, RouteEntry
    from zebra.vrf import Table, Vrf
    from zebra.zebra import Zebra


def explain(zebra: "Zebra", vrf: "Vrf", asked: Address | Prefix, *, as_json: bool) -> Iterator[str]:
    """The answer. `CommandError` if no route leads to an address."""
    table = vrf.main(asked.afi)
    prefix = asked.network if isinstance(asked, Prefix) else _longest(table, asked)
    dest = table.routes.get(prefix.key)
    point = _missing(zebra, table, prefix) if dest is None else _found(zebra, table, dest)
    return rendered(point, as_json=as_json)


def _longest(table: "Table", address: Address) -> Prefix:
    dest = _used(table, address.value, address.afi.bits)
    if dest is None:
        raise CommandError(f"% No route leads to {address}", Status.WARNING)
    return table.prefix(dest)


def _used(table: "Table", value: int, length: int) -> "Dest | None":
    """The longest prefix around something of which a route is used."""
    return next((dest for dest in table.matches(value, length) if dest.selected is not None), None)


def _missing(zebra: "Zebra", table: "Table", prefix: Prefix) -> Point:
    around = _used(table, prefix.value, prefix.length)
    fields: Fields = {"prefix": str(prefix), "routes": []}
    said = f"{prefix}: nobody has given zebra a route to it"
    if around is None:
        return Point(said, fields)
    covering = table.prefix(around)
    fields["covering"] = str(covering)
    inner = _found(zebra, table, around)
    return Point(f"{said}; packets go by {covering}", fields, {"by": [inner]})


def _found(zebra: "Zebra", table: "Table", dest: "Dest") -> Point:
    prefix = table.prefix(dest)
    chosen = dest.selected
    count = len(dest.entries)
    used = "none is used" if chosen is None else f"that of {_owner(chosen)} is used"
    said = f"{prefix}: {plural(count, 'route')}, {used}"
    if dest.queued:
        said += "; it waits to be looked at"
    fields: Fields = {
        "prefix": str(prefix),
        "selected": None if chosen is None else chosen.type.word,
        "inKernel": dest.fib is not None and bool(dest.state & RouteStatus.INSTALLED),
    }
    parts = {
        "candidates": [_entry(zebra, table, dest, entry) for entry in dest.entries],
        "kernel": [_kernel(zebra, table, dest)],
    }
    return Point(said, fields, parts)


def _owner(entry: "RouteEntry") -> str:
    return f"{entry.type.word} {entry.instance}" if entry.instance else entry.type.word


def _entry(zebra: "Zebra", table: "Table", dest: "Dest", entry: "RouteEntry") -> Point:
    age = route_uptime(zebra.clock.now() - entry.since)
    reason, text = _choice(dest, entry)
    said = f"{_owner(entry)} [{entry.distance}/{entry.metric}], {age}: {text}"
    fields: Fields = {
        "protocol": entry.type.word,
        "distance": entry.distance,
        "metric": entry.metric,
        "selected": entry is dest.selected,
        "valid": entry.group.valid,
        "reason": reason,
    }
    if entry.tag:
        fields["tag"] = entry.tag
    hops = hop_points(zebra, table, entry, table.prefix(dest))
    return Point(said, fields, {"nextHops": hops})


def _choice(dest: "Dest", entry: "RouteEntry") -> tuple[str, str]:
    """Why an entry is used or not, for programs and in words."""
    chosen = dest.selected
    if not entry.group.valid:
        return "nexthop", "not used: none of its next hops can be used"
    if entry.distance == select.INFINITE and entry.type is not RouteType.KERNEL:
        return "distance", f"not used: distance {select.INFINITE} is never used"
    if entry is chosen:
        return _victory(dest, entry)
    if chosen is None:
        return "waits", "it has not been looked at yet"
    return _defeat(entry, chosen)


def _victory(dest: "Dest", entry: "RouteEntry") -> tuple[str, str]:
    rivals = [other for other in dest.entries if other is not entry and other.group.valid]
    rival = select.best(rivals)
    if rival is None:
        return "alone", "used: it is the only one that can be"
    reason, words, theirs, own = _step(rival, entry)
    return reason, f"used: {words}: {own} against {theirs} of {_owner(rival)}"


def _defeat(entry: "RouteEntry", chosen: "RouteEntry") -> tuple[str, str]:
    reason, words, own, theirs = _step(entry, chosen)
    return reason, f"not used: {words}: {own} against {theirs} of {_owner(chosen)}"


def _step(loser: "RouteEntry", winner: "RouteEntry") -> tuple[str, str, str, str]:
    """At what one entry loses against another, and both values."""
    step, _ = select.compared(winner, loser)
    match step:
        case select.Step.CONNECTED:
            words = "connected routes come before all others"
            return step, words, loser.type.word, winner.type.word
        case select.Step.DISTANCE:
            return step, "the lower distance wins", str(loser.distance), str(winner.distance)
        case select.Step.METRIC:
            return step, "the lower metric wins", str(loser.metric), str(winner.metric)
        case select.Step.AGE:
            return step, "of equal ones the first to come stays", "later", "first"


def _kernel(zebra: "Zebra", table: "Table", dest: "Dest") -> Point:
    entry = dest.selected
    if entry is None:
        said = "nothing, since no route is used"
        return Point(f"kernel: {said}", {"state": "none"})
    if entry.type in SYSTEM_TYPES:
        return Point("kernel: the route is the kernel's own", {"state": "own"})
    status = dest.status_of(entry)
    where = f"in table {table.id}"
    if status & RouteStatus.FAILED:
        error = zebra.fib.refusals.of(table, dest.key)
        why = "" if error is None else f": {strerror(error)} (error {error})"
        return Point(f"kernel: it refused the route{why}", {"state": "refused", "error": error})
    if status & RouteStatus.QUEUED:
        return Point("kernel: told, and has not answered yet", {"state": "queued"})
    if status & RouteStatus.INSTALLED:
        number = dest.object_of(entry)
        by = f", next-hop object {number}" if number else ""
        return Point(f"kernel: has it {where}{by}", {"state": "installed", "nexthopId": number})
    return Point("kernel: it has not been told yet", {"state": "pending"})
