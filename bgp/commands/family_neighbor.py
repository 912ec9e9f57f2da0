"""Lines of a neighbor inside `address-family`, in printed order."""

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

from bgp.commands.family_defaults import CONFLICT
from bgp.commands.family_exchange import (
    as_paths,
    local_next_hop,
    maximum_out,
    outbound_filters,
    path_ids,
    route_server,
    site,
    unchanged,
)
from bgp.commands.family_filters import filters
from bgp.commands.family_sending import addpath, send_community
from bgp.commands.nodes import (
    NO,
    PEER,
    SCOPES,
    AddressFamily,
    FamilyScopes,
    PeerFamilyFlag,
    PeerFamilySetting,
    activation,
    changed_for_peer,
    family_of,
    find_peer,
    group_of,
    is_active,
    is_group,
    is_internal,
    without_default,
)
from bgp.commands.policy import MAP, warn_missing
from bgp.config import PeerFamilyConfig
from bgp.effects import Effect
from bgp.familyconfig import rival
from grammar.base.errors import CommandError
from grammar.base.values import Afi, Safi
from grammar.command import Answer, Call, action
from grammar.scope import Scope


def _activate_lines(lines: PeerFamilyConfig, names: Any) -> list[str]:
    place: AddressFamily = names["place"]
    active = activation(place, find_peer(place.bgp, names))
    if active is None:
        return []
    return [f"{'' if active else 'no '}neighbor {names['peer']} activate"]


def _activate(call: Call) -> None:
    place = family_of(call.node_object)
    peer = find_peer(place.bgp, call.values)
    other = rival(place.family)
    if other is not None and not call.negated and is_active(replace(place, family=other), peer):
        raise CommandError(CONFLICT)
    if is_active(place, peer) is not call.negated:
        peer.family(place.family).activate = not call.negated
        return
    members = list(place.bgp.members(str(peer.name))) if is_group(place.bgp, peer) else []
    for each in (peer, *members):
        before = is_active(place, each)
        each.family(place.family).activate = not call.negated
        if before is call.negated:
            call.changed(Effect.ACTIVATE, each)


def _only_internal(call: Call, lines: PeerFamilyConfig) -> None:
    place = family_of(call.node_object)
    if not is_internal(place.bgp, find_peer(place.bgp, call.values)):
        raise CommandError("% Invalid command. Not an internal neighbor")


def _default_originate_lines(lines: PeerFamilyConfig, names: Any) -> list[str]:
    if not lines.default_originate:
        return []
    name = lines.default_originate_map
    tail = "" if name is None else f" route-map {name}"
    return [f"neighbor {names['peer']} default-originate{tail}"]


def _default_originate(call: Call) -> Answer:
    lines: PeerFamilyConfig = call.target()
    rmap = None if call.negated else call.values.get("rmap")
    wanted = (None if call.negated else True, rmap)
    if (lines.default_originate, lines.default_originate_map) != wanted:
        lines.default_originate, lines.default_originate_map = wanted
        changed_for_peer(call, Effect.SOFT_OUT)
    return warn_missing(call, rmap)


def _of_group(names: Any, field: str) -> Any:
    """A field of the group of the neighbor whose lines are printed."""
    place: AddressFamily = names["place"]
    group = group_of(place.bgp, find_peer(place.bgp, names))
    return None if group is None else getattr(group.family(place.family), field)


def _allowas_in_lines(lines: PeerFamilyConfig, names: Any) -> list[str]:
    from_group = lines.allowas_in is not None and _of_group(names, "allowas_in_origin")
    if lines.allowas_in_origin or from_group:
        return [f"neighbor {names['peer']} allowas-in origin"]
    if lines.allowas_in is None:
        return []
    tail = "" if lines.allowas_in == 3 else f" {lines.allowas_in}"
    return [f"neighbor {names['peer']} allowas-in{tail}"]


def _allowas_in(call: Call) -> None:
    lines: PeerFamilyConfig = call.target()
    times = call.values.get("times", 3)
    origin = True if times == "origin" and not call.negated else None
    count = None if call.negated or origin else times
    if (lines.allowas_in, lines.allowas_in_origin) != (count, origin):
        lines.allowas_in, lines.allowas_in_origin = count, origin
        changed_for_peer(call, Effect.SOFT_IN)


def _exchange(scope: Scope) -> None:
    action(
        scope,
        PEER + "activate",
        "Exchange routes of this family",
        negatable=True,
        printer=_activate_lines,
    )(_activate)
    addpath(scope)


def _reflected(scope: Scope) -> None:
    PeerFamilyFlag(
        scope,
        PEER + "route-reflector-client",
        "Pass routes of other iBGP neighbors on to this one",
        field="route_reflector_client",
        effect=Effect.ACTIVATE,
        check=_only_internal,
    )


