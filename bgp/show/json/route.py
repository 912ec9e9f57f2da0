"""`show bgp PREFIX json`."""

from collections.abc import Iterator

from bgp.show.json.damped import duration
from bgp.show.json.dispatch import json
from bgp.show.json.table import members
from bgp.show.views.route import DetailView, NoRoute, RoutePath, RouteView
from bgp.show.views.table import NextHopText
from grammar.output import jsonc
from grammar.output.time import ctime

_COMMUNITY_NAMES = {
    "graceful-shutdown": "gracefulShutdown",
    "accept-own": "acceptown",
    "route-filter-translated-v4": "routeFilterTranslatedV4",
    "route-filter-v4": "routeFilterV4",
    "route-filter-translated-v6": "routeFilterTranslatedV6",
    "route-filter-v6": "routeFilterV6",
    "llgr-stale": "llgrStale",
    "no-llgr": "noLlgr",
    "accept-own-nexthop": "acceptownnexthop",
    "blackhole": "blackhole",
    "no-export": "noExport",
    "no-advertise": "noAdvertise",
    "local-AS": "localAs",
    "no-peer": "noPeer",
}


@json.register
def no_route_json(view: NoRoute) -> Iterator[str]:
    """FRR's answer for a miss."""
    yield "{\n}\n"


@json.register
def route_json(view: RouteView) -> Iterator[str]:
    """One object with the paths in a list."""
    values = _prefix(view)
    values["paths"] = [_path(path) for path in view.paths]
    yield jsonc.pretty(values) + "\n"


def _prefix(view: RouteView) -> dict[str, jsonc.Json]:
    values: dict[str, jsonc.Json] = {"prefix": view.prefix, "version": view.version}
    if view.advertised and not view.by_path:
        values["advertisedTo"] = _names(view.advertised)
    return values


def _names(advertised: tuple[tuple[str, str | None], ...]) -> dict[str, jsonc.Json]:
    return {
        name: {} if hostname is None else {"hostname": hostname} for name, hostname in advertised
    }


@json.register
def detail_json(view: DetailView) -> Iterator[str]:
    """Rows that begin with the prefix, then have its paths in full."""
    yield from members(
        view.head, (None if route is None else _member(route) for route in view.routes)
    )


def _member(route: RouteView) -> str:
    row: list[jsonc.Json] = [_prefix(route), *(_path(path) for path in route.paths)]
    return f'"{route.prefix}": {jsonc.plain(row)}'


def _labels(path: RoutePath) -> dict[str, jsonc.Json]:
    values = {"remoteLabel": path.remote_label, "labelIndex": path.label_index}
    return {name: label for name, label in values.items() if label is not None}


def _path(path: RoutePath) -> dict[str, jsonc.Json]:
    values = {"aspath": _as_path(path), **_facts(path)}
    if path.multipath:
        values["multipath"] = True
    if path.source in ("sourced", "aggregated"):
        values[path.source] = True
    if path.local:
        values["local"] = True
    if path.atomic:
        values["atomicAggregate"] = True
    if path.otc is not None:
        values["otc"] = path.otc
    values.update(_choice(path))
    values.update(_communities(path))
    if path.damping is not None:
        values["dampeningPenalty"] = path.damping.penalty
        values["dampeningFlapCount"] = path.damping.count
        values.update(duration(path.damping))
    values.update(_labels(path))
    values.update(_paths(path))
    values["lastUpdate"] = {"epoch": path.updated, "string": ctime(path.updated) + "\n"}
    if path.stale_left is not None:
        name = "llgr" if path.long_lived else "gracefulRestart"
        values[f"{name}SecondsRemaining"] = path.stale_left
    for name, on in (
        ("selectDefered", path.deferred),
        ("processScheduled", path.unchosen),
        ("registeredForLabel", path.has_label),
        ("fibInstalled", path.fib_installed),
        ("fibPending", path.fib_pending),
    ):
        if on:
            values[name] = True
    values["nexthops"] = [_nexthop(path, hop) for hop in path.nexthops]
    values["peer"] = _peer(path)
    return values


