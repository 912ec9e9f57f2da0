"""Lines of `router bgp` that are about the whole instance, in printed order."""

from typing import Any

from bgp.commands.nodes import (
    GLOBAL,
    GRACEFUL,
    TRAILER,
    Normalised,
    default_active,
    timers,
    without_default,
)
from bgp.config import FAMILIES, BgpConfig
from bgp.effects import Effect
from grammar.base.errors import CommandError
from grammar.base.values import Address, Afi
from grammar.command import Answer, Call, Flag, Setting, action


def _datacenter(bgp: BgpConfig) -> bool:
    return bgp.datacenter


Flag(
    GLOBAL,
    "bgp fast-external-failover",
    "BGP",
    "End the session at once when the link to an eBGP neighbor goes down",
    field="fast_external_failover",
    default=True,
)


def _check_router_id(call: Call, bgp: BgpConfig) -> None:
    typed = call.values.get("router_id")
    if not call.negated or typed is None:
        return
    if typed != (bgp.router_id or Address(Afi.IPV4, 0)):
        raise CommandError("% BGP router-id doesn't match")


Normalised(
    GLOBAL,
    "bgp router-id ![A.B.C.D$router_id]",
    "BGP",
    "Router identifier, in place of zebra's",
    "The identifier",
    field="router_id",
    effect=Effect.ROUTER_ID,
    check=_check_router_id,
    normal=without_default(router_id=Address(Afi.IPV4, 0)),
)

Flag(
    GLOBAL,
    "bgp log-neighbor-changes",
    "BGP",
    "Log sessions that come up or go down, with the reason",
    field="log_neighbor_changes",
    default=_datacenter,
)
Flag(
    GLOBAL,
    "bgp always-compare-med",
    "BGP",
    "Compare the MED of paths from different autonomous systems",
    field="always_compare_med",
    effect=Effect.BESTPATH,
)
Flag(
    GLOBAL,
    "bgp ebgp-requires-policy",
    "BGP",
    "Neither take nor announce routes of eBGP neighbors without a filter",
    field="ebgp_requires_policy",
    effect=Effect.SOFT_IN,
    default=lambda bgp: not _datacenter(bgp),
)
Flag(
    GLOBAL,
    "bgp suppress-duplicates",
    "BGP",
    "Do not repeat an announcement that would say the same",
    field="suppress_duplicates",
    default=True,
)
Flag(
    GLOBAL,
    "bgp hard-administrative-reset",
    "BGP",
    "Tell the neighbor of a hard reset when an operator resets the session",
    field="hard_administrative_reset",
    default=True,
)

_DEFAULT_HELP = ("BGP", "What new neighbors and routes get", "Activate neighbors in this family")


def _default_family(word: str, field: str, default: bool) -> None:
    """`bgp default FAMILY`: neighbors that exist keep their families, which then print."""
    Flag(
        GLOBAL,
        f"bgp default {word}",
        *_DEFAULT_HELP,
        field=field,
        default=default,
        check=_keep_families,
    )


def _keep_families(call: Call, bgp: BgpConfig) -> None:
    for peer in (*bgp.groups.values(), *bgp.peers.values(), *bgp.dynamic.values()):
        for family in FAMILIES:
            lines = peer.family(family)
            if lines.activate is None:
                lines.activate = default_active(bgp, family)


_default_family("ipv4-unicast", "default_ipv4_unicast", default=True)
_default_family("ipv4-flowspec", "default_ipv4_flowspec", default=False)
_default_family("ipv6-unicast", "default_ipv6_unicast", default=False)
_default_family("ipv6-flowspec", "default_ipv6_flowspec", default=False)

Normalised(
    GLOBAL,
    "bgp default local-preference ![(0-4294967295)$preference]",
    "BGP",
    "What new neighbors and routes get",
    "Local preference of routes that come without one",
    "The higher, the better",
    fields={"preference": "default_local_preference"},
    effect=Effect.SOFT_IN,
    normal=without_default(preference=100),
)
Flag(
    GLOBAL,
    "bgp default show-hostname",
    "BGP",
    "What new neighbors and routes get",
    "Show names of neighbors in tables",
    field="default_show_hostname",
    default=_datacenter,
)
Flag(
    GLOBAL,
    "bgp default show-nexthop-hostname",
    "BGP",
    "What new neighbors and routes get",
    "Show names of next hops in tables",
    field="default_show_nexthop_hostname",
    default=_datacenter,
)


def _cluster_id(values: dict[str, Any]) -> dict[str, Any]:
    typed = values["cluster_id"]
    return {"cluster_id": Address(Afi.IPV4, typed) if isinstance(typed, int) else typed}


