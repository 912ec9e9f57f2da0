"""Routes of all owners by VRF, table and prefix; selection; and what follows from it.

Adding and deleting only changes `Dest.entries` and queues the destination. The queue is worked off
in slices: next hops are looked up, the best entry is chosen, the kernel is told, and once the
kernel has answered (at once for connected and kernel routes) the listeners hear of it.
"""

from collections import deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import TYPE_CHECKING, Self

from grammar.base.clock import Clock
from grammar.base.values import Prefix
from grammar.base.work import Work
from zebra.debug import Journal
from zebra.entry import SYSTEM_TYPES as SYSTEM_TYPES
from zebra.entry import Dest as Dest
from zebra.entry import RouteEntry as RouteEntry
from zebra.entry import RouteStatus as RouteStatus
from zebra.entry import ToldEntry as ToldEntry
from zebra.entry import Wanted as Wanted
from zebra.entry import entry_of as entry_of
from zebra.nexthop import Hop
from zebra.vrf import Table, Vrf
from zebra.zapi.constants import RouteType

if TYPE_CHECKING:
    from zebra.interface import Interface
    from zebra.namespace import Namespace

_ORDER = {
    RouteType.CONNECTED: 0,
    RouteType.KERNEL: 1,
    RouteType.STATIC: 2,
    RouteType.OSPF: 3,
    RouteType.OSPF6: 3,
    RouteType.ISIS: 3,
    RouteType.RIP: 3,
    RouteType.RIPNG: 3,
    RouteType.EIGRP: 3,
    RouteType.BGP: 4,
}
_QUEUES = 6
_PORTION = 64
"""Destinations that are looked at between two pauses."""


class _Left:
    """Counts prefixes in a row that lose the same entry; `say` gets the entry and their number."""

    def __init__(self, say: Callable[[RouteEntry, int], None]) -> None:
        self._say = say
        self.entry: RouteEntry | None = None
        self._number = 0

    def count(self, entry: RouteEntry) -> None:
        """One more."""
        if entry is not self.entry:
            self._end()
            self.entry, self._number = entry, 0
        self._number += 1

    def _end(self) -> None:
        if self.entry is not None:
            self._say(self.entry, self._number)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._end()


