"""VRFs and their tables: flat dictionaries from prefix keys to what is known of the prefix."""

from collections.abc import Iterator
from typing import TYPE_CHECKING

from grammar.base.values import IP, Address, Afi, Prefix, Safi, mask, spread
from grammar.base.work import in_order
from zebra.config import VrfConfig
from zebra.kernel.api import MAIN_TABLE
from zebra.zapi.constants import RouteType

if TYPE_CHECKING:
    from zebra.interface import Interface
    from zebra.namespace import Namespace
    from zebra.rib import Dest, RouteEntry
    from zebra.tracking import Tracker
    from zebra.zapi.routes import Route


class Table:
    """One routing table of one family: `routes` by `Prefix.key`.

    `sources` has the routes for packets from some sources only, a table for each; `source` is
    that of such a table. `multicast` ones tell the way back to senders, and no kernel has them.
    """

    source: Prefix | None = None
    multicast = False

    def __init__(self, vrf: "Vrf", afi: Afi, id: int) -> None:
        self.vrf = vrf
        self.afi = afi
        self.id = id
        self.routes: dict[int, Dest] = {}
        self.sources: dict[Prefix, Table] = {}
        self.foreign: dict[int, None] = {}
        """The keys of prefixes that have, or had, routes of the kernel's own."""
        self._shift = 6 if afi is Afi.IPV4 else 8
        self._lengths: list[int] = []
        """Of the prefixes that are there or were, longest first."""

    @property
    def is_main(self) -> bool:
        """The table in which next hops are resolved."""
        return self.id == self.vrf.table and self.source is None and not self.multicast

    def under(self, source: Prefix | None) -> "Table":
        """The table of routes for packets from a source, made on first use; None is any source."""
        if source is None:
            return self
        table = self.sources.get(source)
        if table is None:
            table = self.sources[source] = Table(self.vrf, self.afi, self.id)
            table.source = source
        return table

    def put(self, dest: "Dest") -> None:
        """Enter a new prefix."""
        self.routes[dest.key] = dest
        length = dest.key & ((1 << self._shift) - 1)
        if length not in self._lengths:
            self._lengths = sorted((*self._lengths, length), reverse=True)

    def drop(self, dest: "Dest") -> None:
        """Forget a prefix."""
        del self.routes[dest.key]

    def routes_of_kernel(self) -> "Iterator[tuple[int, list[RouteEntry]]]":
        """Prefixes with the kernel's own routes to them; what changes meanwhile may be missed."""
        for key in list(self.foreign):
            dest = self.routes.get(key)
            entries = () if dest is None else dest.entries
            found = [entry for entry in entries if entry.type is RouteType.KERNEL]
            if found:
                yield key, found
            else:
                self.foreign.pop(key, None)

    def key_of(self, value: int, length: int) -> int:
        """The key of the prefix of `length` around an address."""
        return spread(value & mask(self.afi, length)) << self._shift | length

    def matches(self, value: int, longest: int) -> "Iterator[Dest]":
        """All prefixes that hold an address, most specific first, none longer than `longest`."""
        routes = self.routes
        for length in self._lengths:
            if length <= longest:
                dest = routes.get(self.key_of(value, length))
                if dest is not None:
                    yield dest

    def prefix(self, dest: "Dest") -> Prefix:
        """The prefix of a destination."""
        return Prefix.from_key(self.afi, dest.key)

    def ordered(self) -> Iterator[int | None]:
        """All keys in FRR's order of display; None is a place to pause."""
        return in_order(self.routes)


class Vrf:
    """A VRF: its number for ZAPI (the ifindex of its device, 0 for the default), and its tables.

    `namespace` says which kernel has it, `tracker` has the next hops that clients watch in it, and
    `router_ids` what they were told; `Zebra` sets the first two before the VRF is used. `installs`
    and `removals` count routes on their way to the kernel.
    """

    namespace: "Namespace"
    tracker: "Tracker"

    def __init__(
        self,
        id: int = 0,
        name: str = "default",
        table: int = MAIN_TABLE,
        config: VrfConfig | None = None,
    ) -> None:
        self.id = id
        self.name = name
        self.table = table
        self.config = VrfConfig(name) if config is None else config
        self.router_ids: dict[Afi, Address | None] = dict.fromkeys(Afi)
        self.installs = 0
        self.removals = 0
        self.tables: dict[tuple[Afi, int], Table] = {
            (afi, table): Table(self, afi, table) for afi in IP
        }
        self.multicast: dict[Afi, Table] = {afi: Table(self, afi, table) for afi in IP}
        for one in self.multicast.values():
            one.multicast = True

    @property
    def label(self) -> str:
        """Name and number, as debugging says them: `default(0)`."""
        return f"{self.name}({self.id})"

    def interface(self, ifindex: int) -> "Interface | None":
        """The interface of that number, if it is there and in this VRF."""
        interface = self.namespace.interfaces.by_index.get(ifindex)
        return interface if interface is not None and interface.vrf is self else None

    def interfaces(self) -> "list[Interface]":
        """Its interfaces, in FRR's order."""
        return [each for each in self.namespace.interfaces if each.vrf is self]

    def main(self, afi: Afi) -> Table:
        """The table that the VRF's routes live in."""
        return self.tables[(afi, self.table)]

    def get_table(self, afi: Afi, id: int | None) -> Table:
        """A table by its kernel number, made on first use; None or 0 is the main one."""
        number = id or self.table
        table = self.tables.get((afi, number))
        if table is None:
            table = self.tables[(afi, number)] = Table(self, afi, number)
        return table

    def table_for(self, route: "Route") -> Table:
        """The table that a client's route belongs to, made on first use."""
        afi, source = route.prefix.afi, route.source
        if route.safi is Safi.MULTICAST:
            return self.multicast[afi]
        table = self.get_table(afi, route.table)
        return table.under(source) if source is not None and source.length else table

    def all_tables(self) -> Iterator[Table]:
        """All tables, those of sources and those of multicast among them."""
        for table in list(self.tables.values()):
            yield table
            yield from list(table.sources.values())
        yield from self.multicast.values()

    def of_afi(self, afi: Afi) -> list[Table]:
        """All tables of a family, by number."""
        return [table for (a, _), table in sorted(self.tables.items()) if a is afi]
