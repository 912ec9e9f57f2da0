"""The decision process (RFC 4271 sec. 9.1.2.2) with FRR's steps, order of walking and texts.

Two valid paths meet: the steps are asked in turn, and the first that prefers one decides. `choose`
walks a prefix's paths as FRR does, newest first, so the reason it gives is that of the last
comparison made. It is a function of values: nothing here is changed but the `Dest` it returns.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Final

from bgp.attrset import AttrSet
from bgp.config import BgpConfig, Family
from bgp.rib.bandwidth import summary
from bgp.rib.path import FIRST, LLGR_STALE, NOTHING, Dest, Origination, Path
from bgp.wire.attributes.aspath import AsPath, SegmentType

MED_WORST: Final = 0xFFFFFFFF


@dataclass(frozen=True, slots=True)
class Rules:
    """What the configuration says about the choice; one per instance and family."""

    local_pref: int = 100
    always_compare_med: bool = False
    missing_as_worst: bool = False
    as_path_ignore: bool = False
    compare_router_id: bool = False
    deterministic_med: bool = False
    multipath_relax: bool = False
    merged: bool = False
    """Paths that are used side by side are announced with the AS numbers of all."""
    count_confederation: bool = False
    """The AS path is as long as it is with its confederation segments."""
    peer_type_relax: bool = False
    equal_cluster_length: bool = False
    confederation: bool = False
    maximum_paths: int = 256
    maximum_paths_ibgp: int = 256
    bandwidth: str | None = None
    """What becomes of paths without a link bandwidth."""

    @classmethod
    def of(cls, config: BgpConfig, family: Family) -> "Rules":
        """The rules in force for a family; unset values are those of the profile."""
        of_family = config.family(family)
        preference = config.default_local_preference
        return cls(
            local_pref=100 if preference is None else preference,
            always_compare_med=bool(config.always_compare_med),
            missing_as_worst=bool(config.bestpath_med_missing_as_worst),
            as_path_ignore=bool(config.bestpath_as_path_ignore),
            compare_router_id=bool(config.bestpath_compare_routerid),
            deterministic_med=config.on(config.deterministic_med),
            multipath_relax=bool(config.bestpath_multipath_relax),
            merged=bool(config.bestpath_multipath_as_set),
            count_confederation=bool(config.bestpath_as_path_confed),
            peer_type_relax=bool(config.bestpath_peer_type_relax),
            equal_cluster_length=bool(of_family.maximum_paths_ibgp_equal_cluster),
            confederation=config.confederation_id is not None,
            maximum_paths=of_family.maximum_paths or config.most_paths,
            bandwidth=config.bestpath_bandwidth,
            maximum_paths_ibgp=of_family.maximum_paths_ibgp or config.most_paths,
        )


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


def _metric(path: Path) -> int:
    return 0 if path.nexthop is None else path.nexthop.metric


def _igp_metric(a: Path, b: Path, rules: Rules) -> int:
    return _metric(a) - _metric(b)


def _clusters(a: Path, b: Path, rules: Rules) -> int:
    # FRR takes the length of the cluster list for a part of the IGP metric.
    if not rules.equal_cluster_length or not (_is_internal(a) and _is_internal(b)):
        return 0
    return _cluster_length(a, b, rules)


def _is_internal(path: Path) -> bool:
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
_RELAXED: Final = ("peer-type", "confederation-peer")
"""The steps that `peer-type multipath-relax` has speak behind the others."""


@dataclass(frozen=True, slots=True)
class Verdict:
    """What a comparison of two paths came to, with FRR's text of the reason."""

    wins: bool
    reason: str
    together: bool
    """Both may be used side by side."""


def judge(new: Path, kept: Path, chosen: Path | None, rules: Rules) -> Verdict:
    """Compare two paths; `chosen` is the one that is best until now."""
    later: Verdict | None = None
    for step in () if _same_terms(new, kept) else STEPS:
        order = step.compare(new, kept, rules)
        if not order:
            continue
        verdict = Verdict(order < 0, step.reason, False)
        if not (rules.peer_type_relax and step.name in _RELAXED):
            return later or verdict
        later = verdict
    together = _alike(new, kept, rules)
    if later is not None:
        return replace(later, together=together)
    wins, reason = _tie_broken(new, kept, chosen, rules)
    return Verdict(wins, reason, together)


def _same_terms(a: Path, b: Path) -> bool:
    """Whether no step can prefer either, told at a glance: paths of one origin mostly tie."""
    mine, other, source, rival = a.attrs, b.attrs, a.source, b.source
    return (
        (mine.alike(other) or _same_attributes(mine, other))
        and a.weight == b.weight
        and a.origination is b.origination
        and source.is_ebgp == rival.is_ebgp
        and source.is_local == rival.is_local
        and source.is_confederation == rival.is_confederation
        and _metric(a) == _metric(b)
    )


