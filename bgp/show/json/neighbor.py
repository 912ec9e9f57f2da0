"""`show bgp neighbors json`."""

from collections.abc import Iterator

from bgp.show.json.capabilities import capabilities, family_key
from bgp.show.json.conditions import condition, search_times
from bgp.show.json.dispatch import json
from bgp.show.json.prefixes import outbound_filters, traded_filters
from bgp.show.text.neighbor import count_rows
from bgp.show.views.neighbor import (
    Graceful,
    GracefulView,
    LastReset,
    NeighborFamily,
    NeighborsOfAll,
    NeighborsView,
    NeighborView,
    PrefixCounts,
    Timers,
)
from grammar.output import jsonc
from grammar.output.time import peer_uptime

Values = dict[str, jsonc.Json]


@json.register
def neighbors_json(view: NeighborsView) -> Iterator[str]:
    """An object by neighbor."""
    values: Values = {neighbor.name: _neighbor(neighbor) for neighbor in view.neighbors}
    if view.missing:
        values["bgpNoSuchNeighbor"] = True
    yield jsonc.pretty(values, slashes=True) + "\n"


@json.register
def neighbors_of_all_json(view: NeighborsOfAll) -> Iterator[str]:
    """An object by instance, with its number and name among its neighbors."""
    separator = "{\n"
    for name, number, found in view.instances:
        values: Values = {"vrfId": number, "vrfName": name}
        values.update({neighbor.name: _neighbor(neighbor) for neighbor in found.neighbors})
        if found.missing:
            values["bgpNoSuchNeighbor"] = True
        yield f'{separator}"{name}":{jsonc.pretty(values, slashes=True)}\n'
        separator = ",\n"
    yield "}\n" if view.instances else "{\n}\n"


@json.register
def graceful_json(view: GracefulView) -> Iterator[str]:
    """Graceful restart by neighbor."""
    values: Values = {}
    for neighbor in view.neighbors.neighbors:
        found = _graceful(neighbor.graceful)
        for name in ("endOfRibSend", "endOfRibRecv", *_remaining(neighbor.graceful)):
            del found[name]
        values[neighbor.name] = {"neighborAddr": neighbor.name, **found}
    if view.neighbors.missing:
        values["bgpNoSuchNeighbor"] = True
    yield jsonc.pretty(values, slashes=True) + "\n"


def _neighbor(view: NeighborView) -> Values:
    values: Values = {
        **({"bgpNeighborAddr": view.interface or "none"} if view.interface is not None else {}),
        "remoteAs": view.remote_as,
        "localAs": view.local_as,
        **({"localAsNoPrepend": True} if view.no_prepend else {}),
        **({"localAsReplaceAs": True} if view.replace_as else {}),
        _link(view): True,
        "localRole": view.local_role,
        "remoteRole": view.remote_role,
    }
    if view.description is not None:
        values["nbrDesc"] = view.description
    if view.hostname:
        values["hostname"] = view.hostname
    if view.peer_group is not None:
        values["peerGroup"] = view.peer_group
    if view.range is not None:
        values["peerSubnetRangeGroup"] = view.range
    if view.shutdown:
        values["adminShutDown"] = True
    values.update(bgpVersion=4, remoteRouterId=view.router_id, localRouterId=view.own_router_id)
    if view.common_admin:
        values["nbrCommonAdmin"] = True
    values["bgpState"] = view.state
    values.update(_times(view))
    if view.capabilities is not None:
        values["neighborCapabilities"] = capabilities(view.capabilities)
    values["gracefulRestartInfo"] = _graceful(view.graceful)
    values["messageStats"] = _messages(view)
    values["minBtwnAdvertisementRunsTimerMsecs"] = view.timers.advertisement * 1000
    if view.update_source is not None:
        values["updateSource"] = view.update_source
    families = {family_key(f.name): _family(f) for f in view.families}
    values["addressFamilyInfo"] = {**traded_filters(view.families), **families}
    values["connectionsEstablished"] = view.connections
    values["connectionsDropped"] = view.dropped
    values.update(_last_reset(view.reset))
    values.update(_connection(view))
    return values


def _link(view: NeighborView) -> str:
    where = "Internal" if view.internal else "External"
    return f"nbr{'Confed' if view.confederation else ''}{where}Link"


def _times(view: NeighborView) -> Values:
    timers = view.timers
    values: Values = {}
    if view.state == "Established":
        values["bgpTimerUpMsec"] = (timers.uptime or 0) * 1000
        values["bgpTimerUpString"] = peer_uptime(timers.uptime)
        values["bgpTimerUpEstablishedEpoch"] = timers.established_epoch or 0
    elif view.state == "Active" and view.passive:
        values["bgpStateIs"] = "passive"
    values["bgpTimerLastRead"] = _age(timers.read)
    # Never is the start of the machine, as with the last update.
    values["bgpTimerLastWrite"] = _age(timers.update if timers.write is None else timers.write)
    values["bgpInUpdateElapsedTimeMsecs"] = _age(timers.update)
    values["bgpTimerConfiguredHoldTimeMsecs"] = timers.configured_hold * 1000
    values["bgpTimerConfiguredKeepAliveIntervalMsecs"] = timers.configured_keepalive * 1000
    values["bgpTimerHoldTimeMsecs"] = timers.hold * 1000
    values["bgpTimerKeepAliveIntervalMsecs"] = timers.keepalive * 1000
    if timers.delay_open is not None:
        values["bgpTimerDelayOpenTimeMsecs"] = timers.delay_open * 1000
    if timers.segments is not None:
        values["bgpTcpMssConfigured"], values["bgpTcpMssSynced"] = timers.segments
    values["extendedOptionalParametersLength"] = timers.extended_parameters
    values.update(search_times(timers))
    return values


