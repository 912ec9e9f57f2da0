"""The filters of a neighbor inside `address-family`, in printed order."""

from collections.abc import Iterator
from functools import partial
from typing import Any

from bgp.commands.family_exchange import advertise
from bgp.commands.nodes import PEER, changed_for_peer, family_of, find_peer, group_of
from bgp.commands.policy import MAP, warn_missing
from bgp.config import PeerFamilyConfig
from bgp.effects import Effect
from grammar.base.errors import CommandError
from grammar.base.values import Safi
from grammar.command import Answer, Call, action
from grammar.scope import Scope, Values

_DIRECTIONS = ("On what the neighbor sends", "On what it is sent")
_RIVALS = {"prefix_list": "distribute_list", "distribute_list": "prefix_list"}


def inherited(call: Call, field: str) -> Any:
    """What a family line's field is in the group of the neighbor that the line names."""
    place = family_of(call.node_object)
    group = group_of(place.bgp, find_peer(place.bgp, call.values))
    return None if group is None else getattr(group.family(place.family), field)


def _put(call: Call, field: str, name: str | None, effect: Effect) -> None:
    lines: PeerFamilyConfig = call.target()
    if getattr(lines, field) != name:
        setattr(lines, field, name)
        changed_for_peer(call, effect)


def _filter(call: Call, kind: str) -> Answer:
    direction = call.values["direction"]
    field = f"{kind}_{direction}"
    name = None if call.negated else call.values["name"]
    rival = _RIVALS.get(kind)
    if name is not None and rival is not None and getattr(call.target(), f"{rival}_{direction}"):
        raise CommandError("% Prefix/distribute list can not co-exist")
    # What the group has already is not the member's own map.
    if name is None or kind != "route_map" or name != inherited(call, field):
        _put(call, field, name, Effect.SOFT_IN if direction == "in" else Effect.SOFT_OUT)
    return warn_missing(call, name) if kind == "route_map" else None


def _lines(kind: str, lines: PeerFamilyConfig, names: Values) -> Iterator[str]:
    for direction in ("in", "out"):
        name = getattr(lines, f"{kind}_{direction}")
        if name is not None:
            word = kind.replace("_", "-")
            yield f"neighbor {names['peer']} {word} {name} {direction}"


def _unsuppress(call: Call) -> Answer:
    name = None if call.negated else call.values["rmap"]
    _put(call, "unsuppress_map", name, Effect.SOFT_OUT)
    return warn_missing(call, name)


def _unsuppress_lines(lines: PeerFamilyConfig, names: Values) -> Iterator[str]:
    if lines.unsuppress_map is not None:
        yield f"neighbor {names['peer']} unsuppress-map {lines.unsuppress_map}"


def _declare(scope: Scope, kind: str, variable: str, *help: str) -> None:
    action(
        scope,
        PEER + f"{kind.replace('_', '-')} {variable}$name <in|out>$direction",
        *help,
        *_DIRECTIONS,
        negatable=True,
        printer=partial(_lines, kind),
    )(partial(_filter, kind=kind))


def filters(scope: Scope, safi: Safi) -> None:
    """Declare those that a kind of routes has: rules of flow specifications are not compared with
    addresses alone, routes of EVPN with nothing but a route-map."""
    if safi is Safi.EVPN:
        _declare(scope, "route_map", "RMAP_NAME", *MAP)
        return
    prefixes = safi is not Safi.FLOWSPEC
    if prefixes:
        _declare(
            scope, "distribute_list", "ACCESSLIST_NAME", "Filter by an access-list", "Its name"
        )
    _declare(scope, "prefix_list", "WORD", "Filter by a prefix-list", "Its name")
    _declare(scope, "route_map", "RMAP_NAME", *MAP)
    if prefixes:
        action(
            scope,
            PEER + "unsuppress-map RMAP_NAME$rmap",
            "Announce what an aggregate hides",
            "If this route-map permits it",
            negatable=True,
            printer=_unsuppress_lines,
        )(_unsuppress)
        advertise(scope)
    _declare(scope, "filter_list", "AS_PATH_FILTER_NAME", "Filter by AS paths", "The list's name")
