"""`explain bgp PREFIX`: each path from its neighbour into the table, and from there to others."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from bgp.explain.decision import outcome
from bgp.explain.ear import Ear, Listening, listening, until_over
from bgp.explain.inbound import Judged, faulty, judged
from bgp.explain.nexthop import nexthop_point
from bgp.explain.outbound import announcements
from bgp.explain.rib import rib_points
from bgp.explain.words import path_values, programmed, source_text, summary
from bgp.familyconfig import family_title, table_family
from bgp.rib.path import Entry, Path, best_of, multipath_of, paths_of, reason_of
from grammar.base.values import Prefix
from grammar.output.outline import Fields, Point, plural, rendered

if TYPE_CHECKING:
    from bgp.config import Family
    from bgp.instance import Instance
    from bgp.peer import Peer
    from bgp.peerfamily import PeerFamily
    from bgp.rib.table import Table

MOST_ASKED: Final = 8
"""Neighbours that are asked for their routes without being named."""
MOST_ROUTES: Final = 10_000
"""Prefixes of a neighbour that is asked without being named."""


@dataclass(frozen=True, slots=True)
class Received:
    """What a neighbour sent of the prefix, by path ids, as far as it is known.

    `how` says where from. `missing` says why nothing is known.
    """

    paths: dict[int, Path]
    faults: dict[int, str]
    how: str = ""
    missing: str = ""


def explain(
    instance: "Instance",
    family: "Family",
    prefix: Prefix,
    only: "Peer | None",
    *,
    as_json: bool,
    may_ask: bool = True,
) -> Iterator[str]:
    """The answer, which may have to wait for neighbours that are asked for their routes."""
    key = prefix.key
    states = _states(instance, family, only)
    asked = [state for state in states if _asks(state, key, only)]
    if not may_ask or (only is None and len(asked) > MOST_ASKED):
        asked = []
    with listening(asked, lambda: Ear(key)) as ears:
        yield from until_over(ears)
        heard = {each.state: each for each in ears}
    received = {state: _received(state, key, heard.get(state), only) for state in states}
    point = _prefix(instance, family, prefix, received, only)
    yield from rendered(point, as_json=as_json)


def _states(instance: "Instance", family: "Family", only: "Peer | None") -> "list[PeerFamily]":
    peers = instance.sorted_peers() if only is None else [only]
    found = (peer.families.get(family) for peer in peers)
    return [state for state in found if state is not None and state.active]


def _of_table(state: "PeerFamily", key: int) -> list[Path]:
    entry = state.peer.instance.tables[state.family].get(key)
    return [path for path in paths_of(entry) if path.source is state.peer]


def _asks(state: "PeerFamily", key: int, only: "Peer | None") -> bool:
    """Whether a neighbour is asked to send its routes again."""
    terms = state.peer.negotiated
    if state.adj_in is not None or terms is None or not terms.route_refresh:
        return False
    if only is not None:
        return True
    return not _of_table(state, key) and state.accepted <= MOST_ROUTES


def _received(
    state: "PeerFamily", key: int, heard: Listening[Ear] | None, only: "Peer | None"
) -> Received:
    if state.adj_in is not None:
        paths = {path.path_id: path for path in state.adj_in.paths(key)}
        return Received(paths, {}, "kept by soft-reconfiguration inbound", "it sent no such route")
    if heard is not None:
        ear = heard.ear
        return Received(ear.heard, ear.faults, "sent again on request", heard.end)
    terms = state.peer.negotiated
    if terms is None or not terms.route_refresh:
        line = f"neighbor {state.peer} soft-reconfiguration inbound"
        return Received({}, {}, "", f"it cannot be asked again (no route refresh); `{line}` keeps")
    return Received({}, {}, "", f"`explain bgp PREFIX neighbor {state.peer}` asks it again")


def _prefix(
    instance: "Instance",
    family: "Family",
    prefix: Prefix,
    received: "dict[PeerFamily, Received]",
    only: "Peer | None",
) -> Point:
    table = instance.tables[table_family(family)]
    entry = table.get(prefix.key)
    if entry is not None:
        entry = table.settled(prefix.key, entry)
    best = best_of(entry)
    count = len(paths_of(entry))
    chosen = "" if best is None else f", the best is from {source_text(best.source, best)}"
    none = f"{prefix} in {family_title(family)}: no path in the table"
    title = f"{prefix} in {family_title(family)}: {plural(count, 'path')}{chosen}"
    fields: Fields = {
        "prefix": str(prefix),
        "family": family_title(family),
        "pathCount": count,
        "bestReason": reason_of(entry) if count else None,
    }
    shown = [path for path in paths_of(entry) if only is None or path.source is only]
    parts = {
        "paths": [
            _path(instance, table, entry, path, prefix.key, received) for path in shown if entry
        ],
        "refused": list(_refused(received, prefix.key)),
        "announcements": announcements(instance, family, prefix.key, entry),
    }
    if count:
        parts["zebra"] = rib_points(instance, table_family(family), prefix.key, entry)
    return Point(title if count else none, fields, parts)


# --- paths that are in the table ---


def _path(
    instance: "Instance",
    table: "Table",
    entry: Entry,
    path: Path,
    key: int,
    received: "dict[PeerFamily, Received]",
) -> Point:
    values = path_values(path)
    best, used = path is best_of(entry), path in multipath_of(entry)
    word = "best" if best else "used beside the best" if used else "not used"
    name = source_text(path.source, path)
    fields: Fields = {
        "from": "local" if path.source.is_local else str(path.source),
        "remoteAs": path.source.remote_as,
        "best": best,
        "multipath": used,
        "valid": path.valid,
        "stale": path.stale,
        **programmed(values),
    }
    parts = {
        "attributes": [Point(summary(values))],
        "inbound": _inbound(path, key, received),
        "nextHopState": [nexthop_point(instance, path)],
        "decision": [outcome(path, entry, table.rules)],
    }
    return Point(f"Path from {name}: {word}", fields, parts)


def _inbound(path: Path, key: int, received: "dict[PeerFamily, Received]") -> list[Point]:
    state = next((one for one in received if one.peer is path.source), None)
    if state is None or state.peer.negotiated is None:
        return []
    known = received[state]
    sent = known.paths.get(path.path_id)
    found = judged(state.peer, state, state.peer.negotiated, key, sent or path)
    how = known.how if sent is not None else f"judged as it is in the table; {known.missing}"
    if sent is None and state.chain_in is None:
        how = "as it came"
    head = f"Inwards ({how}): {found.text}"
    return [
        Point(head, {"known": sent is not None, "result": found.reason}, {"steps": found.points})
    ]


# --- what was refused ---


def _refused(received: "dict[PeerFamily, Received]", key: int) -> Iterator[Point]:
    for state, known in received.items():
        taken = {path.path_id for path in _of_table(state, key)}
        terms = state.peer.negotiated
        for path_id, path in known.paths.items():
            if path_id not in taken and terms is not None:
                found = judged(state.peer, state, terms, key, path)
                yield _refusal(state, known, found, path)
        for fault in known.faults.values():
            yield _refusal(state, known, faulty(fault), None)
        if not (taken or known.paths or known.faults):
            name = source_text(state.peer)
            said = f"From {name}: nothing accepted; {known.missing}"
            yield Point(said, {"from": str(state.peer), "known": False, "why": known.missing})


def _refusal(state: "PeerFamily", known: Received, found: Judged, path: Path | None) -> Point:
    name = source_text(state.peer)
    reason = found.reason
    word = "refused" if reason is not None else "accepted by the lines as they are now"
    said = f"From {name}: {word}: {found.text} ({known.how})"
    fields: Fields = {"from": str(state.peer), "known": True, "reason": reason, "why": found.text}
    parts = {"steps": found.points}
    if path is None:
        return Point(said, fields, parts)
    values = path_values(path)
    return Point(
        said,
        {**fields, **programmed(values)},
        {"attributes": [Point(summary(values))], **parts},
    )