def _age(seconds: int | None) -> int:
    return (seconds or 0) * 1000


def _graceful(graceful: Graceful) -> Values:
    values: Values = {
        "endOfRibSend": {family_key(f.name): True for f in graceful.families if f.sent},
        "endOfRibRecv": {family_key(f.name): True for f in graceful.families if f.received},
        **_remaining(graceful),
        "localGrMode": graceful.local_mode,
        "remoteGrMode": graceful.remote_mode,
        "rBit": graceful.restart_bit,
        "nBit": graceful.notification_bit,
        "timers": {
            "configuredRestartTimer": graceful.configured_time,
            "receivedRestartTimer": graceful.received_time,
            **_named("restartTimerRemaining", graceful.restart_left),
        },
    }
    for family in filter(lambda family: family.in_full, graceful.families):
        status: Values = {
            "endOfRibSend": family.sent,
            "endOfRibSentAfterUpdate": family.sent_after_update,
            "endOfRibRecv": family.received,
        }
        values[family_key(family.name)] = {
            "fBit": family.forwarding,
            "endOfRibStatus": status,
            "timers": {
                "stalePathTimer": family.stalepath_time,
                **_named("stalePathTimerRemaining", family.stale_left),
                **_named("selectionDeferralTimer", family.defer_time),
                **_named("selectionDeferralTimerRemaining", family.defer_left),
            },
        }
    return values


def _named(name: str, value: int | None) -> Values:
    return {} if value is None else {name: value}


def _remaining(graceful: Graceful) -> Values:
    restart, stale = graceful.restart_left, graceful.stale_left
    return {
        **_named("gracefulRestartTimerMsecs", None if restart is None else restart * 1000),
        **_named("gracefulStalepathTimerMsecs", None if stale is None else stale * 1000),
    }


def _messages(view: NeighborView) -> Values:
    values: Values = {"depthInq": view.inq, "depthOutq": view.outq}
    sent, received = view.sent, view.received
    for name, out, into in (
        ("opens", sent.opens, received.opens),
        ("notifications", sent.notifications, received.notifications),
        ("updates", sent.updates, received.updates),
        ("keepalives", sent.keepalives, received.keepalives),
        ("routeRefresh", sent.route_refreshes, received.route_refreshes),
        ("capability", sent.capabilities, received.capabilities),
        ("total", sent.total, received.total),
    ):
        values[f"{name}Sent"] = out
        values[f"{name}Recv"] = into
    return values


_PATHS = {"all": "addpathTxAllPaths", "best-per-as": "addpathTxBestpathPerAS"}


def _routes(family: NeighborFamily) -> Values:
    values: Values = {}
    if family.addpath is not None:
        values[_PATHS[family.addpath]] = True
    if family.nexthop_self is not None:
        values["routerAlwaysNextHop"] = True
    return values


_UNCHANGED = {
    "AS_PATH": "unchangedAsPathPropogatedToNbr",
    "NEXT_HOP": "unchangedNextHopPropogatedToNbr",
    "MED": "unchangedMedPropogatedToNbr",
}


def _family(family: NeighborFamily) -> Values:
    values: Values = {}
    if family.peer_group is not None:
        values["peerGroupMember"] = family.peer_group
    if family.group is not None:
        values["updateGroupId"] = family.group
        values["subGroupId"] = family.group
        values["packetQueueLength"] = family.queue
    values.update(outbound_filters(family))
    if family.route_reflector_client:
        values["routeReflectorClient"] = True
    if family.soft_reconfiguration:
        values["inboundSoftConfigPermit"] = True
    values.update(_routes(family))
    values.update({_UNCHANGED[attribute]: True for attribute in family.unchanged})
    standard, extended, _ = family.communities
    if standard or extended:
        both = standard and extended
        word = "extendedAndStandard" if both else "standard" if standard else "extended"
        values["commAttriSentToNbr"] = word
    if family.default_map is not None:
        values["defaultRouteMap"] = family.default_map[0]
    if family.default_originate:
        values["defaultSent" if family.default_sent else "defaultNotSent"] = True
    values.update(_policy(family))
    values["acceptedPrefixCounter"] = family.accepted
    if family.group is not None:
        values["sentPrefixCounter"] = family.sent
    if family.most_sent is not None:
        values["prefixOutAllowedMax"] = family.most_sent
    values.update(_maximum(family))
    return values