Normalised(
    GLOBAL,
    "bgp cluster-id ![<A.B.C.D|(1-4294967295)>$cluster_id]",
    "BGP",
    "Identifier of this cluster of route reflectors",
    "As an address",
    "As a number",
    field="cluster_id",
    effect=Effect.ROUTER_ID,
    normal=_cluster_id,
)
Flag(
    GLOBAL,
    "bgp deterministic-med",
    "BGP",
    "Choose first among the paths of each autonomous system",
    field="deterministic_med",
    effect=Effect.BESTPATH,
    default=_datacenter,
)


def _quanta(word: str, most: int, default: int) -> None:
    """How many packets FRR moves at a time; kept for the configurations that hold it."""
    field = f"{word}_quanta"
    Normalised(
        GLOBAL,
        f"{word}-quanta (1-{most})${field}",
        f"How many packets to {word} in one go",
        "Packets",
        field=field,
        normal=without_default(**{field: default}),
    )


_quanta("write", most=64, default=64)
_quanta("read", most=10, default=10)

GLOBAL.add(GRACEFUL)

_BESTPATH = ("BGP", "How the best path is chosen")

Flag(
    GLOBAL,
    "bgp bestpath as-path ignore",
    *_BESTPATH,
    "By AS path",
    "Leave out the length of the AS path",
    field="bestpath_as_path_ignore",
    effect=Effect.BESTPATH,
)


@action(
    GLOBAL,
    "bgp bestpath as-path multipath-relax [<as-set|no-as-set>$set]",
    *_BESTPATH,
    "By AS path",
    "Paths of equal length share the load, whatever their numbers",
    "Announce the union of their numbers",
    "Announce the best path's numbers",
    negatable=True,
    printer=lambda bgp, names: _multipath_relax_lines(bgp),
)
def _multipath_relax(call: Call) -> None:
    bgp: BgpConfig = call.node_object
    bgp.bestpath_multipath_relax = None if call.negated else True
    as_set = not call.negated and call.values.get("set") == "as-set"
    bgp.bestpath_multipath_as_set = True if as_set else None
    call.changed(Effect.BESTPATH, bgp)


def _multipath_relax_lines(bgp: BgpConfig) -> list[str]:
    if not bgp.bestpath_multipath_relax:
        return []
    tail = " as-set" if bgp.bestpath_multipath_as_set else ""
    return [f"bgp bestpath as-path multipath-relax{tail}"]


Flag(
    GLOBAL,
    "bgp bestpath compare-routerid",
    *_BESTPATH,
    "Let the lower router id decide between eBGP paths, not the age",
    field="bestpath_compare_routerid",
    effect=Effect.BESTPATH,
)
Flag(
    GLOBAL,
    "bgp bestpath med missing-as-worst",
    *_BESTPATH,
    "By MED",
    "A path without MED is worse than any with one",
    field="bestpath_med_missing_as_worst",
    effect=Effect.BESTPATH,
)
Flag(
    GLOBAL,
    "bgp network import-check",
    "BGP",
    "Lines `network`",
    "Announce a network only if a route to it exists",
    field="network_import_check",
    effect=Effect.ORIGINATE,
    default=True,
)


class _Timers(Normalised):
    """`timers bgp`; the profile's own are not kept."""

    def run(self, call: Call) -> Answer:
        answer = super().run(call)
        bgp: BgpConfig = call.target()
        if (bgp.keepalive, bgp.hold) == bgp.default_timers:
            bgp.keepalive = bgp.hold = None
        return answer


_Timers(
    GLOBAL,
    "timers bgp ![(0-65535)$keepalive (0-65535)$hold]",
    "How long things may take",
    "BGP",
    "Seconds between keepalives",
    "Seconds without a message until the session ends",
    fields=("keepalive", "hold"),
    effect=Effect.TIMERS,
    normal=timers("% hold time value must be either 0 or greater than 3"),
)


Setting(
    GLOBAL,
    "bgp minimum-holdtime ![(1-65535)$minimum_holdtime]",
    "BGP",
    "Refuse sessions with a shorter hold time",
    "Seconds",
    field="minimum_holdtime",
    effect=Effect.TIMERS,
)


# After the neighbors


def _shut(call: Call, message: str | None) -> None:
    bgp: BgpConfig = call.node_object
    wanted = None if call.negated else True
    if bgp.shutdown != wanted:
        bgp.shutdown = wanted
        bgp.shutdown_message = message
        call.changed(Effect.SHUTDOWN, bgp)


@action(
    TRAILER,
    "bgp shutdown",
    "BGP",
    "Shut all sessions of this instance down",
    negatable=True,
    printer=lambda bgp, names: ["bgp shutdown"] if bgp.shutdown else [],
)
def _shutdown(call: Call) -> None:
    _shut(call, None)


@action(
    TRAILER,
    "bgp shutdown message MSG...$message",
    "BGP",
    "Shut all sessions of this instance down",
    "Tell the neighbors why",
    "The message",
    negatable=True,
)
def _shutdown_message(call: Call) -> None:
    _shut(call, call.values["message"])
