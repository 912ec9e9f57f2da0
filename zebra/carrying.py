"""Next hops of many routes: one change of a kernel object moves them all.

Linux puts another group in the place of a group, whatever their members are, but no group in the
place of a single next hop. So next hops that many routes resolve by have an object of their own,
a group also when it leads one way only; those of several ways have one as it is. When they resolve
otherwise, the `Group` keeps its number and takes the new content, and not one route is touched.
Few routes go the usual way, in which each look-up gives a group with a number of its own, as in
FRR.
"""

from collections.abc import Callable, Iterator
from errno import EEXIST
from typing import TYPE_CHECKING

from grammar.base.scheduler import Scheduler
from zebra.kernel.api import InstallNexthop
from zebra.nexthop import Group, Groups, Hop, walk
from zebra.rib import Dest, Rib, RouteStatus, Wanted
from zebra.vrf import Table, Vrf
from zebra.zapi.constants import BlackholeType, NexthopType, RouteType

if TYPE_CHECKING:
    from zebra.fib import Fib
    from zebra.given import GivenGroups

MANY = 256
"""From so many routes on they move together."""

_TURNS = 400
"""Turns to wait at most until what a lost link started has settled: the first ones are those of the
event loop, the last ones, while a thread waits for the kernel, are of a time of their own."""
_SLOW, _PAUSE = 200, 0.01
_PORTION = 2000
_SILENT = (BlackholeType.UNSPECIFIED, BlackholeType.NULL)


