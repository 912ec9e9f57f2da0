"""`show bgp peer-group json`."""

from collections.abc import Iterator

from bgp.show.json.dispatch import json
from bgp.show.views.group import Member, PeerGroup, PeerGroups
from grammar.output import jsonc

Values = dict[str, jsonc.Json]


@json.register
def groups_json(view: PeerGroups) -> Iterator[str]:
    """An object by group."""
    yield jsonc.pretty({group.name: _group(group) for group in view.groups}) + "\n"


def _group(group: PeerGroup) -> Values:
    values: Values = {}
    if group.remote_as is not None:
        values["remoteAs"] = group.remote_as
    values["type"] = "internal" if group.internal else "external"
    values["addressFamiliesConfigured"] = list(group.families)
    if group.ranges:
        values["dynamicRanges"] = {
            word: {"count": len(prefixes), "ranges": list(prefixes)}
            for word, prefixes in group.ranges
        }
    if group.members:
        values["members"] = {member.name: _member(member) for member in group.members}
    return values


def _member(member: Member) -> Values:
    return {"status": member.status, **({"dynamic": True} if member.dynamic else {})}
