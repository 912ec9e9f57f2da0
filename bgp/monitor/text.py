"""Events of `monitor bgp updates` as lines, in words or as JSON objects."""

from collections.abc import Iterator
from itertools import repeat

from bgp.attrs import AttrSet
from bgp.config import Family
from bgp.monitor.updates import Event, UpdateMonitor, Verdict
from bgp.policy.extended import extended_text
from bgp.policy.lists import communities_text, large_text
from bgp.rib.rulekeys import rule_of
from bgp.show import build
from bgp.show.build.flowspec import rule_text
from grammar.base.feed import left_out
from grammar.base.values import Safi, key_text
from grammar.output.jsonc import Json, plain
from grammar.output.time import clock_time, utc_time

_ORIGINS = ("IGP", "EGP", "incomplete")


def lines(monitor: UpdateMonitor, *, as_json: bool) -> Iterator[str]:
    """A line a route, as long as somebody takes them; nothing is heard any more afterwards."""
    with monitor:
        if as_json:
            yield from monitor.feed.stream(_objects, _gap)
        else:
            yield from monitor.feed.stream(_texts, left_out)


def _gap(count: int) -> str:
    return plain({"leftOut": count}) + "\n"


def _name(family: Family, key: int) -> str:
    if family[1] is Safi.FLOWSPEC:
        return rule_text(rule_of(key), family[0]).line
    return key_text(family[0], key)


def _ids(event: Event) -> Iterator[int]:
    return repeat(event.path_ids[0]) if len(event.path_ids) == 1 else iter(event.path_ids)


def _texts(event: Event) -> Iterator[str]:
    """`21:04:05.123 from 192.0.2.2 accepted 10.1.0.0/24 nexthop 192.0.2.2, path 65002 i`."""
    way = "to" if event.sent else "from"
    start = f"{clock_time(event.when)} {way} {event.neighbor} {event.verdict}"
    why = f" ({event.why})" if event.why else ""
    parts = ", ".join(_parts(event))
    end = f"{why} {parts}" if parts else why
    for key, path_id in zip(event.keys, _ids(event), strict=False):
        told = f" id {path_id}" if path_id else ""
        yield f"{start} {_name(event.family, key)}{told}{end}\n"


def _parts(event: Event) -> Iterator[str]:
    if event.gateway is not None:
        yield f"nexthop {event.gateway}"
    attrs = event.attrs
    if attrs is not None:
        yield " ".join(("path", *filter(None, (attrs.as_path.text, "ie?"[attrs.origin]))))
        yield from (f"{word} {value}" for word, value in _values(attrs))
    if event.changed:
        yield "changed by policy"


def _values(attrs: AttrSet) -> Iterator[tuple[str, object]]:
    """The attributes that a route need not have, those that it has."""
    if attrs.med is not None:
        yield "metric", attrs.med
    if attrs.local_pref is not None:
        yield "localpref", attrs.local_pref
    if attrs.communities:
        yield "community", communities_text(attrs.communities)
    if attrs.large_communities:
        yield "large-community", large_text(attrs.large_communities)
    if attrs.ext_communities:
        yield "extcommunity", " ".join(map(extended_text, attrs.ext_communities))


_KEYS = {
    "metric": "metric",
    "localpref": "localPref",
    "community": "community",
    "large-community": "largeCommunity",
    "extcommunity": "extendedCommunity",
}


def _objects(event: Event) -> Iterator[str]:
    withdrawn = event.verdict is Verdict.WITHDRAWN
    fields: dict[str, Json] = {
        "time": utc_time(event.when),
        "neighbor": event.neighbor,
        "direction": "sent" if event.sent else "received",
        "action": "withdrawn" if withdrawn else "announced",
        "family": build.find.family_key(event.family),
    }
    if not event.sent and not withdrawn:
        fields["accepted"] = event.verdict is Verdict.ACCEPTED
    if event.why:
        fields["reason"] = event.why
    if event.gateway is not None:
        fields["nexthop"] = str(event.gateway)
    attrs = event.attrs
    if attrs is not None:
        fields["path"], fields["origin"] = attrs.as_path.text, _ORIGINS[attrs.origin]
        for word, value in _values(attrs):
            fields[_KEYS[word]] = value if isinstance(value, int) else str(value)
    if event.changed:
        fields["changed"] = True
    for key, path_id in zip(event.keys, _ids(event), strict=False):
        own: dict[str, Json] = {"prefix": _name(event.family, key)}
        if path_id:
            own["pathId"] = path_id
        yield plain({**own, **fields}) + "\n"
