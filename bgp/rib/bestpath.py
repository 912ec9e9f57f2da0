"""The decision process (RFC 4271 sec. 9.1.2.2) with FRR's steps, order of walking and texts.

Two valid paths meet: the steps are asked in turn, and the first that prefers one decides. `choose`
walks a prefix's paths as FRR does, newest first, so the reason it gives is that of the last
comparison made. It is a function of values: nothing here is changed but the `Dest` it returns.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from bgp.attrs import AttrSet
from bgp.rib.bandwidth import summary
from bgp.rib.path import FIRST, NOTHING, Dest, Path
from bgp.rib.ranking import leaders
from bgp.rib.rules import Rules
from bgp.rib.steps import (
    BEHIND_RANK,
    NO_DIFFERENCE,
    OLDER,
    RELAXED,
    STEPS,
    TIE_BREAKERS,
    Step,
    is_internal,
    metric,
    same_neighbor_as,
)


# Not `frozen`: its way to fill fields costs as much as a step.
@dataclass(slots=True)
class Verdict:
    """What a comparison of two paths came to, with FRR's text of the reason."""

    wins: bool
    reason: str
    together: bool
    """Both may be used side by side."""


def judge(
    new: Path, kept: Path, chosen: Path | None, rules: Rules, steps: Sequence[Step] = STEPS
) -> Verdict:
    """Compare two paths by `steps` and what breaks ties; `chosen` is the one best until now."""
    later: Verdict | None = None
    alike = steps is not BEHIND_RANK and _same_terms(new, kept)
    for step in () if alike else steps:
        order = step.compare(new, kept, rules)
        if not order:
            continue
        verdict = Verdict(order < 0, step.reason, False)
        if not (rules.peer_type_relax and step.name in RELAXED):
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
        and metric(a) == metric(b)
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
    if is_internal(a):
        return a.attrs.as_path == b.attrs.as_path
    return a.source.remote_as == b.source.remote_as


def better(new: Path, kept: Path, chosen: Path | None, rules: Rules) -> tuple[bool, str]:
    """Is `new` better than `kept`, and why; `chosen` is the path that is best until now."""
    verdict = judge(new, kept, chosen, rules)
    return verdict.wins, verdict.reason


def choose(paths: Sequence[Path], chosen: Path | None, rules: Rules) -> Dest:
    """The `Dest` of some paths (newest first); `chosen` is the one that was best before."""
    winners: tuple[Path, ...] = ()
    steps: Sequence[Step] = STEPS
    if rules.deterministic_med:
        valid = [path for path in paths if path.valid]
        found, _ = _med_winners(valid, chosen, rules)
        candidates = [path for path in valid if path in found]
        winners = tuple(candidates)
    else:
        # A path that falls behind in the first steps plays no part in the others.
        candidates = valid = leaders(paths, rules)
        steps = BEHIND_RANK
    if not valid:
        return Dest.of(tuple(paths), None, NOTHING)
    best, together = candidates[0], True
    for path in candidates[1:]:
        verdict = judge(path, best, chosen, rules, steps)
        together = verdict.together
        if verdict.wins:
            best = path
    multipath: tuple[Path, ...] = (best,)
    # Two that were compared need not be compared again.
    if len(valid) > 1 and rules.shares_load and (together or len(valid) > 2):
        multipath = _multipath(valid, best, chosen, rules, steps)
    sum_up = summary(rules.bandwidth, rules.merged) if len(multipath) > 1 else None
    return Dest.of(tuple(paths), best, rules, multipath, winners, chosen, sum_up)


def reason(paths: Sequence[Path], best: Path | None, chosen: Path | None, rules: Rules) -> str:
    """FRR's text of the last comparison that is made to choose `best`."""
    if best is None:
        return NOTHING
    if rules.shares_load:
        # The last comparison is that of the last path that could be used beside the best one.
        own = way(best)
        for path in reversed(paths):
            if path is not best and path.valid and way(path) != own:
                return judge(path, best, chosen, rules).reason
    candidates = [path for path in paths if path.valid]
    text = FIRST
    if rules.deterministic_med:
        found, text = _med_winners(candidates, chosen, rules)
        candidates = [path for path in candidates if path in found]
    kept = candidates[0]
    for path in candidates[1:]:
        wins, text = better(path, kept, chosen, rules)
        if wins:
            kept = path
    return text


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
    paths: Sequence[Path],
    best: Path,
    chosen: Path | None,
    rules: Rules,
    steps: Sequence[Step],
) -> tuple[Path, ...]:
    """The paths that are used, of some that are valid, the best one first."""
    own = way(best)
    beside = []
    for path in paths:
        # A second path to the same next hop adds no way.
        if path is best or way(path) == own:
            continue
        if judge(path, best, chosen, rules, steps).together:
            beside.append(path)
    beside.sort(key=lambda path: (way(path), path.source.sort_address))
    limit = rules.maximum_paths_ibgp if is_internal(best) else rules.maximum_paths
    used = [best]
    for path in beside:
        if len(used) < limit and way(path) != way(used[-1]):
            used.append(path)
    return tuple(used)


def way(path: Path) -> tuple[int, int]:
    """The next hop as two numbers, its addresses or -1: paths with the same are one way."""
    gateway, link_local = path.gateway, path.link_local
    return (
        -1 if gateway is None else gateway.value,
        -1 if link_local is None else link_local.value,
    )