def _choice(path: RoutePath) -> dict[str, jsonc.Json]:
    values: dict[str, jsonc.Json] = {}
    if path.best_from_as is not None:
        values["bestpathFromAs"] = path.best_from_as
    if path.best:
        values.update(overall=True, selectionReason=path.reason)
    return {"bestpath": values} if values else {}


def _paths(path: RoutePath) -> dict[str, jsonc.Json]:
    values: dict[str, jsonc.Json] = {}
    if path.path_ids is not None:
        received, to_all, per_as = path.path_ids
        values["addpathRxId"] = received
        values["addpathTxId"] = values["addpathTxIdAll"] = to_all
        values["addpathTxIdBestPerAS"] = per_as
    if path.advertised:
        values["advertisedTo"] = _names(path.advertised)
    return values


def _facts(path: RoutePath) -> dict[str, jsonc.Json]:
    values: dict[str, jsonc.Json] = {}
    if path.aggregator is not None:
        values["aggregatorAs"], values["aggregatorId"] = path.aggregator
    marks = {
        "rxedFromRrClient": path.from_client,
        "rxedFromRsClient": path.from_served,
        "stale": path.stale,
        "dampeningHistoryEntry": path.history,
        "dampeningSuppressed": path.damped and not path.history,
    }
    values.update({name: True for name, on in marks.items() if on})
    values["origin"] = path.origin
    if path.med is not None:
        values["metric"] = path.med
    if path.local_pref is not None:
        values["locPrf"] = path.local_pref
    if path.weight:
        values["weight"] = path.weight
    if path.tag is not None:
        values["tag"] = path.tag
    if not path.history:
        values["valid"] = path.valid
    values["version"] = path.version
    return values


def _as_path(path: RoutePath) -> dict[str, jsonc.Json]:
    segments: list[jsonc.Json] = [
        {"type": segment.kind, "list": segment.numbers} for segment in path.segments
    ]
    return {"string": path.as_path or "Local", "segments": segments, "length": path.as_length}


def _communities(path: RoutePath) -> dict[str, jsonc.Json]:
    values: dict[str, jsonc.Json] = {}
    if path.communities:
        names = [_COMMUNITY_NAMES.get(name, name) for name in path.communities]
        values["community"] = {"string": " ".join(path.communities), "list": names}
    if path.originator is not None:
        values["originatorId"] = path.originator
    if path.clusters:
        values["clusterList"] = {"list": path.clusters}
    if path.extended:
        values["extendedCommunity"] = {"string": " ".join(path.extended)}
    if path.large:
        values["largeCommunity"] = {"string": " ".join(path.large), "list": path.large}
    return values


def _nexthop(path: RoutePath, hop: NextHopText) -> dict[str, jsonc.Json]:
    values: dict[str, jsonc.Json] = {"ip": hop.address}
    if hop.hostname is not None:
        values["hostname"] = hop.hostname
    values["afi"] = "ipv6" if ":" in hop.address else "ipv4"
    if hop.scope is not None:
        values["scope"] = hop.scope
    if hop.scope != "link-local" and path.accessible and path.igp_metric is not None:
        values["metric"] = path.igp_metric
    values["accessible"] = path.accessible
    if hop.used:
        values["used"] = True
    return values


def _peer(path: RoutePath) -> dict[str, jsonc.Json]:
    if path.peer is None:
        unspecified = "::" if ":" in path.nexthops[0].address else "0.0.0.0"
        return {"peerId": unspecified, "routerId": path.router_id}
    values: dict[str, jsonc.Json] = {
        "peerId": path.peer_address or path.peer,
        "routerId": path.router_id,
    }
    if path.peer_hostname is not None:
        values["hostname"] = path.peer_hostname
    if path.interface is not None:
        values["interface"] = path.interface
    values["type"] = path.source
    return values
