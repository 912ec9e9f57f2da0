"""The view of one prefix: `show bgp PREFIX`."""

from collections.abc import Iterable
from dataclasses import dataclass

from bgp.show.views.damped import Damping
from bgp.show.views.table import NextHopText, TableHead


@dataclass(frozen=True, slots=True)
class AsSegment:
    """A segment of an AS path: `kind` is `as-sequence`, `as-set`, ..."""

    kind: str
    numbers: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class RoutePath:
    """One path in full.

    `nexthops` as in tables; `accessible` tells if they resolve, `igp_metric` how far they are
    (None where there is nothing to resolve). `source` is `external`, `internal`, `sourced` or
    `aggregated`; `local` marks `network` lines. `peer` is None for own routes.
    """

    nexthops: tuple[NextHopText, ...]
    as_path: str
    segments: tuple[AsSegment, ...]
    as_length: int
    origin: str
    """`IGP`, `EGP` or `incomplete`."""
    updated: int
    """Wall time, seconds since 1970."""
    version: int
    router_id: str
    peer: str | None = None
    peer_address: str | None = None
    interface: str | None = None
    """The interface that names the neighbor."""
    peer_hostname: str | None = None
    titled: bool = False
    """Neighbors are told by their host names."""
    source: str = "external"
    local: bool = False
    from_client: bool = False
    from_served: bool = False
    """Of a route server's client."""
    aggregator: tuple[int, str] | None = None
    med: int | None = None
    local_pref: int | None = None
    weight: int = 0
    valid: bool = True
    accessible: bool = True
    igp_metric: int | None = 0
    atomic: bool = False
    stale: bool = False
    multipath: bool = False
    best: bool = False
    reason: str = ""
    remote_label: int | None = None
    """The label that the neighbor gave it (RFC 8277)."""
    label_index: int | None = None
    """Of a `network` line."""
    has_label: bool = False
    """The prefix has a label of this router's own."""
    best_from_as: int | None = None
    """The neighbouring AS of whose paths it is the best (`bgp deterministic-med`), 0 for own."""
    path_ids: tuple[int, int, int] | None = None
    """The id it came with, and those it goes out with: to who takes all, and one of each AS."""
    advertised: tuple[tuple[str, str | None], ...] = ()
    """As in `RouteView`, where neighbors are told of several paths."""
    communities: tuple[str, ...] = ()
    extended: tuple[str, ...] = ()
    large: tuple[str, ...] = ()
    originator: str | None = None
    clusters: tuple[str, ...] = ()
    otc: int | None = None
    fib_installed: bool = False
    stale_left: int | None = None
    """Seconds until a stale path goes, None where no timer runs."""
    long_lived: bool = False
    """That is the timer of long-lived graceful restart."""
    deferred: bool = False
    """The choice among the paths waits for neighbours after the own restart."""
    unchosen: bool = False
    """The choice among the paths is still to come."""
    fib_pending: bool = False
    """Zebra has not said yet what became of the route (`bgp suppress-fib-pending`)."""
    tag: int | None = None
    damping: Damping | None = None
    """Set for paths that flapped."""
    damped: bool = False
    history: bool = False


@dataclass(frozen=True, slots=True)
class RouteView:
    """A prefix with all its paths. `advertised` are names and host names of neighbors.

    `remark` is what the `Paths:` line adds (`not advertised to EBGP peer`). `by_path` says that
    each path tells to whom it is advertised.
    """

    prefix: str
    version: int
    place: str | None
    """`table default`, or `vrf red`; only unicast says so."""
    paths: tuple[RoutePath, ...]
    advertised: tuple[tuple[str, str | None], ...] = ()
    by_path: bool = False
    remark: str | None = None
    counted: tuple[int, int | None] | None = None
    """Paths in all and the place of the best one, where some are not shown."""
    titled: bool = False
    """Neighbors are told by their host names."""


@dataclass(frozen=True, slots=True)
class DetailView:
    """`show bgp detail`: all paths in full; `routes` is walked once, None among them is a pause."""

    head: TableHead
    routes: Iterable[RouteView | None]


@dataclass(frozen=True, slots=True)
class NoRoute:
    """Nothing covers what was asked for."""
