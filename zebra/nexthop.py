"""Next hops of routes and the groups that share them, numbered as FRR numbers them.

A route's next hops become a `Group` when they are looked up: equal next hops are one group with
one id, which is also the id of the kernel's next-hop object. A group of several has a group for
each of them (`depends`), and a group that resolves recursively has the group it resolves to.
"""

from collections.abc import Callable, Iterator
from dataclasses import replace

from grammar.base.scheduler import Handle, Scheduler
from grammar.base.values import Afi
from zebra.hop import Hop as Hop
from zebra.hop import in_order as in_order
from zebra.hop import put_on
from zebra.hop import walk as walk
from zebra.kernel.api import InstallNexthop, KernelNexthop, NexthopObject, RouteProtocol
from zebra.kernel.forms import RouteForm
from zebra.kernel.protocols import PROTOCOLS
from zebra.zapi.constants import BlackholeType, NexthopType, RouteType

KEEP = 180.0
"""Seconds an installed group without users stays, unless `zebra nexthop-group keep` says."""

_OF_IPV4 = (NexthopType.IPV4, NexthopType.IPV4_IFINDEX)
_OF_IPV6 = (NexthopType.IPV6, NexthopType.IPV6_IFINDEX)


class Group:
    """Next hops with an id; `refs` counts users as FRR's RefCnt does."""

    __slots__ = (
        "afi",
        "delete_at",
        "dependents",
        "depends",
        "forms",
        "given",
        "hops",
        "id",
        "installed",
        "known",
        "own",
        "prefer",
        "recursive",
        "refs",
        "routed",
        "since",
        "spares",
        "stale",
        "timer",
        "told",
        "type",
        "valid",
        "ways",
    )

    def __init__(
        self,
        id: int,
        afi: int,
        hops: tuple[Hop, ...],
        since: float,
        type: RouteType = RouteType.NHG,
        *,
        given: bool = False,
    ) -> None:
        self.id = id
        self.afi = afi
        self.since = since
        self.type = type
        """Whose it is: NHG for zebra's, else the protocol of the client that made it."""
        self.given = given
        """A client made it, and gave it its number."""
        self.own = given
        """The kernel has an object of this recursive next hop, a group: many routes use it."""
        self.fill(hops)
        self.depends: tuple[Group, ...] = ()
        self.spares: tuple[Group, ...] = ()
        """Those of its spare next hops."""
        self.dependents: set[int] = set()
        self.refs = 0
        self.installed = False
        """The kernel has been told of the object."""
        self.known = False
        """It has taken it."""
        self.routed = False
        """A route of the group itself was installed, not only of one that it is part of."""
        self.told: InstallNexthop | None = None
        """What it was told last, while it has not answered."""
        self.stale = False
        """The kernel may have the object, but not as it should be: it is to be made again."""
        self.timer: Handle | None = None
        self.delete_at: float | None = None

    def fill(self, hops: tuple[Hop, ...]) -> None:
        """Make these the next hops; for a group in use `Groups.become` does that."""
        self.hops = hops
        self.recursive = len(hops) == 1 and hops[0].recursive
        """A single next hop that resolves over others: the kernel has those instead."""
        self.valid = any(hop.active for hop in hops)
        """A packet can go somewhere."""
        self.prefer = next((hop.prefer for hop in hops if hop.prefer is not None), None)
        """The source address of kernel routes that use the group, if a route-map set one."""
        self.ways: tuple[KernelNexthop, ...] | None = None
        self.forms: dict[object, RouteForm] = {}
        """What routes that use the group are in the kernel (`zebra/kernelroutes.py`)."""

    @property
    def several(self) -> bool:
        """The kernel's object is a group."""
        return self.own or len(self.hops) > 1

    @property
    def in_kernel(self) -> "Group":
        """The group whose object the kernel's routes name."""
        group = self
        while group.recursive and not group.own:
            group = group.depends[0]
        return group

    def members(self) -> list["Group"]:
        """The single groups that a group object is made of, without inactive and equal ones."""
        if self.recursive:
            return self.depends[0].members() if self.valid else []
        if not self.depends:
            return [self] if self.valid else []
        found: dict[int, Group] = {}
        for part in self.depends:
            for member in part.members():
                found.setdefault(member.id, member)
        return list(found.values())

    @property
    def blackhole(self) -> BlackholeType | None:
        """The kind of blackhole, if the first next hop leads there: then all packets go there."""
        group = self.in_kernel
        hop = group.hops[0]
        if hop.resolved and not group.own:
            hop = hop.resolved[0]
        return hop.blackhole if hop.type is NexthopType.BLACKHOLE else None

    def leaves(self) -> list[Hop]:
        """The active next hops after recursion, without equal ones."""
        return [member.hops[0] for member in self.members()]

    def kernel_ways(self) -> tuple[KernelNexthop, ...]:
        """The active next hops in the kernel's form; kept, for many routes share a group."""
        if self.ways is None:
            self.ways = tuple(
                KernelNexthop(hop.gate, hop.ifindex, hop.weight or 1, hop.onlink, put_on(hop))
                for hop in self.leaves()
            )
        return self.ways

    def kernel_object(self) -> NexthopObject:
        """The kernel's object of this group (for a recursive one only if it has its own)."""
        protocol = PROTOCOLS.get(self.type, RouteProtocol.ZEBRA)
        if self.several:
            pairs = sorted((member.id, member.hops[0].weight or 1) for member in self.members())
            return NexthopObject(self.id, group=tuple(pairs), protocol=protocol)
        hop = self.hops[0]
        afi = Afi(self.afi)
        if hop.type is NexthopType.BLACKHOLE:
            return NexthopObject(self.id, afi, blackhole=True, protocol=protocol)
        way = KernelNexthop(hop.gate, hop.ifindex, 1, hop.onlink, put_on(hop))
        return NexthopObject(self.id, afi, way, protocol=protocol)


