"""`explain` and `test`: why a route or a session is as it is, and what a route-map would do.

Words of our own: an `added` scope, so that FRR's abbreviations mean what they do in FRR.
"""

import sys
from typing import Any

from bgp.commands.showing import AFI, OF, PEER
from bgp.show import build
from grammar.base.errors import CommandError
from grammar.base.values import Prefix
from grammar.command import Call, Reply, action, fragment
from grammar.node import ENABLE, VIEW
from grammar.scope import Scope

EXPLAIN = Scope((VIEW, ENABLE), added=True)

_PREFIX = "<A.B.C.D/M|X:X::X:X/M>$prefix"
_FAMILY = fragment(
    "[<ipv4|ipv6>$afi [<unicast|multicast|labeled-unicast>$safi]]",
    *AFI.help,
    "Unicast",
    "Multicast",
    "Labeled unicast",
)


def instance_of(call: Call) -> Any:
    """The instance that a line names; CommandError if there is none."""
    try:
        return build.find.instance(call.daemon, call.values.get("kind"), call.values.get("name"))
    except build.find.Refused as refused:
        raise CommandError(f"% {refused.remark.sentence}") from None


def peer_of(instance: Any, name: Any) -> Any:
    """Its neighbour of that name, None without a name; CommandError if there is none."""
    try:
        return None if name is None else build.find.peer(instance, name)
    except build.find.Refused as refused:
        text = refused.remark.sentence.removeprefix("% ")
        raise CommandError(f"% {text}") from None


def _family_of(call: Call, prefix: Prefix) -> Any:
    afi = call.values.get("afi")
    if afi is not None and afi != prefix.afi.word:
        raise CommandError(f"% {prefix} is not an {afi} prefix")
    return build.find.family(None, prefix.afi.word, call.values.get("safi"))


@action(
    EXPLAIN,
    fragment("explain bgp", "Tell why", "A route of BGP")
    + OF
    + _FAMILY
    + fragment(_PREFIX, "The prefix", "The prefix")
    + fragment(f"[neighbor {PEER.notation}] [json$json]", "One neighbor", *PEER.help, "As JSON"),
)
def _explain_bgp(call: Call) -> Reply:
    from bgp.explain.paths import explain  # few ask, and it is much code

    instance = instance_of(call)
    prefix: Prefix = call.values["prefix"].network
    peer = peer_of(instance, call.values.get("peer"))
    family = _family_of(call, prefix)
    may_ask = not call.session.read_only
    as_json = "json" in call.values
    return Reply(explain(instance, family, prefix, peer, as_json=as_json, may_ask=may_ask))


@action(
    EXPLAIN,
    fragment("explain bgp", "Tell why", "A route of BGP")
    + fragment(
        "<ipv4|ipv6|l2vpn>$afi <vpn|flowspec|evpn>$safi LINE...",
        *AFI.help,
        "L2VPN",
        "VPN",
        "Flow specifications",
        "Ethernet VPN",
        "The route",
    ),
)
def _explain_others(call: Call) -> Reply:
    afi, safi = call.values["afi"], call.values["safi"]
    shown = f"`show bgp {afi} {safi}`"
    raise CommandError(f"% Routes of {afi} {safi} are not explained; {shown} shows them")


_TEST = fragment("test route-map RMAP_NAME$map", "Try", "A route-map", "Its name")


@action(
    EXPLAIN,
    _TEST
    + fragment(f"prefix {_PREFIX}", "On a route", "To this prefix", "To this prefix")
    + fragment(
        "[{as-path (1-4294967295)...$asns|community AA:NN...$communities"
        "|large-community AA:BB:CC...$large|next-hop <A.B.C.D|X:X::X:X>$gateway"
        "|med (0-4294967295)$med|local-preference (0-4294967295)$preference"
        "|weight (0-4294967295)$weight|tag (1-4294967295)$tag|origin <igp|egp|incomplete>$origin"
        f"|<from {PEER.notation}|own$own>}}] [json$json]",
        "With an AS path",
        "Its numbers",
        "With communities",
        "These",
        "With large communities",
        "These",
        "With a next hop",
        "Its address",
        "Its address",
        "With a metric",
        "The number",
        "With a local preference",
        "The number",
        "With a weight",
        "The number",
        "With a tag",
        "The number",
        "With an origin",
        "IGP",
        "EGP",
        "Incomplete",
        "From a neighbor",
        *PEER.help,
        "Of this router",
        "As JSON",
    ),
)
def _test_prefix(call: Call) -> Reply:
    from bgp.explain.trial import run  # few ask, and it is much code

    return Reply(run(call.daemon, call.values, as_json="json" in call.values))


@action(
    EXPLAIN,
    _TEST
    + fragment("<in|out>$way", "On what the neighbor sends", "On what it is sent")
    + OF
    + fragment(f"neighbor {PEER.notation}", "Which neighbor", *PEER.help)
    + _FAMILY
    + fragment("[all$all] [json$json]", "With all differences", "As JSON"),
)
def _test_neighbor(call: Call) -> Reply:
    from bgp.explain.trial import require_map  # few ask, and it is much code
    from bgp.explain.trials import SHOWN, Trial, run

    values = call.values
    peer = peer_of(instance_of(call), values["peer"])
    require_map(call.daemon, values["map"])
    state = _active(peer, values.get("afi"), values.get("safi"))
    trial = Trial(state, values["map"], values["way"], sys.maxsize if "all" in values else SHOWN)
    may_ask = not call.session.read_only
    return Reply(run(trial, as_json="json" in values, may_ask=may_ask))


def _active(peer: Any, afi: str | None, safi: str | None) -> Any:
    """The family that was named, else the first one that is in use."""
    wanted = None if afi is None else build.find.family(None, afi, safi)
    for family, state in peer.families.items():
        if state.active and state.group is not None and wanted in (None, family):
            return state
    word = "any family" if wanted is None else build.find.family_name(wanted)
    raise CommandError(f"% {peer.name} does not exchange {word} now")


@action(
    EXPLAIN,
    fragment("explain neighbor", "Tell why", "A session")
    + OF
    + PEER
    + fragment("[json$json]", "As JSON"),
)
def _explain_neighbor(call: Call) -> Reply:
    from bgp.explain.session import explain  # few ask, and it is much code

    peer = peer_of(instance_of(call), call.values["peer"])
    return Reply(explain(peer, as_json="json" in call.values))
