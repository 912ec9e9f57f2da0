"""What one reader wants of the changes of routes, and these as lines, in words or as JSON."""

from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

from grammar.base.feed import Feed, left_out
from grammar.base.values import Afi, Prefix
from grammar.output.jsonc import Json, plain
from grammar.output.time import clock_time, utc_time
from zebra.explain.hops import hop_text

if TYPE_CHECKING:
    from zebra.entry import Dest, RouteEntry
    from zebra.vrf import Table, Vrf
    from zebra.zebra import Zebra


class Change(StrEnum):
    """What happened to a route."""

    INSTALLED = "installed"
    REPLACED = "replaced"
    CHANGED = "changed"
    WITHDRAWN = "withdrawn"
    REFUSED = "refused"


@dataclass(frozen=True, slots=True)
class Used:
    """A route as it was at that moment, with where its next hops lead."""

    protocol: str
    distance: int
    metric: int
    hops: tuple[str, ...]

    def __str__(self) -> str:
        over = "; ".join(self.hops) or "no next hop"
        return f"{self.protocol} [{self.distance}/{self.metric}] {over}"

    @property
    def fields(self) -> dict[str, Json]:
        """The same for programs."""
        return {
            "protocol": self.protocol,
            "distance": self.distance,
            "metric": self.metric,
            "nexthops": list(self.hops),
        }


@dataclass(frozen=True, slots=True)
class Event:
    """One change; `when` is in seconds since 1970. `before` is what was replaced."""

    when: float
    change: Change
    prefix: Prefix
    table: int
    route: Used
    before: Used | None = None


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which routes; None and False leave nothing out."""

    vrf: "Vrf"
    afi: Afi | None = None
    protocol: str | None = None
    prefix: Prefix | None = None
    longer: bool = False

    def takes(self, table: "Table", dest: "Dest", protocols: set[str]) -> bool:
        """Whether a change of a route of these protocols is wanted."""
        if table.vrf is not self.vrf or self.afi not in (None, table.afi):
            return False
        if self.protocol is not None and self.protocol not in protocols:
            return False
        wanted = self.prefix
        if wanted is None:
            return True
        prefix = table.prefix(dest)
        return wanted.covers(prefix) if self.longer else wanted == prefix


class RouteMonitor:
    """The ear of one reader."""

    def __init__(self, zebra: "Zebra", wanted: Wanted) -> None:
        self.zebra = zebra
        self.wanted = wanted
        self.feed: Feed[Event] = Feed()

    def __enter__(self) -> "RouteMonitor":
        self.zebra.journal.monitors.append(self)
        self.zebra.fib.begin()  # who hears of routes is looked up anew
        return self

    def __exit__(self, *_: object) -> None:
        self.zebra.journal.monitors.remove(self)
        self.zebra.fib.begin()

    def selected(
        self, table: "Table", dest: "Dest", new: "RouteEntry | None", old: "RouteEntry | None"
    ) -> None:
        """The route in use went from `old` to `new`, and the kernel has followed."""
        if new is None:
            if old is not None:
                self._put(Change.WITHDRAWN, table, dest, old, None)
        elif old is None:
            self._put(Change.INSTALLED, table, dest, new, None)
        else:
            change = Change.CHANGED if old is new else Change.REPLACED
            self._put(change, table, dest, new, None if old is new else old)

    def refused(self, table: "Table", dest: "Dest", entry: "RouteEntry") -> None:
        """The kernel did not take a route."""
        self._put(Change.REFUSED, table, dest, entry, None)

    def _put(
        self,
        change: Change,
        table: "Table",
        dest: "Dest",
        entry: "RouteEntry",
        before: "RouteEntry | None",
    ) -> None:
        protocols = {one.type.word for one in (entry, before) if one is not None}
        if not self.wanted.takes(table, dest, protocols):
            return
        if not self.feed.room:
            self.feed.leave_out(1)
            return
        was = None if before is None else self._used(before)
        prefix, now = table.prefix(dest), self.zebra.clock.wall()
        self.feed.put(Event(now, change, prefix, table.id, self._used(entry), was))

    def _used(self, entry: "RouteEntry") -> Used:
        hops = tuple(
            hop_text(self.zebra, each)
            for hop in entry.group.hops
            if not hop.duplicate
            for each in (hop.resolved or (hop,))
        )
        return Used(entry.type.word, entry.distance, entry.metric, hops)


def lines(monitor: RouteMonitor, *, as_json: bool) -> Iterator[str]:
    """A line a change, as long as somebody takes them; nothing is heard any more afterwards."""
    main = monitor.wanted.vrf.table
    with monitor:
        if as_json:
            yield from monitor.feed.stream(_object, lambda count: plain({"leftOut": count}) + "\n")
        else:
            yield from monitor.feed.stream(lambda event: _text(event, main), left_out)


def _text(event: Event, main: int) -> Iterator[str]:
    """`21:04:05.123 installed 10.1.0.0/24 bgp [20/0] via 192.0.2.2, eth0`."""
    where = "" if event.table == main else f" in table {event.table}"
    was = "" if event.before is None else f", was {event.before}"
    yield f"{clock_time(event.when)} {event.change} {event.prefix}{where} {event.route}{was}\n"


def _object(event: Event) -> Iterator[str]:
    fields: dict[str, Json] = {
        "prefix": str(event.prefix),
        "time": utc_time(event.when),
        "action": event.change.value,
        "table": event.table,
        **event.route.fields,
    }
    if event.before is not None:
        fields["before"] = event.before.fields
    yield plain(fields) + "\n"
