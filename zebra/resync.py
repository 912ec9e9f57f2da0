"""Events of the kernel were lost: everything is compared with what the kernel has now, in slices.

FRR's zebra ends in this case. Here the lists of the kernel are read again, each part is taken in as
if it were news, and what was not listed by the end is gone: links, addresses and routes of others
are forgotten, routes and next-hop objects of ours are put back, and routes of ours that zebra knows
nothing of are taken out. News that come meanwhile are newer than what was listed.
"""

from collections.abc import Callable, Iterable, Iterator

from grammar.base.values import Prefix
from zebra.fib import Fib
from zebra.kernel.api import (
    AddressGone,
    Event,
    KernelRoute,
    LinkGone,
)
from zebra.kernelroutes import metric_of
from zebra.listed import Listed
from zebra.namespace import Namespace
from zebra.nexthop import Groups
from zebra.rib import Dest, Rib, RouteStatus
from zebra.vrf import Table
from zebra.zapi.constants import RouteType

_PORTION = 64
"""Events taken in between two pauses."""
_DESTS = 1000
"""Destinations compared between two pauses."""


class Resync:
    """`event` takes news in, `forget` a route of others out; `tables` are those of the namespace.

    `take_out` is the work to remove routes of ours. A second loss of events begins anew.
    """

    def __init__(
        self,
        namespace: Namespace,
        rib: Rib,
        groups: Groups,
        fib: Fib,
        tables: Callable[[], Iterator[Table]],
        event: Callable[[Event], None],
        forget: Callable[[Table, Prefix, int], None],
        take_out: Callable[[Iterable[KernelRoute]], Iterator[None]],
    ) -> None:
        self._namespace = namespace
        self._rib = rib
        self._groups = groups
        self._fib = fib
        self._tables = tables
        self._event = event
        self._forget = forget
        self._take_out = take_out
        self._listed: Listed | None = None

    def begin(self) -> None:
        """Compare everything."""
        self._listed = Listed()
        self._rib.work.add("kernel's lists", self._steps(self._listed))

    def heard(self, event: Event) -> None:
        """News came; while lists are compared they count as listed."""
        if self._listed is not None:
            self._listed.heard(event)

    def _steps(self, listed: Listed) -> Iterator[None]:
        for count, event in enumerate(self._namespace.kernel.dump(), 1):
            if not listed.is_older(event):
                listed.note(event)
                self._take(event)
            if count % _PORTION == 0:
                yield
                if self._listed is not listed:
                    return
        self._forget_links(listed)
        yield
        yield from self._compare_all(listed)
        if self._listed is listed:
            self._listed = None
        yield from self._take_out(listed.own.values())  # what zebra does not have

    def _compare_all(self, listed: Listed) -> Iterator[None]:
        for group in list(self._groups):
            if group.installed and group.id not in listed.objects:
                self._fib.carrying.group_lost(group.id)
        for table in self._tables():
            for count, dest in enumerate(list(table.routes.values()), 1):
                self._compare(listed, table, dest)
                if count % _DESTS == 0:
                    yield

    def _take(self, event: Event) -> None:
        listed, self._listed = self._listed, None
        self._event(event)
        self._listed = listed

    def _forget_links(self, listed: Listed) -> None:
        for interface in list(self._namespace.interfaces):
            if interface.ifindex not in listed.links:
                self._event(LinkGone(interface.ifindex, interface.name))
                continue
            for address in list(interface.addresses):
                if (address.ifindex, address.prefix) not in listed.addresses:
                    self._event(AddressGone(address))

    def _compare(self, listed: Listed, table: Table, dest: Dest) -> None:
        key = (table.afi, table.id, table.source, dest.key)
        for entry in list(dest.entries):
            if entry.type is RouteType.KERNEL and (key, metric_of(entry)) not in listed.foreign:
                self._forget(table, table.prefix(dest), metric_of(entry))
        ours = listed.own.pop(key, None)
        if dest.fib is None or dest.fib.is_system:
            if ours is not None:
                listed.own[key] = ours
            return
        there = ours is not None and (not ours.nhid or ours.nhid == dest.installed_id)
        if dest.state & RouteStatus.INSTALLED and not there:
            self._fib.lost(table, dest)
