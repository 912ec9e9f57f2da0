"""Views of a table of routes: `show bgp`, and the Adj-RIBs of a neighbor."""

from collections.abc import Callable, Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass

from grammar.base.values import Afi


@dataclass(frozen=True, slots=True)
class TableHead:
    """What stands above a table."""

    vrf_id: int
    vrf_name: str
    version: int
    router_id: str
    local_pref: int
    asn: int


@dataclass(frozen=True, slots=True)
class NextHopText:
    """A next hop of a path: `scope` is `global` or `link-local` for IPv6, None for IPv4."""

    address: str
    hostname: str | None = None
    scope: str | None = None
    used: bool = True
    named: bool = False

    @property
    def text(self) -> str:
        """The address, where wanted with the host name (`bgp default show-nexthop-hostname`)."""
        named = self.named and self.hostname is not None
        return f"{self.address}({self.hostname})" if named else self.address


@dataclass(slots=True)
class Columns:
    """What a row shows that depends on the path alone. Nobody changes it (a frozen one takes three
    times as long to make, and a full table has 200,000).

    `peer` is the neighbor's name, `(unspec)` for own routes. `nexthops` has one entry, or for
    IPv6 the global and the link-local one.
    """

    nexthops: tuple[NextHopText, ...]
    med: int | None
    local_pref: int | None
    weight: int
    as_path: str
    origin: str
    """`i`, `e` or `?`."""
    internal: bool = False
    peer: str = "(unspec)"
    interface: str | None = None
    """Where the neighbor was found that told an IPv6 next hop: the text shows it instead."""

    @property
    def nexthop(self) -> str:
        """The next hop in use, which the text shows."""
        if self.interface is not None:
            return self.interface
        for hop in self.nexthops:
            if hop.used:
                return hop.text
        return self.nexthops[0].text


@dataclass(slots=True)
class RowPath:
    """One path of a prefix with the marks that are its own. Nobody changes it."""

    columns: Columns
    valid: bool = True
    best: bool = False
    multipath: bool = False
    reason: str = ""
    """Why it is the best (only for the best)."""
    stale: bool = False
    removed: bool = False
    suppressed: bool = False
    damped: bool = False
    """Held back by dampening."""
    history: bool = False
    """Withdrawn, and remembered for its penalty."""


@dataclass(frozen=True, slots=True)
class Row:
    """A prefix and its paths, as FRR orders them."""

    prefix: str
    version: int
    paths: tuple[RowPath, ...]


@dataclass(frozen=True, slots=True)
class Block:
    """Some hundred prefixes in order, for long tables: what their rows share is made once.

    `entries` has for each of `keys` what stands for its paths: the same object, the same paths,
    which `paths` makes views of. That holds for all blocks of a table with the same `state`; what
    was made of entries is to be forgotten when it is another one. `versions` has those of the
    prefixes (none: 0). A block is used up before the next one is asked for. `sent`: metric and
    local preference are not those of the entries' attributes.
    """

    afi: Afi
    keys: list[int]
    entries: Sequence[Hashable]
    paths: Callable[[Hashable], tuple[RowPath, ...]]
    versions: Mapping[int, int]
    state: object
    sent: bool = False


@dataclass(frozen=True, slots=True)
class TableView:
    """`show bgp` and its filters. `rows` is walked once, while the answer is sent; None among them
    is a pause of a walk that found nothing to show for a while.

    `total` is asked after that for the number of paths that were looked at, shown or not; without
    it those shown are counted. `told` says that the text names an empty table.
    """

    head: TableHead
    rows: Iterable[Row | Block | None]
    wide: bool = False
    total: Callable[[], int] | None = None
    told: bool = True


@dataclass(frozen=True, slots=True)
class NamedTable:
    """One of several tables: the line above it, its key in JSON, and the view of the table."""

    heading: str
    key: str
    table: object


@dataclass(frozen=True, slots=True)
class TablesView:
    """`show bgp all` (`by_family`) or `show bgp vrf all`: several tables, one after the other."""

    tables: tuple[NamedTable, ...]
    by_family: bool = True


@dataclass(frozen=True, slots=True)
class AdjacencyView:
    """Adj-RIB-In or Adj-RIB-Out of a neighbor in one family.

    `key` names the JSON object (`advertisedRoutes`, `receivedRoutes`). `filtered` is
    asked behind the rows for how many of them policy took out; with any, the text says so. None
    among `rows` is a pause. `headed` tells that the head is there
    though there are no rows. `default`
    is the network of the default route that `default-originate` gives to the neighbor.
    """

    head: TableHead
    key: str
    rows: Iterable[Row | Block | None]
    wide: bool = False
    filtered: Callable[[], int] = lambda: 0
    headed: bool = False
    default: str | None = None
