"""Routes that came together are looked at together.

Most of a full table are prefixes with one route of the same owner's over the same next hops: for
these all is decided once, and what is left for each prefix is to note it and to tell the kernel.
All other prefixes go the long way (`Fib.process`), one by one.
"""

from collections.abc import Sequence
from itertools import islice
from typing import TYPE_CHECKING

from zebra import select
from zebra.kernel.api import InstallRoute, RemoveRoute
from zebra.kernelroutes import route_form
from zebra.nexthop import Group
from zebra.outcome import Pending
from zebra.resolve import Resolver
from zebra.rib import Dest, Rib, RouteEntry, RouteStatus
from zebra.vrf import Table

if TYPE_CHECKING:
    from zebra.fib import Fib


class Runs:
    """Looks at destinations for a `Fib`."""

    def __init__(self, fib: "Fib", rib: Rib, resolver: Resolver) -> None:
        self._fib = fib
        self._rib = rib
        self._resolver = resolver

    def process(self, table: Table, dests: Sequence[Dest]) -> None:
        """Choose anew for destinations of a table and carry the choices out."""
        for dest in dests:
            dest.queued = False
        at = 0
        while at < len(dests):
            taken = self._run(table, dests, at)
            if not taken:
                self._fib.process(table, dests[at])
                taken = 1
            at += taken

    def _run(self, table: Table, dests: Sequence[Dest], at: int) -> int:
        """Do as many as can be done together, from one on; their number."""
        if table.multicast or self._rib.journal.switches:
            return 0
        entries = dests[at].entries
        if len(entries) == 1:
            return self._use(table, entries[0], dests, at)
        before = dests[at].fib
        if entries or before is None or before.is_system or not self._fib.quiet(table, before):
            return 0
        return self._leave(table, before, dests, at)

    def _use(self, table: Table, entry: RouteEntry, dests: Sequence[Dest], at: int) -> int:
        group = self._plain(entry)
        if group is None:
            return 0
        fib, around = self._fib, entry.wanted.around
        if group is not entry.group:
            fib.regroup(entry, group)
        fib.make_ready(group)
        form = fib.form(table, entry, group)
        pending = Pending(None, table, None, entry, None, group)
        told, olds, changes = pending.dests, pending.olds, pending.changes
        count = 0
        for dest in islice(dests, at, None):
            entries = dest.entries
            if len(entries) != 1 or entries[0] is not entry or dest.key in around:
                break
            count += 1
            dest.selected = entry
            before = dest.fib
            if before is not entry:
                dest.put_in_kernel(entry, group)
            elif dest.fib_group is group:
                continue
            else:
                dest.fib_group = group
            dest.state |= RouteStatus.QUEUED
            told.append(dest)
            olds.append(before)
            changes.append(InstallRoute(None, form, dest.key))
        if changes:
            fib.queue(pending, table.vrf.namespace.kernel)
        return count

    def _plain(self, entry: RouteEntry) -> Group | None:
        """The group of a route that can be used as it is, without a look at any table."""
        group = self._resolver.known(entry)
        if group is None or not group.valid or entry.is_system or entry.status:
            return None
        return None if entry.distance == select.INFINITE else group

    def _leave(self, table: Table, before: RouteEntry, dests: Sequence[Dest], at: int) -> int:
        """Routes of which nobody hears, and that were all that their prefixes had."""
        fib, group = self._fib, dests[at].fib_group
        assert group is not None
        form = route_form(table, before, group, objects=fib.objects)
        pending = Pending(None, table, None, before)
        gates, tracked = fib.watching(table)
        for dest in islice(dests, at, None):
            if dest.entries or dest.fib is not before or dest.fib_group is not group:
                break
            dest.selected = None
            dest.take_from_kernel()
            pending.dests.append(dest)
            pending.changes.append(RemoveRoute(None, form, dest.key))
            if dest.key in gates or dest.key in tracked:
                fib.watched(table, dest)
            fib.drop_empty(table, dest)
        table.vrf.removals += len(pending.changes)
        fib.queue(pending, table.vrf.namespace.kernel)
        return len(pending.changes)
