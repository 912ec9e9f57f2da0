"""The smaller show commands as JSON."""

from collections.abc import Iterator

from bgp.show.json.dispatch import json
from bgp.show.text.misc import mean, pauses
from bgp.show.views.misc import (
    Empty,
    Fixed,
    Later,
    Remark,
    Statistics,
    StatisticsView,
    Vrfs,
)
from grammar.output import jsonc


@json.register
def remark_json(view: Remark) -> Iterator[str]:
    """FRR's JSON for the remark; where it has none, the sentence."""
    yield f"{view.sentence if view.json_text is None else view.json_text}\n"


@json.register
def later_json(view: Later) -> Iterator[str]:
    """Empty chunks until the view is made, then its JSON."""
    made = yield from pauses(view)
    yield from json(made)


@json.register
def fixed_json(view: Fixed) -> Iterator[str]:
    """As it is."""
    yield view.json_text


@json.register
def empty_json(view: Empty) -> Iterator[str]:
    """An object without keys."""
    yield "{\n}\n"


@json.register
def vrfs_json(view: Vrfs) -> Iterator[str]:
    """An object by instance."""
    vrfs: dict[str, jsonc.Json] = {
        line.name: {
            "type": line.kind,
            "vrfId": line.vrf_id,
            "routerId": line.router_id,
            "numConfiguredPeers": line.configured,
            "numEstablishedPeers": line.established,
            "l3vni": 0,
            "rmac": "00:00:00:00:00:00",
            "interface": "unknown",
        }
        for line in view.lines
    }
    yield jsonc.pretty({"vrfs": vrfs, "totalVrfs": len(vrfs)}) + "\n"


@json.register
def statistics_json(view: StatisticsView) -> Iterator[str]:
    """A list by family."""
    yield jsonc.pretty({family.key: [_statistics(family)] for family in view.families}) + "\n"


def _statistics(view: Statistics) -> dict[str, jsonc.Json]:
    values: dict[str, jsonc.Json] = {
        "instance": view.title,
        "totalAdvertisements": view.advertisements,
        "totalPrefixes": view.prefixes,
        "averagePrefixLength": mean(view.length_sum, view.prefixes),
        "unaggregateablePrefixes": view.prefixes - view.aggregable,
        "maximumAggregateablePrefixes": view.aggregable,
        "bgpAggregateAdvertisements": view.aggregates,
        "addressSpaceAdvertised": float(view.space),
    }
    if view.ipv6:
        values["/32equivalent"] = view.space / 2**96
        values["/48equivalent"] = view.space / 2**80
    else:
        values["%announced"] = view.space * 100 / 2**32
        values["/8equivalent"] = view.space / 2**24
        values["/24equivalent"] = view.space / 2**8
    values["advertisementsWithPaths"] = view.advertisements
    values["longestAsPath"] = view.longest_path
    values["averageAsPathLengthHops"] = mean(view.hops_sum, view.advertisements)
    values["largestAsPath"] = view.largest_path
    values["averageAsPathSizeBytes"] = mean(view.bytes_sum, view.advertisements)
    values["highestPublicAsn"] = view.highest_asn
    values["prefixLength"] = [{str(length): count} for length, count in view.lengths]
    return values
