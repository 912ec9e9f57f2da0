"""What is known of a prefix: routes of owners, which is used, and what the kernel has of them."""

from collections.abc import Callable
from functools import partial
from typing import Any

from grammar.base.values import Afi
from zebra.nexthop import Group, Hop
from zebra.zapi.constants import RouteFlag, RouteType

_BY_DISTANCE = int(RouteFlag.RR_USE_DISTANCE)

SYSTEM_TYPES = frozenset({RouteType.KERNEL, RouteType.CONNECTED, RouteType.SYSTEM})
"""Routes that the kernel has by itself."""


class RouteStatus:
    """FRR's status bits of a route (`internalStatus`); plain ints, for they are met per route."""

    NONE = 0
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
    """One route of one owner, to one prefix or to `users` that came with one message.

    What becomes of it at one prefix is in `Dest`; what a prefix has apart, in a copy (`Dest.own`).
    """

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
        "users",
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
        self.users = 1
        self.status: int = RouteStatus.NONE
        """What holds wherever it is used, and when it is not."""
        self.installed_id = 0
        """The object that the kernel's route named before a better one took its place."""

    def twin(self) -> "RouteEntry":
        """The same route for one prefix alone, as it came."""
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
        made.users = 1
        made.status = RouteStatus.NONE
        made.installed_id = 0
        return made

    @property
    def is_system(self) -> bool:
        """A route the kernel has by itself."""
        return self.type in SYSTEM_TYPES

    def is_like(self, other: "RouteEntry") -> bool:
        """True if both are of one owner's."""
        return self.type is other.type and self.instance == other.instance

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

    `fib` is the entry that the kernel has or is about to have, with the group that went there;
    `state` its status, and `installed_id` the object that the kernel's route names.
    """

    __slots__ = (
        "entries",
        "fib",
        "fib_group",
        "installed_id",
        "key",
        "queued",
        "selected",
        "state",
    )

    def __init__(self, key: int) -> None:
        self.key = key
        self.entries: tuple[RouteEntry, ...] = ()
        self.selected: RouteEntry | None = None
        self.fib: RouteEntry | None = None
        self.fib_group: Group | None = None
        self.state: int = RouteStatus.NONE
        self.installed_id = 0
        self.queued = False

    def status_of(self, entry: RouteEntry) -> int:
        """FRR's status bits of one of its routes."""
        return entry.status | self.state if entry is self.fib else entry.status

    def object_of(self, entry: RouteEntry) -> int:
        """The next-hop object that the kernel's route names, or named when the entry was it."""
        return self.installed_id if entry is self.fib else entry.installed_id

    @property
    def installed(self) -> bool:
        """The kernel has the selected route."""
        entry = self.selected
        return entry is not None and bool(self.status_of(entry) & RouteStatus.INSTALLED)

    @property
    def awaits(self) -> bool:
        """The selected route is on its way to the kernel."""
        entry = self.selected
        return entry is not None and bool(self.status_of(entry) & RouteStatus.QUEUED)

    def own(self, entry: RouteEntry) -> RouteEntry:
        """The entry, if it is this prefix's alone; else a copy of it, in its place."""
        if entry.users == 1:
            return entry
        made = entry.twin()
        if entry in self.entries:
            entry.users -= 1
            self.entries = tuple(made if each is entry else each for each in self.entries)
        if self.selected is entry:
            self.selected = made
        return made

    def put_in_kernel(self, entry: RouteEntry, group: Group) -> None:
        """The kernel is about to have this route; one that was there keeps its object's number."""
        before = self.fib
        if before is not entry:
            if before is not None and self.installed_id and before in self.entries:
                kept = 0 if entry.is_system else self.installed_id
                if kept != before.installed_id:
                    self.own(before).installed_id = kept
            self.state, self.installed_id = RouteStatus.NONE, entry.installed_id
        self.fib, self.fib_group = entry, group

    def take_from_kernel(self) -> None:
        """The kernel has no route, or is about to have none."""
        self.fib = self.fib_group = None
        self.state, self.installed_id = RouteStatus.NONE, 0
