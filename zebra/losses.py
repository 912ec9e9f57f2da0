"""What others do to routes of ours: somebody takes them out, hardware has them or has not."""

from zebra.fib import Fib
from zebra.hardware import OFFLOADS, offloads
from zebra.kernel.api import KernelRoute
from zebra.kernelroutes import METRIC
from zebra.rib import Dest, Rib, RouteStatus
from zebra.vrf import Table
from zebra.zapi.constants import RouteFlag

_BY_DISTANCE = int(RouteFlag.RR_USE_DISTANCE)


class Losses:
    """Puts such routes back, unless `allow-external-route-update` says that others may."""

    def __init__(self, rib: Rib, fib: Fib) -> None:
        self._rib = rib
        self._fib = fib
        self.allowed = False
        self.hardware = False
        """There is hardware beneath the kernel (`--asic-offload`), and what it says counts."""

    def offloaded(self, table: Table, route: KernelRoute) -> None:
        """The kernel tells what hardware does with a route of ours."""
        dest = table.routes.get(route.prefix.key) if self.hardware else None
        if dest is not None and dest.state & RouteStatus.INSTALLED and route.metric == METRIC:
            dest.state = dest.state & ~int(OFFLOADS) | offloads(route)

    def lost(self, table: Table, dest: Dest) -> None:
        """The kernel has no route of ours to a destination any more."""
        entry = dest.fib
        if not self.allowed:
            self._rib.journal.lost(table, dest)
            self._fib.lost(table, dest)
        elif entry is None or entry.is_system:
            return
        elif entry.flags & _BY_DISTANCE:
            # FRR does not find the route of an owner who may have several to a prefix, as staticd:
            # it stays chosen, without the kernel, until something else makes it look.
            dest.own(entry).installed_id = dest.installed_id
            entry.group.routed = False
            dest.take_from_kernel()
        else:
            self._rib.take(table, dest.key, lambda each: each is entry)
