"""Lines of a neighbor inside `address-family` on how its routes are treated, by topic."""

import re

from bgp.commands.nodes import (
    PEER,
    PeerFamilyFlag,
    PeerFamilySetting,
    changed_for_peer,
    family_of,
    find_peer,
    group_of,
    is_internal,
)
from bgp.commands.policy import missing_map
from bgp.config import PRIVATE_AS, AdvertiseMap, PeerFamilyConfig
from bgp.effects import Effect
from bgp.familyconfig import EVPN
from grammar.base.errors import CommandError, Status
from grammar.command import Call, Reply, action
from grammar.scope import Scope, Values


def _internal(call: Call) -> bool:
    place = family_of(call.node_object)
    return is_internal(place.bgp, find_peer(place.bgp, call.values))


# Path ids and filters that the neighbor is sent


def _no_ids_lines(lines: PeerFamilyConfig, names: Values) -> list[str]:
    place = names["place"]
    group = group_of(place.bgp, find_peer(place.bgp, names))
    of_group = group is not None and group.family(place.family).disable_addpath_rx
    on = lines.disable_addpath_rx or of_group
    return [f"neighbor {names['peer']} disable-addpath-rx"] if on else []


def _no_ids(call: Call) -> None:
    lines: PeerFamilyConfig = call.target()
    wanted = None if call.negated else True
    if lines.disable_addpath_rx != wanted:
        lines.disable_addpath_rx = wanted
        place = family_of(call.node_object)
        call.changed(Effect.RESET, find_peer(place.bgp, call.values))


def path_ids(scope: Scope) -> None:
    """`disable-addpath-rx`."""
    action(
        scope,
        PEER + "disable-addpath-rx",
        "Take one path of each prefix only",
        negatable=True,
        printer=_no_ids_lines,
    )(_no_ids)


def _orf_lines(lines: PeerFamilyConfig, names: Values) -> list[str]:
    if lines.orf_send is None and lines.orf_receive is None:
        return []
    word = "both" if lines.orf_send and lines.orf_receive else "send"
    word = word if lines.orf_send else "receive"
    return [f"neighbor {names['peer']} capability orf prefix-list {word}"]


def _orf(call: Call) -> None:
    lines: PeerFamilyConfig = call.target()
    before = (lines.orf_send, lines.orf_receive)
    wanted = None if call.negated else True
    if call.values["mode"] in ("both", "send"):
        lines.orf_send = wanted
    if call.values["mode"] in ("both", "receive"):
        lines.orf_receive = wanted
    if (lines.orf_send, lines.orf_receive) != before:
        place = family_of(call.node_object)
        call.changed(Effect.RESET, find_peer(place.bgp, call.values))


def outbound_filters(scope: Scope) -> None:
    """`capability orf prefix-list` (RFC 5292)."""
    action(
        scope,
        PEER + "capability orf prefix-list <both|send|receive>$mode",
        "What is offered to the neighbor",
        "Filters of what is sent, told by the one who receives it",
        "Prefix-lists",
        "Tell the own one, and take the neighbor's",
        "Tell the own one",
        "Take the neighbor's",
        negatable=True,
        printer=_orf_lines,
    )(_orf)


# AS paths


def _private_lines(lines: PeerFamilyConfig, names: Values) -> list[str]:
    which = lines.private_as
    if which is None:
        return []
    return [f"neighbor {names['peer']} remove-private-AS {which}".rstrip()]


def _private(call: Call, which: str) -> None:
    lines: PeerFamilyConfig = call.target()
    if which == "" and _internal(call):
        raise CommandError("% remove-private-AS cannot be configured for IBGP peers")
    before = lines.remove_private_as or frozenset()
    wanted = before - {which} if call.negated else before | {which}
    if before != wanted:
        lines.remove_private_as = wanted or None
        changed_for_peer(call, Effect.SOFT_OUT)


def as_paths(scope: Scope) -> None:
    """`remove-private-AS` in its four forms, and `as-override`."""
    for which in PRIVATE_AS:

        def run(call: Call, which: str = which) -> None:
            _private(call, which)

        help = {"all": "All of them, wherever they stand", "replace-AS": "Put the own one there"}
        action(
            scope,
            PEER + f"remove-private-AS {which}".rstrip(),
            "Leave private AS numbers out of what is sent",
            *(help[word] for word in which.split()),
            negatable=True,
            printer=_private_lines if which == "" else None,
        )(run)
    PeerFamilyFlag(
        scope,
        PEER + "as-override",
        "Send the own AS number where the neighbor's stands",
        field="as_override",
        effect=Effect.SOFT_OUT,
        check=_external_only,
    )


def _external_only(call: Call, lines: PeerFamilyConfig) -> None:
    if _internal(call):
        raise CommandError("% as-override cannot be configured for IBGP peers")


# Limits and route servers


def maximum_out(scope: Scope) -> None:
    """`maximum-prefix-out`."""
    PeerFamilySetting(
        scope,
        PEER + "maximum-prefix-out ![(1-4294967295)$limit]",
        "How many prefixes the neighbor is sent",
        "Their number",
        fields={"limit": "maximum_prefix_out"},
        effect=Effect.SOFT_OUT,
        normal=dict,
    )


