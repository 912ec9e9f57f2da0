"""Lines of `router bgp` that are about the whole instance, in printed order."""

from typing import Any

from bgp.commands.family_defaults import default_families
from bgp.commands.nodes import (
    BESTPATH,
    CONFEDERATION,
    GLOBAL,
    GRACEFUL,
    PACE,
    TRAILER,
    Normalised,
    timers,
    without_default,
)
from bgp.config import BgpConfig
from bgp.effects import Effect
from grammar.base.errors import CommandError
from grammar.base.values import Address, Afi
from grammar.command import Answer, Call, Flag, Setting, action


def _datacenter(bgp: BgpConfig) -> bool:
    return bgp.datacenter


def _keep_deterministic(call: Call, bgp: BgpConfig) -> None:
    lines = (lines for peer in bgp.peers.values() for lines in peer.families.values())
    if call.negated and any(each.addpath_tx == "best-per-as" for each in lines):
        raise CommandError(
            "bgp deterministic-med cannot be disabled while addpath-tx-bestpath-per-AS is in use"
        )


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
    "bgp suppress-fib-pending",
    "BGP",
    "Announce only routes that the kernel has",
    field="suppress_fib_pending",
    effect=Effect.SUPPRESS,
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
    "bgp reject-as-sets",
    "BGP",
    "Take no routes with sets in their AS path",
    field="reject_as_sets",
    effect=Effect.AS_SETS,
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

default_families()

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

Normalised(
    GLOBAL,
    "bgp default subgroup-pkt-queue-max ![(20-100)$packets]",
    "BGP",
    "What new neighbors and routes get",
    "How many packets wait for a group of neighbors",
    "Packets",
    fields={"packets": "subgroup_packet_queue_max"},
    normal=without_default(packets=40),
)
Flag(
    GLOBAL,
    "bgp client-to-client reflection",
    "BGP",
    "Clients of this route reflector",
    "Reflect routes of one to the others",
    field="client_to_client",
    effect=Effect.SOFT_OUT,
    default=True,
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
    effect=Effect.CLUSTER_ID,
    normal=_cluster_id,
)
Flag(
    GLOBAL,
    "bgp disable-ebgp-connected-route-check",
    "BGP",
    "eBGP neighbors need not be on a connected network",
    field="disable_connected_check",
    effect=Effect.RESET,
)
GLOBAL.add(CONFEDERATION)
Flag(
    GLOBAL,
    "bgp deterministic-med",
    "BGP",
    "Choose first among the paths of each autonomous system",
    field="deterministic_med",
    effect=Effect.BESTPATH,
    default=_datacenter,
    check=_keep_deterministic,
)

GLOBAL.add(PACE)
GLOBAL.add(GRACEFUL)
GLOBAL.add(BESTPATH)

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


@action(
    GLOBAL,
    "bgp network import-check exact",
    "BGP",
    "Lines `network`",
    "Announce a network only if a route to it exists",
    "The same, as written in old files",
    hidden=True,
)
def _import_check_exact(call: Call) -> None:
    bgp: BgpConfig = call.target()
    bgp.network_import_check = None
    call.changed(Effect.ORIGINATE, bgp)


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
Normalised(
    GLOBAL,
    "bgp conditional-advertisement timer (5-240)$seconds",
    "BGP",
    "Lines `advertise-map`",
    "How often their conditions are looked at",
    "Seconds",
    fields={"seconds": "conditional_advertisement_timer"},
    effect=Effect.SOFT_OUT,
    normal=without_default(seconds=60),
)


# After the neighbors

Flag(
    TRAILER,
    "bgp default shutdown",
    "BGP",
    "What new neighbors and routes get",
    "Keep new neighbors down until a line says otherwise",
    field="default_shutdown",
)


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


Flag(
    TRAILER,
    "bgp allow-martian-nexthop",
    "BGP",
    "Take routes whose next hop is an own address",
    field="allow_martian_nexthop",
    effect=Effect.SOFT_IN,
)
Flag(
    TRAILER,
    "bgp fast-convergence",
    "BGP",
    "End an eBGP session at once when the way to its neighbor is gone",
    field="fast_convergence",
)
