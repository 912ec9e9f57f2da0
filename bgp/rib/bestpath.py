"""The decision process (RFC 4271 sec. 9.1.2.2) with FRR's steps, order of walking and texts.

Two valid paths meet: the steps are asked in turn, and the first that prefers one decides. `choose`
walks a prefix's paths as FRR does, newest first, so the reason it gives is that of the last
comparison made. It is a function of values: nothing here is changed but the `Dest` it returns.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Final

from bgp.config import BgpConfig, Family
from bgp.rib.path import FIRST, NOTHING, Dest, Origination, Path

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
    count_confederation: bool = False
    """The AS path is as long as it is with its confederation segments."""
    med_in_confederation: bool = False
    peer_type_relax: bool = False
    confederation: bool = False
    maximum_paths: int = 256
    maximum_paths_ibgp: int = 256

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
            count_confederation=bool(config.bestpath_as_path_confed),
            med_in_confederation=bool(config.bestpath_med_confed),
            peer_type_relax=bool(config.bestpath_peer_type_relax),
            confederation=config.confederation_id is not None,
            maximum_paths=of_family.maximum_paths or config.most_paths,
            maximum_paths_ibgp=of_family.maximum_paths_ibgp or config.most_paths,
        )


def _weight(a: Path, b: Path, rules: Rules) -> int:
    return b.weight - a.weight


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
    """True if MEDs of the two can be compared (RFC 4271 sec. 9.1.2.2 c)."""
    mine, other = a.attrs.as_path, b.attrs.as_path
    first = mine.first_as
    if first is not None:
        return first == other.first_as
    if mine.has_confederation or other.has_confederation:
        member = mine.first_member
        return member is not None and member == other.first_member
    # Paths that began inside our AS: FRR takes their MEDs as comparable too.
    return mine.length == 0 and other.length == 0


def _within(a: Path, b: Path) -> bool:
    return all(p.attrs.as_path.has_confederation and not p.attrs.as_path.length for p in (a, b))


def _med(a: Path, b: Path, rules: Rules) -> int:
    comparable = rules.always_compare_med or same_neighbor_as(a, b)
    if not comparable and not (rules.med_in_confederation and _within(a, b)):
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


def _confederation(a: Path, b: Path, rules: Rules) -> int:
    if not rules.confederation or a.source.is_local or b.source.is_local:
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
    Step("weight", _weight, "Weight"),
    Step("local-preference", _local_pref, "Local Pref"),
    Step("local", _local_route, "Local Route"),
    Step("confederation", _whole_path, "Confederation based AS Path"),
    Step("as-path", _as_path, "AS Path"),
    Step("origin", _origin, "Origin"),
    Step("med", _med, "MED"),
    Step("peer-type", _peer_type, "Peer Type"),
    Step("igp-metric", _igp_metric, "IGP Metric"),
    Step("confederation-peer", _confederation, "Confed Peer Type"),
)
"""The steps up to the point where paths that still tie may be used side by side."""

_TOGETHER: Final = {
    relaxed: tuple(
        step
        for step in STEPS
        if step.name != "confederation-peer" and not (relaxed and step.name == "peer-type")
    )
    for relaxed in (False, True)
}
"""The steps in which paths that are used side by side tie."""

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


def _ranked(new: Path, kept: Path, rules: Rules) -> tuple[int, str]:
    for step in STEPS:
        order = step.compare(new, kept, rules)
        if order:
            return order, step.reason
    return 0, ""


def better(new: Path, kept: Path, chosen: Path | None, rules: Rules) -> tuple[bool, str]:
    """Is `new` better than `kept`, and why; `chosen` is the path that is best until now."""
    order, reason = _ranked(new, kept, rules)
    if order:
        return order < 0, reason
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
    return False, NO_DIFFERENCE


def usable_together(a: Path, best: Path, rules: Rules) -> bool:
    """True if `a` ties with `best` so far that both may carry traffic."""
    if a.source.is_local or best.source.is_local:
        return False
    if any(step.compare(a, best, rules) for step in _TOGETHER[rules.peer_type_relax]):
        return False
    if rules.multipath_relax:
        return True
    if best.source.is_ebgp:
        return a.attrs.as_path.first_as == best.attrs.as_path.first_as
    return a.attrs.as_path == best.attrs.as_path


def choose(paths: Sequence[Path], chosen: Path | None, rules: Rules) -> Dest:
    """The `Dest` of some paths (newest first); `chosen` is the one that was best before."""
    best: Path | None = None
    reason = NOTHING
    candidates = [path for path in paths if path.valid]
    winners: tuple[Path, ...] = ()
    first = FIRST
    if rules.deterministic_med:
        candidates, first = _med_winners(candidates, chosen, rules)
        winners = tuple(path for path in paths if path in candidates)
    for path in candidates:
        if best is None:
            best, reason = path, first
        else:
            wins, reason = better(path, best, chosen, rules)
            if wins:
                best = path
    return Dest(tuple(paths), best, reason, _multipath(paths, best, rules), winners)


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


def _multipath(paths: Sequence[Path], best: Path | None, rules: Rules) -> tuple[Path, ...]:
    if best is None:
        return ()
    limit = rules.maximum_paths if best.source.is_ebgp else rules.maximum_paths_ibgp
    if limit <= 1 or len(paths) == 1 or best.source.is_local:
        return (best,)
    beside = [p for p in paths if p is not best and p.valid and usable_together(p, best, rules)]
    # Which of too many are used is settled as the best path is: by the steps after the tie.
    beside.sort(key=lambda p: (p.source.router_id, p.source.sort_address))
    chosen, gateways = [best], {(best.gateway, best.link_local)}
    for path in beside:
        # A second path to the same next hop adds no way (FRR).
        gateway = (path.gateway, path.link_local)
        if gateway not in gateways:
            gateways.add(gateway)
            chosen.append(path)
    return tuple(chosen[:limit])