def _served(call: Call) -> None:
    lines: PeerFamilyConfig = call.target()
    wanted = None if call.negated else True
    if lines.route_server_client == wanted:
        return
    place = family_of(call.node_object)
    peer = find_peer(place.bgp, call.values)
    lines.route_server_client = wanted
    # FRR keeps the next hop for clients of a route server, and says so where it was typed.
    if group_of(place.bgp, peer) is None:
        lines.next_hop_unchanged = wanted
    call.changed(Effect.ACTIVATE, peer)


def _served_lines(lines: PeerFamilyConfig, names: Values) -> list[str]:
    return [f"neighbor {names['peer']} route-server-client"] if lines.route_server_client else []


def route_server(scope: Scope) -> None:
    """`route-server-client`."""
    action(
        scope,
        PEER + "route-server-client",
        "Pass routes on to this neighbor as they came",
        negatable=True,
        printer=_served_lines,
    )(_served)


def local_next_hop(scope: Scope) -> None:
    """`nexthop-local unchanged`, of IPv6."""
    PeerFamilyFlag(
        scope,
        PEER + "nexthop-local unchanged",
        "The link-local next hop",
        "Send it as it came",
        field="nexthop_local_unchanged",
        effect=Effect.SOFT_OUT,
    )


_SITE = re.compile(r"(\d+|\d+\.\d+\.\d+\.\d+):\d+")


def _check_site(call: Call, lines: PeerFamilyConfig) -> None:
    text = call.values.get("soo")
    if not call.negated and not _SITE.fullmatch(str(text)):
        raise CommandError("% Malformed SoO extended community", Status.WARNING)


def site(scope: Scope) -> None:
    """`soo`: the site that a neighbor is at (RFC 4364 sec. 7)."""
    PeerFamilySetting(
        scope,
        PEER + "soo ![ASN:NN_OR_IP-ADDRESS:NN$soo]",
        "The site of the neighbor",
        "As an extended community",
        fields={"soo": "soo"},
        effect=Effect.SOFT_IN,
        check=_check_site,
        normal=dict,
    )


# Attributes that stay as they are

_KEPT = {
    "as-path": "as_path_unchanged",
    "next-hop": "next_hop_unchanged",
    "med": "med_unchanged",
}


def _unchanged_lines(lines: PeerFamilyConfig, names: Values) -> list[str]:
    words = [word for word, field in _KEPT.items() if getattr(lines, field)]
    alone = words == ["next-hop"] or lines.route_server_client
    if names["place"].family == EVPN and alone and "next-hop" in words:
        # There it is so in any case.
        words.remove("next-hop")
    return [f"neighbor {names['peer']} attribute-unchanged {' '.join(words)}"] if words else []


def _unchanged(call: Call) -> None:
    lines: PeerFamilyConfig = call.target()
    typed = [word for word in _KEPT if _variable(word) in call.values] or list(_KEPT)
    changed = False
    for word, field in _KEPT.items():
        if call.negated:
            wanted = None if word in typed else getattr(lines, field)
        else:
            wanted = True if word in typed else None
        if getattr(lines, field) != wanted:
            setattr(lines, field, wanted)
            changed = True
    if changed:
        changed_for_peer(call, Effect.SOFT_OUT)


def _variable(word: str) -> str:
    return word.replace("-", "_")


def unchanged(scope: Scope) -> None:
    """`attribute-unchanged`."""
    words = "|".join(f"{word}${_variable(word)}" for word in _KEPT)
    action(
        scope,
        PEER + f"attribute-unchanged [{{{words}}}]",
        "Send attributes as they came",
        "The AS path",
        "The next hop",
        "The MED",
        negatable=True,
        printer=_unchanged_lines,
    )(_unchanged)


# Announcements that depend on others


def _advertise_lines(lines: PeerFamilyConfig, names: Values) -> list[str]:
    found = lines.advertise_map
    if found is None:
        return []
    word = "non-exist-map" if found.absent else "exist-map"
    return [f"neighbor {names['peer']} advertise-map {found.name} {word} {found.condition}"]


def _advertise(call: Call) -> Reply | None:
    lines: PeerFamilyConfig = call.target()
    name, condition = call.values["name"], call.values["condition"]
    absent = call.values["kind"] == "non-exist-map"
    wanted = None if call.negated else AdvertiseMap(name, condition, absent)
    if lines.advertise_map != wanted:
        lines.advertise_map = wanted
        changed_for_peer(call, Effect.SOFT_OUT)
    texts = [*missing_map(call, condition), *missing_map(call, name)]
    return Reply(texts) if texts else None


def advertise(scope: Scope) -> None:
    """`advertise-map`."""
    action(
        scope,
        PEER + "advertise-map RMAP_NAME$name <exist-map|non-exist-map>$kind RMAP_NAME$condition",
        "Announce some routes only if there are others",
        "A route-map that tells which",
        "If there are routes that the next one permits",
        "If there are none",
        "Name of the route-map",
        negatable=True,
        printer=_advertise_lines,
    )(_advertise)
