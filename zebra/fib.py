"""Selection of each destination's route, and the kernel's copy of it.

`process` chooses among entries and tells the kernel in batches; the kernel's answer marks the
entry installed or failed, and only then do the listeners hear of the change.
"""

from collections.abc import Container, Sequence
from errno import ENOENT, ESRCH

from zebra import multicast, select
from zebra.carrying import Carrying
from zebra.kernel.api import (
    InstallNexthop,
    InstallRoute,
    Kernel,
    RemoveNexthop,
    RemoveRoute,
)
from zebra.kernel.forms import RouteForm
from zebra.kernelroutes import removals, route_form
from zebra.nexthop import Group, Groups
from zebra.outcome import Listener, Pending, Refusals, Telling
from zebra.resolve import Resolver
from zebra.rib import SYSTEM_TYPES, Dest, Rib, RouteEntry, RouteStatus
from zebra.runs import Runs
from zebra.vrf import Table
from zebra.zapi.constants import NotifyNote, RouteType


class Fib(Telling):
    """Keeps the kernel's routes equal to the selected ones."""

    carrying: Carrying

    def __init__(self, rib: Rib, groups: Groups, resolver: Resolver, listener: Listener) -> None:
        super().__init__(rib.journal)
        self._rib = rib
        self._groups = groups
        self._resolver = resolver
        self._listener = listener
        self.objects = True
        """Whether routes name next-hop objects; FRR uses none where VRFs are namespaces."""
        self.own_objects = self.given_objects = True
        """Of those, for zebra's groups and clients' (`zebra nexthop kernel`, `proto only`)."""
        self.stopping = False
        self.refusals = Refusals()
        self._quiets: dict[tuple[Table, RouteType, int], bool] = {}
        self._ready: set[Group] = set()
        """Groups whose objects the kernel has, or will have before anything that comes now."""
        rib.begin = self.begin
        rib.process = Runs(self, rib, resolver).process
        rib.settle = self.flush
        rib.release = self.release

    # --- selection -----------------------------------------------------------------------------

    def process(self, table: Table, dest: Dest) -> None:
        """Choose anew for one destination and carry the choice out."""
        if table.multicast:
            self._process_multicast(table, dest)
            return
        for entry in dest.entries:
            self._look_up(table, dest, entry)
        usable = [entry for entry in dest.entries if self._usable(table, dest, entry)]
        chosen = usable[0] if len(usable) == 1 else select.best(usable)
        old = dest.selected
        dest.selected = chosen
        if self._journal.switches and (
            chosen is not old or (chosen is not None and chosen.group is not dest.fib_group)
        ):
            self._journal.chosen(table, dest, chosen, old)
        if chosen is not None:
            self._use(table, dest, chosen, old)
        else:
            self._use_none(table, dest, old)
        if dest.fib is None:
            self.drop_empty(table, dest)

    def _use_none(self, table: Table, dest: Dest, old: RouteEntry | None) -> None:
        if old is not None or dest.fib is not None:
            self._withdraw(table, dest)
            self._gone(table, dest, old)

    def _process_multicast(self, table: Table, dest: Dest) -> None:
        for entry in dest.entries:
            self._look_up(table, dest, entry)
        old = dest.selected
        multicast.choose(dest)
        if self._journal.switches and dest.selected is not old:
            self._journal.chosen(table, dest, dest.selected, old)
        self.drop_empty(table, dest)

    def _look_up(self, table: Table, dest: Dest, entry: RouteEntry) -> None:
        apart = dest.key in entry.wanted.around
        group = None if apart else self._resolver.known(entry)
        if group is None:
            group = self._resolver.group(table.vrf, entry, table.prefix(dest))
        if group is not entry.group:
            judged = self._resolver.judge is not None
            self.regroup(dest.own(entry) if apart or judged else entry, group)

    def regroup(self, entry: RouteEntry, group: Group) -> None:
        """An entry's next hops resolve otherwise than before, for all prefixes that have it."""
        before, entry.group = entry.group, group
        self._groups.use(group, entry.users)
        self._groups.release(before, entry.users)

    def _usable(self, table: Table, dest: Dest, entry: RouteEntry) -> bool:
        if not entry.group.valid:
            self._listener.notify(table, dest, entry, NotifyNote.FAIL_INSTALL)
            return False
        if entry.distance == select.INFINITE and entry.type is not RouteType.KERNEL:
            return False
        if entry.type in SYSTEM_TYPES:
            entry.status |= RouteStatus.INSTALLED
        return True

    def drop_empty(self, table: Table, dest: Dest) -> None:
        """Forget a prefix without routes."""
        if not dest.entries and not dest.queued and table.routes.get(dest.key) is dest:
            self._journal.forgetting(table, dest)
            table.drop(dest)

    def hold_group(self, entry: RouteEntry) -> None:
        """A new entry uses its group, once for each prefix."""
        self._groups.use(entry.group, entry.users)

    def release(self, entry: RouteEntry, count: int) -> None:
        """An entry was taken away from so many prefixes (or never came in)."""
        self._groups.release(entry.group, count)
        self._resolver.drop(entry.wanted, count)

    def _use(self, table: Table, dest: Dest, chosen: RouteEntry, old: RouteEntry | None) -> None:
        if dest.fib is chosen and dest.fib_group is chosen.group:
            return
        before, before_group = dest.fib, dest.fib_group
        dest.put_in_kernel(chosen, chosen.group)
        self.make_ready(chosen.group)
        if chosen.is_system:
            if before is not None and before_group is not None and not before.is_system:
                self._remove(table, dest, before, before_group)
            dest.installed_id = chosen.group.in_kernel.id
            self._mark(chosen.group)
            table.vrf.installs += before is not chosen
            self._settled(table, dest, chosen, old if old is not chosen else None)
            return
        self._install(table, dest, chosen, before, chosen.group)

    def make_ready(self, group: Group) -> None:
        """See to it that the kernel has the object of a group before the next route."""
        if group not in self._ready:
            self._ready.add(group)
            self._ensure(group)

    def _install(
        self, table: Table, dest: Dest, entry: RouteEntry, before: RouteEntry | None, group: Group
    ) -> None:
        entry.status &= ~RouteStatus.FAILED
        dest.state |= RouteStatus.QUEUED
        change = InstallRoute(None, self.form(table, entry, group), dest.key)
        pending = Pending(change, table, dest, entry, before, group)
        self.queue(pending, table.vrf.namespace.kernel)

    def form(self, table: Table, entry: RouteEntry, group: Group) -> RouteForm:
        """What a route to be put into the kernel is there."""
        return route_form(table, entry, group, objects=self._by_object(group))

    def _withdraw(self, table: Table, dest: Dest) -> None:
        before, group = dest.fib, dest.fib_group
        dest.take_from_kernel()
        if before is not None and group is not None and not before.is_system:
            self._remove(table, dest, before, group)

    def _remove(self, table: Table, dest: Dest, entry: RouteEntry, group: Group) -> None:
        table.vrf.removals += 1
        form = route_form(table, entry, group, objects=self.objects)
        change = RemoveRoute(None, form, dest.key)
        self.queue(Pending(change, table, dest, entry), table.vrf.namespace.kernel)

    def _gone(self, table: Table, dest: Dest, old: RouteEntry | None) -> None:
        if old is not None:
            if self.quiet(table, old):
                self.watched(table, dest)
                return
            self._changed(table, dest)
            self._listener.selected(table, dest, None, old)
            self._listener.told(table, dest)

    def _settled(self, table: Table, dest: Dest, new: RouteEntry, old: RouteEntry | None) -> None:
        if old is not None and not old.is_system and old.type is not new.type:
            self._listener.notify(table, dest, old, NotifyNote.BETTER_ADMIN_WON)
        if self.quiet(table, new) and (old is None or self.quiet(table, old)):
            self.watched(table, dest)
            return
        self._journal.redistributing(table, dest, new, old)
        self._changed(table, dest)
        self._listener.selected(table, dest, new, old)
        if not new.is_system:
            self._listener.notify(table, dest, new, NotifyNote.INSTALLED)
        self._listener.told(table, dest)

    def quiet(self, table: Table, entry: RouteEntry) -> bool:
        """Nobody hears of such routes but those who watch next hops; looked up once a slice."""
        key = table, entry.type, entry.instance
        quiet = self._quiets.get(key)
        if quiet is None:
            quiet = self._quiets[key] = not self._listener.hears(*key)
        return quiet

    def watched(self, table: Table, dest: Dest) -> None:
        """A route changed of which only those hear whose next hops it may lead to."""
        gates, tracked = self.watching(table)
        if dest.key in gates:
            self._resolver.route_changed(table, dest.key)
        if dest.key in tracked:
            self._listener.told(table, dest)

    def watching(self, table: Table) -> tuple[Container[int], Container[int]]:
        """The keys of routes that next hops of routes, and those that clients watch, may lead to.

        They are live, but while none is watched.
        """
        return self._resolver.gates(table), table.vrf.tracker.watched(table)

    def begin(self) -> None:
        """A slice of work begins: clients may have changed what they want."""
        self._quiets.clear()
        self._ready.clear()

    def _changed(self, table: Table, dest: Dest) -> None:
        if table.is_main:
            self._resolver.route_changed(table, dest.key)

    # --- the kernel ----------------------------------------------------------------------------

    def _mark(self, group: Group) -> None:
        """Without objects a group counts as installed when a route of it is."""
        group.routed = True
        if not self.objects:
            target = group.in_kernel
            for one in (target, *target.members()):
                one.installed = True

    def _by_object(self, group: Group) -> bool:
        zebras = group.type is RouteType.NHG
        return self.objects and (self.own_objects if zebras else self.given_objects)

    def use_objects(self, *, own: bool, given: bool) -> None:
        """Which groups have objects from now on; the routes that are there stay as they are."""
        self.own_objects, self.given_objects = own, given
        self._ready.clear()
        for group in self._groups:
            if group.installed and not group.known and group.told is None:
                group.stale = True

    def _ensure(self, group: Group) -> None:
        if not self.objects:
            return
        target = group.in_kernel
        for member in target.members():
            self._ensure_one(member)
        if target.several:
            self._ensure_one(target)

    def _ensure_one(self, group: Group) -> None:
        if group.stale or not group.installed:
            group.installed, group.stale = True, False
            kernel = self._kernel_of(group)
            if not self._by_object(group):
                self.carrying.kept_out(group)
            elif kernel is not None:
                group.told = InstallNexthop(group.kernel_object())
                self.queue(Pending(group.told, group=group), kernel)

    def _kernel_of(self, group: Group) -> Kernel | None:
        """The kernel that has a group's object; None when its namespace is gone."""
        vrf = self._rib.vrfs.get(group.hops[0].vrf)
        return None if vrf is None else vrf.namespace.kernel

    def replace(self, group: Group) -> None:
        """A group's object gets the content that the group has by now."""
        group.stale = True
        self._ready.clear()
        self._ensure(group)
        if self._rib.idle:
            self.flush()

    def reinstall(self, table: Table, dest: Dest) -> None:
        """Tell the kernel a route again that it has: it names another object now."""
        entry, group = dest.fib, dest.fib_group
        if entry is not None and group is not None:
            self._ensure(group)
            self._install(table, dest, entry, entry, group)

    def uninstall_group(self, group: Group) -> None:
        """Take a group's object out of the kernel."""
        self._ready.clear()
        kernel = self._kernel_of(group)
        if not self.stopping and kernel is not None and self.objects:
            self.queue(Pending(RemoveNexthop(group.id)), kernel)
            if self._rib.idle:
                self.flush()

    def answered(self, pending: Pending, errors: Sequence[int]) -> None:
        """Note what the kernel has done."""
        match pending.changes[0]:
            case InstallRoute() as change:
                self._installed(pending, errors, change.nhid)
            case RemoveRoute():
                self._removed(pending, errors)
            case InstallNexthop() as change if pending.group is not None:
                self.carrying.answered(pending.group, change, errors[0])

    def _installed(self, pending: Pending, errors: Sequence[int], nhid: int) -> None:
        table, entry, group = pending.table, pending.entry, pending.group
        if table is None or entry is None or group is None:
            return
        object = nhid or entry.group.in_kernel.id
        quiet = self.quiet(table, entry)
        gates, tracked = self.watching(table)
        for dest, old, error in zip(pending.dests, pending.olds, errors, strict=True):
            if dest.fib is not entry or dest.fib_group is not group:
                continue  # a newer decision is on its way
            if error:
                self.refusals.note(table, dest.key, error)
                self._refused(table, dest, entry, old)
                continue
            table.vrf.installs += 1
            dest.state, dest.installed_id = RouteStatus.INSTALLED, object
            if not (group.routed and self.objects):
                self._mark(entry.group)
            if not quiet or not (old is None or entry.is_like(old)):
                self._settled(table, dest, entry, old)
            elif dest.key in gates or dest.key in tracked:
                self.watched(table, dest)

    def _refused(self, table: Table, dest: Dest, entry: RouteEntry, old: RouteEntry | None) -> None:
        self.counters.errors += 1
        self.counters.refused += 1
        self._journal.complaints.route_refused(table, dest)
        entry = dest.own(entry)
        entry.status |= RouteStatus.FAILED
        dest.take_from_kernel()
        self._listener.notify(table, dest, entry, NotifyNote.FAIL_INSTALL)
        if old is None:
            self._refused_first(table, dest, entry)
        else:
            if not old.is_system:  # the kernel still has what was to be replaced
                form = route_form(table, old, old.group, objects=self.objects)
                self.queue(Pending(RemoveRoute(None, form, dest.key)), table.vrf.namespace.kernel)
            self._gone(table, dest, old)

    def _refused_first(self, table: Table, dest: Dest, entry: RouteEntry) -> None:
        if self.quiet(table, entry):
            self.watched(table, dest)
        else:
            self._changed(table, dest)
            self._listener.told(table, dest)

    def _removed(self, pending: Pending, errors: Sequence[int]) -> None:
        table, entry = pending.table, pending.entry
        if table is None or entry is None or (not any(errors) and self.quiet(table, entry)):
            return
        for dest, error in zip(pending.dests, errors, strict=True):
            if error and error not in (ESRCH, ENOENT):
                self.counters.errors += 1
                self._listener.notify(table, dest, entry, NotifyNote.REMOVE_FAIL)
            elif entry not in dest.entries and not self.quiet(table, entry):
                self._listener.notify(table, dest, entry, NotifyNote.REMOVED)

    # --- what others do to our routes ----------------------------------------------------------

    def lost(self, table: Table, dest: Dest) -> None:
        """Somebody took our route out of the kernel: it is put back (as FRR does)."""
        if dest.fib is not None and not dest.fib.is_system:
            dest.take_from_kernel()
            self._rib.queue(table, dest)

    def remove_all(self) -> None:
        """Take every route and every next-hop object out, at the end of the process."""
        self.stopping = True
        self.flush()
        groups = [group for group in self._groups if group.installed and self.objects]
        for kernel, changes in removals(self._rib, groups, self._kernel_of).items():
            kernel.program(changes, lambda errors: None)
