"""`show bgp summary json`."""

from collections.abc import Iterator

from bgp.show.json.dispatch import json
from bgp.show.text.summary import GROUP_BYTES, PEER_BYTES, RIB_NODE_BYTES
from bgp.show.views.summary import (
    NO_NEG,
    NOT_NEGOTIATED,
    Delay,
    FamilySummary,
    PeerLine,
    Summaries,
    SummaryView,
)
from grammar.output import jsonc
from grammar.output.time import peer_uptime


@json.register
def summary_json(view: SummaryView) -> Iterator[str]:
    """One object by family, which FRR puts together by hand; without the outer one for `single`."""
    if view.single:
        for family in view.families:
            yield jsonc.pretty(_family(view, family)) + "\n"
        if not view.families:
            yield "{}\n"
        return
    yield "{\n"
    for index, family in enumerate(view.families):
        separator = ",\n" if index else ""
        yield f'{separator}"{family.key}":{jsonc.pretty(_family(view, family))}\n'
    yield "}\n"


@json.register
def summaries_json(view: Summaries) -> Iterator[str]:
    """An object of the summaries by instance."""
    separator = "{\n"
    for each in view.views:
        yield f'{separator}"{each.vrf_name}":'
        yield from summary_json(each)
        separator = ",\n"
    yield "}\n" if view.views else "{\n}\n"


def _wanted(view: SummaryView, peer: PeerLine) -> bool:
    if view.only is None:
        return True
    return peer.established is (view.only == "established")


def _family(view: SummaryView, family: FamilySummary) -> dict[str, jsonc.Json]:
    shown = [peer for peer in family.peers if _wanted(view, peer)]
    failed = view.only == "failed"
    if failed and not shown:
        return {
            "failedPeersCount": 0,
            "dynamicPeers": family.dynamic_count,
            "totalPeers": family.counted,
        }
    values: dict[str, jsonc.Json] = {
        "routerId": family.router_id,
        "as": family.asn,
        "vrfId": family.vrf_id,
        "vrfName": family.vrf_name,
        **(_delay(family.delay) if family.delay is not None else {}),
        "tableVersion": family.version,
        "ribCount": family.rib_count,
        "ribMemory": family.rib_count * RIB_NODE_BYTES,
        "peerCount": family.peer_count,
        "peerMemory": family.peer_count * PEER_BYTES,
        **_groups(family),
        **({"dampeningEnabled": True} if family.dampening else {}),
        "peers": {peer.name: _failed_peer(peer) if failed else _peer(peer) for peer in shown},
        "failedPeers": sum(not peer.established for peer in family.peers),
        "displayedPeers": len(family.peers) if failed else len(shown),
        "totalPeers": family.total,
        "dynamicPeers": family.dynamic_count,
    }
    if not failed:
        values["bestPath"] = dict(family.bestpath)
    return values


def _delay(delay: Delay) -> dict[str, jsonc.Json]:
    values: dict[str, jsonc.Json] = {"updateDelayLimit": delay.limit}
    if delay.wait is not None:
        values["updateDelayEstablishWait"] = delay.wait
    if delay.first is None:
        return values
    values["updateDelayFirstNeighbor"] = delay.first
    if delay.active:
        values["updateDelayInProgress"] = True
    if delay.resumed is not None:
        values["updateDelayBestpathResumed"] = delay.resumed
    if delay.told is not None:
        values["updateDelayZebraUpdateResume"] = delay.told
        values["updateDelayPeerUpdateResume"] = delay.told
    return values


def _groups(family: FamilySummary) -> dict[str, jsonc.Json]:
    count = family.group_count
    return {"peerGroupCount": count, "peerGroupMemory": count * GROUP_BYTES} if count else {}


def _uptime(peer: PeerLine) -> dict[str, jsonc.Json]:
    values: dict[str, jsonc.Json] = {
        "peerUptime": peer_uptime(peer.uptime),
        "peerUptimeMsec": (peer.uptime or 0) * 1000,
    }
    if peer.uptime is not None and peer.established_epoch is not None:
        values["peerUptimeEstablishedEpoch"] = peer.established_epoch
    return values


def _hostname(peer: PeerLine) -> dict[str, jsonc.Json]:
    return {} if peer.hostname is None else {"hostname": peer.hostname}


def _peer(peer: PeerLine) -> dict[str, jsonc.Json]:
    values: dict[str, jsonc.Json] = {
        **({"dynamicPeer": True} if peer.dynamic else {}),
        **_hostname(peer),
        "remoteAs": peer.remote_as,
        "localAs": peer.local_as,
        "version": 4,
        "msgRcvd": peer.received,
        "msgSent": peer.sent,
        "tableVersion": 0,
        "outq": peer.outq,
        "inq": peer.inq,
        **_uptime(peer),
        "pfxRcd": peer.accepted,
        "pfxSnt": peer.announced,
        "state": peer.state if peer.mark == NO_NEG else peer.mark or peer.state,
        "peerState": peer.peer_state,
        "connectionsEstablished": peer.connections,
        "connectionsDropped": peer.dropped,
    }
    if peer.description is not None:
        values["desc"] = peer.description
    values["idType"] = peer.id_type
    return values


def _failed_peer(peer: PeerLine) -> dict[str, jsonc.Json]:
    values: dict[str, jsonc.Json] = {
        **({"dynamicPeer": True} if peer.dynamic else {}),
        **_hostname(peer),
        "connectionsEstablished": peer.connections,
        "connectionsDropped": peer.dropped,
        **_uptime(peer),
    }
    if peer.error is not None:
        code, subcode, reason, hard = peer.error
        values["lastErrorCodeSubcode"] = f"{code:02X}{subcode:02X}"
        values["lastNotificationReason"] = reason
        values["lastNotificationHardReset"] = hard
    if peer.mark == NO_NEG:
        values["lastResetDueTo"] = NOT_NEGOTIATED
    else:
        values["lastResetDueTo"] = peer.reset_due
        values["lastResetCode"] = peer.reset_code
    values["idType"] = peer.id_type
    return values
