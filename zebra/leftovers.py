"""What an earlier zebra left in the kernel: removed at the start, or kept until its owners come.

With `zebra -K SECONDS` the routes are entered as routes of their owners' types; those that no
client has sent again go after that time (FRR marks them as its own, and lists them without
weights).
"""

from collections.abc import Callable, Iterable, Iterator

from zebra.kernel.api import Change, Kernel, KernelRoute, RemoveNexthop, RemoveRoute
from zebra.kernel.protocols import PROTOCOLS
from zebra.kernelroutes import METRIC
from zebra.nexthop import Groups
from zebra.rib import Rib, RouteEntry
from zebra.vrf import Table
from zebra.zapi.constants import RouteFlag, RouteType

_BATCH = 500
"""Removals handed to the kernel at once."""
_PORTION = 64
"""Routes entered between two pauses."""

_SELF = int(RouteFlag.SELF_ROUTE)
_TYPES: dict[int, RouteType] = {
    protocol: kind for kind, protocol in PROTOCOLS.items() if kind is not RouteType.OSPF6
}


class Leftovers:
    """Gathered while the kernel's state is read; then, as work, `remove` or `keep` and `sweep`."""

    def __init__(
        self,
        kernel: Kernel,
        rib: Rib,
        groups: Groups,
        tables: Callable[[], Iterator[Table]],
        adopt: Callable[[KernelRoute, RouteType], None],
    ) -> None:
        self._kernel = kernel
        self._rib = rib
        self._groups = groups
        self._tables = tables
        self._adopt = adopt
        self.routes: list[KernelRoute] = []
        self.nexthops: list[int] = []

    def remove(self) -> Iterator[None]:
        """Work: take everything away, routes first."""
        yield from self.take_out(_consumed(self.routes))
        self._program(list(map(RemoveNexthop, self.nexthops)))

    def take_out(self, routes: Iterable[KernelRoute]) -> Iterator[None]:
        """Work: remove routes of ours, but for those in whose places zebra has put others."""
        tables = {
            (table.afi, table.id, table.source): table
            for table in self._tables()
            if not table.multicast
        }
        changes: list[Change] = []
        for route in routes:
            table = tables.get((route.afi, route.table, route.source))
            dest = None if table is None else table.routes.get(route.prefix.key)
            if dest is None or dest.fib is None or dest.fib.is_system or route.metric != METRIC:
                changes.append(RemoveRoute(route))
            if len(changes) == _BATCH:
                self._program(changes)
                changes = []
                yield
        self._program(changes)

    def keep(self) -> Iterator[None]:
        """Work: enter the routes; their next-hop objects keep their numbers to themselves."""
        self._groups.skip(max(self.nexthops, default=0))
        for count, route in enumerate(_consumed(self.routes), 1):
            kind = _TYPES.get(route.protocol)
            if kind is None:
                self._program([RemoveRoute(route)])
            else:
                self._adopt(route, kind)
            if count % _PORTION == 0:
                yield

    def sweep(self) -> Iterator[None]:
        """Work: take away the routes that nobody claimed, and the objects that nobody uses now."""
        while not self._rib.idle:
            yield  # a route that was not looked at yet would stay in the kernel
        for table in self._tables():
            for count, dest in enumerate(list(table.routes.values())):
                if any(map(_unclaimed, dest.entries)):
                    prefix = table.prefix(dest)
                    while self._rib.delete(table, prefix, _unclaimed):
                        pass
                if count % 500 == 499:
                    yield
        while not self._rib.idle:
            yield
        self._program(list(map(RemoveNexthop, self.nexthops)))

    def _program(self, changes: list[Change]) -> None:
        if changes:
            self._kernel.program(changes, lambda errors: None)


def _consumed(routes: list[KernelRoute]) -> Iterator[KernelRoute]:
    """The routes in their order; each is forgotten then, for to forget all at once takes long."""
    routes.reverse()
    while routes:
        yield routes.pop()


def _unclaimed(entry: RouteEntry) -> bool:
    return bool(entry.flags & _SELF)
