"""Where a path won or lost, by `bgp.rib.bestpath`'s steps, with the values compared."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from bgp.explain.words import source_text
from bgp.rib.bestpath import judge
from bgp.rib.dampening import Withheld, is_history
from bgp.rib.path import (
    LLGR_STALE,
    Dest,
    Entry,
    Path,
    best_of,
    multipath_of,
    paths_of,
    reason_of,
)
from bgp.rib.rules import Rules
from bgp.rib.steps import NO_DIFFERENCE, OLDER, STEPS, TIE_BREAKERS, metric
from grammar.base.values import Address, Afi
from grammar.output.outline import Fields, Point


@dataclass(frozen=True, slots=True)
class Comparison:
    """Of a path with another one: FRR's text of the step that decided, and both values."""

    wins: bool
    reason: str
    words: str
    mine: str
    other: str


def _pref(path: Path, rules: Rules) -> str:
    found = path.attrs.local_pref
    return str(rules.local_pref if found is None else found)


def _router_id(path: Path, rules: Rules) -> str:
    found = path.attrs.originator_id
    return str(Address(Afi.IPV4, path.source.router_id if found is None else found))


def _length(path: Path, rules: Rules) -> str:
    return str(path.attrs.as_path.length)


def _whole_length(path: Path, rules: Rules) -> str:
    return str(path.attrs.as_path.length + path.attrs.as_path.confederation_length)


def _med(path: Path, rules: Rules) -> str:
    found = path.attrs.med
    worst = "none, which counts as the worst" if rules.missing_as_worst else "none, which is 0"
    return worst if found is None else str(found)


def _kind(path: Path, rules: Rules) -> str:
    source = path.source
    if source.is_local:
        return "local"
    if source.is_confederation:
        return "of the confederation"
    return "external" if source.is_ebgp else "internal"


def _yes(test: Callable[[Path], bool]) -> Callable[[Path, Rules], str]:
    return lambda path, rules: "yes" if test(path) else "no"


_WORDS: Final[dict[str, tuple[str, Callable[[Path, Rules], str]]]] = {
    "long-lived": ("long-lived stale", _yes(lambda path: LLGR_STALE in path.attrs.communities)),
    "weight": ("weight (the higher wins)", lambda path, rules: str(path.weight)),
    "local-preference": ("local preference (the higher wins)", _pref),
    "local": ("route of this router", _yes(lambda path: bool(path.origination))),
    "confederation": ("length of the AS path (the shorter wins)", _whole_length),
    "as-path": ("length of the AS path (the shorter wins)", _length),
    "origin": (
        "origin (IGP before EGP before incomplete)",
        lambda path, rules: ("IGP", "EGP", "incomplete")[path.attrs.origin],
    ),
    "med": ("metric of the same neighboring AS (the lower wins)", _med),
    "peer-type": ("external before internal", _kind),
    "confederation-peer": ("neighbor in another AS of the confederation", _kind),
    "igp-metric": ("metric to the next hop (the lower wins)", lambda path, _: str(metric(path))),
    "clusters": (
        "length of the cluster list (the shorter wins)",
        lambda path, rules: str(len(path.attrs.cluster_list)),
    ),
    "router-id": ("router id (the lower wins)", _router_id),
    "cluster-length": (
        "length of the cluster list (the shorter wins)",
        lambda path, rules: str(len(path.attrs.cluster_list)),
    ),
    "stale": ("stale", _yes(lambda path: path.stale)),
    "local-configured": ("configured here", _yes(lambda path: path.source.is_local)),
    "address": (
        "address of the neighbor (the lower wins)",
        lambda path, rules: source_text(path.source, path),
    ),
}


def compare(path: Path, other: Path, entry: Entry, rules: Rules) -> Comparison:
    """How a path fares against another one of its prefix, as when the best was chosen."""
    paths = paths_of(entry)
    chosen = _chosen_before(entry)
    # FRR walks the newest first: each meets what was best among those before it.
    later = paths.index(path) > paths.index(other)
    new, kept = (path, other) if later else (other, path)
    verdict = judge(new, kept, chosen, rules)
    wins = verdict.wins is later
    if verdict.reason == OLDER:
        words = "the older of external paths stays (bgp bestpath compare-routerid compares)"
        used = ("in use before", "not in use before")
        mine, others = used if wins else used[::-1]
        return Comparison(wins, OLDER, words, mine, others)
    for step in (*STEPS, *TIE_BREAKERS):
        if step.reason == verdict.reason and step.compare(new, kept, rules):
            name, value = _WORDS[step.name]
            return Comparison(wins, step.reason, name, value(path, rules), value(other, rules))
    return Comparison(wins, NO_DIFFERENCE, "nothing left to compare: the first to come", "", "")


def _chosen_before(entry: Entry) -> Path | None:
    if not isinstance(entry, Dest):
        return None
    before: int = entry[0].before
    return None if before < 0 else entry.paths[before]


def outcome(path: Path, entry: Entry, rules: Rules) -> Point:
    """What the decision made of a path."""
    best = best_of(entry)
    if is_history(path):
        return _point("takes no part: its neighbor withdrew it (dampening)", path, "history")
    if isinstance(path.nexthop, Withheld) and path.nexthop.damped:
        return _point("takes no part: it is suppressed for its flaps", path, "dampened")
    if not path.valid and path.source.is_local:
        return _point("takes no part: zebra has no route to the prefix", path, "no-route")
    if not path.valid:
        return _point("takes no part: its next hop cannot be reached", path, "invalid")
    if best is None:
        return _point("no path was chosen yet", path, "undecided")
    if path is best:
        return _won(path, entry, rules)
    found = compare(path, best, entry, rules)
    beside = path in multipath_of(entry)
    if found.wins:
        # Metrics are compared within an AS only, so there may be no order among all paths.
        for other in paths_of(entry):
            against = compare(path, other, entry, rules) if _rivals(path, other) else None
            if against is not None and not against.wins:
                said = "lost to another path that lost to the best: "
                return _compared(said, path, other, against)
    said = "used beside the best path; it would lose: " if beside else "lost to the best: "
    return _compared(said, path, best, found, "multipath" if beside else "lost")


def _rivals(path: Path, other: Path) -> bool:
    return other is not path and other.valid


def _won(path: Path, entry: Entry, rules: Rules) -> Point:
    rivals = [other for other in paths_of(entry) if _rivals(path, other)]
    reason = reason_of(entry)
    if not rivals:
        return _point("best: there is no other that could be used", path, "best", reason)
    parts = [
        _compared("against ", path, other, compare(path, other, entry, rules), "best")
        for other in rivals
    ]
    point = _point(f"best ({reason})", path, "best", reason)
    return Point(point.text, point.fields, {"against": parts})


def _point(text: str, path: Path, outcome: str, reason: str | None = None) -> Point:
    fields: Fields = {"outcome": outcome, **({} if reason is None else {"reason": reason})}
    return Point(f"Decision: {text}", fields)


def _compared(
    text: str, path: Path, other: Path, found: Comparison, outcome: str = "lost"
) -> Point:
    values = f": {found.mine} against {found.other}" if found.mine else ""
    rival = source_text(other.source, other)
    fields: Fields = {
        "outcome": outcome,
        "reason": found.reason,
        "step": found.words,
        "value": found.mine,
        "otherValue": found.other,
        "other": str(other.source) if not other.source.is_local else "local",
    }
    if outcome == "best":
        word = "won" if found.wins else "would lose"
        return Point(f"{text}{rival}: {word} by {found.words}{values}", fields)
    return Point(f"Decision: {text}{found.words}{values} of {rival}", fields)
