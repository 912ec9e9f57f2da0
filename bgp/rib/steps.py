"""The steps of the decision process, each a comparison of two paths with FRR's text of it."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from bgp.rib.path import FIRST, LLGR_STALE, Origination, Path
from bgp.rib.rules import Rules
from bgp.wire.attributes.aspath import AsPath, SegmentType

MED_WORST: Final = 0xFFFFFFFF


def _weight(a: Path, b: Path, rules: Rules) -> int:
    return b.weight - a.weight


def _long_lived(a: Path, b: Path, rules: Rules) -> int:
    # RFC 9494 sec. 4.3: what is kept for long is the last resort.
    mine, other = a.attrs.communities, b.attrs.communities
    return (LLGR_STALE in mine) - (LLGR_STALE in other)


def _local_pref(a: Path, b: Path, rules: Rules) -> int:
    mine, other = a.attrs.local_pref, b.attrs.local_pref
    default = rules.local_pref
    return (default if other is None else other) - (default if mine is None else mine)


def _local_route(a: Path, b: Path, rules: Rules) -> int:
    return (a.origination is Origination.LEARNT) - (b.origination is Origination.LEARNT)


def _as_path(a: Path, b: Path, rules: Rules) -> int:
    if rules.as_path_ignore or rules.count_confederation:
        return 0
    return a.attrs.as_path.length - b.attrs.as_path.length


def _whole_path(a: Path, b: Path, rules: Rules) -> int:
    if rules.as_path_ignore or not rules.count_confederation:
        return 0
    mine, other = a.attrs.as_path, b.attrs.as_path
    return mine.length + mine.confederation_length - other.length - other.confederation_length


def _origin(a: Path, b: Path, rules: Rules) -> int:
    return a.attrs.origin - b.attrs.origin


def same_neighbor_as(a: Path, b: Path) -> bool:
    """True if two paths came through the same neighbouring AS, or member of the confederation."""
    mine, other = a.attrs.as_path, b.attrs.as_path
    if mine.wire is not None and other.wire is not None:
        return mine.first_as == other.first_as
    if not mine.segments and not other.segments:
        return True
    first, member = _first_outside(mine), mine.first_member
    return (first is not None and first == _first_outside(other)) or (
        member is not None and member == other.first_member
    )


def _first_outside(path: AsPath) -> int | None:
    for kind, asns in path.segments:
        if kind < SegmentType.CONFED_SEQUENCE:
            return asns[0] if kind == SegmentType.SEQUENCE else None
    return None


def _inside(a: Path, b: Path) -> bool:
    # Paths that began inside our AS, its confederation included: FRR compares their MEDs.
    return not a.attrs.as_path.length and not b.attrs.as_path.length


def _med(a: Path, b: Path, rules: Rules) -> int:
    if not (rules.always_compare_med or same_neighbor_as(a, b) or _inside(a, b)):
        return 0
    missing = MED_WORST if rules.missing_as_worst else 0
    mine, other = a.attrs.med, b.attrs.med
    return (missing if mine is None else mine) - (missing if other is None else other)


def _peer_type(a: Path, b: Path, rules: Rules) -> int:
    return b.source.is_ebgp - a.source.is_ebgp


def metric(path: Path) -> int:
    """What the way to the next hop costs, 0 for own routes."""
    return 0 if path.nexthop is None else path.nexthop.metric


def _igp_metric(a: Path, b: Path, rules: Rules) -> int:
    return metric(a) - metric(b)


def _clusters(a: Path, b: Path, rules: Rules) -> int:
    # FRR takes the length of the cluster list for a part of the IGP metric.
    if not rules.equal_cluster_length or not (is_internal(a) and is_internal(b)):
        return 0
    return _cluster_length(a, b, rules)


def is_internal(path: Path) -> bool:
    """True for a path of a neighbour in the own AS."""
    source = path.source
    return not (source.is_ebgp or source.is_confederation or source.is_local)


def _confederation(a: Path, b: Path, rules: Rules) -> int:
    if not rules.confederation or any(p.source.is_local or p.source.is_ebgp for p in (a, b)):
        return 0
    return b.source.is_confederation - a.source.is_confederation


def _router_id(a: Path, b: Path, rules: Rules) -> int:
    mine, other = a.attrs.originator_id, b.attrs.originator_id
    return (a.source.router_id if mine is None else mine) - (
        b.source.router_id if other is None else other
    )


def _cluster_length(a: Path, b: Path, rules: Rules) -> int:
    return len(a.attrs.cluster_list) - len(b.attrs.cluster_list)


def _stale(a: Path, b: Path, rules: Rules) -> int:
    return a.stale - b.stale


def _local_configured(a: Path, b: Path, rules: Rules) -> int:
    return b.source.is_local - a.source.is_local


def _address(a: Path, b: Path, rules: Rules) -> int:
    return a.source.sort_address - b.source.sort_address


Compare = Callable[[Path, Path, Rules], int]
"""Negative if the first path is better, positive if the second, 0 for a tie."""


@dataclass(frozen=True, slots=True)
class Step:
    """One step: `reason` is FRR's text in `best (...)`."""

    name: str
    compare: Compare
    reason: str


STEPS: Final = (
    Step("long-lived", _long_lived, FIRST),
    Step("weight", _weight, "Weight"),
    Step("local-preference", _local_pref, "Local Pref"),
    Step("local", _local_route, "Local Route"),
    Step("confederation", _whole_path, "Confederation based AS Path"),
    Step("as-path", _as_path, "AS Path"),
    Step("origin", _origin, "Origin"),
    Step("med", _med, "MED"),
    Step("peer-type", _peer_type, "Peer Type"),
    # FRR looks at the metric first, and lets this step overrule it.
    Step("confederation-peer", _confederation, "Confed Peer Type"),
    Step("igp-metric", _igp_metric, "IGP Metric"),
    Step("clusters", _clusters, "IGP Metric"),
)
"""The steps up to the point where paths that still tie may be used side by side."""
BEHIND_RANK: Final = STEPS[7:]
"""Those behind the ones that `ranking` puts into a number."""

OLDER: Final = "Older Path"

TIE_BREAKERS: Final = (
    Step("router-id", _router_id, "Router ID"),
    Step("cluster-length", _cluster_length, "Cluster length"),
    Step("stale", _stale, "Path Staleness"),
    Step("local-configured", _local_configured, "Locally configured route"),
    Step("address", _address, "Neighbor IP"),
)
"""The steps that only tell one of equally good paths from the others."""

NO_DIFFERENCE: Final = "Nothing left to compare"
RELAXED: Final = ("peer-type", "confederation-peer")
"""The steps that `peer-type multipath-relax` has speak behind the others."""