def _maximum(family: NeighborFamily) -> Values:
    if family.maximum is None:
        return {}
    values: Values = {"prefixAllowedMax": family.maximum}
    if family.warning_only:
        values["prefixAllowedMaxWarning"] = True
    values["prefixAllowedWarningThresh"] = family.threshold
    if family.restart is not None:
        values["prefixAllowedRestartIntervalMsecs"] = family.restart * 60000
    return values


FILTERS = {
    "prefix_list_in": "incomingUpdatePrefixFilterList",
    "prefix_list_out": "outgoingUpdatePrefixFilterList",
    "distribute_list_in": "incomingUpdateNetworkFilterList",
    "distribute_list_out": "outgoingUpdateNetworkFilterList",
    "filter_list_in": "incomingUpdateAsPathFilterList",
    "filter_list_out": "outgoingUpdateAsPathFilterList",
    "route_map_in": "routeMapForIncomingAdvertisements",
    "route_map_out": "routeMapForOutgoingAdvertisements",
    "unsuppress_map": "selectiveUnsuppressRouteMap",
}
"""The keys of a neighbor's filters."""


def _policy(family: NeighborFamily) -> Values:
    values: Values = {}
    kinds = [one.kind for one in family.filters]
    if any(kind.endswith("_in") for kind in kinds):
        values["inboundPathPolicyConfig"] = True
    if any(kind.endswith("_out") for kind in kinds):
        values["outboundPathPolicyConfig"] = True
    for one in family.filters:
        values[FILTERS[one.kind]] = one.name
    missing = "Inbound updates discarded due to missing policy"
    if family.policy_missing_in:
        values["inboundEbgpRequiresPolicy"] = missing
    if family.policy_missing_out:
        values["outboundEbgpRequiresPolicy"] = missing.replace("Inbound", "Outbound")
    values.update(condition(family))
    return values


def _last_reset(reset: LastReset) -> Values:
    if reset.age is None:
        return {"lastReset": "never"}
    values: Values = {"lastResetTimerMsecs": reset.age * 1000}
    if reset.error is not None:
        code, subcode, words, hard = reset.error
        values["lastErrorCodeSubcode"] = f"{code:02X}{subcode:02X}"
        values["lastNotificationReason"] = words
        values["lastNotificationHardReset"] = hard
        if reset.shutdown_text is not None:
            values["lastShutdownDescription"] = reset.shutdown_text
    values["lastResetDueTo"] = reset.due
    values["lastResetCode"] = reset.code
    return values


def _connection(view: NeighborView) -> Values:
    values: Values = {}
    if view.internal:
        values["internalBgpNbrMaxHopsAway"] = view.hops
    if view.over_limit:
        values["prefixesConfigExceedMax"] = True
        if view.limit_left is None:
            values["reducePrefixNumAndClearIpBgp"] = True
        else:
            values["reducePrefixNumFrom"] = True
            values["restartInTimerMsec"] = view.limit_left * 1000
    if not view.internal:
        values["externalBgpNbrMaxHopsAway"] = view.hops
    socket = view.socket
    if socket is None:
        values.update(hostLocal="Unknown", portLocal=-1, hostForeign="Unknown", portForeign=-1)
    else:
        values.update(hostLocal=socket.local, portLocal=socket.local_port)
        values.update(hostForeign=socket.remote, portForeign=socket.remote_port)
        values["nexthop"] = socket.nexthop
        values["nexthopGlobal"] = socket.nexthop_global
        values["nexthopLocal"] = socket.nexthop_local
        values["bgpConnection"] = "sharedNetwork" if socket.shared else "nonSharedNetwork"
    values.update(_due(view.timers, view.state))
    if view.authenticated:
        values["authenticationEnabled"] = 1
    on = "on" if view.fd >= 0 else "off"
    values["readThread"] = on
    values["writeThread"] = on
    if view.bfd is not None:
        multiplier, receive, send = view.bfd
        values["peerBfdInfo"] = {
            "type": "single hop",
            "detectMultiplier": multiplier,
            "rxMinInterval": receive,
            "txMinInterval": send,
            "status": "Unknown",
            "lastUpdate": "never",
        }
    return values


def _due(timers: Timers, state: str) -> Values:
    values: Values = {"connectRetryTimer": timers.connect_retry}
    if state == "Established" and timers.rtt:
        values["estimatedRttInMsecs"] = timers.rtt
    if timers.next_start is not None:
        values["nextStartTimerDueInMsecs"] = timers.next_start * 1000
    if timers.next_connect is not None:
        values["nextConnectTimerDueInMsecs"] = timers.next_connect * 1000
    return values


@json.register
def prefix_counts_json(view: PrefixCounts) -> Iterator[str]:
    """`show bgp neighbors X prefix-counts json`."""
    values: Values = {
        "prefixCountsFor": view.peer,
        "multiProtocol": view.family_key,
        "pfxCounter": view.counted,
        "ribTableWalkCounters": dict(count_rows(view)),
    }
    yield jsonc.pretty(values) + "\n"