class Carrying:
    """Who keeps objects and their routes together: when they change, and when they are lost.

    `moved(groups)` hears of groups with other content, `doubted(groups)` of those whose links are
    gone and that nobody has looked up again.
    """

    def __init__(
        self,
        scheduler: Scheduler,
        rib: Rib,
        groups: Groups,
        fib: "Fib",
        moved: Callable[[set[Group]], None],
        doubted: Callable[[set[Group]], None],
    ) -> None:
        self._scheduler = scheduler
        self._rib = rib
        self._groups = groups
        self._fib = fib
        self._moved = moved
        self._doubted = doubted
        self._changed: set[Group] = set()
        self._early: set[Group] = set()
        self._lost: set[int] = set()
        self.given: GivenGroups

    def _later(self, turns: int, action: Callable[[], None]) -> None:
        if turns > _SLOW:
            self._scheduler.call_soon(action)
        else:
            self._scheduler.call_at(self._scheduler.time() + _PAUSE, action)

    # --- many routes ---------------------------------------------------------------------------

    def grown(self, wanted: Wanted) -> None:
        """These next hops have many routes now, or resolve for the first time since."""
        objects = self._fib.objects and self._fib.own_objects
        for group in wanted.cache.values() if objects else ():
            if not group.own and group.recursive and group.valid and _possible(group.hops):
                group.own = True
                if group.refs and not self._early:
                    self._rib.work.add("next-hop object", self._move_early())
                self._early.add(group)

    def _move_early(self) -> Iterator[None]:
        """The routes that were there before the object: they name another one."""
        groups, self._early = self._early, set()
        waiting: list[tuple[Table, Dest]] = []
        for table in self._rib.tables():
            for count, dest in enumerate(list(table.routes.values())):
                if dest.fib_group in groups and self._renamed(table, dest):
                    waiting.append((table, dest))
                if count % _PORTION == _PORTION - 1:
                    yield
        if waiting:
            self._later(_TURNS, lambda: self._move_rest(waiting, _TURNS))

    def _renamed(self, table: Table, dest: Dest) -> bool:
        """Have a route name the object of its group; True if the kernel has yet to answer."""
        entry, group = dest.fib, dest.fib_group
        if entry is None or group is None or entry.is_system:
            return False
        if dest.state & RouteStatus.QUEUED:
            return True
        if dest.installed_id != group.in_kernel.id:
            self._fib.reinstall(table, dest)
        return False

    def _move_rest(self, waiting: list[tuple[Table, Dest]], turns: int) -> None:
        rest = [(table, dest) for table, dest in waiting if self._renamed(table, dest)]
        self._fib.flush()
        if rest and turns:
            self._later(turns, lambda: self._move_rest(rest, turns - 1))

    def carry(self, wanted: Wanted, news: dict[int, tuple[Hop, ...]]) -> bool:
        """Give the groups of these next hops their new content; False if routes have to move."""
        if not (self._fib.objects and self._fib.own_objects):
            return False
        contents: dict[Group, tuple[Hop, ...]] = {}
        for kind, group in wanted.cache.items():
            hops = news.get(kind, group.hops)
            if contents.setdefault(group, hops) != hops:
                return False
        contents = {group: hops for group, hops in contents.items() if hops != group.hops}
        if not all(_can_become(group, hops) for group, hops in contents.items()):
            return False
        for group, hops in contents.items():
            self._groups.become(group, wanted.afi, hops)
            self._fib.replace(group)
        self.tell(*contents)
        return True

    def tell(self, *groups: Group) -> None:
        """Groups have other content: those who use them hear of it in a later turn."""
        if not self._changed:
            self._scheduler.call_soon(self._tell)
        self._changed |= set(groups)

    def _tell(self) -> None:
        changed, self._changed = self._changed, set()
        self._moved(changed)

    # --- lost objects --------------------------------------------------------------------------

    def link_lost(self, vrf: Vrf, ifindex: int) -> None:
        """A link lost its carrier: the kernel dropped the objects over it, and tells nobody."""
        if not self._fib.objects:
            return
        gone = []
        for group in self._groups:
            hop = group.hops[0]
            single = len(group.hops) == 1 and not group.recursive
            if group.installed and single and (hop.ifindex, hop.vrf) == (ifindex, vrf.id):
                gone.append(group)
        self._without(gone)

    def link_back(self) -> None:
        """A link has a carrier again: routes whose group is over it still are put back."""
        if self._lost:
            self._when_settled(_TURNS)

    def group_lost(self, id: int) -> None:
        """Somebody deleted a next-hop object, and with it the routes that used it."""
        group = self._groups.by_id.get(id)
        if group is not None and group.installed:
            self._without([group])

    def answered(self, group: Group, change: InstallNexthop, error: int) -> None:
        """The kernel has taken an object, or has not: then none may stay on its former content."""
        if group.told is not change:
            return
        group.told = None
        if not error or error == EEXIST:
            group.known = True
            if group.given:
                self.given.installed(group)
            return
        self._rib.journal.complaints.object_refused(group)
        if group.type is not RouteType.NHG:
            self.given.refused(group)
        if group.known:
            self._fib.uninstall_group(group)
            self._rib.work.add("next-hop object", self._requeue_users({group.id}))
        group.installed = group.known = False

    def kept_out(self, group: Group) -> None:
        """A group counts as installed, and no kernel has an object of it."""
        group.known, group.told = False, None
        if group.given:
            self.given.installed(group)

    def _without(self, gone: list[Group]) -> None:
        """The kernel takes objects out of groups, and drops groups that have none left."""
        lost = set()
        above = gone
        while above:
            for group in above:
                left = [member for member in group.members() if member.id not in lost]
                if group not in gone and group.several and left:
                    group.stale = True
                    continue
                # One that is not there may have been refused for want of the member, untold yet.
                group.installed = group.known = False
                group.told = None
                lost.add(group.id)
            ids = {id for group in above for id in group.dependents}
            above = [self._groups.by_id[id] for id in sorted(ids)]
        if lost:
            self._lost |= lost
            self._later(_TURNS, lambda: self._when_settled(_TURNS))

    def _when_settled(self, turns: int) -> None:
        """First those who now lead elsewhere, then the routes that are still to be put back."""
        if turns and not (self._rib.work.idle and self._fib.idle):
            self._later(turns, lambda: self._when_settled(turns - 1))
        elif self._lost:
            lost, self._lost = self._lost, set()
            self._mend()
            self._rib.work.add("next-hop object", self._requeue_users(lost))

    def _mend(self) -> None:
        """Groups that lost a part of their objects get it back, if its link is there by now.

        A link that came back at once has changed nothing for those who looked next hops up.
        """
        for group in list(self._groups):
            if (
                group.stale
                and group.installed
                and group.refs
                and all(map(self._alive, group.leaves()))
            ):
                self._fib.replace(group)

    def _requeue_users(self, ids: set[int]) -> Iterator[None]:
        dead: set[Group] = set()
        for table in self._rib.tables():
            for count, dest in enumerate(list(table.routes.values())):
                group = dest.fib_group
                if group is None:
                    self._try_again(table, dest, ids)
                elif (id := group.in_kernel.id) in ids:
                    if self._leads(group):
                        self._fib.lost(table, dest)
                    else:
                        self._lost.add(id)
                        dead.add(group)
                if count % _PORTION == _PORTION - 1:
                    yield
        if dead:
            self._doubted(dead)

    def _try_again(self, table: Table, dest: Dest, ids: set[int]) -> None:
        """A route that the kernel refused because its object had just gone."""
        entry = dest.selected
        refused = entry is not None and entry.status & RouteStatus.FAILED
        if entry is not None and refused and entry.group.in_kernel.id in ids:
            self._rib.queue(table, dest)

    def _leads(self, group: Group) -> bool:
        """Whether a next hop of a group is there at the moment; else it will be looked up anew.

        The kernel takes no object over a link without a carrier, `link-detect` or not.
        """
        return any(map(self._alive, group.leaves()))

    def _alive(self, hop: Hop) -> bool:
        interface = self._rib.interface_of(hop)
        running = interface is not None and interface.link.running
        return running or hop.type is NexthopType.BLACKHOLE


def _can_become(group: Group, hops: tuple[Hop, ...]) -> bool:
    if not (group.several and group.known and group.valid and any(h.active for h in hops)):
        return False
    return _possible(hops)


def _possible(hops: tuple[Hop, ...]) -> bool:
    """Whether an object that is a group can lead there; it drops silently, and only alone."""
    if len(hops) == 1 and not hops[0].resolved:
        return False
    drops = [hop for hop in walk(hops) if hop.type is NexthopType.BLACKHOLE]
    return not drops or (len(hops) == len(hops[0].resolved) == 1 and drops[0].blackhole in _SILENT)