class Rib:
    """The tables of all VRFs and the queue of destinations to look at."""

    def __init__(self, clock: Clock, work: Work, vrf: Vrf, journal: Journal) -> None:
        self.clock = clock
        self.work = work
        self.journal = journal
        self.vrfs: dict[int, Vrf] = {vrf.id: vrf}
        self._queues: list[deque[tuple[Table, Sequence[Dest]]]] = [deque() for _ in range(_QUEUES)]
        self._working = False
        self.begin: Callable[[], None] = lambda: None
        """Called whenever the queue is taken up."""
        self.process: Callable[[Table, Sequence[Dest]], None] = lambda table, dests: None
        """Looks at some destinations, which are not `queued` any more from then on."""
        self.settle: Callable[[], None] = lambda: None
        self.release: Callable[[RouteEntry, int], None] = lambda entry, count: None
        """Called when so many prefixes have an entry no longer."""

    @property
    def default(self) -> Vrf:
        """The default VRF."""
        return self.vrfs[0]

    def namespaces(self) -> "Iterable[Namespace]":
        """The namespaces of all VRFs, each once."""
        return {id(vrf.namespace): vrf.namespace for vrf in self.vrfs.values()}.values()

    def named(self, name: str) -> Vrf | None:
        """The VRF of that name, if it is there."""
        return next((vrf for vrf in self.vrfs.values() if vrf.name == name), None)

    def interface_of(self, hop: Hop) -> "Interface | None":
        """The interface of a next hop, if it is there in the VRF of the next hop."""
        vrf = self.vrfs.get(hop.vrf)
        return None if vrf is None else vrf.interface(hop.ifindex)

    def tables(self) -> Iterator[Table]:
        """All tables of all VRFs."""
        for vrf in list(self.vrfs.values()):
            yield from vrf.all_tables()

    def add(self, table: Table, prefix: Prefix, entry: RouteEntry) -> bool:
        """Enter a route, in place of the same owner's; True if there was none of his before."""
        return self.enter(table, prefix.key, entry)

    def enter(self, table: Table, key: int, entry: RouteEntry) -> bool:
        """As `add`, by the key of the prefix."""
        dest = table.routes.get(key)
        if dest is None:
            dest = Dest(key)
            table.put(dest)
        replaced: RouteEntry | None = None
        for old in dest.entries:
            if entry.same_route(old):
                self._unlink(dest, old)
                replaced = old
                break
        dest.entries = (entry, *dest.entries) if dest.entries else (entry,)
        if entry.type is RouteType.KERNEL:
            table.foreign[key] = None
        if self.journal.switches:
            self.journal.inserting(table, dest, entry, replaced)
        if not dest.queued:
            self.queue(table, dest)
        return replaced is None

    def enter_many(self, table: Table, keys: Sequence[int], entry: RouteEntry) -> None:
        """As `enter`, one entry for as many prefixes as it has `users`."""
        if self.journal.switches:
            for key in keys:
                self.enter(table, key, entry)
            return
        routes, alone = table.routes, (entry,)
        waiting: list[Dest] = []
        with _Left(self._unlinked) as left:
            for key in keys:
                dest = routes.get(key)
                if dest is None:
                    dest = Dest(key)
                    table.put(dest)
                elif entries := dest.entries:
                    old = entries[0]
                    if len(entries) > 1 or not (old is left.entry or entry.same_route(old)):
                        self.enter(table, key, entry)
                        continue
                    left.count(old)
                dest.entries = alone
                if not dest.queued:
                    dest.queued = True
                    waiting.append(dest)
        self._wait(_ORDER.get(entry.type, 5), table, waiting)

    def take_many(
        self, table: Table, keys: Sequence[int], matches: Callable[[RouteEntry], bool]
    ) -> None:
        """As `take`, from many prefixes."""
        routes = table.routes
        waiting: list[Dest] = []
        with _Left(self._unlinked) as left:
            for key in keys:
                dest = routes.get(key)
                entries = () if dest is None else dest.entries
                if dest is None or len(entries) != 1 or self.journal.switches:
                    self.take(table, key, matches)
                    continue
                old = entries[0]
                if old is not left.entry and not matches(old):
                    continue
                left.count(old)
                dest.entries = ()
                if not dest.queued:
                    dest.queued = True
                    waiting.append(dest)
        self._wait(0, table, waiting)

    def delete(
        self, table: Table, prefix: Prefix, matches: Callable[[RouteEntry], bool]
    ) -> RouteEntry | None:
        """Take the first entry that `matches` away; None if there is none."""
        return self.take(table, prefix.key, matches)

    def take(
        self, table: Table, key: int, matches: Callable[[RouteEntry], bool]
    ) -> RouteEntry | None:
        """As `delete`, by the key of the prefix."""
        dest = table.routes.get(key)
        if dest is None:
            return None
        for entry in dest.entries:
            if matches(entry):
                self._unlink(dest, entry)
                self.journal.removing(table, dest, entry)
                self.queue(table, dest)
                return entry
        return None

    def _unlink(self, dest: Dest, entry: RouteEntry) -> None:
        entries = dest.entries
        dest.entries = () if len(entries) == 1 else tuple(e for e in entries if e is not entry)
        self._unlinked(entry, 1)

    def _unlinked(self, entry: RouteEntry, count: int) -> None:
        self.release(entry, count)
        entry.users -= count

    def queue(self, table: Table, dest: Dest) -> None:
        """Look at a destination soon; connected routes come first, BGP's last (as in FRR)."""
        if dest.queued:
            return
        dest.queued = True
        entries = dest.entries
        if len(entries) == 1:
            order = _ORDER.get(entries[0].type, 5)
        else:
            order = min((_ORDER.get(entry.type, 5) for entry in entries), default=0)
        self._wait(order, table, (dest,))

    def _wait(self, order: int, table: Table, dests: Sequence[Dest]) -> None:
        for start in range(0, len(dests), _PORTION):
            self._queues[order].append((table, dests[start : start + _PORTION]))
        if dests and not self._working:
            self._start()

    def _start(self) -> None:
        self._working = True
        self.work.add("rib", self._drain())

    @property
    def idle(self) -> bool:
        """Nothing waits to be looked at."""
        return not self._working

    def _drain(self) -> Iterator[None]:
        count = 0
        self.begin()
        try:
            while (queue := next((q for q in self._queues if q), None)) is not None:
                table, dests = queue.popleft()
                self.process(table, dests)
                count += len(dests)
                if count >= _PORTION:
                    count = 0
                    yield
                    self.begin()
        finally:
            self._working = False
            self.settle()
            if any(self._queues):
                self._start()