def _next_hops(scope: Scope) -> None:
    for words, field in (
        ("next-hop-self force", "next_hop_self_force"),
        ("next-hop-self", "next_hop_self"),
    ):
        PeerFamilyFlag(
            scope,
            PEER + words,
            "Announce the own address as next hop",
            *(("Of reflected routes too",) if "force" in words else ()),
            field=field,
            effect=Effect.SOFT_OUT,
        )


def _default_route(scope: Scope) -> None:
    action(
        scope,
        PEER + "default-originate [route-map RMAP_NAME$rmap]",
        "Announce a default route",
        *MAP,
        negatable=True,
        printer=_default_originate_lines,
    )(_default_originate)


def _soft(scope: Scope) -> None:
    PeerFamilyFlag(
        scope,
        PEER + "soft-reconfiguration inbound",
        "Change policy without a reset",
        "Keep what the neighbor sent",
        field="soft_reconfiguration",
        effect=Effect.SOFT_IN,
    )


_MAXIMUM = {
    "limit": "maximum_prefix",
    "threshold": "maximum_prefix_threshold",
    "restart": "maximum_prefix_restart",
    "warning": "maximum_prefix_warning_only",
    "force": "maximum_prefix_force",
}


class _MaximumPrefix(PeerFamilySetting):
    """What a member does not say of its own limit (only a warning, all prefixes) is its group's.

    Its `no` is a line of its own, which takes more words together.
    """

    negatable = False

    def lines(self, target: Any, names: Any) -> Iterator[str]:
        """The line of a limit of the neighbor's own."""
        if target.maximum_prefix is not None:
            shared = {
                name: getattr(target, name) or _of_group(names, name)
                for name in ("maximum_prefix_warning_only", "maximum_prefix_force")
            }
            target = replace(target, **shared)
        return super().lines(target, names)


def _maximum_prefix(values: dict[str, Any]) -> dict[str, Any]:
    kept = without_default(threshold=75)(values)
    return {k: True if k in ("warning", "force") else v for k, v in kept.items()}


def _limits(scope: Scope) -> None:
    words = PEER + "maximum-prefix"
    number = (
        "How many prefixes the neighbor may send",
        "Their number",
        "Warn at this share of it, in percent",
    )
    warn, restart = "Only warn", ("Start the session again later", "After so many minutes")
    force = "Count filtered prefixes too"
    setting = _MaximumPrefix(
        scope,
        words + "(1-4294967295)$limit [(1-100)$threshold]"
        " [<warning-only$warning|restart (1-65535)$restart>] [force$force]",
        *number,
        warn,
        *restart,
        force,
        fields=_MAXIMUM,
        effect=Effect.SOFT_IN,
        normal=_maximum_prefix,
    )

    def no_limit(call: Call) -> Answer:
        return setting.run(replace(call, negated=True))

    action(
        scope,
        NO + words + "[(1-4294967295) [(1-100)] [restart (1-65535)] [warning-only] [force]]",
        *number,
        *restart,
        warn,
        force,
    )(no_limit)


def _loops(scope: Scope) -> None:
    action(
        scope,
        PEER + "allowas-in [<(1-10)|origin>$times]",
        "Take routes that have the own number in their path",
        "So many times",
        "If it stands at the end only",
        negatable=True,
        printer=_allowas_in_lines,
    )(_allowas_in)


def _weight(scope: Scope) -> None:
    PeerFamilySetting(
        scope,
        PEER + "weight ![(0-65535)$weight]",
        "Weight of the neighbor's routes",
        "The heaviest wins",
        field="weight",
        effect=Effect.SOFT_IN,
        normal=dict,
    )


_PREFIXES = (Safi.UNICAST, Safi.MULTICAST, Safi.LABELED_UNICAST, Safi.VPN)


def _declare(scopes: FamilyScopes) -> None:
    """The lines of a neighbor, as FRR has them in each family."""
    neighbor, (afi, safi) = scopes.neighbor, scopes.family
    prefixes, announced = safi in _PREFIXES, safi in _PREFIXES[:3]
    _exchange(neighbor)
    if prefixes:
        path_ids(scopes.listed())
    if announced:
        outbound_filters(neighbor)
    _reflected(neighbor)
    if prefixes or safi is Safi.EVPN:
        _next_hops(neighbor)
    if prefixes:
        as_paths(neighbor)
        send_community(neighbor)
    if announced:
        _default_route(neighbor)
    _soft(neighbor)
    if prefixes:
        _limits(neighbor)
        maximum_out(neighbor)
    route_server(neighbor)
    if (afi, safi) == (Afi.IPV6, Safi.UNICAST):
        local_next_hop(neighbor)
    if prefixes or safi is Safi.EVPN:
        _loops(neighbor)
        site(scopes.listed())
    if prefixes:
        _weight(neighbor)
    filters(neighbor, safi)
    unchanged(neighbor)


for _scopes in SCOPES.values():
    _declare(_scopes)
