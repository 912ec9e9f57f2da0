"""Lines of a neighbor inside `address-family` on what it is sent: communities, further paths."""

from collections.abc import Iterator
from typing import Any

from bgp.commands.nodes import (
    PEER,
    changed_for_peer,
    family_of,
    find_peer,
    group_of,
    is_group,
)
from bgp.config import PeerConfig, PeerFamilyConfig
from bgp.effects import Effect
from grammar.base.errors import Status
from grammar.command import Answer, Call, Reply, action
from grammar.scope import Scope

_KINDS = {
    "standard": ("send_community",),
    "extended": ("send_extended_community",),
    "large": ("send_large_community",),
    "both": ("send_community", "send_extended_community"),
    "all": ("send_community", "send_extended_community", "send_large_community"),
}


def _community_lines(lines: PeerFamilyConfig, names: Any) -> Iterator[str]:
    off = [name for name in _KINDS["all"] if getattr(lines, name) is False]
    line = f"no neighbor {names['peer']} send-community"
    if len(off) == len(_KINDS["all"]):
        yield f"{line} all"
        return
    for name, tail in zip(_KINDS["all"], ("", " extended", " large"), strict=True):
        if name in off:
            yield line + tail


def _send_community(call: Call) -> None:
    lines: PeerFamilyConfig = call.target()
    wanted = False if call.negated else None
    for name in _KINDS[call.values.get("kind", "standard")]:
        if getattr(lines, name) is not wanted:
            setattr(lines, name, wanted)
            changed_for_peer(call, Effect.SOFT_OUT)


def send_community(scope: Scope) -> None:
    """`send-community`, which is on unless a line says no."""
    action(
        scope,
        PEER + "send-community [<both|all|extended|standard|large>$kind]",
        "Send communities to this neighbor",
        "Standard and extended ones",
        "Of every kind",
        "Extended ones",
        "Standard ones",
        "Large ones",
        negatable=True,
        printer=_community_lines,
    )(_send_community)


# Further paths (RFC 7911)

_PATHS = {
    "all": ("addpath-tx-all-paths", "all paths"),
    "best-per-as": ("addpath-tx-bestpath-per-AS", "all best path per as"),
}


def _addpath_lines(lines: PeerFamilyConfig, names: Any) -> list[str]:
    place = names["place"]
    group = group_of(place.bgp, find_peer(place.bgp, names))
    if lines.addpath_tx is None:
        return []
    if group is not None and group.family(place.family).addpath_tx == lines.addpath_tx:
        return []
    return [f"neighbor {names['peer']} {_PATHS[lines.addpath_tx][0]}"]


def _addpath(call: Call, which: str) -> Answer:
    place = family_of(call.node_object)
    peer = find_peer(place.bgp, call.values)
    lines = peer.family(place.family)
    if call.negated and lines.addpath_tx != which:
        text = f"% Peer not currently configured to transmit {_PATHS[which][1]}."
        return Reply([text], Status.CONFIG_FAILED)  # FRR ends it without a new line
    # Not inherited: a group's line becomes that of members without one of their own.
    members = place.bgp.members(str(peer.name)) if is_group(place.bgp, peer) else ()
    former, lines.addpath_tx = lines.addpath_tx, None if call.negated else which
    call.changed(Effect.RESET, peer)
    for member in members:
        each = member.family(place.family)
        if each.addpath_tx == which if call.negated else each.addpath_tx in (None, former):
            each.addpath_tx = lines.addpath_tx
            call.changed(Effect.RESET, member)
    if which == "best-per-as" and not call.negated and not place.bgp.deterministic_med:
        place.bgp.deterministic_med = True
        call.changed(Effect.BESTPATH, place.bgp)
    return None


def bind_paths(group: PeerConfig, member: PeerConfig) -> None:
    """A neighbor joins a group: it sends the paths that the group does."""
    for family, lines in group.families.items():
        if lines.addpath_tx is not None:
            member.family(family).addpath_tx = lines.addpath_tx


def addpath(scope: Scope) -> None:
    """`addpath-tx-...`."""
    for which, (words, _) in _PATHS.items():

        def run(call: Call, which: str = which) -> Answer:
            return _addpath(call, which)

        action(
            scope,
            PEER + words,
            "Send all paths" if which == "all" else "Send the best path of each AS",
            negatable=True,
            printer=_addpath_lines if which == "all" else None,
        )(run)