def _same_attributes(mine: AttrSet, other: AttrSet) -> bool:
    return (
        mine.med == other.med
        and mine.local_pref == other.local_pref
        and mine.origin == other.origin
        and mine.as_path == other.as_path
        and mine.communities == other.communities
        and mine.cluster_list == other.cluster_list
    )


def _tie_broken(new: Path, kept: Path, chosen: Path | None, rules: Rules) -> tuple[bool, str]:
    # FRR's deviation from the RFC: between external paths the one in use stays, which avoids
    # oscillation; `bgp bestpath compare-routerid` restores the RFC.
    if new.source.is_ebgp and kept.source.is_ebgp and not rules.compare_router_id:
        if kept is chosen:
            return False, OLDER
        if new is chosen:
            return True, OLDER
    for step in TIE_BREAKERS:
        order = step.compare(new, kept, rules)
        if order:
            return order < 0, step.reason
    # Two paths of one neighbour: the one that came first, which FRR looks at last.
    return True, NO_DIFFERENCE


def _alike(a: Path, b: Path, rules: Rules) -> bool:
    if a.source.is_local or b.source.is_local:
        return False
    if rules.multipath_relax:
        return True
    if _is_internal(a):
        return a.attrs.as_path == b.attrs.as_path
    return a.source.remote_as == b.source.remote_as


def better(new: Path, kept: Path, chosen: Path | None, rules: Rules) -> tuple[bool, str]:
    """Is `new` better than `kept`, and why; `chosen` is the path that is best until now."""
    verdict = judge(new, kept, chosen, rules)
    return verdict.wins, verdict.reason


def choose(paths: Sequence[Path], chosen: Path | None, rules: Rules) -> Dest:
    """The `Dest` of some paths (newest first); `chosen` is the one that was best before."""
    best: Path | None = None
    reason = NOTHING
    candidates = [path for path in paths if path.valid]
    winners: tuple[Path, ...] = ()
    first = FIRST
    if rules.deterministic_med:
        found, first = _med_winners(candidates, chosen, rules)
        candidates = [path for path in candidates if path in found]
        winners = tuple(candidates)
    for path in candidates:
        if best is None:
            best, reason = path, first
        else:
            wins, reason = better(path, best, chosen, rules)
            if wins:
                best = path
    if best is None:
        return Dest(tuple(paths), best, reason)
    multipath: tuple[Path, ...] = (best,)
    if rules.maximum_paths > 1 or rules.maximum_paths_ibgp > 1:
        multipath, reason = _multipath(paths, best, chosen, rules, reason)
    dest = Dest(tuple(paths), best, reason, multipath, winners)
    if len(multipath) > 1:
        dest.summary = summary(rules.bandwidth, rules.merged)
    return dest


def _med_winners(
    candidates: list[Path], chosen: Path | None, rules: Rules
) -> tuple[list[Path], str]:
    """The best path of each neighbouring AS, and the reason of the last comparison."""
    groups: list[Path] = []
    rest, reason = candidates, FIRST
    while rest:
        best, others = rest[0], []
        for path in rest[1:]:
            if not same_neighbor_as(rest[0], path):
                others.append(path)
                continue
            wins, reason = better(path, best, chosen, rules)
            if wins:
                best = path
        groups.append(best)
        rest = others
    return groups, reason


def _multipath(
    paths: Sequence[Path], best: Path, chosen: Path | None, rules: Rules, reason: str
) -> tuple[tuple[Path, ...], str]:
    """The paths that are used, and the reason that FRR gives: that of the last comparison made to
    find them."""
    beside = []
    for path in paths:
        # A second path to the same next hop adds no way.
        if path is best or not path.valid or way(path) == way(best):
            continue
        verdict = judge(path, best, chosen, rules)
        reason = verdict.reason
        if verdict.together:
            beside.append(path)
    beside.sort(key=lambda path: (way(path), path.source.sort_address))
    limit = rules.maximum_paths_ibgp if _is_internal(best) else rules.maximum_paths
    used = [best]
    for path in beside:
        if len(used) < limit and way(path) != way(used[-1]):
            used.append(path)
    return tuple(used), reason


def way(path: Path) -> tuple[int, int]:
    """The next hop as two numbers, its addresses or -1: paths with the same are one way."""
    gateway, link_local = path.gateway, path.link_local
    return (
        -1 if gateway is None else gateway.value,
        -1 if link_local is None else link_local.value,
    )