def group_afi(afi: int, hops: tuple[Hop, ...]) -> int:
    """The family of a group: that of its gateway, the route's without one, 0 for several."""
    if len(hops) != 1:
        return 0
    kind = hops[0].type
    if kind in _OF_IPV4:
        return Afi.IPV4
    return Afi.IPV6 if kind in _OF_IPV6 else afi


class Groups:
    """All groups by content and by id; ids count up and are given at the first look-up."""

    def __init__(
        self,
        scheduler: Scheduler,
        uninstall: Callable[[Group], None],
        keep: Callable[[], float] = lambda: KEEP,
    ) -> None:
        self._scheduler = scheduler
        self._keep = keep
        self._uninstall = uninstall
        self._by_key: dict[tuple[int, tuple[Hop, ...], RouteType], Group] = {}
        self.by_id: dict[int, Group] = {}
        self._last = 0

    def skip(self, last: int) -> None:
        """Give no id up to `last`: the kernel has objects of these numbers."""
        self._last = max(self._last, last)

    def find(self, afi: int, hops: tuple[Hop, ...], type: RouteType = RouteType.NHG) -> Group:
        """The group of these next hops, made when there is none yet."""
        key = (group_afi(afi, hops), hops, type)
        group = self._by_key.get(key)
        if group is not None:
            return group
        self._last += 1
        while self._last in self.by_id:
            self._last += 1
        group = Group(self._last, key[0], hops, self._scheduler.time(), type)
        self._by_key[key] = group
        self.by_id[group.id] = group
        self._connect(group, afi)
        return group

    def give(self, id: int, type: RouteType, hops: tuple[Hop, ...]) -> Group:
        """A client's group under its own number, which no other group has."""
        group = Group(id, group_afi(0, hops), hops, self._scheduler.time(), type, given=True)
        self.by_id[id] = group
        self._connect(group, group.afi)
        return group

    def _connect(self, group: Group, afi: int) -> None:
        if group.recursive:
            parts = [self.find(afi, group.hops[0].resolved)]
        elif len(group.hops) > 1 or group.given:
            parts = [self.find(afi, (_unmarked(hop),), group.type) for hop in group.hops]
        else:
            parts = []
        unique = {part.id: part for part in parts}
        group.depends = tuple(unique.values())
        for part in group.depends:
            part.dependents.add(group.id)
            self.use(part)
        group.spares = tuple(self.find(afi, (hop,)) for hop in group.hops[0].spares)
        for part in group.spares:
            self.use(part)

    def become(self, group: Group, afi: int, hops: tuple[Hop, ...]) -> None:
        """Give a group in use other next hops, as many as it had; it keeps its number and users.

        Another group that has these next hops already is not found any more.
        """
        self._forget(group)
        before, spares = group.depends, group.spares
        group.fill(hops)
        if group.given:
            group.afi = group_afi(0, hops)
        else:
            self._by_key[(group.afi, hops, group.type)] = group
        self._connect(group, afi)
        for part in group.depends:
            self.use(part, group.refs)
        for part in before:
            if part not in group.depends:
                part.dependents.discard(group.id)
            self.release(part, group.refs + 1)
        for part in spares:
            self.release(part)

    def _forget(self, group: Group) -> None:
        key = group.afi, group.hops, group.type
        if self._by_key.get(key) is group:
            del self._by_key[key]

    def use(self, group: Group, count: int = 1) -> None:
        """More users; also for all that the group depends on (as FRR counts)."""
        group.refs += count
        if group.timer is not None:
            group.timer.cancel()
            group.timer = None
            group.delete_at = None
            group.refs -= 1
        for part in group.depends:
            self.use(part, count)

    def release(self, group: Group, count: int = 1) -> None:
        """Users less; an installed group without users stays for a while."""
        group.refs -= count
        if group.refs <= 0 and group.installed and group.timer is None:
            group.refs = 1
            group.delete_at = self._scheduler.time() + self._keep()
            group.timer = self._scheduler.call_at(group.delete_at, lambda: self._expire(group))
            count -= 1
            if not count:
                return
        for part in group.depends:
            self.release(part, count)
        if group.refs <= 0:
            self._drop(group)

    def _expire(self, group: Group) -> None:
        group.timer = None
        group.delete_at = None
        group.refs = 0
        for part in group.depends:
            self.release(part)
        self._drop(group)

    def _drop(self, group: Group) -> None:
        if self.by_id.pop(group.id, None) is None:
            return
        self._forget(group)
        if group.installed:
            self._uninstall(group)
            group.installed = False
        for part in group.depends:
            part.dependents.discard(group.id)
            self.release(part)
        for part in group.spares:
            self.release(part)

    def __iter__(self) -> Iterator[Group]:
        return iter(sorted(self.by_id.values(), key=lambda group: group.id))


def _unmarked(hop: Hop) -> Hop:
    """The next hop as it is alone: no duplicate of others, without the group's spare ones."""
    if hop.spares:
        hop = replace(hop, spares=())
    if any(inner.duplicate for inner in walk((hop,))):
        resolved = tuple(_unmarked(inner) for inner in hop.resolved)
        return replace(hop, duplicate=False, resolved=resolved)
    return hop
