"""Outbound route filters of neighbors as JSON."""

from collections.abc import Iterable, Iterator
from typing import Final

from bgp.show.json.dispatch import json
from bgp.show.views.neighbor import NeighborFamily
from bgp.show.views.prefixes import ReceivedFilter
from bgp.wire.outboundfilter import OLD_PREFIXES
from grammar.output import jsonc

Values = dict[str, jsonc.Json]
_SAID: Final = {
    (True, True): "advertisedAndReceived",
    (True, False): "advertised",
    (False, True): "received",
}


@json.register
def received_filter_json(view: ReceivedFilter) -> Iterator[str]:
    """By prefix; where FRR writes an address in its memory, the prefix stands."""
    values: Values = {
        "prefixListCounter": len(view.rules),
        "prefixListName": view.name,
    }
    for number, rule in view.rules:
        one: Values = {"seq": number, "seqPrefixListType": "permit" if rule.permit else "deny"}
        if rule.ge is not None:
            one["ge"] = rule.ge
        if rule.le is not None:
            one["le"] = rule.le
        values[str(rule.prefix)] = one
    key = "ipv6PrefixList" if ":" in str(view.rules[0][1].prefix) else "ipPrefixList"
    yield jsonc.pretty({key: values}) + "\n"


def outbound_filters(family: NeighborFamily) -> Values:
    """What was offered, among the members of a family of a neighbor."""
    capabilities: Values = {}
    for mode in family.modes:
        old = "Old" if mode.kind == OLD_PREFIXES else ""
        capabilities[f"orf{old}Type"] = mode.kind
        told: Values = {}
        if any(mode.send):
            told["sendMode"] = _SAID[mode.send]
        if any(mode.receive):
            told["recvMode"] = _SAID[mode.receive]
        capabilities[f"orf{old}PrefixList"] = told
    values: Values = {"afDependentCap": capabilities} if capabilities else {}
    if family.filter_waits:
        values["orfFirstUpdate"] = "deferredUntilORFOrRouteRefreshRecvd"
    return values


def traded_filters(families: Iterable[NeighborFamily]) -> Values:
    """What was sent and received, which FRR tells beside the families."""
    values: Values = {}
    for family in families:
        if family.filter_sent:
            values["orfSent"] = True
        if family.filter_entries is not None:
            values["orfRecvCounter"] = family.filter_entries
    return values
