"""`show bgp PREFIX` as text."""

from collections.abc import Iterable, Iterator

from bgp.show.text.dispatch import text
from bgp.show.text.table import table_head
from bgp.show.views.damped import Damping
from bgp.show.views.route import DetailView, NoRoute, RoutePath, RouteView
from grammar.output.time import ctime, peer_uptime, route_uptime


@text.register
def no_route_text(view: NoRoute) -> Iterator[str]:
    """FRR's answer for a miss."""
    yield "% Network not in table\n"


@text.register
def route_text(view: RouteView) -> Iterator[str]:
    """The prefix, whom it is announced to, and each path in full."""
    yield f"BGP routing table entry for {view.prefix}, version {view.version}\n"
    best = next((n for n, path in enumerate(view.paths, 1) if path.best), None)
    total = len(view.paths)
    if view.counted is not None:
        total, best = view.counted
    if best is None:
        chosen = ", no best path"
    else:
        chosen = f", best #{best}" + (f", {view.place}" if view.place else "")
        chosen += f", {view.remark}" if view.remark else ""
    yield f"Paths: ({total} available{chosen})\n"
    if view.by_path:
        pass
    elif view.advertised:
        yield f"  Advertised to non peer-group peers:\n  {_names(view.advertised, view.titled)}\n"
    else:
        yield "  Not advertised to any peer\n"
    for path in view.paths:
        yield "".join(_path(path))


@text.register
def detail_text(view: DetailView) -> Iterator[str]:
    """A table whose rows are paths in full; FRR leaves the prefixes out. Nothing if empty."""
    routes = paths = 0
    for route in view.routes:
        if route is None:
            yield ""
            continue
        if not routes:
            yield table_head(view.head)
        routes += 1
        paths += len(route.paths)
        yield "".join(part for path in route.paths for part in _path(path))
    if routes:
        yield f"\nDisplayed  {routes} routes and {paths} total paths\n"


def _path(path: RoutePath) -> Iterator[str]:
    yield f"  {path.as_path or 'Local'}"
    if path.aggregator is not None:
        asn, router = path.aggregator
        yield f", (aggregated by {asn} {router})"
    yield from _marks(path)
    yield "\n"
    yield _nexthop_line(path)
    yield f"      {', '.join(_facts(path))}\n"
    if path.communities:
        yield f"      Community: {' '.join(path.communities)}\n"
    if path.extended:
        yield f"      Extended Community: {' '.join(path.extended)}\n"
    if path.large:
        yield f"      Large Community: {' '.join(path.large)}\n"
    if path.originator is not None or path.clusters:
        yield _reflected(path)
    if path.damping is not None:
        yield _dampinfo(path.damping)
    if path.remote_label is not None:
        yield f"      Remote label: {path.remote_label}\n"
    if path.label_index is not None:
        yield f"      Label Index: {path.label_index}\n"
    yield from _ids(path)
    yield f"      Last update: {ctime(path.updated)}\n"
    if path.stale_left is not None:
        kind = "Long-lived" if path.long_lived else "Graceful Restart"
        yield f"      Time until {kind} stale route deleted: {path.stale_left}\n"


def _marks(path: RoutePath) -> Iterator[str]:
    if path.from_client:
        yield ", (Received from a RR-client)"
    if path.from_served:
        yield ", (Received from a RS-client)"
    if path.stale:
        yield ", (stale)"
    if path.history:
        yield ", (history entry)"
    elif path.damped:
        yield ", (suppressed due to dampening)"


def _dampinfo(told: Damping) -> str:
    line = f"      Dampinfo: penalty {told.penalty}, flapped {told.count} times"
    line += f" in {peer_uptime(told.seconds)}"
    return line + ("" if told.reuse is None else f", reuse in {route_uptime(told.reuse)}") + "\n"


def _ids(path: RoutePath) -> Iterator[str]:
    if path.path_ids is not None:
        received, to_all, per_as = path.path_ids
        yield f"      AddPath ID: RX {received}, TX-All {to_all} TX-Best-Per-AS {per_as}\n"
    if path.advertised:
        yield f"      Advertised to: {_names(path.advertised, path.titled)}\n"


def _names(peers: Iterable[tuple[str, str | None]], titled: bool) -> str:
    """Neighbors, where wanted by their host names (`bgp default show-hostname`)."""
    return " ".join(
        f"{hostname}({name})" if titled and hostname is not None else name
        for name, hostname in peers
    )


def _nexthop_line(path: RoutePath) -> str:
    first, *others = path.nexthops
    line = f"    {first.text}"
    if not path.accessible:
        line += " (inaccessible)"
    elif path.igp_metric:
        line += f" (metric {path.igp_metric})"
    unspecified = "::" if ":" in first.address else "0.0.0.0"
    # The router id shown is that of the route's origin, if a reflector passed it on.
    sender = path.originator or path.router_id
    peer = _names([(path.peer or unspecified, path.peer_hostname)], path.titled)
    line += f" from {peer} ({sender})\n"
    for other in others:
        used = " (used)" if other.used else " (prefer-global)"
        line += f"    ({other.address}){used}\n"
    return line


def _facts(path: RoutePath) -> Iterator[str]:
    yield f"Origin {path.origin}"
    yield from _numbers(path)
    if not path.history:
        yield "valid" if path.valid else "invalid"
    yield path.source
    if path.local:
        yield "local"
    if path.atomic:
        yield "atomic-aggregate"
    if path.otc is not None:
        yield f"otc {path.otc}"
    yield from _choice(path)


def _choice(path: RoutePath) -> Iterator[str]:
    if path.multipath:
        yield "multipath"
    if path.best_from_as is not None:
        yield f"bestpath-from-AS {path.best_from_as or 'Local'}"
    if path.best:
        yield f"best ({path.reason})"


def _numbers(path: RoutePath) -> Iterator[str]:
    if path.med is not None:
        yield f"metric {path.med}"
    if path.local_pref is not None:
        yield f"localpref {path.local_pref}"
    if path.weight:
        yield f"weight {path.weight}"
    if path.tag is not None:
        yield f"tag {path.tag}"


def _reflected(path: RoutePath) -> str:
    parts = []
    if path.originator is not None:
        parts.append(f"Originator: {path.originator}")
    if path.clusters:
        parts.append("Cluster list: " + "".join(f"{cluster} " for cluster in path.clusters))
    return f"      {', '.join(parts)}\n"
