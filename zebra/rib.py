"""Routes of all owners by VRF, table and prefix; selection; and what follows from it.

Adding and deleting only changes `Dest.entries` and queues the destination. The queue is worked off
in slices: next hops are looked up, the best entry is chosen, the kernel is told, and once the
kernel has answered (at once for connected and kernel routes) the listeners hear of it.
"""

from collections import deque
from collections.abc import Callable, Iterator
from functools import partial
from typing import TYPE_CHECKING, Any

from grammar.base.clock import Clock
from grammar.base.values import Afi, Prefix
from grammar.base.work import Work
from zebra.debug import Journal
from zebra.nexthop import Group, Hop
from zebra.vrf import Table, Vrf
from zebra.zapi.constants import RouteFlag, RouteType

if TYPE_CHECKING:
    from zebra.interface import Interface

_BY_DISTANCE = int(RouteFlag.RR_USE_DISTANCE)

SYSTEM_TYPES = frozenset({RouteType.KERNEL, RouteType.CONNECTED, RouteType.SYSTEM})
"""Routes that the kernel has by itself."""

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


class RouteStatus:
    """FRR's status bits of a route (`internalStatus`); plain ints, for they are met per route."""

    NONE = 0
    REMOVED = 0x01
    QUEUED = 0x08
    INSTALLED = 0x10
    FAILED = 0x20


class Wanted:
    """The next hops a route came with; equal ones are shared, with what they resolve to."""

    __slots__ = ("afi", "around", "cache", "covered", "fixed", "hops", "users")

    def __init__(self, afi: Afi, hops: tuple[Hop, ...]) -> None:
        self.afi = afi
        self.hops = hops
        self.users = 0
        self.cache: dict[int, Group] = {}
        self.around = frozenset(
            key
            for hop in hops
            if hop.gate is not None and hop.gate.afi is afi
            for key in hop.gate.host_prefix().around()
        )
        """Keys of the prefixes that hold a next hop."""
        self.fixed = False
        """The routes came with a group, and not with next hops to look up."""
        self.covered = False
        """A route's prefix holds its own next hop, so that what it resolves to is not shared."""


class RouteEntry:
    """One route of one owner to one prefix; some 200 bytes."""

    opaque: bytes | None = None
    """What its owner told for others to read; only `ToldEntry` has any."""

    __slots__ = (
        "distance",
        "flags",
        "group",
        "installed_id",
        "instance",
        "metric",
        "mtu",
        "since",
        "status",
        "tag",
        "type",
        "wanted",
    )

    def __init__(
        self,
        type: RouteType,
        wanted: Wanted,
        group: Group,
        since: float,
        *,
        distance: int = 0,
        metric: int = 0,
        tag: int = 0,
        mtu: int = 0,
        flags: int = 0,
        instance: int = 0,
    ) -> None:
        self.type = type
        self.wanted = wanted
        self.group = group
        self.since = since
        self.distance = distance
        self.metric = metric
        self.tag = tag
        self.mtu = mtu
        self.flags = int(flags)
        self.instance = instance
        self.status: int = RouteStatus.NONE
        self.installed_id = 0

    def twin(self) -> "RouteEntry":
        """The same route to another prefix, as it came."""
        made = RouteEntry.__new__(type(self))
        made.type = self.type
        made.wanted = self.wanted
        made.group = self.group
        made.since = self.since
        made.distance = self.distance
        made.metric = self.metric
        made.tag = self.tag
        made.mtu = self.mtu
        made.flags = self.flags
        made.instance = self.instance
        made.status = RouteStatus.NONE
        made.installed_id = 0
        return made

    @property
    def is_system(self) -> bool:
        """A route the kernel has by itself."""
        return self.type in SYSTEM_TYPES

    @property
    def installed(self) -> bool:
        """The kernel has it."""
        return bool(self.status & RouteStatus.INSTALLED)

    def same_route(self, other: "RouteEntry") -> bool:
        """True if `other` takes this one's place (FRR's rib_compare_routes)."""
        if self.type is not other.type or self.instance != other.instance:
            return False
        if self.type is RouteType.KERNEL:
            return self.metric == other.metric
        if self.flags & _BY_DISTANCE and self.distance != other.distance:
            return False
        if self.type is RouteType.CONNECTED:
            return self.wanted.hops == other.wanted.hops
        return True


class ToldEntry(RouteEntry):
    """A route with data of its owner's."""

    __slots__ = ("opaque",)

    def twin(self) -> "RouteEntry":
        """As of any entry, with the same data."""
        made = super().twin()
        assert isinstance(made, ToldEntry)
        made.opaque = self.opaque
        return made

    def __init__(self, opaque: bytes, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.opaque = opaque


def entry_of(opaque: bytes | None) -> Callable[..., RouteEntry]:
    """What makes an entry of a route with such data, or without any."""
    return RouteEntry if opaque is None else partial(ToldEntry, opaque)


class Dest:
    """All routes to one prefix, newest first.

    `fib` is the entry that the kernel has or is about to have, with the group that went there.
    """

    __slots__ = ("entries", "fib", "fib_group", "key", "queued", "selected")

    def __init__(self, key: int) -> None:
        self.key = key
        self.entries: tuple[RouteEntry, ...] = ()
        self.selected: RouteEntry | None = None
        self.fib: RouteEntry | None = None
        self.fib_group: Group | None = None
        self.queued = False


class Rib:
    """The tables of all VRFs and the queue of destinations to look at."""

    def __init__(self, clock: Clock, work: Work, vrf: Vrf, journal: Journal) -> None:
        self.clock = clock
        self.work = work
        self.journal = journal
        self.vrfs: dict[int, Vrf] = {vrf.id: vrf}
        self._queues: list[deque[tuple[Table, Dest]]] = [deque() for _ in range(_QUEUES)]
        self._working = False
        self.begin: Callable[[], None] = lambda: None
        """Called whenever the queue is taken up."""
        self.process: Callable[[Table, Dest], None] = lambda table, dest: None
        self.settle: Callable[[], None] = lambda: None
        self.release: Callable[[RouteEntry], None] = lambda entry: None

    @property
    def default(self) -> Vrf:
        """The default VRF."""
        return self.vrfs[0]

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
        if self.journal.switches:
            self.journal.inserting(table, dest, entry, replaced)
        if not dest.queued:
            self.queue(table, dest)
        return replaced is None

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
        entry.status |= RouteStatus.REMOVED
        self.release(entry)

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
        self._queues[order].append((table, dest))
        if not self._working:
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
                table, dest = queue.popleft()
                dest.queued = False
                self.process(table, dest)
                count += 1
                if count % 64 == 0:
                    yield
                    self.begin()
        finally:
            self._working = False
            self.settle()
            if any(self._queues):
                self._start()
